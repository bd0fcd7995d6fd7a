#include "policies/aws/region.h"

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
  if (!asked.absent()) return asked.known() || answered.absent() ? asked : answered;
  if (!answered.absent()) return answered;
  const bool by_config = provider.urn.empty() || provider.is_default();
  return by_config ? ConfiguredRegion(stack, package) : Value();
}

}  // namespace

Value ProviderRegion(const Stack& stack, const Resource& resource) {
  const Provider& provider = resource.provider;
  const Value answered = provider.resource ? provider.resource->outputs["region"] : Value();
  return RegionOf(stack, provider, resource.package(), provider.properties["region"], answered);
}

Value RegionOf(const Stack& stack, const Resource& resource) {
  const Value own = resource["region"].value();
  return own.absent() ? ProviderRegion(stack, resource) : own;
}

bool MayBeSameRegion(const Value& a, const Value& b) {
  return a.raw_string().empty() || b.raw_string().empty() || a.raw_string() == b.raw_string();
}

}  // namespace fastcart
