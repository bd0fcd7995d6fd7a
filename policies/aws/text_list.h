// Lists of texts that must hold a certain one.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/value/property.h"

namespace fastcart {

inline bool Holds(const std::vector<guardrails::Property>& list, std::string_view text) {
  return std::any_of(list.begin(), list.end(), [text](const auto& p) { return p.value().raw_string() == text; });
}

// The list with the text added. Nothing where it already holds it, or where it may not be written out again: it is not
// wholly known, or is secret.
inline std::optional<std::vector<std::string>> WithText(const guardrails::Property& list, std::string_view text) {
  const auto read = list.ReadList();
  const auto* elements = guardrails::IfKnown(read);
  if (list.unknown() || list.secret() || (elements && Holds(*elements, text))) return std::nullopt;
  std::vector<std::string> out;
  for (const auto& element : elements ? *elements : std::vector<guardrails::Property>()) {
    if (element.value().kind() != guardrails::Kind::kString || element.secret()) return std::nullopt;
    out.emplace_back(element.value().raw_string());
  }
  out.emplace_back(text);
  return out;
}

}  // namespace fastcart
