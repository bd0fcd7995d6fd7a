// What the fuzz targets share: the pack, and everything that is done with a stack once it is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "analyzer/model/stack.h"
#include "analyzer/plugin/session.h"
#include "analyzer/report/report.h"

namespace guardrails::fuzzing {

inline std::string_view Text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// The bytes as a request that owns them, in a buffer of their exact size, so that reading beyond it is seen.
RequestBytes Bytes(std::string_view bytes);
// An AnalyzeStack request, and an Analyze request of its stream.
RequestBytes SmallStack();
RequestBytes SmallResource();

// A stack with a resource for each of these, whose property is the text.
struct Holder {
  std::string_view type, property;
};
std::unique_ptr<const Stack> Holding(std::span<const Holder> holders, std::string_view text);

// A session of FastCart's pack in which every rule that can remediate does.
Session& FreshSession();

// The stack judged by FastCart's pack, with every remedy. Faults if a rule broke.
Report Judge(std::unique_ptr<const Stack> stack);
// The report in one of the formats, for people on a terminal or for a file; the input says which. All would cost thirty
// times the judging.
std::string Written(const Report& report, std::string_view input);

// A session may refuse a request as wrong, and a rule may refuse to judge without what only people can say; every other
// error is a fault.
void ExpectAnswer(const absl::Status& status);
// Errors of files and settings blame them.
void ExpectBlame(const absl::Status& status);

// Faults if six characters in a row of one of the secrets (of a number: all), or of its base64, stand in the text.
void ExpectNoneOf(std::span<const std::string> secrets, std::string_view text);

// Ends the process, so that libFuzzer keeps the input.
[[noreturn]] void Fault(std::string_view what);

}  // namespace guardrails::fuzzing
