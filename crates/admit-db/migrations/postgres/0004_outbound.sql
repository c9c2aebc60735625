-- What leaves the house: sources that are fetched from elsewhere, and events that are told to webhooks.

-- An address may open something by itself, so it is forgotten as soon as it is not needed any more. The row stays:
-- it says that the video takes no upload.
CREATE TABLE imports (
    video_id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    url TEXT,
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
);

-- events is a list of names, each between two commas. given_up counts the events given up one after another.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    created_at BIGINT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    given_up BIGINT NOT NULL,
    disabled_at BIGINT,
    UNIQUE (project_id, id)
);

-- One row for each event and webhook, written in the transaction of the change. claimable_at as in jobs.
CREATE TABLE deliveries (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    claimable_at BIGINT NOT NULL,
    lease_epoch BIGINT NOT NULL,
    status BIGINT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    UNIQUE (webhook_id, event_id),
    FOREIGN KEY (project_id, webhook_id) REFERENCES webhooks (project_id, id) ON DELETE CASCADE
);

CREATE INDEX deliveries_claimable ON deliveries (claimable_at, seq) WHERE state IN ('waiting', 'delivering');
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, seq);
CREATE INDEX deliveries_under_way ON deliveries (project_id) WHERE state = 'delivering';
