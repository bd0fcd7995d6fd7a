// FastCart's pack as the engine of tests/random asks it, in this process.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/plugin/session.h"
#include "policies/pack.h"
#include "tests/random/engine.h"

namespace guardrails::fuzzing {

class SessionPlugin final : public fastcart::testing::Plugin {
 public:
  absl::StatusOr<std::string> Call(std::string_view method, const std::string& request) override;

 private:
  Session session_{fastcart::FastCartPack(), [](const char*) -> const char* { return nullptr; }};
};

}  // namespace guardrails::fuzzing
