// What the real Pulumi CLI wrote of one stack says the same in every form.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/input/describe.h"

namespace guardrails {
namespace {

using testing::Describe;

std::unique_ptr<const Stack> Read(const std::string& name) { return testing::ReadOk(testing::Fixture("real/" + name)); }

std::set<std::string_view> Urns(const Stack& stack) {
  std::set<std::string_view> out;
  for (const Resource& r : stack.resources()) out.insert(r.urn);
  return out;
}

TEST(RealExport, IsTheCheckpointsStack) {
  const auto stack = Read("export.json.gz");
  EXPECT_EQ(stack->project(), "fastcart");
  EXPECT_EQ(stack->name(), "dev");
  EXPECT_GT(stack->resources().size(), 60U);
  EXPECT_FALSE(stack->facts().preview);
  EXPECT_EQ(Describe(*stack), Describe(*Read("checkpoint.json.gz")));
  EXPECT_EQ(Describe(*stack, {.secrets_alike = true}), Describe(*Read("export-show-secrets.json.gz"), {.secrets_alike = true}));
}

TEST(RealPreview, OfANewStackHasTheSameInputsButNoIds) {
  const auto preview = Read("preview-create.json.gz"), deployed = Read("export.json.gz");
  EXPECT_TRUE(preview->facts().preview);
  EXPECT_FALSE(preview->facts().partial);
  EXPECT_EQ(Urns(*preview), Urns(*deployed));
  for (const Resource& r : preview->resources()) {
    EXPECT_EQ(r.id.unknown(), r.custom) << r.urn;
    const Resource* other = deployed->Find(r.urn);
    ASSERT_NE(other, nullptr);
    EXPECT_EQ(r.inputs.members().size(), other->inputs.members().size()) << r.urn;
    EXPECT_EQ(r.property_dependencies.size(), other->property_dependencies.size()) << r.urn;
    EXPECT_EQ(r.provider.urn, other->provider.urn);
  }
}

TEST(RealPreview, OfAnUpdateKnowsIdsAndOutputsOfWhatExists) {
  const auto preview = Read("preview-update-show-sames.json.gz"), deployed = Read("export.json.gz");
  EXPECT_FALSE(preview->facts().partial);
  EXPECT_EQ(Urns(*preview), Urns(*deployed));
  for (const Resource& r : preview->resources()) EXPECT_EQ(Describe(r.id), Describe(deployed->Find(r.urn)->id)) << r.urn;
  const Resource* key = preview->OfType("aws:kms/key:Key").front();
  EXPECT_EQ(Describe(key->outputs["arn"]), Describe(deployed->Find(key->urn)->outputs["arn"]));
  const Resource* stream = preview->OfType("aws:kinesis/stream:Stream").front();
  EXPECT_EQ(Describe(stream->inputs["shardCount"]), "3");
  EXPECT_EQ(Describe(stream->outputs["shardCount"]), "absent");
  EXPECT_EQ(Describe(stream->outputs["arn"]), Describe(deployed->Find(stream->urn)->outputs["arn"]));
}

TEST(RealPreview, WithoutShowSamesIsPartial) {
  const auto preview = Read("preview-update.json.gz");
  EXPECT_TRUE(preview->facts().partial);
  EXPECT_EQ(preview->resources().size(), 2U);
}

TEST(RealPreview, CutShortIsPartial) {
  auto preview = nlohmann::json::parse(testing::Fixture("real/preview-create.json.gz"));
  auto& steps = preview["steps"];
  steps.erase(steps.begin() + 5, steps.end());
  EXPECT_TRUE(testing::ReadOk(preview.dump())->facts().partial);
}

TEST(RealEventLog, WithoutTheEventsOfAResourceIsPartial) {
  std::istringstream lines(testing::Fixture("real/up-create.events.jsonl.gz"));
  std::string cut;
  for (std::string line; std::getline(lines, line);)
    if (line.find("aws:kinesis/stream:Stream::") == std::string::npos) cut += line + "\n";
  EXPECT_TRUE(testing::ReadOk(cut)->facts().partial);
}

TEST(RealEventLog, EndsInTheExportedStack) {
  const auto events = Read("up-create.events.jsonl.gz"), deployed = Read("export.json.gz");
  EXPECT_FALSE(events->facts().partial);
  EXPECT_FALSE(events->facts().preview);
  EXPECT_FALSE(events->facts().has_edges);
  ASSERT_EQ(Urns(*events), Urns(*deployed));
  EXPECT_EQ(Describe(events->Config("aws:region")), "'eu-central-1'");
  for (const Resource& r : events->resources()) {
    const Resource* other = deployed->Find(r.urn);
    EXPECT_EQ(Describe(r.id), Describe(other->id)) << r.urn;
    EXPECT_EQ(r.custom, other->custom) << r.urn;
    EXPECT_EQ(r.inputs.members().size(), other->inputs.members().size()) << r.urn;
    EXPECT_EQ(r.outputs.members().size(), other->outputs.members().size()) << r.urn;
  }
}

}  // namespace
}  // namespace guardrails
