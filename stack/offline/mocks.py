"""Plays the AWS provider: gives resources the ids, ARNs and endpoints that AWS would.

Everything follows from the inputs and the logical name, so a program renders the same every time.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, Callable, Optional

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks
from pulumi.runtime.rpc import UNKNOWN

ACCOUNT = "123456789012"

Inputs = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """What AWS adds to a resource: its id, and output properties beyond the inputs."""

    id: str
    outputs: Inputs


@dataclass(frozen=True)
class Request:
    """A resource to be made: its logical name, its inputs and the region of its provider."""

    name: str
    inputs: Inputs
    region: str

    def token(self, length: int = 17) -> str:
        """Hexadecimal digits that look random and are always the same for this logical name."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:length]

    def text(self, key: str) -> str:
        """An input as text; the logical name when the program set none, as auto-naming would."""
        return str(self.inputs.get(key, self.name))

    def arn(self, service: str, resource: str, global_service: bool = False) -> str:
        """An ARN of this account, in the provider's region unless the service has none."""
        return f"arn:aws:{service}:{'' if global_service else self.region}:{ACCOUNT}:{resource}"


def _ec2(prefix: str, kind: Optional[str] = None, **outputs: Any) -> Callable[[Request], Made]:
    """Makes an EC2 resource: an id with a prefix, and an ARN where AWS has one."""

    def make(request: Request) -> Made:
        resource_id = f"{prefix}-{request.token()}"
        arn = {"arn": request.arn("ec2", f"{kind}/{resource_id}")} if kind else {}
        return Made(resource_id, {**arn, **outputs})

    return make


def _named(service: str, pattern: str, key: str = "name", id_is_arn: bool = False) -> Callable[[Request], Made]:
    """Makes a resource that AWS knows by a name: the ARN ends in ``pattern`` with the name in it."""

    def make(request: Request) -> Made:
        name = request.text(key)
        arn = request.arn(service, pattern.format(name=name), global_service=service == "iam")
        return Made(arn if id_is_arn else name, {"arn": arn, key: name})

    return make


def _vpc(request: Request) -> Made:
    made = _ec2("vpc", "vpc")(request)
    extra = {
        "defaultSecurityGroupId": f"sg-{request.token()}",
        "mainRouteTableId": f"rtb-{request.token()}",
        "defaultRouteTableId": f"rtb-{request.token()}",
        "ownerId": ACCOUNT,
    }
    return Made(made.id, {**made.outputs, **extra})


def _default_security_group(request: Request) -> Made:
    made = _ec2("sg", "security-group", name="default", description="default VPC security group")(request)
    vpc_id = str(request.inputs.get("vpcId", ""))
    return Made(vpc_id.replace("vpc-", "sg-") or made.id, made.outputs)


def _elastic_ip(request: Request) -> Made:
    made = _ec2("eipalloc", "elastic-ip")(request)
    last = int(request.token(2), 16) % 250 + 1
    return Made(made.id, {**made.outputs, "allocationId": made.id, "publicIp": f"198.51.100.{last}"})


def _route(request: Request) -> Made:
    table = request.text("routeTableId")
    return Made(f"r-{table}-{request.token(10)}", {"origin": "CreateRoute", "state": "active"})


def _kms_key(request: Request) -> Made:
    digits = request.token(32)
    key_id = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return Made(key_id, {"keyId": key_id, "arn": request.arn("kms", f"key/{key_id}")})


def _kms_alias(request: Request) -> Made:
    name = request.text("name")
    target = request.text("targetKeyId").rsplit("/", 1)[-1]
    arns = {"arn": request.arn("kms", name), "targetKeyArn": request.arn("kms", f"key/{target}")}
    return Made(name, arns)


def _log_group(request: Request) -> Made:
    name = request.text("name")
    return Made(name, {"name": name, "arn": request.arn("logs", f"log-group:{name}")})


def _database(request: Request) -> Made:
    name = request.text("identifier")
    address = f"{name}.{request.token(12)}.{request.region}.rds.amazonaws.com"
    outputs = {
        "identifier": name,
        "arn": request.arn("rds", f"db:{name}"),
        "address": address,
        "endpoint": f"{address}:{request.inputs.get('port', 5432):.0f}",
        "resourceId": f"db-{request.token(26).upper()}",
    }
    return Made(outputs["resourceId"], outputs)


def _cache(request: Request) -> Made:
    name = request.text("replicationGroupId")
    host = f"{name}.{request.token(6)}.{request.region}.cache.amazonaws.com"
    outputs = {
        "arn": request.arn("elasticache", f"replicationgroup:{name}"),
        "primaryEndpointAddress": f"master.{host}",
        "readerEndpointAddress": f"replica.{host}",
    }
    return Made(name, outputs)


def _secret(request: Request) -> Made:
    arn = request.arn("secretsmanager", f"secret:{request.text('name')}-{request.token(6)}")
    return Made(arn, {"arn": arn})


def _secret_version(request: Request) -> Made:
    version = request.token(32)
    secret = request.text("secretId")
    return Made(f"{secret}|{version}", {"arn": secret, "versionId": version})


