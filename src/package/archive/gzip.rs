//! gzip as a stream (RFC 1952): members one after the other, each with its header and its checksum.
//!
//! The library's own reader would do; its checksum brings 16 KB of tables, and the WASM is downloaded.

use std::io::{self, Read};

use flate2::bufread::DeflateDecoder;

/// Flags of a member's header.
const HEADER_CHECKSUM: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// A name or a comment may be this long.
const LONGEST_FIELD: usize = 65_535;

/// Unpacks all members.
pub(super) struct Gunzip<'a> {
    body: DeflateDecoder<&'a [u8]>,
    state: State,
    checksum: Checksum,
    /// Bytes that came out of the member, modulo 2³².
    length: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    Body,
    End,
}

impl<'a> Gunzip<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            body: DeflateDecoder::new(bytes),
            state: State::Header,
            checksum: Checksum::new(),
            length: 0,
        }
    }

    /// Passes over a member's header; what follows is its body.
    fn header(&mut self) -> io::Result<()> {
        let whole = *self.body.get_ref();
        let mut rest = whole;
        let start = take(&mut rest, 10)?;
        let flags = start[3];
        if !start.starts_with(&[0x1F, 0x8B, 8]) || flags & RESERVED != 0 {
            return Err(invalid("invalid gzip header"));
        }
        if flags & EXTRA != 0 {
            let length = take(&mut rest, 2)?;
            take(&mut rest, usize::from(u16::from_le_bytes([length[0], length[1]])))?;
        }
        for field in [NAME, COMMENT] {
            if flags & field != 0 {
                let length = rest.iter().take(LONGEST_FIELD + 1).position(|&byte| byte == 0);
                let Some(length) = length else {
                    return Err(if rest.len() > LONGEST_FIELD {
                        invalid("gzip header field too long")
                    } else {
                        io::ErrorKind::UnexpectedEof.into()
                    });
                };
                take(&mut rest, length + 1)?;
            }
        }
        if flags & HEADER_CHECKSUM != 0 {
            self.checksum.reset();
            self.checksum.update(&whole[..whole.len() - rest.len()]);
            let sum = take(&mut rest, 2)?;
            if u16::from_le_bytes([sum[0], sum[1]]) != self.checksum.sum() as u16 {
                return Err(mismatch());
            }
        }
        self.body.reset(rest);
        self.checksum.reset();
        self.length = 0;
        self.state = State::Body;
        Ok(())
    }

    /// Compares what came out with what the member's end says.
    fn trailer(&mut self) -> io::Result<()> {
        let rest = self.body.get_mut();
        let told: [u8; 8] = take(rest, 8)?.try_into().unwrap_or_default();
        let is_last = rest.is_empty();
        let sum = u64::from(self.checksum.sum()) | u64::from(self.length) << 32;
        if u64::from_le_bytes(told) != sum {
            self.state = State::End;
            return Err(mismatch());
        }
        self.state = if is_last { State::End } else { State::Header };
        Ok(())
    }
}

impl Read for Gunzip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.state {
                State::Header => self.header()?,
                State::Body if buffer.is_empty() => return Ok(0),
                State::Body => match self.body.read(buffer)? {
                    0 => self.trailer()?,
                    count => {
                        self.checksum.update(&buffer[..count]);
                        self.length = self.length.wrapping_add(count as u32);
                        return Ok(count);
                    }
                },
                State::End => return Ok(0),
            }
        }
    }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> io::Result<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
    *rest = left;
    Ok(taken)
}

fn mismatch() -> io::Error {
    invalid("corrupt gzip stream does not have a matching checksum")
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// CRC-32, four bytes at a time; the tables are made when they are needed.
struct Checksum {
    tables: Box<[[u32; 256]; 4]>,
    state: u32,
}

impl Checksum {
    fn new() -> Self {
        let mut tables = Box::new([[0; 256]; 4]);
        for byte in 0..256 {
            let mut value = byte as u32;
            for _ in 0..8 {
                value = value >> 1 ^ if value & 1 == 0 { 0 } else { 0xEDB8_8320 };
            }
            tables[0][byte] = value;
        }
        for step in 1..4 {
            for byte in 0..256 {
                let value = tables[step - 1][byte];
                tables[step][byte] = value >> 8 ^ tables[0][value as usize & 0xFF];
            }
        }
        Self { tables, state: !0 }
    }

    fn reset(&mut self) {
        self.state = !0;
    }

    fn update(&mut self, bytes: &[u8]) {
        let [one, two, three, four] = &*self.tables;
        let (fours, rest) = bytes.as_chunks::<4>();
        for chunk in fours {
            let [a, b, c, d] = (self.state ^ u32::from_le_bytes(*chunk)).to_le_bytes().map(usize::from);
            self.state = four[a] ^ three[b] ^ two[c] ^ one[d];
        }
        for byte in rest {
            let index = (self.state as u8 ^ byte) as usize;
            self.state = self.state >> 8 ^ one[index];
        }
    }

    fn sum(&self) -> u32 {
        !self.state
    }
}
