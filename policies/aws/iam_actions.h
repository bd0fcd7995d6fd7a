// Which IAM actions AWS can scope to a resource: the data behind "Resource": "*".
//
// Source: AWS's service authorization reference; see iam_actions_data.cc, which is generated.
#pragma once

#include <span>
#include <string_view>

namespace fastcart {

// A service prefix and its actions in lower case, sorted and separated by spaces: those that name no resource type,
// and those that do.
struct IamService {
  std::string_view prefix, unscoped, scoped;
};
std::span<const IamService> IamServices();  // sorted by prefix

// "s3:ListAllMyBuckets", and a pattern such as "xray:Put*" if none of the actions that it covers names a resource type.
// False for an action that the reference does not have.
bool CannotBeScoped(std::string_view action);

// IAM's wildcards, * and ?, without regard to case.
bool MatchesWildcard(std::string_view pattern, std::string_view text);

}  // namespace fastcart
