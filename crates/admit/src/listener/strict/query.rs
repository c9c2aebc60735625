//! Queries are free, because players write odd ones, but a credential in them is given once and under its exact name.

use std::borrow::Cow;

use super::super::refusal::Refusal;

/// The names under which a query may carry what opens a door.
const CREDENTIALS: [&str; 2] = ["token", "avh"];

pub(super) fn check(query: &str) -> Result<(), Refusal> {
    if !query.bytes().all(|c| c.is_ascii_graphic()) {
        return Err(Refusal::QueryBytes);
    }
    let mut seen: [Option<&str>; CREDENTIALS.len()] = [None; CREDENTIALS.len()];
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let meant = decode(key);
        let meant = meant.split('[').next().unwrap_or_default();
        let Some(which) = CREDENTIALS.iter().position(|name| meant.eq_ignore_ascii_case(name)) else { continue };
        let is_other_value = seen[which].is_some_and(|earlier| earlier != value);
        if key != CREDENTIALS[which] || is_other_value {
            return Err(Refusal::QueryAmbiguous);
        }
        seen[which] = Some(value);
    }
    Ok(())
}

/// The key as a forgiving reader would read it. Broken escapes stay as they are.
fn decode(key: &str) -> Cow<'_, str> {
    if !key.contains('%') {
        return Cow::Borrowed(key);
    }
    let mut decoded = String::with_capacity(key.len());
    let mut rest = key;
    while let Some(at) = rest.find('%') {
        decoded.push_str(&rest[..at]);
        let escaped = rest.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(escaped.map_or('%', char::from));
        rest = &rest[at + if escaped.is_some() { 3 } else { 1 }..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_queries_pass() {
        for query in [
            "",
            "&&",
            "token=a",
            "token=a&avh=b",
            "token=a&token=a",
            "token",
            "tokens=1&tokens=2",
            "a=1&a=2",
            "tags[]=x&tags[]=y",
            "id=vi123&token=tok-1&&iframeUrl=http://127.0.0.1/${type}/${id}&hideControls=true",
            "%zz=1",
            "x=%zz",
        ] {
            assert_eq!(check(query), Ok(()), "{query}");
        }
    }

    #[test]
    fn a_credential_has_one_name_and_one_value() {
        for query in
            ["token=a&token=b", "token[]=a", "token[0]=a", "TOKEN=a", "%74oken=a", "tok%65n=a", "avh=1&avh=2", "Avh=1"]
        {
            assert_eq!(check(query), Err(Refusal::QueryAmbiguous), "{query}");
        }
        assert_eq!(check("a=\u{e9}"), Err(Refusal::QueryBytes));
    }
}
