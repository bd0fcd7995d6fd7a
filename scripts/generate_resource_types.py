#!/usr/bin/env python3
"""Prints policies/aws/resource_types_data.cc: the property that names a resource of each type, and how it takes tags.

The source is the schema of the providers, as the PyPI packages pulumi_aws and pulumi_aws_native carry it: every
resource class with its token, its inputs and its outputs.

    pip install --no-deps pulumi_aws==7.51.1 pulumi_aws_native==1.84.0
    python3 scripts/generate_resource_types.py > policies/aws/resource_types_data.cc
"""

import ast
import re
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("pulumi_aws", "pulumi_aws_native")
NOT_RESOURCES = {"__init__.py", "_inputs.py", "outputs.py", "_enums.py", "_utilities.py"}

# An identifier whose documentation speaks of an ARN is another resource's; so is an id of an account.
FOREIGN = {"Name": (), "Identifier": ("ARN",), "Id": ("ARN", "account"), None: ()}

# Names that do not follow from the schema: what the property is called, or None where the one that looks like a name
# is a domain, an address, a setting that AWS fixes, or the name of another resource.
NAMES = {
    "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion": "autoScalingConfigurationName",
    "aws:autoscaling/schedule:Schedule": "scheduledActionName",
    "aws:codeartifact/domain:Domain": "domain",
    "aws:codeartifact/repository:Repository": "repository",
    "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition": "family",
    "aws-native:ecs:DaemonTaskDefinition": "family",
    "aws:ecs/taskDefinition:TaskDefinition": "family",
    "aws-native:ecs:TaskDefinition": "family",
    "aws:elasticache/user:User": "userId",
    "aws:lambda/layerVersion:LayerVersion": "layerName",
    "aws-native:lambda:LayerVersion": "layerName",
    "aws:lightsail/database:Database": "relationalDatabaseName",
    "aws-native:lightsail:Database": "relationalDatabaseName",
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy": "targetDbClusterSnapshotIdentifier",
    "aws:rds/snapshotCopy:SnapshotCopy": "targetDbSnapshotIdentifier",
    "aws:ssm/association:Association": "associationName",
    "aws-native:ssm:Association": "associationName",
    "aws:account/alternativeContact:AlternativeContact": None,
    "aws:account/region:Region": None,
    "aws:appstream/user:User": None,
    "aws:cfg/recorderStatus:RecorderStatus": None,
    "aws:cloudformation/cloudFormationType:CloudFormationType": None,
    "aws:cloudwatch/eventTarget:EventTarget": None,
    "aws:cognito/identityProvider:IdentityProvider": None,
    "aws:cognito/userInGroup:UserInGroup": None,
    "aws:controltower/baseline:Baseline": None,
    "aws:controltower/controlTowerControl:ControlTowerControl": None,
    "aws:directoryservice/directory:Directory": None,
    "aws:directoryservice/serviceRegion:ServiceRegion": None,
    "aws:directoryservice/sharedDirectory:SharedDirectory": None,
    "aws:dsql/clusterPeering:ClusterPeering": None,
    "aws:dsql/clusterPolicy:ClusterPolicy": None,
    "aws:ec2/availabilityZoneGroup:AvailabilityZoneGroup": None,
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": None,
    "aws:ec2/defaultRouteTable:DefaultRouteTable": None,
    "aws:ecr/accountSetting:AccountSetting": None,
    "aws:ecs/accountSettingDefault:AccountSettingDefault": None,
    "aws:eks/addon:Addon": None,
    "aws:guardduty/detectorFeature:DetectorFeature": None,
    "aws:guardduty/memberDetectorFeature:MemberDetectorFeature": None,
    "aws:guardduty/organizationConfigurationFeature:OrganizationConfigurationFeature": None,
    "aws:iam/policyAttachment:PolicyAttachment": None,
    "aws:lightsail/domain:Domain": None,
    "aws:lightsail/domainEntry:DomainEntry": None,
    "aws:quicksight/user:User": None,
    "aws:rds/certificate:Certificate": None,
    "aws:rds/instanceDesiredState:InstanceDesiredState": None,
    "aws:redshift/partner:Partner": None,
    "aws:route53/record:Record": None,
    "aws:route53/trafficPolicyInstance:TrafficPolicyInstance": None,
    "aws:route53/zone:Zone": None,
    "aws:route53domains/domain:Domain": None,
    "aws:route53domains/registeredDomain:RegisteredDomain": None,
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": None,
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace": None,
    "aws:ses/activeReceiptRuleSet:ActiveReceiptRuleSet": None,
    "aws:ssm/defaultPatchBaseline:DefaultPatchBaseline": None,
    "aws:ssm/serviceSetting:ServiceSetting": None,
    "aws:ssoadmin/region:Region": None,
    "aws:transfer/user:User": None,
    "aws:workmail/defaultDomain:DefaultDomain": None,
    "aws:workmail/domain:Domain": None,
    "aws:workmail/user:User": None,
    "aws:workspaces/directory:Directory": None,
    "aws:xray/indexingRule:IndexingRule": None,
    "aws-native:route53:HostedZone": None,
    "aws-native:route53:RecordSet": None,
    "aws-native:servicediscovery:PrivateDnsNamespace": None,
    "aws-native:servicediscovery:PublicDnsNamespace": None,
}


