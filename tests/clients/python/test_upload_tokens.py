# Upload tokens: made, listed, and worth nothing once they are deleted or expired.

import json
from datetime import datetime, timezone

import pytest
from apivideo.exceptions import ApiException, NotFoundException, UnauthorizedException
from apivideo.model.token_creation_payload import TokenCreationPayload


@pytest.fixture
def made(upload_tokens):
    tokens = [upload_tokens.create_token(TokenCreationPayload(ttl=ttl)) for ttl in (3600, 0, 7200)]
    yield tokens
    for token in tokens:
        upload_tokens.delete_token(token.token)


def test_a_token_says_when_it_ends(upload_tokens, made):
    hour, forever, _ = made
    assert hour.token.startswith("to") and hour.ttl == 3600
    left = hour.expires_at - datetime.now(timezone.utc)
    assert 3500 < left.total_seconds() < 3660
    assert forever.ttl == 0 and forever.get("expires_at") is None
    assert upload_tokens.get_token(hour.token) == hour


def test_tokens_are_listed_and_sorted(upload_tokens, made):
    hour, forever, two = [token.token for token in made]
    assert [token.token for token in upload_tokens.list(sort_by="ttl", sort_order="asc").data] == [forever, hour, two]
    assert [token.token for token in upload_tokens.list(sort_by="ttl", sort_order="desc").data] == [two, hour, forever]
    ascending = upload_tokens.list(sort_by="createdAt", sort_order="asc")
    assert {token.token for token in ascending.data} == {hour, forever, two}
    page = upload_tokens.list(current_page=2, page_size=2)
    assert (len(page.data), page.pagination.items_total, page.pagination.pages_total) == (1, 3, 2)


def test_a_deleted_token_is_worth_nothing(upload_tokens, videos, media):
    token = upload_tokens.create_token(TokenCreationPayload()).token
    upload_tokens.delete_token(token)
    for call in (upload_tokens.get_token, upload_tokens.delete_token):
        with pytest.raises(NotFoundException):
            call(token)
    before = videos.list().pagination.items_total
    with (media / "558k.mp4").open("rb") as film, pytest.raises(UnauthorizedException) as refused:
        videos.upload_with_upload_token(token, film)
    assert json.loads(refused.value.body)["type"].endswith("/authentication-invalid-upload-token")
    assert videos.list().pagination.items_total == before


def test_a_negative_life_is_refused(upload_tokens, door):
    assert door.ask("POST", "/upload-tokens", {"ttl": -1})[0] == 400
    assert door.ask("POST", "/upload-tokens", {"ttl": 2147483648})[0] == 400
    assert door.ask("POST", "/upload-tokens", {"ttl": "long"})[0] == 400


def test_no_token_no_upload(stranger, media):
    film = ("558k.mp4", (media / "558k.mp4").read_bytes())
    stranger.refused(401, "authentication-missing-upload-token", "POST", "/upload", file=film)
    stranger.refused(401, "authentication-invalid-upload-token", "POST", "/upload?token=toNobody", file=film)


def test_a_token_opens_nothing_else(upload_tokens, stranger):
    token = upload_tokens.create_token(TokenCreationPayload()).token
    for header in (f"Bearer {token}", f"Basic {token}"):
        assert stranger.ask("GET", "/videos", headers={"Authorization": header})[0] == 401
    assert stranger.ask("GET", f"/videos?token={token}")[0] == 401
    upload_tokens.delete_token(token)
