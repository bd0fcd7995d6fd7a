#include "analyzer/input/input.h"

#include <array>
#include <utility>

#include "absl/status/status.h"
#include "analyzer/input/forms.h"
#include "analyzer/input/json_text.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

constexpr std::array<std::pair<InputKind, std::string_view>, 5> kKinds = {{
    {InputKind::kAuto, "auto"},
    {InputKind::kPreview, "preview"},
    {InputKind::kExport, "export"},
    {InputKind::kEvents, "events"},
    {InputKind::kResources, "resources"},
}};

absl::StatusOr<Outline> MakeOutline(const JsonText& text) {
  Outline out;
  auto values = text.Values();
  if (!values.ok()) return values.status();
  out.values = *std::move(values);
  if (text.First(out.values.front()) != '{') return out;
  auto fields = text.Fields(out.values.front());
  if (!fields.ok()) return fields.status();
  out.fields = *std::move(fields);
  return out;
}

// The values of --stack-config, for the keys that the file has no value of.
void AddConfig(const StackConfig& config, StackBuilder& builder) {
  StackFacts& facts = builder.facts();
  for (const auto& [key, value] : config) {
    std::string full = key;
    if (key.find(':') == std::string::npos) full = fmt::format("{}:{}", facts.project, key);
    if (facts.config.contains(full)) continue;
    facts.config[builder.arena().Copy(full)] =
        value.secret ? Value::Hidden() : Value::String(builder.arena().Copy(value.text));
  }
}

absl::StatusOr<StackInput> Read(std::string content, const InputOptions& options) {
  const auto text = JsonText::Make(std::move(content));
  if (!text.ok()) return text.status();
  const auto outline = MakeOutline(*text);
  if (!outline.ok()) return outline.status();
  StackBuilder builder;
  const absl::Status status = ReadResourceList({*text, *outline, options, builder});
  if (!status.ok()) return status;
  AddConfig(options.config, builder);
  return StackInput{builder.Build(), InputKind::kResources};
}

}  // namespace

std::string_view InputKindName(InputKind kind) {
  for (const auto& [k, name] : kKinds)
    if (k == kind) return name;
  return "auto";
}

absl::StatusOr<InputKind> ParseInputKind(std::string_view name) {
  for (const auto& [kind, n] : kKinds)
    if (n == name) return kind;
  return absl::InvalidArgumentError("unknown kind of input; it is auto, preview, export, events or resources");
}

absl::StatusOr<StackInput> ReadStack(std::string text, std::string_view name, const InputOptions& options) {
  auto stack = Read(std::move(text), options);
  if (stack.ok()) return stack;
  const std::string message = fmt::format("{}: {}", name, std::string(stack.status().message()));
  return absl::InvalidArgumentError(message);
}

}  // namespace guardrails
