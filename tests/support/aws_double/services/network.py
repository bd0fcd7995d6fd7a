"""VPC, subnets, gateways, addresses, routes and VPC endpoints."""

from __future__ import annotations

from typing import Any

from ..aws import Aws, present
from ..kind import Kind, Missing, update
from ..wire import Props
from .ec2 import TAGS, alive, only, tagged, tags_of


# --- VPC ---------------------------------------------------------------------


def _create_vpc(aws: Aws, props: Props) -> str:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(
        CidrBlock=props["cidrBlock"],
        InstanceTenancy=props["instanceTenancy"],
        TagSpecifications=tagged("vpc", props),
    )["Vpc"]
    _set_dns(aws, vpc["VpcId"], {}, props)
    return vpc["VpcId"]


def _set_dns(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    ec2 = aws.client("ec2")
    ec2.modify_vpc_attribute(VpcId=identity, EnableDnsSupport={"Value": new["enableDnsSupport"]})
    ec2.modify_vpc_attribute(VpcId=identity, EnableDnsHostnames={"Value": new.get("enableDnsHostnames", False)})


def _read_vpc(aws: Aws, identity: str, _state: Props) -> Props:
    ec2 = aws.client("ec2")
    vpc = only(ec2.describe_vpcs(VpcIds=[identity])["Vpcs"])
    in_vpc = [{"Name": "vpc-id", "Values": [identity]}]
    main = [*in_vpc, {"Name": "association.main", "Values": ["true"]}]
    tables = ec2.describe_route_tables(Filters=main)["RouteTables"]
    acls = ec2.describe_network_acls(Filters=[*in_vpc, {"Name": "default", "Values": ["true"]}])["NetworkAcls"]
    named_default = [*in_vpc, {"Name": "group-name", "Values": ["default"]}]
    groups = ec2.describe_security_groups(Filters=named_default)["SecurityGroups"]

    def attribute(name: str, key: str) -> bool:
        return ec2.describe_vpc_attribute(VpcId=identity, Attribute=name)[key]["Value"]

    return {
        "arn": aws.arn("ec2", f"vpc/{identity}"),
        "cidrBlock": vpc["CidrBlock"],
        "instanceTenancy": vpc["InstanceTenancy"],
        "enableDnsSupport": attribute("enableDnsSupport", "EnableDnsSupport"),
        "enableDnsHostnames": attribute("enableDnsHostnames", "EnableDnsHostnames"),
        "enableNetworkAddressUsageMetrics": False,
        "dhcpOptionsId": vpc.get("DhcpOptionsId", "dopt-00000000"),
        "mainRouteTableId": tables[0]["RouteTableId"],
        "defaultRouteTableId": tables[0]["RouteTableId"],
        "defaultNetworkAclId": acls[0]["NetworkAclId"] if acls else "",
        "defaultSecurityGroupId": groups[0]["GroupId"] if groups else "",
        "ipv6AssociationId": "",
        "ipv6CidrBlock": "",
        "ipv6CidrBlockNetworkBorderGroup": "",
        "ownerId": vpc["OwnerId"],
        "tagsAll": tags_of(vpc),
    }


def _delete_vpc(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("ec2").delete_vpc(VpcId=identity)


# --- Subnet ------------------------------------------------------------------


def _create_subnet(aws: Aws, props: Props) -> str:
    subnet = aws.client("ec2").create_subnet(
        VpcId=props["vpcId"],
        CidrBlock=props["cidrBlock"],
        TagSpecifications=tagged("subnet", props),
        **present(AvailabilityZone=props.get("availabilityZone")),
    )["Subnet"]
    if props["mapPublicIpOnLaunch"]:
        _map_public_ip(aws, subnet["SubnetId"], {}, props)
    return subnet["SubnetId"]


def _map_public_ip(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("ec2").modify_subnet_attribute(
        SubnetId=identity, MapPublicIpOnLaunch={"Value": new["mapPublicIpOnLaunch"]}
    )


def _read_subnet(aws: Aws, identity: str, _state: Props) -> Props:
    subnet = only(aws.client("ec2").describe_subnets(SubnetIds=[identity])["Subnets"])
    return {
        "arn": aws.arn("ec2", f"subnet/{identity}"),
        "vpcId": subnet["VpcId"],
        "cidrBlock": subnet["CidrBlock"],
        "availabilityZone": subnet["AvailabilityZone"],
        "availabilityZoneId": subnet.get("AvailabilityZoneId", ""),
        "mapPublicIpOnLaunch": subnet["MapPublicIpOnLaunch"],
        "ipv6CidrBlockAssociationId": "",
        "ownerId": subnet["OwnerId"],
        "privateDnsHostnameTypeOnLaunch": "ip-name",
        "tagsAll": tags_of(subnet),
    }


def _delete_subnet(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("ec2").delete_subnet(SubnetId=identity)


# --- Internet gateway --------------------------------------------------------


def _create_internet_gateway(aws: Aws, props: Props) -> str:
    ec2 = aws.client("ec2")
    made = ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway", props))["InternetGateway"]
    _attach(aws, made["InternetGatewayId"], {}, props)
    return made["InternetGatewayId"]


def _attach(aws: Aws, identity: str, old: Props, new: Props) -> None:
    ec2 = aws.client("ec2")
    if old.get("vpcId"):
        ec2.detach_internet_gateway(InternetGatewayId=identity, VpcId=old["vpcId"])
    if new.get("vpcId"):
        ec2.attach_internet_gateway(InternetGatewayId=identity, VpcId=new["vpcId"])


def _read_internet_gateway(aws: Aws, identity: str, _state: Props) -> Props:
    found = aws.client("ec2").describe_internet_gateways(InternetGatewayIds=[identity])["InternetGateways"]
    gateway = only(found)
    attachments = gateway.get("Attachments") or [{}]
    return {
        "arn": aws.arn("ec2", f"internet-gateway/{identity}"),
        "ownerId": gateway["OwnerId"],
        "vpcId": attachments[0].get("VpcId", ""),
        "tagsAll": tags_of(gateway),
    }


def _delete_internet_gateway(aws: Aws, identity: str, state: Props) -> None:
    _attach(aws, identity, state, {})
    aws.client("ec2").delete_internet_gateway(InternetGatewayId=identity)


# --- Elastic IP --------------------------------------------------------------


def _create_address(aws: Aws, props: Props) -> str:
    made = aws.client("ec2").allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", props))
    return made["AllocationId"]


def _read_address(aws: Aws, identity: str, _state: Props) -> Props:
    address = only(aws.client("ec2").describe_addresses(AllocationIds=[identity])["Addresses"])
    public = address["PublicIp"]
    return {
        "arn": aws.arn("ec2", f"elastic-ip/{identity}"),
        "allocationId": identity,
        "associationId": address.get("AssociationId", ""),
        "carrierIp": "",
        "customerOwnedIp": "",
        "domain": address["Domain"],
        "instance": "",
        "networkBorderGroup": aws.region,
        "networkInterface": address.get("NetworkInterfaceId", ""),
        "privateDns": "",
        "privateIp": address.get("PrivateIpAddress", ""),
        "ptrRecord": "",
        "publicDns": f"ec2-{public.replace('.', '-')}.{aws.region}.compute.amazonaws.com",
        "publicIp": public,
        "publicIpv4Pool": "amazon",
        "tagsAll": tags_of(address),
    }


def _delete_address(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("ec2").release_address(AllocationId=identity)


# --- NAT gateway -------------------------------------------------------------


def _create_nat_gateway(aws: Aws, props: Props) -> str:
    made = aws.client("ec2").create_nat_gateway(
        SubnetId=props["subnetId"],
        TagSpecifications=tagged("natgateway", props),
        **present(AllocationId=props.get("allocationId"), ConnectivityType=props.get("connectivityType")),
    )
    return made["NatGateway"]["NatGatewayId"]


def _read_nat_gateway(aws: Aws, identity: str, _state: Props) -> Props:
    gateway = alive(aws.client("ec2").describe_nat_gateways(NatGatewayIds=[identity])["NatGateways"])
    address = (gateway.get("NatGatewayAddresses") or [{}])[0]
    return {
        "allocationId": address.get("AllocationId"),
        "associationId": address.get("AssociationId", ""),
        "availabilityMode": "zonal",
        "connectivityType": gateway.get("ConnectivityType", "public"),
        "networkInterfaceId": address.get("NetworkInterfaceId", ""),
        "privateIp": address.get("PrivateIp", ""),
        "publicIp": address.get("PublicIp", ""),
        "secondaryAllocationIds": [],
        "secondaryPrivateIpAddressCount": 0,
        "secondaryPrivateIpAddresses": [],
        "subnetId": gateway["SubnetId"],
        "vpcId": gateway["VpcId"],
        "tagsAll": tags_of(gateway),
    }


def _delete_nat_gateway(aws: Aws, identity: str, state: Props) -> None:
    ec2 = aws.client("ec2")
    ec2.delete_nat_gateway(NatGatewayId=identity)
    if state.get("networkInterfaceId"):  # goes with the gateway; moto keeps it
        ec2.delete_network_interface(NetworkInterfaceId=state["networkInterfaceId"])


# --- Route table, routes, associations ---------------------------------------


def _create_route_table(aws: Aws, props: Props) -> str:
    made = aws.client("ec2").create_route_table(
        VpcId=props["vpcId"], TagSpecifications=tagged("route-table", props)
    )
    return made["RouteTable"]["RouteTableId"]


def _route_table(aws: Aws, identity: str) -> dict[str, Any]:
    return only(aws.client("ec2").describe_route_tables(RouteTableIds=[identity])["RouteTables"])


def _read_route_table(aws: Aws, identity: str, _state: Props) -> Props:
    table = _route_table(aws, identity)
    routes = [route for route in table["Routes"] if route.get("GatewayId") != "local"]
    return {
        "arn": aws.arn("ec2", f"route-table/{identity}"),
        "ownerId": table["OwnerId"],
        "propagatingVgws": [],
        "routes": [_inline_route(route) for route in routes],
        "vpcId": table["VpcId"],
        "tagsAll": tags_of(table),
    }


def _inline_route(route: dict[str, Any]) -> Props:
    return {
        "cidrBlock": route.get("DestinationCidrBlock", ""),
        "ipv6CidrBlock": route.get("DestinationIpv6CidrBlock", ""),
        "gatewayId": route.get("GatewayId", ""),
        "natGatewayId": route.get("NatGatewayId", ""),
    }


def _delete_route_table(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("ec2").delete_route_table(RouteTableId=identity)


_TARGETS = {
    "gatewayId": "GatewayId",
    "natGatewayId": "NatGatewayId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "transitGatewayId": "TransitGatewayId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
    "vpcEndpointId": "VpcEndpointId",
}
"""Where a route can lead: Pulumi's name and the API's."""


def _destination(props: Props) -> dict[str, Any]:
    return present(
        DestinationCidrBlock=props.get("destinationCidrBlock"),
        DestinationIpv6CidrBlock=props.get("destinationIpv6CidrBlock"),
    )


def _target(props: Props) -> dict[str, Any]:
    return {api: props[name] for name, api in _TARGETS.items() if props.get(name)}


def _create_route(aws: Aws, props: Props) -> str:
    table = props["routeTableId"]
    aws.client("ec2").create_route(RouteTableId=table, **_destination(props), **_target(props))
    place = props.get("destinationCidrBlock") or props.get("destinationIpv6CidrBlock")
    return f"r-{table}{sum(place.encode()):010d}"


def _read_route(aws: Aws, _identity: str, state: Props) -> Props:
    wanted = _destination(state)
    for route in _route_table(aws, state["routeTableId"])["Routes"]:
        if wanted.items() <= route.items():
            targets = {name: route.get(api, "") for name, api in _TARGETS.items()}
            return {**targets, "instanceId": "", "instanceOwnerId": "", "origin": "CreateRoute", "state": "active"}
    raise Missing


def _retarget_route(aws: Aws, _identity: str, _old: Props, new: Props) -> None:
    aws.client("ec2").replace_route(RouteTableId=new["routeTableId"], **_destination(new), **_target(new))


def _delete_route(aws: Aws, _identity: str, state: Props) -> None:
    aws.client("ec2").delete_route(RouteTableId=state["routeTableId"], **_destination(state))


def _create_association(aws: Aws, props: Props) -> str:
    made = aws.client("ec2").associate_route_table(
        RouteTableId=props["routeTableId"], **present(SubnetId=props.get("subnetId"), GatewayId=props.get("gatewayId"))
    )
    return made["AssociationId"]


def _read_association(aws: Aws, identity: str, _state: Props) -> Props:
    by_id = [{"Name": "association.route-table-association-id", "Values": [identity]}]
    table = only(aws.client("ec2").describe_route_tables(Filters=by_id)["RouteTables"])
    entry = only([a for a in table["Associations"] if a["RouteTableAssociationId"] == identity])
    return {"routeTableId": table["RouteTableId"], "subnetId": entry.get("SubnetId")}


def _delete_association(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("ec2").disassociate_route_table(AssociationId=identity)


# --- VPC endpoint ------------------------------------------------------------


def _create_endpoint(aws: Aws, props: Props) -> str:
    made = aws.client("ec2").create_vpc_endpoint(
        VpcId=props["vpcId"],
        ServiceName=props["serviceName"],
        VpcEndpointType=props["vpcEndpointType"],
        TagSpecifications=tagged("vpc-endpoint", props),
        **present(
            SubnetIds=props.get("subnetIds"),
            SecurityGroupIds=props.get("securityGroupIds"),
            RouteTableIds=props.get("routeTableIds"),
            PrivateDnsEnabled=props.get("privateDnsEnabled"),
            PolicyDocument=props.get("policy"),
        ),
    )
    return made["VpcEndpoint"]["VpcEndpointId"]


def _read_endpoint(aws: Aws, identity: str, state: Props) -> Props:
    endpoint = alive(aws.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[identity])["VpcEndpoints"])
    return {
        "arn": aws.arn("ec2", f"vpc-endpoint/{identity}"),
        "cidrBlocks": [],
        "dnsEntries": [],
        "dnsOptions": {"dnsRecordIpType": "ipv4"},
        "ipAddressType": "ipv4",
        "networkInterfaceIds": endpoint.get("NetworkInterfaceIds", []),
        "ownerId": endpoint.get("OwnerId", ""),
        "policy": state.get("policy") or '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}',
        "prefixListId": "",
        "privateDnsEnabled": endpoint.get("PrivateDnsEnabled", False),
        "requesterManaged": False,
        "routeTableIds": endpoint.get("RouteTableIds", []),
        "securityGroupIds": state.get("securityGroupIds") or [group["GroupId"] for group in endpoint.get("Groups", [])],
        "serviceName": endpoint["ServiceName"],
        "serviceRegion": aws.region,
        "state": endpoint["State"],
        "subnetConfigurations": [],
        "subnetIds": endpoint.get("SubnetIds", []),
        "vpcEndpointType": endpoint["VpcEndpointType"],
        "vpcId": endpoint["VpcId"],
        "tagsAll": tags_of(endpoint),
    }


def _delete_endpoint(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[identity])


KINDS = (
    Kind(
        token="aws:ec2/vpc:Vpc",
        create=_create_vpc,
        read=_read_vpc,
        delete=_delete_vpc,
        updates=(update("enableDnsSupport", "enableDnsHostnames", apply=_set_dns), TAGS),
        replaced_by=frozenset({"cidrBlock", "region", "ipv4IpamPoolId"}),
        defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
    ),
    Kind(
        token="aws:ec2/subnet:Subnet",
        create=_create_subnet,
        read=_read_subnet,
        delete=_delete_subnet,
        updates=(update("mapPublicIpOnLaunch", apply=_map_public_ip), TAGS),
        replaced_by=frozenset({"vpcId", "cidrBlock", "availabilityZone", "region"}),
        defaults={
            "assignIpv6AddressOnCreation": False,
            "enableDns64": False,
            "enableResourceNameDnsARecordOnLaunch": False,
            "enableResourceNameDnsAaaaRecordOnLaunch": False,
            "mapPublicIpOnLaunch": False,
        },
    ),
    Kind(
        token="aws:ec2/internetGateway:InternetGateway",
        create=_create_internet_gateway,
        read=_read_internet_gateway,
        delete=_delete_internet_gateway,
        updates=(update("vpcId", apply=_attach), TAGS),
        replaced_by=frozenset({"region"}),
    ),
    Kind(
        token="aws:ec2/eip:Eip",
        create=_create_address,
        read=_read_address,
        delete=_delete_address,
        updates=(TAGS,),
        replaced_by=frozenset({"domain", "region"}),
    ),
    Kind(
        token="aws:ec2/natGateway:NatGateway",
        create=_create_nat_gateway,
        read=_read_nat_gateway,
        delete=_delete_nat_gateway,
        updates=(TAGS,),
        replaced_by=frozenset({"subnetId", "allocationId", "connectivityType", "privateIp", "region"}),
        defaults={"connectivityType": "public"},
    ),
    Kind(
        token="aws:ec2/routeTable:RouteTable",
        create=_create_route_table,
        read=_read_route_table,
        delete=_delete_route_table,
        updates=(TAGS,),
        replaced_by=frozenset({"vpcId", "region"}),
    ),
    Kind(
        token="aws:ec2/route:Route",
        create=_create_route,
        read=_read_route,
        delete=_delete_route,
        updates=(update(*_TARGETS, apply=_retarget_route),),
        replaced_by=frozenset({"routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "region"}),
        delete_first=True,
    ),
    Kind(
        token="aws:ec2/routeTableAssociation:RouteTableAssociation",
        create=_create_association,
        read=_read_association,
        delete=_delete_association,
        replaced_by=frozenset({"subnetId", "gatewayId", "routeTableId", "region"}),
        delete_first=True,
    ),
    Kind(
        token="aws:ec2/vpcEndpoint:VpcEndpoint",
        create=_create_endpoint,
        read=_read_endpoint,
        delete=_delete_endpoint,
        updates=(TAGS,),
        replaced_by=frozenset(
            {"vpcId", "serviceName", "vpcEndpointType", "subnetIds", "securityGroupIds", "routeTableIds", "region"}
        ),
        defaults={"vpcEndpointType": "Gateway"},
    ),
)
