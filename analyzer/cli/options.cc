#include "analyzer/cli/options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "analyzer/cli/arguments.h"
#include "analyzer/cli/completion.h"
#include "analyzer/cli/console.h"
#include "analyzer/cli/interface.h"
#include "analyzer/cli/manual.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/targets.h"
#include "analyzer/policy/config.h"
#include "analyzer/waive/waiver_file.h"

namespace guardrails {
namespace {

using Names = std::vector<std::string_view>;

template <class Range>
Names NamesOf(const Range& range) {
  Names names;
  for (const auto& item : range) names.push_back(item.name);
  return names;
}

template <class Range>
const auto* Named(const Range& range, std::string_view name) {
  return &*std::find_if(range.begin(), range.end(), [name](const auto& item) { return item.name == name; });
}

Names GuardrailNames(const Pack& pack) {
  Names names;
  for (const Guardrail* g : pack.guardrails) names.push_back(g->name);
  return names;
}

struct FailOnName {
  std::string_view name;
  FailOn value;
};
constexpr auto kFailOn = std::to_array<FailOnName>({{"mandatory", FailOn::kMandatory},
                                                    {"advisory", FailOn::kAdvisory},
                                                    {"undecided", FailOn::kUndecided},
                                                    {"never", FailOn::kNever}});

Names InputNames() {
  Names names;
  for (const InputKind kind :
       {InputKind::kAuto, InputKind::kPreview, InputKind::kExport, InputKind::kEvents, InputKind::kResources})
    names.push_back(InputKindName(kind));
  return names;
}

constexpr const char* kExitCodes =
    "Exit codes: 0 nothing to fail on, 1 violations, 2 the command, the configuration or an input is wrong.";

class Parser {
 public:
  explicit Parser(const Pack& pack) : pack_(pack), app_(std::string(pack.description), std::string(pack.name)) {
    version_ = fmt::format("{} {}", pack.name, pack.version);
    Prepare(app_);
    app_.footer(
        "Booted by the Pulumi engine (HOST:PORT as its argument) it is a policy pack's analyzer:\n"
        "  pulumi preview --policy-pack DIR\n\n" +
        std::string(kExitCodes));
    DefineCheck();
    DefineList();
    DefineExplain();
    DefineWaive();
    DefineCompletion();
    DefineManual();
  }

  absl::StatusOr<Invocation> Parse(Words words) {
    command_ = FirstCommand(app_, words);
    switch (AskedFor(words)) {
      case Asked::kHelp: return Shown(Help());
      case Asked::kVersion: return Shown(version_ + "\n");
      case Asked::kNothing: break;
    }
    if (words.empty()) return Usage();
    command_ = CommandNamed(app_, words.front());
    if (command_ == nullptr) return Wrong(FaultOfCommand(app_, words));
    return ParseCommand(words.subspan(1));
  }

 private:
  // By itself, so that a FILE may be called like another command.
  absl::StatusOr<Invocation> ParseCommand(Words words) {
    if (std::string fault = FaultOfValues(*command_, words); !fault.empty()) return Wrong(fault);
    try {
      std::vector<std::string> reversed(words.rbegin(), words.rend());  // as the parser wants them
      command_->parse(reversed);
    } catch (const CLI::CallForHelp&) {
      return Shown(Help());
    } catch (const CLI::CallForVersion&) {
      return Shown(version_ + "\n");
    } catch (const CLI::ParseError& error) {
      return Wrong(error.what());
    }
    if (std::string fault = FaultOfRest(*command_); !fault.empty()) return Wrong(fault);
    return Chosen();
  }

  std::string Help() const { return command_ == nullptr ? app_.help() : command_->help(app_.get_name()); }

  void Prepare(CLI::App& app) const {
    app.set_help_flag("-h,--help", "Show this help");
    app.set_version_flag("--version", version_, "Show the version");
    app.allow_extras();  // told apart by FaultOfRest(), with a suggestion
  }

  CLI::App& Command(const char* name, const char* description) {
    CLI::App& command = *app_.add_subcommand(name, description);
    Prepare(command);
    return command;
  }

  // An option or operand with a text, which is never empty: for a pipeline's variable that is not set, the default would
  // be taken.
  template <class Texts>
  CLI::Option* AddText(CLI::App& command, const char* name, Texts& texts, const char* description, const char* type) {
    const auto check = [](std::string& text) {
      return text.empty() ? "the value is empty, as of a variable that is not set" : "";
    };
    return command.add_option(name, texts, description)->type_name(type)->check(CLI::Validator(check, ""));
  }

