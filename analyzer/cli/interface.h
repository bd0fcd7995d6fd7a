// The command line as its parser knows it: the one source of the completions and of the manual page.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace guardrails {

struct OptionInfo {
  std::vector<std::string> names;         // "--help", "-h"; of an operand its name alone: "FILE"
  std::string description;
  bool operand = false;
  bool repeats = false;                   // may be given several times
  std::string value;                      // as the help calls it: "FILE", "human|json"; empty: takes none
  std::vector<std::string_view> choices;  // the values that there are; empty: not known beforehand
  bool list = false;                      // takes several values, with commas between them
  bool files = false;                     // a value is a path or, where there are choices, may go on with "=PATH"
};

struct CommandInfo {
  std::string name, description;
  std::string notes;  // paragraphs; lines that begin with two blanks are examples
  std::vector<OptionInfo> options;  // of a command without those of the program, which it takes as well
};

struct Interface {
  CommandInfo program;
  std::string version;
  std::vector<CommandInfo> commands;
};

// `choices`: of the options that take one of some names.
Interface Describe(const CLI::App& app, std::string_view version,
                   const std::map<const CLI::Option*, std::vector<std::string_view>>& choices);

}  // namespace guardrails
