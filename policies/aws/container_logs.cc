#include "policies/aws/container_logs.h"

#include "policies/aws/json_text.h"

namespace fastcart {

using namespace guardrails;

namespace {

// The provider aws has the definitions as JSON text, aws-native as a list.
Property Definitions(Arena& arena, const Resource& task) {
  const Property at = task["containerDefinitions"];
  if (at.value().kind() != Kind::kString) return at;
  const Value parsed = ParseJsonText(arena, at.value().raw_string());
  return {at.path(), at.secret() ? parsed.AsSecret() : parsed};
}

void AddFireLens(const Property& options, std::vector<Property>& out) {
  const std::string_view plugin = options["Name"].value().raw_string();
  if (plugin == "cloudwatch" || plugin == "cloudwatch_logs") out.push_back(options["log_group_name"]);
}

void AddContainer(const Property& container, std::vector<Property>& out) {
  const Property logs = container["logConfiguration"], driver = logs["logDriver"];
  const std::string_view name = driver.value().raw_string();
  if (driver.unknown()) out.push_back(driver);
  if (name == "awslogs") out.push_back(logs["options"]["awslogs-group"]);
  if (name == "awsfirelens") AddFireLens(logs["options"], out);
}

}  // namespace

ContainerLogs ContainerLogsOf(Arena& arena, const Resource& task_definition) {
  ContainerLogs out;
  const Property definitions = Definitions(arena, task_definition);
  std::visit(Overloaded{
                 [](Absent) {},
                 [&](Unknown) { out.unknown.push_back(definitions); },
                 [&](Mistyped) { out.malformed.push_back(task_definition["containerDefinitions"]); },
                 [&](const Known<std::vector<Property>>& list) {
                   for (const Property& container : list.value) AddContainer(container, out.groups);
                 },
             },
             definitions.ReadList());
  return out;
}

}  // namespace fastcart
