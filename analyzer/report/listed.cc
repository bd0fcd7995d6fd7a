#include "analyzer/report/listed.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "analyzer/policy/waiver.h"
#include "analyzer/report/look.h"

namespace guardrails {
namespace {

Level LevelIfNotWaived(const ConfiguredPack& pack, const Finding& finding) {
  if (finding.verdict != Verdict::kViolation) return Level::kAdvisory;
  return pack.RuleOf(finding).level == Level::kAdvisory ? Level::kAdvisory : Level::kMandatory;
}

template <class Wanted>
std::vector<Listed> List(const Report& report, Wanted wanted) {
  std::vector<Listed> out;
  for (const FileReport& file : report.files) {
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    for (const Finding& f : file.results.findings)
      if (wanted(f))
        out.push_back({&file, &f, PlaceOf(*file.stack, f), f.path.ToString(), LevelIfNotWaived(*report.pack, f),
                       SourceOf(f.resource, report.source_root)});
    std::stable_sort(out.begin() + begin, out.end(), [](const Listed& a, const Listed& b) {
      return std::tie(a.finding->guardrail->name, a.place.urn, a.property) <
             std::tie(b.finding->guardrail->name, b.place.urn, b.property);
    });
  }
  return out;
}

}  // namespace

std::vector<Listed> Violations(const Report& report) { return List(report, IsListed); }

std::vector<Listed> Undecided(const Report& report) {
  return List(report, [](const Finding& f) { return f.verdict == Verdict::kUndecided; });
}

std::vector<Group> ByResource(std::vector<Listed> violations) {
  const auto rank = [](const Listed& v) {
    return std::tuple(v.waived(), v.level != Level::kMandatory, -static_cast<int>(v.finding->guardrail->severity));
  };
  std::map<std::pair<const FileReport*, const Resource*>, std::size_t> index;
  std::vector<Group> groups;
  for (Listed& violation : violations) {
    const auto [at, added] = index.emplace(std::pair(violation.file, violation.finding->resource), groups.size());
    if (added) groups.emplace_back();
    groups[at->second].violations.push_back(std::move(violation));
  }
  for (Group& group : groups)
    std::stable_sort(group.violations.begin(), group.violations.end(),
                     [&](const Listed& a, const Listed& b) { return rank(a) < rank(b); });
  std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
    return rank(a.violations.front()) < rank(b.violations.front());
  });
  return groups;
}

std::string SummaryInWords(const Report& report) {
  const Summary found = Count(report);
  std::string out =
      fmt::format("{} ({} mandatory, {} advisory), {} undecided, {} passed, {} not applicable; {}, {}",
                  Counted(found.violations(), "violation"), found.mandatory, found.advisory, found.undecided, found.passed,
                  found.not_applicable, Counted(found.files, "file"), Counted(found.resources, "resource"));
  if (found.waived > 0) out += fmt::format(", {} waived", found.waived);
  if (!report.baseline.empty()) out += fmt::format(", {} known from {}", report.known, report.baseline);
  return found.errors > 0 ? out + ", " + Counted(found.errors, "error") : out;
}

std::string WhatIsWrong(const Listed& listed) {
  const Finding& f = *listed.finding;
  const std::string& where = listed.property;
  if (f.verdict == Verdict::kNote) return where.empty() ? f.reason.str() : fmt::format("{}: {}", where, f.reason.str());
  const std::string found = f.verdict == Verdict::kUndecided ? "not decided: " + f.reason.str() : FoundInWords(f).str();
  const std::string_view between = where.empty() ? "" : f.verdict == Verdict::kUndecided ? ": " : " ";
  const std::string lapsed = f.lapsed.empty() ? "" : " " + f.lapsed.str();
  return fmt::format("{}{}{}; wanted: {}.{}", where, between, found, f.expected.str(), lapsed);
}

std::string WaiverInWords(const Waiver& waiver) {
  return fmt::format("Waived until {} by {}: {}", waiver.expires, waiver.owner, waiver.reason);
}

}  // namespace guardrails
