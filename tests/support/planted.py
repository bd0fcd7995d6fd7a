"""Planted faults: for each guardrail one small change to the FastCart program that breaks that guardrail alone.

Each change makes exactly one rule fail on exactly one resource, and leaves every other rule satisfied.

    for planted in PLANTED:                       # 20 rules, the mission's nine first
        copy = copy_stack(tmp_path / planted.rule)
        apply(planted, copy)                      # then render or preview the copy

``planted.rule`` is the policy, ``planted.resource`` and ``planted.type`` name the resource that must be
reported (suffix ``dev``), ``planted.property`` is where in it (empty when no single property is at fault),
and ``planted.mandatory`` says whether the rule fails the run by default.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

STACK_DIR = Path(__file__).resolve().parents[2] / "stack"


@dataclass(frozen=True)
class Planted:
    """One fault: replace ``old`` by ``new`` in ``file`` (relative to stack/), and ``rule`` fails on ``resource``."""

    rule: str
    file: str
    old: str
    new: str
    resource: str
    type: str
    property: str
    summary: str
    mandatory: bool = True


class PlantError(Exception):
    """The fault does not fit the program any more: the program has changed, and this table must follow."""


def copy_stack(target: Path) -> Path:
    """Copy the program, without virtual environments and caches, to ``target``, which must not exist. Returns it."""
    ignored = shutil.ignore_patterns("venv", ".venv", "__pycache__", "cfn-outputs", ".pulumi")
    shutil.copytree(STACK_DIR, target, ignore=ignored)
    return target


def apply(planted: Planted, copy_dir: Path) -> None:
    """Plant the fault in a copy of stack/. Raises PlantError unless the old text occurs exactly once."""
    if copy_dir.resolve() == STACK_DIR:
        raise PlantError("refusing to plant a fault in stack/ itself; use a copy")
    file = copy_dir / planted.file
    text = file.read_text(encoding="utf-8")
    found = text.count(planted.old)
    if found != 1:
        raise PlantError(f"{planted.rule}: {planted.old!r} occurs {found} times in {planted.file}, wanted once")
    file.write_text(text.replace(planted.old, planted.new), encoding="utf-8")


STREAM = ("fastcart-orders-dev", "aws:kinesis/stream:Stream")
DATABASE = ("fastcart-orders-db-dev", "aws:rds/instance:Instance")
CACHE = ("fastcart-cache-dev", "aws:elasticache/replicationGroup:ReplicationGroup")
SERVICE = ("fastcart-service-dev", "aws:ecs/service:Service")
SCALING = ("fastcart-scaling-dev", "aws:appautoscaling/target:Target")
TOPIC = ("fastcart-alarm-topic-dev", "aws:sns/topic:Topic")
KEY = ("fastcart-key-dev", "aws:kms/key:Key")
VPC = ("fastcart-vpc-dev", "aws:ec2/vpc:Vpc")
DATABASE_INGRESS = (
    "fastcart-database-from-service-dev",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
REPOSITORY = ("fastcart-order-processor-dev", "aws:ecr/repository:Repository")
LIFECYCLE = ("fastcart-order-processor-lifecycle-dev", "aws:ecr/lifecyclePolicy:LifecyclePolicy")
EXECUTION_POLICY = ("fastcart-execution-policy-dev", "aws:iam/rolePolicy:RolePolicy")
STACK = ("fastcart-dev", "pulumi:pulumi:Stack")

SECOND_KEY = """name = self.names.of("alarm-topic")
        other_key = aws.kms.Key(
            self.names.of("other-key"),
            description="A second key, itself without fault",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            tags=self.names.tags("other-key"),
            opts=self.child(),
        )"""

# The SDK makes every password a secret, so a plain one has to be slipped in behind its back.
PLAIN_PASSWORD = """opts=pulumi.ResourceOptions.merge(
                self.child(protect=lifecycle.deletion_protection, depends_on=[args.log_group], ignore_changes=kept),
                pulumi.ResourceOptions(
                    transformations=[
                        lambda given: pulumi.ResourceTransformationResult(
                            {**given.props, "password": "Plain-Text-Password-1"}, given.opts
                        )
                    ]
                ),
            ),"""

MISSION: tuple[Planted, ...] = (
    Planted(
        "allowed-region",
        "fastcart/registry.py",
        "policy=json.dumps(_expire_untagged_images()),",
        'policy=json.dumps(_expire_untagged_images()),\n            region="us-east-1",',
        *LIFECYCLE,
        property="region",
        summary="the images' lifecycle policy is made in another region than its provider's",
    ),
    Planted(
        "name-suffix",
        "fastcart/alarms.py",
        "name, name=name, kms_master_key_id=args.key_arn",
        'name, name="fastcart-alarm-topic", kms_master_key_id=args.key_arn',
        *TOPIC,
        property="name",
        summary="the alarm topic's physical name lacks the suffix",
    ),
    Planted(
        "shared-cmk",
        "fastcart/alarms.py",
        """name = self.names.of("alarm-topic")
        topic = aws.sns.Topic(
            name, name=name, kms_master_key_id=args.key_arn,""",
        SECOND_KEY
        + """
        topic = aws.sns.Topic(
            name, name=name, kms_master_key_id=other_key.arn,""",
        *TOPIC,
        property="kmsMasterKeyId",
        summary="the alarm topic is encrypted with a second customer key",
    ),
    Planted(
        "ecs-private-subnets",
        "fastcart/compute.py",
        '"assign_public_ip": False',
        '"assign_public_ip": True',
        *SERVICE,
        property="networkConfiguration.assignPublicIp",
        summary="tasks get public addresses",
    ),
    Planted(
        "kinesis-encryption",
        "fastcart/streaming.py",
        'encryption_type="KMS"',
        'encryption_type="NONE"',
        *STREAM,
        property="encryptionType",
        summary="the stream has a key and does not use it",
    ),
    Planted(
        "rds-encryption",
        "fastcart/database.py",
        "storage_encrypted=True",
        "storage_encrypted=False",
        *DATABASE,
        property="storageEncrypted",
        summary="the database's storage is not encrypted",
    ),
    Planted(
        "redis-encryption",
        "fastcart/cache.py",
        "transit_encryption_enabled=True",
        "transit_encryption_enabled=False",
        *CACHE,
        property="transitEncryptionEnabled",
        summary="the cache speaks without TLS",
    ),
    Planted(
        "kinesis-shard-count",
        "fastcart/streaming.py",
        "shard_count=args.shard_count,",
        "shard_count=1,",
        *STREAM,
        property="shardCount",
        summary="the stream has one shard",
    ),
    Planted(
        "ecs-task-count",
        "fastcart/compute.py",
        "min_capacity=service.desired_count",
        "min_capacity=1",
        *SCALING,
        property="minCapacity",
        summary="scaling may leave a single task",
    ),
)

PLATFORM: tuple[Planted, ...] = (
    Planted(
        "vpc-topology",
        "fastcart/network.py",
        'self._subnet("private", index, zone, blocks',
        'self._subnet("private", index, args.zones[0], blocks',
        *VPC,
        property="",
        summary="both private subnets are in the same zone",
    ),
    Planted(
        "security-group-least-privilege",
        "fastcart/security.py",
        """security_group_id=store.id,
            description="Order processor tasks",
            referenced_security_group_id=self.service.id,""",
        """security_group_id=store.id,
            description="Order processor tasks",
            referenced_security_group_id=None if part == "database" else self.service.id,
            cidr_ipv4=EVERYWHERE if part == "database" else None,""",
        *DATABASE_INGRESS,
        property="cidrIpv4",
        summary="the database is open to the world",
    ),
    Planted(
        "rds-operations",
        "fastcart/database.py",
        "backup_retention_period=database.backup_days",
        "backup_retention_period=1",
        *DATABASE,
        property="backupRetentionPeriod",
        summary="backups are kept for one day",
    ),
    Planted(
        "database-credentials",
        "fastcart/database.py",
        "opts=self.child(protect=lifecycle.deletion_protection, depends_on=[args.log_group], ignore_changes=kept),",
        PLAIN_PASSWORD,
        *DATABASE,
        property="password",
        summary="the master password reaches the state in plain text",
    ),
    Planted(
        "log-group-encryption",
        "fastcart/logs.py",
        "retention_in_days=args.retention_days",
        "retention_in_days=0 if part == \"task-logs\" else args.retention_days",
        "fastcart-task-logs-dev",
        "aws:cloudwatch/logGroup:LogGroup",
        property="retentionInDays",
        summary="the containers' log is kept for ever",
    ),
    Planted(
        "required-alarms",
        "fastcart/alarms.py",
        'metric="CPUUtilization"',
        'metric="DatabaseConnections"',
        *DATABASE,
        property="",
        summary="nobody watches the database's CPU",
    ),
    Planted(
        "ecr-repository",
        "fastcart/registry.py",
        'image_tag_mutability="IMMUTABLE"',
        'image_tag_mutability="MUTABLE"',
        *REPOSITORY,
        property="imageTagMutability",
        summary="image tags may be moved",
    ),
    Planted(
        "kms-key-rotation",
        "fastcart/encryption.py",
        "enable_key_rotation=True",
        "enable_key_rotation=False",
        *KEY,
        property="enableKeyRotation",
        summary="the shared key is never rotated",
    ),
    Planted(
        "iam-least-privilege",
        "fastcart/roles.py",
        '["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]',
        '["ecr:*"]',
        *EXECUTION_POLICY,
        property="policy",
        summary="the execution role may do anything with the repository",
    ),
    Planted(
        "required-tags",
        "fastcart/streaming.py",
        'tags=names.tags("orders")',
        'tags={**names.tags("orders"), "Environment": "production"}',
        *STREAM,
        property="tags.Environment",
        summary="the stream is tagged as another environment",
    ),
    Planted(
        "required-outputs",
        "fastcart/outputs.py",
        'OutputSpec("streamArn",',
        'OutputSpec("streamResourceName",',
        *STACK,
        property="streamArn",
        summary="a documented output is missing",
        mandatory=False,
    ),
)

PLANTED: tuple[Planted, ...] = MISSION + PLATFORM
"""One fault per guardrail, the nine rules of the mission first, each group in the order of the catalogue."""
