"""RDS instances, subnet groups and parameter groups."""

from __future__ import annotations

from typing import Any

from ..aws import Aws, tag_changes, tag_list, tag_map
from ..kind import Kind, update
from ..wire import Props

_MODIFIABLE = {
    "allocatedStorage": "AllocatedStorage",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "backupRetentionPeriod": "BackupRetentionPeriod",
    "backupWindow": "PreferredBackupWindow",
    "caCertIdentifier": "CACertificateIdentifier",
    "copyTagsToSnapshot": "CopyTagsToSnapshot",
    "deletionProtection": "DeletionProtection",
    "engineVersion": "EngineVersion",
    "instanceClass": "DBInstanceClass",
    "iops": "Iops",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "manageMasterUserPassword": "ManageMasterUserPassword",
    "masterUserSecretKmsKeyId": "MasterUserSecretKmsKeyId",
    "maxAllocatedStorage": "MaxAllocatedStorage",
    "multiAz": "MultiAZ",
    "parameterGroupName": "DBParameterGroupName",
    "password": "MasterUserPassword",
    "publiclyAccessible": "PubliclyAccessible",
    "storageType": "StorageType",
    "vpcSecurityGroupIds": "VpcSecurityGroupIds",
}
"""What can be set at creation and changed later: Pulumi's name and the API's."""

_FIXED = {
    "availabilityZone": "AvailabilityZone",
    "dbName": "DBName",
    "dbSubnetGroupName": "DBSubnetGroupName",
    "engine": "Engine",
    "kmsKeyId": "KmsKeyId",
    "port": "Port",
    "storageEncrypted": "StorageEncrypted",
    "username": "MasterUsername",
}
"""What is set at creation only."""

_HELD = frozenset(
    {
        "allowMajorVersionUpgrade",
        "applyImmediately",
        "dedicatedLogVolume",
        "deleteAutomatedBackups",
        "finalSnapshotIdentifier",
        "skipFinalSnapshot",
        "monitoringInterval",
        "performanceInsightsEnabled",
        "performanceInsightsKmsKeyId",
        "performanceInsightsRetentionPeriod",
    }
)


def _create_instance(aws: Aws, props: Props) -> str:
    arguments = {api: props[name] for name, api in {**_MODIFIABLE, **_FIXED}.items() if name in props}
    arguments["EnableCloudwatchLogsExports"] = props.get("enabledCloudwatchLogsExports") or []
    made = aws.client("rds").create_db_instance(
        DBInstanceIdentifier=props["identifier"], Tags=tag_list(props.get("tagsAll")), **arguments
    )
    return made["DBInstance"]["DbiResourceId"]


def _modify_instance(aws: Aws, _identity: str, old: Props, new: Props) -> None:
    changed = {api: new[name] for name, api in _MODIFIABLE.items() if name in new and old.get(name) != new[name]}
    aws.client("rds").modify_db_instance(DBInstanceIdentifier=new["identifier"], ApplyImmediately=True, **changed)


def _set_exports(aws: Aws, _identity: str, old: Props, new: Props) -> None:
    before, after = (set(p.get("enabledCloudwatchLogsExports") or []) for p in (old, new))
    aws.client("rds").modify_db_instance(
        DBInstanceIdentifier=new["identifier"],
        CloudwatchLogsExportConfiguration={
            "EnableLogTypes": sorted(after - before),
            "DisableLogTypes": sorted(before - after),
        },
    )


