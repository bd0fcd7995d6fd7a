// The plain resource list in its spellings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/input/input.h"

namespace guardrails {
namespace {

std::unique_ptr<const Stack> Read(const std::string& text, const InputOptions& options = {}) {
  auto read = ReadStack(text, "list.json", options);
  EXPECT_TRUE(read.ok()) << read.status().ToString();
  return read.ok() ? std::move(read->stack) : nullptr;
}

constexpr char kStream[] = R"({"type": "aws:kinesis/stream:Stream", "name": "orders-dev", "properties": {"shardCount": 2}})";

TEST(ResourceList, IsTheSameStackInAllSpellings) {
  const std::string stream = kStream;
  for (const std::string& text : {"[" + stream + "]", "{\"resources\": [" + stream + "]}", stream, stream + "\n"}) {
    const auto stack = Read(text);
    ASSERT_NE(stack, nullptr) << text;
    ASSERT_EQ(stack->resources().size(), 1U) << text;
    const Resource& r = stack->resources()[0];
    EXPECT_EQ(r.urn, "urn:pulumi:stack::project::aws:kinesis/stream:Stream::orders-dev");
    EXPECT_EQ(r.type, "aws:kinesis/stream:Stream");
    EXPECT_EQ(r.name, "orders-dev");
    EXPECT_EQ(r["shardCount"].value().raw_number(), 2);
    EXPECT_EQ(r.outputs["shardCount"].raw_number(), 2);
    EXPECT_TRUE(r.custom);
    EXPECT_EQ(r.provider.type, "pulumi:providers:aws");
    EXPECT_TRUE(r.provider.is_default());
    EXPECT_FALSE(stack->facts().has_edges);
    EXPECT_FALSE(stack->facts().preview);
  }
}

}  // namespace
}  // namespace guardrails
