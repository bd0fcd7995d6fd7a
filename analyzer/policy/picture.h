// A stack as a picture, as data: things, the groups that they stand in, and who leads to whom.
//
// A pack that knows what its resources mean gives it (Pack::picture); a report draws it, and marks what was found wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "analyzer/model/resource.h"
#include "analyzer/policy/text.h"

namespace guardrails {

struct Picture {
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  struct Group {
    enum class Tone : std::uint8_t { kPlain, kOpen, kClosed, kUnknown };  // open: reached from the internet
    Text label;                        // "Public subnets"
    Tone tone = Tone::kPlain;
    std::size_t parent = kNone;        // index into groups, smaller than its own
    const Resource* resource = nullptr;  // the group is this resource: a VPC, a subnet
  };
  struct Thing {
    Text label;                          // its name
    Text kind;                           // "KMS key"
    std::size_t group = kNone;           // index into groups
    const Resource* resource = nullptr;  // null: outside of the stack
    std::vector<const Resource*> parts = {};  // what is wrong with these is shown as its own fault
  };
  struct Arrow {
    enum class Kind : std::uint8_t { kTraffic, kEncrypts, kRoute };
    std::size_t from = 0, to = 0;        // indexes into things
    Kind kind = Kind::kTraffic;
    Text label = {};                     // "TCP 5432"
    bool certain = true;                 // false: it cannot be told whether it is so
    const Resource* by = nullptr;        // whose fault it is where it is wrong: a rule of a security group; null: nobody's
    std::string_view property = {};      // the top-level property of `by` that says it; empty: all of it
  };

  std::vector<Group> groups;
  std::vector<Thing> things;
  std::vector<Arrow> arrows;
};

}  // namespace guardrails
