-- What a customer decides for the whole project, and videos that were deleted and can still be had back.

ALTER TABLE projects ADD COLUMN default_public INTEGER CHECK (default_public IN (0, 1));
ALTER TABLE projects ADD COLUMN discarded_days INTEGER NOT NULL DEFAULT 0;

-- A tag as it is searched and sorted: without case and accents, which we take away, for the databases disagree.
ALTER TABLE video_tags ADD COLUMN tag_folded TEXT NOT NULL DEFAULT '';
UPDATE video_tags SET tag_folded = lower(tag);

-- Both or neither.
ALTER TABLE videos ADD COLUMN discarded_at INTEGER;
ALTER TABLE videos ADD COLUMN deletes_at INTEGER;
