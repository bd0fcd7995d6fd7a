#include "analyzer/cli/check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/base/on_all_cores.h"
#include "analyzer/cli/accept.h"
#include "analyzer/cli/console.h"
#include "analyzer/cli/narrator.h"
#include "analyzer/cli/output.h"
#include "analyzer/input/files.h"
#include "analyzer/policy/config.h"
#include "analyzer/report/report.h"

namespace guardrails {
namespace {

constexpr std::string_view kStdin = "-";

std::string Message(const absl::Status& status) { return std::string(status.message()); }

// The status with the file's name before each of its lines.
absl::Status InFile(const std::string& path, const absl::Status& status) {
  std::string message = path + ": " + Message(status);
  for (auto end = message.find('\n'); end != std::string::npos; end = message.find('\n', end + 1))
    message.insert(end + 1, path + ": ");
  return absl::InvalidArgumentError(message);
}

absl::StatusOr<std::shared_ptr<const ConfiguredPack>> Configured(const Pack& pack, const std::string& path) {
  if (path.empty()) return ConfiguredPack::Make(pack, {});
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  const absl::StatusOr<PackSettings> settings = ParsePolicyConfig(pack, *text);
  if (!settings.ok()) return InFile(path, settings.status());
  auto configured = ConfiguredPack::Make(pack, *settings);
  if (!configured.ok()) return InFile(path, configured.status());
  return configured;
}

// "dev" of acme/fastcart/dev, as `pulumi stack ls` shows a stack.
std::string NameOfStack(const std::string& qualified) { return qualified.substr(qualified.rfind('/') + 1); }

absl::StatusOr<InputOptions> OptionsOfInput(const CheckOptions& options) {
  InputOptions out{options.input, NameOfStack(options.stack), options.project, {}};
  if (options.stack_config.empty()) return out;
  const absl::StatusOr<std::string> text = ReadFile(options.stack_config);
  if (!text.ok()) return text.status();
  absl::StatusOr<StackConfig> config = ReadStackConfig(*text, options.stack_config);
  if (!config.ok()) return config.status();
  out.config = *std::move(config);
  return out;
}

// Whether somebody types this file.
bool IsTyped(const std::string& file) { return file == kStdin && isatty(STDIN_FILENO) == 1; }

void ListBroken(FileReport& file) {
  for (const Finding& f : file.results.findings)
    if (f.verdict == Verdict::kBroken) file.errors.push_back(BrokenInWords(file, f));
}

// By resource, the guardrails that found it wrong.
using Wrong = std::map<std::string_view, std::pair<const Resource*, std::set<const Guardrail*>>>;

Wrong WrongResources(const Results& results) {
  Wrong out;
  for (const Finding& f : results.findings) {
    if (f.verdict != Verdict::kViolation || f.resource == nullptr || f.waiver) continue;
    auto& [resource, guardrails] = out[f.resource->urn];
    resource = f.resource;
    guardrails.insert(f.guardrail);
  }
  return out;
}

void PlanFixes(const ConfiguredPack& pack, FileReport& file) {
  for (const auto& [urn, wrong] : WrongResources(file.results)) {
    const auto* resource = wrong.first;
    const auto& guardrails = wrong.second;
    auto remedies = Remedies(pack, *file.stack, *resource, true);
    if (!remedies.ok()) {
      file.errors.push_back(Message(remedies.status()));
      continue;
    }
    std::erase_if(*remedies, [&](const RemedyOf& r) { return !guardrails.contains(r.rule->guardrail); });
    if (!remedies->empty()) file.fixes.push_back({resource, *std::move(remedies)});
  }
}

absl::Status Read(const InputOptions& input, FileReport& file) {
  if (IsTyped(file.file)) Complain("reading JSON from the terminal; end it with Ctrl-D, or name a FILE");
  absl::StatusOr<FileText> text = ReadFileText(file.file);
  if (!text.ok()) return text.status();
  auto read = ReadStack(*std::move(text), NameOf(file), input);
  if (!read.ok()) return read.status();
  file.stack = std::move(read->stack);
  file.kind = InputKindName(read->kind);
  return absl::OkStatus();
}

std::size_t RulesAsked(const ConfiguredPack& pack, const CheckOptions& options) {
  return static_cast<std::size_t>(std::count_if(pack.rules().begin(), pack.rules().end(), [&](const ConfiguredRule& r) {
    return r.level != Level::kDisabled && (options.chosen.empty() || options.chosen.contains(r.guardrail->name));
  }));
}

void Judge(const ConfiguredPack& pack, const CheckOptions& options, const InputOptions& input, Narrator& narrator,
           FileReport& file) {
  Narrator::Work work(narrator, NameOf(file), "reading");
  if (const absl::Status read = Read(input, file); !read.ok()) return file.errors.push_back(Message(read));
  const Stack& stack = *file.stack;
  narrator.Note(fmt::format("{}: {} of {}/{}, {}, read in {:.3f} s", NameOf(file), file.kind, stack.project(),
                            stack.name(), Counted(stack.resources().size(), "resource"), work.Seconds()));
  work.Now("judging");
  file.results = EvaluateStack(pack, stack, options.chosen);
  narrator.Note(fmt::format("{}: judged by {} of {} guardrails in {:.3f} s", NameOf(file), RulesAsked(pack, options),
                            pack.rules().size(), work.Seconds()));
  ListBroken(file);
}

void Accept(const CheckOptions& options, Acceptance acceptance, Report& report) {
  for (FileReport& file : report.files) {
    if (!file.stack) continue;
    acceptance.Apply(options, *report.pack, file);
    if (options.fix_plan) PlanFixes(*report.pack, file);
  }
  acceptance.Tell(report);
}

void JudgeAll(const CheckOptions& options, const InputOptions& input, Report& report) {
  const bool typing = std::any_of(options.files.begin(), options.files.end(), IsTyped);
  Narrator narrator(options.volume, options.files.size(), typing);
  for (const std::string& name : options.files) report.files.emplace_back().file = name;
  OnAllCores(report.files.size(), [&](std::size_t i) { Judge(*report.pack, options, input, narrator, report.files[i]); });
}

absl::Status Write(const Report& report, const ReportTarget& target, Volume volume) {
  const Look look = LookOf(Stream::kStdout);
  if (target.path.empty() && volume == Volume::kQuiet) return absl::OkStatus();
  if (target.path.empty()) return WriteStdout(target.format->write(report, look));
  return WriteFileWhole(target.path, target.format->write(report, {.unicode = look.unicode}));
}

// All of them, whatever becomes of the others. False when one could not be written.
bool WriteAll(const Report& report, const CheckOptions& options) {
  bool written = true;
  for (const ReportTarget& target : options.reports)
    if (Exit(Write(report, target, options.volume)) != kExitPassed) written = false;
  return written;
}

int ExitCode(Ending ending) {
  switch (ending) {
    case Ending::kPassed: return kExitPassed;
    case Ending::kFailed: return kExitViolations;
    case Ending::kError: break;
  }
  return kExitError;
}

}  // namespace

absl::StatusOr<const Report*> JudgeFiles(const Pack& pack, const CheckOptions& options) {
  const auto configured = Configured(pack, options.policy_config);
  if (!configured.ok()) return configured.status();
  const auto input = OptionsOfInput(options);
  if (!input.ok()) return input.status();
  auto acceptance = Acceptance::Make(pack, options);
  if (!acceptance.ok()) return acceptance.status();
  static Report& report = *new Report;
  report = {.pack = *configured,
            .fail_on = options.fail_on,
            .fix_plan = options.fix_plan,
            .source_root = options.source_root};
  JudgeAll(options, *input, report);
  Accept(options, *std::move(acceptance), report);
  for (const FileReport& file : report.files)
    for (const std::string& error : file.errors) Complain(error);
  return &report;
}

int RunCheck(const Pack& pack, const CheckOptions& options) {
  const auto report = JudgeFiles(pack, options);
  if (!report.ok()) return Exit(report.status());
  if (!WriteAll(**report, options)) return kExitError;
  return ExitCode(EndingOf(**report));
}

}  // namespace guardrails
