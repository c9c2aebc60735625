# The real program, started as its users start it, with an empty data folder of its own.

import os
import pathlib
import queue
import re
import shutil
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[4]
PROGRAM = os.environ.get("ADMIT_BIN", str(ROOT / "target/debug/admit"))
START_SECONDS_MAX = 20
STOP_SECONDS_MAX = 15


class Server:
    """`settings` are environment variables of the program."""

    def __init__(self, **settings):
        self.data = tempfile.mkdtemp(prefix="admit-python-")
        self.said = []
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--data", self.data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **settings},
        )
        ready = queue.Queue()
        threading.Thread(target=self._listen, args=(ready,), daemon=True).start()
        try:
            self.url = ready.get(timeout=START_SECONDS_MAX)
            if self.url is None:
                raise queue.Empty
            self.key = self.new_key("python")
        except queue.Empty:
            self.stop()
            raise RuntimeError(f"admit did not start:\n{self.log()}") from None
        except BaseException:
            self.stop()
            raise

    def _listen(self, ready):
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(r"ready at (http://127\.0\.0\.1:\d+)", line):
                ready.put(found[1])
        ready.put(None)

    def new_key(self, name):
        argv = [PROGRAM, "api-key", "create", "--data", self.data, "--name", name]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()

    def log(self):
        return "".join(self.said[-40:])

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.data, ignore_errors=True)
