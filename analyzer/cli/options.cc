#include "analyzer/cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "analyzer/cli/completion.h"
#include "analyzer/cli/console.h"
#include "analyzer/cli/interface.h"
#include "analyzer/cli/manual.h"
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

// NAME, or NAME=FILE.
std::pair<std::string_view, std::optional<std::string_view>> SplitTarget(std::string_view text) {
  const auto at = text.find('=');
  if (at == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, at), text.substr(at + 1)};
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

  absl::StatusOr<Invocation> Parse(std::span<char* const> args) {
    try {
      app_.parse(static_cast<int>(args.size()), args.data());
    } catch (const CLI::CallForHelp&) {
      return Shown(app_.help());
    } catch (const CLI::CallForVersion&) {
      return Shown(version_ + "\n");
    } catch (const CLI::ParseError& error) {
      return Wrong(error.what());
    }
    if (auto extra = Unexpected(); !extra.empty()) return Wrong(extra);
    return Chosen();
  }

 private:
  // The command that was given, else the program.
  const CLI::App& Current() const {
    const auto given = app_.get_subcommands();
    return given.empty() ? app_ : *given.front();
  }

  void Prepare(CLI::App& app) const {
    app.set_help_flag("-h,--help", "Show this help");
    app.set_version_flag("--version", version_, "Show the version");
    app.allow_extras();  // told apart by Unexpected(), with a suggestion
  }

  CLI::App& Command(const char* name, const char* description) {
    CLI::App& command = *app_.add_subcommand(name, description);
    Prepare(command);
    return command;
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
      const auto [name, path] = SplitTarget(value);
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
    check.add_option("--output", output_, "Write the report that has no file of its own there instead of stdout")
        ->type_name("FILE");
    AddNames(check, "--only", only_, "Judge by these guardrails alone");
    AddNames(check, "--skip", skip_, "Judge without these guardrails");
    AllowOneOf(check.add_option("--fail-on", fail_on_,
                                "What makes exit code 1 (default mandatory); undecided includes mandatory"),
               NamesOf(kFailOn));
    check.add_option("--source-root", o.source_root, "The program's folder in the repository, to begin source paths with")
        ->type_name("DIR");
    AddWaivers(check, o);
    check.add_option("--baseline", o.baseline, "An earlier JSON report: report only what is new against it")
        ->type_name("FILE");
    check.add_flag("--fix-plan", o.fix_plan, "Add the input changes that would make resources comply; changes no file");
    check.add_flag("-q,--quiet", quiet_, "No report on stdout, no progress: files and the exit code tell");
    check.add_flag("-v,--verbose", verbose_, "Say on stderr how each file was read and judged");
    check.footer(
        "Examples:\n"
        "  pulumi preview --json --show-sames | " + std::string(pack_.name) + " check\n"
        "  pulumi stack export | " + std::string(pack_.name) + " check --format json --output report.json\n"
        "  " + std::string(pack_.name) + " check --format sarif=out.sarif,junit=out.xml,human preview.json\n\n" + kExitCodes);
  }

  // What is to be judged, and how it is configured.
  void AddInput(CLI::App& command, CheckOptions& o) {
    command.add_option("FILE", o.files, "What to judge, each a stack of its own, may be gzip-compressed; - or none: stdin")
        ->type_name("");
    AllowOneOf(command.add_option("--input", input_, "What the files are (default auto: told by their content)"),
               InputNames());
    command
        .add_option("--policy-config", o.policy_config, "Levels and settings, the JSON of Pulumi's --policy-pack-config")
        ->type_name("FILE");
    command.add_option("--stack-config", o.stack_config, "Pulumi.<stack>.yaml, for the config values that rules read")
        ->type_name("FILE");
    command.add_option("--stack", o.stack, "The stack's name, whatever the file says")->type_name("NAME");
    command.add_option("--project", o.project, "The project's name, whatever the file says")->type_name("NAME");
  }

  void AddWaivers(CLI::App& check, CheckOptions& o) {
    CLI::Option* file = check.add_option("--waivers", o.waivers,
                                         "Who accepted what, until when (default: GUARDRAILS_WAIVERS, or waivers.yaml "
                                         "beside the nearest PulumiPolicy.yaml)");
    file->type_name("FILE");
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
    waive.add_option("RESOURCE", o.resource, "The URN or the name of the resource")->type_name("");
    AddInput(waive, o.check);
    waive.add_option("--property", property_, "Only what was found there (default: all on the resource)")->type_name("PATH");
    waive.add_option("--owner", o.owner, "Who answers for it")->type_name("WHO");
    waive.add_option("--reason", o.reason, "Why it is accepted, in at least 10 characters")->type_name("TEXT");
    waive.add_option("--expires", o.expires, "The last day it holds")->type_name("YYYY-MM-DD");
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

  // What is left over: an option that does not exist, or a word too many.
  std::string Unexpected() const {
    const CLI::App& current = Current();
    const std::vector<std::string> left = current.remaining();
    if (left.empty()) return {};
    const std::string name = left.front().substr(0, left.front().find('='));
    if (name.starts_with('-')) return fmt::format("{} is no option{}", name, Suggestion(name, OptionNames(current)));
    if (&current != &app_) return fmt::format("\"{}\" is one word too many", name);
    const std::vector<std::string> commands = CommandNames();
    return fmt::format("\"{}\" is no command ({}){}", name, fmt::join(commands, ", "),
                       Suggestion(name, {commands.begin(), commands.end()}));
  }

  std::vector<std::string> CommandNames() const {
    std::vector<std::string> names;
    for (const CLI::App* command : app_.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(command->get_name());
    return names;
  }

  Names OptionNames(const CLI::App& app) const {
    static std::vector<std::string> names;
    names.clear();
    for (const CLI::Option* option : app.get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    return {names.begin(), names.end()};
  }

  absl::Status Wrong(std::string what) const {
    const std::string command = &Current() == &app_ ? "" : " " + Current().get_name();
    what = what.substr(0, what.find('\n'));
    return absl::InvalidArgumentError(fmt::format("{}; see '{}{} --help'", what, pack_.name, command));
  }

  Invocation Shown(std::string text) {
    out_.action = Action::kShow;
    out_.text = std::move(text);
    return std::move(out_);
  }

  absl::StatusOr<Invocation> Chosen() {
    if (app_.got_subcommand("check")) return Check();
    if (app_.got_subcommand("list")) {
      out_.action = Action::kList;
      out_.list = Named(ListFormats(), format_);
    } else if (app_.got_subcommand("explain")) {
      out_.action = Action::kExplain;
      out_.explain = Named(ExplainFormats(), format_);
      out_.rule = *std::find_if(pack_.guardrails.begin(), pack_.guardrails.end(),
                                [this](const Guardrail* g) { return g->name == rule_; });
    } else if (app_.got_subcommand("waive")) {
      return Waive();
    } else if (app_.got_subcommand("completion")) {
      return Shown(Named(Shells(), shell_)->completion(Described()));
    } else if (app_.got_subcommand("man")) {
      return Shown(ManualPage(Described(), ManualDate()));
    } else {
      out_.text = app_.help();
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
    if (Current().count("--property") > 0) o.property = property_;
    o.check.input = *ParseInputKind(input_);
    o.check.chosen.insert(o.rule);
    o.check.no_waivers = true;
    o.check.today = ParseDate(today_);
    if (o.check.files.empty()) o.check.files.push_back("-");
    return std::move(out_);
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
    if (std::count(o.files.begin(), o.files.end(), "-") > 1) return Wrong("- (standard input) can be read once only");
    if (std::string wrong = AddReports(); !wrong.empty()) return Wrong(wrong);
    if (!Choose()) return Wrong("--only and --skip leave no guardrail to judge by");
    return std::move(out_);
  }

  // What is wrong with the formats and where they go, or nothing.
  std::string AddReports() {
    if (formats_.empty()) formats_.emplace_back("human");
    std::set<std::string, std::less<>> files;
    bool bare = false;
    for (const std::string& text : formats_) {
      const auto [name, path] = SplitTarget(text);
      if (!path && std::exchange(bare, true))
        return fmt::format("--format has two reports for {}; give all but one a file: {}=FILE",
                           output_.empty() ? "stdout" : output_, name);
      const std::string_view file = path.value_or(output_);
      if (!file.empty() && !files.emplace(file).second) return fmt::format("two reports would go to {}", file);
      out_.check.reports.push_back({Named(Formats(), name), std::string(file)});
    }
    return output_.empty() || bare ? "" : "--output is for a report that has no file of its own; every --format has one";
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
  Invocation out_;
  std::map<const CLI::Option*, Names> choices_;
  std::string input_ = "auto", format_ = "human", fail_on_ = "mandatory", rule_, shell_, today_, property_;
  bool quiet_ = false, verbose_ = false, schema_ = false;
  std::string output_;
  std::vector<std::string> formats_, only_, skip_;
};

}  // namespace

absl::StatusOr<Invocation> ParseArguments(const Pack& pack, std::span<char* const> args) {
  return Parser(pack).Parse(args);
}

}  // namespace guardrails
