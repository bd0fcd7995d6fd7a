#include "policies/aws/region.h"

#include "analyzer/model/references.h"

namespace fastcart {

using guardrails::Provider;
using guardrails::Resource;
using guardrails::Stack;
using guardrails::Value;

namespace {

Value ConfiguredRegion(const Stack& stack, std::string_view package) {
  return stack.Config(package == "aws-native" ? "aws-native:region" : "aws:region");
}

Value RegionOf(const Stack& stack, const Provider& provider, std::string_view package, const Value& asked,
               const Value& answered) {
  if (!asked.absent()) return asked.known() || answered.absent() ? asked : answered.AsSecretAs(asked);
  if (!answered.absent()) return answered;
  const bool by_config = provider.urn.empty() || provider.is_default();
  return by_config ? ConfiguredRegion(stack, package) : Value();
}

Value OwnRegion(const Stack& stack, const Resource& resource) { return Asked(stack, resource, "region").value(); }

bool HaveOneProvider(const Resource& a, const Resource& b) {
  return a.provider.urn == b.provider.urn && a.package() == b.package();
}

bool IsShown(const Value& region) { return region.known() && !SameKnown(region, Value::String("")); }

}  // namespace

Value ProviderRegion(const Stack& stack, const Resource& resource) {
  const Provider& provider = resource.provider;
  const Value answered = provider.resource ? provider.resource->outputs["region"] : Value();
  return RegionOf(stack, provider, resource.package(), provider.properties["region"], answered);
}

Value RegionOf(const Stack& stack, const Resource& resource) {
  const Value own = OwnRegion(stack, resource);
  return own.absent() ? ProviderRegion(stack, resource) : own;
}

Certainty SameRegion(const Value& a, const Value& b) {
  if (!IsShown(a) || !IsShown(b)) return Certainty::kUnknown;
  return SameKnown(a, b) ? Certainty::kYes : Certainty::kNo;
}

Certainty InOneRegion(const Stack& stack, const Resource& a, const Resource& b) {
  const bool as_provided = OwnRegion(stack, a).absent() && OwnRegion(stack, b).absent();
  if (as_provided && HaveOneProvider(a, b)) return Certainty::kYes;
  return SameRegion(RegionOf(stack, a), RegionOf(stack, b));
}

}  // namespace fastcart
