//! Templates: text with names in double braces, and what stands for them.

use crate::verdict::Denial;

/// Puts for each `{{name}}` what `value` says; a name it does not know stays as it is, for the tests to find.
pub(super) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        match value(name) {
            Some(value) => filled.push_str(&value),
            None => filled.extend(["{{", name, "}}"]),
        }
        rest = after;
    }
    filled + rest
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name, after))
}

/// What validators refuse with: the order in which they judge.
pub(super) const DENIALS: [Denial; 17] = [
    Denial::MethodNotAllowed,
    Denial::NoHandle,
    Denial::NotFound,
    Denial::MalformedHandle,
    Denial::MalformedSignature,
    Denial::UnknownDeliveryKey,
    Denial::OtherVideo,
    Denial::BoundElsewhere,
    Denial::ForgedHandle,
    Denial::ForgedSignature,
    Denial::SessionExpired,
    Denial::SignatureExpired,
    Denial::SessionEnded,
    Denial::VideoGone,
    Denial::MissingRight,
    Denial::CredentialRevoked,
    Denial::CannotKnow,
];

/// What a `{{refuse code}}` asks for.
pub(super) fn refused(name: &str) -> Option<Denial> {
    let code = name.strip_prefix("refuse ")?;
    DENIALS.into_iter().find(|denial| denial.code() == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_and_unknown_ones_stay() {
        let value = |name: &str| (name == "a").then(|| "{{a}}".to_owned());
        assert_eq!(fill("x{{a}}{{b}}y{{a}}", value), "x{{a}}{{b}}y{{a}}");
        assert_eq!(fill("x{{a}}y", |_| Some("1".to_owned())), "x1y");
        assert_eq!(fill("x{{ay", |_| Some("1".to_owned())), "x{{ay");
    }
}
