#include "policies/aws/region.h"

namespace fastcart {

using guardrails::Provider;
using guardrails::Resource;
using guardrails::Stack;
using guardrails::Value;

namespace {

Value ConfiguredRegion(const Stack& stack, std::string_view provider_type) {
  const bool native = provider_type == "pulumi:providers:aws-native";
  return stack.Config(native ? "aws-native:region" : "aws:region");
}

Value RegionOf(const Stack& stack, const Provider& provider, const Value& asked, const Value& answered) {
  if (!asked.absent()) return asked.known() || answered.absent() ? asked : answered;
  if (!answered.absent()) return answered;
  return provider.is_default() ? ConfiguredRegion(stack, provider.type) : Value();
}

}  // namespace

Value ProviderRegion(const Stack& stack, const Resource& resource) {
  const Provider& provider = resource.provider;
  const Value answered = provider.resource ? provider.resource->outputs["region"] : Value();
  return RegionOf(stack, provider, provider.properties["region"], answered);
}

Value RegionOfProvider(const Stack& stack, const Resource& provider) {
  Provider itself;
  itself.type = provider.type;
  itself.name = provider.name;
  return RegionOf(stack, itself, provider.inputs["region"], provider.outputs["region"]);
}

Value RegionOf(const Stack& stack, const Resource& resource) {
  const Value own = resource["region"].value();
  return own.absent() ? ProviderRegion(stack, resource) : own;
}

}  // namespace fastcart
