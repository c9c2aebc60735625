# Live streams as records: made, found, changed, pictured, completed, deleted.

import uuid

import pytest
from apivideo.exceptions import ApiException, NotFoundException
from apivideo.model.live_stream_creation_payload import LiveStreamCreationPayload
from apivideo.model.live_stream_update_payload import LiveStreamUpdatePayload
from apivideo.model.restreams_request_object import RestreamsRequestObject


@pytest.fixture
def new_stream(live_streams):
    made = []

    def make(name="live", **about):
        made.append(live_streams.create(LiveStreamCreationPayload(name=name, **about)))
        return made[-1]

    yield make
    for stream in made:
        try:
            live_streams.delete(stream.live_stream_id)
        except NotFoundException:
            pass


def test_a_stream_has_a_key_and_addresses(new_stream, live_streams):
    stream = new_stream("news")
    assert stream.live_stream_id.startswith("li")
    assert str(uuid.UUID(stream.stream_key)) == stream.stream_key
    assert (stream.name, stream.public, stream.broadcasting, stream.restreams) == ("news", True, False, [])
    assert stream.assets.player.endswith(f"/live/{stream.live_stream_id}")
    assert stream.assets.hls.endswith(f"/{stream.live_stream_id}.m3u8")
    assert stream.assets.thumbnail.endswith(f"/{stream.live_stream_id}/thumbnail.jpg")
    assert stream.assets.player in stream.assets.iframe
    assert live_streams.get(stream.live_stream_id) == stream


def test_each_read_of_a_private_stream_brings_its_own_token(new_stream, live_streams):
    stream_id = new_stream("private", public=False).live_stream_id
    tokens = set()
    for _ in range(2):
        assets = live_streams.get(stream_id).assets
        token = assets.player.split("=")[1]
        assert assets.player.endswith(f"/live/{stream_id}?token={token}")
        assert assets.hls.endswith(f"/private/{token}/{stream_id}.m3u8")
        assert assets.thumbnail.endswith(f"/private/{token}/{stream_id}/thumbnail.jpg")
        tokens.add(token)
    assert len(tokens) == 2


def test_restreams_are_kept_and_replaced(new_stream, live_streams):
    def to(name):
        return RestreamsRequestObject(name=name, server_url="rtmp://example.org/app", stream_key="key")

    stream = new_stream("far", restreams=[to("one"), to("two")])
    assert [(target.name, target.stream_key) for target in stream.restreams] == [("one", "key"), ("two", "key")]
    after = live_streams.update(stream.live_stream_id, LiveStreamUpdatePayload(restreams=[to("three")]))
    assert [target.name for target in after.restreams] == ["three"]
    after = live_streams.update(stream.live_stream_id, LiveStreamUpdatePayload(restreams=[]))
    assert (after.restreams, after.name) == ([], "far")


def test_an_update_changes_what_it_names(new_stream, live_streams):
    stream = new_stream("before")
    after = live_streams.update(stream.live_stream_id, LiveStreamUpdatePayload(name="after"))
    assert (after.name, after.public, after.stream_key) == ("after", True, stream.stream_key)
    assert live_streams.update(stream.live_stream_id, LiveStreamUpdatePayload(public=False)).public is False


def test_streams_are_found_and_sorted(new_stream, live_streams):
    made = [new_stream(f"found-{letter}") for letter in "bca"]
    by_name = [made[2], made[0], made[1]]

    def names(**how):
        return [stream.name for stream in live_streams.list(**how).data]

    assert names(name="found-", sort_by="name", sort_order="asc") == [stream.name for stream in by_name]
    assert names(name="found-", sort_by="name", sort_order="desc") == [stream.name for stream in by_name[::-1]]
    for by in ("createdAt", "updatedAt"):
        assert len(names(name="ound-", sort_by=by)) == 3
    assert names(stream_key=made[0].stream_key) == ["found-b"]
    assert names(name="nobody") == []
    page = live_streams.list(name="found-", page_size=2, current_page=2)
    assert (len(page.data), page.pagination.items_total) == (1, 3)


def test_a_thumbnail_comes_and_goes(new_stream, live_streams, media):
    stream_id = new_stream().live_stream_id
    with (media / "test.jpg").open("rb") as picture:
        assert live_streams.upload_thumbnail(stream_id, picture).live_stream_id == stream_id
    assert live_streams.delete_thumbnail(stream_id).live_stream_id == stream_id
    with (media / "en.vtt").open("rb") as text, pytest.raises(ApiException) as refused:
        live_streams.upload_thumbnail(stream_id, text)
    assert refused.value.status == 400


def test_a_stream_is_completed(new_stream, live_streams):
    stream_id = new_stream().live_stream_id
    live_streams.complete(stream_id)
    assert live_streams.get(stream_id).broadcasting is False


def test_a_deleted_stream_is_gone(new_stream, live_streams):
    stream_id = new_stream("short-lived").live_stream_id
    live_streams.delete(stream_id)
    for call in (live_streams.get, live_streams.delete, live_streams.complete, live_streams.delete_thumbnail):
        with pytest.raises(NotFoundException):
            call(stream_id)
    assert live_streams.list(name="short-lived").data == []


def test_wrong_streams_are_refused(live_streams, door):
    target = {"name": "n", "serverUrl": "rtmp://example.org/app", "streamKey": "k"}
    before = live_streams.list().pagination.items_total
    door.refused(400, "attribute-required", "POST", "/live-streams", body={}, name="name")
    for restreams in ([target] * 6, [{**target, "name": None}], [{"name": "n"}], "none"):
        status, body, _ = door.ask("POST", "/live-streams", {"name": "wrong", "restreams": restreams})
        assert status == 400, body
    assert live_streams.list().pagination.items_total == before
