//! Files into memory, with a limit, without asking for new memory each time.

use std::{
    cell::RefCell,
    fs::File,
    io::{self, Read},
    path::Path,
};

use importguard::parse::MAX_TEXT;

/// How much of one file is read: more than is parsed, so that the core knows a file that is too large for that.
pub(crate) const FILE_LIMIT: u64 = 2 * MAX_TEXT as u64;

/// The largest archive that is read.
pub(crate) const ARCHIVE_LIMIT: u64 = 512 << 20;

/// What is kept of a thread's buffer between two files.
const KEPT: usize = 4 << 20;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Calls `use_it` with the first [`FILE_LIMIT`] bytes of a file and the file's whole size.
pub(crate) fn with_file<T>(path: &Path, use_it: impl FnOnce(&[u8], u64) -> T) -> io::Result<T> {
    // Taken out of its cell: a panic in `use_it` costs a buffer, not the thread.
    let mut buffer = BUFFER.take();
    buffer.clear();
    let size = read_into(path, FILE_LIMIT, &mut buffer)?;
    let value = use_it(&buffer, size);
    buffer.shrink_to(KEPT);
    BUFFER.set(buffer);
    Ok(value)
}

/// Reads a whole file that must not be larger than `limit`.
pub(crate) fn whole(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let size = read_into(path, limit, &mut bytes)?;
    if size > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

/// Reads standard input to its end, which must come before `limit`.
pub(crate) fn stdin(limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        Err(too_large(limit))
    } else {
        Ok(bytes)
    }
}

/// The first bytes of a file, for a look at what it is.
pub(crate) fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(512);
    File::open(path)?.take(512).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_large(limit: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {} MiB", limit >> 20))
}

fn read_into(path: &Path, limit: u64, buffer: &mut Vec<u8>) -> io::Result<u64> {
    let file = File::open(path)?;
    (&file).take(limit + 1).read_to_end(buffer)?;
    let read = buffer.len() as u64;
    if read <= limit {
        return Ok(read);
    }
    buffer.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    // A device or a growing file tells no useful length: what was seen is the least it can be.
    Ok(file.metadata()?.len().max(read))
}
