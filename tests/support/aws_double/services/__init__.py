"""The resource types that the double serves, one module per AWS service."""

from ..kind import Kind
from . import autoscaling, cloudwatch, ecr, ecs, elasticache, iam, kinesis, kms, logs, network, rds, secrets, security, sns

_MODULES = (
    autoscaling,
    cloudwatch,
    ecr,
    ecs,
    elasticache,
    iam,
    kinesis,
    kms,
    logs,
    network,
    rds,
    secrets,
    security,
    sns,
)

KINDS: dict[str, Kind] = {kind.token: kind for module in _MODULES for kind in module.KINDS}
"""Every served type by its token."""
