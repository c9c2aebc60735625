# A video made from another video, or from an address elsewhere.

import pytest
from apivideo.exceptions import ApiException
from apivideo.model.video_clip import VideoClip
from apivideo.model.video_creation_payload import VideoCreationPayload

from conftest import when_encoded
from house.until import until


def test_a_copy_is_cut_and_the_original_stays(new_video, videos, encoded):
    before = videos.get_status(encoded).encoding.metadata.duration
    clip = VideoClip(start_timecode="00:00:01", end_timecode="00:00:02")
    copy = new_video("a copy", source=encoded, clip=clip)
    assert copy.video_id != encoded
    when_encoded(videos, copy.video_id)
    assert videos.get_status(copy.video_id).encoding.metadata.duration == 1
    assert videos.get_status(encoded).encoding.metadata.duration == before


def test_a_copy_of_nothing_is_refused(videos):
    before = videos.list().pagination.items_total
    for source in ("vi0000000000000000000000", "ftp://example.org/film.mp4", "nonsense"):
        with pytest.raises(ApiException) as refused:
            videos.create(VideoCreationPayload(title="nothing", source=source))
        assert refused.value.status == 400, source
    assert videos.list().pagination.items_total == before


def test_a_film_elsewhere_is_accepted_at_once(new_video, videos, door):
    status, video, _ = door.ask("POST", "/videos", {"title": "elsewhere", "source": "https://films.invalid/a.mp4"})
    assert status == 202, video
    assert videos.get_status(video["videoId"]).ingest.status in ("ingesting", "ingested")
    videos.delete(video["videoId"])


def test_a_film_within_is_never_fetched(videos, door, server):
    """The server itself is the nearest address that an import must not reach."""
    status, video, _ = door.ask("POST", "/videos", {"title": "within", "source": f"{server.url}/openapi.json"})
    if status == 400:
        return
    assert status == 202, video
    states = until("the import is given up", 20, lambda: videos.get_status(video["videoId"]).encoding.qualities)
    assert {quality.status for quality in states} == {"failed"}
    videos.delete(video["videoId"])
