//! What is read is read in one way, and what readers disagree about is not read.

use proptest::prelude::*;

use super::*;

const BOUNDS: Bounds = Bounds { bytes: 4_096, depth: 4 };

fn parse(text: &str) -> Result<Value, BadJson> {
    read(text.as_bytes(), BOUNDS)
}

#[test]
fn values_are_read() {
    let cases = [
        ("null", Value::Null),
        ("true", Value::Bool(true)),
        ("false", Value::Bool(false)),
        ("0", Value::Integer(0)),
        ("-1", Value::Integer(-1)),
        ("9223372036854775807", Value::Integer(i64::MAX)),
        ("-9223372036854775808", Value::Integer(i64::MIN)),
        (r#""""#, Value::string("")),
        (r#""a/\/\"\\\b\f\n\r\t""#, Value::string("a//\"\\\u{8}\u{c}\n\r\t")),
        (r#""\u0041\u00e9\uD83D\uDE00\u0000""#, Value::string("Aé😀\0")),
        (r#""é😀""#, Value::string("é😀")),
        ("[]", Value::Array(vec![])),
        ("{}", Value::Object(vec![])),
        ("[1,[2]]", Value::Array(vec![Value::Integer(1), Value::Array(vec![Value::Integer(2)])])),
        (
            "{ \"b\" :\t1 ,\r\n\"a\": [ ] }",
            Value::Object(vec![("b".into(), Value::Integer(1)), ("a".into(), Value::Array(vec![]))]),
        ),
    ];
    for (text, value) in cases {
        assert_eq!(parse(text), Ok(value), "{text}");
    }
}

#[test]
fn a_number_that_is_no_integer_keeps_its_spelling() {
    for text in ["123.0", "123.5", "1e12", "1E400", "-0", "-0.0", "0e1", "9223372036854775808", "1e+5", "1e-5"] {
        assert_eq!(parse(text), Ok(Value::Number(text.into())), "{text}");
    }
}

const NO_VALUE: [&str; 26] = [
    "",
    " ",
    " 1",
    "1 ",
    "\n{}",
    "\u{feff}{}",
    "1 2",
    "nul",
    "NULL",
    "True",
    "NaN",
    "Infinity",
    "-",
    "+1",
    ".5",
    "1.",
    "1.e1",
    "1e",
    "1e+",
    "01",
    "-01",
    "00",
    "0x10",
    "1_000",
    "--1",
    "#",
];
const NO_STRING: [&str; 21] = [
    "\"",
    "\"a",
    "'a'",
    "\"\u{0}\"",
    "\"\u{1f}\"",
    "\"\n\"",
    "\"\t\"",
    r#""\x41""#,
    r#""\u""#,
    r#""\u004""#,
    r#""\u004g""#,
    r#""\u+041""#,
    r#""\U0041""#,
    r#""\a""#,
    r#""\""#,
    r#""\ud800""#,
    r#""\udc00""#,
    r#""\ud800\ud800""#,
    r#""\ud800x""#,
    r#""\udc00\ud800""#,
    r#""\ud800\u0041""#,
];
const NO_LIST: [&str; 29] = [
    "{}\n",
    "{}{}",
    "{},",
    "[",
    "]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1;2]",
    "[1}",
    "[\u{a0}1]",
    "[\u{b}1]",
    "{",
    "{1:2}",
    "{a:1}",
    "{'a':1}",
    r#"{"a"}"#,
    r#"{"a":}"#,
    r#"{"a":1,}"#,
    r#"{"a" 1}"#,
    r#"{"a":1 "b":2}"#,
    r#"{"a":1"#,
    r#"{"a":1]"#,
    "{/**/}",
    "{}//",
    "[1/*,*/]",
    "[1,,2]",
];

#[test]
fn what_is_no_json_is_refused() {
    for text in [&NO_VALUE[..], &NO_STRING, &NO_LIST].into_iter().flatten() {
        assert_eq!(parse(text), Err(BadJson::Misspelled), "{text:?}");
    }
}

#[test]
fn a_member_is_named_once() {
    let cases = [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"b":2,"a":null}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"s\u0075b":1,"sub":2}"#,
        r#"{"\/":1,"/":2}"#,
        r#"[{"x":{"":1,"":2}}]"#,
        r#"{"😀":1,"\ud83d\ude00":2}"#,
    ];
    for text in cases {
        assert_eq!(parse(text), Err(BadJson::NamedTwice), "{text}");
    }
    // Names are compared as they stand: another case or another normal form is another name.
    assert!(parse(r#"{"a":1,"A":2,"é":3,"e\u0301":4,"b":{"a":5}}"#).is_ok());
}

#[test]
fn depth_and_length_are_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(4)).is_ok());
    for depth in [5, 200, 2_000] {
        assert_eq!(parse(&nested(depth)), Err(BadJson::TooDeep), "{depth}");
    }
    assert_eq!(parse(r#"{"a":{"b":{"c":[{}]}}}"#), Err(BadJson::TooDeep));
    let deep = Bounds { bytes: 1 << 20, depth: 4 };
    assert_eq!(read(nested(100_000).as_bytes(), deep), Err(BadJson::TooDeep));
    assert_eq!(read(b"[]", Bounds { bytes: 2, depth: 0 }), Err(BadJson::TooDeep));
    assert_eq!(read(b"1", Bounds { bytes: 1, depth: 0 }), Ok(Value::Integer(1)));
    let quoted = |letters: usize| format!("\"{}\"", "a".repeat(letters));
    assert!(parse(&quoted(4_094)).is_ok());
    assert_eq!(parse(&quoted(4_095)), Err(BadJson::TooLong));
}

#[test]
fn only_utf_8_is_read() {
    let cases: [&[u8]; 6] = [
        b"\"\xff\"",
        b"\"\xc0\x80\"",
        b"\"\xc1\xa1\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xf5\x80\x80\x80\"",
        b"\xff\xfe{\0}\0",
    ];
    for text in cases {
        assert_eq!(read(text, BOUNDS), Err(BadJson::NotUtf8), "{text:?}");
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Integer),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in any_value()) {
        let bounds = Bounds { bytes: 1 << 20, depth: 4 };
        prop_assert_eq!(read(value.to_string().as_bytes(), bounds), Ok(value));
    }

    #[test]
    fn no_text_breaks_the_reader(text in any::<Vec<u8>>()) {
        let _ = read(&text, BOUNDS);
    }

    #[test]
    fn no_text_of_json_letters_breaks_the_reader(text in r#"[\[\]{}:,"\\u0-9a-f.eE+\- ]{0,64}"#) {
        if let Ok(value) = parse(&text) {
            prop_assert_eq!(parse(&value.to_string()), Ok(value));
        }
    }
}
