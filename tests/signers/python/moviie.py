# Tokens as Moviie's documentation has its customers sign them, by two libraries: `moviie.py KID SECRET CLAIMS` prints the
# name of each library and its token, line by line.

import json
import sys

import jwt
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import OctKey

kid, secret, claims = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
print("PyJWT", jwt.encode(claims, secret, algorithm="HS256", headers={"kid": kid}))
print("joserfc", joserfc_jwt.encode({"alg": "HS256", "kid": kid}, claims, OctKey.import_key(secret)))
