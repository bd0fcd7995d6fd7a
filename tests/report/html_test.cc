#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/policy/waiver.h"
#include "analyzer/report/draw.h"
#include "analyzer/report/format.h"
#include "tests/report/fake_pack.h"

namespace guardrails {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string PageOf(const Report& report) { return WriteHtml(report, {}); }

TEST(Html, TakesNothingFromAnywhere) {
  TestStack stack;
  AddStream(stack);
  const std::string page = PageOf(ReportOf(stack));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  for (const char* way : {" src=", "url(", "@import", "<link", "fetch(", "XMLHttpRequest", "<iframe"})
    EXPECT_THAT(page, Not(HasSubstr(way)));
}

TEST(Html, TakesNamesForTextAndNotForMarkup) {
  TestStack stack;
  stack.Add(kStream, "<script>alert(1)</script>\"' onload=x").Input("shardCount", Value::Number(1));
  const std::string page = PageOf(ReportOf(stack));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("data-name=\"&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x\""));
}

TEST(Html, ShowsEveryRuleOnEveryResource) {
  TestStack stack;
  AddStream(stack);
  stack.Add(kStream, "good-dev").Input("shardCount", Value::Number(2)).Input("encryptionType", stack.Text("KMS"));
  stack.Add("aws:sns/topic:Topic", "topic-dev");
  const std::string page = PageOf(ReportOf(stack));
  // count, empty, encrypt, needs-alarm and throws, in this order.
  EXPECT_THAT(page, HasSubstr("<tr data-name=\"orders-dev\"><th scope=\"row\">orders-dev<small>aws:kinesis/stream:Stream</small></th>"
                              "<td class=\"v\" aria-label=\"violation\">✗</td><td class=\"n\" aria-label=\"not applicable\">·</td>"
                              "<td class=\"v\" aria-label=\"violation\">✗</td>"));
  EXPECT_THAT(page, HasSubstr("<tr data-name=\"good-dev\"><th scope=\"row\">good-dev<small>aws:kinesis/stream:Stream</small></th>"
                              "<td class=\"p\" aria-label=\"passed\">✓</td>"));
  EXPECT_THAT(page, HasSubstr("<tr data-name=\"topic-dev\">"));
}

TEST(Html, ShowsTheStackOnceInTheCoverage) {
  TestStack stack;
  stack.Add("pulumi:pulumi:Stack", "shop-dev");
  AddStream(stack);
  const std::string page = PageOf(ReportOf(stack));
  EXPECT_THAT(page, HasSubstr("<tr data-name=\"the stack\">"));
  EXPECT_THAT(page, Not(HasSubstr("<tr data-name=\"shop-dev\">")));
}

TEST(Html, ShowsABrokenRuleAsAnError) {
  TestStack stack;
  stack.Add("aws:s3/bucket:Bucket", "files-dev");
  const std::string page = PageOf(ReportOf(stack));
  EXPECT_THAT(page, HasSubstr("<td class=\"e\" aria-label=\"error\">!</td>"));
  EXPECT_THAT(page, Not(HasSubstr("aria-label=\"undecided\">?</td>")));
}

// Only what is wrong is linked from the picture, and red in it.
TEST(Html, MarksNothingAsWrongForANote) {
  TestStack wrong, noted;
  wrong.Add(kStream, "s").Input("shardCount", Value::Number(1)).Input("encryptionType", wrong.Text("KMS"));
  noted.Add(kStream, "s").Input("shardCount", Value::Number(2)).Input("encryptionType", noted.Text("KMS"));
  EXPECT_THAT(PageOf(ReportOf(wrong)), HasSubstr("<div class=\"resource\" id=\"r0-0\">"));
  const std::string page = PageOf(ReportOf(noted));
  EXPECT_THAT(page, HasSubstr("<dt>Note</dt>"));
  EXPECT_THAT(page, Not(HasSubstr("id=\"r0-0\"")));
}

TEST(Html, SaysThatNothingWasFoundOnlyWhereThatIsSo) {
  constexpr std::string_view kNone = "No violation.", kDecided = "Everything could be decided.";
  TestStack stack;
  Report report = ReportOf(stack);
  report.files.front().results = {};
  EXPECT_THAT(PageOf(report), AllOf(HasSubstr(kNone), HasSubstr(kDecided)));
  report.baseline = "<base>.json";
  report.known = 2;
  EXPECT_THAT(PageOf(report),
              AllOf(HasSubstr("<p class=\"hint\">No new violation: 2 known from &lt;base&gt;.json.</p>"),
                    HasSubstr("<p class=\"hint\">Nothing new is undecided: 2 known from &lt;base&gt;.json.</p>"),
                    HasSubstr("<li class=\"known\"><b>2</b> known from &lt;base&gt;.json</li>"),
                    Not(HasSubstr(kNone)), Not(HasSubstr(kDecided))));
  report.files.front().errors.emplace_back("no JSON");
  EXPECT_THAT(PageOf(report), AllOf(HasSubstr("<p class=\"hint\">Not everything could be judged: see the errors.</p>"),
                                    Not(HasSubstr(kNone)), Not(HasSubstr(kDecided)), Not(HasSubstr("No new"))));
}

TEST(Html, SaysHowMuchOfALargeStackItLeftOut) {
  TestStack stack;
  for (int i = 0; i < 3000; ++i) stack.Add(kStream, "s-" + std::to_string(i)).Input("shardCount", Value::Number(1));
  const std::string page = PageOf(ReportOf(stack));
  EXPECT_THAT(page, HasSubstr(" more left out of this page: the JSON report has all."));
  EXPECT_THAT(page, HasSubstr("1001 more resources left out of this page"));
}

