//! base64url of texts whose length is fixed and divides into fours, without padding (RFC 4648 §5): each has one spelling.
//! The general engine takes as long over a handle as its MAC takes.

/// What a letter adds to the number that four of them spell, at each place of the four; what is no letter adds a bit above
/// all of theirs.
static VALUES: [[u32; 256]; 4] = [at_place(18), at_place(12), at_place(6), at_place(0)];
const NO_LETTER: u32 = 1 << 24;

const fn at_place(shift: u32) -> [u32; 256] {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut values = [NO_LETTER; 256];
    let mut value = 0;
    while value < 64 {
        values[LETTERS[value as usize] as usize] = value << shift;
        value += 1;
    }
    values
}

/// Reads `BYTES` bytes from the four thirds as many letters that spell them.
pub(crate) fn decode<const BYTES: usize>(text: &[u8]) -> Option<[u8; BYTES]> {
    const { assert!(BYTES.is_multiple_of(3), "three bytes are four letters, and nothing is left over") };
    if text.len() != BYTES / 3 * 4 {
        return None;
    }
    let mut bytes = [0; BYTES];
    let mut met = 0;
    for (letters, three) in text.as_chunks::<4>().0.iter().zip(bytes.as_chunks_mut::<3>().0) {
        let [a, b, c, d] = letters.map(usize::from);
        let number = VALUES[0][a] | VALUES[1][b] | VALUES[2][c] | VALUES[3][d];
        met |= number;
        [_, three[0], three[1], three[2]] = number.to_be_bytes();
    }
    (met & NO_LETTER == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_reads_what_the_general_engine_writes(bytes in any::<[u8; 51]>()) {
            prop_assert_eq!(decode::<51>(URL_SAFE_NO_PAD.encode(bytes).as_bytes()), Some(bytes));
        }

        #[test]
        fn it_refuses_what_the_general_engine_refuses(text in any::<[u8; 8]>()) {
            prop_assert_eq!(decode::<6>(&text).map(Vec::from), URL_SAFE_NO_PAD.decode(text).ok());
        }
    }

    #[test]
    fn every_other_byte_is_refused_wherever_it_stands() {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        for at in 0..8 {
            for byte in 0..=u8::MAX {
                let mut text = *b"AAAAAAAA";
                text[at] = byte;
                assert_eq!(decode::<6>(&text).is_some(), is_letter(byte), "{byte} at {at}");
            }
        }
        // Two strangers do not make up for each other.
        for (one, other) in (0..8).flat_map(|one| (0..one).map(move |other| (one, other))) {
            let mut text = *b"AAAAAAAA";
            (text[one], text[other]) = (b'=', b'=');
            assert_eq!(decode::<6>(&text), None, "{one} {other}");
        }
        for length in [0, 4, 7, 9, 12] {
            assert_eq!(decode::<6>(&b"AAAAAAAAAAAA"[..length]), None);
        }
    }
}
