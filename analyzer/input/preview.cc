// What `pulumi preview --json` writes (pkg/backend/display/json.go).
#include <cstdint>
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
      if (key == "changeSummary") status = ReadSummary(*json, place);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ReadSummary(simdjson::dom::element json, const Place& place) {
    simdjson::dom::object summary;
    if (json.is_null()) return absl::OkStatus();
    if (json.get(summary) != simdjson::SUCCESS) return WrongKind(json, place, "an object of counts");
    if (absl::Status status = RefuseTwice(summary, place); !status.ok()) return status;
    simdjson::dom::element same;
    if (summary["same"].get(same) != simdjson::SUCCESS || same.get(same_) == simdjson::SUCCESS) return absl::OkStatus();
    return WrongKind(same, Place(place, "same"), "a count");
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
    const Node* list = source_.text.first().Find("steps");
    if (!list) return absl::OkStatus();
    const Place file, place(file, "steps");
    if (absl::Status status = CheckList(source_, *list, place, "a list of steps"); !status.ok()) return status;
    std::vector<Step> steps(list->elements.size());
    const auto decoded = DecodeParts(source_, {list->elements, &place}, /*bare_secrets=*/true,
                                     [&](std::size_t i, auto json, const Place& at, ResourceDecoder& decoder) {
                                       return DecodeInto(json, at, decoder, steps[i]);
                                     });
    if (!decoded.ok()) return decoded.status();
    StepFold fold;
    for (const Step& step : steps) fold.Add(step);
    source_.builder.facts().partial = fold.Misses(same_);
    source_.builder.resources() = fold.TakeResources();
    return absl::OkStatus();
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
  std::int64_t same_ = 0;
};

}  // namespace

absl::Status ReadPreview(const Source& source) { return PreviewReader(source).Read(); }

}  // namespace guardrails
