#include "policies/aws/iam_actions.h"

#include <algorithm>
#include <string>

namespace fastcart {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool AnyMatches(std::string_view pattern, std::string_view names) {
  while (!names.empty()) {
    const auto end = std::min(names.find(' '), names.size());
    if (MatchesWildcard(pattern, names.substr(0, end))) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

const IamService* ServiceOf(std::string_view prefix) {
  std::string lower(prefix);
  std::transform(lower.begin(), lower.end(), lower.begin(), Lower);
  const auto all = IamServices();
  const auto at =
      std::lower_bound(all.begin(), all.end(), lower, [](const auto& s, const auto& p) { return s.prefix < p; });
  return at == all.end() || at->prefix != lower ? nullptr : &*at;
}

}  // namespace

bool CannotBeScoped(std::string_view action) {
  const auto colon = action.find(':');
  if (colon == std::string_view::npos) return false;
  const IamService* service = ServiceOf(action.substr(0, colon));
  const std::string_view name = action.substr(colon + 1);
  return service && AnyMatches(name, service->unscoped) && !AnyMatches(name, service->scoped);
}

bool MatchesWildcard(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || Lower(pattern[p]) == Lower(text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace fastcart
