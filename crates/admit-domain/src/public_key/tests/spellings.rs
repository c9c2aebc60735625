//! DER has one spelling of each key: lengths with no digit too many, integers with no byte too many.

use super::*;

const ALGORITHM: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/// One element, whose length is spelled with these bytes.
fn spelled(tag: u8, len: &[u8], content: &[u8]) -> Vec<u8> {
    [&[tag], len, content].concat()
}

/// One element, as DER spells it.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = u16::try_from(content.len()).unwrap().to_be_bytes();
    match content.len() {
        ..0x80 => spelled(tag, &len[1..], content),
        0x80..0x100 => spelled(tag, &[0x81, len[1]], content),
        _ => spelled(tag, &[0x82, len[0], len[1]], content),
    }
}

fn read(der: &[u8]) -> Result<PublicKey, BadKey> {
    PublicKey::from_pem(&format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der)))
}

/// A key of RSA whose two integers are spelled with these bytes.
fn rsa(n: &[u8], e: &[u8]) -> Result<PublicKey, BadKey> {
    let pair = element(0x30, &[element(2, n), element(2, e)].concat());
    read(&element(0x30, &[ALGORITHM, &element(3, &[&[0][..], &pair].concat())].concat()))
}

fn modulus() -> Vec<u8> {
    vec![0xff; 256]
}

#[test]
fn a_length_has_no_digit_too_many() {
    // Nobody knows the algorithm; that is found out where its length was read.
    let with_algorithm = |len: &[u8], bytes: usize| {
        read(&element(0x30, &[spelled(0x30, len, &vec![5; bytes]), element(3, &[0])].concat())).unwrap_err()
    };
    for (len, bytes, expected) in [
        (&[0x00][..], 0, BadKey::UnknownKind),
        (&[0x7f], 0x7f, BadKey::UnknownKind),
        (&[0x81, 0x80], 0x80, BadKey::UnknownKind),
        (&[0x81, 0xff], 0xff, BadKey::UnknownKind),
        (&[0x82, 0x01, 0x00], 0x100, BadKey::UnknownKind),
        (&[0x82, 0x02, 0x01], 0x201, BadKey::UnknownKind),
        (&[0x81, 0x00], 0, BadKey::Misspelled),
        (&[0x81, 0x7f], 0x7f, BadKey::Misspelled),
        (&[0x82, 0x00, 0x7f], 0x7f, BadKey::Misspelled),
        (&[0x82, 0x00, 0x80], 0x80, BadKey::Misspelled),
        (&[0x83, 0x00, 0x01, 0x00], 0x100, BadKey::Misspelled),
        (&[0x80], 0, BadKey::Misspelled),
        (&[0xff], 0, BadKey::Misspelled),
    ] {
        assert_eq!(with_algorithm(len, bytes), expected, "{len:x?}");
    }
}

#[test]
fn an_integer_has_no_byte_too_many() {
    let n = [&[0][..], &modulus()].concat();
    for (e, expected) in [(&[3][..], &[3][..]), (&[0x7f], &[0x7f]), (&[0, 0x81], &[0x81]), (&[1, 0, 1], &[1, 0, 1])] {
        let key = rsa(&n, e).unwrap();
        assert_eq!(key.kind, PublicKeyKind::Rsa { n: modulus(), e: expected.to_vec() });
        assert_eq!(PublicKey::from_pem(&key.to_pem()), Ok(key), "{e:x?}");
    }
    for e in [&[][..], &[0], &[0, 3], &[0, 0x7f], &[0, 0, 0x81], &[0x81]] {
        assert_eq!(rsa(&n, e), Err(BadKey::Misspelled), "{e:x?}");
    }
    assert_eq!(rsa(&modulus(), &[3]), Err(BadKey::Misspelled));
}

#[test]
fn a_point_is_spelled_with_both_its_numbers() {
    for (pem, len) in [(P256, 65), (P384, 97)] {
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(body).unwrap();
        let (head, point) = der.split_at(der.len() - len);
        let algorithm = &head[2..head.len() - 3];
        let with_point =
            |point: &[u8]| read(&element(0x30, &[algorithm, &element(3, &[&[0], point].concat())].concat()));
        assert_eq!(with_point(point), Ok(key(pem)));
        let compressed = [&[2 + point[len - 1] % 2], &point[1..=len / 2]].concat();
        for wrong in [&compressed[..], &point[..len - 1], &[point, &[0]].concat(), &[]] {
            assert_eq!(with_point(wrong), Err(BadKey::NotOnCurve), "{wrong:x?}");
        }
    }
}
