// Where the program made a resource, as far as the source says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/input/frames.h"
#include "tests/input/describe.h"

namespace guardrails {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Frames, OfTheProgramAreToldFromThoseOfOthers) {
  for (const char* own : {"project:///__main__.py#1", "project:///fastcart/network.py#74", "project:///../shared/tags.py#3",
                          "project:///lib/queues.py#9", "project:///python3/x.py#1", "project:///a%20b/c.py#2",
                          "project:///src/library/python3.py#4"})
    EXPECT_TRUE(IsProgramsOwn(own)) << own;
  for (const char* other :
       {"", "project:///", "project:///#7", "file:///home/me/__main__.py#1", "__main__.py#1",
        "project:///../venv/lib/python3.11/site-packages/pulumi/runtime/stack.py#251", "project:///venv/site-packages/a.py#1",
        "project:///../../usr/lib/python3/dist-packages/yaml/__init__.py#5", "project:///node_modules/@pulumi/aws/a.js#5",
        "project:///../venv/lib/python3.11/asyncio/events.py#80", "project:///../../usr/lib64/python3.12/runpy.py#2",
        "project:///../../opt/lib/pypy3.10/runpy.py#2", "project:///../venv/bin/pulumi-language-python-exec#197"})
    EXPECT_FALSE(IsProgramsOwn(other)) << other;
}

std::span<const std::string_view> CreatedAt(const Stack& stack, std::string_view name) {
  for (const Resource& r : stack.resources())
    if (r.name == name) return r.created_at;
  ADD_FAILURE() << "no " << name;
  return {};
}

TEST(Positions, OfTheRealCliAreTheProgramsOwnFrames) {
  for (const char* file : {"export.json.gz", "checkpoint.json.gz", "preview-create.json.gz", "preview-update-show-sames.json.gz"}) {
    const auto stack = testing::ReadOk(testing::Fixture(std::string("real/") + file));
    EXPECT_THAT(CreatedAt(*stack, "fastcart-public-1-dev"),
                ElementsAre("project:///fastcart/network.py#82", "project:///fastcart/network.py#43",
                            "project:///fastcart/network.py#42", "project:///__main__.py#51"));
    EXPECT_THAT(CreatedAt(*stack, "fastcart-aws-dev"), ElementsAre("project:///__main__.py#26")) << "from below the SDK";
    EXPECT_THAT(CreatedAt(*stack, "fastcart-dev"), IsEmpty()) << "made by the SDK alone";
  }
}

TEST(Positions, OfAnEventLogAreNotKnown) {
  const auto stack = testing::ReadOk(testing::Fixture("real/up-create.events.jsonl.gz"));
  for (const Resource& r : stack->resources()) EXPECT_THAT(r.created_at, IsEmpty()) << r.urn;
}

std::unique_ptr<const Stack> OneWith(const std::string& members) {
  return testing::ReadOk(R"([{"type": "a:b:C", "name": "x", "inputs": {})" + members + "}]");
}

TEST(Positions, AreTakenFromTheTraceElseFromThePositionElseLeftOut) {
  const std::string position = R"(, "sourcePosition": "project:///a.py#1")";
  const auto of = [](const std::string& members) { return OneWith(members); };
  EXPECT_THAT(CreatedAt(*of(position), "x"), ElementsAre("project:///a.py#1"));
  EXPECT_THAT(CreatedAt(*of(position + R"(, "stackTrace": [{}, {"sourcePosition": "project:///b.py#2"}])"), "x"),
              ElementsAre("project:///b.py#2"));
  EXPECT_THAT(CreatedAt(*of(position + R"(, "stackTrace": [{}, {"sourcePosition": "project:///site-packages/b.py#2"}])"), "x"),
              ElementsAre("project:///a.py#1"));
  EXPECT_THAT(CreatedAt(*of(R"(, "sourcePosition": null, "stackTrace": [{"sourcePosition": null}])"), "x"), IsEmpty());
  EXPECT_THAT(CreatedAt(*of(R"(, "sourcePosition": "project:///site-packages/b.py#2")"), "x"), IsEmpty());
  EXPECT_THAT(CreatedAt(*of(""), "x"), IsEmpty());
}

TEST(Positions, OfAnotherKindAreErrors) {
  const auto error = [](const std::string& members) {
    return testing::ErrorOf(R"([{"type": "a:b:C", "name": "x", )" + members + "}]");
  };
  EXPECT_EQ(error(R"("sourcePosition": 7)"), "FILE: [0].sourcePosition: a number, where a string belongs");
  EXPECT_EQ(error(R"("stackTrace": "a")"), "FILE: [0].stackTrace: a string, where a list of frames belongs");
  EXPECT_EQ(error(R"("stackTrace": [{}, 1])"),
            "FILE: [0].stackTrace[1]: a number, where a frame (an object, perhaps with sourcePosition) belongs");
  EXPECT_EQ(error(R"("stackTrace": [{"sourcePosition": []}])"),
            "FILE: [0].stackTrace[0].sourcePosition: a list, where a string belongs");
}

}  // namespace
}  // namespace guardrails
