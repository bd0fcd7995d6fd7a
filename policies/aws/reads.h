// What many rules ask of a value or a resource, in one spelling.
#pragma once

#include <string_view>

#include "analyzer/model/references.h"
#include "analyzer/model/resource.h"
#include "analyzer/policy/guardrail.h"
#include "analyzer/value/property.h"

namespace fastcart {

// What the program asked for; see references.h.
inline guardrails::Property Asked(const guardrails::Subject& subject, std::string_view property) {
  return guardrails::Asked(subject.stack, subject.resource, property);
}

// Nothing, or the empty text that the AWS provider writes into outputs for what a resource does not have.
inline bool IsBlank(const guardrails::Property& at) {
  return at.absent() || (at.value().kind() == guardrails::Kind::kString && at.value().raw_string().empty());
}

// The known text; no other text is, nor any other value.
inline bool IsText(const guardrails::Property& at, std::string_view text) {
  return at.value().kind() == guardrails::Kind::kString && at.value().raw_string() == text;
}

// What is known of the result, empty where it is no known text.
inline std::string_view KnownText(const guardrails::Resource& r, std::string_view property) {
  return r.Result(property).value().raw_string();
}

// Of the provider that names properties as CloudFormation does.
inline bool IsNative(const guardrails::Resource& r) { return r.package() == "aws-native"; }

}  // namespace fastcart
