// Completion scripts of the shells. Nothing runs the program while somebody types: all it knows stands in the script.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyzer/cli/interface.h"

namespace guardrails {

struct Shell {
  std::string_view name;
  // The script, to be sourced or to lie where the shell looks for it. Source: bash(1) "Programmable Completion",
  // zshcompsys(1), fish's complete(1).
  std::string (*completion)(const Interface& interface);
};

std::span<const Shell> Shells();

}  // namespace guardrails
