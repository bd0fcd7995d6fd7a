// The AWS account that a resource is made in, as far as the stack shows it.
//
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html (the account stands in the ARN), and the inputs
// allowedAccountIds and forbiddenAccountIds of the provider. Pure and thread-safe.
#pragma once

#include <string_view>

#include "analyzer/model/stack.h"

namespace fastcart {

// True when the account is certainly another one than the resource's: its provider does not allow it, or the ARNs of
// what the same provider already made name another. False also where nothing is known.
bool IsOtherAccount(const guardrails::Stack& stack, const guardrails::Resource& resource, std::string_view account);

}  // namespace fastcart
