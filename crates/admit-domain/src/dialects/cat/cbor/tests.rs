//! CBOR: examples of RFC 8949, what is refused, and properties.

use proptest::prelude::*;

use super::*;

fn unhex(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits")).collect()
}

fn map<const LEN: usize>(entries: [(Key<'static>, Value<'static>); LEN]) -> Value<'static> {
    Value::Map(Map::from(entries))
}

#[test]
fn examples_of_the_standard_are_read_and_written() {
    let cases = [
        ("00", Value::Int(0)),
        ("17", Value::Int(23)),
        ("1818", Value::Int(24)),
        ("1903e8", Value::Int(1_000)),
        ("1a000f4240", Value::Int(1_000_000)),
        ("1b000000e8d4a51000", Value::Int(1_000_000_000_000)),
        ("1b7fffffffffffffff", Value::Int(i64::MAX)),
        ("3b7fffffffffffffff", Value::Int(i64::MIN)),
        ("20", Value::Int(-1)),
        ("3863", Value::Int(-100)),
        ("3903e7", Value::Int(-1_000)),
        ("fb3ff199999999999a", Value::Float(1.1)),
        ("fbc010666666666666", Value::Float(-4.1)),
        ("f4", Value::Bool(false)),
        ("f5", Value::Bool(true)),
        ("f6", Value::Null),
        ("40", Value::Bytes(b"")),
        ("4401020304", Value::Bytes(&[1, 2, 3, 4])),
        ("62c3bc", Value::Text("\u{fc}")),
        ("80", Value::Array(vec![])),
        ("83010203", Value::Array(vec![Value::Int(1), Value::Int(2), Value::Int(3)])),
        ("a0", map([])),
        ("a201020304", map([(Key::Int(1), Value::Int(2)), (Key::Int(3), Value::Int(4))])),
        (
            "a26161016162820203",
            map([(Key::Text("a"), Value::Int(1)), (Key::Text("b"), Value::Array(vec![Value::Int(2), Value::Int(3)]))]),
        ),
        ("c11a514b67b0", Value::Tag(1, Box::new(Value::Int(1_363_896_240)))),
        ("d818456449455446", Value::Tag(24, Box::new(Value::Bytes(b"dIETF")))),
    ];
    for (digits, value) in cases {
        let bytes = unhex(digits);
        assert_eq!(Value::parse(&bytes), Ok(value.clone()), "{digits}");
        assert_eq!(value.to_bytes(), bytes, "{digits}");
    }
}

#[test]
fn floating_point_numbers_of_every_width_are_read() {
    let cases = [
        ("f90000", 0.0),
        ("f93c00", 1.0),
        ("f93e00", 1.5),
        ("f97bff", 65_504.0),
        ("f90001", 5.960_464_477_539_063e-8),
        ("f90400", 0.000_061_035_156_25),
        ("f9c400", -4.0),
        ("fa47c35000", 100_000.0),
        ("fa7f7fffff", 3.402_823_466_385_288_6e38),
        ("fb7e37e43c8800759c", 1.0e300),
    ];
    for (digits, number) in cases {
        assert_eq!(Value::parse(&unhex(digits)), Ok(Value::Float(number)), "{digits}");
    }
}

