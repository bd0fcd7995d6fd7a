#include "policies/aws/tags.h"

#include <map>
#include <utility>

#include "policies/aws/json_text.h"

namespace fastcart {

using namespace guardrails;

namespace {

using State = EffectiveTag::State;

// What some tags say of one.
struct Told {
  Property tag;
  bool perhaps = false;  // it may be among what is not known of them
};

// The value of the tag in a list of {"key", "value"}.
Told InList(const Property& tags, std::string_view key) {
  const auto list = tags.ReadList();
  const auto* elements = IfKnown(list);
  if (!elements) return {tags[key], tags.unknown()};  // absent, unknown or no list: so is the tag
  bool unknown = false;
  for (const Property& tag : *elements) {
    if (tag["key"].value().raw_string() == key) return {tag["value"]};
    unknown = unknown || tag["key"].unknown();
  }
  return {{tags.path() / key, unknown ? Value::Unknown() : Value()}, unknown};
}

Told InTags(const Property& tags, Tags shape, std::string_view key) {
  return shape == Tags::kList ? InList(tags, key) : Told{tags[key], tags.unknown()};
}

bool IsByConfig(const Provider& provider) { return provider.urn.empty() || provider.is_default(); }

// The object or list of the default tags of each provider.
class ProviderTags {
 public:
  explicit ProviderTags(const Stack& stack) {
    for (const Resource& r : stack.resources())
      if (const auto [at, added] = by_provider_.emplace(KeyOf(r), Value()); added) at->second = Read(stack, r);
  }

  Value Of(const Resource& user) const {
    const auto at = by_provider_.find(KeyOf(user));
    return at == by_provider_.end() ? Value() : at->second;
  }

 private:
  // By URN; plain lists may have providers without one, or none at all, which is then the package's default.
  using Key = std::pair<std::string_view, std::string_view>;
  static Key KeyOf(const Resource& user) {
    const Provider& provider = user.provider;
    return provider.urn.empty() ? Key(user.package(), provider.name) : Key(provider.urn, {});
  }

  // Over gRPC a nested setting of a provider is JSON text; so it is in the stack's config.
  Value Read(const Stack& stack, const Resource& user) {
    Value settings = user.provider.properties["defaultTags"];
    if (settings.absent() && IsByConfig(user.provider))
      settings = stack.Config(std::string(user.package()) + ":defaultTags");
    if (settings.kind() != Kind::kString) return settings["tags"];
    const Value parsed = ParseJsonText(arena_, settings.raw_string())["tags"];
    return settings.secret() ? parsed.AsSecret() : parsed;
  }

  Arena arena_;
  std::map<Key, Value> by_provider_;
};

// A provider that is not shown may have default tags.
bool IsLeftOut(const Stack& stack, const Provider& provider) {
  return stack.facts().partial && !IsByConfig(provider) && !provider.resource && provider.properties.absent();
}

// What the provider says of a tag that the resource does not have itself.
EffectiveTag ByDefault(const Stack& stack, const Resource& resource, Tags shape, std::string_view key) {
  if (!TakesDefaultTags(resource, shape)) return {State::kAbsent, {{}, {}}};
  const Value defaults = DefaultTagsOf(stack, resource);
  const bool list = defaults.kind() == Kind::kList;
  const Told told = InTags({Path("tags"), defaults}, list ? Tags::kList : Tags::kMap, key);
  if (told.perhaps) return {State::kAmongDefaults, told.tag};
  if (IsLeftOut(stack, resource.provider)) return {State::kMissing, told.tag};
  if (told.tag.absent()) return {State::kAbsent, told.tag};
  return {list || defaults.kind() == Kind::kObject ? State::kHeld : State::kInvalidDefaults, told.tag};
}

}  // namespace

std::optional<Tags> TagShapeOf(const Resource& resource) {
  if (const ResourceType* type = FindResourceType(resource.type)) return type->tags;
  if (!IsAws(resource.package())) return Tags::kNone;
  const Property tags = resource["tags"];
  if (tags.absent()) return std::nullopt;
  return tags.value().kind() == Kind::kList ? Tags::kList : Tags::kMap;
}

bool TakesDefaultTags(const Resource& resource, Tags shape) {
  return shape == Tags::kMap || resource.package() != "aws";
}

Property OwnTag(const Resource& resource, Tags shape, std::string_view key) {
  return InTags(resource["tags"], shape, key).tag;
}

Value DefaultTagsOf(const Stack& stack, const Resource& resource) {
  return stack.Knowledge<ProviderTags>().Of(resource);
}

EffectiveTag EffectiveTagOf(const Stack& stack, const Resource& resource, Tags shape, std::string_view key) {
  const auto [own, perhaps] = InTags(resource["tags"], shape, key);
  if (!own.absent() && !perhaps) return {State::kHeld, own};
  const auto [state, by_default] = ByDefault(stack, resource, shape, key);
  // A tag of its own would only replace the default one.
  if (perhaps) return {state == State::kHeld ? state : State::kAmongTags, own};
  if (state == State::kHeld) return {state, {own.path(), by_default.value()}};
  // An answer that is not known is no evidence.
  const Value answered = resource.outputs["tagsAll"];
  const Value shown = answered.kind() == Kind::kObject ? answered[key] : Value();
  if (!shown.absent()) return {State::kHeld, {own.path(), shown.AsSecretAs(resource["tags"].value())}};
  return {state, {own.path(), {}}};
}

}  // namespace fastcart
