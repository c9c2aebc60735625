//! The closed list of dialects, and what each of them was set to.

use super::{akamai::Options, bunny::Form, template::Template};

/// How a key's credentials are written. Pinned per key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Our own JWT profile.
    Admit,
    Moviie,
    Mux,
    CloudflareStream,
    /// Our own signed URL, in its query form.
    SignedUrl,
    Bunny(Form),
    Akamai(Options),
    CloudFront,
    /// CTA-5007-B.
    Cat,
    /// A hash over what a template says, as many CDNs and web servers do.
    Template(Box<Template>),
}
