//! VCL: Varnish, which needs a page of C, and Fastly's dialect, which does not.

use super::{
    asset_kind,
    fill::{DENIALS, refused},
    known::{Known, label_field},
    page::Page,
};
use crate::secret::hex;

/// Of the numbers that Fastly leaves to its customers, the one that the template looks for.
const FASTLY_ERROR: u16 = 618;

pub(super) fn varnish(known: &Known<'_>) -> Vec<Page> {
    let c = known.fill(include_str!("templates/varnish.c"), |name| in_c(known, name));
    let text = known.fill(include_str!("templates/varnish.vcl"), |name| (name == "c").then(|| c.trim_end().to_owned()));
    vec![Page { name: "admit.vcl", text }]
}

pub(super) fn fastly(known: &Known<'_>) -> Vec<Page> {
    let text = known.fill(include_str!("templates/fastly.vcl"), |name| in_fastly(known, name));
    vec![Page { name: "admit-fastly.vcl", text }]
}

fn in_c(known: &Known<'_>, name: &str) -> Option<String> {
    let strings = |all: &[&str]| list(all.iter().map(quoted));
    // An array of C has at least one element; no id is empty, and an empty one is the first of a sorted list.
    let ids = |ids: Vec<String>| list(std::iter::once(quoted(&"")).chain(ids.iter().map(quoted)));
    match name {
        "c_keys" => Some(list(known.keys().map(|key| {
            let (inner, outer) = key.blocks();
            format!("{{ {}, {{ {} }}, {{ {} }} }}", key.id, list(inner.iter()), list(outer.iter()))
        }))),
        "c_sessions" => Some(ids(known.sessions.iter().map(ToString::to_string).collect())),
        "c_gone" => Some(ids(known.gone.iter().map(ToString::to_string).collect())),
        "c_until" => {
            let cuts = known.until.iter().map(|(id, at)| format!("{{ \"{id}\", {at}LL }}"));
            Some(list(std::iter::once("{ \"\", 0 }".to_owned()).chain(cuts)))
        }
        "everything" => Some(known.everything.to_string()),
        "c_pictures" => Some(strings(&asset_kind::PICTURES)),
        "c_stream" => Some(strings(&asset_kind::STREAM)),
        "c_statuses" => {
            Some(list(DENIALS.iter().map(|denial| format!("{{ \"{}\", \"{}\" }}", denial.code(), denial.status()))))
        }
        _ => None,
    }
}

fn in_fastly(known: &Known<'_>, name: &str) -> Option<String> {
    let table = |pairs: Vec<(String, String)>| list(pairs.iter().map(|(key, value)| format!("\"{key}\": \"{value}\"")));
    let named = |ids: Vec<String>| table(ids.into_iter().map(|id| (id, "1".to_owned())).collect());
    match name {
        "f_sessions" => Some(named(known.sessions.iter().map(ToString::to_string).collect())),
        "f_gone" => Some(named(known.gone.iter().map(ToString::to_string).collect())),
        "f_until" => {
            let cuts = known.until.iter().map(|(id, at)| (id.to_string(), at.to_string()));
            let everything = [("everything".to_owned(), known.everything.to_string())];
            Some(table(cuts.chain(everything).collect()))
        }
        "label" => Some(hex(&label_field()).to_uppercase()),
        "key_ids_or" => Some(known.keys().map(|key| format!("{:02X}", key.id)).collect::<Vec<_>>().join("|")),
        "macs" => Some(fastly_macs(known)),
        name => {
            let denial = refused(name)?;
            let (code, status) = (denial.code(), denial.status());
            Some(format!("set req.http.Admit-Reason = \"{code}\"; error {FASTLY_ERROR} \"{status}\";"))
        }
    }
}

fn fastly_macs(known: &Known<'_>) -> String {
    let mac = known.keys().map(|key| {
        let (inner, outer) = key.blocks();
        format!(
            "  if (var.key == \"{id:02X}\") {{\n    \
             set var.right = digest.hash_sha256_from_base64(bin.hex_to_base64(\"{inner}\" var.message));\n    \
             set var.right = digest.hash_sha256_from_base64(bin.hex_to_base64(\"{outer}\" var.right));\n    \
             set var.right = std.toupper(substr(var.right, 0, 32));\n  }}",
            id = key.id,
            inner = hex(&inner),
            outer = hex(&outer),
        )
    });
    mac.collect::<Vec<_>>().join("\n")
}

fn quoted(text: &impl std::fmt::Display) -> String {
    format!("\"{text}\"")
}

fn list<T: std::fmt::Display>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
