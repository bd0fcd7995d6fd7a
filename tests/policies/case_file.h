// A file of tests/policies/cases, and the stack that each of its cases describes. See README.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace fastcart::testing {

struct Case {
  std::string name;
  nlohmann::json list;  // the plain resource list, shorthands written out
  nlohmann::json spec;  // the case as it stands in the file
};

struct CaseFile {
  std::string rule;
  std::vector<Case> cases;
  std::string error;  // why the file cannot be used
};

// All of tests/policies/cases, by name. Read once.
const std::vector<CaseFile>& CaseFiles();

// `list` with every property of every resource but providers made secret.
nlohmann::json MadeSecret(nlohmann::json list);

// Every text of at least `length` characters of what that makes secret, keys left out.
std::vector<std::string> TextsOf(const nlohmann::json& list, std::size_t length);

}  // namespace fastcart::testing
