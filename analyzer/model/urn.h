// The parts of urn:pulumi:STACK::PROJECT::PARENTTYPE$…$TYPE::NAME (sdk/go/common/resource/urn). NAME may hold "::".
//
// Pure and thread-safe. What is parsed is a view into the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace guardrails {

struct Urn {
  std::string_view stack, project, qualified_type, type, name;
};

// Nothing when it is no URN.
std::optional<Urn> ParseUrn(std::string_view urn);

// The URN that the engine would give; `parent_type` is the parent's qualified type, empty for children of the stack.
std::string MakeUrn(std::string_view stack, std::string_view project, std::string_view parent_type,
                    std::string_view type, std::string_view name);

// "<urn>::<id>" of a provider reference, split at the last "::". The id may be the unknown sentinel.
struct ProviderReference {
  std::string_view urn, id;
};
ProviderReference ParseProviderReference(std::string_view reference);

}  // namespace guardrails
