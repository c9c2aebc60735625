//! What somebody would try who has no key: none of it is a token.

use proptest::prelude::*;

use super::*;

fn good() -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(minted(&wish())).expect("base64url")
}

fn is_refused(token: &str) -> bool {
    !matches!(read_by(&key(), token), Some(Ok(_)))
}

#[test]
fn what_is_no_cat_is_nobodys() {
    let token = minted(&wish());
    let strangers = [
        String::new(),
        "a.b.c".into(),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}="),
        format!("{token}=="),
        format!("{token}\n"),
        format!(" {token}"),
        "0f0e8400-e29b-41d4-a716-446655440000".into(),
        text(b"{\"alg\":\"none\"}"),
        text(&[0x83, 1, 2, 3]),
        text(&[0xd8, 97, 0x84]),
    ];
    for stranger in strangers {
        assert_eq!(read_by(&key(), &stranger), None, "{stranger}");
    }
}

#[test]
fn a_token_has_one_spelling() {
    let token = minted(&wish());
    let bytes = good();
    let standard = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&bytes);
    assert!(token == standard || is_refused(&standard));
    assert!(is_refused(&format!("{token}A")));
    // The last character has bits that say nothing, unless the length is a multiple of three.
    for last in ('a'..='z').chain('A'..='Z').chain('0'..='9') {
        let other = format!("{}{last}", &token[..token.len() - 1]);
        assert!(other == token || is_refused(&other), "{last}");
    }
}

#[test]
fn no_part_of_a_token_is_a_token() {
    let bytes = good();
    for length in 0..bytes.len() {
        assert!(is_refused(&text(&bytes[..length])), "{length} bytes");
    }
    assert!(is_refused(&text(&[bytes.clone(), vec![0]].concat())));
    assert!(is_refused(&text(&bytes.repeat(2))));
}

#[test]
fn no_token_with_a_bit_flipped_is_a_token() {
    let bytes = good();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(is_refused(&text(&flipped)), "bit {bit}");
    }
}

