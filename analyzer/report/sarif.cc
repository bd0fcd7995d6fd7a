// SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), as GitHub code scanning reads it: one run of this tool, its
// rules with help, one result for each violation. What is undecided is a result of kind "open".
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "analyzer/policy/waiver.h"
#include "analyzer/report/catalogue.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/format.h"
#include "analyzer/report/listed.h"
#include "analyzer/waive/digest.h"

namespace guardrails {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

// GitHub's bands: over 9.0 critical, from 7.0 high, from 4.0 medium.
std::string_view SecuritySeverity(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return "9.5";
    case Severity::kHigh: return "8.0";
    case Severity::kMedium: return "5.5";
    case Severity::kLow: return "2.0";
  }
  return "0.0";
}

std::string_view LevelOf(Severity severity) {
  if (severity == Severity::kLow) return "note";
  return severity == Severity::kMedium ? "warning" : "error";
}

std::string_view LevelOf(const Listed& listed) {
  if (listed.finding->verdict == Verdict::kNote) return "note";
  return listed.level == Level::kMandatory ? "error" : "warning";
}

Json Message(std::string_view text) { return {{"text", PlainText(text)}}; }

// A path as a relative URI.
std::string Uri(std::string_view path) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/@+,=";
  std::string out;
  for (const char c : path)
    out += kPlain.find(c) != std::string_view::npos ? std::string(1, c)
                                                    : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out.starts_with('/') ? "file://" + out : out;
}

Json Help(const Guardrail& g) {
  const std::string text = fmt::format("{}\n\nWhy: {}\n\nHow to comply: {}", g.description, g.why, g.how_to_fix);
  const std::string controls = ControlsInWords(g);
  const std::string example = g.passing.empty() ? "" : fmt::format("\n\n```python{}```", g.passing);
  return {{"text", controls.empty() ? text : text + "\n\nControls: " + controls},
          {"markdown", fmt::format("{}\n\n**Why.** {}\n\n**How to comply.** {}{}{}", g.description, g.why, g.how_to_fix,
                                   example, controls.empty() ? "" : "\n\n**Controls.** " + controls)}};
}

Json Tags(const Guardrail& g) {
  Json tags = Json::array({"security"});
  for (const Control& control : g.controls) tags.push_back(fmt::format("{} {}", control.framework, control.id));
  return tags;
}

Json RuleJson(const ConfiguredRule& rule) {
  const Guardrail& g = *rule.guardrail;
  Json out = {{"id", g.name},
              {"name", g.name},
              {"shortDescription", Message(g.display_name)},
              {"fullDescription", Message(g.description.empty() ? g.display_name : g.description)},
              {"help", Help(g)},
              {"defaultConfiguration", {{"enabled", rule.level != Level::kDisabled}, {"level", LevelOf(g.severity)}}},
              {"properties",
               {{"security-severity", SecuritySeverity(g.severity)},
                {"problem.severity", LevelOf(g.severity) == "note" ? "recommendation" : LevelOf(g.severity)},
                {"precision", "very-high"},
                {"tags", Tags(g)}}}};
  if (!g.url.empty()) out["helpUri"] = g.url;
  return out;
}

Json LineLocation(const SourceLine& line) {
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", Uri(line.file)}}}, {"region", {{"startLine", line.line}}}}}};
}

// The line of the program; where that is not known, the file that was judged.
Json Location(const Listed& listed) {
  Json out = Json::object();
  if (!listed.source.empty()) {
    out = LineLocation(listed.source.front());
  } else if (listed.file->file != "-") {
    out["physicalLocation"] = {{"artifactLocation", {{"uri", Uri(listed.file->file)}}}};
  }
  out["logicalLocations"] = Json::array(
      {{{"name", PlainText(listed.name())}, {"fullyQualifiedName", listed.place.urn}, {"kind", "resource"}}});
  return out;
}

Json Suppression(const Waiver& waiver) {
  return {{"kind", "external"},
          {"status", "accepted"},
          {"justification", PlainText(waiver.reason)},
          {"properties", {{"owner", waiver.owner}, {"expires", waiver.expires}, {"grantedIn", waiver.place}}}};
}

Json Fingerprints(const Listed& listed) {
  Json out = {{"guardrails/v1", Fingerprint(*listed.finding, listed.place)}};
  if (auto digest = PlainDigest(*listed.finding)) out["guardrailsValue/v1"] = *std::move(digest);
  return out;
}

class SarifWriter {
 public:
  explicit SarifWriter(const Report& report) : report_(report) {
    for (std::size_t i = 0; i < report.pack->rules().size(); ++i)
      index_[report.pack->rules()[i].guardrail] = i;
  }

  Json Run() const {
    Json results = Json::array();
    for (const Listed& violation : Violations(report_)) results.push_back(Violation(violation));
    for (const Listed& undecided : Undecided(report_)) results.push_back(Result(undecided, "open", "none"));
    return {{"tool", {{"driver", Driver()}}},
            {"invocations", Json::array({Invocation()})},
            {"columnKind", "unicodeCodePoints"},
            {"results", std::move(results)}};
  }

 private:
  Json Driver() const {
    const Pack& pack = report_.pack->pack();
    Json out = {{"name", pack.name}, {"version", pack.version}, {"semanticVersion", pack.version}, {"rules", Json::array()}};
    if (!pack.repository.empty()) out["informationUri"] = pack.repository;
    for (const ConfiguredRule& rule : report_.pack->rules()) out["rules"].push_back(RuleJson(rule));
    return out;
  }

  Json Invocation() const {
    Json notifications = Json::array();
    for (const FileReport& file : report_.files)
      for (const std::string& error : file.errors)
        notifications.push_back({{"level", "error"}, {"message", Message(error)}});
    const bool successful = notifications.empty();
    return {{"executionSuccessful", successful}, {"toolExecutionNotifications", std::move(notifications)}};
  }

  Json Violation(const Listed& listed) const {
    Json out = Result(listed, "fail", LevelOf(listed));
    if (listed.waived()) out["suppressions"] = Json::array({Suppression(*listed.finding->waiver)});
    return out;
  }

  Json Result(const Listed& listed, std::string_view kind, std::string_view level) const {
    const Finding& f = *listed.finding;
    Json out = {{"ruleId", f.guardrail->name},
                {"ruleIndex", index_.at(f.guardrail)},
                {"kind", kind},
                {"level", level},
                {"message", Message(guardrails::Message(f).str())},
                {"locations", Json::array({Location(listed)})},
                {"partialFingerprints", Fingerprints(listed)}};
    for (std::size_t i = 1; i < listed.source.size(); ++i) {
      Json led = LineLocation(listed.source[i]);
      led["id"] = i;
      led["message"] = Message("created by");
      out["relatedLocations"].push_back(std::move(led));
    }
    return out;
  }

  const Report& report_;
  std::map<const Guardrail*, std::size_t> index_;
};

}  // namespace

std::string WriteSarif(const Report& report, const Look&) {
  const Json out = {{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", Json::array({SarifWriter(report).Run()})}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace guardrails
