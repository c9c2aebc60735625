-- No edge ever said how many sessions it serves.
ALTER TABLE edges DROP COLUMN sessions;