  // The option's value must be one of the names; its help shows them.
  void AllowOneOf(CLI::Option* option, Names names) {
    option->type_name(fmt::format("{}", fmt::join(names, "|")));
    choices_[option] = names;
    const auto check = [names = std::move(names)](std::string& value) -> std::string {
      if (std::find(names.begin(), names.end(), value) != names.end()) return {};
      return fmt::format("\"{}\" is not one of {}{}", value, fmt::join(names, ", "), Suggestion(value, names));
    };
    option->check(CLI::Validator(check, ""));
  }

  // A list of names, each perhaps with =FILE behind it.
  void AllowFormats(CLI::Option* option) {
    const Names names = NamesOf(Formats());
    option->type_name(fmt::format("{}[=FILE],...", fmt::join(names, "|")));
    choices_[option] = names;
    const auto check = [names](std::string& value) -> std::string {
      const auto [name, path] = SplitAtEqual(value);
      if (std::find(names.begin(), names.end(), name) == names.end())
        return fmt::format("\"{}\" is not one of {}{}", name, fmt::join(names, ", "), Suggestion(name, names));
      return path && path->empty() ? fmt::format("\"{}\" names no file behind the =", value) : "";
    };
    option->check(CLI::Validator(check, ""));
  }

  void AllowGuardrails(CLI::Option* option) {
    choices_[option] = GuardrailNames(pack_);
    const auto check = [names = GuardrailNames(pack_)](std::string& value) -> std::string {
      if (std::find(names.begin(), names.end(), value) != names.end()) return {};
      return fmt::format("\"{}\" is no guardrail{} (list names them)", value, Suggestion(value, names));
    };
    option->check(CLI::Validator(check, ""));
  }

  void DefineCheck() {
    CLI::App& check = Command("check", "Judge stacks in JSON: previews, exports, event logs, plain lists");
    CheckOptions& o = out_.check;
    AddInput(check, o);
    AllowFormats(check.add_option("--format", formats_, "Formats of the report, each to a file but for one (default human)")
                     ->allow_extra_args(false)
                     ->delimiter(','));
    AddText(check, "--output", output_, "Where the report without a file of its own goes (default -: stdout)", "FILE");
    AddNames(check, "--only", only_, "Judge by these guardrails alone");
    AddNames(check, "--skip", skip_, "Judge without these guardrails");
    AllowOneOf(check.add_option("--fail-on", fail_on_,
                                "What makes exit code 1 (default mandatory); undecided includes mandatory"),
               NamesOf(kFailOn));
    AddText(check, "--source-root", o.source_root, "The program's folder in the repository, to begin source paths with",
            "DIR");
    AddWaivers(check, o);
    AddText(check, "--baseline", o.baseline, "An earlier JSON report: report only what is new against it", "FILE");
    check.add_flag("--fix-plan", o.fix_plan, "Add the input changes that would make resources comply; changes no file");
    check.add_flag("-q,--quiet", quiet_, "No report on stdout, no progress: files and the exit code tell");
    check.add_flag("-v,--verbose", verbose_, "Say on stderr how each file was read and judged");
    check.footer(
        "Examples:\n"
        "  pulumi preview --json --show-sames | " + std::string(pack_.name) + " check\n"
        "  pulumi stack export | " + std::string(pack_.name) + " check --format json --output report.json\n"
        "  " + std::string(pack_.name) + " check --format sarif=out.sarif,junit=out.xml,human preview.json\n\n"
        "Behind a -- every word is a FILE. " + kExitCodes);
  }

  // What is to be judged, and how it is configured.
  void AddInput(CLI::App& command, CheckOptions& o) {
    AddText(command, "FILE", o.files,
            "What to judge, each a stack of its own, may be gzip-compressed; - or none: stdin", "");
    AllowOneOf(command.add_option("--input", input_, "What the files are (default auto: told by their content)"),
               InputNames());
    AddText(command, "--policy-config", o.policy_config,
            "Levels and settings, the JSON of Pulumi's --policy-pack-config", "FILE");
    AddText(command, "--stack-config", o.stack_config,
            "Pulumi.<stack>.yaml, for the config values that rules read", "FILE");
    AddText(command, "--stack", o.stack, "The stack's name, whatever the file says", "NAME");
    AddText(command, "--project", o.project, "The project's name, whatever the file says", "NAME");
  }

  void AddWaivers(CLI::App& check, CheckOptions& o) {
    CLI::Option* file = AddText(check, "--waivers", o.waivers,
                                "Who accepted what, until when (default: GUARDRAILS_WAIVERS, or waivers.yaml beside "
                                "the nearest PulumiPolicy.yaml)",
                                "FILE");
    check.add_flag("--no-waivers", o.no_waivers, "Judge as if nobody had accepted anything")->excludes(file);
    AddToday(check);
  }

