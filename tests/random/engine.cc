#include "tests/random/engine.h"

#include <set>
#include <utility>

#include "analyzer/plugin/struct_json.h"
#include "tests/random/normal.h"

namespace fastcart::testing {
namespace {

using google::protobuf::Empty;
using nlohmann::json;

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

}  // namespace

Engine::Engine(std::unique_ptr<Plugin> plugin, const json& list, const json& config)
    : list_(list), plugin_(std::move(plugin)) {
  for (const json& r : list_["resources"]) by_urn_[r["urn"]] = &r;
  pulumirpc::AnalyzerHandshakeRequest hello;
  hello.set_engine_address("127.0.0.1:1");
  Call<pulumirpc::AnalyzerHandshakeResponse>("Handshake", hello);
  ConfigureStack();
  Call<pulumirpc::PluginInfo>("GetPluginInfo", Empty());
  info_ = Call<pulumirpc::AnalyzerInfo>("GetAnalyzerInfo", Empty());
  Configure(config);
}

Engine::~Engine() { Call<Empty>("Cancel", Empty()); }

template <class Response>
Response Engine::Call(std::string_view method, const google::protobuf::Message& request) {
  Response response;
  const auto reply = plugin_->Call(method, request.SerializeAsString());
  std::string wrong = reply.ok() ? "" : std::string(reply.status().message());
  if (reply.ok() && !response.ParseFromString(*reply)) wrong = "the reply is malformed";
  if (error_.empty()) error_ = std::move(wrong);
  return response;
}

void Engine::ConfigureStack() {
  pulumirpc::AnalyzerStackConfigureRequest request;
  request.set_project(list_["project"]);
  request.set_stack(list_["stack"]);
  request.set_organization("organization");
  request.set_dry_run(HasUnknown(list_["resources"]));
  for (const auto& [key, value] : list_["config"].items()) (*request.mutable_config())[key] = value;
  Call<pulumirpc::AnalyzerStackConfigureResponse>("ConfigureStack", request);
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
  Call<Empty>("Configure", request);
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
  const auto response = Call<pulumirpc::RemediateResponse>("Remediate", request);
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
    Hear(Call<pulumirpc::AnalyzeResponse>("Analyze", request), resource["urn"], pulumirpc::POLICY_TYPE_STACK, said);
    with_edges.push_back(WithEdges(resource));
  }
  pulumirpc::AnalyzeStackRequest stack;  // in any order: the engine's is random
  for (auto it = with_edges.rbegin(); it != with_edges.rend(); ++it) *stack.add_resources() = std::move(*it);
  const json& root = list_["resources"][0];
  Hear(Call<pulumirpc::AnalyzeResponse>("AnalyzeStack", stack), root["urn"], pulumirpc::POLICY_TYPE_RESOURCE, said);
  return said;
}

}  // namespace fastcart::testing
