// GitLab's code quality report: a list of issues (docs.gitlab.com/ci/testing/code_quality). It knows no suppression:
// what is waived says so, and is of severity info, as is what is undecided. Nor does it know errors: what could not be
// judged is an issue, for an empty list shows as a clean stack.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "analyzer/policy/waiver.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/format.h"
#include "analyzer/report/listed.h"
#include "analyzer/waive/digest.h"

namespace guardrails {
namespace {

using Json = nlohmann::ordered_json;

std::string_view SeverityOf(const Listed& listed) {
  if (listed.waived() || listed.finding->verdict != Verdict::kViolation) return "info";
  switch (listed.finding->guardrail->severity) {
    case Severity::kCritical: return "blocker";
    case Severity::kHigh: return "critical";
    case Severity::kMedium: return "major";
    case Severity::kLow: return "minor";
  }
  return "info";
}

// GitLab requires a path and a line: where the program's are not known, the file that was judged.
Json Location(const Listed& listed) {
  if (listed.source.empty()) return {{"path", NameOf(*listed.file)}, {"lines", {{"begin", 1}}}};
  return {{"path", listed.source.front().file}, {"lines", {{"begin", listed.source.front().line}}}};
}

class GitlabWriter {
 public:
  void Add(const Listed& listed) {
    const std::string message = PlainText(Message(*listed.finding).str());
    issues_.push_back({{"description", fmt::format("{}: {}", listed.finding->guardrail->name, message)},
                       {"check_name", listed.finding->guardrail->name},
                       {"fingerprint", Unique(Fingerprint(*listed.finding, listed.place))},
                       {"severity", SeverityOf(listed)},
                       {"location", Location(listed)}});
  }
  void AddError(const FileReport& file, const std::string& error) {
    issues_.push_back({{"description", PlainText(error)},
                       {"check_name", "error"},
                       {"fingerprint", Unique(Sha256(fmt::format("error in {}: {}", NameOf(file), error)))},
                       {"severity", "blocker"},
                       {"location", {{"path", NameOf(file)}, {"lines", {{"begin", 1}}}}}});
  }
  std::string Text() const { return issues_.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

 private:
  // GitLab keeps one issue of each fingerprint.
  std::string Unique(const std::string& fingerprint) {
    const std::size_t before = seen_[fingerprint]++;
    return before == 0 ? fingerprint : fmt::format("{}-{}", fingerprint, before + 1);
  }

  Json issues_ = Json::array();
  std::map<std::string, std::size_t> seen_;
};

}  // namespace

std::string WriteGitlab(const Report& report, const Look&) {
  GitlabWriter writer;
  for (const FileReport& file : report.files)
    for (const std::string& error : file.errors) writer.AddError(file, error);
  for (const Listed& violation : Violations(report)) writer.Add(violation);
  for (const Listed& undecided : Undecided(report)) writer.Add(undecided);
  return writer.Text();
}

}  // namespace guardrails
