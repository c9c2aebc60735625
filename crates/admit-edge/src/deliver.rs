//! One asset, top to bottom: ask, gate, permit, bytes, reply.

use std::{ops::Range, sync::Arc};

use admit_domain::{
    asset::Asset,
    gate::{Admitted, Ask, Carriage, Permit},
    id::VideoId,
    image::Format,
    limits::{SENT_FROM_FILE_BYTES_MIN, STREAM_SLICE_BYTES},
    object_key::ObjectKey,
    playlist::{dash, hls, vtt},
    presentation::Presentation,
    time::Timestamp,
    timed_text::TextKind,
    verdict::Denial,
    video::{Ingest, Published},
};
use admit_objects::{ObjectError, Reader};
use http::{HeaderValue, Response, StatusCode, header, request::Parts};

use crate::{
    body::{Judged, Watched},
    catalog::unreadable,
    edge::Edge,
    encrypted::encrypted,
    player::player_json,
    reply::{Body, asset_headers, empty, full, head, insert, open_to_all_origins},
    shelf::FilePart,
};

/// Bytes of an object that make up an asset.
struct Window {
    key: ObjectKey,
    /// None is the whole object.
    range: Option<Range<u64>>,
}

impl Edge {
    /// By session: the handle is judged before anything else is looked at.
    pub(crate) async fn by_handle(
        &self,
        parts: &Parts,
        handle: &str,
        video: VideoId,
        asset: Asset,
        now: Timestamp,
    ) -> Result<Response<Body>, Denial> {
        self.by(parts, Ask { video, asset, carriage: Carriage::Handle(handle), visitor: self.visitor(parts) }, now)
            .await
    }

    /// By signed address: the same, without a session.
    pub(crate) async fn by_signature(
        &self,
        parts: &Parts,
        signature: &str,
        video: VideoId,
        asset: Asset,
        now: Timestamp,
    ) -> Result<Response<Body>, Denial> {
        self.by(parts, Ask { video, asset, carriage: Carriage::Signed(signature), visitor: self.visitor(parts) }, now)
            .await
    }

    async fn by(&self, parts: &Parts, ask: Ask<'_>, now: Timestamp) -> Result<Response<Body>, Denial> {
        let (permit, facts) = self.judge(parts, &ask, now).await?;
        let response = self.deliver(parts, &ask, &permit, &facts).await?;
        Ok(self.kept(parts, &ask, &facts, response))
    }

    /// Keeps the answer for others, unless it names things by where it was asked for, or has lost its body to a HEAD.
    fn kept(&self, parts: &Parts, ask: &Ask<'_>, facts: &Arc<Published>, response: Response<Body>) -> Response<Body> {
        if parts.method != http::Method::GET || base_elsewhere(ask, parts).is_some() {
            return response;
        }
        self.catalog.answers().keep(ask, facts, response)
    }

    /// The gate's word and the rules', and the facts: whoever shows nothing of worth makes nobody look them up.
    pub(crate) async fn judge(
        &self,
        parts: &Parts,
        ask: &Ask<'_>,
        now: Timestamp,
    ) -> Result<(Permit, Arc<Published>), Denial> {
        let admitted = self.gate.load().admit(ask, now)?;
        let facts = self.catalog.published(ask.video).await?;
        let permit = self.under(parts, admitted, ask, &facts, now)?;
        Ok((permit, facts))
    }

    /// The gate's word on the ask, and then the rules'.
    pub(crate) fn permit(
        &self,
        parts: &Parts,
        ask: &Ask<'_>,
        facts: &Published,
        now: Timestamp,
    ) -> Result<Permit, Denial> {
        let admitted = self.gate.load().admit(ask, now)?;
        self.under(parts, admitted, ask, facts, now)
    }

    fn under(
        &self,
        parts: &Parts,
        admitted: Admitted,
        ask: &Ask<'_>,
        facts: &Published,
        now: Timestamp,
    ) -> Result<Permit, Denial> {
        self.heed((parts, now), ask.video, self.gate.load().under(admitted, facts, &ask.visitor, now))
    }