  void AddToday(CLI::App& command) {
    CLI::Option* option = command.add_option("--today", today_, "The day for which waivers are judged (default: now, in UTC)");
    option->type_name("YYYY-MM-DD")->check(CLI::Validator(
        [](std::string& day) { return ParseDate(day) ? std::string() : fmt::format("\"{}\" is no day", day); }, ""));
  }

  void DefineWaive() {
    CLI::App& waive = Command("waive", "Write the waiver of something that was found, for waivers.yaml");
    WaiveOptions& o = out_.waive;
    AllowGuardrails(waive.add_option("RULE", o.rule, "The guardrail")->type_name(""));
    AddText(waive, "RESOURCE", o.resource, "The URN or the name of the resource", "");
    AddInput(waive, o.check);
    waive.add_option("--property", property_, "Only what was found there (default: all on the resource)")->type_name("PATH");
    AddText(waive, "--owner", o.owner, "Who answers for it", "WHO");
    AddText(waive, "--reason", o.reason, "Why it is accepted, in at least 10 characters", "TEXT");
    AddText(waive, "--expires", o.expires, "The last day it holds", "YYYY-MM-DD");
    waive.add_flag("--append", o.append, "Print the entry alone, for a file that is there");
    waive.add_flag("--schema", schema_, "Print the JSON Schema of the waiver file instead");
    AddToday(waive);
    const std::string name(pack_.name);
    waive.footer("Example:\n  " + name +
                 " waive kinesis-shard-count orders-dev preview.json --owner data-team \\\n"
                 "    --reason \"One shard until the launch\" --expires 2027-01-31 > waivers.yaml");
  }

  void AddNames(CLI::App& check, const char* option, std::vector<std::string>& names, const char* description) {
    CLI::Option* added = check.add_option(option, names, description);
    added->type_name("NAME,...")->allow_extra_args(false)->delimiter(',');
    AllowGuardrails(added);
  }

  void DefineList() {
    CLI::App& list = Command("list", "The guardrails: severity, level, configuration, framework controls");
    AllowOneOf(list.add_option("--format", format_, "Format of the list (default human)"), NamesOf(ListFormats()));
  }

  void DefineExplain() {
    CLI::App& explain = Command("explain", "What a guardrail decides, why, how to comply, its configuration and controls");
    AllowGuardrails(explain.add_option("NAME", rule_, "The guardrail")->type_name("")->required());
    AllowOneOf(explain.add_option("--format", format_, "Format of the page (default human)"), NamesOf(ExplainFormats()));
  }

  void DefineCompletion() {
    CLI::App& completion = Command("completion", "Print the completion script of a shell");
    AllowOneOf(completion.add_option("SHELL", shell_, "The shell")->required(), NamesOf(Shells()));
    const std::string name(pack_.name);
    completion.footer("Examples:\n"
                      "  source <(" + name + " completion bash)\n"
                      "  source <(" + name + " completion zsh)       after compinit\n"
                      "  " + name + " completion fish | source");
  }

  void DefineManual() {
    Command("man", "Print the manual page, as man reads it").footer("Example:\n  " + std::string(pack_.name) + " man | man -l -");
  }

  absl::Status Wrong(std::string what) const {
    const std::string command = command_ == nullptr ? "" : " " + command_->get_name();
    what = what.substr(0, what.find('\n'));
    return absl::InvalidArgumentError(fmt::format("{}; see '{}{} --help'", what, pack_.name, command));
  }

  Invocation Shown(std::string text) {
    out_.action = Action::kShow;
    out_.text = std::move(text);
    return std::move(out_);
  }

  Invocation Usage() {
    out_.text = app_.help();
    return std::move(out_);
  }

  absl::StatusOr<Invocation> Chosen() {
    const std::string& command = command_->get_name();
    if (command == "check") return Check();
    if (command == "waive") return Waive();
    if (command == "completion") return Shown(Named(Shells(), shell_)->completion(Described()));
    if (command == "man") return Shown(ManualPage(Described(), ManualDate()));
    if (command == "list") {
      out_.action = Action::kList;
      out_.list = Named(ListFormats(), format_);
    } else {
      out_.action = Action::kExplain;
      out_.explain = Named(ExplainFormats(), format_);
      out_.rule = *std::find_if(pack_.guardrails.begin(), pack_.guardrails.end(),
                                [this](const Guardrail* g) { return g->name == rule_; });
    }
    return std::move(out_);
  }

