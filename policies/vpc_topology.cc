#include <span>

#include "policies/aws/targets.h"
#include "policies/aws/topology.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

Text NameOf(const Resource* r) { return Text::Name(*r); }

Text Names(std::span<const Resource* const> resources) { return JoinFew(resources, NameOf); }

Text OpenSubnets(const Topology& shape) {
  const std::span<const Resource* const> first = shape.open_subnets;
  if (shape.more_open_subnets == 0) return Names(first);
  const auto more = static_cast<double>(first.size() - Topology::kNamed + shape.more_open_subnets);
  return JoinText(first.first(Topology::kNamed), NameOf) + " (and " + Text::Number(more) + " more)";
}

// The judgement of one VPC.
class Judgement {
 public:
  Judgement(const Topology& shape, bool partial, Sink out) : shape_(shape), partial_(partial), out_(out) {}

  void Run() {
    Subnets("public", shape_.public_subnets, "has a route to the internet gateway.");
    Subnets("private", shape_.private_subnets, "has no route to an internet gateway.");
    Gateways(shape_.internet_gateways, "internet gateway", "one internet gateway attached",
             "attach one aws.ec2.InternetGateway, with vpc_id=vpc.id, and no other.");
    Gateways(shape_.nat_gateways, "NAT gateway", kOneNat, kOneNatFix);
    if (shape_.nat_gateways.certain.size() == 1) NatGateway(*shape_.nat_gateways.certain.front());
  }

 private:
  static constexpr char kOneNat[] = "exactly one NAT gateway, in a public subnet";
  static constexpr char kOneNatFix[] = "have one aws.ec2.NatGateway with the subnet_id of a public subnet, and no other.";

  void Wrong(Text found, Text wanted, Text fix) { out_.Violation(Path(), std::move(found), std::move(wanted), std::move(fix)); }
  void Open(Text wanted, Text why) {
    if (partial_) return out_.Missing("every VPC to have public and private subnets, and one gateway of each kind");
    out_.Undecided({{}, {}}, std::move(wanted), std::move(why));
  }

  void Subnets(const Text& kind, const ZonedSubnets& has, Text fix) {
    if (has.subnets.size() >= 2 && has.zones >= 2) return;
    const Text wanted = Text("at least 2 ") + kind + " subnets, in at least 2 zones";
    fix = Text("add an aws.ec2.Subnet in another zone, whose route table ") + fix;
    const bool few = has.subnets.size() + shape_.open_subnets.size() < 2, more = !shape_.open_subnets.empty();
    if (partial_ || (more && !few)) return Open(wanted, Text("the routes of ") + OpenSubnets(shape_) + " are not known");
    if (few && has.subnets.empty()) return Wrong(Text("has no ") + kind + " subnet", wanted, fix);
    if (few) return Wrong(Text("has one ") + kind + " subnet, " + Names(has.subnets), wanted, fix);
    if (has.open) return Open(wanted, Text("the zones of ") + Names(has.subnets) + " are not all known");
    Wrong(Text("has its ") + kind + " subnets " + Names(has.subnets) + " in one zone", wanted, fix);
  }

  void Gateways(const Members& has, const Text& kind, const Text& wanted, const Text& fix) {
    if (has.certain.size() > 1) return Wrong(Text("has several ") + kind + "s, " + Names(has.certain), wanted, fix);
    const bool more = !has.perhaps.empty() || partial_;
    if (has.certain.empty() && !more) return Wrong(Text("has no ") + kind, wanted, fix);
    if (more) Open(wanted, Text("the VPC of ") + Names(has.perhaps) + " is not known");
  }

