# schemathesis asks the program everything that its own OpenAPI document allows, and some of what it forbids.
#
# No answer may be a 5xx, have a status or a body that the document does not name, or be given to somebody without a key.
# The first run knows of nothing that exists; the second fills real ids into every path and deletes nothing.

import os
import pathlib
import subprocess
import sys
import tempfile

from house.door import Door
from house.server import Server

SEED = os.environ.get("ADMIT_TEST_SEED", "20261126")
EXAMPLES_MAX = 15
SECONDS_MAX = 85
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
UNLIMITED = ("ADMIT_UPLOADS_PER_MINUTE", "ADMIT_WRITES_PER_MINUTE", "ADMIT_READS_PER_MINUTE")
# How to make one of each thing that a path can name.
THINGS = {
    "videoId": ("/videos", {"title": "for schemathesis"}),
    "playerId": ("/players", {"name": "for schemathesis"}),
    "liveStreamId": ("/live-streams", {"name": "for schemathesis"}),
    "webhookId": ("/webhooks", {"events": ["video.source.recorded"], "url": "https://hooks.example.org/"}),
    "uploadToken": ("/upload-tokens", {}),
}


def schemathesis(server, *more, config=os.devnull):
    argv = [
        str(pathlib.Path(sys.executable).with_name("schemathesis")),
        f"--config-file={config}",
        "run",
        f"{server.url}/openapi.json",
        f"--auth={server.key}:",
        f"--checks={','.join(CHECKS)}",
        f"--max-examples={EXAMPLES_MAX}",
        f"--seed={SEED}",
        "--generation-database=none",
        "--continue-on-failure",
        "--warnings=off",
        "--no-color",
        *more,
    ]
    # It leaves notes where it runs, and would heed those of another run.
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(argv, cwd=folder, timeout=SECONDS_MAX).returncode


def real_ids(server):
    door = Door(server.url, server.key)
    made = {}
    for name, (path, body) in THINGS.items():
        status, thing, _ = door.ask("POST", path, body)
        assert status in (200, 201), f"{path}: {thing}"
        made[name] = thing.get(name) or thing["token"]
    made["language"] = "en"
    return made


def main():
    server = Server(**dict.fromkeys(UNLIMITED, "0"))
    try:
        print(f"schemathesis: seed {SEED}, ADMIT_TEST_SEED=… for another", flush=True)
        code = schemathesis(server)
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
            lines = [f'"path.{name}" = "{thing}"\n' for name, thing in real_ids(server).items()]
            config.write("".join(["[parameters]\n", *lines]))
            config.flush()
            code |= schemathesis(server, "--exclude-method=DELETE", "--phases=coverage,fuzzing", config=config.name)
        if code != 0:
            print(server.log(), file=sys.stderr)
        return code
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
