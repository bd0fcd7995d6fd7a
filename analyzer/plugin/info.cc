#include "analyzer/plugin/info.h"

#include <nlohmann/json.hpp>
#include <string>

#include "analyzer/plugin/struct_json.h"
#include "analyzer/policy/config.h"

namespace guardrails {
namespace {

pulumirpc::PolicyType TypeOf(Scope scope) {
  switch (scope) {
    case Scope::kResource: return pulumirpc::POLICY_TYPE_RESOURCE;
    case Scope::kStack: return pulumirpc::POLICY_TYPE_STACK;
    case Scope::kBoth: return pulumirpc::POLICY_TYPE_UNKNOWN;
  }
  return pulumirpc::POLICY_TYPE_UNKNOWN;
}

// The message has room for one framework; all controls are among the tags.
void DescribeControls(const Guardrail& guardrail, pulumirpc::PolicyInfo& out) {
  for (const Control& control : guardrail.controls)
    out.add_tags(std::string(control.framework) + " " + std::string(control.id));
  if (guardrail.controls.empty()) return;
  const Control& first = guardrail.controls.front();
  out.mutable_framework()->set_name(std::string(first.framework));
  out.mutable_framework()->set_reference(std::string(first.id));
}

void DescribeConfig(const Guardrail& guardrail, pulumirpc::PolicyConfigSchema& out) {
  nlohmann::json properties = nlohmann::json::object();
  for (const ConfigKey& key : KeysOf(guardrail)) properties[std::string(key.name)] = KeySchema(key);
  FromJson(properties, *out.mutable_properties());
}

void DescribeGuardrail(const Guardrail& guardrail, pulumirpc::PolicyInfo& out) {
  out.set_name(std::string(guardrail.name));
  out.set_displayname(std::string(guardrail.display_name));
  out.set_description(std::string(guardrail.description));
  out.set_message(std::string(guardrail.why));
  out.set_enforcementlevel(static_cast<pulumirpc::EnforcementLevel>(guardrail.level));
  out.set_policy_type(TypeOf(guardrail.scope));
  out.set_severity(WireSeverity(guardrail.severity));
  out.set_remediation_steps(std::string(guardrail.how_to_fix));
  out.set_url(std::string(guardrail.url));
  DescribeControls(guardrail, out);
  DescribeConfig(guardrail, *out.mutable_configschema());
}

}  // namespace

pulumirpc::AnalyzerInfo DescribePack(const Pack& pack) {
  pulumirpc::AnalyzerInfo out;
  out.set_name(std::string(pack.name));
  out.set_displayname(std::string(pack.display_name));
  out.set_version(std::string(pack.version));
  out.set_description(std::string(pack.description));
  out.set_repository(std::string(pack.repository));
  out.set_supportsconfig(true);
  for (const Guardrail* guardrail : pack.guardrails) DescribeGuardrail(*guardrail, *out.add_policies());
  return out;
}

pulumirpc::EnforcementLevel DiagnosticLevel(Level level) {
  return level == Level::kAdvisory ? pulumirpc::ADVISORY : pulumirpc::MANDATORY;
}

pulumirpc::PolicySeverity WireSeverity(Severity severity) { return static_cast<pulumirpc::PolicySeverity>(severity); }

}  // namespace guardrails
