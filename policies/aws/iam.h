// IAM policy documents as data; where a stack has them: iam_places.h.
//
// A document is JSON text (also that of getPolicyDocument) or an object, in which parts may be unknown. It is parsed,
// never searched by pattern. Grammar: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. What is
// read here may be secret: it goes into a message by Text::Part only.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/value/value.h"
#include "policies/aws/certainty.h"

namespace fastcart {

// Action, Resource and their opposites: a text, or a list of texts.
struct PolicyTexts {
  bool present = false;
  bool unknown = false;  // there is more that is not known
  bool malformed = false;
  std::vector<std::string> texts;
};

struct PolicyStatement {  // NOLINT(bugprone-exception-escape): the check distrusts nlohmann's own noexcept move
  enum class Effect : std::uint8_t { kAllow, kDeny, kUnknown, kNone };  // kNone: missing, or no such word
  std::size_t number = 0;  // from 1
  std::string sid;
  Effect effect = Effect::kNone;
  PolicyTexts actions, not_actions, resources, not_resources;
  Certainty anyone = Certainty::kNo;  // its Principal is "*" in one of the spellings, or all but some
  nlohmann::json condition;           // null: none

  // A condition of which a key tells something: one that every value meets is none.
  Certainty HasCondition() const;
  // A condition on one of these keys (wildcards allowed) that only what the keys speak of can meet: not negated, not
  // met by their absence, and not by every value.
  Certainty IsScopedBy(const std::vector<std::string>& keys) const;
};

struct PolicyDocument {
  enum class State : std::uint8_t { kAbsent, kUnknown, kInvalid, kRead };
  State state = State::kAbsent;
  std::string_view fault = {};  // of kInvalid: "is not valid JSON"
  bool secret = false;          // in any part
  std::vector<PolicyStatement> statements = {};
};

PolicyDocument ReadPolicy(const guardrails::Value& value);

// "*", also as "arn:aws:*:*:*:*" and its like.
bool IsEveryResource(std::string_view resource);
// "*", "s3:*", and patterns that come to the same.
bool IsEveryAction(std::string_view action);

}  // namespace fastcart
