// ECS services and task sets, in the words of both providers: their network and what they run on.
//
// A task set is a revision of a service with an EXTERNAL deployment controller: network and launch type stand there.
// Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html and API_CreateTaskSet.html. Pure and
// thread-safe; valid while the stack lives.
#pragma once

#include <optional>

#include "analyzer/model/stack.h"
#include "analyzer/policy/text.h"

namespace fastcart {

extern const guardrails::Target kServicesAndTaskSets;

struct EcsNetwork {
  guardrails::Property configuration, subnets, groups, public_ip;
  bool in_words;  // public_ip is "ENABLED" or "DISABLED" (aws-native) instead of a boolean
};
EcsNetwork NetworkOf(const guardrails::Stack& stack, const guardrails::Resource& service);

// Its task sets are judged instead of it.
bool HasTaskSets(const guardrails::Stack& stack, const guardrails::Resource& service);

struct Launch {
  enum class On { kFargate, kOther, kUnknown } on = On::kUnknown;
  guardrails::Property at;                // where that is said
  std::optional<guardrails::Text> found;  // of kOther: where no single property says it
  guardrails::Text why = {};              // of kUnknown
  bool missing = false;                   // of kUnknown: the file leaves out unchanged resources
};
// By launchType, else the capacity provider strategy, else the default strategy of its cluster.
Launch LaunchOf(const guardrails::Stack& stack, const guardrails::Resource& service);

}  // namespace fastcart
