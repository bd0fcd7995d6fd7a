"""Stacks of any size, made of what the real Pulumi CLI recorded of FastCart (tests/fixtures/real).

A cell is FastCart without what a stack has once: the stack itself, its provider, its KMS key and the key's alias. Cells
are stamped out of the recorded text with names, ids and ARNs of their own, so property bags, edges and sizes are the
real ones. FAULTS are single wrong facts; the first cells have them, in turn, and each yields one mandatory violation.

    python3 -m bench.workload --resources 4000 --out DIR [--preview]

writes DIR/rN.export.json (as `pulumi stack export`), rN.ndjson (a resource a line, as the engine sends it) and
rN.expect.json (the faults: rule, URN). Same arguments, same bytes.
"""

import argparse
import copy
import dataclasses
import gzip
import json
import pathlib
import re

REAL = pathlib.Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "real"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
ONCE = {"pulumi:pulumi:Stack", "pulumi:providers:aws", "fastcart:platform:Encryption"}
ONCE |= {"aws:kms/key:Key", "aws:kms/alias:Alias"}
OTHER_KEY = "arn:aws:kms:eu-central-1:123456789012:key/0badcafe-0000-4000-8000-000000000000"

# What is one cell's own in the recorded text: the names but those of ONCE, and AWS's ids.
OWN = re.compile(
    r"(?P<name>fastcart-(?!aws-dev|key-dev|alias-dev|encryption-dev|dev\b)(?=[a-z]))"
    r"|(?P<platform>(?<!Stack::)(?<!alias/)fastcart-(?=dev\b))"
    r"|(?P<id>\b[a-z]+-[0-9a-f]{12})(?=[0-9a-f]{5})(?P<tail>[0-9a-f]{5})"
)


def break_fact(resource, path, value):
    """Sets what the program asked for and what the provider made of it: a literal, which flows from nowhere."""
    if len(path) == 1:
        resource["propertyDependencies"][path[0]] = []
    for bag in (resource["inputs"], resource["outputs"]):
        at = bag
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value


@dataclasses.dataclass(frozen=True)
class Fault:
    kind: str
    rule: str
    name: str  # of the resource, in the recording
    path: tuple
    value: object
    seen_before: bool = True  # whether a preview can tell: until the shared key exists, any literal may be its ARN


FAULTS = [
    Fault("one-shard", "kinesis-shard-count", "fastcart-orders-dev", ("shardCount",), 1),
    Fault("kinesis-none", "kinesis-encryption", "fastcart-orders-dev", ("encryptionType",), "NONE"),
    Fault("one-task", "ecs-task-count", "fastcart-service-dev", ("desiredCount",), 1),
    Fault("public-ip", "ecs-private-subnets", "fastcart-service-dev", ("networkConfiguration", "assignPublicIp"), True),
    Fault("min-capacity", "ecs-task-count", "fastcart-scaling-dev", ("minCapacity",), 1),
    Fault("rds-plain", "rds-encryption", "fastcart-orders-db-dev", ("storageEncrypted",), False),
    Fault("redis-plain-transit", "redis-encryption", "fastcart-cache-dev", ("transitEncryptionEnabled",), False),
    Fault("other-key", "shared-cmk", "fastcart-cache-credentials-dev", ("kmsKeyId",), OTHER_KEY, False),
]


def recorded(name):
    with gzip.open(REAL / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        return json.load(file)


def name_of(resource):
    return resource["urn"].split("::", 3)[3]


def plain(value):
    """Secrets as the engine sends them: with their plaintext."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return {SIGNATURE: SECRET, "value": json.loads(value["plaintext"])}
        return {key: plain(member) for key, member in value.items()}
    return [plain(element) for element in value] if isinstance(value, list) else value


def unknown(value):
    """What flows in from other resources, before there are any."""
    if isinstance(value, dict):
        return value if SIGNATURE in value else {key: unknown(member) for key, member in value.items()}
    if isinstance(value, list):
        return [unknown(element) for element in value]
    own = isinstance(value, str) and (OWN.search(value) or value.startswith("arn:aws:kms:"))
    return UNKNOWN if own else value


def before_the_update(resource):
    """The resource as a preview of its creation shows it."""
    flows = {key for key, urns in resource.get("propertyDependencies", {}).items() if urns}
    if "inputs" not in resource:  # the stack and components: what they show is made of resources
        return {**resource, "outputs": unknown(resource.get("outputs", {}))}
    inputs = {key: unknown(value) if key in flows else value for key, value in resource["inputs"].items()}
    outputs = {key: value for key, value in inputs.items() if key != "__defaults"}
    return {**resource, "inputs": inputs, "outputs": outputs}


class Stamp:
    """A recorded text with a cell's own parts exchanged."""

    def __init__(self, text):
        self.pieces, at = [], 0  # text, then (kind, text) by turns
        for match in OWN.finditer(text):
            self.pieces.append(text[at : match.start()])
            self.pieces.append(("id", match["id"]) if match["id"] else ("name", match[0]))
            at = match.end()
        self.pieces.append(text[at:])

    def text(self, cell):
        number, tail = f"c{cell:04d}-", f"{cell:05x}"
        return "".join(p if isinstance(p, str) else p[1] + (tail if p[0] == "id" else number) for p in self.pieces)


class Writer:
    """One form of a stack: how a resource is written, and what stands before, between and behind."""

    def __init__(self, resources, write, head, separator, foot):
        self.write, self.head, self.separator, self.foot = write, head, separator, foot
        self.cell = [r for r in resources if r["type"] not in ONCE]
        self.once = [r for r in resources if r["type"] in ONCE]
        self.healthy = Stamp(self.separator.join(map(write, self.cell)))

    def render(self, faults):
        broken = copy.deepcopy(self.cell)
        for fault in faults:
            break_fact(next(r for r in broken if r["custom"] and name_of(r) == fault.name), fault.path, fault.value)
        return Stamp(self.separator.join(map(self.write, broken)))

    def to(self, path, cells, faults_of):
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.head)
            # The stack's outputs are those of the first cell.
            file.write(Stamp(self.separator.join(map(self.write, self.once))).text(0))
            for cell in range(cells):
                faults = faults_of.get(cell)
                stamp = self.render(faults) if faults else self.healthy
                file.write(self.separator + stamp.text(cell))
            file.write(self.foot)


