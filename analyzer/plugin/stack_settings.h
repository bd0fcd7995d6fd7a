// What is known of the stack besides its resources: ConfigureStack says it, or, with a CLI older than 3.170, the
// environment that the engine starts the plugin with.
#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "analyzer/model/stack.h"
#include "pulumi/analyzer.pb.h"

namespace guardrails {

struct StackSettings {
  std::string stack, project;
  bool preview = false;
  bool given = false;  // somebody said what the stack is and how it is configured, be it with nothing
  std::map<std::string, std::string> config;  // "aws:region" to its text, secrets decrypted
  std::set<std::string, std::less<>> secret_keys;

  // `facts` become views into these settings.
  void Describe(StackFacts& facts) const;
};

StackSettings SettingsOf(const pulumirpc::AnalyzerStackConfigureRequest& request);

// Reads PULUMI_STACK, PULUMI_PROJECT, PULUMI_DRY_RUN and PULUMI_CONFIG through `lookup`, which gives null for what is
// not set. The environment does not say which configuration is secret, so all of it is. InvalidArgument when
// PULUMI_CONFIG is no JSON object of strings.
using EnvironmentLookup = const char* (*)(const char* name);
absl::StatusOr<StackSettings> SettingsFromEnvironment(EnvironmentLookup lookup);

}  // namespace guardrails
