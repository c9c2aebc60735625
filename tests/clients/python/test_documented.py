# Each documented error of each endpoint, provoked on purpose; the answers are judged with all others by answers.py.

import pytest
from apivideo.model.live_stream_creation_payload import LiveStreamCreationPayload
from apivideo.model.player_theme_creation_payload import PlayerThemeCreationPayload
from apivideo.model.token_creation_payload import TokenCreationPayload
from apivideo.model.video_creation_payload import VideoCreationPayload

ABSENT = {
    "videoId": "vi0000000000000000000000",
    "liveStreamId": "li0000000000000000000000",
    "playerId": "pl0000000000000000000000",
    "watermarkId": "watermark_0000000000000000000000",
    "webhookId": "webhook_0000000000000000000000",
    "uploadToken": "to0000000000000000000000",
}
FILE = {"file": ("en.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n")}
NO_FILE = {"fields": [("note", "a form without a file")]}

NOT_FOUND = [
    ("POST", "/videos/{videoId}/source", FILE),
    ("DELETE", "/watermarks/{watermarkId}", {}),
    ("POST", "/videos/{videoId}/thumbnail", FILE),
    ("PATCH", "/videos/{videoId}/thumbnail", {"body": {"timecode": "00:00:01"}}),
    ("GET", "/videos/{videoId}", {}),
    ("DELETE", "/videos/{videoId}", {}),
    ("PATCH", "/videos/{videoId}", {"body": {"title": "nobody"}}),
    ("GET", "/discarded/videos/{videoId}", {}),
    ("PATCH", "/discarded/videos/{videoId}", {"body": {"discarded": False}}),
    ("GET", "/videos/{videoId}/status", {}),
    ("GET", "/upload-tokens/{uploadToken}", {}),
    ("DELETE", "/upload-tokens/{uploadToken}", {}),
    ("GET", "/live-streams/{liveStreamId}", {}),
    ("PATCH", "/live-streams/{liveStreamId}", {"body": {"name": "nobody"}}),
    ("DELETE", "/live-streams/{liveStreamId}", {}),
    ("POST", "/live-streams/{liveStreamId}/thumbnail", FILE),
    ("DELETE", "/live-streams/{liveStreamId}/thumbnail", {}),
    ("PUT", "/live-streams/{liveStreamId}/complete", {}),
    ("GET", "/videos/{videoId}/captions/en", {}),
    ("POST", "/videos/{videoId}/captions/en", FILE),
    ("DELETE", "/videos/{videoId}/captions/en", {}),
    ("PATCH", "/videos/{videoId}/captions/en", {"body": {"default": True}}),
    ("GET", "/videos/{videoId}/captions", {}),
    ("GET", "/videos/{videoId}/chapters/en", {}),
    ("POST", "/videos/{videoId}/chapters/en", FILE),
    ("DELETE", "/videos/{videoId}/chapters/en", {}),
    ("GET", "/videos/{videoId}/chapters", {}),
    ("GET", "/players/{playerId}", {}),
    ("PATCH", "/players/{playerId}", {"body": {"name": "nobody"}}),
    ("DELETE", "/players/{playerId}", {}),
    ("POST", "/players/{playerId}/logo", FILE),
    ("DELETE", "/players/{playerId}/logo", {}),
    ("GET", "/webhooks/{webhookId}", {}),
    ("DELETE", "/webhooks/{webhookId}", {}),
]

