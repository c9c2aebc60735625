-- What goes with a film: watermarks, timed texts, player themes; and live streams.

CREATE TABLE watermarks (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX watermarks_by_creation ON watermarks (project_id, created_at, id);

-- Captions and chapters. language_folded is lower-cased by us: a language is the same in any case.
CREATE TABLE timed_texts (
    video_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    language_folded TEXT NOT NULL,
    edition INTEGER NOT NULL,
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    PRIMARY KEY (video_id, kind, language_folded),
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
) STRICT;

-- colours is a JSON array in the order of the domain's list.
CREATE TABLE players (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    colours TEXT NOT NULL,
    enable_api INTEGER NOT NULL CHECK (enable_api IN (0, 1)),
    enable_controls INTEGER NOT NULL CHECK (enable_controls IN (0, 1)),
    force_autoplay INTEGER NOT NULL CHECK (force_autoplay IN (0, 1)),
    hide_title INTEGER NOT NULL CHECK (hide_title IN (0, 1)),
    force_loop INTEGER NOT NULL CHECK (force_loop IN (0, 1)),
    logo INTEGER,
    logo_link TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX players_by_creation ON players (project_id, created_at, id);

-- There were no themes before, so what was stored names none.
UPDATE videos SET player_id = NULL;
CREATE INDEX videos_by_player ON videos (project_id, player_id) WHERE player_id IS NOT NULL;

-- restreams is a JSON array; the customer's keys in it are sealed. The stream's own key is not stored, only known again.
CREATE TABLE live_streams (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    public INTEGER NOT NULL CHECK (public IN (0, 1)),
    player_id TEXT,
    restreams TEXT NOT NULL,
    stream_key_hash TEXT NOT NULL UNIQUE,
    thumbnail INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX live_streams_by_creation ON live_streams (project_id, created_at, id);