#[test]
fn what_is_not_strict_is_refused() {
    let shortest = "heads as short as can be";
    let finite = "finite numbers, and no -0";
    let definite = "definite lengths";
    let announced = "as many bytes as it announces";
    let cases = [
        ("", announced),
        ("18", announced),
        ("4401020", announced),
        ("5bffffffffffffffff00", announced),
        ("7bffffffffffffffff61", announced),
        ("9bffffffffffffffff00", announced),
        ("bbffffffffffffffff00", announced),
        ("1817", shortest),
        ("190018", shortest),
        ("1a0000ffff", shortest),
        ("1b00000000ffffffff", shortest),
        ("5800", shortest),
        ("9800", shortest),
        ("b800", shortest),
        ("d81101", shortest),
        ("5f4101ff", definite),
        ("7f6161ff", definite),
        ("9f01ff", definite),
        ("bf0101ff", definite),
        ("ff", definite),
        ("1c", "heads that are in use"),
        ("f97e00", finite),
        ("fa7fc00000", finite),
        ("fb7ff8000000000000", finite),
        ("f97c00", finite),
        ("fbfff0000000000000", finite),
        ("f98000", finite),
        ("fb8000000000000000", finite),
        ("f7", "no simple values but true, false and null"),
        ("f0", "no simple values but true, false and null"),
        ("f820", "no simple values but true, false and null"),
        ("1bffffffffffffffff", "integers of 64 bits with their sign"),
        ("3bffffffffffffffff", "integers of 64 bits with their sign"),
        ("61ff", "text in UTF-8"),
        ("62c080", "text in UTF-8"),
        ("63eda080", "text in UTF-8"),
        ("a201000100", "no key twice"),
        ("a2616100616100", "no key twice"),
        ("a1a0a201000100", "keys that are integers or text"),
        ("a1410100", "keys that are integers or text"),
        ("a1f93c0000", "keys that are integers or text"),
        ("a1a101010100", "keys that are integers or text"),
        ("0000", "nothing behind the item"),
    ];
    for (digits, wanted) in cases {
        let even = &digits[..digits.len() / 2 * 2];
        assert_eq!(Value::parse(&unhex(even)), Err(BadCbor(wanted)), "{digits}");
    }
}

#[test]
fn depth_is_bounded() {
    for wrap in [0x81, 0xc1] {
        let nested = |levels: usize| [vec![wrap; levels], vec![0]].concat();
        assert!(Value::parse(&nested(CBOR_DEPTH_MAX - 1)).is_ok());
        for levels in [CBOR_DEPTH_MAX, 1_000, 100_000] {
            assert_eq!(Value::parse(&nested(levels)), Err(BadCbor("fewer levels")), "{levels}");
        }
    }
    let maps = [[0xa1, 0x01].repeat(CBOR_DEPTH_MAX), vec![0]].concat();
    assert_eq!(Value::parse(&maps), Err(BadCbor("fewer levels")));
}

/// A value as a shape that owns its texts and bytes.
#[derive(Clone, Debug)]
enum Shape {
    Int(i64),
    Float(f64),
    Bool(bool),
    Null,
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Shape>),
    Map(BTreeMap<i64, Shape>),
    Tag(u64, Box<Shape>),
}

impl Shape {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Int(number) => Value::Int(*number),
            Self::Float(number) => Value::Float(*number),
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Null => Value::Null,
            Self::Bytes(bytes) => Value::Bytes(bytes),
            Self::Text(text) => Value::Text(text),
            Self::Array(items) => Value::Array(items.iter().map(Self::value).collect()),
            Self::Map(map) => Value::Map(map.iter().map(|(key, shape)| (Key::Int(*key), shape.value())).collect()),
            Self::Tag(tag, shape) => Value::Tag(*tag, Box::new(shape.value())),
        }
    }
}

fn shapes() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Shape::Int),
        (-1_000_000i32..1_000_000).prop_map(|n| Shape::Float(f64::from(n) / 8.0)),
        any::<bool>().prop_map(Shape::Bool),
        Just(Shape::Null),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Shape::Bytes),
        ".{0,40}".prop_map(Shape::Text),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Shape::Array),
            prop::collection::btree_map(any::<i64>(), inner.clone(), 0..6).prop_map(Shape::Map),
            (any::<u64>(), inner).prop_map(|(tag, shape)| Shape::Tag(tag, Box::new(shape))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(shape in shapes()) {
        let bytes = shape.value().to_bytes();
        prop_assert_eq!(Value::parse(&bytes), Ok(shape.value()));
    }

    #[test]
    fn no_part_of_an_item_is_an_item(shape in shapes(), cut in any::<prop::sample::Index>()) {
        let bytes = shape.value().to_bytes();
        prop_assert!(Value::parse(&bytes[..cut.index(bytes.len())]).is_err());
    }

    #[test]
    fn whatever_is_read_means_one_thing(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = Value::parse(&bytes) {
            let written = value.to_bytes();
            prop_assert_eq!(Value::parse(&written), Ok(value));
        }
    }
}
