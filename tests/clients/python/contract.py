# schemathesis asks the program everything that its own OpenAPI document allows, and some of what it forbids.
#
# No answer may be a 5xx, have a status or a body that the document does not name, or be given to somebody without a key.

import os
import pathlib
import subprocess
import sys

from house.server import Server

SEED = os.environ.get("ADMIT_TEST_SEED", "20261126")
EXAMPLES_MAX = 25
SECONDS_MAX = 170
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "ignored_auth",
)


def main():
    server = Server()
    try:
        argv = [
            str(pathlib.Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{server.url}/openapi.json",
            f"--auth={server.key}:",
            f"--checks={','.join(CHECKS)}",
            f"--max-examples={EXAMPLES_MAX}",
            f"--seed={SEED}",
            "--generation-database=none",
            "--continue-on-failure",
            "--no-color",
        ]
        print(f"schemathesis: seed {SEED}, ADMIT_TEST_SEED=… for another", flush=True)
        code = subprocess.run(argv, timeout=SECONDS_MAX).returncode
        if code != 0:
            print(server.log(), file=sys.stderr)
        return code
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
