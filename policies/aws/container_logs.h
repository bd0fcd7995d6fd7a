// Which CloudWatch log groups the containers of an ECS task definition write to.
#pragma once

#include <vector>

#include "analyzer/model/stack.h"
#include "analyzer/value/arena.h"

namespace fastcart {

struct ContainerLogs {
  // The `awslogs-group` (or, through FireLens, `log_group_name`) of each container that logs to CloudWatch; absent
  // where it names none, unknown where it is not known whether or where a container logs.
  std::vector<guardrails::Property> groups;
  // The definitions as a whole, where they are unknown, or no list of containers.
  std::vector<guardrails::Property> unknown, malformed;
};

// `arena` keeps what is read from JSON text.
ContainerLogs ContainerLogsOf(guardrails::Arena& arena, const guardrails::Resource& task_definition);

}  // namespace fastcart
