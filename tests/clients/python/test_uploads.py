# Films arrive whole, in chunks and in parts, with a key or with an upload token, and are then there to be watched.

import urllib.request

import pytest
from apivideo.exceptions import ApiException
from apivideo.model.token_creation_payload import TokenCreationPayload

from conftest import when_encoded

PART_BYTES = 5 * 1024 * 1024


@pytest.fixture
def token(upload_tokens):
    made = upload_tokens.create_token(TokenCreationPayload(ttl=0)).token
    yield made
    upload_tokens.delete_token(made)


@pytest.fixture
def in_chunks(client):
    """As small as the client allows, so that a film of ten megabytes has three."""
    usual = client.configuration.chunk_size
    client.configuration.chunk_size = PART_BYTES
    yield
    client.configuration.chunk_size = usual


@pytest.fixture
def film(media):
    files = []

    def open_film(name):
        files.append((media / name).open("rb"))
        return files[-1]

    yield open_film
    for file in files:
        file.close()


def test_a_small_film_can_be_watched(new_video, videos, film, media):
    made = new_video("small")
    assert "ingest" not in videos.get_status(made.video_id), "nothing was sent yet"
    assert videos.get_status(made.video_id).encoding.playable is False
    said = videos.upload(made.video_id, film("558k.mp4"))
    assert said.video_id == made.video_id
    assert videos.get_status(made.video_id).ingest.status == "uploaded"
    when_encoded(videos, made.video_id)
    with urllib.request.urlopen(made.assets.mp4) as answer:
        assert answer.headers["content-type"] == "video/mp4"
        assert answer.read()[4:8] == b"ftyp"
    with urllib.request.urlopen(made.assets.hls) as answer:
        assert answer.read().startswith(b"#EXTM3U")


def test_the_status_describes_the_film(videos, encoded, media):
    status = videos.get_status(encoded)
    assert status.ingest.filesize == (media / "558k.mp4").stat().st_size
    metadata = status.encoding.metadata
    assert (metadata.width, metadata.height, metadata.framerate) == (640, 360, 25)
    assert metadata.duration == 2
    assert (metadata.video_codec, metadata.audio_codec) == ("h264", "aac")
    assert {(quality.type, quality.status) for quality in status.encoding.qualities} >= {("hls", "encoded"), ("mp4", "encoded")}


def test_a_large_film_goes_in_chunks(new_video, videos, film, media, in_chunks):
    video_id = new_video("large").video_id
    heard = []
    said = videos.upload(video_id, film("10m.mp4"), _progress_listener=lambda sent, total: heard.append((sent, total)))
    size = (media / "10m.mp4").stat().st_size
    assert heard == [(PART_BYTES, size), (2 * PART_BYTES, size), (size, size)]
    assert (said.video_id, said.title) == (video_id, "large")
    ingest = videos.get_status(video_id).ingest
    assert (ingest.status, ingest.filesize) == ("uploaded", size)


def test_progressive_parts_without_a_token(new_video, videos, film):
    video_id = new_video("progressive").video_id
    session = videos.create_upload_progressive_session(video_id)
    assert session.uploadPart(film("10m.mp4.part.a")).video_id == video_id
    ingest = videos.get_status(video_id).ingest
    assert (ingest.status, ingest.received_parts.parts) == ("uploading", [1])
    assert session.uploadPart(film("10m.mp4.part.b")).video_id == video_id
    assert session.uploadLastPart(film("10m.mp4.part.c")).title == "progressive"
    assert videos.get_status(video_id).ingest.status == "uploaded"


def test_a_second_source_is_refused(new_video, videos, film):
    video_id = new_video().video_id
    videos.upload(video_id, film("558k.mp4"))
    with pytest.raises(ApiException) as refused:
        videos.upload(video_id, film("558k.mp4"))
    assert refused.value.status == 400
    assert "video-source-already-uploaded" in str(refused.value.body)


def test_a_token_makes_a_video_named_after_its_file(videos, token, film):
    said = videos.upload_with_upload_token(token, film("558k.mp4"))
    assert said.title == "558k.mp4"
    assert videos.get(said.video_id).public is True
    videos.delete(said.video_id)


def test_a_token_fills_a_video_that_exists(new_video, videos, token, film):
    video_id = new_video("waiting for bytes", public=False).video_id
    said = videos.create_upload_with_upload_token_progressive_session(token, video_id).uploadLastPart(film("558k.mp4"))
    assert (said.video_id, said.title, said.public) == (video_id, "waiting for bytes", False)
    assert videos.get_status(video_id).ingest.status == "uploaded"


def test_progressive_parts_with_a_token(videos, token, film):
    session = videos.create_upload_with_upload_token_progressive_session(token)
    first = session.uploadPart(film("10m.mp4.part.a"))
    assert session.uploadPart(film("10m.mp4.part.b")).video_id == first.video_id
    last = session.uploadLastPart(film("10m.mp4.part.c"))
    assert (last.video_id, last.title) == (first.video_id, "10m.mp4.part.a")
    videos.delete(last.video_id)


def test_a_token_in_chunks_makes_one_video(videos, token, film, in_chunks):
    """The client forgets the id between chunks; one film must not become three."""
    before = videos.list().pagination.items_total
    said = videos.upload_with_upload_token(token, film("10m.mp4"))
    assert videos.list().pagination.items_total == before + 1
    assert videos.get_status(said.video_id).ingest.status == "uploaded"
    videos.delete(said.video_id)


def test_bytes_in_any_order(new_video, videos, door, media):
    video_id = new_video("by bytes").video_id
    whole = (media / "10m.mp4").read_bytes()
    size, cuts = len(whole), [0, PART_BYTES, 2 * PART_BYTES, len(whole)]
    for number in (2, 0, 1):
        begin, end = cuts[number], cuts[number + 1]
        headers = {"Content-Range": f"bytes {begin}-{end - 1}/{size}"}
        path = f"/videos/{video_id}/source"
        status, body, _ = door.ask("POST", path, file=("10m.mp4", whole[begin:end]), headers=headers)
        assert status == 201, body
        assert body["videoId"] == video_id
        if number != 1:
            assert body == {"videoId": video_id}
            received = videos.get_status(video_id).ingest.received_bytes
            assert (begin, end - 1, size) in [(piece._from, piece.to, piece.total) for piece in received]
    assert videos.get_status(video_id).ingest.status == "uploaded"
