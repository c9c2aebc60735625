-- What leaves the house: sources that are fetched from elsewhere, and events that are told to webhooks.

-- An address may open something by itself, so it is forgotten as soon as it is not needed any more. The row stays:
-- it says that the video takes no upload.
CREATE TABLE imports (
    video_id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    url TEXT,
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
) STRICT;

-- events is a list of names, each between two commas. given_up counts the events given up one after another.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    created_at INTEGER NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    given_up INTEGER NOT NULL,
    disabled_at INTEGER,
    UNIQUE (project_id, id)
) STRICT;

-- One row for each event and webhook, written in the transaction of the change. claimable_at as in jobs.
CREATE TABLE deliveries (
    seq INTEGER NOT NULL PRIMARY KEY,
    webhook_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    claimable_at INTEGER NOT NULL,
    lease_epoch INTEGER NOT NULL,
    status INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    UNIQUE (webhook_id, event_id),
    FOREIGN KEY (project_id, webhook_id) REFERENCES webhooks (project_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX deliveries_claimable ON deliveries (claimable_at, seq) WHERE state IN ('waiting', 'delivering');
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, seq);
CREATE INDEX deliveries_under_way ON deliveries (project_id) WHERE state = 'delivering';
