// The command line as data.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/cli/arguments.h"
#include "analyzer/cli/narrator.h"
#include "analyzer/input/input.h"
#include "analyzer/policy/guardrail.h"
#include "analyzer/report/catalogue.h"
#include "analyzer/report/format.h"
#include "analyzer/waive/date.h"

namespace guardrails {

// A report in one format.
struct ReportTarget {
  const Format* format = nullptr;
  std::string path;  // empty: stdout
};

struct CheckOptions {
  std::vector<std::string> files;  // "-": stdin; never empty
  InputKind input = InputKind::kAuto;
  std::vector<ReportTarget> reports;          // at least one; at most one to stdout, no two to one file
  std::string policy_config, stack_config;    // paths; empty: none
  std::string stack, project;                 // empty: as the file says
  std::set<std::string, std::less<>> chosen;  // guardrails; empty: all
  FailOn fail_on = FailOn::kMandatory;
  bool fix_plan = false;
  std::string source_root;  // the program's folder in the repository; empty: paths begin in the program's folder
  Volume volume = Volume::kNormal;  // quiet: no report on stdout either
  std::string waivers, baseline;    // paths; empty: those that are found, and none
  bool no_waivers = false;
  std::optional<Date> today;        // as of when waivers are judged; none: the clock's
};

struct WaiveOptions {
  CheckOptions check;  // how to find what is to be waived
  std::string rule, resource, owner, reason, expires;
  std::optional<std::string> property;  // none: all that the rule found on the resource
  bool append = false;                  // only entries, for a file that is there
};

enum class Action {
  kCheck,
  kList,
  kExplain,
  kWaive,
  kShow,   // `text` was asked for: help or the version
  kUsage,  // nothing was asked for: `text` says what can be
};

struct Invocation {
  Action action = Action::kUsage;
  std::string text;
  CheckOptions check;
  WaiveOptions waive;
  const ListFormat* list = nullptr;
  const ExplainFormat* explain = nullptr;
  const Guardrail* rule = nullptr;  // to explain
};

// InvalidArgument is one line that names the option or name that is wrong, and where help is.
absl::StatusOr<Invocation> ParseArguments(const Pack& pack, Words words);

}  // namespace guardrails