def _repository(request: Request) -> Made:
    name = request.text("name")
    outputs = {
        "arn": request.arn("ecr", f"repository/{name}"),
        "registryId": ACCOUNT,
        "repositoryUrl": f"{ACCOUNT}.dkr.ecr.{request.region}.amazonaws.com/{name}",
    }
    return Made(name, outputs)


def _task_definition(request: Request) -> Made:
    family = request.text("family")
    arn = request.arn("ecs", f"task-definition/{family}")
    return Made(family, {"arn": f"{arn}:1", "arnWithoutRevision": arn, "revision": 1})


def _service(request: Request) -> Made:
    cluster = request.text("cluster").rsplit("/", 1)[-1]
    arn = request.arn("ecs", f"service/{cluster}/{request.text('name')}")
    return Made(arn, {"arn": arn})


def _scaling_policy(request: Request) -> Made:
    name, resource = request.text("name"), request.text("resourceId")
    arn = request.arn("autoscaling", f"scalingPolicy:{request.token(32)}:resource/ecs/{resource}:policyName/{name}")
    return Made(name, {"arn": arn})


def _plain(request: Request) -> Made:
    return Made(request.name, {})


def _joined(*keys: str) -> Callable[[Request], Made]:
    """Makes a resource whose id AWS puts together from inputs."""
    return lambda request: Made("/".join(request.text(key) for key in keys), {})


MAKERS: dict[str, Callable[[Request], Made]] = {
    "aws:appautoscaling/policy:Policy": _scaling_policy,
    "aws:appautoscaling/target:Target": _joined("resourceId"),
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _named("cloudwatch", "alarm:{name}"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _default_security_group,
    "aws:ec2/eip:Eip": _elastic_ip,
    "aws:ec2/internetGateway:InternetGateway": _ec2("igw", "internet-gateway"),
    "aws:ec2/natGateway:NatGateway": _ec2("nat"),
    "aws:ec2/route:Route": _route,
    "aws:ec2/routeTable:RouteTable": _ec2("rtb", "route-table"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _ec2("rtbassoc"),
    "aws:ec2/securityGroup:SecurityGroup": _ec2("sg", "security-group"),
    "aws:ec2/subnet:Subnet": _ec2("subnet", "subnet"),
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _ec2("vpce", "vpc-endpoint"),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _joined("repository"),
    "aws:ecr/repository:Repository": _repository,
    "aws:ecs/cluster:Cluster": _named("ecs", "cluster/{name}", id_is_arn=True),
    "aws:ecs/service:Service": _service,
    "aws:ecs/taskDefinition:TaskDefinition": _task_definition,
    "aws:elasticache/replicationGroup:ReplicationGroup": _cache,
    "aws:elasticache/subnetGroup:SubnetGroup": _named("elasticache", "subnetgroup:{name}"),
    "aws:iam/role:Role": _named("iam", "role/{name}"),
    "aws:iam/rolePolicy:RolePolicy": _joined("role", "name"),
    "aws:kinesis/stream:Stream": _named("kinesis", "stream/{name}", id_is_arn=True),
    "aws:kms/alias:Alias": _kms_alias,
    "aws:kms/key:Key": _kms_key,
    "aws:rds/instance:Instance": _database,
    "aws:rds/parameterGroup:ParameterGroup": _named("rds", "pg:{name}"),
    "aws:rds/subnetGroup:SubnetGroup": _named("rds", "subgrp:{name}"),
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretRotation:SecretRotation": _joined("secretId"),
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:sns/topic:Topic": _named("sns", "{name}", id_is_arn=True),
    "aws:sns/topicSubscription:TopicSubscription": _joined("topic", "protocol"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _ec2("sgr", "security-group-rule"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _ec2("sgr", "security-group-rule"),
    "pulumi:providers:aws": _plain,
}
"""What is made of each type. A type that is not listed is an error: a silent stand-in would have no ARN."""


class AwsMocks(Mocks):
    """Answers registrations and invokes as AWS would; with ``preview`` as the provider does before anything exists.

    At preview the inputs are known and everything that only AWS can say is unknown.
    """

    def __init__(self, region: str, preview: bool = False) -> None:
        self.region = region
        self.preview = preview

    def new_resource(self, args: MockResourceArgs) -> tuple[Optional[str], Inputs]:
        """The id and the outputs of a resource. Components have neither."""
        if not args.custom:
            return None, {}
        if args.typ not in MAKERS:
            raise ValueError(f"offline rendering knows no {args.typ}: add it to MAKERS in stack/offline/mocks.py")
        region = str(args.inputs.get("region", self.region))
        made = MAKERS[args.typ](Request(args.name, args.inputs, region))
        if not self.preview:
            return made.id, {**args.inputs, **made.outputs}
        unknown = {key: UNKNOWN for key in made.outputs if key not in args.inputs}
        return "", {**args.inputs, **unknown}

    def call(self, args: MockCallArgs) -> tuple[Inputs, list[tuple[str, str]]]:
        """The only question the program asks of AWS: which account is this?"""
        if args.token != "aws:index/getCallerIdentity:getCallerIdentity":
            raise ValueError(f"offline rendering knows no {args.token}: add it to AwsMocks.call")
        user = {"accountId": ACCOUNT, "userId": "AIDAEXAMPLE", "arn": f"arn:aws:iam::{ACCOUNT}:user/offline"}
        return {"id": ACCOUNT, **user}, []
