# Where the project keeps what was deleted, a video can be had back until its time is over.

import json
import urllib.error
import urllib.request

import pytest
from apivideo.exceptions import NotFoundException
from apivideo.model.discarded_video_update_payload import DiscardedVideoUpdatePayload

from test_videos import ids

RESTORED = DiscardedVideoUpdatePayload(discarded=False)


@pytest.fixture(autouse=True)
def kept_for_a_week(door):
    assert door.ask("PATCH", "/settings", {"discardedVideoDays": 7})[0] == 200
    yield
    assert door.ask("PATCH", "/settings", {"discardedVideoDays": 0})[0] == 200


@pytest.fixture
def discarded(new_video, videos):
    video_id = new_video("thrown away", tags=["discarded"]).video_id
    videos.delete(video_id)
    yield video_id


def test_a_deleted_video_waits(videos, discarded):
    with pytest.raises(NotFoundException):
        videos.get(discarded)
    assert discarded not in ids(videos.list(tags=["discarded"]))
    video = videos.get_discarded(discarded)
    assert (video.title, video.discarded) == ("thrown away", True)
    assert (video.deletes_at - video.discarded_at).days == 7
    assert video.get("assets") is None


def test_discarded_videos_are_found_like_others(videos, discarded):
    assert discarded in ids(videos.list_discarded(title="thrown", sort_by="title", sort_order="asc"))
    assert discarded in ids(videos.list_discarded(tags=["discarded"]))
    assert discarded not in ids(videos.list_discarded(title="nobody says this"))
    page = videos.list_discarded(page_size=1)
    assert (len(page.data), page.pagination.page_size) == (1, 1)


def test_a_video_can_be_had_back(videos, discarded):
    video = videos.update_discarded(discarded, RESTORED)
    assert (video.video_id, video.title, video.tags) == (discarded, "thrown away", ["discarded"])
    assert videos.get(discarded).get("discarded") in (None, False)
    for call in (videos.get_discarded, lambda video_id: videos.update_discarded(video_id, RESTORED)):
        with pytest.raises(NotFoundException):
            call(discarded)


def test_nobody_watches_a_discarded_video(new_video, videos, media):
    video = new_video("watched once")
    with (media / "test.jpg").open("rb") as picture:
        videos.upload_thumbnail(video.video_id, picture)
    urllib.request.urlopen(video.assets.thumbnail).close()
    videos.delete(video.video_id)
    with pytest.raises(urllib.error.HTTPError) as gone:
        urllib.request.urlopen(video.assets.thumbnail)
    assert gone.value.code == 404
    videos.update_discarded(video.video_id, RESTORED)
    urllib.request.urlopen(video.assets.thumbnail).close()


def test_only_restoring_is_possible(door, discarded):
    path = f"/discarded/videos/{discarded}"
    assert "must be false" in json.dumps(door.ask("PATCH", path, {"discarded": True})[1])
    door.refused(400, "attribute-required", "PATCH", path, body={}, name="discarded")
