# JSON Web Tokens by the package joserfc: signs claims, and verifies tokens of ours.

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from lines import answer

KINDS = {"RS256": RSAKey, "PS256": RSAKey, "ES256": ECKey, "ES384": ECKey, "EdDSA": OKPKey}


def key_of(line):
    if "secret" in line["key"]:
        return OctKey.import_key(bytes.fromhex(line["key"]["secret"]))
    return KINDS[line["alg"]].import_key(line["key"]["pem"])


def sign(line):
    header = {"alg": line["alg"], "typ": "JWT", **line["header"]}
    return {"token": jwt.encode(header, line["claims"], key_of(line), algorithms=[line["alg"]])}


def verify(line):
    token = jwt.decode(line["token"], key_of(line), algorithms=[line["alg"]])
    demands = {"aud": {"essential": True, "value": line["aud"]}} if line.get("aud") else {}
    jwt.JWTClaimsRegistry(**demands).validate(token.claims)
    return {"claims": token.claims}


if __name__ == "__main__":
    answer(sign=sign, verify=verify)
