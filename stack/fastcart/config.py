"""The stack's configuration: read once, validated, typed.

Defaults are the safe choice for an environment that matters; ``Pulumi.dev.yaml`` relaxes what a
development stack can do without. Every key is read in exactly one place below.
"""

import ipaddress
import math
from dataclasses import dataclass
from typing import Optional

import pulumi

from .settings import ConfigError, Settings

ZONES = 2
"""Availability zones the platform spans. Fixed, so that every list has a length known at preview."""

LOG_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365)
"""The retention periods that CloudWatch accepts, up to the one year the guardrails allow."""

RECOVERY_DAYS = (0, *range(7, 31))
"""What Secrets Manager accepts: not at all, or a week to a month."""

FARGATE_MEMORY_MIB = {
    256: (512, 1024, 2048),
    512: (1024, 2048, 3072, 4096),
    1024: tuple(range(2048, 8193, 1024)),
    2048: tuple(range(4096, 16385, 1024)),
    4096: tuple(range(8192, 30721, 1024)),
}
"""The memory sizes that Fargate offers for each CPU size (CPU units, 1024 to a vCPU)."""

PRIVATE_BLOCKS = tuple(ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""What RFC 1918 sets aside for private networks. Python's ``is_private`` means much else, that AWS refuses in part."""

LARGEST_STORAGE_GIB = 65536
"""What RDS gives a PostgreSQL instance at most."""

RESERVED_USERS = (
    "admin|postgres|public|none|rds.*|pg_.*|"
    "all|analyse|analyze|and|any|array|as|asc|asymmetric|both|case|cast|check|collate|column|constraint|create|"
    "current_catalog|current_date|current_role|current_time|current_timestamp|current_user|default|deferrable|desc|"
    "distinct|do|else|end|except|false|fetch|for|foreign|from|grant|group|having|in|initially|intersect|into|lateral|"
    "leading|limit|localtime|localtimestamp|not|null|offset|on|only|or|order|placing|primary|references|returning|"
    "select|session_user|some|symmetric|system_user|table|then|to|trailing|true|union|unique|user|using|variadic|when|"
    "where|window|with"
)
"""User names that RDS keeps for itself, and the reserved words of PostgreSQL's SQL. A regular expression."""


@dataclass(frozen=True)
class ProviderConfig:
    """Who deploys, and where it may: the profile of the credentials, and the accounts, if not any."""

    profile: Optional[str]
    allowed_account_ids: Optional[list[str]]


@dataclass(frozen=True)
class NetworkConfig:
    """Where the platform lives. ``vpc_endpoints`` keeps AWS traffic off the NAT gateway."""

    vpc_cidr: str
    availability_zones: tuple[str, ...]
    vpc_endpoints: bool


@dataclass(frozen=True)
class StreamConfig:
    """The order stream."""

    shard_count: int
    retention_hours: int


@dataclass(frozen=True)
class DatabaseConfig:
    """The order database. ``password`` is a secret. ``major_upgrade`` lets it go to a higher major version, at once.

    With ``rotation_lambda_arn``, that function (which has to reach the database) changes the password every
    ``rotation_days`` days, and the configured one only serves to create the database.
    """

    username: str
    password: pulumi.Output[str]
    instance_class: str
    engine_version: str
    major_upgrade: bool
    storage_gib: int
    max_storage_gib: int
    backup_days: int
    multi_az: bool
    rotation_lambda_arn: Optional[str]
    rotation_days: int


@dataclass(frozen=True)
class CacheConfig:
    """The hot-data cache. ``auth_token`` is a secret."""

    auth_token: pulumi.Output[str]
    node_type: str
    node_count: int
    snapshot_days: int


@dataclass(frozen=True)
class ServiceConfig:
    """The order processor: its image, size (CPU units, MiB) and number of tasks."""

    image_tag: str
    cpu: int
    memory_mib: int
    desired_count: int
    maximum_count: int
    scale_at_cpu_percent: int
    health_check_command: str
    execute_command: bool
    wait_for_steady_state: bool


@dataclass(frozen=True)
class AlarmConfig:
    """When to wake somebody, and whom."""

    iterator_age_ms: int
    throttled_writes: int
    database_cpu_percent: int
    database_free_storage_gib: int
    email: Optional[str]


@dataclass(frozen=True)
class LifecycleConfig:
    """What survives mistakes, and for how long. Without ``recovery_days``, deleted secrets are gone at once."""

    deletion_protection: bool
    final_snapshot: bool
    recovery_days: int
    log_retention_days: int


@dataclass(frozen=True)
class FastCartConfig:
    """Everything the program reads from outside."""

    suffix: str
    region: str
    provider: ProviderConfig
    network: NetworkConfig
    stream: StreamConfig
    database: DatabaseConfig
    cache: CacheConfig
    service: ServiceConfig
    alarms: AlarmConfig
    lifecycle: LifecycleConfig


def load() -> FastCartConfig:
    """Read and validate the stack config. Raises ConfigError on the first setting that is missing or wrong."""
    settings, of_provider = Settings("fastcart"), Settings("aws")
    region = of_provider.text("region", None, r"[a-z]{2}(-[a-z]+)+-\d", "an AWS region such as eu-central-1")
    database = _database(settings, region)
    config = FastCartConfig(
        suffix=settings.text(
            settings.spelled("environmentSuffix", "environment_suffix"),
            pulumi.get_stack(),
            r"(?=.{1,12}$)[a-z](-?[a-z0-9])*",
            "1 to 12 lower-case letters, digits and single hyphens, starting with a letter",
        ),
        region=region,
        provider=_provider(of_provider),
        network=_network(settings, region),
        stream=StreamConfig(
            shard_count=settings.integer("streamShardCount", 2, 2, 200, "shards"),
            retention_hours=settings.integer("streamRetentionHours", 24, 24, 8760, "hours"),
        ),
        database=database,
        cache=_cache(settings),
        service=_service(settings),
        alarms=_alarms(settings, database.storage_gib),
        lifecycle=LifecycleConfig(
            deletion_protection=settings.flag("deletionProtection", True),
            final_snapshot=settings.flag("finalSnapshot", True),
            recovery_days=settings.integer_of("recoveryWindowDays", 30, RECOVERY_DAYS, "days"),
            log_retention_days=settings.integer_of("logRetentionDays", 30, LOG_RETENTION_DAYS, "days"),
        ),
    )
    settings.refuse_others("stack/README.md lists the settings")
    return config


def _provider(of_provider: Settings) -> ProviderConfig:
    """What the program's own provider takes from ``aws:``; Pulumi gives the rest to default providers only."""
    config = ProviderConfig(
        profile=of_provider.optional_text("profile", r"\S(.*\S)?", "the name of a profile of the AWS configuration"),
        allowed_account_ids=of_provider.optional_list("allowedAccountIds", r"\d{12}", "account ids of 12 digits"),
    )
    keys = "region, profile and allowedAccountIds"
    of_provider.refuse_others(f"its provider reads {keys}; a profile with role_arn assumes a role")
    return config


def _network(settings: Settings, region: str) -> NetworkConfig:
    zones = settings.text(
        "availabilityZones", f"{region}a,{region}b", r"[a-z0-9-]+,[a-z0-9-]+", f"{ZONES} zones separated by a comma"
    ).split(",")
    key = settings.key("availabilityZones")
    for zone in zones:
        if zone[:-1] != region or not zone[-1].isalpha():
            raise ConfigError(key, f"{zone!r} is not a zone of {region}", f"Use zones such as {region}a,{region}b")
    if len(set(zones)) != ZONES:
        raise ConfigError(key, f"{zones[0]!r} is named twice", f"Name {ZONES} different zones")
    return NetworkConfig(
        vpc_cidr=_vpc_cidr(settings),
        availability_zones=tuple(zones),
        vpc_endpoints=settings.flag("vpcEndpoints", False),
    )


def _vpc_cidr(settings: Settings) -> str:
    meaning = "a private IPv4 block (RFC 1918) from /16 to /24 such as 10.20.0.0/16"
    value = settings.text("vpcCidr", "10.20.0.0/16", r"[0-9.]+/[0-9]+", meaning)
    try:
        block = ipaddress.IPv4Network(value)
    except ValueError as error:
        raise ConfigError(settings.key("vpcCidr"), f"{value!r} is not {meaning} ({error})", f"Set it to {meaning}") from None
    if not 16 <= block.prefixlen <= 24 or not any(block.subnet_of(private) for private in PRIVATE_BLOCKS):
        raise ConfigError(settings.key("vpcCidr"), f"{value!r} is not {meaning}", f"Set it to {meaning}")
    return str(block)


def _database(settings: Settings, region: str) -> DatabaseConfig:
    storage = settings.integer("databaseStorageGib", 20, 20, 16384, "GiB")
    at_least = math.ceil(storage * 11 / 10)  # AWS wants ten per cent of room to grow
    rotation = settings.optional_text(
        "rotationLambdaArn",
        rf"arn:aws:lambda:{region}:\d{{12}}:function:[A-Za-z0-9_-]{{1,64}}",
        f"the ARN of a Lambda function in {region}",
    )
    rotation_days = settings.integer("rotationDays", 30, 1, 365, "days")
    if rotation is None and settings.is_set("rotationDays"):
        key, function = settings.key("rotationDays"), settings.key("rotationLambdaArn")
        fix = f"Set {function}, or remove this: pulumi config rm {key}"
        raise ConfigError(key, f"is {rotation_days}, and {function}, without which nothing rotates, is not set", fix)
    return DatabaseConfig(
        username=settings.text(
            "databaseUsername",
            "fastcart_admin",
            rf"(?!(?:{RESERVED_USERS})$)[a-z][a-z0-9_]{{0,62}}",
            "1 to 63 lower-case letters, digits and underscores, starting with a letter, no reserved name",
        ),
        password=settings.secret(
            "databasePassword",
            r"(?=.{12,128}$)[!#-.0-?A-~]+",
            "12 to 128 printable ASCII characters without space, /, @ and double quote",
        ),
        instance_class=settings.text(
            "databaseInstanceClass", "db.t3.micro", r"db\.[a-z0-9]+\.[a-z0-9]+", "an RDS instance class such as db.t3.micro"
        ),
        engine_version=settings.text(
            "databaseEngineVersion", "16", r"1[4-9](\.\d{1,2})?", "a PostgreSQL version such as 16 or 16.9"
        ),
        major_upgrade=settings.flag("databaseAllowMajorVersionUpgrade", False),
        storage_gib=storage,
        max_storage_gib=settings.integer(
            "databaseMaxStorageGib", min(5 * storage, LARGEST_STORAGE_GIB), at_least, LARGEST_STORAGE_GIB, "GiB"
        ),
        backup_days=settings.integer("databaseBackupDays", 7, 7, 35, "days"),
        multi_az=settings.flag("databaseMultiAz", True),
        rotation_lambda_arn=rotation,
        rotation_days=rotation_days,
    )


def _cache(settings: Settings) -> CacheConfig:
    return CacheConfig(
        auth_token=settings.secret(
            "redisAuthToken",
            r"[A-Za-z0-9!&#$^<>-]{16,128}",
            "16 to 128 letters, digits and characters out of !&#$^<>-",
        ),
        node_type=settings.text(
            "cacheNodeType", "cache.t3.micro", r"cache\.[a-z0-9]+\.[a-z0-9]+", "an ElastiCache node type such as cache.t3.micro"
        ),
        node_count=settings.integer("cacheNodeCount", 2, 2, 6, "nodes"),
        snapshot_days=settings.integer("cacheSnapshotDays", 7, 1, 35, "days"),
    )


def _service(settings: Settings) -> ServiceConfig:
    desired = settings.integer("serviceDesiredCount", 2, 2, 100, "tasks")
    cpu = settings.integer_of("serviceCpu", 512, tuple(FARGATE_MEMORY_MIB), "CPU units")
    memory = FARGATE_MEMORY_MIB[cpu]
    return ServiceConfig(
        image_tag=settings.text(
            "imageTag", "1.0.0", r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", "a container image tag such as 1.4.2"
        ),
        cpu=cpu,
        memory_mib=settings.integer_of("serviceMemoryMib", memory[0], memory, f"MiB (for {cpu} CPU units)"),
        desired_count=desired,
        maximum_count=settings.integer("serviceMaximumCount", max(10, desired), desired, 1000, "tasks"),
        scale_at_cpu_percent=settings.integer("serviceScaleAtCpuPercent", 60, 10, 90, "percent"),
        health_check_command=settings.text(
            "healthCheckCommand", "/app/healthcheck || exit 1", r".{1,500}", "a shell command that exits 0 in a healthy container"
        ),
        execute_command=settings.flag("executeCommand", False),
        wait_for_steady_state=settings.flag("waitForSteadyState", False),
    )


def _alarms(settings: Settings, storage_gib: int) -> AlarmConfig:
    return AlarmConfig(
        iterator_age_ms=settings.integer("alarmIteratorAgeMs", 60_000, 1_000, 86_400_000, "milliseconds"),
        throttled_writes=settings.integer("alarmThrottledWrites", 0, 0, 1_000_000, "refused writes in a minute"),
        database_cpu_percent=settings.integer("alarmDatabaseCpuPercent", 80, 1, 100, "percent"),
        database_free_storage_gib=settings.integer("alarmDatabaseFreeStorageGib", 2, 1, storage_gib - 1, "GiB"),
        email=settings.optional_text("alarmEmail", r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address"),
    )
