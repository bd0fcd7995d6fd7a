// Writing a report where the user wants it, whole or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace guardrails {

// The open file that a path stands for, of itself or by links: /dev/stdout, /dev/stderr, /dev/fd/N. Nothing for others.
std::optional<int> DescriptorOf(const std::string& path);

// Where links lead, be there something or not; the descriptors' paths and what is no link stay as they are.
std::string Followed(const std::string& path);

// All of the text to an open file, however long that takes; the error names `name`.
absl::Status WriteAll(int fd, std::string_view text, std::string_view name);

// The text as the whole content of the file: through a temporary file beside it, so that a full disk or a crash leaves
// what was there before. What is no regular file (a pipe, a device) or is open already (/dev/stderr) is written
// straight, behind what was written there before; a symbolic link stays one.
absl::Status WriteFileWhole(const std::string& path, std::string_view text);

}  // namespace guardrails
