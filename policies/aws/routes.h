// Routes of route tables, in every spelling, and where they lead.
//
// Spellings: `routes` of RouteTable and DefaultRouteTable, aws.ec2.Route, aws-native:ec2:Route. A target is told by
// the id of a resource in the stack, by the prefix of a literal id (igw-, nat-, …), or by the edges of the property.
// Source: docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/model/stack.h"

namespace fastcart {

enum class Leads : std::uint8_t {
  kInternet,   // to an internet gateway, out and in; an egress-only gateway is kElsewhere
  kNat,
  kElsewhere,
  kUnknown,
};

struct Route {
  const guardrails::Resource* by = nullptr;  // the Route, or the table that holds it inline
  guardrails::Path path = {};                // of an inline one: routes[0]; empty for a Route
  guardrails::Value ipv4 = {};               // the IPv4 destination; absent where it has another one
  bool to_prefix_list = false;               // its destination is a prefix list
  Leads leads = Leads::kUnknown;
  const guardrails::Resource* gateway = nullptr;  // the internet or NAT gateway, where the stack shows which
  bool outside = false;                           // that gateway is certainly none that the stack manages
};

// The routes that stand in the table itself.
std::vector<Route> InlineRoutes(const guardrails::Stack& stack, const guardrails::Resource& table);
// What an aws.ec2.Route says, whichever table it belongs to.
Route SeparateRoute(const guardrails::Stack& stack, const guardrails::Resource& route);

}  // namespace fastcart
