#include "analyzer/cli/main.h"

#include <algorithm>
#include <csignal>
#include <exception>
#include <new>

#include "analyzer/base/standard_streams.h"
#include "analyzer/cli/arguments.h"
#include "analyzer/cli/check.h"
#include "analyzer/cli/console.h"
#include "analyzer/cli/options.h"
#include "analyzer/cli/waive.h"
#include "analyzer/cli/waivers.h"
#include "analyzer/plugin/plugin.h"
#include "analyzer/report/catalogue.h"

namespace guardrails {
namespace {

int Show(const std::string& text) { return Exit(WriteStdout(text)); }

int RunCommandLine(const Pack& pack, Words words) {
  const absl::StatusOr<Invocation> invocation = ParseArguments(pack, words);
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

int Run(const Pack& pack, Words words) {
  if (AskedFor(words) == Asked::kNothing)
    if (const auto booted = ParsePackArguments(words)) return RunPlugin(pack, *booted, WaiversOfPlugin);
  HoldStandardStreams();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that must not grow further is an error to tell, not the end
  return RunCommandLine(pack, words);
}

}  // namespace

int Main(const Pack& pack, int argc, char** argv) {
  const Words args(argv, static_cast<std::size_t>(argc));
  try {
    return Run(pack, args.subspan(std::min<std::size_t>(1, args.size())));
  } catch (const std::bad_alloc&) {
    Complain("out of memory");
  } catch (const std::exception&) {
    // What it says is not shown: it may quote a file.
    Complain("stopped by an unexpected failure; this is a fault of the program, please report it");
  }
  return kExitError;
}

}  // namespace guardrails
