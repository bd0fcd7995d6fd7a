#include "policies/aws/ecs_services.h"

#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/model/references.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

const Target kServicesAndTaskSets{.types = {"aws:ecs/service:Service", "aws:ecs/taskSet:TaskSet",
                                            "aws-native:ecs:Service", "aws-native:ecs:TaskSet"},
                                  .known_by = {}};

namespace {

using On = Launch::On;

const Target kCapacityProviders{.types = {"aws:ecs/capacityProvider:CapacityProvider", "aws-native:ecs:CapacityProvider"},
                                .known_by = {"arn", "name"}};
const Target kClusterProviders{.types = {"aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
                                         "aws-native:ecs:ClusterCapacityProviderAssociations"},
                               .known_by = {}};

// Of a strategy: nothing where it names no provider at all.
std::optional<Launch> OfStrategy(const Stack& stack, const Resource& from, const Property& strategy) {
  if (strategy.absent()) return std::nullopt;
  const auto read = strategy.ReadList();
  const auto* items = IfKnown(read);
  if (!items) return Launch{.on = strategy.unknown() ? On::kUnknown : On::kOther, .at = strategy, .found = {}};
  if (items->empty()) return std::nullopt;
  Launch out{.on = On::kFargate, .at = strategy, .found = {}};
  for (const Property& item : *items) {
    const Property provider = item["capacityProvider"];
    const std::string_view name = provider.value().raw_string();
    if (name == "FARGATE" || name == "FARGATE_SPOT") continue;
    // The two have no resource: one that is made by a resource is another.
    const bool open = provider.unknown() && EdgeTargets(stack, from, strategy.path().root(), kCapacityProviders).resources.empty();
    if (provider.unknown() && !open) return Launch{.on = On::kOther, .at = provider, .found = "is a capacity provider of its own"};
    if (!open) return Launch{.on = On::kOther, .at = provider, .found = {}};
    out = {.on = On::kUnknown, .at = provider, .found = {}};
  }
  return out;
}

Property StrategyOf(const Stack& stack, const Resource& r) {
  return Asked(stack, r, IsNative(r) ? "capacityProviderStrategy" : "capacityProviderStrategies");
}

Property DefaultStrategyOf(const Stack& stack, const Resource& r) {
  return Asked(stack, r, IsNative(r) ? "defaultCapacityProviderStrategy" : "defaultCapacityProviderStrategies");
}

// What attaches capacity providers to which cluster.
struct Attachments {
  explicit Attachments(const Stack& stack) {
    for (const Resource* r : stack.OfTypes(kClusterProviders)) {
      const Property name = Asked(stack, *r, IsNative(*r) ? "cluster" : "clusterName");
      const Reference to = ResolveOne(stack, *r, name, kEcsClusters);
      if (to.resource) of[to.resource] = r;
      if (to.state == Reference::State::kUnknown) somewhere = r;
    }
  }
  std::unordered_map<const Resource*, const Resource*> of;
  const Resource* somewhere = nullptr;
};

// The default strategy that the cluster has itself, or that is attached to it.
std::optional<Launch> OfCluster(const Stack& stack, const Resource& cluster) {
  if (const auto own = OfStrategy(stack, cluster, DefaultStrategyOf(stack, cluster))) return own;
  const auto& attachments = stack.Knowledge<Attachments>();
  const auto at = attachments.of.find(&cluster);
  if (at != attachments.of.end()) return OfStrategy(stack, *at->second, DefaultStrategyOf(stack, *at->second));
  if (!attachments.somewhere) return std::nullopt;
  return Launch{.on = On::kUnknown, .at = DefaultStrategyOf(stack, *attachments.somewhere), .found = {}};
}

Launch Unclear(Property at, Text why, bool missing) {
  return {.on = On::kUnknown, .at = std::move(at), .found = {}, .why = std::move(why), .missing = missing};
}

Launch OfClustersDefault(const Stack& stack, const Resource& service, const Property& launch_type) {
  using State = Reference::State;
  const Reference in = ResolveOne(stack, service, Asked(stack, service, "cluster"), kEcsClusters);
  const bool partial = stack.facts().partial;
  if (in.state == State::kUnknown) return Unclear(launch_type, "it is not set, and which cluster's default it takes is not known", partial);
  if (in.state != State::kResource) return Unclear(launch_type, "it is not set, and the cluster whose default it takes is not in the stack", false);
  const Text cluster = Text("the cluster ") + Text::Name(*in.resource);
  const auto strategy = OfCluster(stack, *in.resource);
  if (!strategy && partial) return Unclear(launch_type, Text("it is not set, and the default of ") + cluster + " may be left out", true);
  if (!strategy)
    return {.on = On::kOther, .at = launch_type,
            .found = Text("is not set, and ") + cluster + " has no default capacity provider strategy (AWS uses EC2)"};
  if (strategy->on == On::kOther)
    return {.on = On::kOther, .at = launch_type,
            .found = Text("is not set, and the default capacity provider strategy of ") + cluster + " is not Fargate alone"};
  if (strategy->on == On::kUnknown)
    return Unclear(launch_type, Text("it is not set, and the default capacity provider strategy of ") + cluster + " is not known", false);
  return {.on = On::kFargate, .at = launch_type, .found = {}};
}

}  // namespace

EcsNetwork NetworkOf(const Stack& stack, const Resource& service) {
  const bool native = IsNative(service);
  Property at = Asked(stack, service, "networkConfiguration");
  if (native) at = at[service.type == "aws-native:ecs:TaskSet" ? "awsVpcConfiguration" : "awsvpcConfiguration"];
  return {at, at["subnets"], at["securityGroups"], at["assignPublicIp"], native};
}

bool HasTaskSets(const Stack& stack, const Resource& service) {
  const Property controller = Asked(stack, service, "deploymentController");
  return controller["type"].value().raw_string() == "EXTERNAL";
}

Launch LaunchOf(const Stack& stack, const Resource& service) {
  const Property type = Asked(stack, service, "launchType");
  const std::string_view text = type.value().raw_string();
  if (type.unknown()) return Unclear(type, {}, false);
  if (!IsBlank(type)) return {.on = text == "FARGATE" ? On::kFargate : On::kOther, .at = type, .found = {}};
  if (auto strategy = OfStrategy(stack, service, StrategyOf(stack, service))) return *std::move(strategy);
  return OfClustersDefault(stack, service, type);
}

}  // namespace fastcart
