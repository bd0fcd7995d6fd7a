// A resource list, judged by `check` and by the engine's calls: the same verdicts in the same words.
#include <algorithm>
#include <memory>
#include <string>

#include "analyzer/evaluate/evaluate.h"
#include "fuzz/resource_list.h"
#include "fuzz/session_plugin.h"
#include "fuzz/support.h"

using namespace guardrails;
using namespace fastcart::testing;
using nlohmann::json;

namespace {

// What the JSON report says of it, as far as it is compared. All of it would take three times the time.
json InShort(const Report& report) {
  const FileReport& file = report.files.front();
  json out;
  for (const Finding& f : file.results.findings) {
    json entry = {{"file", file.file}, {"policy", f.guardrail->name}, {"message", Message(f).str()}};
    if (f.resource || f.verdict != Verdict::kNotApplicable) entry["urn"] = PlaceOf(*file.stack, f).urn;
    if (IsListed(f)) entry["enforcement"] = LevelName(ListedLevel(*report.pack, f));
    const bool undecided = f.verdict == Verdict::kUndecided;
    out[IsListed(f) ? "violations" : undecided ? "undecided" : "notApplicable"].push_back(std::move(entry));
  }
  for (const std::uint16_t index : file.results.not_applicable)
    out["notApplicable"].push_back({{"file", file.file}, {"policy", report.pack->rules()[index].guardrail->name}});
  return out;
}

bool HasBroken(const Report& report) {
  const auto& findings = report.files.front().results.findings;
  return std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.verdict == Verdict::kBroken; });
}

// Without what an answer of AWS says of a resource's own tags: Analyze is not sent it, and judges at once. (A case of
// required-tags, "what AWS answered shows the provider's tags, too", says so.)
json Askable(json list) {
  for (json& resource : list["resources"])
    if (resource["outputs"].is_object()) resource["outputs"].erase("tagsAll");
  return list;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const json given = fuzzing::NormalList(fuzzing::Text(data, size));
  if (given.is_null()) return 0;
  const json list = Askable(given);
  auto read = fuzzing::ReadList(list.dump());
  if (!read.ok()) return 0;
  const Report report = fuzzing::Judge(std::move(read->stack));

  Engine engine(std::make_unique<fuzzing::SessionPlugin>(), list, json::object());
  const Said heard = engine.Judge();
  if (engine.error().ends_with("nested too deeply")) return 0;  // the wire nests less deeply than files may
  if (HasBroken(report) != !engine.error().empty()) fuzzing::Fault("only one failed: " + engine.error());
  if (HasBroken(report)) return 0;  // an error of a call says nothing else
  const Said said = SaidOf(InShort(report), {"FILE"}).front();
  if (const std::string differs = Difference(heard, said); !differs.empty()) fuzzing::Fault(differs);
  return 0;
}
