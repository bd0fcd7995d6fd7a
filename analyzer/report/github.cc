// GitHub's workflow commands: each violation as an annotation of the line that made the resource.
// (docs.github.com/actions/reference/workflow-commands-for-github-actions)
#include <fmt/format.h>

#include "analyzer/policy/waiver.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/format.h"
#include "analyzer/report/listed.h"
#include "analyzer/report/look.h"

namespace guardrails {
namespace {

std::string Command(std::string_view command, const std::vector<SourceLine>& source, std::string_view title,
                    std::string_view message) {
  std::string out = fmt::format("::{} ", command);
  if (!source.empty()) out += fmt::format("file={},line={},", CommandProperty(source.front().file), source.front().line);
  return out + fmt::format("title={}::{}\n", CommandProperty(title), CommandData(message));
}

std::string_view CommandOf(const Listed& listed) {
  if (listed.waived() || listed.finding->verdict == Verdict::kUndecided) return "notice";
  return listed.level == Level::kMandatory ? "error" : "warning";
}

std::string Annotation(const Listed& listed) {
  const Guardrail& rule = *listed.finding->guardrail;
  return Command(CommandOf(listed), listed.source, fmt::format("{} ({})", rule.name, SeverityName(rule.severity)),
                 Message(*listed.finding).str());
}

}  // namespace

std::string WriteGithub(const Report& report, const Look&) {
  std::string out;
  for (const FileReport& file : report.files)
    for (const std::string& error : file.errors) out += Command("error", {}, report.pack->pack().name, error);
  for (const Listed& violation : Violations(report)) out += Annotation(violation);
  for (const Listed& undecided : Undecided(report)) out += Annotation(undecided);
  return out + Printable({}, SummaryInWords(report)) + "\n";  // no command: nothing is escaped in it
}

}  // namespace guardrails
