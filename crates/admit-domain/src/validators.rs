//! Validators: the judgement of handles and signed addresses, written in the languages of other servers.
//!
//! A front that is not admit can so protect an origin that is not admit. It judges by a list of what was revoked, as of
//! when it was written: later revocations reach it only with a list that is written anew. What a front cannot evaluate
//! (the values of a bound handle, the rules of a video) it refuses or, for rules, does not know.

mod asset_kind;
mod fill;
mod haproxy;
mod known;
mod page;
mod scripts;
mod vcl;

pub use self::{known::Knowledge, page::Page};
use crate::limits::CLOUDFRONT_FUNCTION_BYTES_MAX;

/// A server for which a validator can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    Nginx,
    Haproxy,
    Varnish,
    /// A CloudFront Function.
    Cloudfront,
    /// A Cloudflare Worker.
    Worker,
    /// VCL for Fastly.
    Fastly,
}

impl Front {
    pub const ALL: [Self; 6] =
        [Self::Nginx, Self::Haproxy, Self::Varnish, Self::Cloudfront, Self::Worker, Self::Fastly];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
            Self::Varnish => "varnish",
            Self::Cloudfront => "cloudfront",
            Self::Worker => "worker",
            Self::Fastly => "fastly",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|front| front.as_str() == text)
    }

    /// Where the front's own machine usually keeps such files. For fronts that are configured elsewhere it is not used.
    pub const fn usual_folder(self) -> &'static str {
        match self {
            Self::Nginx => "/etc/nginx/admit",
            Self::Haproxy => "/etc/haproxy/admit",
            Self::Varnish => "/etc/varnish/admit",
            Self::Cloudfront | Self::Worker | Self::Fastly => "",
        }
    }

    /// Writes the validator. It holds the secrets of the delivery keys, as it must to verify with them.
    pub fn write(self, by: &Knowledge<'_>) -> Result<Vec<Page>, Unwritable> {
        let folder = by.folder.bytes();
        if folder.clone().any(|byte| !byte.is_ascii_alphanumeric() && !b"/._-".contains(&byte)) {
            return Err(Unwritable::Folder);
        }
        let known = known::Known::of(by);
        let pages = match self {
            Self::Nginx => scripts::nginx(&known),
            Self::Haproxy => haproxy::pages(&known),
            Self::Varnish => vcl::varnish(&known),
            Self::Cloudfront => scripts::cloudfront(&known),
            Self::Worker => scripts::worker(&known),
            Self::Fastly => vcl::fastly(&known),
        };
        let is_too_large = |page: &Page| self == Self::Cloudfront && page.text.len() > CLOUDFRONT_FUNCTION_BYTES_MAX;
        if pages.iter().any(is_too_large) { Err(Unwritable::TooLarge) } else { Ok(pages) }
    }
}

/// Why a validator cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    #[error("the function would be larger than CloudFront takes: too many sessions or videos are revoked")]
    TooLarge,
    #[error("the folder's name may have letters, digits, and / . _ - only")]
    Folder,
}

#[cfg(test)]
mod tests;
