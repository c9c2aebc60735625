//! Filters and order of a list of videos, in the three ways clients write arrays into a query.

use admit_db::videos::{Filter, Order, Sort, SortBy};

use crate::error::ApiError;

/// The decoded pairs of a query, in order.
pub fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

/// The last value a query gives a name.
pub fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn order(pairs: &[(String, String)], unsaid: Order) -> Result<Order, ApiError> {
    match find(pairs, "sortOrder") {
        None => Ok(unsaid),
        Some("desc") => Ok(Order::Descending),
        Some("asc") => Ok(Order::Ascending),
        Some(_) => Err(ApiError::invalid_query("sortOrder")),
    }
}

/// Reads filters: `title`, `description`, `tags[]=a` or `tags[0]=a` or `tags=a`, `metadata[k]=v`.
pub fn filter(pairs: &[(String, String)]) -> Filter {
    let mut filter = Filter::default();
    for (key, value) in pairs {
        match (key.as_str(), array_index(key)) {
            ("title", _) => filter.title = Some(value.clone()),
            ("description", _) => filter.description = Some(value.clone()),
            ("tags", _) | (_, Some(("tags", _))) => filter.tags.push(value.clone()),
            (_, Some(("metadata", index))) => filter.metadata.push((index.to_owned(), value.clone())),
            _ => {}
        }
    }
    filter
}

/// Reads `sortBy` and `sortOrder` of a list of videos; newest first when nothing is said.
pub fn sort(pairs: &[(String, String)]) -> Result<Sort, ApiError> {
    let columns = [
        ("createdAt", SortBy::CreatedAt),
        ("title", SortBy::Title),
        ("publishedAt", SortBy::PublishedAt),
        ("updatedAt", SortBy::UpdatedAt),
    ];
    let (by, order) = sort_among(pairs, &columns, Order::Descending)?;
    Ok(Sort { by, order })
}

/// Reads `sortBy`, which is one of these names, and `sortOrder`; the first, in the `unsaid` order, when nothing is said.
pub fn sort_among<T: Copy>(
    pairs: &[(String, String)],
    columns: &[(&str, T)],
    unsaid: Order,
) -> Result<(T, Order), ApiError> {
    let wanted = find(pairs, "sortBy");
    let by = columns.iter().find(|(name, _)| wanted.is_none_or(|wanted| wanted == *name));
    let (_, by) = by.ok_or_else(|| ApiError::invalid_query("sortBy"))?;
    Ok((*by, order(pairs, unsaid)?))
}

/// Nothing of ours comes from a live stream yet, so a list of such videos is empty.
pub fn wants_live_streams(pairs: &[(String, String)]) -> bool {
    pairs.iter().any(|(key, _)| key == "liveStreamId")
}

/// `name[index]` taken apart.
fn array_index(key: &str) -> Option<(&str, &str)> {
    key.strip_suffix(']')?.split_once('[')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_come_in_three_spellings() {
        for query in ["tags%5B%5D=a&tags%5B%5D=b", "tags[0]=a&tags[1]=b", "tags=a&tags=b"] {
            assert_eq!(filter(&pairs(Some(query))).tags, ["a", "b"], "{query}");
        }
        let filter = filter(&pairs(Some("metadata%5Bcolour%5D=red&title=x%20y")));
        assert_eq!(filter.metadata, [("colour".to_owned(), "red".to_owned())]);
        assert_eq!(filter.title.as_deref(), Some("x y"));
    }
}
