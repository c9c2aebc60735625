# How a script speaks: it is told a command, reads lines of JSON, and prints one line of JSON for each.

import json
import sys


def answer(**commands):
    """What the commands say to each line; what they raise is an answer too."""
    command = commands[sys.argv[1]]
    for text in sys.stdin:
        line = json.loads(text)
        try:
            said = command(line)
        except Exception as error:  # whatever the package says no with
            said = {"error": repr(error)}
        print(json.dumps({"name": line["name"], **said}), flush=True)
