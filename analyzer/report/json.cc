// The JSON report: every finding with what a program needs to act on it. The schema is versioned; fields are only
// added within a version.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <variant>

#include "analyzer/report/format.h"
#include "analyzer/report/source.h"
#include "analyzer/waive/digest.h"

namespace guardrails {
namespace {

using nlohmann::ordered_json;
using Json = ordered_json;

Json Number(double number) {
  const bool whole = std::trunc(number) == number && std::abs(number) < 9e15;
  return whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

// Secrets, unknown values and what is no value are told by name instead.
Json ValueJson(const Value& value) {
  if (value.secret()) return "[secret]";
  switch (value.kind()) {
    case Kind::kAbsent: return nullptr;
    case Kind::kBool: return value.raw_bool();
    case Kind::kNumber: return Number(value.raw_number());
    case Kind::kString: return std::string(value.raw_string());
    case Kind::kList: {
      Json list = Json::array();
      for (const Value& element : value.elements()) list.push_back(ValueJson(element));
      return list;
    }
    case Kind::kObject:
    case Kind::kAsset:
    case Kind::kArchive: {
      Json object = Json::object();
      for (const Member& member : value.members()) object[std::string(member.key)] = ValueJson(member.value);
      return object;
    }
    case Kind::kUnknown:
    case Kind::kHidden:
    case Kind::kInvalid: break;
  }
  return "[" + std::string(KindName(value.kind())) + "]";
}

// What was found, or nothing where it is a secret.
std::optional<Json> Found(const Finding& f) {
  if (f.found.secret()) return std::nullopt;
  if (f.found_text && f.found.absent()) return f.found_text->str();
  return f.found.defaulted() ? Json(nullptr) : ValueJson(f.found);
}

Json LineJson(const SourceLine& source) { return {{"file", source.file}, {"line", source.line}}; }

// Where the program made the resource, and the lines that led there, where that is known.
void AddSource(const Report& report, const Finding& f, Json& out) {
  const std::vector<SourceLine> lines = SourceOf(f.resource, report.source_root);
  if (lines.empty()) return;
  out["source"] = LineJson(lines.front());
  for (std::size_t i = 1; i < lines.size(); ++i) out["createdBy"].push_back(LineJson(lines[i]));
}

Json ViolationJson(const Report& report, const FileReport& file, const Finding& f, const Place& place) {
  Json out = {{"file", file.file},
              {"policy", f.guardrail->name},
              {"urn", place.urn},
              {"type", place.type},
              {"name", place.name},
              {"property", f.path.ToString()},
              {"severity", SeverityName(f.guardrail->severity)},
              {"enforcement", LevelName(ListedLevel(*report.pack, f))},
              {"message", Message(f).str()},
              {"fingerprint", Fingerprint(f, place)}};
  if (auto digest = PlainDigest(f)) out["valueDigest"] = *std::move(digest);
  if (auto found = Found(f)) out["found"] = std::move(*found);
  out["expected"] = f.expected.str();
  out["remediation"] = f.fix.str();
  AddSource(report, f, out);
  if (f.waiver) out["waiver"] = {{"owner", f.waiver->owner}, {"reason", f.waiver->reason}, {"expires", f.waiver->expires},
                                 {"place", f.waiver->place}};
  if (!f.lapsed.empty()) out["lapsedWaiver"] = f.lapsed.str();
  return out;
}

Json WaiverJson(const WaiverBook& book, const WaiverBook::Entry& entry, WaiverState state) {
  const Waiver& w = entry.waiver;
  Json out = {{"file", book.file()}, {"line", entry.line}, {"rule", w.rule}};
  out[w.is_pattern ? "resourcePattern" : "resource"] = w.resource;
  if (w.property) out["property"] = *w.property;
  if (!w.stack.empty()) out["stack"] = w.stack;
  out["owner"] = w.owner;
  out["reason"] = w.reason;
  out["expires"] = w.expires;
  out["state"] = WaiverStateName(state);
  return out;
}

Json WaiversJson(const Report& report) {
  Json out = Json::array();
  for (std::size_t i = 0; i < report.waiver_states.size(); ++i)
    out.push_back(WaiverJson(*report.waivers, report.waivers->entries()[i], report.waiver_states[i]));
  return out;
}

Json UndecidedJson(const Report& report, const FileReport& file, const Finding& f, const Place& place) {
  Json out = {{"file", file.file},
              {"policy", f.guardrail->name},
              {"urn", place.urn},
              {"property", f.path.ToString()},
              {"message", Message(f).str()},
              {"fingerprint", Fingerprint(f, place)}};
  AddSource(report, f, out);
  return out;
}

Json NotApplicableJson(const FileReport& file, const Guardrail& guardrail, const Text& reason) {
  return {{"file", file.file}, {"policy", guardrail.name}, {"reason", reason.str()}};
}

// A finding's entry, and what it is sorted by within its file.
struct Entry {
  std::string_view policy;
  std::string urn, property;
  Json json;
};

void AppendSorted(Json& to, std::vector<Entry>& entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.policy, a.urn, a.property) < std::tie(b.policy, b.urn, b.property);
  });
  for (Entry& entry : entries) to.push_back(std::move(entry.json));
}

