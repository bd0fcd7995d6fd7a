// Whether databases, caches and ECS services each have security groups of their own kind.
//
// Source: docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html (what AWS uses where none is named).
#pragma once

#include "analyzer/policy/sink.h"
#include "policies/aws/security_groups.h"

namespace fastcart {

// Says what is wrong with the groups of one user: none named, a VPC's default group, or one shared with another kind.
void JudgeOwnGroups(const guardrails::Stack& stack, const GroupUser& user, guardrails::Sink& out);

}  // namespace fastcart
