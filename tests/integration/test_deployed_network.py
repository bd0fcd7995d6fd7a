"""The network: subnets in two zones, routes, one NAT gateway, and who may talk to whom."""

from __future__ import annotations

from typing import Any

import pytest
from deployed import Cloud, Outputs

EVERYWHERE = {"0.0.0.0/0", "::/0"}


def subnets(cloud: Cloud, ids: list[str]) -> list[dict[str, Any]]:
    return cloud.client("ec2").describe_subnets(SubnetIds=ids)["Subnets"]


def default_routes(cloud: Cloud, subnet: str) -> list[dict[str, Any]]:
    """The routes to everywhere in the table that is associated with a subnet."""
    by_subnet = [{"Name": "association.subnet-id", "Values": [subnet]}]
    (table,) = cloud.client("ec2").describe_route_tables(Filters=by_subnet)["RouteTables"]
    return [
        route
        for route in table["Routes"]
        if EVERYWHERE & {route.get("DestinationCidrBlock"), route.get("DestinationIpv6CidrBlock")}
    ]


@pytest.mark.parametrize("kind", ["public", "private"])
def test_two_subnets_of_each_kind_in_distinct_zones(kind: str, cloud: Cloud, outputs: Outputs) -> None:
    found = subnets(cloud, outputs[f"{kind}SubnetIds"])
    assert len(found) == 2
    assert {subnet["AvailabilityZone"] for subnet in found} == set(outputs["availabilityZones"])
    assert {subnet["VpcId"] for subnet in found} == {outputs["vpcId"]}


def test_no_subnet_gives_out_public_addresses(cloud: Cloud, outputs: Outputs) -> None:
    found = subnets(cloud, outputs["publicSubnetIds"] + outputs["privateSubnetIds"])
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in found)


def test_public_subnets_lead_to_the_internet_gateway(cloud: Cloud, outputs: Outputs) -> None:
    for subnet in outputs["publicSubnetIds"]:
        (route,) = default_routes(cloud, subnet)
        assert route.get("GatewayId") == outputs["internetGatewayId"]


def test_private_subnets_lead_to_the_nat_gateway_only(cloud: Cloud, outputs: Outputs) -> None:
    for subnet in outputs["privateSubnetIds"]:
        (route,) = default_routes(cloud, subnet)
        assert route.get("NatGatewayId") == outputs["natGatewayId"]
        assert not route.get("GatewayId")


def test_one_nat_gateway_in_a_public_subnet(cloud: Cloud, outputs: Outputs) -> None:
    in_vpc = [{"Name": "vpc-id", "Values": [outputs["vpcId"]]}]
    found = cloud.client("ec2").describe_nat_gateways(Filters=in_vpc)["NatGateways"]
    (gateway,) = [gateway for gateway in found if gateway["State"] == "available"]
    assert gateway["NatGatewayId"] == outputs["natGatewayId"]
    assert gateway["SubnetId"] in outputs["publicSubnetIds"]


def test_internet_gateway_is_attached(cloud: Cloud, outputs: Outputs) -> None:
    found = cloud.client("ec2").describe_internet_gateways(InternetGatewayIds=[outputs["internetGatewayId"]])
    (attachment,) = found["InternetGateways"][0]["Attachments"]
    assert attachment["VpcId"] == outputs["vpcId"]


def test_network_carries_the_tags_and_names_of_its_environment(cloud: Cloud, outputs: Outputs) -> None:
    names = ("vpcId", "internetGatewayId", "natGatewayId", "publicRouteTableId", "privateRouteTableId")
    ids = [*(outputs[name] for name in names), *outputs["publicSubnetIds"], *outputs["privateSubnetIds"]]
    suffix = outputs["environmentSuffix"]
    for resource in ids:
        of_it = [{"Name": "resource-id", "Values": [resource]}]
        found = cloud.client("ec2").describe_tags(Filters=of_it)["Tags"]
        tags = {tag["Key"]: tag["Value"] for tag in found}
        assert (tags.get("Environment"), tags.get("Project")) == (suffix, "fastcart"), resource
        assert tags.get("Name", "").endswith(f"-{suffix}"), resource


def ingress(cloud: Cloud, group: str) -> list[dict[str, Any]]:
    (found,) = cloud.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    return found["IpPermissions"]


@pytest.mark.parametrize("store", ["database", "cache"])
def test_store_accepts_the_tasks_on_its_port_and_nobody_else(store: str, cloud: Cloud, outputs: Outputs) -> None:
    (rule,) = ingress(cloud, outputs[f"{store}SecurityGroupId"])
    port = outputs[f"{store}Port"]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", port, port)
    assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [outputs["serviceSecurityGroupId"]]
    assert not rule["IpRanges"] and not rule.get("Ipv6Ranges")


def test_tasks_accept_no_connections(cloud: Cloud, outputs: Outputs) -> None:
    assert ingress(cloud, outputs["serviceSecurityGroupId"]) == []


def test_default_security_group_is_closed(cloud: Cloud, outputs: Outputs) -> None:
    default = [
        {"Name": "vpc-id", "Values": [outputs["vpcId"]]},
        {"Name": "group-name", "Values": ["default"]},
    ]
    (group,) = cloud.client("ec2").describe_security_groups(Filters=default)["SecurityGroups"]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])
