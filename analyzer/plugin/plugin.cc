#include "analyzer/plugin/plugin.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>

#include "absl/synchronization/mutex.h"
#include "analyzer/plugin/lifeline.h"
#include "analyzer/plugin/server.h"
#include "analyzer/plugin/session.h"

namespace guardrails {
namespace {

int Fail(const std::string& why) {
  std::cerr << why << std::endl;
  return 2;
}

bool TellPort(int port) {
  const std::string line = std::to_string(port) + "\n";
  return write(STDOUT_FILENO, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

// NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
const char* Environment(const char* name) {
  return std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
}

}  // namespace

bool LooksLikeEngineAddress(std::string_view argument) {
  const auto colon = argument.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || argument.starts_with('-')) return false;
  const std::string_view digits = argument.substr(colon + 1);
  int port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool number = error == std::errc() && end == digits.data() + digits.size();
  return number && port > 0 && port <= 65535 && argument.find('/') == std::string_view::npos;
}

std::optional<PackArguments> ParsePackArguments(std::span<char* const> args) {
  constexpr std::string_view kWaivers = "-waivers=";
  PackArguments out;
  bool has_address = false;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    if (arg == "--tracing" || arg == "-tracing") {
      ++i;  // its endpoint
    } else if (arg.starts_with(kWaivers)) {
      out.waivers = arg.substr(kWaivers.size());
    } else if (arg == "--" && !has_address) {
      return std::nullopt;  // the engine writes no such
    } else if (arg.starts_with('-')) {
      continue;  // a flag, or an option of another pack
    } else if (!has_address) {
      if (!LooksLikeEngineAddress(arg)) return std::nullopt;
      has_address = true;
    } else if (out.folder.empty()) {
      out.folder = arg;
    }
  }
  return has_address ? std::optional(out) : std::nullopt;
}

int RunPlugin(const Pack& pack, const PackArguments& arguments, WaiverLoader waivers) {
  // Debian's Abseil looks for cycles of locks at every one that gRPC takes: a tenth of what a call costs.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  PrepareToEnd();
  EndWithTheEngine();
  Session session(pack, Environment, [&]() -> absl::StatusOr<std::shared_ptr<const WaiverBook>> {
    if (waivers == nullptr) return nullptr;
    return waivers(pack, arguments);
  });
  Server server(session);
  if (server.port() == 0) return Fail("cannot listen on 127.0.0.1");
  if (!TellPort(server.port())) return Fail("cannot write the port to stdout: " + std::generic_category().message(errno));
  server.Wait();
  return 0;
}

}  // namespace guardrails
