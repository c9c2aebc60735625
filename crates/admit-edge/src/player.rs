//! The embed page: the same for every visitor, so that a link preview learns nothing and spends nothing. What it
//! shows a video with, it asks for as it asks for the film.

use admit_domain::{
    asset::Asset,
    id::VideoId,
    player::{PARTS, Player, Screen, Theme},
    timed_text::TextKind,
    video::Published,
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, header};
use serde_json::{Map, Value, json};

use crate::edge::Edge;

include!(concat!(env!("OUT_DIR"), "/player_bundle.rs"));

/// Served where the bundle was not there when the binary was built.
const PAGE_WITHOUT_BUNDLE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Video</title>\
    <p>This server was built without its player. \
    Whoever runs it can add the player with <code>make web</code> and build the server again.";

/// Everything comes from this origin. The player fills in styles of its own and plays from blobs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src blob:; font-src 'self'; \
    base-uri 'none'; form-action 'none'";

/// No `X-Frame-Options` among them: being framed is what the page is for.
const PAGE_HEADERS: [(&str, &str); 6] = [
    ("content-type", "text/html; charset=utf-8"),
    ("content-security-policy", POLICY),
    // The address of the page may still carry a credential.
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("x-robots-tag", "noindex"),
    ("x-content-type-options", "nosniff"),
];

impl Edge {
    /// The page of any video; which one, the page reads from its own address. Where the video may be shown on some sites
    /// only, browsers are told which.
    pub(crate) async fn page(&self, video: Option<VideoId>) -> Response<Bytes> {
        let mut page = page();
        // A page for a video that is not there looks like every other.
        let facts = match video {
            Some(video) => self.catalog.published(video).await.ok(),
            None => None,
        };
        if let Some(domains) = facts.as_ref().and_then(|facts| facts.rules.domains.as_ref())
            && let Ok(policy) = HeaderValue::try_from(format!("{POLICY}; frame-ancestors 'self' {}", domains.sources()))
        {
            page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        page
    }
}

fn page() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(PAGE.unwrap_or(PAGE_WITHOUT_BUNDLE).as_bytes()));
    for (name, value) in PAGE_HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// What the page needs to know of a video: its title, its theme and its texts. Addresses of texts are relative, so
/// they inherit the handle.
pub(crate) fn player_json(video: VideoId, facts: &Published, screen: &Screen) -> String {
    let house = Theme::default();
    let theme = screen.player.as_ref().map_or(&house, |player| &player.theme);
    let colours: Map<String, Value> =
        PARTS.iter().zip(&theme.colours).map(|(part, colour)| ((*part).to_owned(), json!(colour))).collect();
    let src = |kind, language| Asset::Text(kind, language).path();
    let captions = facts.texts_of(TextKind::Captions).map(|text| {
        json!({ "srclang": text.language.as_str(), "src": src(text.kind, text.language), "default": text.is_default })
    });
    let chapters = facts
        .texts_of(TextKind::Chapters)
        .map(|text| json!({ "language": text.language.as_str(), "src": src(text.kind, text.language) }));
    let mut page = json!({
        "videoId": video.as_str(),
        "title": screen.title,
        "panoramic": screen.panoramic,
        "mp4": facts.mp4_support && facts.shelf.mp4.is_some(),
        "theme": colours,
        "enableApi": theme.enable_api,
        "enableControls": theme.enable_controls,
        "forceAutoplay": theme.force_autoplay,
        "hideTitle": theme.hide_title,
        "forceLoop": theme.force_loop,
        "captions": captions.collect::<Value>(),
        "chapters": chapters.collect::<Value>(),
    });
    if let Some(logo) = screen.player.as_ref().and_then(logo_json) {
        page["logo"] = logo;
    }
    page.to_string()
}

fn logo_json(player: &Player) -> Option<Value> {
    let logo = player.logo.as_ref()?;
    let mut json = json!({ "src": format!("/player/{}/logo.png", player.id) });
    if let Some(link) = &logo.link {
        json["link"] = json!(link);
    }
    Some(json)
}

/// A file of the bundle by the name the page uses, with its type. The name is made of the content, so the answer
/// may be kept for ever.
pub(crate) fn bundle(name: &str) -> Option<(Bytes, &'static str)> {
    let (_, content, content_type) = BUNDLE.iter().find(|(file, ..)| *file == name)?;
    Some((Bytes::from_static(content), content_type))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_loads_what_the_binary_carries_and_nothing_else() {
        let page = String::from_utf8(page().into_body().to_vec()).expect("the page is text");
        let loaded: Vec<_> = page.split("\"/player/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(loaded.len(), BUNDLE.len());
        for name in loaded {
            assert!(bundle(name).is_some_and(|(content, _)| !content.is_empty()), "{name}");
        }
        assert!(!page.contains("://"));
    }

    #[test]
    fn the_page_may_be_framed_but_not_kept_indexed_or_referred_from() {
        let page = page();
        for (name, value) in PAGE_HEADERS {
            assert_eq!(page.headers().get(name).map(HeaderValue::as_bytes), Some(value.as_bytes()), "{name}");
        }
        assert!(!page.headers().contains_key("x-frame-options"));
    }

    #[test]
    fn other_names_are_no_files_of_the_bundle() {
        for name in ["", "player.js", "index.html", "../index.html", "/etc/passwd"] {
            assert!(bundle(name).is_none(), "{name:?}");
        }
    }
}