def export_writer(preview):
    document = recorded("export")
    resources = document["deployment"].pop("resources")
    if preview:
        resources = [before_the_update(r) for r in resources]
    document["deployment"]["resources"] = ["@"]
    head, foot = json.dumps(document, indent=4).split('"@"')
    indented = lambda r: json.dumps(r, indent=4).replace("\n", "\n" + " " * 12)  # noqa: E731
    return Writer(resources, indented, head, ",\n" + " " * 12, foot)


def with_own_passwords(resources):
    """Passwords become names, of which each cell has its own: no two databases share one."""
    text = json.dumps(resources)
    for resource in resources:
        for key in ("password", "authToken"):
            secret = resource.get("inputs", {}).get(key)
            text = text.replace(secret["value"], f"fastcart-{secret['value']}") if secret else text
    return json.loads(text)


def wire_writer(preview):
    resources = with_own_passwords(plain(recorded("export-show-secrets")["deployment"]["resources"]))
    provider = next(r for r in resources if r["type"] == "pulumi:providers:aws")
    keys = ("urn", "type", "inputs", "outputs", "parent", "dependencies", "propertyDependencies")

    def line(resource):
        out = {key: resource[key] for key in keys if resource.get(key)}
        out["name"] = name_of(resource)
        if "provider" in resource:
            out["provider"] = {key: provider[key] for key in ("urn", "type")}
            out["provider"] |= {"name": name_of(provider), "properties": provider["inputs"]}
        return json.dumps(out, separators=(",", ":"))

    if preview:
        resources = [before_the_update(r) for r in resources]
    return Writer(resources, line, "", "\n", "\n")


def once_and_cell():
    """How many resources FastCart itself has."""
    return len(recorded("export")["deployment"]["resources"])


def generate(resources, folder, preview=False):
    """Writes the files that are not there yet; their paths by form, and the number of resources in them."""
    base = folder / f"r{resources}{'-preview' if preview else ''}"
    paths = {form: base.with_name(f"{base.name}.{form}") for form in ("export.json", "ndjson", "expect.json")}
    every = recorded("export")["deployment"]["resources"]
    once = sum(r["type"] in ONCE for r in every)
    cells = max(1, round((resources - once) / (len(every) - once)))
    faults_of = {}
    for number, fault in enumerate(f for f in FAULTS if f.seen_before or not preview):
        faults_of.setdefault(number % cells, []).append(fault)
    urns = {name_of(r): r["urn"] for r in every if r["custom"]}
    faults = [
        {"rule": fault.rule, "kind": fault.kind, "urn": Stamp(urns[fault.name]).text(cell)}
        for cell, of_cell in faults_of.items()
        for fault in of_cell
    ]
    count = cells * (len(every) - once) + once
    folder.mkdir(parents=True, exist_ok=True)
    if not paths["expect.json"].exists():  # written last
        export_writer(preview).to(paths["export.json"], cells, faults_of)
        wire_writer(preview).to(paths["ndjson"], cells, faults_of)
        paths["expect.json"].write_text(json.dumps({"resources": count, "faults": faults}, indent=1))
    return paths, count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--preview", action="store_true", help="what flows between resources is unknown")
    args = parser.parse_args()
    paths, count = generate(args.resources, args.out, args.preview)
    print(count, *paths.values())


if __name__ == "__main__":
    main()
