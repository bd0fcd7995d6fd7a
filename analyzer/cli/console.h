// Standard output and standard error, and what they can show.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "analyzer/report/look.h"

namespace guardrails {

inline constexpr int kExitPassed = 0, kExitViolations = 1, kExitError = 2;

enum class Stream { kStdout = 1, kStderr = 2 };

// Colour and width only of a terminal; NO_COLOR, CLICOLOR_FORCE and TERM=dumb are obeyed; characters beyond ASCII
// only where the locale has them.
Look LookOf(Stream stream);

// The whole text, or the reason why it could not be written.
absl::Status WriteStdout(std::string_view text);

// The text as it is.
void WriteStderr(std::string_view text);

// Each line of the message on stderr, behind the program's name.
void Complain(std::string_view message);

// A line for stderr: behind the program's name, as one line that does nothing to a terminal.
std::string Said(std::string_view line);

// The date in UTC, as 2026-01-31; that of SOURCE_DATE_EPOCH where it is set, for builds that can be repeated.
std::string ManualDate();

// 0 for OK; else complains and 2.
int Exit(const absl::Status& status);

}  // namespace guardrails
