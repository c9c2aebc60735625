//! Each claim of CTA-5007-B: what of it is believed, and what is refused by its name.

use super::*;
use crate::{
    dialects::cat::claims::{
        AUD, CATGEOISO3166, CATH, CATM, CATNIP, CATREPLAY, CATU, CATV, CTI, EXP, IAT, ISS, NBF, SUB,
    },
    network::Network,
    rules::{Countries, Country, Networks},
    verdict::Denial,
};

fn judged(others: impl IntoIterator<Item = (i64, Value<'static>)>) -> Result<Claims, &'static str> {
    field(read_by(&key(), &token_of(&claims_with(others))))
}

fn texts(of: &[&'static str]) -> Value<'static> {
    Value::Array(of.iter().map(|one| Value::Text(one)).collect())
}

#[test]
fn times_are_whole_seconds_in_their_order() {
    let now = NOW.as_secs();
    let ok = Ok(());
    let cases = [
        (EXP, Value::Int(now + 1), ok),
        (EXP, Value::Int(now), Err("exp")),
        (EXP, Value::Int(now - 1), Err("exp")),
        (EXP, Value::Int(0), Err("exp")),
        (EXP, Value::Int(-1), Err("exp")),
        (EXP, Value::Int(253_402_300_799), ok),
        (EXP, Value::Int(253_402_300_800), Err("exp")),
        (EXP, Value::Int(i64::MAX), Err("exp")),
        (EXP, Value::Float(1_900_000_000.0), ok),
        (EXP, Value::Float(1_900_000_000.5), Err("exp")),
        (EXP, Value::Float(1e300), Err("exp")),
        (EXP, Value::Float(-1.0), Err("exp")),
        (EXP, Value::Text("1900000000"), Err("exp")),
        (EXP, Value::Null, Err("exp")),
        (EXP, Value::Bool(true), Err("exp")),
        (EXP, Value::Array(vec![Value::Int(now + 1)]), Err("exp")),
        (EXP, tagged(1, Value::Int(now + 1)), Err("exp")),
        (NBF, Value::Int(now), ok),
        (NBF, Value::Int(now + 30), ok),
        (NBF, Value::Int(now + 31), Err("nbf")),
        (NBF, Value::Float(1_700_000_000.25), Err("nbf")),
        (NBF, Value::Text("now"), Err("nbf")),
        (IAT, Value::Int(0), ok),
        (IAT, Value::Int(now + 30), ok),
        (IAT, Value::Int(now + 31), Err("iat")),
        (IAT, Value::Float(1_700_000_000.5), Err("iat")),
        (IAT, Value::Int(-1), Err("iat")),
    ];
    for (label, value, expected) in cases {
        assert_eq!(judged([(label, value.clone())]).map(|_| ()), expected, "{label}: {value:?}");
    }
    for label in [NBF, IAT] {
        let late = [(EXP, Value::Int(now + 10)), (label, Value::Int(now + 11))];
        assert!(judged(late).is_err(), "{label} after the end");
    }
    let mut endless = claims_with([]);
    endless.remove(&Key::Int(EXP));
    assert_eq!(field(read_by(&key(), &token_of(&endless))).map(|_| ()), Err("exp"));
}

#[test]
fn names_and_versions_have_their_types() {
    let ok = Ok(());
    let cases = [
        (ISS, Value::Text("anybody"), ok),
        (ISS, Value::Int(1), Err("iss")),
        (SUB, Value::Text("ada"), ok),
        (SUB, Value::Text(""), Err("sub")),
        (SUB, Value::Text("a\nb"), Err("sub")),
        (SUB, Value::Bytes(b"ada"), Err("sub")),
        (CTI, Value::Bytes(&[1; 64]), ok),
        (CTI, Value::Bytes(&[1; 65]), Err("cti")),
        (CTI, Value::Bytes(&[]), Err("cti")),
        (CTI, Value::Text("0b71"), Err("cti")),
        (CATV, Value::Int(1), ok),
        (CATV, Value::Int(2), Err("catv")),
        (CATV, Value::Int(0), Err("catv")),
        (CATV, Value::Text("1"), Err("catv")),
        (CATM, texts(&["GET", "HEAD"]), ok),
        (CATM, texts(&["HEAD", "POST", "GET"]), ok),
        (CATM, texts(&["GET"]), Err("catm")),
        (CATM, texts(&["get", "head"]), Err("catm")),
        (CATM, texts(&[]), Err("catm")),
        (CATM, Value::Text("GET"), Err("catm")),
    ];
    for (label, value, expected) in cases {
        assert_eq!(judged([(label, value.clone())]).map(|_| ()), expected, "{label}: {value:?}");
    }
    assert_eq!(judged([(SUB, Value::Text("ada"))]).expect("claims").viewer, Viewer::parse("ada"));
}

#[test]
fn an_audience_is_the_video_or_this_server() {
    let whole_path = || (CATU, labelled([(3, labelled([(1, Value::Text("/vod/vi7777777777777777777777/"))]))]));
    let ok = Ok(());
    let cases = [
        (Value::Text(VIDEO), ok, ok),
        (texts(&["x", VIDEO]), ok, ok),
        (Value::Text(ORIGIN), Err("aud"), ok),
        (texts(&[ORIGIN, "https://b.example"]), Err("aud"), ok),
        (Value::Text("https://films.example/"), Err("aud"), Err("aud")),
        (Value::Text("VI7777777777777777777777"), Err("aud"), Err("aud")),
        (Value::Text(OTHER_VIDEO), Err("aud"), Err("aud")),
        (Value::Text(""), Err("aud"), Err("aud")),
        (texts(&[]), Err("aud"), Err("aud")),
        (Value::Int(7), Err("aud"), Err("aud")),
        (Value::Bytes(VIDEO.as_bytes()), Err("aud"), Err("aud")),
        (Value::Array(vec![Value::Text(VIDEO), Value::Int(1)]), Err("aud"), Err("aud")),
    ];
    for (audience, alone, with_path) in cases {
        assert_eq!(judged([(AUD, audience.clone())]).map(|_| ()), alone, "{audience:?}");
        assert_eq!(judged([(AUD, audience.clone()), whole_path()]).map(|_| ()), with_path, "{audience:?}, path");
    }
    let denial = |others: Vec<(i64, Value<'static>)>| {
        let read = read_by(&key(), &token_of(&claims_with(others))).expect("a CAT");
        read.expect_err("refused").denial
    };
    assert_eq!(denial(vec![(AUD, Value::Text(OTHER_VIDEO))]), Denial::TokenForOtherVideo);
    assert_eq!(denial(vec![(AUD, Value::Text("elsewhere"))]), Denial::InvalidToken);

    let mut nobody = claims_with([]);
    nobody.remove(&Key::Int(AUD));
    assert_eq!(field(read_by(&key(), &token_of(&nobody))).map(|_| ()), Err("aud"));
    nobody.extend([whole_path()].map(|(label, value)| (Key::Int(label), value)));
    assert!(field(read_by(&key(), &token_of(&nobody))).is_ok());
}

#[test]
fn what_may_not_be_replayed_begins_one_session() {
    let named = (CTI, Value::Bytes(&[0x0b, 0x71]));
    let once = |replay| judged([named.clone(), (CATREPLAY, Value::Int(replay))]).map(|claims| claims.once);
    assert_eq!(once(0), Ok(None));
    assert_eq!(once(1), Ok(Some("0b71".into())));
    assert_eq!(once(2), Ok(Some("0b71".into())));
    assert_eq!(once(3), Err("catreplay"));
    assert_eq!(once(-1), Err("catreplay"));
    assert_eq!(judged([(CATREPLAY, Value::Bool(true))]).map(|_| ()), Err("catreplay"));
    assert_eq!(judged([(CATREPLAY, Value::Int(1))]).map(|_| ()), Err("cti"));
    assert_eq!(judged([named]).expect("claims").once, None);
}

#[test]
fn headers_are_matched_where_they_are_known() {
    let cath = |name: &'static str, matches: Value<'static>| {
        judged([(CATH, Value::Map(Map::from([(Key::Text(name), matches)])))]).map(|_| ())
    };
    let exact = |text: &'static str| labelled([(0, Value::Text(text))]);
    assert_eq!(cath("user-agent", exact("Films/1.0")), Ok(()));
    assert_eq!(cath("User-Agent", exact("Films/1.0")), Ok(()));
    assert_eq!(cath("User-Agent", labelled([(1, Value::Text("Films/"))])), Ok(()));
    assert_eq!(cath("User-Agent", exact("films/1.0")), Err("cath"));
    assert_eq!(cath("x-not-shown", exact("")), Err("cath"));
    assert_eq!(cath("user-agent", labelled([])), Err("cath"));
    assert_eq!(cath("user-agent", Value::Text("Films/1.0")), Err("cath"));
    assert_eq!(cath("user-agent", labelled([(4, texts(&[".*"]))])), Err("cath regex"));
    let both = labelled([(1, Value::Text("Films")), (2, Value::Text("2.0"))]);
    assert_eq!(cath("user-agent", both), Err("cath"));
    assert_eq!(judged([(CATH, labelled([(1, exact("x"))]))]).map(|_| ()), Err("cath"));
    assert_eq!(judged([(CATH, texts(&[]))]).map(|_| ()), Err("cath"));

    let token =
        token_of(&claims_with([(CATH, Value::Map(Map::from([(Key::Text("user-agent"), exact("Films/1.0"))])))]));
    let mut twice = shown(&token);
    twice.headers.push(("user-agent".into(), "Films/1.0".into()));
    assert_eq!(field(Dialect::read(&key(), &twice, &video(), NOW)).map(|_| ()), Err("cath"));
}

#[test]
fn networks_are_read_in_every_spelling() {
    let networks = |items: Vec<Value<'static>>| {
        let claims = judged([(CATNIP, Value::Array(items))])?;
        Ok(claims.rules.networks.expect("networks"))
    };
    let of =
        |texts: &[&str]| Ok(texts.iter().map(|text| text.parse::<Network>().expect("a network")).collect::<Networks>());
    let pair = |prefix, bytes| Value::Array(vec![Value::Int(prefix), Value::Bytes(bytes)]);
    let ok = [
        (tagged(52, Value::Bytes(&[10, 0, 0, 1])), "10.0.0.1/32"),
        (tagged(52, pair(8, &[10])), "10.0.0.0/8"),
        (tagged(52, pair(8, &[10, 0, 0, 0])), "10.0.0.0/8"),
        (tagged(52, labelled([(8, Value::Bytes(&[10]))])), "10.0.0.0/8"),
        (tagged(52, pair(0, &[])), "0.0.0.0/0"),
        (tagged(52, pair(20, &[172, 16, 0xf0])), "172.16.240.0/20"),
        (tagged(54, pair(32, &[0x20, 1, 0xd, 0xb8])), "2001:db8::/32"),
        (tagged(54, pair(32, &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])), "2001:db8::/32"),
        (tagged(54, labelled([(32, Value::Bytes(&[0x20, 1, 0xd, 0xb8]))])), "2001:db8::/32"),
        (tagged(54, Value::Bytes(&[0; 16])), "::/128"),
    ];
    for (item, expected) in &ok {
        assert_eq!(networks(vec![item.clone()]), of(&[expected]), "{item:?}");
    }
    let all: Vec<&str> = ok.iter().map(|(_, text)| *text).collect();
    assert_eq!(networks(ok.iter().map(|(item, _)| item.clone()).collect()), of(&all));
    let wrong = [
        Value::Int(64_496),
        Value::Text("10.0.0.0/8"),
        Value::Bytes(&[10, 0, 0, 1]),
        tagged(53, Value::Bytes(&[10, 0, 0, 1])),
        tagged(52, Value::Bytes(&[10, 0, 0])),
        tagged(52, Value::Bytes(&[10, 0, 0, 1, 0])),
        tagged(54, Value::Bytes(&[10, 0, 0, 1])),
        tagged(52, pair(33, &[10])),
        tagged(52, pair(-1, &[10])),
        tagged(52, pair(8, &[10, 1, 0, 0])),
        tagged(52, pair(8, &[10, 0, 0, 0, 0])),
        tagged(52, Value::Array(vec![Value::Bytes(&[10, 0, 0, 1]), Value::Int(8)])),
        tagged(52, labelled([(8, Value::Bytes(&[10])), (16, Value::Bytes(&[10]))])),
        tagged(52, labelled([])),
        tagged(54, pair(129, &[])),
    ];
    for item in wrong {
        let with_a_good_one = vec![tagged(52, pair(8, &[10])), item.clone()];
        assert_eq!(networks(with_a_good_one), Err("catnip"), "{item:?}");
    }
    assert_eq!(networks(vec![]), Err("catnip"));
    assert_eq!(judged([(CATNIP, tagged(52, pair(8, &[10])))]).map(|_| ()), Err("catnip"));
}

#[test]
fn countries_are_whole_ones() {
    let countries = |value| judged([(CATGEOISO3166, value)]).map(|claims| claims.rules.countries);
    let country = |code: &str| code.parse::<Country>().expect("a country");
    assert_eq!(countries(texts(&["SE"])), Ok(Some(Countries::only([country("SE")]))));
    assert_eq!(countries(texts(&["NO", "SE"])), Ok(Some(Countries::only([country("SE"), country("NO")]))));
    let many: Vec<Value<'static>> = vec![Value::Text("SE"); 65];
    let wrong = [
        texts(&[]),
        texts(&["se"]),
        texts(&["SE", "US-CA"]),
        texts(&["SWE"]),
        texts(&["XX"]),
        texts(&[""]),
        Value::Text("SE"),
        Value::Array(vec![Value::Int(752)]),
        Value::Array(many),
        Value::Null,
    ];
    for value in wrong {
        assert_eq!(countries(value.clone()), Err("catgeoiso3166"), "{value:?}");
    }
}

#[test]
fn a_restriction_that_cannot_be_evaluated_refuses_by_its_name() {
    let named = [
        (8, "cnf"),
        (282, "geohash"),
        (309, "catpor"),
        (314, "catalpn"),
        (317, "catgeocoord"),
        (318, "catgeoalt"),
        (319, "cattpk"),
        (321, "catdpop"),
        (324, "cattprint"),
    ];
    let unnamed = [0, -1, 9, 25, 300, 307, 325, 999, i64::MAX, i64::MIN].map(|label| (label, "claim"));
    for (label, name) in named.into_iter().chain(unnamed) {
        for value in [Value::Null, texts(&["SE"]), labelled([]), Value::Float(1.5)] {
            assert_eq!(judged([(label, value)]).map(|_| ()), Err(name), "{label}");
        }
    }
    let mut by_text = claims_with([]);
    by_text.insert(Key::Text("exp"), Value::Int(NOW.as_secs() + 60));
    assert_eq!(field(read_by(&key(), &token_of(&by_text))).map(|_| ()), Err("claim"));
}

#[test]
fn renewal_and_answers_to_refusals_restrict_nothing() {
    let renewal = labelled([(0, Value::Int(2)), (1, Value::Int(120)), (4, Value::Text("x"))]);
    let answer = labelled([(EXP, Value::Array(vec![Value::Int(307), Value::Map(Map::new()), Value::Text("k")]))]);
    let with_them = judged([(320, texts(&["a"])), (322, answer), (323, renewal)]);
    assert!(with_them.is_ok());
    assert_eq!(with_them, judged([]));
}
