"""FastCart order processing platform: wires the components together and exports what downstream teams need."""

import pulumi
import pulumi_aws as aws

from fastcart import config as fastcart_config
from fastcart import logs
from fastcart.alarms import Alarms, AlarmsArgs
from fastcart.cache import Cache, CacheArgs
from fastcart.compute import Compute, ComputeArgs
from fastcart.credentials import Credentials, CredentialsArgs
from fastcart.database import Database, DatabaseArgs
from fastcart.encryption import Encryption, EncryptionArgs
from fastcart.endpoints import Endpoints, EndpointsArgs
from fastcart.naming import Arns, Names
from fastcart.network import Network, NetworkArgs
from fastcart.outputs import Platform, stack_outputs
from fastcart.registry import Registry, RegistryArgs
from fastcart.roles import Roles, RolesArgs
from fastcart.security import Security, SecurityArgs
from fastcart.streaming import Streaming, StreamingArgs

config = fastcart_config.load()
names = Names(config.suffix)

provider = aws.Provider(
    names.of("aws"),
    region=config.region,
    profile=config.provider.profile,
    allowed_account_ids=config.provider.allowed_account_ids,
    default_tags={"tags": names.default_tags()},
)
opts = pulumi.ResourceOptions(provider=provider)
account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(provider=provider))
arns = Arns(config.region, account.account_id)

encryption = Encryption(
    names,
    EncryptionArgs(
        arns=arns,
        cluster_name=names.base,
        log_group_names=logs.group_names(names),
        recovery_days=config.lifecycle.recovery_days,
        protect=config.lifecycle.deletion_protection,
        outlive=config.lifecycle.final_snapshot,
    ),
    opts,
)
key_arn = encryption.key.arn

network = Network(names, NetworkArgs(config.network.vpc_cidr, config.network.availability_zones), opts)
security = Security(names, SecurityArgs(network.vpc.id), opts)
if config.network.vpc_endpoints:
    Endpoints(
        names,
        EndpointsArgs(
            region=config.region,
            vpc_id=network.vpc.id,
            subnet_ids=network.private_subnet_ids,
            route_table_id=network.private_routes.id,
            client_group_id=security.service.id,
        ),
        opts,
    )

log_groups = logs.Logs(names, logs.LogsArgs(config.lifecycle.log_retention_days, key_arn), opts)
registry = Registry(names, RegistryArgs(key_arn), opts)
streaming = Streaming(
    names, StreamingArgs(config.stream.shard_count, config.stream.retention_hours, key_arn), opts
)
database = Database(
    names,
    DatabaseArgs(
        database=config.database,
        lifecycle=config.lifecycle,
        subnet_ids=network.private_subnet_ids,
        security_group_id=security.database.id,
        key_arn=key_arn,
        log_group=log_groups.database,
    ),
    opts,
)
cache = Cache(
    names,
    CacheArgs(
        cache=config.cache,
        lifecycle=config.lifecycle,
        subnet_ids=network.private_subnet_ids,
        security_group_id=security.cache.id,
        key_arn=key_arn,
    ),
    opts,
)
credentials = Credentials(
    names,
    CredentialsArgs(
        database=config.database,
        database_instance=database.instance,
        cache=config.cache,
        cache_group=cache.group,
        key_arn=key_arn,
        recovery_days=config.lifecycle.recovery_days,
    ),
    opts,
)
roles = Roles(
    names,
    RolesArgs(
        arns=arns,
        key_alias=encryption.alias.name,
        stream_name=streaming.stream.name,
        secret_names=[credentials.database.name, credentials.cache.name],
        repository_name=registry.repository.name,
        task_log_group=log_groups.tasks.name,
        exec_log_group=log_groups.exec.name,
        execute_command=config.service.execute_command,
    ),
    opts,
)
compute = Compute(
    names,
    ComputeArgs(
        service=config.service,
        arns=arns,
        subnet_ids=network.private_subnet_ids,
        security_group_id=security.service.id,
        key_arn=key_arn,
        repository=registry.repository,
        stream=streaming.stream,
        database_secret=credentials.database,
        cache_secret=credentials.cache,
        logs=log_groups,
        roles=roles,
        needs=[*network.ways_out, *security.rules, *credentials.versions],
    ),
    opts,
)
alarms = Alarms(names, AlarmsArgs(config.alarms, streaming.stream, database.instance, key_arn), opts)

platform = Platform(
    config=config,
    network=network,
    security=security,
    encryption=encryption,
    streaming=streaming,
    database=database,
    cache=cache,
    credentials=credentials,
    registry=registry,
    logs=log_groups,
    roles=roles,
    compute=compute,
    alarms=alarms,
)
for name, value in stack_outputs(platform).items():
    pulumi.export(name, value)
