//! As much of DER (X.690) as public keys are written in, in the one spelling that DER allows.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const SEQUENCE: u8 = 0x30;

/// Takes one element off the front of `der` and returns what it holds.
pub(super) fn take<'a>(der: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (len, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81 | 0x82 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x0f))?;
            let len = digits.iter().fold(0, |len, digit| len * 256 + usize::from(*digit));
            // A length has no more digits than it needs.
            (digits.first() != Some(&0) && len > 0x7f).then_some((len, rest))?
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(len)?;
    *der = rest;
    (*found == tag).then_some(content)
}

/// An integer that is not negative, big-endian without leading zeros.
pub(super) fn take_unsigned<'a>(der: &mut &'a [u8]) -> Option<&'a [u8]> {
    match take(der, INTEGER)? {
        // The sign's own byte, which stands only where the next one would look like a sign.
        [0, rest @ ..] if rest.first().is_some_and(|byte| *byte > 0x7f) => Some(rest),
        whole @ [1..=0x7f, ..] => Some(whole),
        _ => None,
    }
}

/// Spells one element.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    let mut der = vec![tag];
    match len {
        [0, short @ 0..=0x7f] => der.push(short),
        [0, long] => der.extend([0x81, long]),
        both => der.extend([&[0x82][..], &both].concat()),
    }
    der.extend(content);
    der
}

/// Spells an integer that is given without leading zeros.
pub(super) fn unsigned(number: &[u8]) -> Vec<u8> {
    let needs_sign = number.first().is_none_or(|byte| *byte > 0x7f);
    element(INTEGER, &[&[0][..usize::from(needs_sign)], number].concat())
}