#[test]
fn envelopes_that_are_not_strict_are_refused() {
    let payload = Value::Map(claims_with([])).to_bytes();
    let bytes = Value::Bytes(&payload);
    let good = mac0(ALG_HS256, kid_of(KID), &bytes);
    assert!(!is_refused(&text(&good)));
    let headers = |protected: &[u8], open: Value<'_>| mac0(protected, open, &bytes);
    let alg = |alg: Value<'_>| headers(&labelled([(1, alg)]).to_bytes(), kid_of(KID));
    let crit = labelled([(1, Value::Int(5)), (2, Value::Array(vec![Value::Int(4)]))]).to_bytes();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("alg ES256", alg(Value::Int(-7)), "alg"),
        ("alg HS256/64", alg(Value::Int(4)), "alg"),
        ("alg HS384", alg(Value::Int(6)), "alg"),
        ("alg 0", alg(Value::Int(0)), "alg"),
        ("alg as text", alg(Value::Text("HS256")), "alg"),
        ("alg as a list", alg(Value::Array(vec![Value::Int(5)])), "alg"),
        ("alg null", alg(Value::Null), "alg"),
        ("no alg", headers(&[0xa0], kid_of(KID)), "alg"),
        ("no protected headers", headers(&[], kid_of(KID)), "token"),
        ("alg twice", headers(&[0xa2, 1, 5, 1, 5], kid_of(KID)), "token"),
        ("alg in more bytes", headers(&[0xa1, 1, 0x18, 5], kid_of(KID)), "token"),
        ("an endless map", headers(&[0xbf, 1, 5, 0xff], kid_of(KID)), "token"),
        ("more behind the map", headers(&[0xa1, 1, 5, 0], kid_of(KID)), "token"),
        ("alg not protected", headers(&[0xa0], labelled([(1, Value::Int(5))])), "header"),
        ("alg in both", headers(ALG_HS256, labelled([(1, Value::Int(5))])), "header"),
        ("crit", headers(&crit, kid_of(KID)), "header"),
        ("a header that is not signed", headers(ALG_HS256, labelled([(3, Value::Int(0))])), "header"),
        ("an IV", headers(ALG_HS256, labelled([(5, Value::Bytes(b"iv"))])), "header"),
        ("headers as a list", headers(ALG_HS256, Value::Array(vec![])), "token"),
        ("five fields", [&[0x84][..], &good[1..], &[0]].concat(), "token"),
        ("an endless list", [&[0x9f][..], &good[1..], &[0xff]].concat(), ""),
        ("a longer head", [&[0x98, 4][..], &good[1..]].concat(), ""),
        ("a tag in more bytes", [&[0xd8, 17][..], &good].concat(), ""),
    ];
    for (case, bytes, expected) in cases {
        let read = read_by(&key(), &text(&bytes));
        let found = read.map_or("", |read| read.expect_err(case).field);
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn proofs_that_are_not_whole_are_refused() {
    let payload = Value::Map(claims_with([])).to_bytes();
    let good = mac0(ALG_HS256, kid_of(KID), &Value::Bytes(&payload));
    let (body, proof) = good.split_at(good.len() - 32);
    let body = &body[..body.len() - 2];
    let with = |proof: &[u8]| text(&[body, &Value::Bytes(proof).to_bytes()].concat());
    assert!(!is_refused(&with(proof)));
    let wrong = [
        vec![],
        vec![0],
        vec![0; 32],
        vec![0xff; 32],
        proof[..16].to_vec(),
        proof[..31].to_vec(),
        [proof, &[0]].concat(),
        [proof, proof].concat(),
    ];
    for proof in wrong {
        assert_eq!(field(read_by(&key(), &with(&proof))).map(|_| ()), Err("signature"), "{} bytes", proof.len());
    }
    for secret in [&b""[..], b"\0", KID.as_bytes(), &SECRET[1..]] {
        let forged = text(&cose::seal_mac(secret, KID, &payload));
        assert_eq!(field(read_by(&key(), &forged)).map(|_| ()), Err("signature"), "{secret:?}");
    }
}

#[test]
fn claims_that_are_not_strict_are_refused_though_they_are_signed() {
    let claims = Value::Map(claims_with([])).to_bytes();
    let exp = [&[0x04, 0x1a][..], &1_900_000_000_u32.to_be_bytes()].concat();
    let cases = [
        ("nothing", vec![]),
        ("no map", vec![0x80]),
        ("null", vec![0xf6]),
        ("more behind", [&claims[..], &[0]].concat()),
        ("two maps", claims.repeat(2)),
        ("exp twice", [&[0xa3, 0x03, 0x78, 0x18][..], VIDEO.as_bytes(), &exp, &exp].concat()),
        ("exp is not a number", [&[0xa1, 0x04, 0xf9, 0x7e, 0x00][..]].concat()),
        ("exp is -0", vec![0xa1, 0x04, 0xf9, 0x80, 0x00]),
        ("an endless map", [&[0xbf][..], &claims[1..], &[0xff]].concat()),
        ("a huge map", [&[0xbb][..], &[0xff; 8], &claims[1..]].concat()),
        ("a huge text", vec![0xa1, 0x01, 0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ("deep", [vec![0xa1, 0x01], vec![0x81; 2_000], vec![0]].concat()),
        ("another token", good()),
    ];
    for (case, payload) in cases {
        let token = text(&mac0(ALG_HS256, kid_of(KID), &Value::Bytes(&payload)));
        assert_eq!(field(read_by(&key(), &token)).map(|_| ()), Err("claims"), "{case}");
    }
}

#[test]
fn what_is_too_long_is_not_read() {
    let long = |bytes: usize| {
        let mut claims = claims_with([]);
        let filler = "x".repeat(bytes);
        claims.insert(Key::Int(super::super::claims::ISS), Value::Text(&filler));
        token_of(&claims)
    };
    assert!(field(read_by(&key(), &long(2_800))).is_ok());
    assert_eq!(field(read_by(&key(), &long(3_000))).map(|_| ()), Err("token"));
    assert_eq!(field(read_by(&key(), &"0".repeat(1_000_000))).map(|_| ()), Err("token"));
}

#[test]
fn two_tokens_are_one_too_many() {
    let token = minted(&wish());
    let mut twice = shown(&token);
    twice.headers.push(("cta-common-access-token".into(), token.clone()));
    let fault = Dialect::read(&key(), &twice, &video(), NOW).expect("a token").expect_err("two");
    assert_eq!(fault.denial, crate::verdict::Denial::AmbiguousToken);
    for carry in [
        Shown { query: String::new(), headers: vec![("cta-common-access-token".into(), token.clone())], ..shown("") },
        Shown { query: String::new(), cookies: vec![("CTA-Common-Access-Token".into(), token.clone())], ..shown("") },
        Shown { query: format!("token={token}"), ..shown("") },
    ] {
        assert!(Dialect::read(&key(), &carry, &video(), NOW).expect("a token").is_ok());
    }
}

proptest! {
    #[test]
    fn no_changed_byte_is_accepted(at in any::<prop::sample::Index>(), byte in any::<u8>(), kind in 0..3) {
        let mut bytes = good();
        let at = at.index(bytes.len());
        let before = bytes.clone();
        match kind {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => { bytes.remove(at); }
        }
        prop_assert!(bytes == before || is_refused(&text(&bytes)));
    }

    #[test]
    fn no_bytes_panic(head in prop::sample::select(vec![&b"\xd8\x3d\xd1\x84"[..], b"\xd2\x84", b"\x84"]),
                      tail in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(is_refused(&text(&[head, &tail].concat())));
    }

    #[test]
    fn no_signed_claims_panic(payload in prop::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(is_refused(&text(&mac0(ALG_HS256, kid_of(KID), &Value::Bytes(&payload)))));
    }
}
