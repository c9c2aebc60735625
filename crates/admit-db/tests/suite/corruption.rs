//! A row that this release cannot have written.

use admit_db::{
    DbError, edits, embed_tokens, jobs, projects, publishable_keys, renditions, revocations, sessions, signing_keys,
    transaction, uploads, videos,
};
use admit_domain::{
    job::Work,
    ladder::Quality,
    limits::JOB_LEASE,
    object_key::Edition,
    revocation::{Seq, Subject},
    session::Source,
    upload::{StoredPart, Total},
    video::{Rendition, RenditionKind, RenditionStatus},
};

use crate::{
    making::{
        NOW, embed_token, fingerprint, job, publishable_key, session_id, session_of, signing_id, signing_key,
        stored_video,
    },
    store::Store,
};

const PAGE: admit_db::Paging = admit_db::Paging { page: 1, size: 10 };

pub(crate) async fn a_row_that_makes_no_sense_says_which(store: Store) {
    let db = &store.db;
    let id = stored_video(&store, 1).await.id;
    let ours = &store.ours;
    let line =
        Rendition { kind: RenditionKind::Hls, quality: Quality::P720, status: RenditionStatus::Waiting, percent: 0 };
    let part = StoredPart { place: 1, bytes: 1, sha256: "x".into(), edition: Edition(1) };
    transaction!(db, |tx| {
        renditions::replace_plan(tx, ours, &id, &[line]).await?;
        uploads::insert_part(tx, ours, &id, &part, Total::Parts(None)).await?;
        jobs::insert(tx, &job(ours, 1, Work::Ingest), NOW).await?;
        edits::insert(tx, ours, &id, &crate::edits::marked()).await?;
        signing_keys::insert(tx, &signing_key(ours, 1), 9).await?;
        publishable_keys::insert(tx, &publishable_key(ours, 1)).await?;
        embed_tokens::insert(tx, embed_tokens::Kind::Link, &embed_token(ours, 1), &fingerprint("x")).await?;
        let session = session_of(ours, Source::SigningKey(signing_id(1)), 0, 9);
        sessions::begin(tx, &session, None, NOW).await?;
        revocations::append(tx, ours, &Subject::Video(id), "a test", NOW).await
    })
    .expect("sound rows");
    store
        .raw(
            "UPDATE videos SET ingest = 'nonsense'; UPDATE renditions SET percent = 256;
            UPDATE upload_parts SET place = -1; UPDATE jobs SET argument = 'nonsense';
            UPDATE edits SET mark_opacity = '101%'; UPDATE revocations SET kind = 'viewer';
            INSERT INTO projects (id, name, created_at) VALUES ('nonsense', '', -1);
            UPDATE sessions SET source = 'nonsense'; UPDATE projects SET session_seconds = -1;
            UPDATE publishable_keys SET id = 'nonsense'; UPDATE embed_tokens SET id = 'nonsense';
            UPDATE signing_keys SET id = 'nonsense';
            INSERT INTO sessions (id, project_id, video_id, credential, created_at, ends_at, network, agent)
            VALUES
                ('nonsense', (SELECT project_id FROM videos), '', '', 9000000000000000, 9000000000000000, '', '');",
        )
        .await;

    expect(signing_keys::active(db, ours, 9).await, "signing_keys.id", "nonsense");
    expect(publishable_keys::list(db, ours, PAGE).await, "publishable_keys.id", "nonsense");
    let tokens = embed_tokens::list(db, embed_tokens::Kind::Link, ours, None, PAGE).await;
    expect(tokens, "embed_tokens.id", "nonsense");
    expect(sessions::get(db, ours, &session_id(9)).await, "sessions.source", &session_id(9).to_string());
    expect(projects::settings(db, ours).await, "projects.session_seconds", ours.as_str());
    expect(videos::get(db, ours, &id).await, "videos.ingest", id.as_str());
    expect(videos::published(db, &id).await, "videos.ingest", id.as_str());
    expect(renditions::list(db, ours, &id).await, "renditions.percent", id.as_str());
    expect(edits::get(db, ours, &id).await, "edits.mark_opacity", id.as_str());
    expect(uploads::progress(db, ours, &id).await, "upload_parts.place", id.as_str());
    expect(revocations::since(db, Seq(0), 10).await, "revocations.subject", "1");
    expect(projects::first(db).await, "projects.id", "nonsense");
    expect(sessions::list(db, ours, &sessions::Filter::default(), PAGE).await, "sessions.id", "nonsense");
    let claimed = jobs::claim(db, "worker", NOW, JOB_LEASE).await;
    expect(claimed, "jobs.kind", crate::making::job_id(1).as_str());
}

fn expect<T: std::fmt::Debug>(read: Result<T, DbError>, place: &str, of: &str) {
    match read {
        Err(DbError::Corrupt { table, column, id }) => {
            assert_eq!((format!("{table}.{column}").as_str(), id.as_str()), (place, of));
        }
        other => panic!("{place} of {of}: {other:?}"),
    }
}
