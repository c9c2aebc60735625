//! Who began which upload in pieces without naming a video.

use admit_domain::{
    id::{ProjectId, VideoId},
    time::Timestamp,
    upload_token::UploadTokenId,
};

use crate::{
    db::{Db, Tx},
    error::Result,
    row::Row,
    statement::{all, exec},
};

/// What the pieces of one upload have in common when they name no video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub token: UploadTokenId,
    pub file_name: String,
    /// Network and program: two people with one token and one file name are not one sender.
    pub client: String,
}

pub async fn insert(
    tx: &mut Tx,
    project: &ProjectId,
    video: &VideoId,
    sender: &Sender,
    begun_at: Timestamp,
) -> Result<()> {
    let text = "INSERT INTO token_uploads (video_id, project_id, upload_token_id, file_name, client, begun_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let Sender { token, file_name, client } = sender;
    exec!(tx, text, video.as_str(), project.as_str(), token.as_str(), file_name, client, begun_at.as_millis())?;
    Ok(())
}

/// Unfinished uploads of this sender, begun since then, that lack the part and announced the same total (none is a
/// total too); at most two, for the second already says that there is a choice.
pub async fn lacking(
    db: &Db,
    project: &ProjectId,
    sender: &Sender,
    (part, total): (u64, Option<u32>),
    since: Timestamp,
) -> Result<Vec<VideoId>> {
    let text = "SELECT t.video_id FROM token_uploads t
        JOIN videos v ON v.project_id = t.project_id AND v.id = t.video_id AND v.ingest = 'uploading'
        JOIN uploads u ON u.project_id = t.project_id AND u.video_id = t.video_id AND u.total_bytes IS NULL
        WHERE t.project_id = $1 AND t.upload_token_id = $2 AND t.file_name = $3 AND t.client = $4 AND t.begun_at > $5
            AND (u.total_parts IS NULL OR CAST($6 AS BIGINT) IS NULL OR u.total_parts = CAST($6 AS BIGINT))
            AND NOT EXISTS (SELECT 1 FROM upload_parts p
                WHERE p.project_id = t.project_id AND p.video_id = t.video_id AND p.place = $7)
        ORDER BY t.begun_at DESC, t.video_id LIMIT 2";
    let Sender { token, file_name, client } = sender;
    let (project, since, total) = (project.as_str(), since.as_millis(), total.map(i64::from));
    let part = i64::try_from(part).unwrap_or(i64::MAX);
    let rows = all!(db, (String,), text, project, token.as_str(), file_name, client, since, total, part)?;
    rows.iter().map(|(video,)| Row::of("token_uploads", video).id("video_id", video)).collect()
}