    /// Without a session: the video must be public.
    pub(crate) async fn openly(
        &self,
        parts: &Parts,
        video: VideoId,
        asset: Asset,
        now: Timestamp,
    ) -> Result<Response<Body>, Denial> {
        let facts = self.catalog.published(video).await?;
        let carriage = Carriage::Open(facts.visibility_of(asset));
        let ask = Ask { video, asset, carriage, visitor: self.visitor(parts) };
        let permit = self.permit(parts, &ask, &facts, now)?;
        let response = self.deliver(parts, &ask, &permit, &facts).await?;
        Ok(self.kept(parts, &ask, &facts, response))
    }

    /// What was permitted, as bytes.
    pub(crate) async fn deliver(
        &self,
        parts: &Parts,
        ask: &Ask<'_>,
        permit: &Permit,
        facts: &Published,
    ) -> Result<Response<Body>, Denial> {
        if let Some(not_yet) = self.not_servable(facts, ask.asset)? {
            return Ok(not_yet);
        }
        self.sit(permit, facts).await?;
        if let Some(origin) = self.upstream.as_ref().filter(|_| ask.asset == Asset::HlsMaster) {
            return Ok(moved(&origin.entry(ask)));
        }
        if let Some(base) = base_elsewhere(ask, parts)
            && matches!(ask.asset, Asset::DashManifest | Asset::StoryboardVtt)
        {
            return Ok(moved(&format!("{base}{}", ask.asset.path())));
        }
        let window = match ask.asset {
            Asset::PlayerJson => {
                let screen = self.catalog.control().screen(ask.video).await?.ok_or(Denial::NotFound)?;
                return Ok(text_answer(&ask.asset, player_json(ask.video, facts, &screen)));
            }
            Asset::Mp4 => whole(facts.shelf.mp4.map(|edition| ObjectKey::Mp4 { video: ask.video, edition }))?,
            Asset::Thumbnail => {
                whole(facts.shelf.thumbnail.map(|edition| ObjectKey::Thumbnail { video: ask.video, edition }))?
            }
            Asset::Text(kind, language) => {
                whole(facts.text(kind, &language).map(|text| ObjectKey::of_text(ask.video, text)))?
            }
            Asset::Key(number) => return self.key(&ask.asset, permit, (facts, number)).await,
            _ => {
                let edition = facts.shelf.presentation.ok_or(Denial::NotFound)?;
                let presentation = self.catalog.presentation(permit, edition).await?;
                if let Some(text) = rendered(&presentation, facts, ask, parts) {
                    return Ok(text_answer(&ask.asset, text));
                }
                window_of(&presentation, ask)?
            }
        };
        match (ask.asset, &facts.encryption, window.range.clone()) {
            (Asset::Segment(_, index), Some(encryption), Some(range)) => {
                let bytes = encrypted(&self.catalog, permit, (&window.key, range), (encryption, index)).await?;
                // Other bytes than the segment's own, so another name.
                let sealed = etag(&window.key, &ask.asset).replacen('"', "\"e.", 1);
                let (mut response, part) = head(parts, &ask.asset, &sealed, bytes.len() as u64);
                if let Some(part) = part {
                    let part = usize::try_from(part.start).unwrap_or(0)..usize::try_from(part.end).unwrap_or(0);
                    *response.body_mut() = full(bytes.slice(part));
                }
                Ok(response)
            }
            _ => self.bytes(parts, (ask, facts), permit, window).await,
        }
    }

    /// Whether a film is there, is another origin's to say.
    pub(crate) fn not_servable(&self, facts: &Published, asset: Asset) -> Result<Option<Response<Body>>, Denial> {
        if self.upstream.is_some() && asset == Asset::HlsMaster { Ok(None) } else { not_servable(facts, asset) }
    }

