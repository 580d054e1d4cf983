//! The entries of a tar stream: ustar, GNU's long names, pax headers.

use std::io::{self, BufRead, BufReader, Read};

use super::Metered;

pub(super) const BLOCK: usize = 512;

/// Long names and pax headers are kept in memory before anything else is known: they may be this long.
const LONGEST_EXTENSION: u64 = 1 << 20;

/// One entry's header.
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) kind: Kind,
    pub(super) size: u64,
}

pub(super) enum Kind {
    File,
    Folder,
    /// Symbolic or hard, with its target.
    Link(String),
    Device,
    Unknown(u8),
}

pub(super) enum Next {
    Entry(Entry),
    /// A header that makes no sense was skipped.
    Damaged(String),
    End,
}

/// Reads entry after entry. Between two calls of `next` an entry's content is to be read or skipped.
pub(super) struct Entries<'a> {
    reader: BufReader<Metered<'a>>,
    /// What a long-name or pax header said about the entry that follows.
    extension: Extension,
    ended: bool,
}

#[derive(Default)]
struct Extension {
    path: Option<String>,
    link: Option<String>,
    size: Option<u64>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(reader: BufReader<Metered<'a>>) -> Self {
        Self {
            reader,
            extension: Extension::default(),
            ended: false,
        }
    }

    pub(super) fn next(&mut self) -> io::Result<Next> {
        let mut empty = 0;
        loop {
            let mut block = [0; BLOCK];
            let length = self.fill(&mut block)?;
            if length == 0 {
                return Ok(Next::End);
            }
            if length < BLOCK {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if block.iter().all(|&byte| byte == 0) {
                empty += 1;
                if empty == 2 {
                    self.ended = true;
                    return Ok(Next::End);
                }
                continue;
            }
            if !is_header(&block) {
                return Ok(Next::Damaged(
                    "a header with a wrong checksum; what it describes was not unpacked".to_owned(),
                ));
            }
            let Some(size) = number(&block[124..136]) else {
                return Ok(Next::Damaged(
                    "a header with a size that is no number; its content was skipped".to_owned(),
                ));
            };
            match block[156] {
                b'L' => self.extension.path = Some(self.text(size)?),
                b'K' => self.extension.link = Some(self.text(size)?),
                b'x' => {
                    let records = self.text(size)?;
                    self.pax(&records);
                }
                b'g' => self.skip(size)?,
                flag => return Ok(Next::Entry(self.entry(&block, flag, size))),
            }
        }
    }

    fn entry(&mut self, block: &[u8; BLOCK], flag: u8, size: u64) -> Entry {
        let extension = std::mem::take(&mut self.extension);
        let path = extension.path.unwrap_or_else(|| {
            let name = string(&block[..100]);
            let prefix = if &block[257..262] == b"ustar" {
                string(&block[345..500])
            } else {
                String::new()
            };
            if prefix.is_empty() {
                name
            } else {
                format!("{prefix}/{name}")
            }
        });
        let kind = match flag {
            b'0' | 0 | b'7' if path.ends_with('/') => Kind::Folder,
            b'0' | 0 | b'7' => Kind::File,
            b'1' | b'2' => Kind::Link(extension.link.unwrap_or_else(|| string(&block[157..257]))),
            b'3' | b'4' | b'6' => Kind::Device,
            b'5' => Kind::Folder,
            flag => Kind::Unknown(flag),
        };
        // A link's size says nothing: it has no content.
        let size = if matches!(kind, Kind::Link(_)) {
            0
        } else {
            extension.size.unwrap_or(size)
        };
        Entry { path, kind, size }
    }

    /// `length key=value\n`, repeated; what does not fit the form ends the reading.
    fn pax(&mut self, records: &str) {
        let mut rest = records;
        while let Some((length, _)) = rest.split_once(' ') {
            let Some(record) = length.parse().ok().and_then(|length: usize| rest.get(..length)) else {
                return;
            };
            if record.len() <= length.len() {
                return;
            }
            let body = record[length.len() + 1..].trim_end_matches('\n');
            match body.split_once('=') {
                Some(("path", path)) => self.extension.path = Some(path.to_owned()),
                Some(("linkpath", link)) => self.extension.link = Some(link.to_owned()),
                Some(("size", size)) => self.extension.size = size.parse().ok(),
                _ => {}
            }
            rest = &rest[record.len()..];
        }
    }

    fn text(&mut self, size: u64) -> io::Result<String> {
        if size > LONGEST_EXTENSION {
            self.skip(size)?;
            return Ok(String::new());
        }
        let (bytes, whole) = self.content(size);
        whole?;
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        Ok(String::from_utf8_lossy(&bytes[..end]).into_owned())
    }

    /// An entry's content, as far as it can be read, and whether that is all of it.
    pub(super) fn content(&mut self, size: u64) -> (Vec<u8>, io::Result<()>) {
        let mut bytes = Vec::new();
        let read = self.reader.by_ref().take(size).read_to_end(&mut bytes);
        let whole = read.and_then(|length| {
            if (length as u64) < size {
                Err(io::ErrorKind::UnexpectedEof.into())
            } else {
                self.padding(size)
            }
        });
        (bytes, whole)
    }

    /// Passes over an entry's content.
    pub(super) fn skip(&mut self, size: u64) -> io::Result<()> {
        let passed = io::copy(&mut self.reader.by_ref().take(size), &mut io::sink())?;
        if passed < size {
            Err(io::ErrorKind::UnexpectedEof.into())
        } else {
            self.padding(size)
        }
    }

    fn padding(&mut self, size: u64) -> io::Result<()> {
        let padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
        io::copy(&mut self.reader.by_ref().take(padding), &mut io::sink()).map(|_| ())
    }

    fn fill(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < block.len() {
            match self.reader.read(&mut block[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        Ok(filled)
    }

    /// How many bytes other than zero follow the end.
    pub(super) fn trailing(&mut self) -> io::Result<usize> {
        let mut count = 0;
        while self.ended {
            let buffer = self.reader.fill_buf()?;
            let length = buffer.len();
            if length == 0 {
                break;
            }
            count += buffer.iter().filter(|&&byte| byte != 0).count();
            self.reader.consume(length);
        }
        Ok(count)
    }
}

/// Whether a block is a header: its checksum, with its own field taken as spaces, is what it says.
pub(super) fn is_header(block: &[u8]) -> bool {
    if block.len() < BLOCK {
        return false;
    }
    let field = 148..156;
    let sum: u64 = block[..BLOCK]
        .iter()
        .enumerate()
        .map(|(at, &byte)| u64::from(if field.contains(&at) { b' ' } else { byte }))
        .sum();
    number(&block[field]) == Some(sum)
}

/// An octal number, or GNU's binary one.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let bytes = field
            .iter()
            .enumerate()
            .map(|(at, &byte)| if at == 0 { byte & 0x7F } else { byte });
        return bytes
            .skip(field.len().saturating_sub(8).min(field.len()))
            .map(u64::from)
            .reduce(|sum, byte| sum << 8 | byte);
    }
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    if text.is_empty() {
        Some(0)
    } else {
        u64::from_str_radix(text, 8).ok()
    }
}

fn string(field: &[u8]) -> String {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}
