// Whether the containers of an ECS task definition log to CloudWatch log groups of the stack.
//
// Read are the log drivers awslogs, and awsfirelens with one of its CloudWatch outputs (ECS developer guide, "Send
// Amazon ECS logs to CloudWatch" and "… to an AWS service"); what other drivers do is not CloudWatch's.
#pragma once

#include <vector>

#include "analyzer/model/stack.h"
#include "analyzer/policy/text.h"

namespace fastcart {

struct ContainerLog {
  enum class Goes {
    kToTheStack,
    kElsewhere,    // to a group that the stack does not manage, or to none: `found` says what stands at `at`
    kUnknown,      // `why` says why
    kMissing,      // to a group that the file, a partial preview, may leave out
    kNotReadable,  // `at` is no list of containers, or no description of one, but as `found` says
  } goes = Goes::kUnknown;
  guardrails::Path at;
  guardrails::Text found = {}, why = {};
};

// One for each container that logs to CloudWatch or that may, one for definitions that are unknown as a whole.
std::vector<ContainerLog> ContainerLogsOf(const guardrails::Stack& stack, const guardrails::Resource& task_definition);

}  // namespace fastcart
