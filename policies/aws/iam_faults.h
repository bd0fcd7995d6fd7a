// What of an IAM policy document gives more than least privilege, or is no statement that IAM would take.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policies/aws/iam.h"

namespace fastcart {

struct PolicyFault {
  enum class Kind : std::uint8_t {
    kNoEffect,       // neither Allow nor Deny
    kNoAction,       // Allow without an Action, or with one that is no text
    kNoResource,     // the same of its Resource
    kEveryAction,    // "*" or "service:*": `action`
    kNotAction,      // Allow for all but some
    kEveryResource,  // `action`, which AWS could scope, on "*" without a condition that scopes it
    kNotResource,
    kAnyone,         // a principal "*" without a condition
  };
  Kind kind;
  const PolicyStatement* statement;
  std::string_view action = {};
  bool open = false;  // it is not known yet whether it is one
};

struct LeastPrivilege {
  std::vector<std::string> unscoped_actions;  // patterns; besides those of CannotBeScoped
  std::vector<std::string> scoping_keys;      // patterns of condition keys
};

// In the order of the statements. `trust` documents name principals, others resources. Views into the document.
std::vector<PolicyFault> FaultsOf(const PolicyDocument& document, bool trust, const LeastPrivilege& settings);

}  // namespace fastcart
