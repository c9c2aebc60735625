-- Sources by byte ranges, and uploads by token.

-- The number of a part or the first byte of a range; which of the two, the upload's totals say.
ALTER TABLE upload_parts RENAME COLUMN part TO place;
ALTER TABLE uploads ADD COLUMN total_bytes BIGINT;

-- id is the part of a token that opens nothing by itself. public is what the videos made with it are, unless the
-- project decides.
CREATE TABLE upload_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    ttl_seconds BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    public BOOLEAN,
    UNIQUE (project_id, id)
);

CREATE INDEX upload_tokens_by_creation ON upload_tokens (project_id, created_at);

-- Who began an upload in pieces without naming a video: the later pieces of clients that never name one are
-- recognised by it.
CREATE TABLE token_uploads (
    video_id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    upload_token_id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    client TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
);

CREATE INDEX token_uploads_by_token ON token_uploads (project_id, upload_token_id, begun_at);
