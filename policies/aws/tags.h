// The tags of a resource in each of the shapes that types give them, and those that its provider adds.
//
// Source: docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html, and the input defaultTags of the provider. Pure
// and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analyzer/model/stack.h"
#include "policies/aws/resource_types.h"

namespace fastcart {

// How the resource takes tags. Of a type of AWS that is not in the table the tags that it has tell; nullopt: it has none.
std::optional<Tags> TagShapeOf(const guardrails::Resource& resource);

// Whether the default tags of a provider reach the resource.
bool TakesDefaultTags(const guardrails::Resource& resource, Tags shape);

// What the resource itself says of a tag: the tag, with its path; absent where it has no such tag; unknown where the
// tag or all tags are.
guardrails::Property OwnTag(const guardrails::Resource& resource, Tags shape, std::string_view key);

// Whether a resource has a tag in the end: its own, else the one of its provider's `defaultTags` where the type takes
// those, else what the provider's answer shows.
struct EffectiveTag {
  enum class State : std::uint8_t {
    kHeld,             // it has it, be its value known or not
    kAbsent,
    kAmongTags,        // perhaps: not all that it says of its tags is known
    kAmongDefaults,    // perhaps: its provider's default tags are not known
    kInvalidDefaults,  // it does not, and what its provider has as default tags are none
    kMissing,          // perhaps: its provider is one that the file leaves out
  };
  State state = State::kAbsent;
  guardrails::Property tag;  // at the path of its own tag; of kHeld its value
};
// Valid while the stack lives.
EffectiveTag EffectiveTagOf(const guardrails::Stack& stack, const guardrails::Resource& resource, Tags shape,
                            std::string_view key);

// What holds the default tags of its provider, whose kind tells why they are not known. Absent where it has none.
guardrails::Value DefaultTagsOf(const guardrails::Stack& stack, const guardrails::Resource& resource);

}  // namespace fastcart
