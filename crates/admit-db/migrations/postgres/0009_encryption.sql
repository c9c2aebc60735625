-- How many segments of the video share a key; NULL when they are not encrypted.
ALTER TABLE videos ADD COLUMN segments_per_key BIGINT CHECK (segments_per_key > 0);
