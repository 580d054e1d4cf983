//! What a file is by its first bytes, whatever its name.

use serde::{Deserialize, Serialize};

/// What a file's bytes say it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Nothing that is known.
    #[default]
    Other,
    /// It was to be read as code, and is none.
    NoCode,
    /// A program or library for Linux.
    Elf,
    /// A program or library for macOS.
    MachO,
    /// A program or library for Windows.
    Pe,
}

impl Form {
    /// What the bytes are.
    pub(super) fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0x7f, b'E', b'L', b'F', ..] => Self::Elf,
            [b'M', b'Z', ..] if is_pe(bytes) => Self::Pe,
            [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xfe, 0xed, 0xfa, 0xcf | 0xce, ..] => Self::MachO,
            // Java's classes begin alike; their version stands where the small number of programs does here.
            [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, count, ..] if *count < 20 => Self::MachO,
            _ => Self::Other,
        }
    }

    /// The system that such a program is for, if it is one.
    pub fn system(self) -> Option<&'static str> {
        match self {
            Self::Elf => Some("Linux"),
            Self::MachO => Some("macOS"),
            Self::Pe => Some("Windows"),
            Self::Other | Self::NoCode => None,
        }
    }
}

/// Whether the header at the offset that a DOS header names is a Windows program's.
fn is_pe(bytes: &[u8]) -> bool {
    let Some(&[a, b, c, d]) = bytes.get(0x3c..0x40) else {
        return false;
    };
    let at = u32::from_le_bytes([a, b, c, d]) as usize;
    at.checked_add(4).and_then(|end| bytes.get(at..end)) == Some(b"PE\0\0")
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn first_bytes_tell_programs_from_what_begins_alike() {
        let mut pe = vec![0; 0x48];
        pe[..2].copy_from_slice(b"MZ");
        pe[0x3c] = 0x40;
        pe[0x40..0x44].copy_from_slice(b"PE\0\0");
        assert_eq!(Form::of(&pe), Form::Pe);
        assert_eq!(Form::of(b"\x7fELF\x02\x01"), Form::Elf);
        assert_eq!(Form::of(b"\xcf\xfa\xed\xfe\x0c"), Form::MachO);
        assert_eq!(Form::of(b"\xca\xfe\xba\xbe\0\0\0\x02"), Form::MachO);
        for other in [
            &b"MZ is how this text begins, and it is no program at all: it goes on like this"[..],
            b"\xca\xfe\xba\xbe\0\0\0\x34",
            b"\0asm\x01\0\0\0",
            b"",
        ] {
            assert_eq!(Form::of(other), Form::Other, "{other:?}");
        }
    }
}
