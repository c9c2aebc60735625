# Holds every answer that the suites saw against the published specification, strictly, and asks whether each kind was seen.
#
#     python answers.py FOLDER
#
# The specification is api.video's and no part of this project: $ADMIT_TEST_APIVIDEO_SPEC names the file.

import json
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SPECIFICATION = pathlib.Path(
    os.environ.get("ADMIT_TEST_APIVIDEO_SPEC", ROOT.parent / "shared/vectors/apivideo-openapi.yaml")
)
METHODS = ("get", "post", "put", "patch", "delete")
COMPLAINTS_MAX = 40

# Addresses of the specification that are not offered: they answer as unknown ones.
NOT_OFFERED = ("/data/", "/summaries")
# Kinds that nothing of ours can lead to, with the reason.
NEVER = {("PATCH /videos/{videoId}", 409): "only a running transcription conflicts, and none is offered"}
# Refusals that any address may give beside its documented ones, and the schema of each.
ANYWHERE = {400: "bad-request", 401: "bad-request", 404: "not-found", 405: "bad-request", 413: "bad-request",
            429: "too-many-requests"}
ATOM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


class Specification:
    def __init__(self, document):
        from jsonschema import Draft202012Validator

        self.validator = Draft202012Validator
        self.shown = _shown_by_examples(document)
        schemas = {name: self._strict(name, schema) for name, schema in document["components"]["schemas"].items()}
        self.root = {"components": {"schemas": schemas}}
        self.operations = []
        for path, item in document["paths"].items():
            if path.startswith(NOT_OFFERED):
                continue
            shape = re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$")
            for method in METHODS:
                if method in item:
                    self.operations.append((f"{method.upper()} {path}", method.upper(), shape, self._answers(item[method])))
        # `/videos/{videoId}` must not speak for an address that is spelled out elsewhere.
        self.operations.sort(key=lambda operation: operation[0].count("{"))

    def _answers(self, operation):
        kinds = {}
        for status, response in operation["responses"].items():
            content = response.get("content", {})
            kinds[int(status)] = self._strict("", content["application/json"]["schema"]) if content else None
        return kinds

    def _strict(self, name, schema):
        """What is not declared is not allowed; null only where it is declared, dates only in the one form."""
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return {"$ref": schema["$ref"]}
        strict = {key: schema[key] for key in ("type", "required", "minimum", "maximum", "pattern", "uniqueItems") if key in schema}
        if "properties" in schema:
            strict["properties"] = {key: self._strict("", value) for key, value in schema["properties"].items()}
            if name in ("bad-request", "additional-bad-request-errors", "not-found", "conflict-error"):
                strict["properties"] = {**{key: {} for key in self.shown}, **strict["properties"]}
            strict["additionalProperties"] = False
        if "items" in schema:
            strict["items"] = self._strict("", schema["items"])
        if "enum" in schema:
            strict["enum"] = schema["enum"] + ([None] if schema.get("nullable") else [])
        if schema.get("format") == "date-time":
            strict["pattern"] = ATOM.pattern + "$"
        if schema.get("nullable"):
            strict["type"] = [schema["type"], "null"]
        for key in ("allOf", "oneOf", "anyOf"):
            if key in schema:
                raise SystemExit(f"the specification uses {key}, which this check does not read")
        return strict

    def kinds(self):
        return {(name, status) for name, _, _, answers in self.operations for status in answers} - NEVER.keys()

    def kind_of(self, answer):
        path = answer["url"].split("?")[0]
        for name, method, shape, answers in self.operations:
            if method == answer["method"] and shape.match(path):
                return name, answers
        return None, None

    def judge(self, answer, answers):
        """What is wrong with this answer."""
        status, body = answer["status"], answer["body"]
        if status in answers:
            schema = answers[status]
        elif status in ANYWHERE:
            schema = {"$ref": f"#/components/schemas/{ANYWHERE[status]}"}
        else:
            return ["this status is not documented"]
        if schema is None:
            wrong = [f"no body is documented, but here is {body[:80]!r}"] if body else []
            return wrong + ([f"no body, but the type {answer['type']}"] if answer["type"] else [])
        if answer["type"] != "application/json":
            return [f"the type is {answer['type']}"]
        try:
            content = json.loads(body)
        except ValueError:
            return [f"no JSON: {body[:80]!r}"]
        wrong = [
            f"{'.'.join(map(str, error.absolute_path)) or 'body'}: {error.message[:200]}"
            for error in self.validator({**self.root, **schema}).iter_errors(content)
        ]
        if status >= 400 and content.get("status") != status:
            wrong.append("the body names another status")
        return wrong


def _shown_by_examples(node):
    """Members that the specification's own examples of problems have: some, like `detail`, are in no schema."""
    members = set()
    if isinstance(node, dict):
        if isinstance(node.get("status"), int) and node["status"] >= 400 and "title" in node:
            members |= node.keys()
        for child in node.values():
            members |= _shown_by_examples(child)
    elif isinstance(node, list):
        for child in node:
            members |= _shown_by_examples(child)
    return members


def load(path):
    import yaml

    return Specification(yaml.load(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def main(folder):
    if not SPECIFICATION.exists():
        print(f"answers: SKIPPED, not held against the published specification: {SPECIFICATION} is not there")
        return 0
    specification = load(SPECIFICATION)
    seen, complaints, total = set(), {}, 0
    for file in sorted(pathlib.Path(folder).glob("*.jsonl")):
        for line in file.read_text().splitlines():
            answer = json.loads(line)
            name, answers = specification.kind_of(answer)
            if name is None:
                continue
            total += 1
            seen.add((name, answer["status"]))
            for wrong in specification.judge(answer, answers):
                complaint = f"{name} {answer['status']}: {wrong}"
                complaints.setdefault(complaint, f"{file.stem}: {answer['method']} {answer['url']}")
    for complaint, where in sorted(complaints.items())[:COMPLAINTS_MAX]:
        print(f"  {complaint}\n      ({where})")
    missing = sorted(specification.kinds() - seen)
    for name, status in missing:
        print(f"  never provoked: {name} {status}")
    kinds = len(specification.kinds() & seen)
    print(f"answers: {total} held against the published specification, {len(complaints)} complaints, "
          f"{kinds} documented kinds seen, {len(missing)} missing")
    return 1 if complaints or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
