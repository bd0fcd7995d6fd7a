#include "analyzer/cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>
#include <vector>

#include "analyzer/policy/config.h"

namespace guardrails {
namespace {

constexpr std::string_view kOnlyOperands = "--";  // what follows it

const CLI::Option* OptionNamed(const CLI::App& app, std::string_view name) {
  return name.starts_with('-') && name != kOnlyOperands ? app.get_option_no_throw(std::string(name)) : nullptr;
}

std::vector<CLI::App*> CommandsOf(CLI::App& program) {
  return program.get_subcommands([](const CLI::App*) { return true; });
}

std::string UnknownOption(const CLI::App& app, std::string_view name) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& known : option->get_lnames()) names.push_back("--" + known);
  return fmt::format("{} is no option{}", name, Suggestion(name, {names.begin(), names.end()}));
}

std::string UnknownCommand(CLI::App& program, std::string_view name) {
  std::vector<std::string> names;
  for (const CLI::App* command : CommandsOf(program)) names.push_back(command->get_name());
  return fmt::format("\"{}\" is no command ({}){}", name, fmt::join(names, ", "),
                     Suggestion(name, {names.begin(), names.end()}));
}

// The command that takes the option: the one that was given, if it does.
const CLI::App* TakerOf(CLI::App& program, std::string_view option, Words words) {
  const CLI::App* given = FirstCommand(program, words);
  if (given != nullptr && OptionNamed(*given, option) != nullptr) return given;
  for (const CLI::App* command : CommandsOf(program))
    if (OptionNamed(*command, option) != nullptr) return command;
  return nullptr;
}

// HOST:DIGITS. Those that can be an address boot the plugin before anybody asks here.
bool LooksLikeAnAddress(std::string_view word) {
  const auto colon = word.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == word.size()) return false;
  constexpr auto kNowhere = std::string_view::npos;
  return word.find('/') == kNowhere && word.find_first_not_of("0123456789", colon + 1) == kNowhere;
}

// What is wrong with the words behind an option that takes the first of them.
std::string FaultOfNext(const CLI::App& command, std::string_view name, Words words) {
  if (words.empty()) return fmt::format("{} has no value", name);
  const std::string_view next = words.front();
  if (next != kOnlyOperands && OptionNamed(command, SplitAtEqual(next).first) == nullptr) return {};
  return fmt::format("{} has no value; {} follows it", name, next);
}

}  // namespace

std::pair<std::string_view, std::optional<std::string_view>> SplitAtEqual(std::string_view word) {
  const auto at = word.find('=');
  if (at == std::string_view::npos) return {word, std::nullopt};
  return {word.substr(0, at), word.substr(at + 1)};
}

Asked AskedFor(Words words) {
  for (const std::string_view word : words) {
    if (word == kOnlyOperands) break;
    if (word == "--help" || word == "-h") return Asked::kHelp;
    if (word == "--version") return Asked::kVersion;
  }
  return Asked::kNothing;
}

CLI::App* CommandNamed(CLI::App& program, std::string_view name) {
  const auto commands = CommandsOf(program);
  const auto at = std::find_if(commands.begin(), commands.end(), [name](const CLI::App* c) { return c->get_name() == name; });
  return at == commands.end() ? nullptr : *at;
}

CLI::App* FirstCommand(CLI::App& program, Words words) {
  for (const std::string_view word : words)
    if (CLI::App* command = CommandNamed(program, word); command != nullptr) return command;
  return nullptr;
}

std::string FaultOfCommand(CLI::App& program, Words words) {
  if (words.front() == kOnlyOperands) return "-- belongs behind a command";
  const auto is_option = [](std::string_view word) { return word.starts_with('-'); };
  const auto operand = std::find_if_not(words.begin(), words.end(), is_option);
  if (operand != words.end() && LooksLikeAnAddress(*operand))
    return fmt::format("\"{}\" is no address of an engine: HOST:PORT has a port from 1 to 65535", *operand);
  const std::string_view name = SplitAtEqual(words.front()).first;
  if (!name.starts_with('-')) return UnknownCommand(program, words.front());
  const CLI::App* taker = TakerOf(program, name, words);
  return taker == nullptr ? UnknownOption(program, name) : fmt::format("{} belongs behind {}", name, taker->get_name());
}

std::string FaultOfValues(const CLI::App& command, Words words) {
  std::set<const CLI::Option*> given;
  for (std::size_t i = 0; i < words.size() && words[i] != kOnlyOperands; ++i) {
    const auto [name, value] = SplitAtEqual(words[i]);
    const CLI::Option* option = OptionNamed(command, name);
    if (option == nullptr || option->get_items_expected_max() == 0) continue;
    if (value && value->empty()) return fmt::format("{} has no value behind the =", name);
    if (!given.insert(option).second && option->get_items_expected_max() == 1)
      return fmt::format("{} is given twice; keep one of the two", name);
    if (value) continue;
    if (std::string fault = FaultOfNext(command, name, words.subspan(++i)); !fault.empty()) return fault;
  }
  return {};
}

std::string FaultOfRest(const CLI::App& command) {
  std::vector<std::string> left = command.remaining();
  if (left.empty()) return {};
  if (left.front() == kOnlyOperands)
    left.erase(left.begin());
  else if (left.front().starts_with('-'))
    return UnknownOption(command, SplitAtEqual(left.front()).first);
  return left.empty() ? "" : fmt::format("\"{}\" is one word too many", left.front());
}

}  // namespace guardrails
