// A file that is cut short is never taken for a smaller stack.
#include <gtest/gtest.h>

#include "tests/input/describe.h"

namespace guardrails {
namespace {

using testing::Fixture;

class CutShort : public ::testing::TestWithParam<const char*> {};

TEST_P(CutShort, AnywhereItIsAnError) {
  const std::string text = Fixture(std::string("input/") + GetParam());
  const std::size_t whole = text.find_last_not_of('\n') + 1;
  for (std::size_t size = 0; size < whole; ++size) {
    const auto read = ReadStack(std::string_view(text).substr(0, size), "FILE", {});
    ASSERT_FALSE(read.ok()) << "cut at byte " << size;
    ASSERT_EQ(read.status().message().find("hunter2"), absl::string_view::npos) << "cut at byte " << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Input, CutShort,
                         ::testing::Values("preview.json", "export-show-secrets.json", "checkpoint.json", "deployment.json",
                                           "events.json", "list.json", "array.json"));

// A line is a whole resource: a cut between two lines cannot be seen. Within one it is an error.
TEST(CutShortLines, WithinALineAreAnError) {
  const std::string text = Fixture("input/list.ndjson");
  std::size_t lines = 0;
  for (std::size_t size = 0; size < text.size(); ++size) {
    if (text[size] == '\n') ++lines;
    const bool between = size > 0 && (text[size] == '\n' || text[size - 1] == '\n');
    const auto read = ReadStack(std::string_view(text).substr(0, size), "FILE", {});
    ASSERT_EQ(read.ok(), between) << "cut at byte " << size;
    if (between) {
      EXPECT_EQ(read->stack->resources().size(), lines);
    }
  }
}

TEST(CutShortLines, OfAnEventLogAreAnErrorUpToItsSummary) {
  const std::string text = Fixture("input/events.jsonl");
  const std::size_t summary = text.find("\"summaryEvent\""), end = text.find('\n', summary);
  for (std::size_t size = 0; size < end; ++size)
    ASSERT_FALSE(ReadStack(std::string_view(text).substr(0, size), "FILE", {}).ok()) << "cut at byte " << size;
}

// Whatever one byte becomes, there is an answer. Each byte becomes two of these, in turn: the fuzzer tries the others.
class Damaged : public ::testing::TestWithParam<const char*> {};

TEST_P(Damaged, InAnyByteAFileIsReadOrRefused) {
  constexpr std::string_view kBad("\0\"{],\\\x80" "9", 8);
  const std::string text = Fixture(std::string("input/") + GetParam());
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const char c : {kBad[at % 4], kBad[4 + at / 4 % 4]}) {
      std::string damaged = text;
      damaged[at] = c;
      const auto read = ReadStack(damaged, "FILE", {});
      if (!read.ok()) {
        ASSERT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
      }
    }
}
INSTANTIATE_TEST_SUITE_P(Input, Damaged, ::testing::Values("preview.json", "export.json", "events.jsonl", "list.ndjson"));

}  // namespace
}  // namespace guardrails
