// The only I/O of this room: a file, or standard input, as text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "analyzer/input/file_text.h"

namespace guardrails {

// No input may be larger than this, in bytes and unpacked: five times what the engine itself can send.
inline constexpr std::size_t kMaxInputBytes = std::size_t{2} << 30;

// The content of a file, or of standard input for "-"; gzip is unpacked. InvalidArgument "PATH: WHAT" when it cannot
// be read, is a directory, is larger than `limit`, or is damaged gzip.
absl::StatusOr<FileText> ReadFileText(const std::string& path, std::size_t limit = kMaxInputBytes);

// The same as a string, for small files.
absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t limit = kMaxInputBytes);

// Unpacks gzip; other content comes back as it is. InvalidArgument says what is wrong.
absl::StatusOr<FileText> Unpack(FileText content, std::size_t limit = kMaxInputBytes);

}  // namespace guardrails
