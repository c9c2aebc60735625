//! Letters as they are searched and sorted: made plain by us, because the two databases disagree about them.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Letters without case and accents, as tags are searched and sorted.
pub(crate) fn bare(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Letters without their case, as they are searched and sorted.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// The pattern of texts that contain this one; empty when any will do.
pub(crate) fn containing(part: Option<&str>) -> String {
    let Some(part) = part.filter(|part| !part.is_empty()) else { return String::new() };
    let mut pattern = String::from("%");
    for c in folded(part).chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
