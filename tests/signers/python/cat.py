# Common Access Tokens by the Python package `cwt`. `cat.py mint` prints tokens as JSON lines, and what we should say to
# each; `cat.py verify` reads lines of ours and prints what the package says to each.

import base64
import json
import secrets
import sys
import time

import cbor2
import cwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cwt import COSE, COSEKey

VIDEO = "vi7777777777777777777777"
KID = "sk4444444444444444444444"
ALG, KID_LABEL = 1, 4
NOW = int(time.time())
SECRET = secrets.token_bytes(32)


def say(**line):
    print(json.dumps(line), flush=True)


def text(token):
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def entry(more=None):
    return {3: VIDEO, 4: NOW + 600, 310: 1, **(more or {})}


def network(tag, value):
    return entry({311: [cbor2.CBORTag(tag, value)]})


CLAIMS = [
    ("plain", entry(), "ok"),
    ("times as floating-point numbers", entry({4: float(NOW + 600), 5: float(NOW), 6: float(NOW)}), "ok"),
    ("half a second", entry({4: NOW + 600.5}), "exp"),
    ("a network as RFC 9164 has it", network(52, [8, b"\x0a"]), "ok"),
    ("a network with its zeros", network(52, [8, b"\x0a\0\0\0"]), "ok"),
    ("a network as a map", network(52, {8: b"\x0a"}), "ok"),
    ("an address", network(52, b"\x0a\0\0\x01"), "ok"),
    ("a network of IPv6", network(54, [32, b"\x20\x01\x0d\xb8"]), "ok"),
    ("a network with bits behind its prefix", network(52, [8, b"\x0a\x01"]), "catnip"),
    ("a path", {4: NOW + 600, 312: {3: {1: f"/vod/{VIDEO}/"}}}, "ok"),
    ("nothing that names a video", {4: NOW + 600}, "aud"),
    ("a proof of possession", entry({8: {3: b"theirs"}}), "cnf"),
    ("a claim of somebody's own", entry({70_000: "x"}), "claim"),
    ("a claim named by text", entry({"x": "y"}), "claim"),
    ("once", entry({7: b"\x0b\x71", 308: 1}), "ok"),
]


def mint():
    key = COSEKey.from_symmetric_key(key=SECRET, alg="HS256", kid=KID)
    mine = {"secret": SECRET.hex()}
    for name, claims, expect in CLAIMS:
        payload = cbor2.dumps(claims)
        mac0 = COSE.new().encode_and_mac(payload, key, protected={ALG: 5}, unprotected={KID_LABEL: KID.encode()})
        for envelope, token in taggings(mac0):
            say(name=f"HS256, {envelope}: {name}", now=NOW, key=mine, token=text(token), expect=expect)
    payload = cbor2.dumps(entry())
    headers = [
        ("kid in the protected header", {ALG: 5, KID_LABEL: KID.encode()}, {}, "ok"),
        ("kid in neither header", {ALG: 5}, {}, "ok"),
        ("another kid", {ALG: 5}, {KID_LABEL: b"another"}, "none"),
    ]
    for name, protected, unprotected, expect in headers:
        # The library puts the key's own kid in where it has one.
        anonymous = COSEKey.from_symmetric_key(key=SECRET, alg="HS256")
        token = COSE.new().encode_and_mac(payload, anonymous, protected=protected, unprotected=unprotected)
        say(name=name, now=NOW, key=mine, token=text(token), expect=expect)
    weak = COSEKey.from_symmetric_key(key=SECRET, alg="HS512", kid=KID)
    token = COSE.new().encode_and_mac(payload, weak, protected={ALG: 7}, unprotected={KID_LABEL: KID.encode()})
    say(name="HS512", now=NOW, key=mine, token=text(token), expect="alg")
    sign(payload)
    say(name="as the package does it by itself", now=int(time.time()), key=mine, token=text(cwt.encode(entry(), key)), expect="ok")


def taggings(tagged):
    item = cbor2.loads(tagged)
    yield "one tag", tagged
    yield "two tags", cbor2.dumps(cbor2.CBORTag(61, item))
    yield "no tag", cbor2.dumps(item.value)


def sign(payload):
    curve = ec.generate_private_key(ec.SECP256R1())
    modulus = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    point = curve.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    numbers = modulus.public_key().public_numbers()
    publics = [
        ("ES256", -7, curve, {"p256": point.hex()}),
        ("PS256", -37, modulus, {"n": f"{numbers.n:x}", "e": f"{numbers.e:06x}"}),
    ]
    for alg, label, private, public in publics:
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        key = COSEKey.from_pem(pem, kid="theirs", alg=alg)
        token = COSE.new().encode_and_sign(payload, key, protected={ALG: label}, unprotected={KID_LABEL: b"theirs"})
        for envelope, tagged in taggings(token):
            named = {**public, "kid": "theirs"}
            say(name=f"{alg}, {envelope}", now=NOW, key=named, token=text(tagged), expect="ok")
        say(name=f"{alg}, of a stranger", now=NOW, key={**public, "kid": "ours"}, token=text(token), expect="none")
        mac = {"secret": SECRET.hex()}
        unnamed = COSE.new().encode_and_sign(payload, COSEKey.from_pem(pem, alg=alg), protected={ALG: label}, unprotected={})
        say(name=f"{alg}, to a shared secret", now=NOW, key=mac, token=text(unnamed), expect="token")


def verifying_key(asked):
    if "secret" in asked:
        return COSEKey.from_symmetric_key(key=bytes.fromhex(asked["secret"]), alg="HS256", kid=asked["kid"])
    return COSEKey.from_pem(asked["pem"], alg=asked["alg"], kid=asked["kid"])


def verify():
    for line in sys.stdin:
        asked = json.loads(line)
        token = base64.urlsafe_b64decode(asked["token"] + "=" * (-len(asked["token"]) % 4))
        try:
            key = verifying_key(asked)
            claims = cwt.decode(token, key)
            path = claims[312][3][1]
            ok = claims[3] == VIDEO and asked["url"].split("://", 1)[1].split("/", 1)[1].startswith(path[1:])
            say(name=asked["name"], ok=ok, error=None if ok else "another video or path", sub=claims.get(2))
        except Exception as error:  # whatever the package says no with
            say(name=asked["name"], ok=False, error=repr(error), sub=None)


if __name__ == "__main__":
    {"mint": mint, "verify": verify}[sys.argv[1]]()
