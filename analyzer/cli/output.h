// Writing a report where the user wants it, whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace guardrails {

// All of the text to an open file; the error names `name`.
absl::Status WriteAll(int fd, std::string_view text, std::string_view name);

// The text as the whole content of the file: through a temporary file beside it, so that a full disk or a crash leaves
// what was there before. What is no regular file (a pipe, /dev/stderr) is written straight; a symbolic link stays one.
absl::Status WriteFileWhole(const std::string& path, std::string_view text);

}  // namespace guardrails
