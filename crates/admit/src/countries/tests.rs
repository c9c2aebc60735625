//! Databases made here, by the format's specification: a search tree of 24-bit records, a data section and metadata.

use std::{collections::BTreeMap, fs};

use admit_domain::network::Network;

use super::*;

/// A value of the data section, as far as countries need them.
enum Datum {
    Text(&'static str),
    Number(u16),
    /// In its own member of the metadata it must have 32 bits.
    Nodes(u32),
    Time(u64),
    Map(Vec<(&'static str, Datum)>),
    List(Vec<Datum>),
}

impl Datum {
    /// A control byte holds the kind and a length below 29; kinds above 7 stand in a byte of their own.
    fn write(&self, bytes: &mut Vec<u8>) {
        let mut control = |kind: u8, length: usize| {
            let length = u8::try_from(length).ok().filter(|length| *length < 29).expect("a short datum");
            if kind > 7 { bytes.extend([length, kind - 7]) } else { bytes.push(kind << 5 | length) }
        };
        match self {
            Self::Text(text) => {
                control(2, text.len());
                bytes.extend(text.as_bytes());
            }
            Self::Number(number) => {
                control(5, 2);
                bytes.extend(number.to_be_bytes());
            }
            Self::Nodes(number) => {
                control(6, 4);
                bytes.extend(number.to_be_bytes());
            }
            Self::Time(number) => {
                control(9, 8);
                bytes.extend(number.to_be_bytes());
            }
            Self::Map(members) => {
                control(7, members.len());
                for (name, value) in members {
                    Self::Text(name).write(bytes);
                    value.write(bytes);
                }
            }
            Self::List(items) => {
                control(11, items.len());
                for item in items {
                    item.write(bytes);
                }
            }
        }
    }
}

/// A branch of the tree: further on, to a datum, or nowhere.
#[derive(Clone, Copy)]
enum Record {
    Nowhere,
    Node(usize),
    Datum(usize),
}

/// A database of IPv6 networks; IPv4 ones lie in `::/96`. No network of the list may lie within another.
fn database(networks: &[(&str, Datum)]) -> Vec<u8> {
    let (mut nodes, mut data) = (vec![[Record::Nowhere; 2]], Vec::new());
    for (text, datum) in networks {
        let network: Network = text.parse().expect("a network");
        let (bits, length) = match network.base() {
            IpAddr::V4(v4) => (u128::from(v4.to_bits()), network.prefix() + 96),
            IpAddr::V6(v6) => (v6.to_bits(), network.prefix()),
        };
        let side = |depth: u8| usize::from(bits >> (127 - depth) & 1 == 1);
        let mut at = 0;
        for depth in 0..length - 1 {
            at = match nodes[at][side(depth)] {
                Record::Node(next) => next,
                Record::Nowhere => {
                    nodes.push([Record::Nowhere; 2]);
                    let next = nodes.len() - 1;
                    nodes[at][side(depth)] = Record::Node(next);
                    next
                }
                Record::Datum(_) => panic!("{text} lies within another network"),
            };
        }
        nodes[at][side(length - 1)] = Record::Datum(data.len());
        datum.write(&mut data);
    }
    let mut bytes = Vec::new();
    for record in nodes.iter().flatten() {
        // Sixteen zeros lie between the tree and the data, and count.
        let value = match record {
            Record::Nowhere => nodes.len(),
            Record::Node(next) => *next,
            Record::Datum(offset) => nodes.len() + 16 + offset,
        };
        bytes.extend(&u32::try_from(value).expect("a small tree").to_be_bytes()[1..]);
    }
    bytes.extend([0; 16]);
    bytes.append(&mut data);
    bytes.extend(b"\xab\xcd\xefMaxMind.com");
    metadata(u32::try_from(nodes.len()).expect("a small tree")).write(&mut bytes);
    bytes
}

fn metadata(nodes: u32) -> Datum {
    Datum::Map(vec![
        ("binary_format_major_version", Datum::Number(2)),
        ("binary_format_minor_version", Datum::Number(0)),
        ("build_epoch", Datum::Time(1_796_083_200)),
        ("database_type", Datum::Text("Test-Country")),
        ("description", Datum::Map(vec![("en", Datum::Text("a handful of networks"))])),
        ("ip_version", Datum::Number(6)),
        ("languages", Datum::List(vec![Datum::Text("en")])),
        ("node_count", Datum::Nodes(nodes)),
        ("record_size", Datum::Number(24)),
    ])
}

fn country(code: &'static str) -> Datum {
    let names = Datum::Map(vec![("en", Datum::Text("a name"))]);
    let country = Datum::Map(vec![("names", names), ("iso_code", Datum::Text(code))]);
    Datum::Map(vec![("continent", Datum::Map(vec![("code", Datum::Text("EU"))])), ("country", country)])
}

fn opened(bytes: &[u8]) -> Result<Arc<CountryOf>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("countries.mmdb");
    fs::write(&path, bytes).expect("a file");
    open(Some(&path))
}

fn handful() -> Vec<u8> {
    database(&[
        ("10.0.0.0/8", Datum::Map(vec![("continent", Datum::Map(vec![("code", Datum::Text("EU"))]))])),
        ("192.0.2.0/24", country("FR")),
        ("198.51.100.0/25", country("BE")),
        ("198.51.100.128/32", country("CH")),
        ("203.0.113.0/24", country("EU")),
        ("2001:db8::/32", country("DE")),
        ("2001:db9:0:1::/64", country("XK")),
    ])
}

#[test]
fn addresses_are_in_the_country_of_their_network() {
    let country_of = opened(&handful()).expect("a database");
    let expected = BTreeMap::from([
        ("192.0.2.0", Some("FR")),
        ("192.0.2.255", Some("FR")),
        ("192.0.3.0", None),
        ("::ffff:192.0.2.9", Some("FR")),
        ("198.51.100.127", Some("BE")),
        ("198.51.100.128", Some("CH")),
        ("198.51.100.129", None),
        ("2001:db8:ffff::1", Some("DE")),
        ("2001:db9:0:1::9", Some("XK")),
        ("2001:db9:0:2::9", None),
        ("10.0.0.1", None),
        ("203.0.113.1", None),
        ("8.8.8.8", None),
        ("::1", None),
    ]);
    for (address, code) in expected {
        let found = country_of(address.parse().expect("an address"));
        assert_eq!(found.map(Country::as_str), code, "{address}");
    }
}

#[test]
fn without_a_database_no_country_is_known() {
    let country_of = open(None).expect("nothing to open");
    assert_eq!(country_of("192.0.2.7".parse().expect("an address")), None);
}

#[test]
fn what_is_no_database_of_countries_is_refused_at_the_start() {
    let sound = handful();
    let owners = database(&[("192.0.2.0/24", Datum::Map(vec![("autonomous_system_number", Datum::Nodes(64_496))]))]);
    for (bytes, complaint) in [
        (&b""[..], "no MaxMind database"),
        (b"<html>", "no MaxMind database"),
        (&sound[..sound.len() - 200], "no MaxMind database"),
        (&owners, "names no countries"),
    ] {
        let error = format!("{:#}", opened(bytes).err().expect(complaint));
        assert!(error.contains("cannot use access.country_database") && error.contains(complaint), "{error}");
    }
    let error = format!("{:#}", open(Some(Path::new("/nowhere/countries.mmdb"))).err().expect("no file"));
    assert!(error.contains("/nowhere/countries.mmdb") && error.contains("No such file"), "{error}");
}

/// A file that was cut or spoilt in any place answers or is refused, and takes nobody down.
#[test]
fn a_spoilt_database_is_refused_or_knows_less() {
    let sound = handful();
    for at in 0..sound.len() {
        for spoilt in [0x00, 0xff, sound[at] ^ 0x20] {
            let mut bytes = sound.clone();
            bytes[at] = spoilt;
            let Ok(reader) = understand(bytes) else { continue };
            for address in ["192.0.2.7", "198.51.100.128", "2001:db8::1", "8.8.8.8"] {
                let _ = country_of(&reader, address.parse().expect("an address"));
            }
        }
    }
}
