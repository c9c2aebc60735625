//! Access rules as customers write them, and as they are stored: JSON, read strictly.

mod read;
#[cfg(test)]
mod tests;
mod wire;

use admit_domain::rules::Rules;

use self::read::Bounds;
pub(crate) use self::wire::AccessRulesBody;
use crate::error::ApiError;

/// Reads what a customer demands. All faults at once, each by the name of its member.
pub(crate) fn read(body: &[u8]) -> Result<Rules, ApiError> {
    read::rules(body, Bounds::OfCustomers)
}

/// The rules as text, to be stored. Equal rules have equal texts.
pub(crate) fn to_text(rules: &Rules) -> Result<String, ApiError> {
    serde_json::to_string(&AccessRulesBody::of(rules)).map_err(|error| ApiError::internal(&error))
}

/// Reads what [`to_text`] wrote. Text that it cannot have written is a fault of the house, and opens nothing.
pub(crate) fn from_text(text: &str) -> Result<Rules, ApiError> {
    read::rules(text.as_bytes(), Bounds::None).map_err(|_| ApiError::internal(&"stored access rules cannot be read"))
}
