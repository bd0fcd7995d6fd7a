#include "analyzer/waive/apply.h"

#include <fmt/format.h>
#include <re2/set.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
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

  const Place& place() const { return place_; }
  std::string_view rule() const { return rule_.guardrail->name; }
  bool IsAt(const std::optional<std::string>& property) const { return !property || *property == path_; }

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

// The entries of one rule, by what they name, so that a finding is not held against each of them.
class OfRule {
 public:
  void Add(const Entry& entry, std::size_t index) {
    if (entry.pattern) {
      patterns_.emplace_back(&entry, index);
    } else {
      exact_[entry.waiver.resource].push_back(index);
    }
  }

  // Indexes of those that name the place, in the order of the file.
  std::vector<std::size_t> Naming(const Place& place) {
    std::vector<std::size_t> out;
    for (const std::string_view text : {std::string_view(place.urn), std::string_view(place.name)})
      if (const auto at = exact_.find(text); at != exact_.end()) out.insert(out.end(), at->second.begin(), at->second.end());
    AddPatternsNaming(place, out);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

 private:
  // How many places are held against each pattern before all of them are made one, which takes about as long.
  static constexpr std::size_t kFewPlaces = 100;

  void AddPatternsNaming(const Place& place, std::vector<std::size_t>& out) {
    if (patterns_.empty()) return;
    if (++places_ == kFewPlaces) MakeSet();
    if (set_ && AddMatchesOfSet(place.urn, out) && AddMatchesOfSet(place.name, out)) return;
    for (const auto& [entry, index] : patterns_)
      if (entry->Names(place.urn, place.name)) out.push_back(index);
  }

  // No set is left where the patterns together are more than RE2 takes.
  void MakeSet() {
    set_.emplace(RE2::Quiet, RE2::ANCHOR_BOTH);
    for (const auto& [entry, index] : patterns_)
      if (set_->Add(entry->waiver.resource, nullptr) < 0) return set_.reset();
    if (!set_->Compile()) set_.reset();
  }

  // False: this text is too much for the set.
  bool AddMatchesOfSet(const std::string& text, std::vector<std::size_t>& out) const {
    std::vector<int> matches;
    RE2::Set::ErrorInfo error{RE2::Set::kNoError};
    if (!set_->Match(text, &matches, &error)) return error.kind == RE2::Set::kNoError;
    for (const int i : matches) out.push_back(patterns_[static_cast<std::size_t>(i)].second);
    return true;
  }

  absl::flat_hash_map<std::string_view, std::vector<std::size_t>> exact_;
  std::vector<std::pair<const Entry*, std::size_t>> patterns_;
  std::optional<RE2::Set> set_;  // of the patterns, in their order
  std::size_t places_ = 0;
};

// The entries of a book that are for one stack.
class Index {
 public:
  Index(const WaiverBook& book, const Stack& stack) {
    for (std::size_t i = 0; i < book.entries().size(); ++i) {
      const Entry& entry = book.entries()[i];
      if (IsOfStack(entry.waiver, stack)) rules_[entry.waiver.rule].Add(entry, i);
    }
  }

  // Indexes into the book of those that name the rule and the place, in the order of the file.
  std::vector<std::size_t> Of(const Case& about) {
    const auto at = rules_.find(about.rule());
    return at == rules_.end() ? std::vector<std::size_t>() : at->second.Naming(about.place());
  }

 private:
  std::map<std::string_view, OfRule> rules_;
};

void ApplyTo(Finding& finding, Case& about, const WaiverBook& book, Index& index, WaiverStates& states) {
  auto best = WaiverState::kUnmatched;
  const Waiver* by = nullptr;
  for (const std::size_t i : index.Of(about)) {
    const Entry& entry = book.entries()[i];
    if (!about.IsAt(entry.waiver.property)) continue;
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
  Index index(book, stack);
  for (Finding& f : results.findings) {
    if (!IsListed(f) && f.verdict != Verdict::kUndecided) continue;
    Case about(pack.RuleOf(f), f, PlaceOf(stack, f));
    ApplyTo(f, about, book, index, states);
  }
  return states;
}

}  // namespace guardrails
