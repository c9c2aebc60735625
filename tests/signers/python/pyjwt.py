# JSON Web Tokens by the package PyJWT: signs claims, and verifies tokens of ours.

import jwt
from lines import answer


def key_of(key):
    return bytes.fromhex(key["secret"]) if "secret" in key else key["pem"]


def sign(line):
    token = jwt.encode(line["claims"], key_of(line["key"]), algorithm=line["alg"], headers=line["header"])
    return {"token": token}


def verify(line):
    options = {"algorithms": [line["alg"]], "audience": line.get("aud")}
    return {"claims": jwt.decode(line["token"], key_of(line["key"]), **options)}


if __name__ == "__main__":
    answer(sign=sign, verify=verify)
