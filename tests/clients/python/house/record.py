# Every answer that passes through urllib3 is kept, one line of JSON each, for the check against the specification.

import json
import urllib.parse

import urllib3

from .server import ROOT

ANSWERS = ROOT / "target/clients/answers"


def record(name):
    """Keeps answers in `target/clients/answers/NAME.jsonl` from now on."""
    ANSWERS.mkdir(parents=True, exist_ok=True)
    file = (ANSWERS / f"{name}.jsonl").open("w", buffering=1)
    ask = urllib3.PoolManager.request

    def asking(self, method, url, *args, **kwargs):
        reply = ask(self, method, url, *args, **kwargs)
        parts = urllib.parse.urlsplit(url)
        answer = {
            "method": method,
            "url": urllib.parse.urlunsplit(("", "", parts.path, parts.query, "")),
            "status": reply.status,
            "type": reply.headers.get("content-type"),
            "body": reply.data.decode(errors="replace"),
        }
        file.write(json.dumps(answer) + "\n")
        return reply

    urllib3.PoolManager.request = asking
    return file
