// The tags of a resource in each of the shapes that types give them, and those that its provider adds.
//
// Source: docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html, and the input defaultTags of the provider. Pure
// and thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/model/stack.h"
#include "policies/aws/resource_types.h"

namespace fastcart {

// How the resource takes tags. Of a type of AWS that is not in the table the tags that it has tell; nullopt: it has none.
std::optional<Tags> TagShapeOf(const guardrails::Resource& resource);

// What the resource itself says of a tag: the tag, with its path; absent where it has no such tag; unknown where the
// tag or all tags are.
guardrails::Property OwnTag(const guardrails::Resource& resource, Tags shape, std::string_view key);

// The tag that the resource has in the end: its own, else the one of its provider's `defaultTags` where the type takes
// those, else what the provider's answer shows. At the path of its own tag. Valid while the stack lives.
guardrails::Property EffectiveTag(const guardrails::Stack& stack, const guardrails::Resource& resource, Tags shape,
                                  std::string_view key);

}  // namespace fastcart
