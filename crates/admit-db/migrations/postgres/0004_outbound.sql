-- What leaves the house: sources that are fetched from elsewhere.

-- An address may open something by itself, so it is forgotten as soon as it is not needed any more. The row stays:
-- it says that the video takes no upload.
CREATE TABLE imports (
    video_id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    url TEXT,
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
);
