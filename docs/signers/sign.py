#!/usr/bin/env python3
# Signs for one video, without packages: sign.py admit|moviie|signed-url VIDEO TTL_SECONDS [VIEWER]
# The key stands in ADMIT_KEY_ID and ADMIT_KEY_SECRET, as `POST /signing-keys` answered them.

import base64
import hashlib
import hmac
import json
import os
import sys
import time


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def mac(secret, message):
    return base64url(hmac.new(secret.encode(), message, hashlib.sha256).digest())


def jwt(key_id, secret, claims):
    header = {"alg": "HS256", "typ": "JWT", "kid": key_id}
    parts = [base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    signed = ".".join(parts)
    return f"{signed}.{mac(secret, signed.encode())}"


def admit(key_id, secret, video, ttl, viewer=None):
    """Our own token, for `?token=`."""
    now = int(time.time())
    return jwt(key_id, secret, {**({"sub": viewer} if viewer else {}), "aud": video, "iat": now, "exp": now + ttl})


def moviie(key_id, secret, video, ttl, viewer=None):
    """Moviie's token, for `?token=` or the header `x-moviie-playback-token`."""
    now = int(time.time())
    return jwt(key_id, secret, {"sub": video, "iat": now, "exp": now + ttl})


def signed_url(key_id, secret, video, ttl, viewer=None):
    """What is put behind the `?` of any address of the video: `/vod/VIDEO/…` or `/embed/VIDEO`."""
    expires = str(int(time.time()) + ttl)
    # Two empty fields: no address and no site that the viewer is bound to.
    fields = ["admit signed url", "\x01", key_id, "read", f"/vod/{video}/", expires, "", ""]
    message = b"".join(len(field.encode()).to_bytes(4, "big") + field.encode() for field in fields)
    return f"expires={expires}&kid={key_id}&sig={mac(secret, message)}"


if __name__ == "__main__":
    kind, video, ttl, *viewer = sys.argv[1:]
    sign = {"admit": admit, "moviie": moviie, "signed-url": signed_url}[kind]
    print(sign(os.environ["ADMIT_KEY_ID"], os.environ["ADMIT_KEY_SECRET"], video, int(ttl), *viewer))