def _retag(aws: Aws, _identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    rds = aws.client("rds")
    rds.remove_tags_from_resource(ResourceName=new["arn"], TagKeys=unwanted)
    rds.add_tags_to_resource(ResourceName=new["arn"], Tags=tag_list(wanted))


def _tags(aws: Aws, arn: str) -> dict[str, str]:
    return tag_map(aws.client("rds").list_tags_for_resource(ResourceName=arn)["TagList"])


_SHOWN_ELSEWHERE = frozenset(
    {
        "dbSubnetGroupName",
        "iops",
        "manageMasterUserPassword",
        "masterUserSecretKmsKeyId",
        "parameterGroupName",
        "password",
        "port",
        "vpcSecurityGroupIds",
    }
)
"""What the describe answer has under another name, or not at all."""

_READ = {name: api for name, api in {**_MODIFIABLE, **_FIXED}.items() if name not in _SHOWN_ELSEWHERE}


def _read_instance(aws: Aws, _identity: str, state: Props) -> Props:
    identifier = state["identifier"]
    found = aws.client("rds").describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]
    endpoint = found["Endpoint"]
    return {
        **{name: found.get(api) for name, api in _READ.items()},
        **_emulated(aws, state),
        "address": endpoint["Address"],
        "arn": found["DBInstanceArn"],
        "dbSubnetGroupName": found["DBSubnetGroup"]["DBSubnetGroupName"],
        "enabledCloudwatchLogsExports": found.get("EnabledCloudwatchLogsExports", []),
        "endpoint": f"{endpoint['Address']}:{endpoint['Port']}",
        "engineVersion": _version_asked_for(state, found),
        "engineVersionActual": found["EngineVersion"],
        "hostedZoneId": "Z1RLNUO7B9Q6NB",
        "identifier": identifier,
        "licenseModel": found.get("LicenseModel", "postgresql-license"),
        "parameterGroupName": found["DBParameterGroups"][0]["DBParameterGroupName"],
        "port": endpoint["Port"],
        "resourceId": found["DbiResourceId"],
        "status": found["DBInstanceStatus"],
        "vpcSecurityGroupIds": [group["VpcSecurityGroupId"] for group in found["VpcSecurityGroups"]],
        "tagsAll": _tags(aws, found["DBInstanceArn"]),
    }


def _emulated(aws: Aws, state: Props) -> Props:
    """What AWS computes and moto does not."""
    insights_key = state.get("performanceInsightsKmsKeyId") or ""
    return {
        "backupTarget": "region",
        "databaseInsightsMode": "standard",
        "engineLifecycleSupport": "open-source-rds-extended-support",
        "identifierPrefix": "",
        "networkType": "IPV4",
        "optionGroupName": f"default:postgres-{str(state.get('engineVersion', '16')).split('.', maxsplit=1)[0]}",
        "performanceInsightsKmsKeyId": insights_key,
        "performanceInsightsRetentionPeriod": state.get("performanceInsightsRetentionPeriod", 0),
        "region": aws.region,
        "storageThroughput": 125,
    }


def _version_asked_for(state: Props, found: dict[str, Any]) -> str:
    """The program may ask for ``16`` and get ``16.x``; that is no difference."""
    asked = str(state.get("engineVersion", ""))
    actual: str = found["EngineVersion"]
    return asked if asked and (actual == asked or actual.startswith(f"{asked}.")) else actual


def _delete_instance(aws: Aws, _identity: str, state: Props) -> None:
    skip = bool(state.get("skipFinalSnapshot"))
    snapshot = {} if skip else {"FinalDBSnapshotIdentifier": state["finalSnapshotIdentifier"]}
    aws.client("rds").delete_db_instance(
        DBInstanceIdentifier=state["identifier"], SkipFinalSnapshot=skip, **snapshot
    )


# --- Subnet group ------------------------------------------------------------


def _create_subnet_group(aws: Aws, props: Props) -> str:
    aws.client("rds").create_db_subnet_group(
        DBSubnetGroupName=props["name"],
        DBSubnetGroupDescription=props["description"],
        SubnetIds=props["subnetIds"],
        Tags=tag_list(props.get("tagsAll")),
    )
    return props["name"]


