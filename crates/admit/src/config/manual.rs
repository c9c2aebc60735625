//! `admit.toml` is the manual: it must name every setting, its default and its variable, and nothing else.

use confique::{
    Config as _,
    meta::{FieldKind, LeafKind, Meta},
};

use super::sections::Config;

const MANUAL: &str = include_str!("../../../../admit.toml");

/// One setting as the code has it: section, key, default as JSON, and environment variable.
struct Setting {
    section: &'static str,
    key: &'static str,
    default: Option<serde_json::Value>,
    variable: Option<&'static str>,
}

fn settings() -> Vec<Setting> {
    let sections = Config::META.fields.iter().flat_map(|section| match section.kind {
        FieldKind::Nested { meta } => leaves(section.name, meta),
        FieldKind::Leaf { .. } => panic!("{} is in no section", section.name),
    });
    sections.collect()
}

fn leaves(section: &'static str, meta: &Meta) -> Vec<Setting> {
    let leaf = |field: &confique::meta::Field| {
        let FieldKind::Leaf { env: variable, kind } = field.kind else { panic!("{} has sections", field.name) };
        let default = match kind {
            LeafKind::Required { default } => Some(serde_json::to_value(default.expect("a default")).unwrap()),
            LeafKind::Optional => None,
        };
        Setting { section, key: field.name, default, variable }
    };
    meta.fields.iter().map(leaf).collect()
}

/// The manual with the settings that have no default switched on, by their example.
fn with_examples() -> String {
    let mut text = String::new();
    for line in MANUAL.lines() {
        let example = line.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        text.push_str(example.unwrap_or(line));
        text.push('\n');
    }
    text
}

fn parsed(text: &str) -> serde_json::Value {
    let table: toml::Table = text.parse().unwrap();
    serde_json::to_value(table).unwrap()
}

#[test]
fn the_manual_sets_exactly_the_defaults() {
    let manual = parsed(MANUAL);
    for Setting { section, key, default, .. } in settings() {
        assert_eq!(manual.pointer(&format!("/{section}/{key}")), default.as_ref(), "{section}.{key}");
    }
}

#[test]
fn the_manual_names_every_setting_and_no_other() {
    let named = parsed(&with_examples());
    let named = named
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(section, keys)| keys.as_object().unwrap().keys().map(move |key| format!("{section}.{key}")));
    let mut named: Vec<_> = named.collect();
    let mut known: Vec<_> = settings().iter().map(|setting| format!("{}.{}", setting.section, setting.key)).collect();
    named.sort();
    known.sort();
    assert_eq!(named, known);
}

#[test]
fn the_manual_names_every_variable() {
    for Setting { section, key, variable, .. } in settings() {
        let variable = variable.unwrap_or_else(|| panic!("{section}.{key} has no variable"));
        assert!(variable.starts_with("ADMIT_"), "{variable}");
        assert!(MANUAL.contains(variable), "{variable} is not in the manual");
    }
}

#[test]
fn the_examples_are_settings_one_can_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("example.toml");
    std::fs::write(&path, with_examples()).unwrap();
    let flags = super::Flags { config: Some(path), ..super::Flags::default() };
    let config = super::load(flags).unwrap();
    assert_eq!(config.server.public_url.unwrap().as_str(), "https://video.example.org");
}
