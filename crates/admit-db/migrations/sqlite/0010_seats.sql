-- How many sessions of the viewer, or of the credential, may watch at once, as the credential said; NULL when it said nothing.
ALTER TABLE sessions ADD COLUMN seats_max INTEGER CHECK (seats_max > 0);
ALTER TABLE sessions ADD COLUMN seats_when_full TEXT;

-- Who is watching now. The holder is the viewer, or the credential where that names no viewer.
CREATE TABLE seats (
    session_id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    holder TEXT NOT NULL,
    since INTEGER NOT NULL,
    held_until INTEGER NOT NULL
) STRICT;
CREATE INDEX seats_by_holder ON seats (project_id, holder);
CREATE INDEX seats_by_end ON seats (held_until);
