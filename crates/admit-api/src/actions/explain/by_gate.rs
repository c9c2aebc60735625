//! What the gate judges: handles, signed addresses, public videos; and private tokens, which become handles.

use admit_db::sessions;
use admit_domain::{
    asset::Asset,
    claims::Fault,
    dialects::apivideo::PrivateToken,
    gate::{Ask, Carriage},
    handle::Handle,
    id::VideoId,
    verdict::Denial,
    video::{Ingest, Published, Visibility},
};

use super::{
    Case,
    demands::demands,
    trace::{Rung, Stop},
};
use crate::{actions::redeem::vouch, error::ApiError};

const RIGHTS: &[(Denial, &str)] = &[(Denial::MissingRight, "a credential with the right to this kind of asset")];
const VIDEO_THERE: &[(Denial, &str)] = &[(Denial::VideoGone, "a video that was not deleted")];

impl Case<'_> {
    pub(super) async fn by_handle(&mut self, handle: &str, video: VideoId, asset: Asset) -> Result<(), Stop> {
        let asker = self.asker.clone();
        let visitor = asker.visitor(&*self.app.country_of);
        let gate = self.app.feed.gate();
        let read = Handle::read(handle, &video, |bound| bound.values(&visitor), gate.keys()).ok();
        let known = match &read {
            Some(handle) => sessions::get(&self.app.db, &self.project, &handle.session).await?.is_some(),
            None => false,
        };
        if !known && !self.owns(&video).await? {
            return Err(ApiError::not_found("videoId").into());
        }
        let about = read.map(|handle| (handle.session.to_string(), handle.not_after.to_string()));
        let (session, end) = about.unwrap_or_default();
        let rung = |rule, met: String, wanted| Rung { rule, met, wanted };
        let rungs = [
            rung(
                "spelling",
                "the handle is spelled as handles are".into(),
                &[(Denial::MalformedHandle, "68 characters of base64url, as they were given")] as &[_],
            ),
            rung(
                "deliveryKey",
                "the handle is signed with a key of the ring".into(),
                &[(Denial::UnknownDeliveryKey, "a handle signed with a key of the ring")],
            ),
            rung(
                "video",
                "the handle is for this video".into(),
                &[(Denial::OtherVideo, "the handle of a session for this video")],
            ),
            rung(
                "signature",
                "the signature matches, from where this is asked".into(),
                &[
                    (Denial::ForgedHandle, "the handle as it was given"),
                    (Denial::BoundElsewhere, "the network, country and program that the session is bound to"),
                ],
            ),
            rung("end", format!("the session ends at {end}"), &[(Denial::SessionExpired, "a session that goes on")]),
            rung(
                "session",
                format!("nobody ended {session}"),
                &[(Denial::SessionEnded, "a session that nobody ended")],
            ),
            rung("deleted", "the video is there".into(), VIDEO_THERE),
            rung("rights", "the session may fetch this kind of asset".into(), RIGHTS),
        ];
        self.by_gate(&rungs, Ask { video, asset, carriage: Carriage::Handle(handle), visitor }).await
    }

    pub(super) async fn by_signature(&mut self, signature: &str, video: VideoId, asset: Asset) -> Result<(), Stop> {
        if !self.owns(&video).await? {
            return Err(ApiError::not_found("videoId").into());
        }
        let asker = self.asker.clone();
        let visitor = asker.visitor(&*self.app.country_of);
        let rung = |rule, met: &str, wanted| Rung { rule, met: met.to_owned(), wanted };
        let rungs = [
            rung(
                "spelling",
                "the signed address is spelled as those are",
                &[(Denial::MalformedSignature, "the address as it was given")] as &[_],
            ),
            rung(
                "deliveryKey",
                "it is signed with a key of the ring",
                &[(Denial::UnknownDeliveryKey, "an address signed with a key of the ring")],
            ),
            rung(
                "signature",
                "the signature matches, from where this is asked",
                &[
                    (Denial::ForgedSignature, "the address as it was given, for this video"),
                    (Denial::BoundElsewhere, "the network, country and program that the address is bound to"),
                ],
            ),
            rung("end", "the address has not expired", &[(Denial::SignatureExpired, "an address that goes on")]),
            rung("deleted", "the video is there", VIDEO_THERE),
            rung("rights", "the address may be used for this kind of asset", RIGHTS),
        ];
        self.by_gate(&rungs, Ask { video, asset, carriage: Carriage::Signed(signature), visitor }).await
    }

    pub(super) fn openly(&mut self, facts: &Published, video: VideoId, asset: Asset) -> Result<(), Stop> {
        self.trace.pass("visibility", "no credential is needed: the video, or its poster, is public");
        let asker = self.asker.clone();
        let visitor = asker.visitor(&*self.app.country_of);
        let ask = Ask { video, asset, carriage: Carriage::Open(Visibility::Public), visitor };
        let rungs = [Rung { rule: "deleted", met: "the video is there".into(), wanted: VIDEO_THERE }];
        self.admitted(&rungs, &ask, facts)
    }

    /// A private token is judged, and not spent.
    pub(super) async fn by_private_token(
        &mut self,
        video: VideoId,
        token: &PrivateToken,
        asset: Asset,
    ) -> Result<(), Stop> {
        let facts = self.facts(video).await?;
        let minted = token.minted_at();
        let rungs = [
            Rung {
                rule: "signature",
                met: "it is a private token of ours for this video".into(),
                wanted: &[(Denial::UnknownCredential, "a private token that was handed out for this video")],
            },
            Rung {
                rule: "end",
                met: format!("it was minted at {minted}, and may still be redeemed"),
                wanted: &[(Denial::CredentialExpired, "a fresh token: read the video again")],
            },
        ];
        self.trace.climb(&rungs, vouch(self.app, video, token, self.now))?;
        let spent = sessions::get(&self.app.db, &self.project, &token.session()).await?;
        let (says, verdict) = match spent {
            None => ("nobody has redeemed it".to_owned(), Ok(())),
            Some(session) => {
                let says = format!(
                    "it was redeemed at {}, from {} with {:?}: session {}",
                    session.created_at, session.client.network, session.client.agent, session.id
                );
                (says, Err(Fault::new(Denial::CredentialSpent, "token", "a token that nobody has redeemed")))
            }
        };
        self.trace.judge("spent", says, verdict)?;
        let asker = self.asker.clone();
        let visitor = asker.visitor(&*self.app.country_of);
        let now = self.now;
        demands(&mut self.trace, &facts.rules, (&visitor, now), facts.rules.judge_request(&visitor, now))?;
        self.is_there(&facts, asset)
    }

    async fn by_gate(&mut self, rungs: &[Rung<'_>], ask: Ask<'_>) -> Result<(), Stop> {
        if let Err(denial) = self.app.feed.gate().admit(&ask, self.now) {
            return self.trace.climb::<()>(rungs, Err(denial));
        }
        let facts = self.facts(ask.video).await?;
        self.admitted(rungs, &ask, &facts)
    }

    /// The gate's word, the rules', and whether there is anything to be had.
    fn admitted(&mut self, rungs: &[Rung<'_>], ask: &Ask<'_>, facts: &Published) -> Result<(), Stop> {
        let gate = self.app.feed.gate();
        let admitted = self.trace.climb(rungs, gate.admit(ask, self.now))?;
        let verdict = gate.under(admitted, facts, &ask.visitor, self.now).map(drop);
        demands(&mut self.trace, &facts.rules, (&ask.visitor, self.now), verdict)?;
        self.is_there(facts, ask.asset)
    }

    pub(super) fn is_there(&mut self, facts: &Published, asset: Asset) -> Result<(), Stop> {
        let there = match asset {
            Asset::Mp4 => facts.mp4_support && facts.shelf.mp4.is_some(),
            Asset::Thumbnail => facts.shelf.thumbnail.is_some(),
            Asset::Text(kind, language) => facts.text(kind, &language).is_some(),
            Asset::PlayerJson => true,
            // Its address is there, and answers that it is still in the making.
            Asset::HlsMaster | Asset::DashManifest => facts.ingest != Ingest::Failed,
            _ => facts.shelf.presentation.is_some(),
        };
        let fault = || Fault::new(Denial::NotFound, "asset", "an asset that was made of this video");
        self.trace.judge("asset", asset.path(), if there { Ok(()) } else { Err(fault()) })
    }
}
