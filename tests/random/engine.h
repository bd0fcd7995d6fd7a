// The engine's part in one operation: asks a plugin about a stack as Pulumi does.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pulumi/analyzer.pb.h"
#include "tests/random/said.h"

namespace fastcart::testing {

// A policy pack's plugin, wherever it runs: a method of pulumirpc.Analyzer, and its serialized messages.
class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual absl::StatusOr<std::string> Call(std::string_view method, const std::string& request) = 0;
};

struct Remediated {
  std::string urn, policy, description;
  nlohmann::json before, after;  // all inputs, bookkeeping included
};

class Engine {
 public:
  // `config`: as --policy-pack-config. Says which stack it is (`list` as in normal.h), and configures.
  Engine(std::unique_ptr<Plugin> plugin, const nlohmann::json& list, const nlohmann::json& config);
  ~Engine();  // Cancel
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Remediate and Analyze of each resource, then AnalyzeStack.
  Said Judge();
  // The stack as it is after Judge, and what was changed, in order.
  const nlohmann::json& list() const { return list_; }
  const std::vector<Remediated>& remediated() const { return remediated_; }
  // Why a call failed; empty: none did.
  const std::string& error() const { return error_; }

 private:
  template <class Response>
  Response Call(std::string_view method, const google::protobuf::Message& request);
  template <class Message>
  Message Describe(const nlohmann::json& resource, const nlohmann::json& properties) const;
  void ConfigureStack();
  void Configure(const nlohmann::json& config);
  void Remediate(nlohmann::json& resource);
  pulumirpc::AnalyzerResource WithEdges(const nlohmann::json& resource) const;
  void Hear(const pulumirpc::AnalyzeResponse& response, const std::string& urn, pulumirpc::PolicyType unlike,
            Said& said) const;

  nlohmann::json list_;
  std::map<std::string, const nlohmann::json*> by_urn_;
  std::unique_ptr<Plugin> plugin_;
  pulumirpc::AnalyzerInfo info_;
  std::vector<Remediated> remediated_;
  std::string error_;
};

}  // namespace fastcart::testing
