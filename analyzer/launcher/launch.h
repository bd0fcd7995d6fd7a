// What `pulumi-analyzer-policy-cpp ENGINE PACKDIR -binary=PATH …` asks for.
//
// The engine starts this program for `runtime: {name: cpp, options: {binary: …}}` in a PulumiPolicy.yaml, with the
// pack's folder as its working directory. It is the same for every policy pack in C++.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace guardrails {

struct Launch {
  std::string binary;             // as PulumiPolicy.yaml has it; empty: it has none
  std::filesystem::path pack;     // the pack's folder
  std::filesystem::path program;  // the binary, resolved against the pack's folder
};

// `args` is everything behind the program's name. Nothing when the engine's address is missing.
std::optional<Launch> ParseLaunch(std::span<char* const> args);

// Why the program cannot be started and what to do about it; empty when it can.
std::string WhyNot(const Launch& launch);

}  // namespace guardrails
