#include "policies/aws/resource_types.h"

#include <algorithm>

namespace fastcart {

const ResourceType* FindResourceType(std::string_view type) {
  const auto all = ResourceTypes();
  const auto at = std::lower_bound(all.begin(), all.end(), type, [](auto& r, auto wanted) { return r.type < wanted; });
  return at != all.end() && at->type == type ? &*at : nullptr;
}

}  // namespace fastcart
