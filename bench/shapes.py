"""Stacks that no one has, each large in one way: what a rule must not make quadratic.

A shape is a function of n that gives about as many resources, as `pulumi stack export` shows them, or one with as many
parts; what it says of itself is shown on the results page.

    python3 -m bench.shapes SHAPE N > export.json
"""

import json
import sys

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/6f1d0a5c-0000-4000-8000-000000000000"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
ROOT = "urn:pulumi:dev::fastcart::pulumi:pulumi:Stack::fastcart-dev"
TAGS = {"Project": "fastcart", "Environment": "dev", "ManagedBy": "pulumi"}


def urn(token, name):
    return f"urn:pulumi:dev::fastcart::{token}::{name}"


def resource(token, name, inputs, flows=None, outputs=None, parent=ROOT, custom=True, identity=None):
    """flows: what each input is made of, as URNs."""
    flows = flows or {}
    out = {"urn": urn(token, name), "type": token, "custom": custom, "parent": parent}
    out |= {"id": identity or name} if custom else {}
    out |= {"inputs": inputs, "outputs": inputs | (outputs or {})}
    out |= {"dependencies": sorted({u for urns in flows.values() for u in urns}), "propertyDependencies": flows}
    return out


def key(name="key-dev", arn=KEY):
    made = {"arn": arn, "keyId": arn.rpartition("/")[2]}
    return resource("aws:kms/key:Key", name, {"enableKeyRotation": True, "tags": TAGS}, outputs=made)


def stream(i, **inputs):
    name = f"stream-{i}-dev"
    given = {"name": name, "shardCount": 2, "encryptionType": "KMS", "kmsKeyId": KEY, "tags": TAGS} | inputs
    return resource("aws:kinesis/stream:Stream", name, given)


def database(i, flows=None, **inputs):
    name = f"database-{i}-dev"
    given = {"identifier": name, "engine": "postgres", "storageEncrypted": True, "kmsKeyId": KEY} | inputs
    made = {"address": f"{name}.eu-central-1.rds.amazonaws.com"}
    return resource("aws:rds/instance:Instance", name, given, flows, made)


def secret(i, **inputs):
    name = f"secret-{i}-dev"
    arn = f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:{name}-abcdef"
    given = {"name": name} | inputs
    return resource("aws:secretsmanager/secret:Secret", name, given, outputs={"arn": arn}, identity=arn)


def version(i, text, flows=None):
    of = secret(i)
    given = {"secretId": of["id"], "secretString": text}
    flows = {"secretId": [of["urn"]]} | (flows or {})
    return resource("aws:secretsmanager/secretVersion:SecretVersion", f"version-{i}-dev", given, flows)


