# Waiting for a condition that only asking again can tell, with an end and a name for when it does not come.

import time

ASK_AGAIN_SECONDS = 0.1


def until(what, seconds_max, condition):
    end = time.monotonic() + seconds_max
    while True:
        if result := condition():
            return result
        assert time.monotonic() < end, f"not within {seconds_max} s: {what}"
        time.sleep(ASK_AGAIN_SECONDS)
