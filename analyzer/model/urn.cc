#include "analyzer/model/urn.h"

namespace guardrails {

std::optional<Urn> ParseUrn(std::string_view urn) {
  constexpr std::string_view kPrefix = "urn:pulumi:";
  if (!urn.starts_with(kPrefix)) return std::nullopt;
  urn.remove_prefix(kPrefix.size());
  const auto take = [&urn](std::string_view& part) {
    const auto end = urn.find("::");
    if (end == std::string_view::npos) return false;
    part = urn.substr(0, end);
    urn.remove_prefix(end + 2);
    return true;
  };
  Urn out;
  if (!take(out.stack) || !take(out.project) || !take(out.qualified_type)) return std::nullopt;
  out.name = urn;
  const auto last = out.qualified_type.rfind('$');
  out.type = last == std::string_view::npos ? out.qualified_type : out.qualified_type.substr(last + 1);
  return out.type.empty() ? std::nullopt : std::optional(out);
}

std::string MakeUrn(std::string_view stack, std::string_view project, std::string_view parent_type,
                    std::string_view type, std::string_view name) {
  std::string urn = "urn:pulumi:";
  urn.append(stack).append("::").append(project).append("::");
  if (!parent_type.empty()) urn.append(parent_type).append("$");
  return urn.append(type).append("::").append(name);
}

ProviderReference ParseProviderReference(std::string_view reference) {
  const auto at = reference.rfind("::");
  // A reference without an id is the URN alone: its last "::" stands before the name.
  if (at == std::string_view::npos || !ParseUrn(reference.substr(0, at))) return {reference, {}};
  return {reference.substr(0, at), reference.substr(at + 2)};
}

}  // namespace guardrails