  void NatGateway(const Resource& nat) {
    const auto& in = shape_.nat_subnets;
    const Text place = in.empty() ? Text("no subnet of its own") : Names(in) + ", which is not public";
    if (shape_.nat_place == Exposure::kPrivate)
      Wrong(Text("has its NAT gateway ") + Text::Name(nat) + " in " + place, kOneNat, kOneNatFix);
    if (shape_.nat_place == Exposure::kUnknown)
      Open(kOneNat, Text("whether ") + Text::Name(nat) + " stands in a public subnet is not known");
    const Text wanted = Text("0.0.0.0/0 of every private subnet to lead to ") + Text::Name(nat);
    if (!shape_.astray.empty())
      return Wrong(Text("has private subnets without a default route to its NAT gateway, ") + Names(shape_.astray), wanted,
                   "give their route table an aws.ec2.Route with destination_cidr_block=\"0.0.0.0/0\" and "
                   "nat_gateway_id=nat.id.");
    if (!shape_.adrift.empty()) Open(wanted, Text("where the default route of ") + Names(shape_.adrift) + " leads is not known");
  }

  const Topology& shape_;
  const bool partial_;
  Sink out_;
};

class VpcTopology final : public Rule {
 public:
  void CheckStack(const Stack& stack, Sink& out) const override {
    for (const Resource* vpc : stack.OfTypes(kVpcs)) {
      if (vpc->external) continue;
      Sink of_vpc = out.On(vpc);
      const Topology shape = TopologyOf(stack, *vpc);
      if (shape.empty() && vpc->type == "aws:ec2/defaultVpc:DefaultVpc") {
        of_vpc.NotApplicable("it is the account's default VPC, and nothing of the stack stands in it");
      } else {
        of_vpc.Judged();
        Judgement(shape, stack.facts().partial, of_vpc).Run();
      }
    }
  }
};

}  // namespace

const Guardrail kVpcTopology{
    .name = "vpc-topology",
    .display_name = "VPCs have public and private subnets, and one way out",
    .severity = Severity::kHigh,
    .scope = Scope::kStack,
    .types = {"aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc", "aws-native:ec2:Vpc"},
    .subject = "VPC",
    .description =
        "A VPC has at least two public and two private subnets, each kind in at least two availability zones, one "
        "internet gateway, and exactly one NAT gateway: in a public subnet, and the default route of every private "
        "subnet leads to it. Public and private are proved by routes alone. A private NAT gateway (one that does not "
        "reach the internet) does not count; the account's default VPC is judged once the stack puts something in it.",
    .why = "One zone that fails must not take the shop down, and workloads in private subnets reach the internet "
           "through one watched, paid-for door.",
    .how_to_fix = "Make one public and one private `aws.ec2.Subnet` in each of two zones, an `aws.ec2.InternetGateway` "
                  "as the default route of the public ones, and one `aws.ec2.NatGateway` in a public subnet as the "
                  "default route of the private ones.",
    .undecided = "Subnets, routes or gateways whose VPC, zone or target only the update knows and no dependency tells: "
                 "for example a zone that AWS picks, or a route table outside the stack.",
    .failing = R"py(
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc-dev", cidr_block="10.0.0.0/16")
gateway = aws.ec2.InternetGateway("igw-dev", vpc_id=vpc.id)
)py",
    .passing = R"py(
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc-dev", cidr_block="10.0.0.0/16")
gateway = aws.ec2.InternetGateway("igw-dev", vpc_id=vpc.id)
out = {"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}
for kind in ("public", "private"):
    routes = aws.ec2.RouteTable(f"{kind}-dev", vpc_id=vpc.id, routes=[out])
    for zone, number in (("eu-central-1a", 1), ("eu-central-1b", 2)):
        block = f"10.0.{number + (10 if kind == 'private' else 0)}.0/24"
        subnet = aws.ec2.Subnet(f"{kind}-{number}-dev", vpc_id=vpc.id, cidr_block=block, availability_zone=zone)
        aws.ec2.RouteTableAssociation(f"{kind}-{number}-dev", subnet_id=subnet.id, route_table_id=routes.id)
    if kind == "public":
        nat = aws.ec2.NatGateway("nat-dev", subnet_id=subnet.id, connectivity_type="public")
        out = {"cidr_block": "0.0.0.0/0", "nat_gateway_id": nat.id}
)py",
    .url = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-example-private-subnets-nat.html",
    .make = Make<VpcTopology>,
};

}  // namespace fastcart
