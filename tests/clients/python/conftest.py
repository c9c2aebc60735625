# One server for the whole run, the vendor's client signed in to it, and the films it uploads.

import contextlib
import subprocess

import pytest
from apivideo import AuthenticatedApiClient
from apivideo.apis import (
    CaptionsApi,
    ChaptersApi,
    LiveStreamsApi,
    PlayerThemesApi,
    TagsApi,
    UploadTokensApi,
    VideosApi,
    WatermarksApi,
    WebhooksApi,
)
from apivideo.exceptions import NotFoundException
from apivideo.model.video_creation_payload import VideoCreationPayload

from house.door import Door
from house.record import record
from house.server import ROOT, Server
from house.until import until

ENCODE_SECONDS_MAX = 60


@pytest.fixture(scope="session", autouse=True)
def recorded():
    with record("python-client"):
        yield


@pytest.fixture(scope="session")
def server(recorded):
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def media():
    folder = ROOT / "target/clients/media"
    subprocess.run([ROOT / "tests/clients/media.sh", folder], check=True)
    return folder


def sign_in(server):
    """The client has no setting for its host, only this attribute."""
    client = AuthenticatedApiClient(server.key)
    client.configuration.host = server.url
    client.connect()
    return client


@pytest.fixture(scope="session")
def client(server):
    with_client = sign_in(server)
    yield with_client
    with_client.close()


@pytest.fixture(scope="session")
def door(server):
    return Door(server.url, server.key)


@pytest.fixture(scope="session")
def stranger(server):
    return Door(server.url)


def _api(api):
    return pytest.fixture(scope="session")(lambda client: api(client))


captions = _api(CaptionsApi)
chapters = _api(ChaptersApi)
live_streams = _api(LiveStreamsApi)
players = _api(PlayerThemesApi)
tags = _api(TagsApi)
upload_tokens = _api(UploadTokensApi)
videos = _api(VideosApi)
watermarks = _api(WatermarksApi)
webhooks = _api(WebhooksApi)


@pytest.fixture
def new_video(videos):
    """Makes videos that are gone again after the test."""
    made = []

    def make(title="untitled", **about):
        video = videos.create(VideoCreationPayload(title=title, **about))
        made.append(video.video_id)
        return video

    yield make
    for video_id in made:
        with contextlib.suppress(NotFoundException):
            videos.delete(video_id)


@pytest.fixture(scope="session")
def encoded(videos, media):
    """A film with every rendition ready, for those who only read it."""
    video_id = videos.create(VideoCreationPayload(title="encoded once")).video_id
    with (media / "558k.mp4").open("rb") as film:
        videos.upload(video_id, film)
    when_encoded(videos, video_id)
    return video_id


def when_encoded(videos, video_id):
    def done():
        encoding = videos.get_status(video_id).encoding
        states = [quality.status for quality in encoding.qualities]
        assert "failed" not in states, states
        return encoding.playable and states and set(states) == {"encoded"}

    until(f"{video_id} is encoded", ENCODE_SECONDS_MAX, done)
