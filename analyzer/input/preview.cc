// What `pulumi preview --json` writes (pkg/backend/display/json.go).
#include <utility>
#include <vector>

#include "analyzer/input/forms.h"
#include "analyzer/input/steps.h"

namespace guardrails {
namespace {

class PreviewReader {
 public:
  explicit PreviewReader(const Source& source)
      : source_(source), values_(source.builder.arena(), /*bare_secrets=*/true) {}

  absl::Status Read() {
    StackFacts& facts = source_.builder.facts();
    facts.preview = true;
    facts.has_config = true;  // of a stack without any, the member is left out
    if (absl::Status status = ReadFields(); !status.ok()) return status;
    if (absl::Status status = ReadSteps(); !status.ok()) return status;
    NameStack(source_, {}, {});
    return absl::OkStatus();
  }

 private:
  absl::Status ReadFields() {
    simdjson::dom::parser parser;
    const Place file;
    for (const auto& [key, node] : source_.text.first().fields) {
      if (key == "steps") continue;
      const auto json = source_.text.Parse(node.slice, parser);
      if (!json.ok()) return json.status();
      const Place place(file, key);
      absl::Status status;
      if (key == "config") status = ReadConfig(*json, place, values_, source_.builder.facts());
      if (key == "diagnostics") status = CheckDiagnostics(*json, place);
      if (key == "changeSummary") status = ReadCounts(*json, place, values_, counts_);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // Of a failed preview nobody knows which resources are missing.
  static absl::Status CheckDiagnostics(simdjson::dom::element json, const Place& place) {
    simdjson::dom::array list;
    if (json.is_null()) return absl::OkStatus();
    if (json.get(list) != simdjson::SUCCESS) return WrongKind(json, place, "a list of diagnostics");
    std::size_t index = 0;
    for (const simdjson::dom::element diagnostic : list) {
      const std::string_view none;
      simdjson::dom::object object;
      if (diagnostic.get(object) == simdjson::SUCCESS)
        if (absl::Status status = RefuseTwice(object, Place(place, index)); !status.ok()) return status;
      if (IsFailure(FieldOr(diagnostic, "severity", none), FieldOr(diagnostic, "message", none)))
        return Place(place, index).Error("the preview failed, so resources are missing; correct that error and preview again");
      ++index;
    }
    return absl::OkStatus();
  }

  absl::Status ReadSteps() {
    std::vector<Step> steps;
    // The engine leaves out a list without steps, and still counts what it does not show.
    if (const Node* list = source_.text.first().Find("steps"))
      if (absl::Status status = DecodeSteps(*list, steps); !status.ok()) return status;
    StepFold fold;
    for (const Step& step : steps) fold.Add(step);
    source_.builder.facts().partial = fold.Misses(counts_);
    source_.builder.resources() = fold.TakeResources();
    return absl::OkStatus();
  }

  absl::Status DecodeSteps(const Node& list, std::vector<Step>& steps) {
    const Place file, place(file, "steps");
    if (absl::Status status = CheckList(source_, list, place, "a list of steps"); !status.ok()) return status;
    steps.resize(list.elements.size());
    return DecodeParts(source_, {list.elements, &place}, /*bare_secrets=*/true,
                       [&](std::size_t i, auto json, const Place& at, ResourceDecoder& decoder) {
                         return DecodeInto(json, at, decoder, steps[i]);
                       })
        .status();
  }

  static absl::Status DecodeInto(simdjson::dom::element json, const Place& place, ResourceDecoder& decoder, Step& out) {
    simdjson::dom::object object;
    if (json.get(object) != simdjson::SUCCESS) return WrongKind(json, place, "a step (an object with op and urn)");
    auto step = DecodeStep(object, place, "oldState", "newState", decoder);
    if (!step.ok()) return step.status();
    out = *std::move(step);
    return absl::OkStatus();
  }

  const Source& source_;
  ValueDecoder values_;
  StepCounts counts_;
};

}  // namespace

absl::Status ReadPreview(const Source& source) { return PreviewReader(source).Read(); }

}  // namespace guardrails
