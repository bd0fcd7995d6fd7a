#include <cmath>
#include <optional>

#include "analyzer/model/references.h"
#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"
#include "policies/aws/certainty.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

bool IsService(const Subject& subject) { return subject.resource.type.ends_with(":Service"); }

// What AWS makes of a service without a number: Pulumi's classic provider asks for none, CloudFormation for one.
double CountByDefault(const Subject& service) { return IsNative(service.resource) ? 1 : 0; }

Property MinimumHealthyPercent(const Subject& service) {
  return IsNative(service.resource) ? service["deploymentConfiguration"]["minimumHealthyPercent"]
                                    : service["deploymentMinimumHealthyPercent"];
}

// What the target says of itself: that it is `wanted`, something else, or nothing that is known.
Certainty Says(const Property& at, std::string_view wanted) {
  if (at.unknown() || IsBlank(at)) return Certainty::kUnknown;
  return IsText(at, wanted) ? Certainty::kYes : Certainty::kNo;
}

// The first of the words that is not known.
std::optional<Property> WhatIsOpen(const Subject& target) {
  for (const std::string_view word : {"serviceNamespace", "scalableDimension", "resourceId"})
    if (target[word].unknown()) return target[word];
  return std::nullopt;
}

// Does the scaling target scale the number of a service's tasks? Each of its own words says it by itself, for a
// service's number is all that scales in ECS; else what it depends on.
Certainty ScalesService(const Subject& target) {
  const Certainty by_space = Says(target["serviceNamespace"], "ecs");
  const Certainty by_dimension = Says(target["scalableDimension"], "ecs:service:DesiredCount");
  if (by_space == Certainty::kNo || by_dimension == Certainty::kNo) return Certainty::kNo;
  if (by_space == Certainty::kYes || by_dimension == Certainty::kYes) return Certainty::kYes;
  const Property id = target["resourceId"];
  if (!id.unknown() && !IsBlank(id)) return id.value().raw_string().starts_with("service/") ? Certainty::kYes : Certainty::kNo;
  const Reference service = ResolveOne(target.stack, target.resource, id, kEcsServices);
  if (service.state == Reference::State::kResource) return Certainty::kYes;
  return WhatIsOpen(target) ? Certainty::kUnknown : Certainty::kNo;
}

class EcsTaskCount final : public Rule {
 public:
  explicit EcsTaskCount(const Config& config) : minimum_(config.Integer("minimum")) {}

  void CheckResource(const Subject& subject, Sink& out) const override {
    IsService(subject) ? JudgeService(subject, out) : JudgeTarget(subject, out);
  }

  void Remediate(const Subject& subject, Remedy& out) const override {
    const bool service = IsService(subject);
    const Property count = subject[service ? "desiredCount" : "minCapacity"], strategy = subject["schedulingStrategy"];
    const bool judged = service ? !strategy.unknown() && !IsText(strategy, "DAEMON") : ScalesService(subject) == Certainty::kYes;
    if (!judged || count.unknown() || IsAtLeast(count, minimum_, service ? CountByDefault(subject) : 0)) return;
    out.Set(count.path(), minimum_, Text("raised to ") + Text::Number(minimum_) + " tasks");
  }

 private:
  void JudgeService(const Subject& service, Sink& out) const {
    const Property strategy = service["schedulingStrategy"], count = service["desiredCount"];
    if (IsText(strategy, "DAEMON")) return out.NotApplicable("a daemon runs one task on each instance");
    if (strategy.unknown() && !IsAtLeast(count, minimum_, 0)) {
      return out.Undecided(strategy, Text("DAEMON, or a desiredCount of at least ") + Text::Number(minimum_));
    }
    const bool enough = RequireAtLeast(out, count, minimum_, CountByDefault(service),
                                       Text("set desired_count=") + Text::Number(minimum_) + " on the service.");
    if (enough) NoteDeployment(service, out);
  }

  // During a deployment ECS keeps that part of the tasks, rounded up; without a number all of them.
  void NoteDeployment(const Subject& service, Sink& out) const {
    const Property percent = MinimumHealthyPercent(service);
    const auto share = percent.ReadNumber(), count = service["desiredCount"].ReadNumber();
    if (!IfKnown(share) || !IfKnown(count)) return;
    const double kept = std::ceil(*IfKnown(count) * *IfKnown(share) / 100);
    if (kept >= minimum_) return;
    const bool secret = percent.secret() || service["desiredCount"].secret();
    out.Note(percent, Text("a deployment may leave ") + (secret ? Text("fewer") : Text::Number(kept)) + " of at least " +
                          Text::Number(minimum_) + " tasks running; deployment_minimum_healthy_percent=100 keeps all.");
  }

  void JudgeTarget(const Subject& target, Sink& out) const {
    const Certainty scales = ScalesService(target);
    if (scales == Certainty::kNo) return out.NotApplicable("it scales no ECS service");
    const Property minimum = target["minCapacity"];
    if (scales == Certainty::kUnknown && !IsAtLeast(minimum, minimum_, 0)) {
      return out.Undecided(*WhatIsOpen(target),
                           Text("no ECS service, or a minCapacity of at least ") + Text::Number(minimum_));
    }
    RequireAtLeast(out, minimum, minimum_, 0, Text("set min_capacity=") + Text::Number(minimum_) + " on the scaling target.");
  }

  const double minimum_;
};

}  // namespace

const Guardrail kEcsTaskCount{
    .name = "ecs-task-count",
    .display_name = "ECS services run enough tasks",
    .severity = Severity::kMedium,
    .scope = Scope::kBoth,
    .types = {"aws:ecs/service:Service", "aws:appautoscaling/target:Target", "aws-native:ecs:Service",
              "aws-native:applicationautoscaling:ScalableTarget"},
    .subject = "ECS service",
    .description = "An ECS service asks for at least `minimum` tasks (2 by default; nothing set is none), and an "
                   "Application Auto Scaling target of a service never goes below it. Daemons are not applicable. A "
                   "deployment that may leave fewer tasks running is noted.",
    .why = "With one task, a crash, a deployment or the loss of an availability zone stops the processing of orders.",
    .how_to_fix = "Set `desired_count=2` or more on the `aws.ecs.Service`, and `min_capacity=2` or more on its "
                  "`aws.appautoscaling.Target`.",
    .undecided = "A count, scheduling strategy or minimum capacity that is computed by another resource; a scaling "
                 "target none of whose words shows what it scales and which depends on no ECS service.",
    .failing = R"py(
import pulumi_aws as aws

aws.ecs.Service("orders-dev", desired_count=1)
)py",
    .passing = R"py(
import pulumi_aws as aws

aws.ecs.Service("orders-dev", desired_count=2)
)py",
    .url = "https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/availability.html",
    .config = {{.name = "minimum",
                .type = ConfigKey::Type::kInteger,
                .default_json = "2",
                .description = "The fewest tasks that a service may run.",
                .minimum = 1}},
    .remediates = true,
    .make = Make<EcsTaskCount>,
};

}  // namespace fastcart
