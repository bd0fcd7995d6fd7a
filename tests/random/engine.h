// The engine's part in one operation: boots the binary as a plugin, and asks it about a stack as Pulumi does.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "pulumi/analyzer.grpc.pb.h"
#include "tests/plugin/process.h"

namespace fastcart::testing {

// What was said of a stack, in the same form by both ways.
struct Said {
  std::multiset<nlohmann::json> verdicts;  // {"policy", "urn", "level", "message"}; undecided ones are advisory
  std::set<std::string> not_applicable;    // policies that found nothing to judge
};

struct Remediated {
  std::string urn, policy, description;
  nlohmann::json before, after;  // all inputs, bookkeeping included
};

class Engine {
 public:
  // `config`: as --policy-pack-config. Boots, says which stack it is (`list` as in normal.h), and configures.
  Engine(const nlohmann::json& list, const nlohmann::json& config);
  // Cancel, then SIGINT; the plugin must end well.
  ~Engine();
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
  template <class Request, class Response>
  Response Call(grpc::Status (pulumirpc::Analyzer::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request);
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
  guardrails::testing::Process plugin_;
  std::unique_ptr<pulumirpc::Analyzer::Stub> stub_;
  pulumirpc::AnalyzerInfo info_;
  std::vector<Remediated> remediated_;
  std::string error_;
};

// What `check --format json` says of each of the stacks.
struct Checked {
  std::vector<Said> said;
  std::vector<std::set<std::string>> in_part;  // policies that do not apply to some resources
  std::string errors;                          // what stands on stderr
};
Checked Check(const std::vector<nlohmann::json>& lists, const nlohmann::json& config);

}  // namespace fastcart::testing
