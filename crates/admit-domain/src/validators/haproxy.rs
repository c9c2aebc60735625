//! HAProxy: native rules, and lists that its runtime socket can change.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    fill::refused,
    known::{Known, label_field},
    page::Page,
};
use crate::{secret::hex, verdict::Denial};

pub(super) fn pages(known: &Known<'_>) -> Vec<Page> {
    let sessions = known.sessions.iter().map(|id| format!("{id}\n")).collect::<Vec<_>>().concat();
    let gone = known.gone.iter().map(|id| format!("{id}\n")).collect::<Vec<_>>().concat();
    let until = known.until.iter().map(|(id, at)| format!("{id} {at}\n")).collect::<Vec<_>>().concat();
    let until = format!("{until}everything {}\n", known.everything);
    vec![
        Page { name: "admit.cfg", text: known.fill(include_str!("templates/haproxy.cfg"), |name| own(known, name)) },
        Page { name: "admit-sessions.lst", text: sessions },
        Page { name: "admit-gone.lst", text: gone },
        Page { name: "admit-until.map", text: until },
    ]
}

fn own(known: &Known<'_>, name: &str) -> Option<String> {
    match name {
        "label" => Some(hex(&label_field()).to_uppercase()),
        "key_ids" => Some(known.keys().map(|key| format!("{:02X}", key.id)).collect::<Vec<_>>().join(" ")),
        "macs" => Some(macs(known)),
        name => refused(name).map(refuse),
    }
}

/// No string of HAProxy's may be put together of parts with zero bytes, but digits may, and become bytes as escapes do.
fn macs(known: &Known<'_>) -> String {
    let mut lines = Vec::new();
    for key in known.keys() {
        let mut line = String::from("    http-request set-var(txn.admit_right) var(txn.admit_message)");
        // Writing to a string cannot fail.
        let _ = write!(
            line,
            ",regsub([0-9A-F][0-9A-F],%\\0,g),url_dec,hmac(sha256,{}),bytes(0,16),hex if {{ var(txn.admit_key) -m str {} }}",
            STANDARD.encode(key.secret),
            hex(&[key.id]).to_uppercase(),
        );
        lines.push(line);
    }
    lines.join("\n")
}

fn refuse(denial: Denial) -> String {
    let (status, code) = (denial.status(), denial.code());
    format!(
        "http-request return status {status} content-type text/plain string {code} hdr Admit-Reason {code} \
         hdr Cache-Control no-store hdr Access-Control-Allow-Origin * hdr Access-Control-Expose-Headers Admit-Reason"
    )
}
