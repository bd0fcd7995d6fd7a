#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>

#include "analyzer/launcher/launch.h"

namespace {

constexpr std::string_view kName = "pulumi-analyzer-policy-cpp";
constexpr std::string_view kHelp =
    "usage: pulumi-analyzer-policy-cpp [FLAGS] ENGINE [PACKDIR] -binary=PATH [-KEY=VALUE ...]\n"
    "\n"
    "Starts a Pulumi policy pack written in C++. The Pulumi CLI runs it for a PulumiPolicy.yaml with\n"
    "  runtime: {name: cpp, options: {binary: PATH}}\n"
    "PATH is resolved against the pack's folder and started with the same arguments.\n"
    "\n"
    "install: pulumi plugin install analyzer policy-cpp VERSION --file pulumi-analyzer-policy-cpp\n";

int Fail(std::string_view why) {
  std::cerr << kName << ": " << why << '\n';
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char* const> args(argv + std::min(argc, 1), argv + argc);
  const auto given = [&](std::string_view flag) {
    return std::any_of(args.begin(), args.end(), [flag](const char* arg) { return arg == flag; });
  };
  if (given("--help") || given("-h")) return std::cout << kHelp << std::flush ? 0 : 2;
  if (given("--version")) return std::cout << kName << ' ' << LAUNCHER_VERSION << std::endl ? 0 : 2;
  const auto launch = guardrails::ParseLaunch(args);
  if (!launch) return Fail("expected the engine's address; see --help");
  if (const std::string why = guardrails::WhyNot(*launch); !why.empty()) return Fail(why);
  std::string program = launch->program.string();
  argv[0] = program.data();
  execv(program.c_str(), argv);
  return Fail("cannot start " + program + ": " + std::generic_category().message(errno));
}
