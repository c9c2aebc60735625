//! A row that this release cannot have written.

use admit_db::{DbError, edits, jobs, projects, renditions, revocations, sessions, transaction, uploads, videos};
use admit_domain::{
    job::Work,
    ladder::Quality,
    limits::JOB_LEASE,
    object_key::Edition,
    revocation::{Seq, Subject},
    upload::{StoredPart, Total},
    video::{Rendition, RenditionKind, RenditionStatus},
};

use crate::{
    making::{NOW, job, stored_video},
    store::Store,
};

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
        revocations::append(tx, ours, &Subject::Video(id), "a test", NOW).await
    })
    .expect("sound rows");
    store
        .raw(
            "UPDATE videos SET ingest = 'nonsense'; UPDATE renditions SET percent = 256;
            UPDATE upload_parts SET place = -1; UPDATE jobs SET argument = 'nonsense';
            UPDATE edits SET mark_opacity = '101%'; UPDATE revocations SET kind = 'viewer';
            INSERT INTO projects (id, name, created_at) VALUES ('nonsense', '', -1);
            INSERT INTO sessions VALUES ('nonsense', (SELECT project_id FROM videos), '', '', 0, 0, NULL, '', '');",
        )
        .await;

    expect(videos::get(db, ours, &id).await, "videos.ingest", id.as_str());
    expect(videos::published(db, &id).await, "videos.ingest", id.as_str());
    expect(renditions::list(db, ours, &id).await, "renditions.percent", id.as_str());
    expect(edits::get(db, ours, &id).await, "edits.mark_opacity", id.as_str());
    expect(uploads::progress(db, ours, &id).await, "upload_parts.place", id.as_str());
    expect(revocations::since(db, Seq(0), 10).await, "revocations.subject", "1");
    expect(projects::first(db).await, "projects.id", "nonsense");
    let page = admit_db::Paging { page: 1, size: 10 };
    expect(sessions::list(db, ours, &sessions::Filter::default(), page).await, "sessions.id", "nonsense");
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
