#include "policies/aws/tags.h"

#include <unordered_map>

#include "policies/aws/json_text.h"

namespace fastcart {

using namespace guardrails;

namespace {

// The value of the tag in a list of {"key", "value"}.
Property InList(const Property& tags, std::string_view key) {
  const auto list = tags.ReadList();
  const auto* elements = IfKnown(list);
  if (!elements) return tags[key];  // absent, unknown or no list: so is the tag
  bool unknown = false;
  for (const Property& tag : *elements) {
    if (tag["key"].value().raw_string() == key) return tag["value"];
    unknown = unknown || tag["key"].unknown();
  }
  return {tags.path() / key, unknown ? Value::Unknown() : Value()};
}

Property InTags(const Property& tags, Tags shape, std::string_view key) {
  return shape == Tags::kList ? InList(tags, key) : tags[key];
}

// By the URN of a provider: the object or list of its default tags.
class ProviderTags {
 public:
  explicit ProviderTags(const Stack& stack) {
    for (const Resource& r : stack.resources())
      if (const auto [at, added] = by_urn_.emplace(r.provider.urn, Value()); added) at->second = Read(stack, r);
  }

  Value Of(std::string_view provider) const {
    const auto at = by_urn_.find(provider);
    return at == by_urn_.end() ? Value() : at->second;
  }

 private:
  // Over gRPC a nested setting of a provider is JSON text; so it is in the stack's config.
  Value Read(const Stack& stack, const Resource& user) {
    Value settings = user.provider.properties["defaultTags"];
    const bool by_config = user.provider.urn.empty() || user.provider.is_default();
    if (settings.absent() && by_config) settings = stack.Config(std::string(user.package()) + ":defaultTags");
    if (settings.kind() != Kind::kString) return settings["tags"];
    const Value parsed = ParseJsonText(arena_, settings.raw_string())["tags"];
    return settings.secret() ? parsed.AsSecret() : parsed;
  }

  Arena arena_;
  std::unordered_map<std::string_view, Value> by_urn_;
};

Property DefaultTag(const Stack& stack, const Resource& resource, Tags shape, std::string_view key) {
  const Property none(Path("tags") / key, Value());
  if (shape != Tags::kMap && resource.package() == "aws") return none;
  const Property tags(Path("tags"), stack.Knowledge<ProviderTags>().Of(resource.provider.urn));
  return InTags(tags, tags.value().kind() == Kind::kList ? Tags::kList : Tags::kMap, key);
}

}  // namespace

std::optional<Tags> TagShapeOf(const Resource& resource) {
  if (const ResourceType* type = FindResourceType(resource.type)) return type->tags;
  if (!IsAws(resource.package())) return Tags::kNone;
  const Property tags = resource["tags"];
  if (tags.absent()) return std::nullopt;
  return tags.value().kind() == Kind::kList ? Tags::kList : Tags::kMap;
}

Property OwnTag(const Resource& resource, Tags shape, std::string_view key) {
  return InTags(resource["tags"], shape, key);
}

Property EffectiveTag(const Stack& stack, const Resource& resource, Tags shape, std::string_view key) {
  const Property own = OwnTag(resource, shape, key);
  if (!own.absent()) return own;
  const Property by_default = DefaultTag(stack, resource, shape, key);
  if (!by_default.absent()) return {own.path(), by_default.value()};
  return {own.path(), resource.outputs["tagsAll"][key]};
}

}  // namespace fastcart
