# Whoever asks too often is told so, in the shape of the documentation and with its headers, at every address.

import re

import pytest

from house.door import Door
from house.server import Server
from test_documented import ABSENT

# A new minute may begin between two requests.
ASKS_MAX = 3
NOT_COUNTED = ("/auth/",)


@pytest.fixture(scope="module")
def hurried(recorded):
    settings = ("ADMIT_UPLOADS_PER_MINUTE", "ADMIT_WRITES_PER_MINUTE", "ADMIT_READS_PER_MINUTE")
    server = Server(**dict.fromkeys(settings, "1"))
    yield server
    server.stop()


def operations(door):
    _, document, _ = door.ask("GET", "/openapi.json")
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item and not path.startswith(NOT_COUNTED):
                yield method.upper(), re.sub(r"{(\w+)}", lambda found: ABSENT.get(found[1], "en"), path)


def test_every_operation_can_be_asked_too_often(hurried):
    door = Door(hurried.url, hurried.key)
    asked = 0
    for method, path in operations(door):
        query = "?token=" + ABSENT["uploadToken"] if path == "/upload" else ""
        for _ in range(ASKS_MAX):
            status, body, headers = door.ask(method, path + query)
            if status == 429:
                break
        assert (status, body.get("status"), body.get("title")) == (429, 429, "Too many requests."), f"{method} {path}: {body}"
        assert body["type"] == "https://docs.api.video/reference/too-many-requests"
        assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("1", "0")
        for name in ("x-ratelimit-retry-after", "retry-after"):
            assert 0 <= int(headers[name]) <= 60
        asked += 1
    assert asked >= 50


def test_every_answer_tells_what_is_left(door):
    left = []
    for _ in range(2):
        _, _, headers = door.ask("GET", "/videos")
        left.append(int(headers["x-ratelimit-remaining"]))
        assert int(headers["x-ratelimit-limit"]) > left[-1] >= 0
    assert left[1] < left[0] or left[1] == int(headers["x-ratelimit-limit"]) - 1, "one less, or a new minute"
