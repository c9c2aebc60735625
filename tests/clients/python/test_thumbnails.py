# A poster is uploaded or picked, and its address always has the same name.

import json
import urllib.request

import pytest
from apivideo.exceptions import ApiException
from apivideo.model.video_thumbnail_pick_payload import VideoThumbnailPickPayload


def picture_at(address):
    with urllib.request.urlopen(address) as answer:
        return answer.headers["content-type"], answer.read()


@pytest.mark.parametrize("name, begins", [("test.jpg", b"\xff\xd8"), ("test.png", b"\x89PNG")])
def test_a_poster_can_be_uploaded(new_video, videos, media, name, begins):
    video_id = new_video().video_id
    with (media / name).open("rb") as picture:
        said = videos.upload_thumbnail(video_id, picture)
    assert said.video_id == video_id
    assert said.assets.thumbnail.endswith("/thumbnail.jpg")
    kind, served = picture_at(said.assets.thumbnail)
    assert kind.startswith("image/") and served.startswith((begins, b"\xff\xd8"))


def test_only_pictures_are_posters(new_video, videos, media):
    with (media / "en.vtt").open("rb") as text, pytest.raises(ApiException) as refused:
        videos.upload_thumbnail(new_video().video_id, text)
    assert refused.value.status == 400
    assert "uploaded-file" in json.loads(refused.value.body)["type"]


@pytest.mark.parametrize("timecode", ["00:00:01", "00:00:01.00", "00:15:22.05"])
def test_a_poster_can_be_picked(videos, encoded, timecode):
    said = videos.pick_thumbnail(encoded, VideoThumbnailPickPayload(timecode=timecode))
    assert said.video_id == encoded
    assert picture_at(said.assets.thumbnail)[0] == "image/jpeg"


@pytest.mark.parametrize("timecode", ["00:00:01:05", "1", "0"])
def test_timecodes_the_client_does_not_know(door, encoded, timecode):
    assert door.ask("PATCH", f"/videos/{encoded}/thumbnail", {"timecode": timecode})[0] == 200


def test_a_wrong_timecode_is_refused(new_video, videos, door):
    path = f"/videos/{new_video().video_id}/thumbnail"
    assert videos.pick_thumbnail(path.split("/")[2], VideoThumbnailPickPayload(timecode="00:15:22.05"))
    door.refused(400, "attribute-required", "PATCH", path, body={}, name="timecode")
    for timecode in ("soon", "00:99:00", ""):
        assert door.ask("PATCH", path, {"timecode": timecode})[0] == 400
