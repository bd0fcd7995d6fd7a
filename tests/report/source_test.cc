#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "analyzer/report/format.h"
#include "analyzer/report/source.h"
#include "tests/report/fake_pack.h"

namespace guardrails {
namespace {

using namespace testing;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<SourceLine> Of(const std::vector<std::string_view>& frames, std::string_view root) {
  Resource resource;
  resource.created_at = frames;
  return SourceOf(&resource, root);
}

TEST(Source, IsAPathFromTheRootAndALine) {
  struct Case {
    const char *frame, *root, *text;
  };
  const Case cases[] = {
      {"project:///fastcart/network.py#74", "", "fastcart/network.py:74"},
      {"project:///fastcart/network.py#74", "stack", "stack/fastcart/network.py:74"},
      {"project:///fastcart/network.py#74", "infra/stack/", "infra/stack/fastcart/network.py:74"},
      {"project:///../shared/tags.py#3", "stack", "shared/tags.py:3"},
      {"project:///../shared/tags.py#3", "", "../shared/tags.py:3"},
      {"project:///a%20b/%C3%A4.py#1", "", "a b/ä.py:1"},
      {"project:///100%/a%2.py#1", "", "100%/a%2.py:1"},
      {"project:///a.py#12,5", ".", "a.py:12"},
  };
  for (const Case& c : cases) {
    const std::vector<SourceLine> lines = Of({c.frame}, c.root);
    ASSERT_EQ(lines.size(), 1U) << c.frame;
    EXPECT_EQ(ToString(lines.front()), c.text);
  }
}

TEST(Source, IsLeftOutWhereTheLineIsNotSaid) {
  for (const char* frame : {"project:///a.py", "project:///a.py#", "project:///a.py#0", "project:///a.py#x", "a.py#3",
                            "project:///a.py#-1", "project:///a.py#99999999999999999999999"})
    EXPECT_THAT(Of({frame}, ""), IsEmpty()) << frame;
  EXPECT_THAT(SourceOf(nullptr, "stack"), IsEmpty());
}

// Of one stream, made where the frames say.
Report ReportWith(std::vector<std::string_view> frames) {
  TestStack stack;
  AddStream(stack).MadeAt(std::move(frames));
  return ReportOf(stack);
}

TEST(Source, StandsInTheReportsWithTheChainThatLedThere) {
  Report report =
      ReportWith({"project:///shop/streams.py#26", "project:///shop/all.py#7", "project:///__main__.py#3"});
  report.source_root = "stack";
  const json violation = json::parse(WriteJson(report, {}))["violations"][0];
  EXPECT_EQ(violation["source"], json::parse(R"({"file": "stack/shop/streams.py", "line": 26})"));
  EXPECT_EQ(violation["createdBy"],
            json::parse(R"([{"file": "stack/shop/all.py", "line": 7}, {"file": "stack/__main__.py", "line": 3}])"));
  EXPECT_THAT(WriteHuman(report, {}), HasSubstr("orders-dev  aws:kinesis/stream:Stream  at stack/shop/streams.py:26\n"));
  EXPECT_THAT(WriteHuman(report, {.colour = true}), HasSubstr("\x1b[2mat stack/shop/streams.py:26\x1b[0m\n"));
}

TEST(Source, IsNeverGuessed) {
  const Report report = ReportWith({});
  EXPECT_THAT(WriteJson(report, {}), Not(HasSubstr("\"source\":")));
  EXPECT_THAT(WriteHuman(report, {}), HasSubstr("orders-dev  aws:kinesis/stream:Stream\n"));
}

}  // namespace
}  // namespace guardrails
