# What is said about a video, how videos are found again, and what becomes of them.

import json

import pytest
from apivideo.exceptions import ApiException, NotFoundException
from apivideo.model.metadata import Metadata
from apivideo.model.player_theme_creation_payload import PlayerThemeCreationPayload
from apivideo.model.video_update_payload import VideoUpdatePayload

NOBODY = "vi0000000000000000000000"


def ids(page):
    return [video.video_id for video in page.data]


def test_a_video_has_the_defaults_of_the_documentation(new_video):
    video = new_video("plain")
    assert (video.title, video.description) == ("plain", "")
    assert (video.public, video.panoramic, video.mp4_support) == (True, False, True)
    assert (video.tags, video.metadata) == ([], [])
    assert video.source.type == "upload"
    assert video.source.uri == f"/videos/{video.video_id}/source"
    assert video.assets.player.endswith(f"/vod/{video.video_id}")
    assert video.assets.hls.endswith(f"/vod/{video.video_id}/hls/manifest.m3u8")
    assert video.assets.mp4.endswith(f"/vod/{video.video_id}/mp4/source.mp4")
    assert video.assets.thumbnail.endswith("/thumbnail.jpg")
    assert video.assets.player in video.assets.iframe


def test_every_attribute_is_kept(new_video, videos):
    about = {
        "description": "said",
        "public": False,
        "panoramic": True,
        "mp4_support": False,
        "tags": ["one", "two"],
        "metadata": [Metadata(key="colour", value="red")],
        "language": "fr",
    }
    made = new_video("full", **about)
    read = videos.get(made.video_id)
    for video in (made, read):
        assert (video.description, video.public, video.panoramic) == ("said", False, True)
        assert (video.tags, video.metadata) == (["one", "two"], [Metadata(key="colour", value="red")])
        assert video.mp4_support is False and "mp4" not in video.assets
    assert read.created_at == made.created_at


def test_each_read_of_a_private_video_brings_its_own_token(new_video, videos):
    video_id = new_video("private", public=False).video_id
    tokens = set()
    for _ in range(3):
        assets = videos.get(video_id).assets
        token = assets.player.split("=")[1]
        assert assets.player.endswith(f"/vod/{video_id}?token={token}")
        for asset in (assets.hls, assets.mp4, assets.thumbnail):
            assert f"/vod/{video_id}/token/{token}/" in asset
        tokens.add(token)
    assert len(tokens) == 3
    listed = videos.list(title="private").data[0]
    assert listed.assets.player.split("=")[1] not in tokens


def test_an_update_changes_what_it_names(new_video, videos):
    made = new_video("before", description="kept", tags=["a"], metadata=[Metadata(key="k", value="v")])
    after = videos.update(made.video_id, VideoUpdatePayload(title="after", public=False))
    assert (after.title, after.description, after.public) == ("after", "kept", False)
    assert (after.tags, after.metadata) == (["a"], [Metadata(key="k", value="v")])
    assert after.updated_at >= made.updated_at
    after = videos.update(made.video_id, VideoUpdatePayload(tags=["b", "c"], metadata=[]))
    assert (after.title, after.tags, after.metadata) == ("after", ["b", "c"], [])
    assert videos.update(made.video_id, VideoUpdatePayload(tags=[])).tags == []


def test_a_player_is_set_and_unset(new_video, videos, players, door):
    player_id = players.create(PlayerThemeCreationPayload(name="for a video")).player_id
    video_id = new_video("with a player", player_id=player_id).video_id
    assert videos.get(video_id).player_id == player_id
    status, body, _ = door.ask("PATCH", f"/videos/{video_id}", {"playerId": None})
    assert status == 200 and "playerId" not in body, body
    assert "player_id" not in videos.get(video_id)
    players.delete(player_id)


def test_deleted_is_gone(new_video, videos):
    video_id = new_video("short-lived").video_id
    videos.delete(video_id)
    for call in (videos.get, videos.get_status, videos.delete):
        with pytest.raises(NotFoundException) as missing:
            call(video_id)
        problem = json.loads(missing.value.body)
        assert (problem["status"], problem["name"]) == (404, "videoId")
        assert problem["type"].endswith("/resource-not-found")
    assert video_id not in ids(videos.list(title="short-lived"))