const Waiver kWaiver{.rule = "count", .owner = "orders-team", .reason = "until the sale is over", .resource = "orders-dev",
                     .property = std::nullopt, .stack = "", .expires = "2026-12-31", .values = {}, .place = "waivers.yaml:3"};

TEST(Html, ShowsWhatIsWaivedAsSuch) {
  TestStack stack;
  AddStream(stack);
  Report report = ReportOf(stack);
  for (Finding& f : report.files.front().results.findings)
    if (f.guardrail == &kCount) f.waiver = &kWaiver;
  const std::string page = PageOf(report);
  EXPECT_THAT(page, HasSubstr("<article class=\"finding waived\" data-rule=\"count\""));
  EXPECT_THAT(page, HasSubstr("<dt>Waived</dt><dd>until 2026-12-31 by orders-team: until the sale is over</dd>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"w\" aria-label=\"waived\">W</td>"));
}

TEST(Html, ShowsWhatTheBaselineKnowsAsKnownAndNotAsWaived) {
  TestStack stack;
  AddStream(stack);
  Report report = ReportOf(stack);
  std::erase_if(report.files.front().results.findings, [](const Finding& f) { return f.guardrail == &kCount; });
  const std::string page = PageOf(report);
  EXPECT_THAT(page, HasSubstr("<td class=\"k\" aria-label=\"known from the baseline\">K</td>"));
  EXPECT_THAT(page, Not(HasSubstr("<td class=\"w\"")));
}

TEST(Html, ShowsWhatWasUndecidedBeforeAsKnown) {
  TestStack stack;
  stack.Add(kStream, "orders-dev").Input("shardCount", Value::Unknown());
  Report report = ReportOf(stack);
  EXPECT_THAT(PageOf(report), HasSubstr("<td class=\"u\" aria-label=\"undecided\">?</td>"));
  std::erase_if(report.files.front().results.findings, [](const Finding& f) { return f.guardrail == &kCount; });
  EXPECT_THAT(PageOf(report), HasSubstr("<td class=\"k\" aria-label=\"known from the baseline\">K</td>"));
}

// A stream in a closed group, and the internet, which may talk to it.
Picture Drawn(const Resource& stream) {
  Picture out;
  out.groups.push_back({.label = "Private \"subnets\"", .tone = Picture::Group::Tone::kClosed});
  out.things.push_back({.label = Text::Name(stream), .kind = "stream", .group = 0, .resource = &stream});
  out.things.push_back({.label = "The internet", .kind = "everywhere"});
  out.arrows.push_back({.from = 1, .to = 0, .label = "TCP 5432", .by = &stream, .property = "rules"});
  return out;
}

Marks MarksOf(bool wrong) {
  return {.wrong = [wrong](const Resource&, std::string_view) { return wrong; },
          .link = [](const Resource&) { return std::string("#r0"); }};
}

TEST(Picture, MarksWhatIsWrong) {
  Resource stream;
  stream.name = R"(a "stream"\N)";
  const std::string wrong = AsDot(Drawn(stream), MarksOf(true)), right = AsDot(Drawn(stream), MarksOf(false));
  EXPECT_THAT(wrong, HasSubstr(R"(class="thing fault")"));
  EXPECT_THAT(wrong, HasSubstr(R"(class="traffic fault")"));
  EXPECT_THAT(right, Not(HasSubstr("fault")));
  EXPECT_THAT(right, HasSubstr(R"(label="a \"stream\"\\N\nstream")"));
}

TEST(Picture, TurnsNoText) {
  Resource stream;
  stream.name = "a\u202Eb";
  EXPECT_THAT(AsDot(Drawn(stream), MarksOf(false)), HasSubstr("label=\"a\uFFFDb\\nstream\""));
}

TEST(Picture, IsDrawnByGraphviz) {
  Resource stream;
  stream.name = "a <\"stream\"> & \\N";
  const auto svg = Draw(Drawn(stream), MarksOf(true));
  ASSERT_TRUE(svg.ok()) << svg.status().ToString();
  EXPECT_THAT(*svg, ::testing::StartsWith("<svg"));
  EXPECT_THAT(*svg, HasSubstr("class=\"node thing fault\""));
  EXPECT_THAT(*svg, HasSubstr("class=\"cluster closed\""));
  EXPECT_THAT(*svg, HasSubstr("a &lt;&quot;stream&quot;&gt; &amp; \\N"));
  EXPECT_THAT(*svg, HasSubstr("xlink:href=\"#r0\""));
  EXPECT_THAT(*svg, ::testing::EndsWith("</svg>"));
}

Picture Of(std::size_t things, std::size_t arrows) {
  Picture picture;
  for (std::size_t i = 0; i < things; ++i) picture.things.push_back({.label = "x", .kind = "y"});
  for (std::size_t i = 0; i < arrows; ++i) picture.arrows.push_back({.from = 0, .to = 1, .label = "z"});
  return picture;
}

TEST(Picture, ThatNobodyCouldReadIsNotDrawn) {
  struct {
    std::size_t things, arrows;
    std::string_view too_many;
  } const cases[] = {{151, 2, "151 things or more"},
                     {50, 625, "625 arrows or more"},
                     {151, 401, "151 things or more and 401 arrows or more"}};
  for (const auto& c : cases) {
    const absl::Status status = Draw(Of(c.things, c.arrows), MarksOf(false)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
    EXPECT_EQ(status.message(),
              "The stack is too large for a picture: it would have " + std::string(c.too_many));
  }
}

TEST(Picture, IsToldInWords) {
  Resource stream;
  stream.name = "orders-dev";
  EXPECT_THAT(InWords(Drawn(stream)), ::testing::ElementsAre("The internet may talk to orders-dev: TCP 5432"));
}

}  // namespace
}  // namespace guardrails
