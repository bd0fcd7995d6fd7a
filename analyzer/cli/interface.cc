#include "analyzer/cli/interface.h"

#include <CLI/CLI.hpp>

namespace guardrails {
namespace {

using Choices = std::map<const CLI::Option*, std::vector<std::string_view>>;

std::vector<std::string> NamesOf(const CLI::Option& option) {
  if (option.get_positional()) return {option.get_name(true)};
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

OptionInfo OptionOf(const CLI::Option& option, const Choices& choices) {
  OptionInfo out;
  out.names = NamesOf(option);
  out.description = option.get_description();
  out.operand = option.get_positional();
  out.repeats = option.get_items_expected_max() > 1;
  if (option.get_items_expected_max() > 0) out.value = out.operand ? out.names[0] : option.get_type_name();
  if (const auto found = choices.find(&option); found != choices.end()) out.choices = found->second;
  out.list = option.get_delimiter() != '\0';
  out.files = out.value.find("FILE") != std::string::npos;
  return out;
}

bool HasOption(const CLI::App& app, const CLI::Option& option) {
  return app.get_option_no_throw(option.get_name()) != nullptr;
}

// Of the program itself `program` is null.
CommandInfo CommandOf(const CLI::App* program, const CLI::App& app, const Choices& choices) {
  CommandInfo out{app.get_name(), app.get_description(), app.get_footer(), {}};
  if (program != nullptr && out.notes == program->get_footer()) out.notes.clear();  // inherited
  for (const CLI::Option* option : app.get_options())
    if (program == nullptr || !HasOption(*program, *option)) out.options.push_back(OptionOf(*option, choices));
  return out;
}

}  // namespace

Interface Describe(const CLI::App& app, std::string_view version, const Choices& choices) {
  Interface out{CommandOf(nullptr, app, choices), std::string(version), {}};
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    out.commands.push_back(CommandOf(&app, *command, choices));
  return out;
}

}  // namespace guardrails
