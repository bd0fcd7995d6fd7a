#include "tests/random/engine.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_replace.h"
#include "analyzer/plugin/struct_json.h"
#include "tests/cli/program.h"
#include "tests/random/normal.h"

namespace fastcart::testing {
namespace {

using nlohmann::json;
using pulumirpc::Analyzer;

google::protobuf::Struct ToStruct(const json& object) {
  google::protobuf::Struct out;
  guardrails::FromJson(object, out);
  return out;
}

json WithoutBookkeeping(json bag) {
  for (auto it = bag.begin(); it != bag.end();) it = it.key().starts_with("__") ? bag.erase(it) : std::next(it);
  return bag;
}

const char* LevelWord(pulumirpc::EnforcementLevel level) {
  if (level == pulumirpc::ADVISORY) return "advisory";
  return level == pulumirpc::MANDATORY ? "mandatory" : "(none that a diagnostic has)";
}

// The engine is told nothing that it would take for its own markup of colours.
std::string WithoutMarkup(const std::string& message) {
  return absl::StrReplaceAll(message, {{"<{%", "< {%"}, {"%}>", "%} >"}});
}

json Entry(const std::string& policy, const std::string& urn, const std::string& level, const std::string& message) {
  return {{"policy", policy}, {"urn", urn}, {"level", level}, {"message", message}};
}

// gRPC would otherwise wait at each fork until its threads are idle.
[[maybe_unused]] const int kForksFreely = setenv("GRPC_ENABLE_FORK_SUPPORT", "0", 1);

std::unique_ptr<Analyzer::Stub> Connect(const std::string& port) {
  return Analyzer::NewStub(grpc::CreateChannel("127.0.0.1:" + port, grpc::InsecureChannelCredentials()));
}

}  // namespace

Engine::Engine(const json& list, const json& config)
    : list_(list), plugin_({BINARY_DIR "/fastcart-guardrails", "127.0.0.1:1"}) {
  for (const json& r : list_["resources"]) by_urn_[r["urn"]] = &r;
  stub_ = Connect(plugin_.ReadLine());
  pulumirpc::AnalyzerHandshakeRequest hello;
  hello.set_engine_address("127.0.0.1:1");
  Call(&Analyzer::Stub::Handshake, hello);
  ConfigureStack();
  Call(&Analyzer::Stub::GetPluginInfo, google::protobuf::Empty());
  info_ = Call(&Analyzer::Stub::GetAnalyzerInfo, google::protobuf::Empty());
  Configure(config);
}

Engine::~Engine() {
  Call(&Analyzer::Stub::Cancel, google::protobuf::Empty());
  plugin_.Signal(SIGINT);
  EXPECT_EQ(plugin_.Wait(), 0);
  EXPECT_EQ(plugin_.ReadErrors(), "");
}

template <class Request, class Response>
Response Engine::Call(grpc::Status (Analyzer::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  Response response;
  const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
  if (!status.ok() && error_.empty()) error_ = status.error_message();
  return response;
}

void Engine::ConfigureStack() {
  pulumirpc::AnalyzerStackConfigureRequest request;
  request.set_project(list_["project"]);
  request.set_stack(list_["stack"]);
  request.set_organization("organization");
  request.set_dry_run(HasUnknown(list_["resources"]));
  for (const auto& [key, value] : list_["config"].items()) (*request.mutable_config())[key] = value;
  Call(&Analyzer::Stub::ConfigureStack, request);
}

// Every policy with its own level and its schema's defaults, then what "all" and its entry say.
void Engine::Configure(const json& config) {
  pulumirpc::ConfigureAnalyzerRequest request;
  for (const auto& policy : info_.policies()) {
    pulumirpc::PolicyConfig& out = (*request.mutable_policyconfig())[policy.name()];
    out.set_enforcementlevel(policy.enforcementlevel());
    json properties = json::object();
    const json schema = guardrails::ToJson(policy.configschema().properties());
    for (const auto& [key, of] : schema.items())
      if (of.contains("default")) properties[key] = of["default"];
    for (const std::string& layer : {std::string("all"), policy.name()}) {
      if (!config.contains(layer)) continue;
      json given = config[layer].is_string() ? json{{"enforcementLevel", config[layer]}} : config[layer];
      if (given.value("enforcementLevel", "") == "remediate") out.set_enforcementlevel(pulumirpc::REMEDIATE);
      given.erase("enforcementLevel");
      properties.update(given);
    }
    *out.mutable_properties() = ToStruct(properties);
  }
  Call(&Analyzer::Stub::Configure, request);
}

template <class Message>
Message Engine::Describe(const json& resource, const json& properties) const {
  Message out;
  out.set_type(resource["type"]);
  out.set_name(resource["name"]);
  out.set_urn(resource["urn"]);
  *out.mutable_properties() = ToStruct(properties);
  out.mutable_options()->set_parent(resource["parent"]);
  if (!resource.contains("provider")) return out;
  const json& provider = *by_urn_.at(resource["provider"]);
  out.mutable_provider()->set_type(provider["type"]);
  out.mutable_provider()->set_name(provider["name"]);
  out.mutable_provider()->set_urn(provider["urn"]);
  *out.mutable_provider()->mutable_properties() = ToStruct(WithoutBookkeeping(provider["inputs"]));
  return out;
}

// Changes the inputs as told, and the outputs with them.
void Engine::Remediate(json& resource) {
  const auto request = Describe<pulumirpc::AnalyzeRequest>(resource, resource["inputs"]);
  const auto response = Call(&Analyzer::Stub::Remediate, request);
  for (const auto& remediation : response.remediations()) {
    const json before = resource["inputs"], after = guardrails::ToJson(remediation.properties());
    remediated_.push_back({resource["urn"], remediation.policyname(), remediation.description(), before, after});
    for (const auto& [key, value] : after.items())
      if (!key.starts_with("__") && before.value(key, json()) != value) resource["outputs"][key] = value;
    resource["inputs"] = after;
  }
}

pulumirpc::AnalyzerResource Engine::WithEdges(const json& resource) const {
  auto out = Describe<pulumirpc::AnalyzerResource>(resource, resource["outputs"]);
  out.set_parent(resource["parent"]);
  for (const json& urn : resource["dependencies"]) out.add_dependencies(urn);
  for (const auto& [property, urns] : resource["propertyDependencies"].items())
    for (const json& urn : urns) (*out.mutable_propertydependencies())[property].add_urns(urn);
  return out;
}

// `urn`: what the engine takes where the diagnostic names nothing. `unlike`: the type of policy that was not asked.
void Engine::Hear(const pulumirpc::AnalyzeResponse& response, const std::string& urn, pulumirpc::PolicyType unlike,
                  Said& said) const {
  for (const auto& d : response.diagnostics())
    said.verdicts.insert(
        Entry(d.policyname(), d.urn().empty() ? urn : d.urn(), LevelWord(d.enforcementlevel()), d.message()));
  std::set<std::string> silent;
  for (const auto& n : response.not_applicable())
    if (n.reason() != "decided later, with the whole stack") silent.insert(n.policy_name());
  for (const auto& policy : info_.policies())
    if (policy.policy_type() != unlike && !silent.contains(policy.name())) said.not_applicable.erase(policy.name());
}

Said Engine::Judge() {
  Said said;
  for (const auto& policy : info_.policies()) said.not_applicable.insert(policy.name());
  std::vector<pulumirpc::AnalyzerResource> with_edges;
  for (json& resource : list_["resources"]) {
    Remediate(resource);
    const auto request = Describe<pulumirpc::AnalyzeRequest>(resource, WithoutBookkeeping(resource["inputs"]));
    Hear(Call(&Analyzer::Stub::Analyze, request), resource["urn"], pulumirpc::POLICY_TYPE_STACK, said);
    with_edges.push_back(WithEdges(resource));
  }
  pulumirpc::AnalyzeStackRequest stack;  // in any order: the engine's is random
  for (auto it = with_edges.rbegin(); it != with_edges.rend(); ++it) *stack.add_resources() = std::move(*it);
  const json& root = list_["resources"][0];
  Hear(Call(&Analyzer::Stub::AnalyzeStack, stack), root["urn"], pulumirpc::POLICY_TYPE_RESOURCE, said);
  return said;
}

Checked Check(const std::vector<json>& lists, const json& config) {
  const guardrails::testing::Folder folder;
  std::vector<std::string> args = {"check", "--format", "json", "--input", "resources",
                                   "--policy-config", folder.Write("config", config.dump())};
  std::map<std::string, std::size_t> index;
  for (const json& list : lists) {
    args.push_back(folder.Write(std::to_string(index.size()) + ".json", list.dump()));
    index.emplace(args.back(), index.size());
  }
  const auto ended = guardrails::testing::RunProgram(args);
  Checked out{std::vector<Said>(lists.size()), std::vector<std::set<std::string>>(lists.size()), ended.err};
  // Where the configuration is refused there is no report.
  const json report = ended.out.empty() ? json::object() : json::parse(ended.out);
  for (const char* kind : {"violations", "undecided"})
    for (const json& f : report.value(kind, json::array()))
      out.said.at(index.at(f["file"]))
          .verdicts.insert(
              Entry(f["policy"], f["urn"], f.value("enforcement", "advisory"), WithoutMarkup(f["message"])));
  for (const json& n : report.value("notApplicable", json::array())) {
    const std::size_t at = index.at(n["file"]);
    (n.contains("urn") ? out.in_part.at(at) : out.said.at(at).not_applicable).insert(n["policy"]);
  }
  return out;
}

}  // namespace fastcart::testing
