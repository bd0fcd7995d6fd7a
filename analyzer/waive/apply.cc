#include "analyzer/waive/apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "analyzer/model/urn.h"
#include "analyzer/waive/digest.h"

namespace guardrails {
namespace {

using Entry = WaiverBook::Entry;

// A finding, and what waivers ask of it.
class Case {
 public:
  Case(const ConfiguredRule& rule, const Finding& finding, Place place)
      : rule_(rule), finding_(finding), place_(std::move(place)), path_(finding.path.ToString()) {}

  bool IsMeantBy(const Entry& entry) const {
    const Waiver& w = entry.waiver;
    return w.rule == rule_.guardrail->name && (!w.property || *w.property == path_) && entry.Names(place_.urn, place_.name);
  }

  WaiverState StateOf(const Entry& entry, Date today) {
    if (finding_.verdict == Verdict::kUndecided) return WaiverState::kUndecided;
    if (!rule_.waivable) return WaiverState::kNotWaivable;
    if (entry.expires < today) return WaiverState::kExpired;
    if (!digest_) digest_ = ValueDigest(finding_, place_);
    if (!*digest_) return WaiverState::kWithheld;
    const auto& values = entry.waiver.values;
    return std::find(values.begin(), values.end(), **digest_) != values.end() ? WaiverState::kActive : WaiverState::kChanged;
  }

 private:
  const ConfiguredRule& rule_;
  const Finding& finding_;
  Place place_;
  std::string path_;
  std::optional<std::optional<std::string>> digest_;  // made when it is first asked for
};

// The waiver is for this stack, as far as it says.
bool IsOfStack(const Waiver& waiver, const Stack& stack) {
  if (!waiver.stack.empty()) return waiver.stack == stack.name();
  const auto urn = waiver.is_pattern ? std::nullopt : ParseUrn(waiver.resource);
  return !urn || (urn->stack == stack.name() && urn->project == stack.project());
}

WaiverStates Start(const WaiverBook& book, const ConfiguredPack& pack, const Stack& stack,
                   const std::set<std::string, std::less<>>& chosen) {
  std::set<std::string_view> judged;
  for (const ConfiguredRule& r : pack.rules())
    if (r.level != Level::kDisabled && (chosen.empty() || chosen.contains(r.guardrail->name))) judged.insert(r.guardrail->name);
  WaiverStates out;
  for (const Entry& e : book.entries()) {
    const bool known = judged.contains(e.waiver.rule) && IsOfStack(e.waiver, stack) && !stack.facts().partial;
    out.push_back(known ? WaiverState::kUnmatched : WaiverState::kNotJudged);
  }
  return out;
}

void ApplyTo(Finding& finding, Case& about, const WaiverBook& book, const Stack& stack, WaiverStates& states) {
  auto best = WaiverState::kUnmatched;
  const Waiver* by = nullptr;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const Entry& entry = book.entries()[i];
    if (!about.IsMeantBy(entry) || !IsOfStack(entry.waiver, stack)) continue;
    const WaiverState state = about.StateOf(entry, book.today());
    states[i] = std::max(states[i], state);
    if (state <= best) continue;
    best = state;
    by = &entry.waiver;
  }
  if (by == nullptr || !IsListed(finding)) return;
  if (best == WaiverState::kActive) {
    finding.waiver = by;
  } else {
    finding.lapsed = AboutWaiver(best, *by);
  }
}

}  // namespace

std::string_view WaiverStateName(WaiverState state) {
  switch (state) {
    case WaiverState::kNotJudged: return "notJudged";
    case WaiverState::kUnmatched: return "unmatched";
    case WaiverState::kUndecided: return "undecided";
    case WaiverState::kWithheld: return "withheld";
    case WaiverState::kChanged: return "valueChanged";
    case WaiverState::kExpired: return "expired";
    case WaiverState::kNotWaivable: return "notWaivable";
    case WaiverState::kActive: return "active";
  }
  return "notJudged";
}

std::string InWords(WaiverState state, const Waiver& waiver) {
  switch (state) {
    case WaiverState::kNotJudged: return "was not needed: its rule or its resource was not judged";
    case WaiverState::kUnmatched: return "matches nothing; remove it";
    case WaiverState::kUndecided: return "does not count: what is undecided cannot be waived";
    case WaiverState::kWithheld: return "cannot be compared: the source withholds the secret (--show-secrets shows it)";
    case WaiverState::kChanged: return "was granted for another value";
    case WaiverState::kExpired: return "expired on " + waiver.expires;
    case WaiverState::kNotWaivable: return fmt::format("does not count: the policy configuration allows none from {}", waiver.rule);
    case WaiverState::kActive: return "holds until " + waiver.expires;
  }
  return {};
}

Text AboutWaiver(WaiverState state, const Waiver& waiver) {
  return Text("The waiver of ") + Text::Setting(waiver.owner) + " (" + Text::Setting(waiver.place) + ") " +
         Text::Setting(InWords(state, waiver)) + ".";
}

void MergeStates(WaiverStates& to, const WaiverStates& from) {
  to.resize(std::max(to.size(), from.size()), WaiverState::kNotJudged);
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = std::max(to[i], from[i]);
}

WaiverStates ApplyWaivers(const WaiverBook& book, const ConfiguredPack& pack, const Stack& stack,
                          const std::set<std::string, std::less<>>& chosen, Results& results) {
  WaiverStates states = Start(book, pack, stack, chosen);
  for (Finding& f : results.findings) {
    if (!IsListed(f) && f.verdict != Verdict::kUndecided) continue;
    Case about(pack.RuleOf(f), f, PlaceOf(stack, f));
    ApplyTo(f, about, book, stack, states);
  }
  return states;
}

}  // namespace guardrails