    /// A key to some segments; only whoever may fetch those comes here.
    async fn key(
        &self,
        asset: &Asset,
        permit: &Permit,
        (facts, number): (&Published, u32),
    ) -> Result<Response<Body>, Denial> {
        let encryption = facts.encryption.as_ref().ok_or(Denial::NotFound)?;
        let edition = facts.shelf.presentation.ok_or(Denial::NotFound)?;
        let presentation = self.catalog.presentation(permit, edition).await?;
        let longest = presentation.tracks.iter().map(|track| track.segments.len()).max();
        let last = longest.and_then(|count| u32::try_from(count.checked_sub(1)?).ok()).ok_or(Denial::NotFound)?;
        if number > encryption.key_of(last) {
            return Err(Denial::NotFound);
        }
        self.key_counts.count(permit, (self.now)())?;
        let key = encryption.key(number);
        let mut response = Response::new(full(key.to_vec()));
        asset_headers(response.headers_mut(), asset);
        response.headers_mut().insert(header::CONTENT_LENGTH, key.len().into());
        Ok(response)
    }

    async fn bytes(
        &self,
        parts: &Parts,
        (ask, facts): (&Ask<'_>, &Published),
        permit: &Permit,
        window: Window,
    ) -> Result<Response<Body>, Denial> {
        let reader = self.catalog.reader();
        let broken = |error| unreadable(&error, &window.key);
        let whole = match &window.range {
            Some(range) => range.clone(),
            None => 0..reader.size(permit, &window.key).await.map_err(broken)?,
        };
        let len = whole.end - whole.start;
        let etag = etag(&window.key, &ask.asset);
        let (mut response, part) = head(parts, &ask.asset, &etag, len);
        if ask.asset == Asset::Thumbnail {
            let kind = kind_of_poster(reader, permit, &window.key, len).await.map_err(broken)?;
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        if let Some(part) = part.filter(|part| parts.method != http::Method::HEAD && part.start < part.end) {
            let range = whole.start + part.start..whole.start + part.end;
            if part == (0..len)
                && len >= SENT_FROM_FILE_BYTES_MIN
                && let Ok(Some(file)) = reader.file(permit, &window.key).await
            {
                response.extensions_mut().insert(FilePart { file, range: range.clone() });
            }
            let mut slices = reader.open(permit, &window.key, Some(range)).await.map_err(broken)?;
            if parts.version == http::Version::HTTP_2 {
                slices = slices.in_slices_of(STREAM_SLICE_BYTES);
            }
            let watched = Watched { permit: *permit, seat: permit.takes_seat(facts), edge: self.clone() };
            *response.body_mut() = Judged::new(slices, watched).into_body();
        }
        Ok(response)
    }
}

/// A poster is called what it is, whatever its address ends with: the customer may have sent any of three kinds.
async fn kind_of_poster(
    reader: &Reader,
    permit: &Permit,
    key: &ObjectKey,
    bytes: u64,
) -> Result<&'static str, ObjectError> {
    let mut head = reader.open(permit, key, Some(0..bytes.min(Format::TELLING_BYTES))).await?;
    let head = head.next().await?.unwrap_or_default();
    Ok(Format::of(&head).map_or(Asset::Thumbnail.content_type(), Format::content_type))
}

/// Answers that spend nothing: the manifest of a film still in the making is 202, what is not there is 404.
fn not_servable(facts: &Published, asset: Asset) -> Result<Option<Response<Body>>, Denial> {
    let there = match asset {
        Asset::Mp4 => facts.mp4_support && facts.shelf.mp4.is_some(),
        Asset::Thumbnail => facts.shelf.thumbnail.is_some(),
        Asset::Text(kind, language) => facts.text(kind, &language).is_some(),
        Asset::PlayerJson => true,
        // DASH has no word for segments that are encrypted whole.
        Asset::DashManifest if facts.encryption.is_some() => return Err(Denial::NotFound),
        Asset::Subtitles(language) => {
            facts.shelf.presentation.is_some() && facts.text(TextKind::Captions, &language).is_some()
        }
        _ => facts.shelf.presentation.is_some(),
    };
    match asset {
        _ if there => Ok(None),
        Asset::HlsMaster | Asset::DashManifest if facts.ingest != Ingest::Failed => {
            let mut response = Response::new(empty());
            *response.status_mut() = StatusCode::ACCEPTED;
            asset_headers(response.headers_mut(), &asset);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            Ok(Some(response))
        }
        _ => Err(Denial::NotFound),
    }
}

/// The assets that are text, made for this request and stored nowhere.
fn rendered(presentation: &Presentation, facts: &Published, ask: &Ask<'_>, parts: &Parts) -> Option<String> {
    let captions = facts.texts_of(TextKind::Captions);
    match ask.asset {
        Asset::HlsMaster => {
            let base = base_elsewhere(ask, parts).map(|base| base + "hls/").unwrap_or_default();
            Some(hls::master(presentation, captions, &base))
        }
        Asset::HlsMedia(name) => hls::media(presentation, &name, facts.encryption.as_ref()),
        Asset::DashManifest => Some(dash::manifest(presentation, captions)),
        Asset::Subtitles(language) => Some(hls::subtitles(presentation, &language)),
        Asset::StoryboardVtt => presentation.storyboard.as_ref().map(vtt::storyboard),
        _ => None,
    }
}

/// Below a session relative addresses inherit the handle. At the address of a credential they would inherit the
/// credential, and at other services' addresses nothing at all: there the children are addressed where they live.
fn base_elsewhere(ask: &Ask<'_>, parts: &Parts) -> Option<String> {
    let path = parts.uri.path();
    match ask.carriage {
        Carriage::Handle(handle) if !path.starts_with("/s/") => Some(format!("/s/{handle}/{}/", ask.video)),
        Carriage::Open(_) if !path.starts_with("/vod/") => Some(format!("/vod/{}/", ask.video)),
        _ => None,
    }
}

/// To where the relative addresses in an answer mean what they say.
fn moved(location: &str) -> Response<Body> {
    let mut response = Response::new(empty());
    *response.status_mut() = StatusCode::FOUND;
    let headers = response.headers_mut();
    insert(headers, header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    open_to_all_origins(headers);
    response
}

fn window_of(presentation: &Presentation, ask: &Ask<'_>) -> Result<Window, Denial> {
    let video = ask.video;
    match ask.asset {
        Asset::Init(name) | Asset::Segment(name, _) => {
            let track = presentation.track(&name).ok_or(Denial::NotFound)?;
            let bytes = match ask.asset {
                Asset::Segment(_, index) => track.segment(index as usize).ok_or(Denial::NotFound)?,
                _ => track.init,
            };
            let key = ObjectKey::Track { video, track: name, edition: track.edition };
            Ok(Window { key, range: Some(bytes.offset..bytes.offset + u64::from(bytes.len)) })
        }
        Asset::StoryboardSheet(sheet) => {
            let board =
                presentation.storyboard.as_ref().filter(|board| sheet < board.sheets()).ok_or(Denial::NotFound)?;
            whole(Some(ObjectKey::StoryboardSheet { video, edition: board.edition, sheet }))
        }
        _ => Err(Denial::NotFound),
    }
}

fn whole(key: Option<ObjectKey>) -> Result<Window, Denial> {
    key.map(|key| Window { key, range: None }).ok_or(Denial::NotFound)
}

/// Follows from the bytes alone, never from the viewer.
fn etag(key: &ObjectKey, asset: &Asset) -> String {
    let index = if let Asset::Segment(_, index) = asset { index.to_string() } else { String::new() };
    let path = key.path();
    let name = path.rsplit('/').next().unwrap_or_default();
    format!("\"{name}.{index}\"")
}

fn text_answer(asset: &Asset, text: String) -> Response<Body> {
    let bytes = text.len();
    let mut response = Response::new(full(text));
    asset_headers(response.headers_mut(), asset);
    // For a HEAD, whose answer has no body to measure.
    response.headers_mut().insert(header::CONTENT_LENGTH, bytes.into());
    response
}
