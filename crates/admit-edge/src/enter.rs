//! api.video's addresses with a private token: the first deliberate request spends it, and a session goes on.

use admit_domain::{
    asker::Asker,
    asset::Asset,
    decision::Newcomer,
    dialects::apivideo::PrivateToken,
    gate::{Ask, Carriage},
    id::VideoId,
    rules::Visitor,
    session::{Entered, Entry},
    time::Timestamp,
    verdict::Denial,
};
use http::{HeaderValue, Response, header, request::Parts};
use http_body_util::{BodyExt, Limited};

use crate::{
    ask::{COOKIE, X_TOKEN_SESSION, client, may_redeem, read_nonce, request_id, shown_session},
    denied::{Refused, Spelling, denied},
    edge::Edge,
    reply::{Body, BodyError, full, open_to_all_origins},
};

/// The body of a redeem holds one nonce.
const REDEEM_BODY_BYTES_MAX: usize = 1_024;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedeemBody {
    pub(crate) nonce: String,
    /// The origin of the site that shows our page, as its browser told the page.
    pub(crate) site: Option<String>,
}

pub(crate) async fn read_body<B>(body: B) -> Result<RedeemBody, Denial>
where
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<BodyError>,
{
    read_body_if_any(body).await?.ok_or(Denial::BadNonce)
}

/// The same where it may be left out.
pub(crate) async fn read_body_if_any<B>(body: B) -> Result<Option<RedeemBody>, Denial>
where
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<BodyError>,
{
    let collected = Limited::new(Box::pin(body), REDEEM_BODY_BYTES_MAX).collect().await;
    let bytes = collected.map_err(|_| Denial::BadNonce)?.to_bytes();
    if bytes.is_empty() {
        return Ok(None);
    }
    // serde would read an array too, as the members in their order.
    let object = Some(&bytes).filter(|bytes| bytes.trim_ascii_start().starts_with(b"{"));
    object.and_then(|object| serde_json::from_slice(object).ok()).map(Some).ok_or(Denial::BadNonce)
}

impl Edge {
    /// `GET …/session`: api.video's machine form. Shown its own session again, it repeats it.
    pub(crate) async fn enter(
        &self,
        parts: &Parts,
        video: VideoId,
        token: PrivateToken,
        now: Timestamp,
    ) -> Result<Response<Body>, Refused> {
        let entered = match shown_session(parts).map_err(apivideo)? {
            Some(handle) => self.shown(parts, handle, video, &token, now).map_err(apivideo)?,
            None => self.redeem(parts, video, token, (None, None), now).await.map_err(apivideo)?,
        };
        Ok(json_answer(&serde_json::json!({ "session_token": entered.handle })))
    }

    /// `POST …/session`: our player's form. The nonce lets it ask again when an answer is lost.
    pub(crate) async fn enter_with_nonce<B>(
        &self,
        parts: &Parts,
        video: VideoId,
        token: PrivateToken,
        body: B,
        now: Timestamp,
    ) -> Result<Response<Body>, Refused>
    where
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BodyError>,
    {
        let own = |denial| (denial, Spelling::Own);
        let body = read_body(body).await.map_err(own)?;
        let nonce = read_nonce(&body.nonce).map_err(own)?;
        let entered = self.redeem(parts, video, token, (Some(nonce), body.site.as_deref()), now).await.map_err(own)?;
        Ok(session_answer(&entered))
    }

