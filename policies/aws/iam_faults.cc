#include "policies/aws/iam_faults.h"

#include <algorithm>

#include "policies/aws/iam_actions.h"

namespace fastcart {
namespace {

using Effect = PolicyStatement::Effect;
using Kind = PolicyFault::Kind;

class Judge {
 public:
  Judge(const PolicyStatement& statement, const LeastPrivilege& settings, std::vector<PolicyFault>& out)
      : s_(statement), settings_(settings), out_(out) {}

  void Statement(bool trust) {
    if (s_.effect == Effect::kNone) return Say(Kind::kNoEffect);
    if (s_.effect == Effect::kUnknown) return Say(Kind::kNoEffect, {}, true);
    if (s_.effect == Effect::kDeny) return;
    Actions();
    trust ? Principal() : Resources();
  }

 private:
  void Say(Kind kind, std::string_view action = {}, bool open = false) { out_.push_back({kind, &s_, action, open}); }

  void Actions() {
    if (s_.not_actions.present) return Say(Kind::kNotAction);
    if (!s_.actions.present || s_.actions.malformed) Say(Kind::kNoAction);
    for (const std::string& action : s_.actions.texts)
      if (IsEveryAction(action)) Say(Kind::kEveryAction, action);
    if (s_.actions.unknown) Say(Kind::kEveryAction, {}, true);
  }

  void Resources() {
    if (s_.not_resources.present) return Say(Kind::kNotResource);
    if (!s_.resources.present || s_.resources.malformed) return Say(Kind::kNoResource);
    const auto& all = s_.resources.texts;
    const bool every = std::any_of(all.begin(), all.end(), IsEveryResource);
    const Certainty scoped = s_.IsScopedBy(settings_.scoping_keys);
    if (scoped == Certainty::kYes || (!every && !s_.resources.unknown)) return;
    const bool open = scoped == Certainty::kUnknown || !every;
    for (const std::string& action : s_.actions.texts)
      if (!IsEveryAction(action) && !IsUnscoped(action)) Say(Kind::kEveryResource, action, open);
  }

  bool IsUnscoped(std::string_view action) const {
    const auto& more = settings_.unscoped_actions;
    return CannotBeScoped(action) ||
           std::any_of(more.begin(), more.end(), [action](auto& pattern) { return MatchesWildcard(pattern, action); });
  }

  void Principal() {
    const Certainty conditioned = s_.HasCondition();
    if (s_.anyone == Certainty::kNo || conditioned == Certainty::kYes) return;
    Say(Kind::kAnyone, {}, s_.anyone == Certainty::kUnknown || conditioned == Certainty::kUnknown);
  }

  const PolicyStatement& s_;
  const LeastPrivilege& settings_;
  std::vector<PolicyFault>& out_;
};

}  // namespace

std::vector<PolicyFault> FaultsOf(const PolicyDocument& document, bool trust, const LeastPrivilege& settings) {
  std::vector<PolicyFault> out;
  for (const PolicyStatement& s : document.statements) Judge(s, settings, out).Statement(trust);
  return out;
}

}  // namespace fastcart
