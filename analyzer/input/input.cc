#include "analyzer/input/input.h"

#include <algorithm>
#include <array>
#include <exception>
#include <initializer_list>
#include <new>
#include <string>
#include <utility>
#include <vector>

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

// What a file is by its content: a form, or something that only looks like one.
struct Form {
  InputKind kind = InputKind::kAuto;  // kAuto: none
  std::string what;                   // for messages
};

constexpr std::string_view kNothing =
    "this is none of the forms that can be checked: pulumi preview --json, pulumi stack export, an event log, or a list of resources";

bool HasAny(const Node& object, std::initializer_list<std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return object.Find(key) != nullptr; });
}

bool HasAll(const Node& object, std::initializer_list<std::string_view> keys) {
  return std::all_of(keys.begin(), keys.end(), [&](std::string_view key) { return object.Find(key) != nullptr; });
}

// The members of a digest (display.PreviewDigest), and how the value of each begins.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kDigest = {{{"steps", "["},
                                                                                   {"changeSummary", "{"},
                                                                                   {"config", "{"},
                                                                                   {"diagnostics", "["},
                                                                                   {"duration", "-0123456789"},
                                                                                   {"maybeCorrupt", "tf"}}};

bool IsOfDigest(std::string_view key) {
  return std::any_of(kDigest.begin(), kDigest.end(), [key](const auto& member) { return member.first == key; });
}

// The engine leaves out what is empty. Many files have a config, so a member without steps or counts needs a second.
bool IsDigest(const JsonText& text) {
  const Node& object = text.first();
  if (HasAny(object, {"steps", "changeSummary"})) return true;
  return std::count_if(kDigest.begin(), kDigest.end(), [&](const auto& member) {
           const Node* node = object.Find(member.first);
           return node != nullptr && member.second.find(text.First(node->slice)) != std::string_view::npos;
         }) >= 2;
}

// Without a step nothing shows that a file with other keys is a preview, which would pass as one of an empty stack.
std::string ForeignKey(const Node& object) {
  constexpr std::string_view kForeign =
      "no preview has this key, and this one has no steps; a list of resources has them under the key resources";
  const Place file;
  const Node* steps = object.Find("steps");
  if (steps != nullptr && !steps->elements.empty()) return {};
  for (const Field& field : object.fields)
    if (!IsOfDigest(field.key))
      return std::string(Place(file, field.key).Error(kForeign).message());
  return {};
}

Form FormOfPreview(const JsonText& text) {
  const std::string foreign = ForeignKey(text.first());
  return foreign.empty() ? Form{InputKind::kPreview, "a preview"} : Form{InputKind::kAuto, foreign};
}

// A token has a colon, and a single resource a URN or a token: other files have a type, too.
bool IsResource(const JsonText& text) {
  const Node* type = text.first().Find("type");
  const bool is_token = type != nullptr && text.text(type->slice).find(':') != std::string_view::npos;
  return is_token || text.first().Find("urn") != nullptr;
}

// What `pulumi stack export` writes, what a local backend keeps, or the deployment in them.
bool IsExport(const Node& object) {
  return HasAny(object, {"deployment", "checkpoint"}) || HasAll(object, {"manifest", "resources"});
}

Form FormOfObject(const JsonText& text) {
  const Node& object = text.first();
  if (HasAll(object, {"sequence", "timestamp"}) || object.Find("events")) return {InputKind::kEvents, "an event log"};
  if (object.Find("resourcePlans"))
    return {InputKind::kAuto, "this is an update plan, which holds changes only; check the output of pulumi preview --json"};
  if (IsExport(object)) return {InputKind::kExport, "a stack export"};
  if (HasAll(object, {"result", "summary"}))
    return {InputKind::kAuto, "this is a summary without properties; check the output of pulumi preview --json"};
  if (HasAny(object, {"resources", "project"})) return {InputKind::kResources, "a list of resources"};
  if (IsDigest(text)) return FormOfPreview(text);
  if (IsResource(text)) return {InputKind::kResources, "a list of resources"};
  const bool similar = std::any_of(object.fields.begin(), object.fields.end(), [](const Field& f) { return IsOfDigest(f.key); });
  const std::string foreign = similar ? ForeignKey(object) : std::string();
  return {InputKind::kAuto, foreign.empty() ? std::string(kNothing) : foreign};
}

