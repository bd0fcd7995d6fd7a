// The waiver file: who accepted what, until when. YAML, as the schema says and more (rules that exist, dates that are
// near enough, patterns that are valid); docs/waivers.md is its manual.
//
// Pure: the text is read elsewhere, and so is the day. Thread-safe.
#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/policy/guardrail.h"
#include "analyzer/policy/waiver.h"
#include "analyzer/waive/date.h"

namespace guardrails {

inline constexpr std::size_t kMaxWaiverFileBytes = std::size_t{1} << 20, kMaxWaivers = 1000, kMaxWaiverValues = 100;
inline constexpr std::size_t kMaxWaiverText = 1000, kMinReason = 10;
// How far ahead a waiver may end, in days: what a file may allow, and what holds where it says nothing.
inline constexpr int kMostDaysAhead = 365, kDaysAhead = 90;

// The JSON Schema (2020-12) of the file.
std::string_view WaiverSchema();

// The waivers of one file, in its order. Immutable. Findings point to its waivers: it must outlive them.
class WaiverBook {
 public:
  struct Entry {
    Waiver waiver;
    std::unique_ptr<const RE2> pattern;  // null: the resource is exact
    Date expires;                        // the last day
    int line = 0;

    // The resource is one that the waiver names.
    bool Names(std::string_view urn, std::string_view name) const;
  };

  WaiverBook(std::string file, Date today, std::vector<Entry> entries)
      : file_(std::move(file)), today_(today), entries_(std::move(entries)) {}

  const std::string& file() const { return file_; }
  Date today() const { return today_; }
  std::span<const Entry> entries() const { return entries_; }

 private:
  std::string file_;
  Date today_;
  std::vector<Entry> entries_;
};

// `file` is the file's path, for messages. InvalidArgument has a line for each fault: "FILE:LINE: what; what to do".
absl::StatusOr<std::shared_ptr<const WaiverBook>> ParseWaivers(std::string_view text, std::string_view file,
                                                               const Pack& pack, Date today);

}  // namespace guardrails
