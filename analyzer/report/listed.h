// The findings of a report as most formats tell them: one after the other, with what they are about.
#pragma once

#include <string>
#include <vector>

#include "analyzer/report/report.h"
#include "analyzer/report/source.h"

namespace guardrails {

// Valid while the report lives.
struct Listed {
  const FileReport* file;
  const Finding* finding;
  Place place;
  std::string property;            // where on the resource; empty: the resource as a whole
  Level level;                     // mandatory or advisory; of a waived one too, as if it were not
  std::vector<SourceLine> source;  // see source.h

  bool waived() const { return finding->waiver != nullptr; }
  // "orders-dev", "the stack".
  std::string name() const { return place.name.empty() ? "the stack" : place.name; }
};

// In the order of the JSON report: by file, rule, URN and property.
std::vector<Listed> Violations(const Report& report);  // notes are among them, as advisory ones
std::vector<Listed> Undecided(const Report& report);

// The violations of one resource of one file, or of its stack; the worst first, what is waived last.
struct Group {
  std::vector<Listed> violations;  // never empty
};
// The resource with the worst violation first.
std::vector<Group> ByResource(std::vector<Listed> violations);

// "3 violations (3 mandatory, 0 advisory), 0 undecided, 192 passed, 14 not applicable; 1 file, 71 resources".
std::string SummaryInWords(const Report& report);

// What was found and what is wanted, without the name of the resource and without the fix: "shardCount is 1; wanted: at
// least 2." Of a note and of what is undecided, the reason.
std::string WhatIsWrong(const Listed& listed);

// "Waived until 2026-12-31 by platform-team: the migration ends in December."
std::string WaiverInWords(const Waiver& waiver);

}  // namespace guardrails