def test_titles_and_descriptions_are_found_by_a_part(new_video, videos):
    found = new_video("Finding Wanda 9f1c", description="about herons 77").video_id
    new_video("Losing Wendy 9f1c", description="about 77 storks")
    assert ids(videos.list(title="Wanda 9f1c")) == [found]
    assert ids(videos.list(title="ding Wanda 9f")) == [found]
    assert ids(videos.list(description="herons 77")) == [found]
    assert ids(videos.list(title="nobody says this")) == []


def test_tags_are_found_together(new_video, videos):
    both = new_video(tags=["t-x1", "t-y1"]).video_id
    one = new_video(tags=["t-x1"]).video_id
    assert set(ids(videos.list(tags=["t-x1"]))) == {both, one}
    assert ids(videos.list(tags=["t-x1", "t-y1"])) == [both]
    assert ids(videos.list(tags=["t-z1"])) == []
    videos.update(both, VideoUpdatePayload(tags=["t-y1"]))
    assert ids(videos.list(tags=["t-x1", "t-y1"])) == []


@pytest.mark.parametrize("query", ["tags%5B%5D=sp-a&tags%5B%5D=sp-b", "tags[0]=sp-a&tags[1]=sp-b"])
def test_tags_come_in_the_spellings_of_all_clients(new_video, door, query):
    both = new_video(tags=["sp-a", "sp-b"]).video_id
    new_video(tags=["sp-a"])
    _, body, _ = door.ask("GET", f"/videos?{query}")
    assert [video["videoId"] for video in body["data"]] == [both]


def test_metadata_is_found_together(new_video, videos):
    def metadata(**pairs):
        return [Metadata(key=key, value=value) for key, value in pairs.items()]

    both = new_video(metadata=metadata(m_a="1", m_b="2")).video_id
    one = new_video(metadata=metadata(m_a="1")).video_id
    assert set(ids(videos.list(metadata={"m_a": "1"}))) == {both, one}
    assert ids(videos.list(metadata={"m_a": "1", "m_b": "2"})) == [both]
    assert ids(videos.list(metadata={"m_a": "2"})) == []


def test_lists_are_sorted(new_video, videos):
    made = [new_video(f"sorted-{letter}", tags=["sorted"]).video_id for letter in "bca"]
    by_title = [made[2], made[0], made[1]]
    assert ids(videos.list(tags=["sorted"], sort_by="title", sort_order="asc")) == by_title
    assert ids(videos.list(tags=["sorted"], sort_by="title", sort_order="desc")) == by_title[::-1]
    for by in ("createdAt", "updatedAt", "publishedAt"):
        ascending = ids(videos.list(tags=["sorted"], sort_by=by, sort_order="asc"))
        descending = ids(videos.list(tags=["sorted"], sort_by=by, sort_order="desc"))
        assert sorted(ascending) == sorted(made)
        assert ascending == descending[::-1]
    assert ids(videos.list(tags=["sorted"], sort_by="createdAt", sort_order="asc")) == made


def test_pages_are_counted_and_linked(new_video, videos):
    made = {new_video(f"paged {number}", tags=["paged"]).video_id for number in range(5)}
    seen = []
    for number, rels in ((1, "self first next last"), (2, "self first previous next last"), (3, "self first previous last")):
        page = videos.list(tags=["paged"], current_page=number, page_size=2)
        seen += ids(page)
        at = page.pagination
        assert (at.current_page, at.page_size, at.pages_total, at.items_total) == (number, 2, 3, 5)
        assert at.current_page_items == len(page.data)
        assert sorted(link.rel for link in at.links) == sorted(rels.split())
        assert all(link.uri.startswith("/videos?currentPage=") for link in at.links)
    assert len(seen) == 5 and set(seen) == made


def test_a_fault_is_an_exception_with_the_servers_words(new_video, videos, door):
    with pytest.raises(NotFoundException) as missing:
        videos.get(NOBODY)
    assert json.loads(missing.value.body)["title"] == "The requested resource was not found."
    with pytest.raises(ApiException) as bad:
        videos.update(new_video().video_id, VideoUpdatePayload(title="x" * 100_000))
    assert bad.value.status == 400
    door.refused(400, "attribute-required", "POST", "/videos", body={}, name="title")
    door.refused(404, "unrecognized-request-url", "GET", "/nothing-here")
    door.refused(405, "method-not-allowed", "PUT", "/videos")
