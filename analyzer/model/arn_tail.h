// The name at the end of an ARN: how many a resource is known by besides the ARN itself.
#pragma once

#include <string_view>

namespace guardrails {

// The resource part of an ARN: "key/1234" of arn:aws:kms:eu-central-1:1:key/1234. Empty for other text.
inline std::string_view ArnResource(std::string_view arn) {
  if (!arn.starts_with("arn:")) return {};
  for (int field = 0; field < 5; ++field) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return arn;
}

// The resource part behind its type: "1234" of …:key/1234, "/ecs/app" of …:log-group:/ecs/app.
inline std::string_view ArnTail(std::string_view arn) {
  const std::string_view resource = ArnResource(arn);
  const auto at = resource.find_first_of("/:");
  return at == std::string_view::npos ? resource : resource.substr(at + 1);
}

}  // namespace guardrails