  absl::StatusOr<Invocation> Waive() {
    WaiveOptions& o = out_.waive;
    if (schema_) return Shown(std::string(WaiverSchema()));
    out_.action = Action::kWaive;
    for (const auto& [name, value] : {std::pair("RULE", &o.rule), {"RESOURCE", &o.resource}, {"--owner", &o.owner},
                                      {"--reason", &o.reason}, {"--expires", &o.expires}})
      if (value->empty()) return Wrong(fmt::format("{} is required", name));
    if (command_->count("--property") > 0) o.property = property_;
    o.check.input = *ParseInputKind(input_);
    o.check.chosen.insert(o.rule);
    o.check.no_waivers = true;
    o.check.today = ParseDate(today_);
    if (o.check.files.empty()) o.check.files.push_back("-");
    if (std::string wrong = FaultOfStdin(o.check); !wrong.empty()) return Wrong(wrong);
    if (std::string wrong = FaultOfStack(o.check); !wrong.empty()) return Wrong(wrong);
    return std::move(out_);
  }

  // The second who reads it would find nothing there, which may count as a configuration without settings.
  static std::string FaultOfStdin(const CheckOptions& o) {
    auto readers = std::count(o.files.begin(), o.files.end(), "-");
    for (const std::string* file : {&o.policy_config, &o.stack_config, &o.baseline, &o.waivers}) readers += *file == "-";
    return readers > 1 ? "- (standard input) can be read once only" : "";
  }

  // As of a pipeline's variable that is not set: acme/fastcart/$STACK.
  static std::string FaultOfStack(const CheckOptions& o) {
    return o.stack.ends_with('/') ? fmt::format("--stack {} names no stack behind the /", o.stack) : "";
  }

  Interface Described() const { return Describe(app_, pack_.version, choices_); }

  absl::StatusOr<Invocation> Check() {
    CheckOptions& o = out_.check;
    out_.action = Action::kCheck;
    o.input = *ParseInputKind(input_);
    o.fail_on = Named(kFailOn, fail_on_)->value;
    o.today = ParseDate(today_);
    if (quiet_ && verbose_) return Wrong("--quiet and --verbose exclude each other");
    o.volume = quiet_ ? Volume::kQuiet : verbose_ ? Volume::kVerbose : Volume::kNormal;
    if (o.files.empty()) o.files.push_back("-");
    if (std::string wrong = FaultOfStdin(o); !wrong.empty()) return Wrong(wrong);
    if (std::string wrong = FaultOfStack(o); !wrong.empty()) return Wrong(wrong);
    if (std::string wrong = AddReports(); !wrong.empty()) return Wrong(wrong);
    if (!Choose()) return Wrong("--only and --skip leave no guardrail to judge by");
    return std::move(out_);
  }

  // What is wrong with the formats and where they go, or nothing.
  std::string AddReports() {
    if (formats_.empty()) formats_.emplace_back("human");
    bool bare = false;
    for (const std::string& text : formats_) {
      const auto [name, path] = SplitAtEqual(text);
      if (!path && std::exchange(bare, true))
        return fmt::format("--format has two reports for {}; give all but one a file: {}=FILE",
                           output_.empty() ? "stdout" : output_, name);
      out_.check.reports.push_back({Named(Formats(), name), PathOf(std::string(path.value_or(output_)))});
    }
    if (!output_.empty() && !bare)
      return "--output is for a report that has no file of its own; every --format has one";
    return FaultOfTargets(out_.check);
  }

  // Of a report: none for stdout, however it is written.
  static std::string PathOf(std::string file) {
    return file == "-" || DescriptorOf(file) == STDOUT_FILENO ? "" : std::move(file);
  }

  // False when nothing is left.
  bool Choose() {
    std::set<std::string, std::less<>>& chosen = out_.check.chosen;
    if (only_.empty() && skip_.empty()) return true;
    chosen.insert(only_.begin(), only_.end());
    if (only_.empty())
      for (const Guardrail* g : pack_.guardrails) chosen.emplace(g->name);
    for (const std::string& name : skip_) chosen.erase(name);
    return !chosen.empty();
  }

  const Pack& pack_;
  std::string version_;
  CLI::App app_;
  CLI::App* command_ = nullptr;  // the one that was given; null: none
  Invocation out_;
  std::map<const CLI::Option*, Names> choices_;
  std::string input_ = "auto", format_ = "human", fail_on_ = "mandatory", rule_, shell_, today_, property_;
  bool quiet_ = false, verbose_ = false, schema_ = false;
  std::string output_;
  std::vector<std::string> formats_, only_, skip_;
};

}  // namespace

absl::StatusOr<Invocation> ParseArguments(const Pack& pack, Words words) {
  return Parser(pack).Parse(words);
}

}  // namespace guardrails
