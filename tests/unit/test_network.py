"""VPC, subnets, routes and security groups."""

import ipaddress

import pytest


def test_there_are_two_public_and_two_private_subnets_in_distinct_zones(applied):
    for kind in ("public", "private"):
        subnets = [applied.inputs("ec2/subnet:Subnet", f"fastcart-{kind}-{index}-dev") for index in (1, 2)]
        assert [subnet["availabilityZone"] for subnet in subnets] == ["eu-central-1a", "eu-central-1b"]
    assert len(applied.all("ec2/subnet:Subnet")) == 4


def test_subnet_blocks_are_in_the_vpc_and_apart(applied):
    vpc = ipaddress.IPv4Network(applied.inputs("ec2/vpc:Vpc")["cidrBlock"])
    blocks = [ipaddress.IPv4Network(subnet["inputs"]["cidrBlock"]) for subnet in applied.all("ec2/subnet:Subnet")]
    assert all(block.subnet_of(vpc) for block in blocks)
    assert not any(one.overlaps(other) for one in blocks for other in blocks if one is not other)


def test_no_subnet_hands_out_public_addresses(applied):
    assert not any(subnet["inputs"]["mapPublicIpOnLaunch"] for subnet in applied.all("ec2/subnet:Subnet"))


@pytest.mark.parametrize(
    "kind,target,gateway",
    [("public", "gatewayId", "ec2/internetGateway:InternetGateway"), ("private", "natGatewayId", "ec2/natGateway:NatGateway")],
)
def test_each_kind_of_subnet_has_its_way_to_the_internet(applied, kind, target, gateway):
    table = applied.one("ec2/routeTable:RouteTable", f"fastcart-{kind}-routes-dev")
    route = applied.inputs("ec2/route:Route", f"fastcart-{kind}-default-dev")
    assert route["destinationCidrBlock"] == "0.0.0.0/0"
    assert route["routeTableId"] == table["id"]
    assert route[target] == applied.one(gateway)["id"]
    for index in (1, 2):
        subnet = applied.one("ec2/subnet:Subnet", f"fastcart-{kind}-{index}-dev")
        association = applied.inputs(
            "ec2/routeTableAssociation:RouteTableAssociation", f"fastcart-{kind}-{index}-routes-dev"
        )
        assert association == {"routeTableId": table["id"], "subnetId": subnet["id"]}


def test_the_only_nat_gateway_stands_in_a_public_subnet(applied):
    nat = applied.one("ec2/natGateway:NatGateway")
    assert nat["inputs"]["subnetId"] == applied.one("ec2/subnet:Subnet", "fastcart-public-1-dev")["id"]
    assert any(urn.endswith("fastcart-igw-dev") for urn in nat["dependencies"])


def test_the_default_security_group_allows_nothing(applied):
    group = applied.inputs("ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert not group.get("ingress") and not group.get("egress")


@pytest.mark.parametrize("store,port", [("database", 5432), ("cache", 6379)])
def test_a_store_lets_only_the_tasks_in_and_only_on_its_port(applied, store, port):
    group = applied.one("ec2/securityGroup:SecurityGroup", f"fastcart-{store}-sg-dev")["id"]
    tasks = applied.one("ec2/securityGroup:SecurityGroup", "fastcart-service-sg-dev")["id"]
    rules = [
        rule["inputs"]
        for rule in applied.all("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if rule["inputs"]["securityGroupId"] == group
    ]
    assert len(rules) == 1
    assert (rules[0]["fromPort"], rules[0]["toPort"], rules[0]["ipProtocol"]) == (port, port, "tcp")
    assert rules[0]["referencedSecurityGroupId"] == tasks
    assert "cidrIpv4" not in rules[0]


def test_nothing_reaches_the_tasks_and_they_reach_only_what_they_need(applied):
    tasks = applied.one("ec2/securityGroup:SecurityGroup", "fastcart-service-sg-dev")["id"]
    ingress = applied.all("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    egress = applied.all("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert not any(rule["inputs"]["securityGroupId"] == tasks for rule in ingress)
    assert sorted(rule["inputs"]["fromPort"] for rule in egress) == [443, 5432, 6379]
    assert all(rule["inputs"]["securityGroupId"] == tasks for rule in egress)


RULES = [
    ("Ingress", "database-from-service", "database", "service", 5432),
    ("Ingress", "cache-from-service", "cache", "service", 6379),
    ("Egress", "service-to-database", "service", "database", 5432),
    ("Egress", "service-to-cache", "service", "cache", 6379),
]


@pytest.mark.parametrize("direction,name,group,other,port", RULES, ids=[name for _, name, *_ in RULES])
def test_a_rule_leads_from_the_one_group_to_the_other_alone(applied, direction, name, group, other, port):
    def group_id(part):
        return applied.one("ec2/securityGroup:SecurityGroup", f"fastcart-{part}-sg-dev")["id"]

    rule = applied.inputs(f"SecurityGroup{direction}Rule", f"fastcart-{name}-dev")
    assert (rule["securityGroupId"], rule["referencedSecurityGroupId"]) == (group_id(group), group_id(other))
    assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", port, port)
    assert not {"cidrIpv4", "cidrIpv6", "prefixListId"} & set(rule)


def test_only_https_leads_everywhere(applied):
    rules = [*applied.all("SecurityGroupIngressRule"), *applied.all("SecurityGroupEgressRule")]
    (everywhere,) = [rule for rule in rules if "referencedSecurityGroupId" not in rule["inputs"]]
    assert everywhere["name"] == "fastcart-service-to-https-dev"
    rule = everywhere["inputs"]
    assert (rule["cidrIpv4"], rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("0.0.0.0/0", "tcp", 443, 443)


def test_no_group_has_inline_rules(applied):
    for group in applied.all("ec2/securityGroup:SecurityGroup"):
        assert "ingress" not in group["inputs"] and "egress" not in group["inputs"]


def test_endpoints_are_made_only_when_asked_for(applied, everything_on):
    assert not applied.all("VpcEndpoint")
    services = {endpoint["inputs"]["serviceName"].split(".", 3)[3] for endpoint in everything_on.all("VpcEndpoint")}
    assert services == {"s3", "kinesis-streams", "secretsmanager", "logs", "kms", "ecr.api", "ecr.dkr"}


def test_endpoints_accept_https_from_the_tasks(everything_on):
    rule = everything_on.inputs(
        "vpc/securityGroupIngressRule:SecurityGroupIngressRule", "fastcart-endpoints-from-service-prod"
    )
    tasks = everything_on.one("ec2/securityGroup:SecurityGroup", "fastcart-service-sg-prod")["id"]
    assert (rule["fromPort"], rule["toPort"], rule["referencedSecurityGroupId"]) == (443, 443, tasks)
