#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/report/format.h"
#include "tests/report/fake_pack.h"

namespace guardrails {
namespace {

using namespace testing;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Look kAscii{.colour = false, .unicode = false, .width = 0};

TEST(HumanReport, GroupsByResourceWithTheWorstFirst) {
  TestStack stack;
  AddStream(stack);
  EXPECT_EQ(WriteHuman(ReportOf(stack), {}), R"(plan.json: preview of shop/dev, 1 resource

orders-dev  aws:kinesis/stream:Stream
  ✗ encrypt  mandatory, severity high
    encryptionType is not set (AWS uses NONE) → KMS
    Fix: set encryption_type="KMS".
  ✗ count  mandatory, severity medium
    shardCount is 1 → a whole number of at least 2
    Fix: set shard_count=2 on the stream.
  ! encrypt  advisory, severity high
    retentionPeriod: a day is short

shop-dev  pulumi:pulumi:Stack
  ! needs-alarm  advisory, severity low
    has no alarm → an alarm
    Fix: add an alarm.

Undecided
  ? orders-dev  encrypt
    kmsKeyId: the update makes it; wanted: a customer key

FAIL  4 violations (2 mandatory, 2 advisory), 1 undecided, 0 passed, 2 not applicable; 1 file, 1 resource
)");
}

TEST(HumanReport, SaysRuleAndFixOnceForPropertiesThatShareThem) {
  TestStack stack;
  stack.Add(kCache, "c-dev").Input("a", Value::Number(1)).Input("b", Value::Number(1)).Input("c", Value::Number(3));
  EXPECT_THAT(WriteHuman(ReportOf(stack), {}), HasSubstr(R"(c-dev  aws:elasticache/cluster:Cluster
  ✗ empty  mandatory, severity critical
    a is 1 → nothing
    b is 1 → nothing
    Fix: remove 1
    c is 3 → nothing
    Fix: remove 3

)"));
}

TEST(HumanReport, EndsWithOneVerdictForAllFiles) {
  TestStack stack, empty;
  AddStream(stack);
  Report report = ReportOf(stack);
  report.files.push_back(FileOf(*report.pack, empty));
  report.files.back().file = "-";
  const std::string out = WriteHuman(report, {});
  EXPECT_THAT(out, HasSubstr("plan.json: preview of shop/dev, 1 resource\n"));
  EXPECT_THAT(out, HasSubstr("standard input: preview of shop/dev, 0 resources\n"));
  EXPECT_THAT(out, EndsWith("; 2 files, 1 resource\n"));
  report.fail_on = FailOn::kNever;
  EXPECT_THAT(WriteHuman(report, {}), HasSubstr("\nPASS  5 violations"));
  report.files.back().errors.push_back("a rule broke");
  EXPECT_THAT(WriteHuman(report, {}), HasSubstr("\nERROR  5 violations"));
}

TEST(HumanReport, KeepsTheUndecidedShort) {
  TestStack stack;
  for (int i = 0; i < 30; ++i) stack.Add(kStream, "s" + std::to_string(i)).Input("kmsKeyId", Value::Unknown());
  EXPECT_THAT(WriteHuman(ReportOf(stack), kAscii), HasSubstr("\n  ... and 10 more; --format json lists all\n"));
}

TEST(HumanReport, ListsThePlannedChanges) {
  TestStack stack;
  const std::string urn = TestStack::UrnOf(kStream, "orders-dev");
  AddStream(stack);
  Report report = ReportOf(stack);
  report.fix_plan = true;
  EXPECT_THAT(WriteHuman(report, {}), HasSubstr("Fix plan\n  nothing that a change of inputs alone would mend\n"));
  const Resource* stream = report.files[0].stack->Find(urn);
  report.files[0].fixes.push_back({stream, *Remedies(*report.pack, *report.files[0].stack, *stream, true)});
  EXPECT_THAT(WriteHuman(report, {}), HasSubstr(R"(Fix plan
  orders-dev  aws:kinesis/stream:Stream
    shardCount = 2
      count: raised to the minimum
)"));
}

TEST(HumanReport, SendsNoControlCharacterToTheTerminal) {
  TestStack stack;
  stack.Add(kStream, "evil\x1b[2J\nname\u009b\u202e");
  stack.Add(kCache, "cache").Input("key\x1b]0;x\x07", stack.Text("value\r\x1b[1A"));
  Report report = ReportOf(stack);
  report.files[0].file = "plan\x1b[31m.json";
  for (const bool unicode : {true, false})
    for (const char c : WriteHuman(report, {.unicode = unicode}))
      EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
  EXPECT_THAT(WriteHuman(report, {}), HasSubstr("evil?[2J name??  aws:kinesis"));
}

TEST(HumanReport, ColoursAndWrapsOnlyWhereItMay) {
  TestStack stack;
  AddStream(stack);
  const Report report = ReportOf(stack);
  EXPECT_THAT(WriteHuman(report, {.colour = true}), HasSubstr("\x1b[31m✗\x1b[0m"));
  EXPECT_THAT(WriteHuman(report, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(WriteHuman(report, {.width = 40}), HasSubstr("    encryptionType is not set (AWS uses\n    NONE) → KMS\n"));
  for (const char c : WriteHuman(report, kAscii)) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

struct PrintableCase {
  const char* name;
  std::string_view text, unicode, ascii;
};

class PrintableTest : public ::testing::TestWithParam<PrintableCase> {};

TEST_P(PrintableTest, ShowsOneHarmlessLine) {
  EXPECT_EQ(Printable({.unicode = true}, GetParam().text), GetParam().unicode);
  EXPECT_EQ(Printable({.unicode = false}, GetParam().text), GetParam().ascii);
}

INSTANTIATE_TEST_SUITE_P(Look, PrintableTest,
                         ::testing::Values(PrintableCase{"Plain", "a b", "a b", "a b"},
                                           PrintableCase{"LineBreak", "a\nb\tc", "a b c", "a b c"},
                                           PrintableCase{"Escape", "a\x1b[0m", "a?[0m", "a?[0m"},
                                           PrintableCase{"Umlaut", "ü→…", "ü→…", "?->..."},
                                           PrintableCase{"C1", "\u0085x", "?x", "?x"},
                                           PrintableCase{"Direction", "\u202e", "?", "?"},
                                           PrintableCase{"NotUtf8", "\xff\xc3", "\uFFFD\uFFFD", "??"},
                                           PrintableCase{"Overlong", "\xe0\x80\x80", "\uFFFD\uFFFD\uFFFD", "???"},
                                           PrintableCase{"Surrogate", "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD", "???"},
                                           PrintableCase{"FourBytes", "😀", "😀", "?"}),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace guardrails
