#include "analyzer/cli/waive.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analyzer/cli/check.h"
#include "analyzer/cli/console.h"
#include "analyzer/cli/waivers.h"
#include "analyzer/waive/digest.h"

namespace guardrails {
namespace {

struct Found {
  const FileReport* file;
  const Finding* finding;
};

bool IsMeant(const WaiveOptions& options, const FileReport& file, const Finding& f) {
  const Place place = PlaceOf(*file.stack, f);
  return (options.resource == place.urn || options.resource == place.name) &&
         (!options.property || *options.property == f.path.ToString());
}

// What was found on the resource: the violations, or what is undecided.
std::vector<Found> FindMeant(const WaiveOptions& options, const Report& report, bool (*wanted)(const Finding&)) {
  std::vector<Found> out;
  for (const FileReport& file : report.files)
    for (const Finding& f : file.results.findings)
      if (wanted(f) && IsMeant(options, file, f)) out.push_back({&file, &f});
  return out;
}

std::string Quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// A JSON string is a YAML one too.
std::string Entry(const WaiveOptions& options, const Finding& f, const std::string& digest) {
  return fmt::format("  - rule: {}\n    resource: {}\n    property: {}\n    owner: {}\n    reason: {}\n    expires: {}\n"
                     "    value: {}\n",
                     options.rule, Quoted(options.resource), Quoted(f.path.ToString()), Quoted(options.owner),
                     Quoted(options.reason), Quoted(options.expires), digest);
}

absl::Status Wrong(const WaiveOptions& options, std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("{} on {}: {}", options.rule, options.resource, why));
}

absl::StatusOr<std::string> Entries(const WaiveOptions& options, const Report& report) {
  const std::vector<Found> found = FindMeant(options, report, IsListed);
  if (found.empty()) {
    const bool undecided =
        !FindMeant(options, report, [](const Finding& f) { return f.verdict == Verdict::kUndecided; }).empty();
    return Wrong(options, undecided ? "what is undecided cannot be waived" : "nothing wrong was found, so there is nothing to waive");
  }
  std::string out;
  for (const auto& [file, finding] : found) {
    if (!report.pack->RuleOf(*finding).waivable) return Wrong(options, "the policy configuration allows no waivers of this rule");
    const auto digest = ValueDigest(*finding, PlaceOf(*file->stack, *finding));
    if (!digest) return Wrong(options, "the file withholds the secret that was found; export the stack with --show-secrets");
    std::string entry = Entry(options, *finding, *digest);
    if (out.find(entry) == std::string::npos) out += entry;
  }
  return out;
}

// The same checks as of a file, so that what is printed can be used; and that it is of use, which a file may outlive.
absl::Status Check(const Pack& pack, const WaiveOptions& options, const std::string& entries, Date today) {
  const absl::Status parsed = ParseWaivers("waivers:\n" + entries, "the new entry", pack, today).status();
  if (!parsed.ok() || *ParseDate(options.expires) >= today) return parsed;
  return absl::InvalidArgumentError(
      fmt::format("--expires {} is past, today is {}: the waiver would never hold", options.expires, ShowDate(today)));
}

}  // namespace

int RunWaive(const Pack& pack, const WaiveOptions& options) {
  const auto report = JudgeFiles(pack, options.check);
  if (!report.ok()) return Exit(report.status());
  if (Count(**report).errors > 0) return kExitError;
  const auto entries = Entries(options, **report);
  if (!entries.ok()) return Exit(entries.status());
  const Date today = options.check.today.value_or(TodayInUtc());
  if (const absl::Status checked = Check(pack, options, *entries, today); !checked.ok()) return Exit(checked);
  return Exit(WriteStdout((options.append ? "" : "waivers:\n") + *entries));
}

}  // namespace guardrails
