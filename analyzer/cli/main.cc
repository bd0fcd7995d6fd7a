#include "analyzer/cli/main.h"

#include <csignal>
#include <exception>
#include <span>
#include <string_view>

#include "analyzer/cli/check.h"
#include "analyzer/cli/console.h"
#include "analyzer/cli/options.h"
#include "analyzer/cli/waive.h"
#include "analyzer/cli/waivers.h"
#include "analyzer/plugin/plugin.h"
#include "analyzer/report/catalogue.h"

namespace guardrails {
namespace {

// The engine writes flags first, then its address: [--logtostderr] [-v=N] [--tracing ENDPOINT] HOST:PORT …
bool BootedByEngine(std::span<char* const> args) {
  for (std::size_t i = 1; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    if (arg == "--help" || arg == "--version") return false;
    if (arg == "--tracing") {
      ++i;
    } else if (!arg.starts_with('-')) {
      return LooksLikeEngineAddress(arg);
    }
  }
  return false;
}

int Show(const std::string& text) { return Exit(WriteStdout(text)); }

int RunCommandLine(const Pack& pack, std::span<char* const> args) {
  const absl::StatusOr<Invocation> invocation = ParseArguments(pack, args);
  if (!invocation.ok()) return Exit(invocation.status());
  const Look look = LookOf(Stream::kStdout);
  switch (invocation->action) {
    case Action::kCheck: return RunCheck(pack, invocation->check);
    case Action::kList: return Show(invocation->list->write(pack, look));
    case Action::kExplain: return Show(invocation->explain->write(*invocation->rule, look));
    case Action::kWaive: return RunWaive(pack, invocation->waive);
    case Action::kShow: return Show(invocation->text);
    case Action::kUsage: WriteStderr(invocation->text); return kExitError;
  }
  return kExitError;
}

}  // namespace

int Main(const Pack& pack, int argc, char** argv) {
  const std::span<char* const> args(argv, static_cast<std::size_t>(argc));
  if (BootedByEngine(args)) return RunPlugin(pack, args, WaiversOfPlugin);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that must not grow further is an error to tell, not the end
  try {
    return RunCommandLine(pack, args);
  } catch (const std::bad_alloc&) {
    Complain("out of memory");
  } catch (const std::exception&) {
    // What it says is not shown: it may quote a file.
    Complain("stopped by an unexpected failure; this is a fault of the program, please report it");
  }
  return kExitError;
}

}  // namespace guardrails
