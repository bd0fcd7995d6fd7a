// The FastCart stack as it was deployed, as a plain resource list.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "analyzer/input/files.h"

namespace guardrails::testing {

// Of tests/fixtures/real/export.json.gz. Its secrets keep their ciphertext.
inline nlohmann::json FastCartList() {
  using nlohmann::json;
  const auto text = ReadFile(std::string(TEST_DATA) + "/fixtures/real/export.json.gz");
  EXPECT_TRUE(text.ok()) << text.status();
  json list{{"project", "fastcart"}, {"stack", "dev"}, {"config", {{"aws:region", "eu-central-1"}}}};
  const json file = json::parse(*text);
  for (json resource : file["deployment"]["resources"]) {
    for (const char* unused : {"created", "modified", "sourcePosition", "initErrors"}) resource.erase(unused);
    list["resources"].push_back(std::move(resource));
  }
  return list;
}

}  // namespace guardrails::testing
