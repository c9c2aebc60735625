# The judge of answers is judged: planted offences are seen, and what is declared passes.

import json

import pytest

from answers import Specification

MADE_AT = "2026-01-02T03:04:05+00:00"
DOCUMENT = {
    "paths": {
        "/things/{thingId}": {
            "get": {
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/thing"}}}},
                    "404": {
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/not-found"},
                                "examples": {"a": {"value": {"title": "t", "status": 404, "detail": "d"}}},
                            }
                        }
                    },
                }
            },
            "delete": {"responses": {"204": {}}},
        },
    },
    "components": {
        "schemas": {
            "thing": {
                "type": "object",
                "required": ["thingId"],
                "properties": {
                    "thingId": {"type": "string"},
                    "madeAt": {"type": "string", "format": "date-time"},
                    "endsAt": {"type": "string", "format": "date-time", "nullable": True},
                    "state": {"type": "string", "enum": ["new", "old"]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/part"}},
                },
            },
            "part": {"type": "object", "properties": {"number": {"type": "integer"}}},
            "not-found": {"type": "object", "properties": {"title": {"type": "string"}, "status": {"type": "integer"}}},
            "bad-request": {"type": "object", "properties": {"title": {"type": "string"}, "status": {"type": "integer"}}},
        }
    },
}


def judge(method="GET", status=200, body=None, type="application/json"):
    specification = Specification(DOCUMENT)
    text = "" if body is None else json.dumps(body)
    answer = {"method": method, "url": "/things/1?x=y", "status": status, "type": type, "body": text}
    return specification.judge(answer, specification.kind_of(answer)[1])


@pytest.mark.parametrize(
    "offence",
    [
        {"body": {"thingId": "1", "colour": "red"}},
        {"body": {"thingId": "1", "madeAt": None}},
        {"body": {"thingId": "1", "madeAt": "2026-01-02T03:04:05Z"}},
        {"body": {"thingId": "1", "state": "lost"}},
        {"body": {"thingId": "1", "parts": [{"number": "1"}]}},
        {"body": {"thingId": "1", "parts": [{"name": "x"}]}},
        {"body": {}},
        {"body": {"thingId": "1"}, "type": "application/json; charset=utf-8"},
        {"status": 202, "body": {"thingId": "1"}},
        {"status": 500, "body": {"title": "t", "status": 500}},
        {"status": 404, "body": {"title": "t", "status": 400}},
        {"status": 404, "body": {"title": "t", "status": 404, "hint": "x"}},
        {"method": "DELETE", "status": 204, "body": {}},
        {"method": "DELETE", "status": 204},
    ],
    ids=str,
)
def test_offences_are_seen(offence):
    assert judge(**offence)


def test_what_is_declared_passes():
    whole = {"thingId": "1", "madeAt": MADE_AT, "endsAt": None, "state": "old", "parts": [{"number": 1}]}
    assert judge(body=whole) == []
    assert judge(status=404, body={"title": "t", "status": 404, "detail": "shown by an example"}) == []
    assert judge(status=401, body={"title": "t", "status": 401}) == []
    assert judge(method="DELETE", status=204, type=None) == []


def test_addresses_and_kinds_are_known():
    specification = Specification(DOCUMENT)
    elsewhere = {"method": "GET", "url": "/things/1/parts"}
    assert specification.kind_of(elsewhere) == (None, None)
    assert specification.kinds() == {("GET /things/{thingId}", 200), ("GET /things/{thingId}", 404), ("DELETE /things/{thingId}", 204)}
