# Plain requests, for what the vendor's client will not say: wrong types, missing fields, foreign headers.

import base64
import json

import urllib3

POOL = urllib3.PoolManager(retries=False, timeout=20)


class Door:
    def __init__(self, url, key=None):
        self.url = url
        self.headers = {}
        if key is not None:
            self.headers["Authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()

    def ask(self, method, path, body=None, file=None, fields=(), headers=None):
        """A JSON body, or a form with fields and one `file` of (name, bytes); answers (status, body, headers)."""
        headers = {**self.headers, **(headers or {})}
        if file is not None or fields:
            form = [(name, value) for name, value in fields]
            if file is not None:
                form.append(("file", file))
            reply = POOL.request(method, self.url + path, fields=form, headers=headers)
        elif isinstance(body, (bytes, str)):
            reply = POOL.request(method, self.url + path, body=body, headers=headers)
        elif body is not None:
            headers.setdefault("Content-Type", "application/json")
            reply = POOL.request(method, self.url + path, body=json.dumps(body), headers=headers)
        else:
            reply = POOL.request(method, self.url + path, headers=headers)
        content = reply.data
        if reply.headers.get("content-type") == "application/json":
            content = json.loads(content)
        return reply.status, content, reply.headers

    def refused(self, status, slug, method, path, name=None, **more):
        """Asks, and wants this refusal in the shape that clients read; answers the problem document."""
        got, body, _ = self.ask(method, path, **more)
        assert got == status, f"{method} {path}: {got} {body}"
        assert body["status"] == status
        assert body["title"]
        assert body["type"] == f"https://docs.api.video/reference/{slug}", body
        if name is not None:
            assert body["name"] == name, body
        return body
