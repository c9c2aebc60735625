-- How many segments of the video share a key; NULL when they are not encrypted.
ALTER TABLE videos ADD COLUMN segments_per_key INTEGER CHECK (segments_per_key > 0);
