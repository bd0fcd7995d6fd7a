#include "analyzer/cli/completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/strings/str_replace.h"

namespace guardrails {
namespace {

// In single quotes, as bash and zsh read them.
std::string Quoted(std::string_view text) {
  return fmt::format("'{}'", absl::StrReplaceAll({text.data(), text.size()}, {{"'", "'\\''"}}));
}

std::string FishQuoted(std::string_view text) {
  return fmt::format("'{}'", absl::StrReplaceAll({text.data(), text.size()}, {{"\\", "\\\\"}, {"'", "\\'"}}));
}

std::string FunctionName(const Interface& interface) {
  return "_" + absl::StrReplaceAll(interface.program.name, {{"-", "_"}});
}

std::string Heading(const Interface& interface, std::string_view shell) {
  return fmt::format("# Completion of {0} {1}, written by `{0} completion {2}`.\n", interface.program.name,
                     interface.version, shell);
}

std::vector<std::string> CommandNames(const Interface& interface) {
  std::vector<std::string> names;
  for (const CommandInfo& command : interface.commands) names.push_back(command.name);
  return names;
}

// The commands, each with the options of the program as well.
Interface WithSharedOptions(Interface interface) {
  const std::vector<OptionInfo>& shared = interface.program.options;
  for (CommandInfo& command : interface.commands)
    command.options.insert(command.options.end(), shared.begin(), shared.end());
  return interface;
}

std::string OptionNames(const CommandInfo& command) {
  std::vector<std::string> names;
  for (const OptionInfo& option : command.options)
    if (!option.operand) names.insert(names.end(), option.names.begin(), option.names.end());
  return fmt::format("{}", fmt::join(names, " "));
}

// ---- bash

// What a value can be, as assignments to the variables of kBashFrame.
std::string BashValue(const OptionInfo& option) {
  std::string out;
  if (!option.choices.empty()) out += fmt::format("choices={}", Quoted(fmt::format("{}", fmt::join(option.choices, " "))));
  if (option.list) out += " list=1";
  if (option.files) out += " paths=1";
  return out.empty() ? ":" : std::string(out, out[0] == ' ' ? 1 : 0);
}

bool TakesNextWord(const OptionInfo& option) { return !option.operand && !option.value.empty(); }

// 'check --only' | 'check -o'
std::string BashPatterns(const OptionInfo& option, std::string_view word) {
  std::vector<std::string> patterns;
  for (const std::string& name : option.names) patterns.push_back(fmt::format("'{} {}'", word, name));
  return fmt::format("{}", fmt::join(patterns, " | "));
}

std::string BashCasesOfValues(const CommandInfo& command, std::string_view word) {
  std::string out;
  for (const OptionInfo& option : command.options)
    if (TakesNextWord(option)) out += fmt::format("    {}) {} ;;\n", BashPatterns(option, word), BashValue(option));
  return out;
}

// What is followed by a word that is no operand.
std::string BashPatternsOfValues(const Interface& interface) {
  std::vector<std::string> patterns;
  for (const CommandInfo& command : interface.commands)
    for (const OptionInfo& option : command.options)
      if (TakesNextWord(option)) patterns.push_back(BashPatterns(option, command.name));
  return fmt::format("{}", fmt::join(patterns, " | "));
}

// By the place of a word: "-" for an option, else how many operands stand before it.
std::string BashCasesOfWords(const CommandInfo& command, std::string_view word) {
  std::string out = fmt::format("        '{} -') choices='{}' ;;\n", word, OptionNames(command));
  std::size_t place = 0;
  for (const OptionInfo& option : command.options) {
    if (!option.operand) continue;
    const std::string places = option.repeats ? "*" : fmt::format("{}", place++);
    out += fmt::format("        '{} '{}) {} ;;\n", word, places, BashValue(option));
  }
  return out;
}

constexpr std::string_view kBashFrame = R"({heading}
{function}() {{
    local -a words=()
    local i command= option= value place=0 choices= list= paths= head= cut
    # Bash makes words of their own of what stands around a "="; the program does not.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        if ((i > 0)) && [[ ${{COMP_WORDS[i]}} == =* || ${{COMP_WORDS[i - 1]}} == *= ]]; then
            words[-1]+=${{COMP_WORDS[i]}}
        else
            words+=("${{COMP_WORDS[i]}}")
        fi
    done
    for ((i = 1; i < ${{#words[@]}} - 1; i++)); do
        case ${{words[i]}} in
        {commands}) command=${{words[i]}} && break ;;
        esac
    done
    for ((i++; i < ${{#words[@]}} - 1; i++)); do
        case "$command ${{words[i]}}" in
        {valued}) ((i++)) ;;
        "$command -"?*) ;;
        *) ((place++)) ;;
        esac
    done
    value=${{words[-1]}}
    [[ $value != -* ]] || place=-
    if [[ $value == --*=* ]]; then
        option=${{value%%=*}} value=${{value#*=}}
    else
        option=${{words[-2]}}
    fi
    case "$command $option" in
{values}    *)
        case "$command $place" in
{words}        esac
        ;;
    esac
    cut=${{value%"${{value##*=}}"}}
    [[ ! $list ]] || head=${{value%"${{value##*,}}"}} value=${{value##*,}}
    if [[ $paths && ( ! $choices || $value == *=* ) ]]; then
        compopt -o filenames 2>/dev/null
        [[ ! $choices ]] || head+=${{value%%=*}}= value=${{value#*=}}
        mapfile -t COMPREPLY < <(compgen -f -P "$head" -- "$value")
    else
        mapfile -t COMPREPLY < <(compgen -W "$choices" -P "$head" -- "$value")
    fi
    COMPREPLY=("${{COMPREPLY[@]#"$cut"}}")
}}
complete -F {function} {program}
)";

std::string Bash(const Interface& described) {
  const Interface interface = WithSharedOptions(described);
  std::string values = BashCasesOfValues(interface.program, ""), words;
  for (const CommandInfo& command : interface.commands) {
    values += BashCasesOfValues(command, command.name);
    words += BashCasesOfWords(command, command.name);
  }
  words += BashCasesOfWords(interface.program, "");
  const std::vector<std::string> commands = CommandNames(interface);
  words += fmt::format("        ' '*) choices='{}' ;;\n", fmt::join(commands, " "));
  return fmt::format(kBashFrame, fmt::arg("heading", Heading(interface, "bash")),
                     fmt::arg("function", FunctionName(interface)), fmt::arg("values", values),
                     fmt::arg("words", words), fmt::arg("valued", BashPatternsOfValues(interface)),
                     fmt::arg("commands", fmt::join(commands, " | ")), fmt::arg("program", interface.program.name));
}

// ---- zsh

// An _arguments action: what a value can be.
std::string ZshValue(const OptionInfo& option) {
  if (option.choices.empty()) return option.files ? "_files" : " ";
  const std::string_view path = option.files ? "::FILE:_files" : "";
  if (!option.list) return fmt::format("({})", fmt::join(option.choices, " "));
  std::string out = "_values -s , value";
  for (const std::string_view choice : option.choices) out += fmt::format(" {}{}", choice, path);
  return out;
}

// A spec of _arguments: '(--help -h)'{--help,-h}'[Show this help]'.
std::string ZshSpec(const OptionInfo& option) {
  const std::string value = fmt::format(":{}:{}", option.choices.empty() ? option.value : "value", ZshValue(option));
  if (option.operand) return Quoted((option.repeats ? "*" : "") + value);
  const std::string about = absl::StrReplaceAll(option.description, {{"[", "\\["}, {"]", "\\]"}, {":", "\\:"}});
  const std::string rest = option.value.empty() ? fmt::format("[{}]", about) : fmt::format("=[{}]{}", about, value);
  if (option.names.size() == 1) return Quoted((option.repeats ? "*" : "") + option.names[0] + rest);
  return fmt::format("'({})'{{{}}}{}", fmt::join(option.names, " "), fmt::join(option.names, ","), Quoted(rest));
}

std::string ZshArguments(const CommandInfo& command) {
  std::string out = "_arguments -S";
  for (const OptionInfo& option : command.options) out += " \\\n            " + ZshSpec(option);
  return out;
}

constexpr std::string_view kZshFrame = R"(#compdef {program}
{heading}
{function}() {{
    local curcontext=$curcontext state line
    local -A opt_args
    local -a commands=(
{commands}    )
    _arguments -C -S \
{options}        '1:command:->command' '*::argument:->argument'
    case $state in
    command) _describe -t commands command commands ;;
    argument)
        case $words[1] in
{arguments}        esac
        ;;
    esac
}}
if [[ $funcstack[1] == {function} ]]; then
    {function} "$@"
else
    compdef {function} {program}
fi
)";

std::string Zsh(const Interface& described) {
  const Interface interface = WithSharedOptions(described);
  std::string commands, options, arguments;
  for (const OptionInfo& option : interface.program.options) options += fmt::format("        {} \\\n", ZshSpec(option));
  for (const CommandInfo& command : interface.commands) {
    const std::string about = absl::StrReplaceAll(command.description, {{":", "\\:"}});
    commands += fmt::format("        {}\n", Quoted(command.name + ":" + about));
    arguments += fmt::format("        {}) {} ;;\n", command.name, ZshArguments(command));
  }
  return fmt::format(kZshFrame, fmt::arg("heading", Heading(interface, "zsh")),
                     fmt::arg("function", "_" + interface.program.name), fmt::arg("commands", commands),
                     fmt::arg("options", options), fmt::arg("arguments", arguments),
                     fmt::arg("program", interface.program.name));
}

// ---- fish

std::string FishNames(const OptionInfo& option) {
  std::string out;
  for (const std::string& name : option.names)
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return out;
}

std::string FishValue(const OptionInfo& option) {
  if (option.value.empty()) return "";
  std::string kind = option.operand ? (option.files ? " -F" : "") : option.files ? " -r -F" : " -x";
  if (option.choices.empty()) return kind;
  const std::string choices = fmt::format("{}", fmt::join(option.choices, " "));
  if (!option.list) return kind + " -a " + FishQuoted(choices);
  return kind + " -a " + FishQuoted(fmt::format("(__fish_complete_list , 'printf %s\\\\n {}')", choices));
}

std::string FishLines(const Interface& interface, const CommandInfo& command, std::string_view condition) {
  std::string out;
  for (const OptionInfo& option : command.options)
    out += fmt::format("complete -c {} -n {}{}{} -d {}\n", interface.program.name, FishQuoted(condition),
                       option.operand ? "" : FishNames(option), FishValue(option), FishQuoted(option.description));
  return out;
}

std::string Fish(const Interface& described) {
  const Interface interface = WithSharedOptions(described);
  constexpr std::string_view kNoCommand = "__fish_use_subcommand";
  std::string out = Heading(interface, "fish") + fmt::format("complete -c {} -f\n", interface.program.name);
  out += FishLines(interface, interface.program, kNoCommand);
  for (const CommandInfo& command : interface.commands) {
    out += fmt::format("complete -c {} -n {} -a {} -d {}\n", interface.program.name, kNoCommand, command.name,
                       FishQuoted(command.description));
    out += FishLines(interface, command, "__fish_seen_subcommand_from " + command.name);
  }
  return out;
}

constexpr Shell kShells[] = {{"bash", Bash}, {"zsh", Zsh}, {"fish", Fish}};

}  // namespace

std::span<const Shell> Shells() { return kShells; }

}  // namespace guardrails