    /// An asset at a private token's own address.
    pub(crate) async fn by_token(
        &self,
        parts: &Parts,
        video: VideoId,
        token: PrivateToken,
        asset: Asset,
        now: Timestamp,
    ) -> Result<Response<Body>, Refused> {
        let shown = shown_session(parts).map_err(apivideo)?;
        let facts = self.catalog.published(video).await.map_err(apivideo)?;
        if facts.visibility.is_public() {
            return self.openly(parts, video, asset, now).await.map_err(apivideo);
        }
        let is_new = shown.is_none();
        let entered = if let Some(handle) = shown {
            self.shown(parts, handle, video, &token, now).map_err(apivideo)?
        } else if matches!(asset, Asset::Text(..)) {
            // Pages fetch texts beside the film they have a session for; one that came first must not take the token.
            return Err(apivideo(Denial::NoHandle));
        } else {
            // A stranger's token must not learn whether the video is ready, and ours must not be spent on 404.
            self.catalog.control().vouch(video, token.clone(), now).await.map_err(apivideo)?;
            if let Some(not_yet) = self.not_servable(&facts, asset).map_err(apivideo)? {
                return Ok(not_yet);
            }
            self.redeem(parts, video, token, (None, None), now).await.map_err(apivideo)?
        };
        let carriage = Carriage::Handle(&entered.handle);
        let ask = Ask { video, asset, carriage, visitor: self.visitor(parts) };
        let permit = self.permit(parts, &ask, &facts, now).map_err(apivideo)?;
        let delivered = self.deliver(parts, &ask, &permit, &facts).await;
        if !is_new {
            return delivered.map_err(apivideo);
        }
        // The token is spent whatever becomes of the bytes: without its session the viewer could not ask again.
        let mut response = delivered.unwrap_or_else(|denial| denied(denial, Spelling::ApiVideo));
        self.attach(&mut response, parts, asset, &entered, now);
        Ok(response)
    }

    /// A session shown beside the token it came from.
    fn shown(
        &self,
        parts: &Parts,
        handle: String,
        video: VideoId,
        token: &PrivateToken,
        now: Timestamp,
    ) -> Result<Entered, Denial> {
        let opened = self.gate.load().open(&handle, &video, &self.visitor(parts), now)?;
        if opened.session != token.session() {
            return Err(Denial::UnknownCredential);
        }
        Ok(Entered { video, handle, ends_at: opened.not_after })
    }

    async fn redeem(
        &self,
        parts: &Parts,
        video: VideoId,
        token: PrivateToken,
        (nonce, site): (Option<String>, Option<&str>),
        now: Timestamp,
    ) -> Result<Entered, Denial> {
        may_redeem(parts)?;
        let facts = self.catalog.published(video).await?;
        let project = facts.project;
        // Whoever the rules refuse does not spend the token of somebody whom they let in.
        let visitor = self.visitor(parts);
        let visitor = Visitor { origin: visitor.origin.or(site), ..visitor };
        let asker = Asker::of(&visitor);
        if let Err(fault) = facts.rules.judge_entry(&visitor, now) {
            let denial = fault.denial;
            // Whoever shows nothing of worth is nobody whom other rules might let in.
            let is_believed = self.catalog.control().vouch(video, token, now).await.is_ok();
            let newcomer =
                Some(Newcomer { project, asker }).filter(|newcomer| is_believed && newcomer.asker.is_brief());
            self.take_down((parts, now), Some(video), fault, newcomer);
            return Err(denial);
        }
        let entry = Entry { video, project, token, nonce, client: client(parts), asker, request: request_id(parts) };
        self.catalog.control().redeem(entry, now).await
    }

    /// Tells the client its new session: in a header for those that replay headers, and, for a bare `<video>`
    /// that only repeats ranges of one address, in a cookie for that very address.
    pub(crate) fn attach(
        &self,
        response: &mut Response<Body>,
        parts: &Parts,
        asset: Asset,
        entered: &Entered,
        now: Timestamp,
    ) {
        if let Ok(value) = HeaderValue::from_str(&entered.handle) {
            response.headers_mut().insert(X_TOKEN_SESSION, value);
        }
        if asset != Asset::Mp4 {
            return;
        }
        // Only a secure cookie is taken inside another site's page.
        let site = if self.secure { "SameSite=None; Secure" } else { "SameSite=Lax" };
        let seconds = entered.ends_at.since(now).as_secs();
        let cookie =
            format!("{COOKIE}={}; Path={}; Max-Age={seconds}; HttpOnly; {site}", entered.handle, parts.uri.path());
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, value);
        }
    }
}

fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.as_secs()).unwrap_or_default().to_string()
}

const fn apivideo(denial: Denial) -> Refused {
    (denial, Spelling::ApiVideo)
}

/// What our own player is told of its session.
pub(crate) fn session_answer(entered: &Entered) -> Response<Body> {
    json_answer(&serde_json::json!({
        "session_token": entered.handle,
        "expiresAt": rfc3339(entered.ends_at),
        "videoId": entered.video.as_str(),
    }))
}

fn json_answer(body: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(full(body.to_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    open_to_all_origins(headers);
    response
}
