//! Follows a chunked body to its end. Stricter than hyper: no chunk extensions, which nobody sends but smugglers, and no
//! trailers, which nobody here reads.

/// Sixteen hexadecimal digits are more than a u64 of bytes; nobody sends a chunk of a tebibyte.
const MAX_SIZE_DIGITS: u8 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Size { digits: u8, size: u64 },
    SizeFeed { size: u64 },
    Data { left: u64 },
    DataReturn,
    DataFeed,
    LastReturn,
    LastFeed,
}

/// A place in a chunked body.
#[derive(Debug)]
pub(super) struct Chunks {
    at: At,
}

impl Default for Chunks {
    fn default() -> Self {
        Self { at: At::Size { digits: 0, size: 0 } }
    }
}

impl Chunks {
    /// How many of `bytes` belong to the body, and whether it ends with them.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(usize, bool), Malformed> {
        let mut taken = 0;
        while let Some(byte) = bytes.get(taken) {
            if let At::Data { left } = self.at {
                let available = bytes.len() - taken;
                let skipped = usize::try_from(left).map_or(available, |left| left.min(available));
                taken += skipped;
                let left = left - skipped as u64;
                self.at = if left == 0 { At::DataReturn } else { At::Data { left } };
                continue;
            }
            taken += 1;
            if self.at == At::LastFeed && *byte == b'\n' {
                return Ok((taken, true));
            }
            self.at = self.after(*byte)?;
        }
        Ok((taken, false))
    }

    fn after(&self, byte: u8) -> Result<At, Malformed> {
        match (self.at, byte) {
            (At::Size { digits, size }, _) if byte.is_ascii_hexdigit() && digits < MAX_SIZE_DIGITS => {
                let digit = char::from(byte).to_digit(16).ok_or(Malformed)?;
                Ok(At::Size { digits: digits + 1, size: size << 4 | u64::from(digit) })
            }
            (At::Size { digits: 1.., size }, b'\r') => Ok(At::SizeFeed { size }),
            (At::SizeFeed { size: 0 }, b'\n') => Ok(At::LastReturn),
            (At::SizeFeed { size }, b'\n') => Ok(At::Data { left: size }),
            (At::DataReturn, b'\r') => Ok(At::DataFeed),
            (At::DataFeed, b'\n') => Ok(At::Size { digits: 0, size: 0 }),
            (At::LastReturn, b'\r') => Ok(At::LastFeed),
            _ => Err(Malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_ends_where_it_ends_however_it_arrives() {
        let body = b"5\r\nhello\r\n0A\r\n0123456789\r\n0\r\n\r\nGET";
        assert_eq!(Chunks::default().take(body), Ok((body.len() - 3, true)));
        let mut chunks = Chunks::default();
        let ends = body.iter().position(|byte| chunks.take(&[*byte]).unwrap().1);
        assert_eq!(ends, Some(body.len() - 4), "byte by byte");
    }

    #[test]
    fn malformed_chunks() {
        for body in [
            "0x3\r\nabc\r\n",
            "+3\r\nabc\r\n",
            "-3\r\n",
            "3_0\r\n",
            "\r\nabc",
            "3;ext=1\r\nabc\r\n",
            "3 \r\nabc\r\n",
            "3\nabc\r\n",
            "3\r\nabcd\r\n",
            "3\r\nabc\n0\r\n\r\n",
            "FFFFFFFFFFFFFFFFF\r\n",
            "10000000000\r\n",
            "0\r\nHost: evil\r\n\r\n",
            "0\r\n\n",
        ] {
            assert_eq!(Chunks::default().take(body.as_bytes()), Err(Malformed), "{body:?}");
        }
    }
}
