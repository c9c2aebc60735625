//! Pages of a list, as api.video counts and links them.

use admit_domain::limits::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{ApiError, OutOf};

/// A list and where in it we are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct List<T> {
    pub data: Vec<T>,
    pub pagination: Pagination,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    pub current_page: u32,
    pub page_size: u32,
    pub pages_total: u32,
    pub items_total: u32,
    pub current_page_items: u32,
    pub links: Vec<Link>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Link {
    pub rel: &'static str,
    pub uri: String,
}

/// The page a caller asks for; numbers from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub number: u32,
    pub size: u32,
}

impl Page {
    /// Reads `currentPage` and `pageSize` from decoded query pairs.
    pub fn of(pairs: &[(String, String)]) -> Result<Self, ApiError> {
        Ok(Self {
            number: number(pairs, "currentPage", 1, OutOf { min: Some(1), max: None })?,
            size: number(pairs, "pageSize", PAGE_SIZE_DEFAULT, OutOf { min: Some(1), max: Some(PAGE_SIZE_MAX) })?,
        })
    }

    /// The items of this page, of a list that is short enough to be held whole.
    pub fn cut<T>(self, all: impl Iterator<Item = T>) -> Vec<T> {
        all.skip(self.number.saturating_sub(1).saturating_mul(self.size) as usize).take(self.size as usize).collect()
    }

    /// Wraps the items of this page of the list at `path`.
    pub fn wrap<T>(self, path: &str, data: Vec<T>, items_total: u64) -> List<T> {
        let items_total = u32::try_from(items_total).unwrap_or(u32::MAX);
        let pages_total = items_total.div_ceil(self.size).max(1);
        let link = |rel, number: u32| {
            let uri = format!("{path}?currentPage={number}&pageSize={}", self.size);
            Link { rel, uri }
        };
        let mut links = vec![link("self", self.number), link("first", 1)];
        if self.number > 1 {
            links.push(link("previous", self.number - 1));
        }
        if self.number < pages_total {
            links.push(link("next", self.number + 1));
        }
        links.push(link("last", pages_total));
        let pagination = Pagination {
            current_page: self.number,
            page_size: self.size,
            pages_total,
            items_total,
            current_page_items: u32::try_from(data.len()).unwrap_or(u32::MAX),
            links,
        };
        List { data, pagination }
    }
}

fn number(pairs: &[(String, String)], name: &'static str, default: u32, range: OutOf) -> Result<u32, ApiError> {
    let Some((_, text)) = pairs.iter().rev().find(|(key, _)| key == name) else { return Ok(default) };
    let number: i64 = text.parse().map_err(|_| ApiError::invalid_query(name))?;
    let number = u32::try_from(number).map_err(|_| ApiError::out_of_range(name, range))?;
    let inside = range.min.is_none_or(|min| number >= min) && range.max.is_none_or(|max| number <= max);
    if inside { Ok(number) } else { Err(ApiError::out_of_range(name, range)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_exist_only_where_they_lead_somewhere() {
        let rels = |number, total| {
            let list = Page { number, size: 10 }.wrap("/videos", vec![(); 3], total);
            (list.pagination.pages_total, list.pagination.links.iter().map(|link| link.rel).collect::<Vec<_>>())
        };
        assert_eq!(rels(1, 0), (1, vec!["self", "first", "last"]));
        assert_eq!(rels(1, 25), (3, vec!["self", "first", "next", "last"]));
        assert_eq!(rels(2, 25), (3, vec!["self", "first", "previous", "next", "last"]));
        assert_eq!(rels(3, 25), (3, vec!["self", "first", "previous", "last"]));
    }
}
