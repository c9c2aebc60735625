# What the project decides for everybody: a new video can be private unless somebody says otherwise.

import pytest


@pytest.fixture
def private_by_default(door):
    before = door.ask("GET", "/settings")[1]["defaultVisibility"]
    assert door.ask("PATCH", "/settings", {"defaultVisibility": "private"})[0] == 200
    yield
    assert door.ask("PATCH", "/settings", {"defaultVisibility": before})[0] == 200


@pytest.fixture
def film(media):
    with (media / "558k.mp4").open("rb") as film:
        yield film


def test_a_new_video_is_private(new_video, private_by_default):
    video = new_video()
    assert video.public is False and "?token=" in video.assets.player
    assert new_video(public=True).public is True


def test_an_upload_by_token_is_private(videos, upload_tokens, door, film, private_by_default):
    token = door.ask("POST", "/upload-tokens", {})[1]["token"]
    video = videos.upload_with_upload_token(token, film)
    assert video.public is False
    videos.delete(video.video_id)
    upload_tokens.delete_token(token)


def test_a_token_can_make_private_videos(videos, upload_tokens, door, film):
    status, token, _ = door.ask("POST", "/upload-tokens", {"ttl": 600, "public": False})
    assert status == 200 and "public" not in token, "clients know no such field in the answer"
    video = videos.upload_with_upload_token(token["token"], film)
    assert video.public is False
    videos.delete(video.video_id)
    upload_tokens.delete_token(token["token"])
