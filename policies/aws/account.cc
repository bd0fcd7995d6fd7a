#include "policies/aws/account.h"

#include <algorithm>
#include <unordered_map>

#include "policies/aws/arn.h"

namespace fastcart {
namespace {

using namespace guardrails;

// By the URN of a provider: the account that its resources' ARNs name; empty where they disagree.
class Accounts {
 public:
  explicit Accounts(const Stack& stack) {
    for (const Resource& r : stack.resources()) {
      const auto arn = r.external ? std::nullopt : ParseArn(r.outputs["arn"].raw_string());
      if (!arn || arn->account.empty()) continue;
      const auto [at, added] = of_provider_.emplace(r.provider.urn, arn->account);
      if (!added && at->second != arn->account) at->second = {};
    }
  }

  std::string_view Of(std::string_view provider) const {
    const auto at = of_provider_.find(provider);
    return at == of_provider_.end() ? std::string_view() : at->second;
  }

 private:
  std::unordered_map<std::string_view, std::string_view> of_provider_;
};

bool Holds(const Value& list, std::string_view account) {
  const auto all = list.elements();
  return std::any_of(all.begin(), all.end(), [account](const Value& v) { return v.raw_string() == account; });
}

bool AllKnown(const Value& list) {
  const auto all = list.elements();
  return !all.empty() && std::all_of(all.begin(), all.end(), [](const Value& v) { return v.known(); });
}

}  // namespace

bool IsOtherAccount(const Stack& stack, const Resource& resource, std::string_view account) {
  if (account.empty()) return false;
  const Value allowed = resource.provider.properties["allowedAccountIds"];
  if (AllKnown(allowed) && !Holds(allowed, account)) return true;
  if (Holds(resource.provider.properties["forbiddenAccountIds"], account)) return true;
  const std::string_view known = stack.Knowledge<Accounts>().Of(resource.provider.urn);
  return !known.empty() && known != account;
}

}  // namespace fastcart
