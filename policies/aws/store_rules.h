// Whether what lets traffic to databases and caches lets in the ECS tasks only, on the store's own port only.
//
// Source: docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html.
#pragma once

#include "analyzer/policy/sink.h"
#include "policies/aws/security_groups.h"

namespace fastcart {

// Says what is wrong with a rule that opens the group of a store; nothing of other rules. Where it is not known which
// group it opens, and it would be wrong for one that it may be, that is undecided. `allow_self`: a group may let itself
// in.
void JudgeStoreRule(const guardrails::Stack& stack, const GroupRule& rule, bool allow_self, guardrails::Sink out);

}  // namespace fastcart
