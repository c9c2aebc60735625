-- What goes with a film: watermarks, timed texts, player themes; and live streams.

CREATE TABLE watermarks (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    created_at BIGINT NOT NULL
);

CREATE INDEX watermarks_by_creation ON watermarks (project_id, created_at, id);

-- Captions and chapters. language_folded is lower-cased by us: a language is the same in any case.
CREATE TABLE timed_texts (
    video_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    language_folded TEXT COLLATE "C" NOT NULL,
    edition BIGINT NOT NULL,
    is_default BOOLEAN NOT NULL,
    PRIMARY KEY (video_id, kind, language_folded),
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
);

-- colours is a JSON array in the order of the domain's list.
CREATE TABLE players (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    colours TEXT NOT NULL,
    enable_api BOOLEAN NOT NULL,
    enable_controls BOOLEAN NOT NULL,
    force_autoplay BOOLEAN NOT NULL,
    hide_title BOOLEAN NOT NULL,
    force_loop BOOLEAN NOT NULL,
    logo BIGINT,
    logo_link TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX players_by_creation ON players (project_id, created_at, id);

-- There were no themes before, so what was stored names none.
UPDATE videos SET player_id = NULL;
CREATE INDEX videos_by_player ON videos (project_id, player_id) WHERE player_id IS NOT NULL;

-- restreams is a JSON array; the customer's keys in it are sealed. The stream's own key is not stored, only known again.
CREATE TABLE live_streams (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    public BOOLEAN NOT NULL,
    player_id TEXT,
    restreams TEXT NOT NULL,
    stream_key_hash TEXT NOT NULL UNIQUE,
    thumbnail BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX live_streams_by_creation ON live_streams (project_id, created_at, id);
