# An API key becomes a bearer token, a refresh token the next one, and neither is guessed.

import json
import re

import pytest
from apivideo import AuthenticatedApiClient
from apivideo.apis import VideosApi
from apivideo.exceptions import ApiException, UnauthorizedException

from conftest import sign_in


def test_the_client_signs_in_and_refreshes(server):
    client = sign_in(server)
    first = client._access_token
    assert VideosApi(client).list().pagination.current_page == 1
    client.refresh_token()
    assert client._access_token != first
    assert VideosApi(client).list().pagination.current_page == 1
    client.close()


def test_a_refresh_token_is_used_once(server, stranger):
    client = sign_in(server)
    refresh = {"refreshToken": client._refresh_token}
    client.refresh_token()
    status, body, _ = stranger.ask("POST", "/auth/refresh", refresh)
    assert status == 401, body
    client.close()


def test_a_wrong_key_opens_nothing(server):
    client = AuthenticatedApiClient("adm_wrong")
    client.configuration.host = server.url
    with pytest.raises(ApiException) as refused:
        client.connect()
    assert refused.value.status in (400, 401)


def test_a_wrong_token_is_unauthorized(server, stranger):
    client = sign_in(server)
    client._access_token += "x"
    with pytest.raises(UnauthorizedException) as refused:
        VideosApi(client).list()
    problem = json.loads(refused.value.body)
    assert problem["type"].endswith("/authentication-invalid-access-token")
    assert problem["status"] == 401
    client.close()
    slug = "authentication-missing-authorization-header"
    assert stranger.refused(401, slug, "GET", "/videos")["name"] == ""


def test_the_browsers_way_to_refresh(server, stranger):
    """The uploader declares plain text, and the answer's type is written in its own case by some clients."""
    status, pair, _ = stranger.ask("POST", "/auth/api-key", {"apiKey": server.key})
    assert (status, pair["token_type"], pair["expires_in"]) == (200, "Bearer", 3600)
    body = json.dumps({"refreshToken": pair["refresh_token"]})
    plain = {"Content-Type": "text/plain;charset=UTF-8"}
    status, pair, _ = stranger.ask("POST", "/auth/refresh", body, headers=plain)
    assert status == 200, pair
    bearer = {"Authorization": f"bearer {pair['access_token']}"}
    assert stranger.ask("GET", "/videos", headers=bearer)[0] == 200


def test_every_operation_of_ours_wants_a_key(server, stranger):
    """Of the document's own list; open are only those that it calls open."""
    _, document, _ = stranger.ask("GET", "/openapi.json")
    asked, free = 0, []
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method not in item:
                continue
            if "security" in item[method]:
                free.append(f"{method.upper()} {path}")
                continue
            for headers in ({}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic bm9ib2R5Og=="}):
                status, body, _ = stranger.ask(method.upper(), re.sub(r"{\w+}", "x", path), headers=headers)
                assert (status, body["status"]) == (401, 401), f"{method} {path} {headers}: {body}"
                asked += 1
    assert asked >= 30
    by_key_of_a_page = "GET /api/v1/embeds/{embedId}/playback"
    assert sorted(free) == [by_key_of_a_page, "POST /auth/api-key", "POST /auth/refresh", "POST /upload"]