def token(node: ast.ClassDef) -> str | None:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") == "type_token":
            return decorator.args[0].value
    return None


def properties(node: ast.ClassDef) -> dict[str, tuple[str, str]]:
    """The getters of a class: the schema's name → (type, "account" or "ARN" where its documentation speaks of one)."""
    found = {}
    for method in node.body:
        if not isinstance(method, ast.FunctionDef):
            continue
        for decorator in map(ast.unparse, method.decorator_list):
            if decorator.startswith("pulumi.getter"):
                named = re.search(r"name='(\w+)'", decorator)
                first_line = (ast.get_docstring(method) or "").split("\n")[0]
                foreign = re.search(r"\b(account|ARN)\b", first_line)
                found[named[1] if named else method.name] = (ast.unparse(method.returns), foreign[1] if foreign else "")
    return found


def resources(package: str) -> dict[str, tuple[dict, dict]]:
    """Type token → (inputs, outputs)."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"{package} is not installed: pip install {package}")
    found = {}
    for file in sorted(Path(spec.submodule_search_locations[0]).rglob("*.py")):
        if file.name in NOT_RESOURCES:
            continue
        classes = {n.name: n for n in ast.parse(file.read_text()).body if isinstance(n, ast.ClassDef)}
        for name, node in classes.items():
            # The arguments of a resource that is called like a type of the schema are …InitArgs.
            arguments = classes.get(f"{name}InitArgs") or classes.get(f"{name}Args")
            if (type_token := token(node)) and arguments:
                found[type_token] = (properties(arguments), properties(node))
    return found


def is_text(inputs: dict, name: str) -> bool:
    kind = inputs.get(name, ("", ""))[0]
    return "builtins.str" in kind and "Sequence" not in kind and "Mapping" not in kind


def called_as(resource: str, inputs: dict) -> list[tuple[int, str]]:
    """The inputs that are called as the resource is, best first: orderName of Order, then of aws…/bigOrder."""
    found = []
    for name in inputs:
        kind = next((k for k in ("Name", "Identifier", "Id") if name.endswith(k)), None)
        stem = name.removesuffix(kind).lower() if kind else ""
        if not stem or not is_text(inputs, name) or inputs[name][1] in FOREIGN[kind]:
            continue
        if stem == resource:
            found.append((0, name))
        elif resource.endswith(stem):
            found.append((1, name))
        elif stem.endswith(resource) and kind != "Id":
            found.append((2, name))
    return sorted(found)


def name_of(type_token: str, inputs: dict) -> str:
    """`name`; else a property whose prefix the provider also takes; else one that is called as the resource is."""
    if type_token in NAMES:
        return NAMES[type_token] or ""
    if is_text(inputs, "name"):
        return "name"
    prefixed = [n for n in sorted(inputs) if n + "Prefix" in inputs and is_text(inputs, n)]
    alike = called_as(type_token.split(":")[-1].lower(), inputs)
    return prefixed[0] if prefixed else alike[0][1] if alike else ""


def tags_of(inputs: dict, outputs: dict) -> str:
    kind = inputs.get("tags", ("", ""))[0]
    if "Mapping" in kind:
        return "kMap" if "tagsAll" in outputs else "kOwnMap"
    return "kList" if "Sequence" in kind else "kNone"


def main() -> None:
    sources = ", ".join(f"{p} {version(p)}" for p in PACKAGES)
    print("// Generated by scripts/generate_resource_types.py; do not edit.")
    print(f"// Source: the resource classes of PyPI's {sources}.")
    print('#include "policies/aws/resource_types.h"\n\n#include <array>\n\nnamespace fastcart {\nnamespace {\n')
    print("// clang-format off\n// Sorted by type.\nconstexpr auto kTypes = std::to_array<ResourceType>({")
    types = {t: r for package in PACKAGES for t, r in resources(package).items() if not t.startswith("pulumi:")}
    for type_token, (inputs, outputs) in sorted(types.items()):
        name, tags = name_of(type_token, inputs), tags_of(inputs, outputs)
        print(f'    {{"{type_token}", "{name}", Tags::{tags}}},')
    print("});\n// clang-format on\n\n}  // namespace\n")
    print("std::span<const ResourceType> ResourceTypes() { return kTypes; }\n\n}  // namespace fastcart")


if __name__ == "__main__":
    main()
