// What a run of `check` found, file by file, as every format tells it.
//
// Findings stay data here, with the stacks that they point into; a format makes the text. Reading is thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/evaluate/evaluate.h"
#include "analyzer/waive/apply.h"

namespace guardrails {

// What ends a run with failure.
enum class FailOn { kMandatory, kAdvisory, kUndecided, kNever };

// The changes that make a resource comply with the rules that found it wrong.
struct ResourceFix {
  const Resource* resource;
  std::vector<RemedyOf> remedies;
};

// One input: what was found in it, or why it could not be judged.
struct FileReport {
  std::string file;                    // as the user named it
  std::string kind;                    // "preview", "export", …
  std::unique_ptr<const Stack> stack;  // null: the file could not be read
  Results results;
  std::vector<ResourceFix> fixes;      // of `--fix-plan`
  std::vector<std::string> errors;     // what went wrong with the file, or with a rule on it
};

// As messages name the file.
inline std::string_view NameOf(const FileReport& file) { return file.file == "-" ? "standard input" : std::string_view(file.file); }

struct Report {
  std::shared_ptr<const ConfiguredPack> pack;
  FailOn fail_on = FailOn::kMandatory;
  bool fix_plan = false;
  std::string source_root = {};        // the program's folder, as paths in the report are to begin; see source.h
  std::vector<FileReport> files = {};  // in the order of the command line
  std::shared_ptr<const WaiverBook> waivers = {};  // null: there is no waiver file
  WaiverStates waiver_states = {};                 // of all files, by entry of `waivers`
  std::string baseline = {};                       // the earlier report of `--baseline`; empty: none
  std::size_t known = 0;                           // findings that it had and that are left out here
};

struct Summary {
  std::size_t mandatory = 0, advisory = 0;  // violations; notes are advisory ones
  std::size_t waived = 0;                   // violations and notes that a waiver covers; not among those above
  std::size_t undecided = 0, passed = 0, not_applicable = 0, errors = 0;
  std::size_t files = 0, resources = 0;     // that were judged
  std::size_t violations() const { return mandatory + advisory; }
};
Summary Count(const Report& report);

enum class Ending { kPassed, kFailed, kError };
Ending EndingOf(const Report& report);

// The error of the run that a rule is that broke: such a finding says nothing about the stack.
std::string BrokenInWords(const FileReport& file, const Finding& finding);

// A waiver that is in the way or covers nothing any more, so that somebody should look at it.
inline bool NeedsAttention(WaiverState state) { return state != WaiverState::kActive && state != WaiverState::kNotJudged; }

// Mandatory or advisory: what the level means where nothing is remediated on the way.
Level ListedLevel(const ConfiguredPack& pack, const Finding& finding);

}  // namespace guardrails