def one_password(n, **of_secret):
    """databases with one password, which as many secrets hold"""
    word = resource("random:index/randomPassword:RandomPassword", "word", {"length": 20})
    made_of = {"password": [word["urn"]]}
    out = [key(), word]
    for i in range(n // 3):
        out += [database(i, made_of, password="one-for-all"), secret(i, **({"kmsKeyId": KEY} | of_secret))]
        out.append(version(i, json.dumps({"password": "one-for-all"}), {"secretString": [word["urn"]]}))
    return out


def one_password_unsafe(n):
    """the same, in secrets without a key of the customer"""
    return one_password(n, kmsKeyId="alias/aws/secretsmanager")


def one_secret(n):
    """databases that have the password of one secret"""
    out = [key(), secret(0, kmsKeyId=KEY), version(0, "one-for-all")]
    return out + [database(i, {"password": [out[2]["urn"]]}, password="one-for-all") for i in range(n)]


def one_key(n):
    """streams with one key"""
    return [key()] + [stream(i) for i in range(n)]


def own_keys(n):
    """streams with keys of their own"""
    out = []
    for i in range(n // 2):
        arn = f"{KEY[:-6]}{i:06d}"
        out += [key(f"key-{i}-dev", arn), stream(i, kmsKeyId=arn)]
    return out


def keys_to_come(n):
    """keys without an ARN yet, and streams with literal ARNs that may be any of theirs"""
    out = []
    for i in range(n // 2):
        out.append(resource("aws:kms/key:Key", f"key-{i}-dev", {"enableKeyRotation": True, "tags": TAGS}))
        out[-1]["outputs"] = {"arn": UNKNOWN}
        del out[-1]["id"]
        out.append(stream(i, kmsKeyId=f"{KEY[:-6]}{i:06d}"))
    return out


def keys_elsewhere(n):
    """keys without an ARN yet, and streams with one literal ARN that is none of theirs: it is of another region"""
    out = keys_to_come(n)
    for r in out:
        if "kmsKeyId" in r["inputs"]:
            r["inputs"]["kmsKeyId"] = r["outputs"]["kmsKeyId"] = KEY.replace("eu-central-1", "us-east-1")
        else:
            r["inputs"]["region"] = "eu-central-1"
    return out


def replicas_to_come(n):
    """replica keys without an ARN yet, each of a literal ARN that may be any other's, and streams with one of them"""
    out = []
    for i in range(n // 2):
        given = {"primaryKeyArn": f"{KEY[:-6]}{i:06d}", "tags": TAGS}
        out.append(resource("aws:kms/replicaKey:ReplicaKey", f"replica-{i}-dev", given, outputs={"arn": UNKNOWN}))
        del out[-1]["id"]
        one = stream(i, kmsKeyId=UNKNOWN)
        one["propertyDependencies"] = {"kmsKeyId": [out[-1]["urn"]]}
        out.append(one)
    return out


def keys_outside(n):
    """streams with keys outside the stack, another each"""
    return [stream(i, kmsKeyId=f"{KEY[:-6]}{i:06d}") for i in range(n)]


def network(n):
    """subnets, route tables, routes and associations of one VPC"""
    vpc = resource("aws:ec2/vpc:Vpc", "vpc-dev", {"cidrBlock": "10.0.0.0/8", "tags": TAGS}, identity="vpc-0")
    gateway = resource("aws:ec2/internetGateway:InternetGateway", "igw-dev", {"vpcId": "vpc-0"}, identity="igw-0")
    subnets, tables, rest = [], [], []
    for i in range(n // 4):
        given = {"vpcId": "vpc-0", "cidrBlock": f"10.{i // 256}.{i % 256}.0/24", "tags": TAGS}
        given |= {"mapPublicIpOnLaunch": False, "availabilityZone": "eu-central-1" + "abc"[i % 3]}
        subnets.append(resource("aws:ec2/subnet:Subnet", f"subnet-{i}-dev", given, {"vpcId": [vpc["urn"]]}))
        given = {"vpcId": "vpc-0", "tags": TAGS}
        tables.append(resource("aws:ec2/routeTable:RouteTable", f"table-{i}-dev", given, {"vpcId": [vpc["urn"]]}))
        given = {"routeTableId": tables[-1]["id"], "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-0"}
        rest.append(resource("aws:ec2/route:Route", f"route-{i}-dev", given))
        given = {"routeTableId": tables[-1]["id"], "subnetId": subnets[-1]["id"]}
        rest.append(resource("aws:ec2/routeTableAssociation:RouteTableAssociation", f"association-{i}-dev", given))
    return [vpc, gateway, *subnets, *tables, *rest]


def unplaced_network(n):
    """the same as a preview shows it, inside one component, with every reference unknown"""
    unit = resource("fastcart:platform:Network", "network", {}, custom=False)
    out = network(n)
    for r in out:
        r["parent"] = unit["urn"]
        for name in ("vpcId", "subnetId", "routeTableId"):
            if name in r["inputs"]:
                r["inputs"][name] = r["outputs"][name] = UNKNOWN
                r["propertyDependencies"][name] = [unit["urn"]]
        r.pop("id")
    return [unit, *out]


def services(n):
    """ECS services in 100 subnets each (a hundredth as many)"""
    out = network(400)
    subnets = [r for r in out if r["type"] == "aws:ec2/subnet:Subnet"]
    nets = {"assignPublicIp": False, "subnets": [s["id"] for s in subnets], "securityGroups": ["sg-0"]}
    flows = {"networkConfiguration": [s["urn"] for s in subnets]}
    for i in range(n // 100):
        given = {"name": f"service-{i}-dev", "desiredCount": 2, "networkConfiguration": nets, "tags": TAGS}
        out.append(resource("aws:ecs/service:Service", f"service-{i}-dev", given, flows))
    return out


def group_rules(n):
    """rules of one security group"""
    out = [resource("aws:ec2/securityGroup:SecurityGroup", "group-dev", {"tags": TAGS}, identity="sg-0")]
    out.append(database(0, vpcSecurityGroupIds=["sg-0"], managedMasterUserPassword=True))
    for i in range(n):
        given = {"type": "ingress", "securityGroupId": "sg-0", "protocol": "tcp", "fromPort": 5432, "toPort": 5432}
        given["cidrBlocks"] = [f"10.{i // 256}.{i % 256}.0/24"]
        out.append(resource("aws:ec2/securityGroupRule:SecurityGroupRule", f"rule-{i}", given))
    return out


def group_users(n):
    """databases in one security group, each with another that lets in the first"""
    out = [resource("aws:ec2/securityGroup:SecurityGroup", "group-dev", {"tags": TAGS}, identity="sg-all")]
    for i in range(n // 2):
        ingress = {"protocol": "tcp", "fromPort": 5432, "toPort": 5432, "securityGroups": ["sg-all"]}
        given = {"ingress": [ingress], "tags": TAGS}
        out.append(resource("aws:ec2/securityGroup:SecurityGroup", f"group-{i}-dev", given, identity=f"sg-{i}"))
        out.append(database(i, vpcSecurityGroupIds=["sg-all", f"sg-{i}"]))
    return out


def group_of_all(n):
    """databases and rules of one security group"""
    out = [resource("aws:ec2/securityGroup:SecurityGroup", "group-dev", {"tags": TAGS}, identity="sg-0")]
    for i in range(n // 2):
        given = {"type": "ingress", "securityGroupId": "sg-0", "protocol": "tcp", "fromPort": 5432, "toPort": 5432}
        given["sourceSecurityGroupId"] = "sg-0"
        out.append(resource("aws:ec2/securityGroupRule:SecurityGroupRule", f"rule-{i}", given))
        out.append(database(i, vpcSecurityGroupIds=["sg-0"]))
    return out


def lost_subnets(n):
    """VPCs, and subnets of which nobody can say where they are"""
    out = [resource("aws:ec2/vpc:Vpc", f"vpc-{i}-dev", {"cidrBlock": "10.0.0.0/8"}) for i in range(n // 2)]
    for i in range(n // 2):
        out.append(resource("aws:ec2/subnet:Subnet", f"subnet-{i}-dev", {"vpcId": UNKNOWN}))
    return out


def children(n):
    """children of one component, and streams that depend on it"""
    unit = resource("fastcart:platform:Keys", "keys", {}, custom=False)
    out = [unit]
    for i in range(n // 2):
        out.append(key(f"key-{i}-dev", f"{KEY[:-6]}{i:06d}") | {"parent": unit["urn"]})
        one = stream(i, kmsKeyId=UNKNOWN)
        one["propertyDependencies"] = {"kmsKeyId": [unit["urn"]]}
        out.append(one)
    return out


def alarms(n):
    """alarms on one stream, none of which alerts"""
    out = [key(), stream(0)]
    for i in range(n):
        given = {"namespace": "AWS/Kinesis", "metricName": "GetRecords.IteratorAgeMilliseconds", "threshold": 60000}
        given |= {"dimensions": {"StreamName": "stream-0-dev"}, "actionsEnabled": False, "name": f"alarm-{i}-dev"}
        out.append(resource("aws:cloudwatch/metricAlarm:MetricAlarm", f"alarm-{i}-dev", given))
    return out


def unclear_alarms(n):
    """streams, and alarms of which nobody can say what they watch"""
    out = [key()] + [stream(i) for i in range(n // 2)]
    for i in range(n // 2):
        given = {"namespace": "AWS/Kinesis", "metricName": "GetRecords.IteratorAgeMilliseconds", "threshold": 60000}
        given |= {"dimensions": UNKNOWN, "name": f"alarm-{i}-dev"}
        out.append(resource("aws:cloudwatch/metricAlarm:MetricAlarm", f"alarm-{i}-dev", given))
    return out


def unmatched_alarms(n):
    """streams without a name yet, and alarms on names that none has"""
    out = [key()] + [stream(i, name=UNKNOWN) for i in range(n // 2)]
    for i in range(n // 2):
        given = {"namespace": "AWS/Kinesis", "metricName": "GetRecords.IteratorAgeMilliseconds", "threshold": 60000}
        given |= {"dimensions": {"StreamName": f"other-{i}-dev"}, "name": f"alarm-{i}-dev"}
        out.append(resource("aws:cloudwatch/metricAlarm:MetricAlarm", f"alarm-{i}-dev", given))
    return out


def tags(n):
    """tags of one resource"""
    return [stream(0, tags={f"tag-{i}": "x" for i in range(n)}), stream(1, tags={})]


def statements(n):
    """statements of one IAM policy"""
    allow = {"Effect": "Allow", "Action": ["s3:GetObject", "*"]}
    statements = [allow | {"Resource": f"arn:aws:s3:::bucket-{i}/*"} for i in range(n)]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return [resource("aws:iam/rolePolicy:RolePolicy", "policy-dev", {"role": "role-dev", "policy": policy})]


def chain(n):
    """streams, each made of the one before"""
    out = [stream(i) for i in range(n)]
    for before, after in zip(out, out[1:]):
        after["dependencies"] = [before["urn"]]
        after["propertyDependencies"] = {"name": [before["urn"]]}
    return out


def nested(n):
    """streams that depend on a component with a key in the innermost of 100 inside it"""
    units = [resource("fastcart:platform:Unit", "unit-0", {}, custom=False)]
    for i in range(1, 100):
        units.append(resource("fastcart:platform:Unit", f"unit-{i}", {}, custom=False, parent=units[-1]["urn"]))
    out = [*units, key() | {"parent": units[-1]["urn"]}]
    for i in range(n):
        one = stream(i, kmsKeyId=UNKNOWN)
        one["propertyDependencies"] = {"kmsKeyId": [units[0]["urn"]]}
        out.append(one)
    return out


SHAPES = {
    shape.__name__: shape
    for shape in (
        one_password, one_password_unsafe, one_secret, one_key, own_keys, keys_to_come, keys_elsewhere, replicas_to_come,
        keys_outside, network, unplaced_network, lost_subnets, services, group_rules, group_users, group_of_all,
        children, alarms, unclear_alarms, unmatched_alarms, tags, statements, chain, nested,
    )
}  # fmt: skip


def export(shape, n):
    root = {"urn": ROOT, "type": "pulumi:pulumi:Stack", "custom": False, "inputs": {}, "outputs": {}}
    return {"version": 3, "deployment": {"resources": [root, *SHAPES[shape](n)]}}


def write(shape, n, folder):
    """The path of the export, which is written if it is not there."""
    path = folder / f"{shape}-{n}.export.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(export(shape, n)))
    return path


if __name__ == "__main__":
    json.dump(export(sys.argv[1], int(sys.argv[2])), sys.stdout)
