-- What is done to a film before anybody sees it, and films whose source is that of another.

-- As the customer wrote it: timecodes and lengths are read by us. There is a mark where there is a watermark_id.
CREATE TABLE edits (
    video_id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    clip_start TEXT,
    clip_end TEXT,
    watermark_id TEXT,
    mark_top TEXT,
    mark_left TEXT,
    mark_bottom TEXT,
    mark_right TEXT,
    mark_width TEXT,
    mark_height TEXT,
    mark_opacity TEXT,
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
) STRICT;

-- The row says that the video takes no upload; the other video may be gone.
CREATE TABLE copies (
    video_id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    FOREIGN KEY (project_id, video_id) REFERENCES videos (project_id, id) ON DELETE CASCADE
) STRICT;