Form FormOf(const JsonText& text) {
  const bool single = text.values().size() == 1;
  const char first = text.First(text.first().slice);
  if (first == '[' && single) return {InputKind::kResources, "a list of resources"};
  if (first != '{') return {InputKind::kAuto, std::string(kNothing)};
  const Form form = FormOfObject(text);
  if (single || form.kind == InputKind::kEvents || form.kind == InputKind::kResources || form.kind == InputKind::kAuto)
    return form;
  return {InputKind::kAuto, "there is more behind the first value; a file holds one preview or one export"};
}

// The kind to read the file as: the wanted one, if the content can be that.
absl::StatusOr<InputKind> ChooseKind(const Form& form, InputKind wanted) {
  if (form.kind == InputKind::kAuto) return absl::InvalidArgumentError(form.what);
  if (wanted == InputKind::kAuto || wanted == form.kind) return form.kind;
  const std::string message = fmt::format("this looks like {}, not like --input {}; use --input {} or leave it out", form.what,
                                          InputKindName(wanted), InputKindName(form.kind));
  return absl::InvalidArgumentError(message);
}

absl::Status ReadForm(InputKind kind, const Source& source) {
  switch (kind) {
    case InputKind::kPreview: return ReadPreview(source);
    case InputKind::kExport: return ReadExport(source);
    case InputKind::kEvents: return ReadEvents(source);
    case InputKind::kAuto:
    case InputKind::kResources: break;
  }
  return ReadResourceList(source);
}

// The values of --stack-config, for the keys that the file has no value of.
void AddConfig(const StackConfig& config, StackBuilder& builder) {
  StackFacts& facts = builder.facts();
  facts.has_config |= !config.empty();
  for (const auto& [key, value] : config) {
    std::string full = key;
    if (key.find(':') == std::string::npos) full = fmt::format("{}:{}", facts.project, key);
    if (facts.config.contains(full)) continue;
    facts.config[builder.arena().Copy(full)] =
        value.secret ? Value::Hidden() : Value::String(builder.arena().Copy(value.text));
  }
}

// Two resources with one URN: one of them would not be judged.
absl::Status RefuseDuplicates(const Stack& stack) {
  for (const Resource& r : stack.resources())
    if (stack.Find(r.urn) != &r)
      return absl::InvalidArgumentError(fmt::format("two resources have the URN {}; give one of them another name", r.urn));
  return absl::OkStatus();
}

absl::StatusOr<StackInput> Read(FileText content, const InputOptions& options) {
  const auto text = JsonText::Make(std::move(content));
  if (!text.ok()) return text.status();
  const auto kind = ChooseKind(FormOf(*text), options.kind);
  if (!kind.ok()) return kind.status();
  StackBuilder builder;
  if (absl::Status status = ReadForm(*kind, {*text, options, builder}); !status.ok()) return status;
  AddConfig(options.config, builder);
  StackInput out{builder.Build(), *kind};
  if (absl::Status status = RefuseDuplicates(*out.stack); !status.ok()) return status;
  return out;
}

// What `read` returns, its error with the file's name. What an exception says is not shown: it may quote the file.
template <class Read>
absl::StatusOr<StackInput> Guarded(std::string_view name, Read read) {
  const auto named = [name](const absl::Status& status) {
    return absl::InvalidArgumentError(fmt::format("{}: {}", name, std::string(status.message())));
  };
  try {
    auto stack = read();
    return stack.ok() ? std::move(stack) : named(stack.status());
  } catch (const std::bad_alloc&) {
    return named(NoMemory());
  } catch (const std::exception&) {
    return named(absl::InternalError("reading it failed (this is a fault of the tool, not of the file); report it, please"));
  }
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

absl::StatusOr<StackInput> ReadStack(FileText text, std::string_view name, const InputOptions& options) {
  return Guarded(name, [&] { return Read(std::move(text), options); });
}

absl::StatusOr<StackInput> ReadStack(std::string_view text, std::string_view name, const InputOptions& options) {
  return Guarded(name, [&] { return Read(FileText(text), options); });
}

}  // namespace guardrails
