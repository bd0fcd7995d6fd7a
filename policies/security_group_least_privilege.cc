#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "policies/aws/open_together.h"
#include "policies/aws/own_groups.h"
#include "policies/aws/security_groups.h"
#include "policies/aws/store_rules.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;
using Breadth = Ports::Breadth;

class SecurityGroupLeastPrivilege final : public Rule {
 public:
  explicit SecurityGroupLeastPrivilege(const Config& config) : allow_self_(config.Boolean("allowSelfIngress")) {
    for (const int port : config.Integers("publicPorts")) public_ports_.insert(port);
  }

  void CheckResource(const Subject& subject, Sink& out) const override {
    const IngressList list = IngressOf(subject.stack, subject.resource);
    if (list.egress) return out.NotApplicable("it lets traffic out; only what it lets in is judged");
    if (list.wrong) out.Violation(*list.wrong, "a list of rules", "set ingress to a list of rules.");
    if (list.open) out.Undecided(*list.open, "no ingress from the internet, and none on all ports");
    for (const Ingress& ingress : list.rules) Judge(subject.stack, ingress, out);
    JudgeTogether(list.rules, out);
  }

  void CheckStack(const Stack& stack, Sink& out) const override {
    const auto& groups = stack.Knowledge<SecurityGroups>();
    for (const GroupUser& user : groups.users()) {
      Sink of_user = out.On(user.resource);
      of_user.Judged();
      JudgeOwnGroups(stack, user, of_user);
    }
    for (const GroupRule& rule : groups.rules())  // one that is wrong for anyone is told of already
      if (!IsWrong(stack, rule.ingress)) JudgeStoreRule(stack, rule, allow_self_, out.On(rule.ingress.by));
  }

 private:
  static constexpr char kPortsUnknown[] = "the ports are not known before the update";
  static constexpr char kPortOrProtocol[] = "a port from 0 to 65535, or a protocol by its name or number";
  static constexpr char kNarrow[] = "name a security group (referenced_security_group_id=group.id) or a narrower range.";

  void Judge(const Stack& stack, const Ingress& ingress, Sink& out) const {
    const Ports ports = PortsOf(ingress);
    JudgeSources(stack, ingress, ports, out);
    const Text wanted = "some ports of one protocol", fix = "set ip_protocol, from_port and to_port to what is needed.";
    if (ports.breadth == Breadth::kMistyped) return out.Violation(ports.at, kPortOrProtocol, fix);
    const Certainty from_itself = allow_self_ ? FromItselfOnly(stack, ingress) : Certainty::kNo;
    if (ports.breadth == Breadth::kSome || from_itself == Certainty::kYes) return;
    if (ports.breadth == Breadth::kUnknown) return out.Undecided(ports.at, wanted);
    if (from_itself == Certainty::kUnknown) return out.Undecided(ports.at, wanted, "whether only the group itself is let in is not known");
    out.Violation(ports.at, wanted, fix, ports.breadth == Breadth::kAllPorts ? Text("all ports") : Text("all protocols"));
  }

  void JudgeSources(const Stack& stack, const Ingress& ingress, const Ports& ports, Sink& out) const {
    const Certainty open = ArePublic(ports);
    if (open == Certainty::kYes) return;
    const Text wanted = Narrower();
    const auto let_in = [&](const Property& everyone) {
      if (open == Certainty::kUnknown) return out.Undecided(everyone, wanted, kPortsUnknown);
      out.Violation(everyone, wanted, kNarrow);
    };
    for (const Property& range : ingress.ranges) {
      const Certainty everywhere = IsEverywhere(stack, ingress, range);
      if (everywhere == Certainty::kUnknown) out.Undecided(range, wanted);
      if (everywhere == Certainty::kYes) let_in(range);
      if (range.value().known() && range.value().kind() != Kind::kString) out.Violation(range, "a CIDR block", kNarrow);
    }
    for (const Property& list : ListsOfEveryAddress(ingress)) let_in(list);
    for (const Property& list : ingress.prefix_lists) {
      const Certainty everywhere = ListsEverywhere(stack, ingress, list);
      if (everywhere == Certainty::kUnknown) SayOpen(stack, list, out);
      if (everywhere != Certainty::kYes) continue;
      if (open == Certainty::kUnknown) out.Undecided(list, wanted, kPortsUnknown);
      if (open == Certainty::kNo)
        out.Violation(list.path(), "names a prefix list of the whole internet", wanted, kNarrow);
    }
  }

  void SayOpen(const Stack& stack, const Property& list, Sink& out) const {
    if (stack.facts().alone) return out.Undecided(list, Narrower(), "what the prefix list holds stands in the stack");
    if (stack.facts().partial) return out.Missing("no ingress from the whole internet, nor by a prefix list");
    out.Undecided(list, Narrower(), "what the prefix list holds is not known");
  }

  void JudgeTogether(const std::vector<Ingress>& rules, Sink& out) const {
    const auto port = OpenTogether(rules, public_ports_);
    if (!port) return;
    const auto hides = [](const Ingress& rule) { return rule.from_port.secret() || rule.to_port.secret(); };
    const bool secret = std::any_of(rules.begin(), rules.end(), hides);
    const Text which = secret ? Text("a port that is secret") : Text("port ") + Text::Number(*port);
    const Text found = Text("lets in the whole internet on ") + which + " by several rules together";
    out.Violation(Path(rules.front().at.path().root()), found, Narrower(), kNarrow);
  }

