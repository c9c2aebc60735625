//! A picture as its own first bytes describe it: which kind, and how large. Nothing is decoded.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Jpeg,
    Png,
    /// Shown, and never burned in.
    Webp,
}

impl Format {
    /// As many of the first bytes tell all kinds apart.
    pub const TELLING_BYTES: u64 = 12;

    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    pub format: Format,
    pub width: u32,
    pub height: u32,
}

impl Image {
    /// `None` for anything that does not begin as a JPEG or a PNG with a size.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let format = Format::of(bytes)?;
        let (width, height) = match format {
            Format::Jpeg => jpeg_size(&bytes[2..])?,
            Format::Png => png_size(&bytes[8..])?,
            Format::Webp => return None,
        };
        (width > 0 && height > 0).then_some(Self { format, width, height })
    }
}

/// The first chunk is the header: length 13, `IHDR`, then width and height.
fn png_size(chunks: &[u8]) -> Option<(u32, u32)> {
    let header = chunks.strip_prefix(b"\0\0\0\x0dIHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(*header.get(at..)?.first_chunk()?));
    Some((number(0)?, number(4)?))
}

/// Walks the segments up to the one that begins a frame: its length, a depth, then height and width.
fn jpeg_size(mut segments: &[u8]) -> Option<(u32, u32)> {
    loop {
        let [0xff, marker, rest @ ..] = segments else { return None };
        match marker {
            // Any number of these may come before a marker.
            0xff => segments = &segments[1..],
            // Frames of all kinds; among them stand two tables and a reserved marker.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let number = |at: usize| Some(u32::from(u16::from_be_bytes(*rest.get(at..)?.first_chunk()?)));
                return Some((number(5)?, number(3)?));
            }
            // A scan or an end before any frame; the rest has no length.
            0xd0..=0xda | 0x00 | 0x01 => return None,
            _ => segments = rest.get(usize::from(u16::from_be_bytes(*rest.first_chunk()?))..)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\0\0\0\0\x20\x08\x06\0\0\0";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xdb\0\x03q\xff\xc2\0\x0b\x08\0\x64\0\xc8\x01\0\0\0\xff\xda";

    #[test]
    fn a_picture_says_what_it_is() {
        assert_eq!(Image::read(PNG), Some(Image { format: Format::Png, width: 256, height: 32 }));
        assert_eq!(Image::read(JPEG), Some(Image { format: Format::Jpeg, width: 200, height: 100 }));
    }

    #[test]
    fn a_kind_is_told_by_the_first_bytes() {
        let webp = b"RIFF\x24\0\0\0WEBPVP8 ";
        for (bytes, format) in [(JPEG, Format::Jpeg), (PNG, Format::Png), (webp.as_slice(), Format::Webp)] {
            assert_eq!(Format::of(&bytes[..12]), Some(format));
        }
        for stranger in [b"".as_slice(), b"\xff\xd8", b"\x89PNG\r\n", b"RIFF\0\0\0\0WAVE", b"<svg/>"] {
            assert_eq!(Format::of(stranger), None, "{stranger:?}");
        }
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_no_picture() {
        for whole in [&PNG[..24], &JPEG[..23]] {
            assert!(Image::read(whole).is_some());
            assert!((0..whole.len()).all(|len| Image::read(&whole[..len]).is_none()));
        }
        let strangers: [&[u8]; 6] = [
            b"GIF89a\x01\0\x01\0",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"\xff\xd8\xff\xda\0\x04\0\0\xff\xc0\0\x0b\x08\0\x64\0\xc8",
            b"\xff\xd8\xff\xc4\0\x00\0\0",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\0\0\0\0\x20",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        ];
        for stranger in strangers {
            assert_eq!(Image::read(stranger), None, "{stranger:?}");
        }
    }
}
