// What an earlier JSON report already said, so that only what is new is reported.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/evaluate/evaluate.h"

namespace guardrails {

// The findings of an earlier report, each good for one of now. Not thread-safe.
class Baseline {
 public:
  // The text of a JSON report of this schema version. InvalidArgument, of one line, begins with `file`.
  static absl::StatusOr<Baseline> Parse(std::string_view text, std::string_view file);

  // Takes what was known out of the results and says how much that was. A violation is known by its fingerprint, the
  // digest of what was found, and a level that was no milder; what is undecided by its fingerprint. What is waived, or
  // was waived then and is not now, stays.
  std::size_t RemoveKnown(const ConfiguredPack& pack, const Stack& stack, Results& results);

 private:
  using Key = std::pair<std::string, std::string>;  // fingerprint, digest (empty: of a secret)
  bool Take(const ConfiguredPack& pack, const Stack& stack, const Finding& finding);

  std::map<Key, std::vector<bool>> violations_;  // for each: it was mandatory
  std::map<std::string, std::size_t> undecided_;
};

}  // namespace guardrails
