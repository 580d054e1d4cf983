//! A failure of the analyser on one file costs that file, not the scan.

use std::{
    cell::{Cell, RefCell},
    panic::{self, AssertUnwindSafe},
};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static MESSAGE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Lets a guarded panic be reported by its catcher alone; every other panic still prints.
pub(super) fn quiet_panics() {
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            return default(info);
        }
        let what = info
            .payload_as_str()
            .unwrap_or("no message")
            .lines()
            .next()
            .unwrap_or_default();
        let place = info
            .location()
            .map(|at| format!(" ({}:{})", at.file(), at.line()))
            .unwrap_or_default();
        MESSAGE.set(format!("the analyser failed: {what}{place}"));
    }));
}

/// Runs `work`; a panic in it becomes the message of an error.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| MESSAGE.take());
    GUARDED.set(before);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_message() {
        quiet_panics();
        assert_eq!(guarded(|| 1), Ok(1));
        let caught = guarded(|| panic!("odd file\nmore")).unwrap_err();
        assert!(caught.starts_with("the analyser failed: odd file ("), "{caught}");
    }
}
