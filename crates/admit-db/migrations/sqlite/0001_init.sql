-- The schema of admit on SQLite. migrations/postgres/ holds the same tables and columns under the same numbers.
-- Ids and hashes are TEXT, instants are milliseconds since the Unix epoch, and every row names its project.
-- A child refers to (project_id, video_id): a row of one project can never hang below a video of another.

CREATE TABLE projects (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER,
    UNIQUE (project_id, id)
) STRICT;

CREATE TABLE access_tokens (
    token_hash TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    api_key_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    FOREIGN KEY (project_id, api_key_id) REFERENCES api_keys (project_id, id)
) STRICT;

CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

-- title_folded and description_folded are lower-cased by us: the two databases disagree about letters.
CREATE TABLE videos (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    title TEXT NOT NULL,
    title_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    description_folded TEXT NOT NULL,
    public INTEGER NOT NULL CHECK (public IN (0, 1)),
    panoramic INTEGER NOT NULL CHECK (panoramic IN (0, 1)),
    mp4_support INTEGER NOT NULL CHECK (mp4_support IN (0, 1)),
    player_id TEXT,
    language TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    published_at INTEGER,
    ingest TEXT NOT NULL,
    failure TEXT,
    presentation INTEGER,
    mp4 INTEGER,
    thumbnail INTEGER,
    poster_at_ms INTEGER,
    UNIQUE (project_id, id)
) STRICT;

CREATE INDEX videos_by_creation ON videos (project_id, created_at, id);

CREATE TABLE video_tags (
    video_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (video_id, position),
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX video_tags_by_tag ON video_tags (project_id, tag);

CREATE TABLE video_metadata (
    video_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    meta_key TEXT NOT NULL,
    meta_value TEXT NOT NULL,
    PRIMARY KEY (video_id, position),
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX video_metadata_by_key ON video_metadata (project_id, meta_key);

CREATE TABLE uploads (
    video_id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    total_parts INTEGER,
    UNIQUE (project_id, video_id),
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE upload_parts (
    video_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    part INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    edition INTEGER NOT NULL,
    PRIMARY KEY (video_id, part),
    FOREIGN KEY (project_id, video_id) REFERENCES uploads (project_id, video_id) ON DELETE CASCADE
) STRICT;

CREATE TABLE source_facts (
    video_id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    bytes INTEGER,
    duration_ms INTEGER,
    width INTEGER,
    height INTEGER,
    bitrate INTEGER,
    framerate INTEGER,
    samplerate INTEGER,
    video_codec TEXT,
    audio_codec TEXT,
    aspect_ratio TEXT,
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE renditions (
    video_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    quality TEXT NOT NULL,
    status TEXT NOT NULL,
    percent INTEGER NOT NULL,
    PRIMARY KEY (video_id, kind, quality),
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
) STRICT;

-- seq is the order of arrival. claimable_at is when anyone may take the job: the wished start of a waiting one,
-- the end of the lease of a running one. A job outlives its video: something must delete what the video left.
CREATE TABLE jobs (
    seq INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL REFERENCES projects (id),
    video_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    argument TEXT NOT NULL,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    claimable_at INTEGER NOT NULL,
    lease_owner TEXT,
    lease_epoch INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

CREATE INDEX jobs_claimable ON jobs (priority, seq) WHERE state IN ('queued', 'leased');
CREATE UNIQUE INDEX jobs_open_once ON jobs (video_id, kind, argument) WHERE state IN ('queued', 'leased');
CREATE INDEX jobs_by_state ON jobs (project_id, state);

-- Sessions and redemptions are written at the rate at which viewers arrive, so they carry no foreign keys and
-- no index that a question does not need. They stay when the video goes: they are the record of who was let in.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    video_id TEXT NOT NULL,
    credential TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    ended_at INTEGER,
    network TEXT NOT NULL,
    agent TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_by_creation ON sessions (project_id, created_at);
CREATE INDEX sessions_by_video ON sessions (project_id, video_id, created_at);

CREATE TABLE redemptions (
    credential TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    redeemed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row, taken by whoever appends: commit order is number order, so no reader can skip a late committer.
CREATE TABLE revocation_head (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL
) STRICT;

INSERT INTO revocation_head (one, seq) VALUES (1, 0);

CREATE TABLE revocations (
    seq INTEGER NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    revoked_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    id INTEGER NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_project ON audit (project_id, id);
