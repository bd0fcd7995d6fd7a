#include <string>
#include <vector>

#include "analyzer/model/references.h"
#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"
#include "policies/aws/ecs_services.h"
#include "policies/aws/private_subnets.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

class EcsPrivateSubnets final : public Rule {
 public:
  explicit EcsPrivateSubnets(const Config& config) : private_subnets_(config.Strings("privateSubnetIds")) {}

  void CheckResource(const Subject& service, Sink& out) const override {
    const EcsNetwork network = NetworkOf(service.stack, service.resource);
    if (HasTaskSets(service.stack, service.resource)) {
      if (IsSet(network.public_ip)) return JudgeAddress(network, out);  // wrong, whatever its task sets say
      return out.NotApplicable("its deployment controller is EXTERNAL: its task sets are judged instead");
    }
    JudgeAddress(network, out);
    JudgeLaunch(LaunchOf(service.stack, service.resource), out);
  }

  void CheckStack(const Stack& stack, Sink& out) const override {
    for (const Resource* service : stack.OfTypes(kServicesAndTaskSets)) {
      const EcsNetwork network = NetworkOf(stack, *service);
      if (service->external || HasTaskSets(stack, *service) || network.configuration.absent()) continue;
      Sink of_service = out.On(service);
      of_service.Judged();
      JudgeWhere(JudgeSubnets(stack, *service, network.subnets, private_subnets_), network.subnets, of_service);
    }
  }

  void Remediate(const Subject& service, Remedy& out) const override {
    const EcsNetwork network = NetworkOf(service.stack, service.resource);
    const Value& now = network.public_ip.value();
    const NewValue off = network.in_words ? NewValue(std::string("DISABLED")) : NewValue(false);
    const Value is_off = network.in_words ? Value::String("DISABLED") : Value::Bool(false);
    if (now.known() && !SameKnown(now, is_off)) out.Set(network.public_ip.path(), off, "tasks get no public address");
  }

 private:
  static void JudgeAddress(const EcsNetwork& network, Sink& out) {
    const Text fix = "set assign_public_ip to False (DISABLED in aws-native) in network_configuration.";
    if (network.configuration.absent())
      return out.Violation(network.configuration, "a network in private subnets, without public addresses",
                           "set network_configuration={\"subnets\": [...], \"security_groups\": [...]}.");
    if (network.in_words) {
      RequireText(out, network.public_ip, "DISABLED", "DISABLED", fix);
    } else {
      RequireFalse(out, network.public_ip, AwsUses::kFalse, fix);
    }
  }

  static void JudgeLaunch(const Launch& launch, Sink& out) {
    const Text wanted = "FARGATE", fix = "set launch_type=\"FARGATE\", or name no capacity providers but FARGATE and FARGATE_SPOT.";
    if (launch.on == Launch::On::kOther && launch.found) return out.Violation(launch.at.path(), *launch.found, wanted, fix);
    if (launch.on == Launch::On::kOther) return out.Violation(launch.at, wanted, fix);
    if (launch.on == Launch::On::kFargate) return;
    if (launch.missing) return out.Missing("every ECS service on Fargate, in private subnets");
    launch.why.empty() ? out.Undecided(launch.at, wanted) : out.Undecided(launch.at, wanted, launch.why);
  }

  static void JudgeWhere(const SubnetsVerdict& subnets, const Property& at, Sink& out) {
    const Text wanted = "private subnets only";
    const Text fix =
        "pass the ids of subnets whose route table has no route to an internet gateway, as "
        "network_configuration={\"subnets\": [...]}.";
    if (subnets.none) return out.Violation(at, wanted, fix);
    if (!subnets.wrong.empty()) return out.Violation(at.path(), Text("holds ") + subnets.wrong, wanted, fix);
    if (subnets.missing) return out.Missing("every ECS service on Fargate, in private subnets");
    if (!subnets.open.empty()) out.Undecided(at, wanted, Text("it holds ") + subnets.open);
  }

  const std::vector<std::string> private_subnets_;
};

}  // namespace

const Guardrail kEcsPrivateSubnets{
    .name = "ecs-private-subnets",
    .display_name = "ECS services run in private subnets",
    .severity = Severity::kCritical,
    .scope = Scope::kBoth,
    .types = {"aws:ecs/service:Service", "aws:ecs/taskSet:TaskSet", "aws-native:ecs:Service", "aws-native:ecs:TaskSet"},
    .subject = "ECS service",
    .description =
        "An ECS service runs on Fargate (by its launch type, its capacity provider strategy, or its cluster's default "
        "one), gives its tasks no public addresses, and stands in private subnets only. A subnet is private when no "
        "route of its effective route table (of its association, else the VPC's main one) leads to an internet "
        "gateway and it gives no public addresses on launch. Of a service with an EXTERNAL deployment controller the "
        "task sets are judged.",
    .why = "A task that the internet can reach is one forgotten port away from an intruder; behind a NAT gateway it "
           "can call out and nobody can call in.",
    .how_to_fix = "On the `aws.ecs.Service` set `launch_type=\"FARGATE\"` and `network_configuration={\"subnets\": "
                  "[subnet.id for subnet in private_subnets], \"security_groups\": [group.id]}`, with subnets whose "
                  "route table sends `0.0.0.0/0` to a NAT gateway. Name private subnets outside the stack in "
                  "`privateSubnetIds`.",
    .undecided = "Subnets outside the stack that `privateSubnetIds` does not list, and routes, associations or subnets "
                 "whose ids come from where the graph cannot tell which resource is meant (one of several, or none of "
                 "the stack): only the update shows their ids. A cluster outside the stack, for a service without a "
                 "launch type.",
    .failing = R"py(
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc-dev", cidr_block="10.0.0.0/16")
gateway = aws.ec2.InternetGateway("igw-dev", vpc_id=vpc.id)
subnet = aws.ec2.Subnet("tasks-dev", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
routes = aws.ec2.RouteTable("routes-dev", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}])
aws.ec2.RouteTableAssociation("tasks-routes-dev", subnet_id=subnet.id, route_table_id=routes.id)
aws.ecs.Service("orders-dev", launch_type="FARGATE", network_configuration={"subnets": [subnet.id]})
)py",
    .passing = R"py(
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc-dev", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("tasks-dev", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
routes = aws.ec2.RouteTable("routes-dev", vpc_id=vpc.id)
aws.ec2.RouteTableAssociation("tasks-routes-dev", subnet_id=subnet.id, route_table_id=routes.id)
aws.ecs.Service("orders-dev", launch_type="FARGATE", network_configuration={"subnets": [subnet.id]})
)py",
    .url = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-network.html",
    .controls = {Fsbp("ECS.2"), Fsbp("ECS.16"), Fsbp("EC2.15"), Pci("1.4.4"), Checkov("CKV_AWS_333"), Checkov("CKV_AWS_130")},
    .config = {{.name = "privateSubnetIds",
                .type = ConfigKey::Type::kStrings,
                .default_json = "[]",
                .description = "Ids of subnets outside the stack that are private.",
                .may_be_empty = true}},
    .remediates = true,
    .make = Make<EcsPrivateSubnets>,
};

}  // namespace fastcart
