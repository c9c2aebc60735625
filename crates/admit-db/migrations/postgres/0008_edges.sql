-- What edges follow.

-- The instant that belongs to an entry: a session's absolute end, or until when access had begun that ended.
ALTER TABLE revocations ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
UPDATE revocations SET at = COALESCE((SELECT s.ends_at FROM sessions s WHERE s.id = revocations.subject), 0)
    WHERE kind = 'session';

-- What an edge does that has heard nothing for too long: closed or open.
ALTER TABLE projects ADD COLUMN on_stale TEXT NOT NULL DEFAULT 'closed';

-- For deleting what says nothing any more.
CREATE INDEX revocations_by_kind ON revocations (kind, at, revoked_at);

-- Whose credentials begin nothing: those of a subject that were issued until then. A subject is a kind and a name, such
-- as 'video vi…', 'project pr…', 'viewer ada', or 'credential' and a fingerprint.
CREATE TABLE access_cuts (
    project_id TEXT NOT NULL REFERENCES projects (id),
    subject TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (project_id, subject)
);

-- Edges that joined. What they said last is written down once a second at most.
CREATE TABLE edges (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    joined_at BIGINT NOT NULL,
    heard_at BIGINT,
    applied_seq BIGINT NOT NULL DEFAULT 0,
    stale_ms BIGINT NOT NULL DEFAULT 0,
    hits BIGINT NOT NULL DEFAULT 0,
    misses BIGINT NOT NULL DEFAULT 0,
    sessions BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE edge_tokens (
    token_hash TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
