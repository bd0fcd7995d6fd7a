// The JSON report: every finding with what a program needs to act on it. The schema is versioned; fields are only
// added within a version.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <variant>

#include "analyzer/report/format.h"
#include "analyzer/report/json_writer.h"
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
void WriteSource(JsonWriter& out, const Report& report, const Finding& f) {
  const std::vector<SourceLine> lines = SourceOf(f.resource, report.source_root);
  if (lines.empty()) return;
  out.Value("source", LineJson(lines.front()));
  if (lines.size() == 1) return;
  out.Open("createdBy", '[');
  for (std::size_t i = 1; i < lines.size(); ++i) out.Value(LineJson(lines[i]));
  out.Close(']');
}

// A finding, and what it is sorted by within its file.
struct Entry {
  const Guardrail* guardrail;
  std::string_view urn;
  std::string property;
  const Finding* finding;  // null: nothing was found, as the stack has nothing that the guardrail judges
};

void WriteViolation(JsonWriter& out, const Report& report, const FileReport& file, const Entry& entry) {
  const Finding& f = *entry.finding;
  const Place place = PlaceOf(*file.stack, f);
  out.Text("file", file.file);
  out.Text("policy", f.guardrail->name);
  out.Text("urn", place.urn);
  out.Text("type", place.type);
  out.Text("name", place.name);
  out.Text("property", entry.property);
  out.Text("severity", SeverityName(f.guardrail->severity));
  out.Text("enforcement", LevelName(ListedLevel(*report.pack, f)));
  out.Text("message", Message(f).str());
  out.Text("fingerprint", Fingerprint(f, place));
  if (const auto digest = PlainDigest(f)) out.Text("valueDigest", *digest);
  if (const auto found = Found(f)) out.Value("found", *found);
  out.Text("expected", f.expected.str());
  out.Text("remediation", f.fix.str());
  WriteSource(out, report, f);
  if (f.waiver)
    out.Value("waiver", {{"owner", f.waiver->owner}, {"reason", f.waiver->reason}, {"expires", f.waiver->expires},
                         {"place", f.waiver->place}});
  if (!f.lapsed.empty()) out.Text("lapsedWaiver", f.lapsed.str());
}

void WriteUndecided(JsonWriter& out, const Report& report, const FileReport& file, const Entry& entry) {
  const Finding& f = *entry.finding;
  out.Text("file", file.file);
  out.Text("policy", f.guardrail->name);
  out.Text("urn", entry.urn);
  out.Text("property", entry.property);
  out.Text("message", Message(f).str());
  out.Text("fingerprint", Fingerprint(f, PlaceOf(*file.stack, f)));
  WriteSource(out, report, f);
}

void WriteNotApplicable(JsonWriter& out, const Report&, const FileReport& file, const Entry& entry) {
  out.Text("file", file.file);
  out.Text("policy", entry.guardrail->name);
  out.Text("reason", (entry.finding ? entry.finding->reason : NotApplicableReason(*entry.guardrail)).str());
  if (entry.finding && entry.finding->resource) out.Text("urn", entry.urn);
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

// One of the report's lists of findings.
struct FindingList {
  const char* name;
  bool (*has)(const Finding&);
  void (*write)(JsonWriter& out, const Report& report, const FileReport& file, const Entry& entry);
  bool has_rules;  // that found nothing to judge
};
constexpr FindingList kLists[] = {
    {"violations", IsListed, WriteViolation, false},
    {"undecided", [](const Finding& f) { return f.verdict == Verdict::kUndecided; }, WriteUndecided, false},
    {"notApplicable", [](const Finding& f) { return f.verdict == Verdict::kNotApplicable; }, WriteNotApplicable, true}};

std::vector<Entry> EntriesOf(const Report& report, const FileReport& file, std::string_view stack, const FindingList& list) {
  std::vector<Entry> out;
  for (const Finding& f : file.results.findings)
    if (list.has(f)) out.push_back({f.guardrail, f.resource ? f.resource->urn : stack, f.path.ToString(), &f});
  for (const std::uint16_t index : file.results.not_applicable)
    if (list.has_rules) out.push_back({report.pack->rules()[index].guardrail, "", "", nullptr});
  // They come in order, but for those of the stack itself, which come as if it had no URN.
  const auto in_order = [](const Entry& a, const Entry& b) {
    return std::tie(a.guardrail->name, a.urn, a.property) < std::tie(b.guardrail->name, b.urn, b.property);
  };
  if (!std::is_sorted(out.begin(), out.end(), in_order)) std::stable_sort(out.begin(), out.end(), in_order);
  return out;
}

void WriteFindings(JsonWriter& out, const Report& report, const FindingList& list) {
  constexpr std::size_t kUsual = 1024;  // bytes of an entry
  out.Open(list.name, '[');
  for (const FileReport& file : report.files) {
    if (!file.stack) continue;
    const Place stack = PlaceOf(*file.stack, Finding());
    const auto entries = EntriesOf(report, file, stack.urn, list);
    out.Reserve(entries.size() * kUsual);
    for (const Entry& entry : entries) {
      out.Open('{');
      list.write(out, report, file, entry);
      out.Close('}');
    }
  }
  out.Close(']');
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

Json FixesJson(const Report& report) {
  Json out = Json::array();
  for (const FileReport& file : report.files)
    for (const ResourceFix& fix : file.fixes)
      for (const RemedyOf& remedy : fix.remedies)
        for (const Change& change : remedy.remedy.changes())
          out.push_back(ChangeJson(file, *fix.resource, *remedy.rule->guardrail, change));
  return out;
}

Json InputJson(const FileReport& file) {
  return {{"file", file.file},
          {"kind", file.kind},
          {"project", file.stack->project()},
          {"stack", file.stack->name()},
          {"resources", file.stack->resources().size()}};
}

Json InputsJson(const Report& report) {
  Json out = Json::array();
  for (const FileReport& file : report.files)
    if (file.stack) out.push_back(InputJson(file));
  return out;
}

Json ErrorsJson(const Report& report) {
  Json out = Json::array();
  for (const FileReport& file : report.files)
    for (const std::string& message : file.errors) out.push_back({{"file", file.file}, {"message", message}});
  return out;
}

Json SummaryJson(const Summary& found) {
  return {{"violations", found.violations()}, {"mandatory", found.mandatory}, {"advisory", found.advisory},
          {"undecided", found.undecided},     {"passed", found.passed},       {"notApplicable", found.not_applicable},
          {"waived", found.waived}};
}

}  // namespace

std::string WriteJson(const Report& report, const Look&) {
  std::string text;
  JsonWriter out(text);
  out.Open('{');
  out.Value("schemaVersion", 1);
  out.Value("tool", {{"name", report.pack->pack().name}, {"version", report.pack->pack().version}});
  out.Value("inputs", InputsJson(report));
  out.Value("summary", SummaryJson(Count(report)));
  for (const FindingList& list : kLists) WriteFindings(out, report, list);
  out.Value("errors", ErrorsJson(report));
  if (report.fix_plan) out.Value("fixPlan", FixesJson(report));
  if (report.waivers) out.Value("waivers", WaiversJson(report));
  if (!report.baseline.empty()) out.Value("baseline", {{"file", report.baseline}, {"known", report.known}});
  out.Close('}');
  text += '\n';
  return text;
}

}  // namespace guardrails