def _set_subnets(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("rds").modify_db_subnet_group(
        DBSubnetGroupName=identity, DBSubnetGroupDescription=new["description"], SubnetIds=new["subnetIds"]
    )


def _read_subnet_group(aws: Aws, identity: str, _state: Props) -> Props:
    group = aws.client("rds").describe_db_subnet_groups(DBSubnetGroupName=identity)["DBSubnetGroups"][0]
    arn = aws.arn("rds", f"subgrp:{identity}")
    return {
        "arn": arn,
        "description": group["DBSubnetGroupDescription"],
        "name": identity,
        "namePrefix": "",
        "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
        "supportedNetworkTypes": ["IPV4"],
        "vpcId": group["VpcId"],
        "tagsAll": _tags(aws, arn),
    }


def _delete_subnet_group(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("rds").delete_db_subnet_group(DBSubnetGroupName=identity)


# --- Parameter group ---------------------------------------------------------


def _create_parameter_group(aws: Aws, props: Props) -> str:
    aws.client("rds").create_db_parameter_group(
        DBParameterGroupName=props["name"],
        DBParameterGroupFamily=props["family"],
        Description=props["description"],
        Tags=tag_list(props.get("tagsAll")),
    )
    _set_parameters(aws, props["name"], {}, props)
    return props["name"]


def _set_parameters(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    parameters = [
        {
            "ParameterName": parameter["name"],
            "ParameterValue": parameter["value"],
            "ApplyMethod": parameter.get("applyMethod", "immediate"),
        }
        for parameter in new.get("parameters") or []
    ]
    if parameters:
        aws.client("rds").modify_db_parameter_group(DBParameterGroupName=identity, Parameters=parameters)


def _read_parameter_group(aws: Aws, identity: str, state: Props) -> Props:
    group = aws.client("rds").describe_db_parameter_groups(DBParameterGroupName=identity)["DBParameterGroups"][0]
    arn = aws.arn("rds", f"pg:{identity}")
    return {
        "arn": arn,
        "description": group["Description"],
        "family": group["DBParameterGroupFamily"],
        "name": identity,
        "namePrefix": "",
        "parameters": state.get("parameters"),
        "tagsAll": _tags(aws, arn),
    }


def _delete_parameter_group(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("rds").delete_db_parameter_group(DBParameterGroupName=identity)


KINDS = (
    Kind(
        token="aws:rds/instance:Instance",
        create=_create_instance,
        read=_read_instance,
        delete=_delete_instance,
        updates=(
            update(*_MODIFIABLE, apply=_modify_instance),
            update("enabledCloudwatchLogsExports", apply=_set_exports),
            update("tagsAll", apply=_retag),
        ),
        replaced_by=frozenset({*_FIXED, "identifier", "identifierPrefix", "snapshotIdentifier", "region"}),
        held=_HELD,
        defaults={
            "autoMinorVersionUpgrade": True,
            "copyTagsToSnapshot": False,
            "dedicatedLogVolume": False,
            "deleteAutomatedBackups": True,
            "monitoringInterval": 0,
            "performanceInsightsEnabled": False,
            "publiclyAccessible": False,
            "skipFinalSnapshot": False,
        },
        delete_first=True,
    ),
    Kind(
        token="aws:rds/subnetGroup:SubnetGroup",
        create=_create_subnet_group,
        read=_read_subnet_group,
        delete=_delete_subnet_group,
        updates=(update("subnetIds", "description", apply=_set_subnets), update("tagsAll", apply=_retag)),
        replaced_by=frozenset({"name", "namePrefix", "region"}),
        defaults={"description": "Managed by Pulumi"},
    ),
    Kind(
        token="aws:rds/parameterGroup:ParameterGroup",
        create=_create_parameter_group,
        read=_read_parameter_group,
        delete=_delete_parameter_group,
        updates=(update("parameters", apply=_set_parameters), update("tagsAll", apply=_retag)),
        replaced_by=frozenset({"name", "namePrefix", "family", "description", "region"}),
        held=frozenset({"skipDestroy"}),
        defaults={"description": "Managed by Pulumi", "skipDestroy": False},
    ),
)