BAD = [
    ("POST", "/auth/api-key", {"body": {}}),
    ("POST", "/auth/refresh", {"body": {}}),
    ("GET", "/videos?currentPage=0", {}),
    ("GET", "/videos?pageSize=101", {}),
    ("GET", "/videos?sortBy=size", {}),
    ("GET", "/videos?sortOrder=up", {}),
    ("POST", "/videos", {"body": {}}),
    ("POST", "/videos", {"body": "not json"}),
    ("POST", "/videos", {"body": {"title": "x", "tags": "x"}}),
    ("POST", "/videos", {"body": {"title": "x", "clip": {"startTimecode": "soon"}}}),
    ("POST", "/videos/{videoId}/source", NO_FILE),
    ("POST", "/videos/{videoId}/source", {**FILE, "headers": {"Content-Range": "part 2/1"}}),
    ("POST", "/watermarks", NO_FILE),
    ("GET", "/watermarks?pageSize=0", {}),
    ("POST", "/videos/{videoId}/thumbnail", NO_FILE),
    ("PATCH", "/videos/{videoId}/thumbnail", {"body": {}}),
    ("PATCH", "/videos/{videoId}", {"body": {"title": ["x"]}}),
    ("PATCH", "/videos/{videoId}", {"body": {"title": "x" * 100_000, "tags": ["y" * 100_000]}}),
    ("GET", "/discarded/videos?currentPage=0", {}),
    ("PATCH", "/discarded/videos/{videoId}", {"body": {"discarded": True}}),
    ("POST", "/upload-tokens", {"body": {"ttl": -1}}),
    ("GET", "/upload-tokens?pageSize=0", {}),
    ("POST", "/upload?token={uploadToken}", NO_FILE),
    ("POST", "/live-streams", {"body": {}}),
    ("PATCH", "/live-streams/{liveStreamId}", {"body": {"restreams": [{"name": "n"}]}}),
    ("POST", "/live-streams/{liveStreamId}/thumbnail", NO_FILE),
    ("GET", "/live-streams?sortBy=size", {}),
    ("GET", "/videos/{videoId}/captions/e_n", {}),
    ("POST", "/videos/{videoId}/captions/e_n", FILE),
    ("POST", "/videos/{videoId}/captions/en", NO_FILE),
    ("DELETE", "/videos/{videoId}/captions/e_n", {}),
    ("PATCH", "/videos/{videoId}/captions/e_n", {"body": {"default": True}}),
    ("POST", "/videos/{videoId}/chapters/e_n", FILE),
    ("POST", "/videos/{videoId}/chapters/en", NO_FILE),
    ("GET", "/players?sortBy=size", {}),
    ("POST", "/players", {"body": {"text": "red"}}),
    ("POST", "/players/{playerId}/logo", NO_FILE),
    ("GET", "/tags?sortBy=size", {}),
    ("POST", "/webhooks", {"body": {}}),
    ("GET", "/webhooks?pageSize=0", {}),
]


def name_of(case):
    method, path, request = case
    return f"{method} {path} {str(request)[:40]}"


@pytest.fixture(scope="module")
def present(videos, players, live_streams, upload_tokens):
    found = {
        "videoId": videos.create(VideoCreationPayload(title="for its errors")).video_id,
        "playerId": players.create(PlayerThemeCreationPayload(name="for its errors")).player_id,
        "liveStreamId": live_streams.create(LiveStreamCreationPayload(name="for its errors")).live_stream_id,
        "uploadToken": upload_tokens.create_token(TokenCreationPayload()).token,
    }
    yield found
    videos.delete(found["videoId"])
    players.delete(found["playerId"])
    live_streams.delete(found["liveStreamId"])
    upload_tokens.delete_token(found["uploadToken"])


@pytest.mark.parametrize("case", NOT_FOUND, ids=name_of)
def test_what_is_absent_is_not_found(door, case):
    method, path, request = case
    name = path.split("{")[1].split("}")[0]
    door.refused(404, "resource-not-found", method, path.format(**ABSENT), name=name, **request)


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_what_is_wrong_is_a_bad_request(door, present, case):
    method, path, request = case
    status, body, _ = door.ask(method, path.format(**present), **request)
    assert (status, body["status"]) == (400, 400), body
    assert body["title"] and body["type"].startswith("https://docs.api.video/reference/")


@pytest.mark.parametrize("case", NOT_FOUND + BAD[2:], ids=name_of)
def test_strangers_are_told_nothing(stranger, case):
    method, path, request = case
    if path.startswith("/upload?"):
        return
    status, body, _ = stranger.ask(method, path.format(**ABSENT), **request)
    assert (status, body["status"], body["name"]) == (401, 401, ""), body
    assert body["type"].endswith("/authentication-missing-authorization-header")
