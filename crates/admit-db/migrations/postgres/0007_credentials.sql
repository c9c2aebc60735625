-- What customers sign with, what they hand out, what they demand of viewers, and what their own programs may do.

-- A secret is sealed under the installation's key; public keys are a JWK set. dialect says how credentials are written.
CREATE TABLE signing_keys (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    dialect TEXT NOT NULL,
    secret TEXT,
    public_keys TEXT,
    jwks_url TEXT,
    jwks_checked_at BIGINT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);

CREATE INDEX signing_keys_by_project ON signing_keys (project_id, created_at, id);
CREATE INDEX signing_keys_by_address ON signing_keys (jwks_checked_at) WHERE jwks_url IS NOT NULL;

CREATE TABLE publishable_keys (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE INDEX publishable_keys_by_project ON publishable_keys (project_id, created_at, id);

-- Opaque, reusable, and judged by what is kept here. A share link is one that has a page of its own.
CREATE TABLE embed_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    video_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    rules TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
);

CREATE INDEX embed_tokens_by_project ON embed_tokens (project_id, kind, created_at, id);
CREATE INDEX embed_tokens_by_video ON embed_tokens (project_id, video_id);

-- source is the signing key or the embed token a session came from; empty for a private token.
ALTER TABLE sessions ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN viewer TEXT NOT NULL DEFAULT '';

CREATE INDEX sessions_by_source ON sessions (source, ends_at) WHERE source <> '';
CREATE INDEX sessions_by_credential ON sessions (credential) WHERE source <> '';
CREATE INDEX sessions_by_viewer ON sessions (project_id, viewer, created_at) WHERE viewer <> '';

-- Empty for a key that may do everything.
ALTER TABLE api_keys ADD COLUMN scopes TEXT NOT NULL DEFAULT '';

ALTER TABLE projects ADD COLUMN token_access BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE projects ADD COLUMN session_seconds BIGINT;
ALTER TABLE projects ADD COLUMN rules TEXT;
ALTER TABLE videos ADD COLUMN rules TEXT;
ALTER TABLE videos ADD COLUMN open_poster BOOLEAN NOT NULL DEFAULT FALSE;
