// The command line before its parser sees it, which would pass over in silence what is found wrong here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CLI {
class App;
}  // namespace CLI

namespace guardrails {

// What was typed behind the program's name.
using Words = std::span<char* const>;

// NAME, and VALUE of NAME=VALUE.
std::pair<std::string_view, std::optional<std::string_view>> SplitAtEqual(std::string_view word);

// What wins wherever it stands, whatever is wrong with the rest. Behind a -- there are operands alone.
enum class Asked { kNothing, kHelp, kVersion };
Asked AskedFor(Words words);

// The program's command of that name; null: it is none.
CLI::App* CommandNamed(CLI::App& program, std::string_view name);

// The first of the words that is a command, wherever it stands; null: there is none.
CLI::App* FirstCommand(CLI::App& program, Words words);

// Why the first word is no command, and what was meant. There must be words.
std::string FaultOfCommand(CLI::App& program, Words words);

// What is wrong with how the command's options got their values, or nothing.
std::string FaultOfValues(const CLI::App& command, Words words);

// What the parser left over: an option that does not exist, or a word too many; or nothing.
std::string FaultOfRest(const CLI::App& command);

}  // namespace guardrails
