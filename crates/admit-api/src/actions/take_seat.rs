//! Seats a session among those of its viewer, or of its credential, as long as there is room or room is made.

use std::time::Duration;

use admit_db::{Tx, audit, revocations, seats, sessions, transaction};
use admit_domain::{
    seats::{SEAT_GRACE, SeatWish, Seated, Seats},
    time::Timestamp,
    verdict::Denial,
};

use super::published::published;
use crate::{app::App, error::ApiError};

/// For how long the session may watch before it must ask again.
pub async fn take_seat(app: &App, wish: SeatWish, now: Timestamp) -> Result<Duration, Denial> {
    let facts = published(app, wish.video).await.map_err(|error| cannot_know(&error))?.ok_or(Denial::NotFound)?;
    let taken = transaction!(app.db, |tx| seat(tx, wish, facts.rules.seats, now).await);
    let ended = taken.map_err(|error| cannot_know(&error.into()))??;
    if ended > 0
        && let Err(error) = app.feed.catch_up().await
    {
        // The entries are written: whoever follows the log hears of them a little later.
        tracing::warn!(%error, "tell of a session that was ended for another");
    }
    Ok(SEAT_GRACE)
}

/// How many sessions were ended for it.
async fn seat(
    tx: &mut Tx,
    wish: SeatWish,
    seats_of_video: Option<Seats>,
    now: Timestamp,
) -> admit_db::Result<Result<usize, Denial>> {
    let SeatWish { session, video, takes_over } = wish;
    let Some(sitter) = seats::sitter(tx, &session, &video, now).await? else { return Ok(Err(Denial::SessionEnded)) };
    seats::hold(tx, &sitter).await?;
    let seated = seats::seated(tx, &sitter, now).await?;
    // Whoever sits keeps the place in the row, and gives way only to those who came before.
    let place = seated.iter().position(|seat| seat.session == session);
    let before = &seated[..place.unwrap_or(seated.len())];
    let limits = [seats_of_video, sitter.seats].into_iter().flatten().reduce(|one, other| one.and(&other));
    let gone = match limits.map(|limits| limits.judge(before, takes_over)) {
        None => &[],
        Some(Ok(gone)) => gone,
        Some(Err(denial)) => {
            seats::leave(tx, &session).await?;
            return Ok(Err(denial));
        }
    };
    for seat in gone {
        end(tx, &sitter, seat, now).await?;
    }
    let since = place.map_or(now, |place| seated[place].since);
    seats::sit(tx, &sitter, &Seated { session, since }, now.plus(SEAT_GRACE)).await?;
    Ok(Ok(gone.len()))
}

async fn end(tx: &mut Tx, sitter: &seats::Sitter, seat: &Seated, now: Timestamp) -> admit_db::Result<()> {
    seats::leave(tx, &seat.session).await?;
    let Some(ended) = sessions::end(tx, &sitter.project, &seat.session, now).await? else { return Ok(()) };
    revocations::append(tx, &sitter.project, &ended, "another session took its seat", now).await?;
    let event = audit::Event {
        happened_at: now,
        actor: "viewer".to_owned(),
        action: "session.ended".to_owned(),
        subject: seat.session.to_string(),
        detail: "another session took its seat".to_owned(),
    };
    audit::insert(tx, &sitter.project, &event).await
}

fn cannot_know(error: &ApiError) -> Denial {
    tracing::error!(?error, "seat a session");
    Denial::CannotKnow
}
