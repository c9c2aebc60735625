# Akamai's EdgeAuth tokens by the package `akamai-edgeauth`.

from akamai.edgeauth import EdgeAuth
from lines import answer


def sign(line):
    auth = EdgeAuth(
        key=line["key"],
        algorithm=line["algorithm"],
        salt=line.get("salt"),
        escape_early=line["escape"],
        start_time=line.get("start"),
        end_time=line["end"],
        session_id=line.get("id"),
        ip=line.get("ip"),
        payload=line.get("data"),
    )
    token = auth.generate_url_token(line["url"]) if "url" in line else auth.generate_acl_token(line["acl"])
    return {"token": token}


if __name__ == "__main__":
    answer(sign=sign)