  Text Narrower() const {
    Text wanted = "a source other than the whole internet";
    if (!public_ports_.empty()) wanted += Text(" but on port ") + JoinText(public_ports_, [](int p) { return Text::Number(p); });
    return wanted;
  }

  Certainty ArePublic(const Ports& ports) const {
    const bool told = ports.breadth == Breadth::kAllProtocols || ports.breadth == Breadth::kMistyped;
    if (public_ports_.empty() || ports.none || told) return Certainty::kNo;
    if (ports.range) return ArePublic(*ports.range) ? Certainty::kYes : Certainty::kNo;
    // Whatever the rest turns out to be, it does not close an end that is open.
    for (const auto& end : {ports.first, ports.last})
      if (end && !public_ports_.contains(*end)) return Certainty::kNo;
    return Certainty::kUnknown;
  }

  bool ArePublic(const std::pair<int, int>& range) const {
    const auto [first, last] = range;
    const auto from = public_ports_.lower_bound(first), to = public_ports_.upper_bound(last);
    return first <= last && std::distance(from, to) == last - first + 1;
  }

  bool IsWrong(const Stack& stack, const Ingress& ingress) const {
    std::vector<Finding> said;
    Sink quiet(nullptr, nullptr, said);
    Judge(stack, ingress, quiet);
    return std::any_of(said.begin(), said.end(), [](const Finding& f) { return f.verdict == Verdict::kViolation; });
  }

  const bool allow_self_;
  std::set<int> public_ports_;
};

}  // namespace

const Guardrail kSecurityGroupLeastPrivilege{
    .name = "security-group-least-privilege",
    .display_name = "Security groups let in what is needed, and nothing else",
    .severity = Severity::kHigh,
    .scope = Scope::kBoth,
    .types = {"aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
              "aws:ec2/securityGroupRule:SecurityGroupRule", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
              "aws-native:ec2:SecurityGroup", "aws-native:ec2:SecurityGroupIngress"},
    .subject = "security group",
    .description =
        "No rule lets in the whole internet (`0.0.0.0/0` or `::/0`, also in a prefix list that the stack has or reads) "
        "but on `publicPorts`, of TCP and UDP, and none all ports or protocols (from the group itself only with "
        "`allowSelfIngress`). "
        "Ranges that together are all of it (`0.0.0.0/1` beside `128.0.0.0/1`) are the whole internet as well: in the "
        "list of one rule or of a prefix list, and in inline rules of one group that open the same port. Those of rule "
        "resources beside each other are not added up, and ranges that leave out any address are not the internet. "
        "RDS databases, Redis caches and ECS services each have security groups of their own kind, not the VPC's "
        "default group. What lets in traffic to databases and caches names the ECS tasks' group, where the stack has "
        "ECS services, and the store's own TCP port only. Egress and EC2-Classic groups are not judged.",
    .why = "A security group is the last door before the data: an open port is found by scanners within minutes, and a "
           "group that is shared opens one store with every change for another.",
    .how_to_fix = "Give each service an `aws.ec2.SecurityGroup`, and open the stores with an "
                  "`aws.vpc.SecurityGroupIngressRule` that has `referenced_security_group_id=tasks.id`, "
                  "`ip_protocol=\"tcp\"` and the one port as `from_port` and `to_port`.",
    .undecided = "Groups outside the stack, of which it does not show who uses them; rules or groups that only the "
                 "update knows and no dependency tells; address ranges computed from other things than VPCs, subnets "
                 "and addresses; prefix lists of which not all is known; ports that are not known, where "
                 "`publicPorts` allows some.",
    .failing = R"py(
import pulumi_aws as aws

group = aws.ec2.SecurityGroup("admin-dev")
aws.vpc.SecurityGroupIngressRule(
    "ssh-dev", security_group_id=group.id, cidr_ipv4="0.0.0.0/0", ip_protocol="tcp", from_port=22, to_port=22
)
)py",
    .passing = R"py(
import pulumi_aws as aws

group = aws.ec2.SecurityGroup("admin-dev")
aws.vpc.SecurityGroupIngressRule(
    "ssh-dev", security_group_id=group.id, cidr_ipv4="10.0.8.0/24", ip_protocol="tcp", from_port=22, to_port=22
)
)py",
    .url = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    .controls = {Fsbp("EC2.2"), Fsbp("EC2.18"), Fsbp("EC2.19"), Cis3("5.2"), Cis3("5.3"), Cis3("5.4"), Cis5("5.3"),
                 Cis5("5.4"), Cis5("5.5"), Pci("1.3.1"), Checkov("CKV_AWS_24"), Checkov("CKV_AWS_25"), Checkov("CKV_AWS_260"), Checkov("CKV_AWS_277")},
    .config = {{.name = "publicPorts",
                .type = ConfigKey::Type::kIntegers,
                .default_json = "[]",
                .description = "Ports that the whole internet may reach.",
                .minimum = 0,
                .maximum = 65535,
                .may_be_empty = true},
               {.name = "allowSelfIngress",
                .type = ConfigKey::Type::kBoolean,
                .default_json = "false",
                .description = "Whether a group may let itself in, on all ports and protocols."}},
    .make = Make<SecurityGroupLeastPrivilege>,
};

}  // namespace fastcart
