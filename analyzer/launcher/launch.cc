#include "analyzer/launcher/launch.h"

#include <unistd.h>

#include <vector>

namespace guardrails {
namespace {

constexpr std::string_view kBinaryOption = "-binary=";

}  // namespace

std::optional<Launch> ParseLaunch(std::span<char* const> args) {
  Launch launch;
  std::vector<std::string_view> positional;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    if (arg == "--tracing" || arg == "-tracing") {
      ++i;  // its endpoint
    } else if (arg.starts_with(kBinaryOption)) {
      launch.binary = arg.substr(kBinaryOption.size());
    } else if (!arg.starts_with('-')) {
      positional.push_back(arg);
    }
  }
  if (positional.empty()) return std::nullopt;
  launch.pack = positional.size() > 1 ? positional[1] : ".";
  launch.program = launch.pack / launch.binary;
  return launch;
}

std::string WhyNot(const Launch& launch) {
  std::error_code error;
  const auto absolute = [&error](const std::filesystem::path& path) {
    return std::filesystem::absolute(path, error).lexically_normal().string();
  };
  const std::string where = absolute(launch.program), yaml = absolute(launch.pack / "PulumiPolicy.yaml");
  const std::string line = " (runtime.options.binary in " + yaml + ")";
  if (launch.binary.empty())
    return "no policy pack binary is named: set runtime.options.binary in " + yaml + " to the path of the built pack";
  const auto status = std::filesystem::status(launch.program, error);
  if (!std::filesystem::exists(status))
    return "the policy pack is not built: " + where + " does not exist" + line +
           "\nBuild the pack's CMake target '" + launch.program.filename().string() + "', or correct the path.";
  if (std::filesystem::is_directory(status)) return "the policy pack binary " + where + " is a folder" + line;
  if (std::filesystem::equivalent(launch.program, "/proc/self/exe", error))
    return "the policy pack binary " + where + " is the launcher itself" + line;
  if (access(launch.program.c_str(), X_OK) != 0) return "the policy pack binary " + where + " is not executable" + line;
  return {};
}

}  // namespace guardrails