void AppendFindings(const Report& report, const FileReport& file, Json& out) {
  std::vector<Entry> violations, undecided, not_applicable;
  for (const Finding& f : file.results.findings) {
    Place place = PlaceOf(*file.stack, f);
    Entry entry{f.guardrail->name, place.urn, f.path.ToString(), nullptr};
    if (IsListed(f)) {
      entry.json = ViolationJson(report, file, f, place);
      violations.push_back(std::move(entry));
    } else if (f.verdict == Verdict::kUndecided) {
      entry.json = UndecidedJson(report, file, f, place);
      undecided.push_back(std::move(entry));
    } else if (f.verdict == Verdict::kNotApplicable) {
      entry.json = NotApplicableJson(file, *f.guardrail, f.reason);
      if (f.resource) entry.json["urn"] = place.urn;
      not_applicable.push_back(std::move(entry));
    }
  }
  for (const std::uint16_t index : file.results.not_applicable) {
    const Guardrail& rule = *report.pack->rules()[index].guardrail;
    not_applicable.push_back({rule.name, "", "", NotApplicableJson(file, rule, NotApplicableReason(rule))});
  }
  AppendSorted(out["violations"], violations);
  AppendSorted(out["undecided"], undecided);
  AppendSorted(out["notApplicable"], not_applicable);
}

Json NewValueJson(const NewValue& value) {
  if (const double* number = std::get_if<double>(&value)) return Number(*number);
  return std::visit([](const auto& other) { return Json(other); }, value);
}

Json ChangeJson(const FileReport& file, const Resource& resource, const Guardrail& guardrail, const Change& change) {
  return {{"file", file.file},
          {"urn", resource.urn},
          {"type", resource.type},
          {"name", resource.name},
          {"policy", guardrail.name},
          {"property", change.path.ToString()},
          {"value", NewValueJson(change.value)},
          {"reason", change.why.str()}};
}

void AppendFixes(const FileReport& file, Json& plan) {
  for (const ResourceFix& fix : file.fixes)
    for (const RemedyOf& remedy : fix.remedies)
      for (const Change& change : remedy.remedy.changes())
        plan.push_back(ChangeJson(file, *fix.resource, *remedy.rule->guardrail, change));
}

Json InputJson(const FileReport& file) {
  return {{"file", file.file},
          {"kind", file.kind},
          {"project", file.stack->project()},
          {"stack", file.stack->name()},
          {"resources", file.stack->resources().size()}};
}

Json SummaryJson(const Summary& found) {
  return {{"violations", found.violations()}, {"mandatory", found.mandatory}, {"advisory", found.advisory},
          {"undecided", found.undecided},     {"passed", found.passed},       {"notApplicable", found.not_applicable},
          {"waived", found.waived}};
}

}  // namespace

std::string WriteJson(const Report& report, const Look&) {
  Json out = {{"schemaVersion", 1},
              {"tool", {{"name", report.pack->pack().name}, {"version", report.pack->pack().version}}},
              {"inputs", Json::array()},
              {"summary", SummaryJson(Count(report))}};
  for (const char* list : {"violations", "undecided", "notApplicable", "errors"}) out[list] = Json::array();
  if (report.fix_plan) out["fixPlan"] = Json::array();
  if (report.waivers) out["waivers"] = WaiversJson(report);
  if (!report.baseline.empty()) out["baseline"] = {{"file", report.baseline}, {"known", report.known}};
  for (const FileReport& file : report.files) {
    if (file.stack) {
      out["inputs"].push_back(InputJson(file));
      AppendFindings(report, file, out);
    }
    if (report.fix_plan) AppendFixes(file, out["fixPlan"]);
    for (const std::string& message : file.errors) out["errors"].push_back({{"file", file.file}, {"message", message}});
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace guardrails
