#include "analyzer/waive/waiver_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/waive/shop.h"

namespace guardrails {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

absl::StatusOr<std::shared_ptr<const WaiverBook>> Parse(std::string_view text) {
  return ParseWaivers(text, "infra/waivers.yaml", kShop, kToday);
}

std::string FaultOf(std::string_view text) { return std::string(Parse(text).status().message()); }

// A whole entry, one of whose lines is replaced (or, empty, left out).
std::string Entry(std::string_view key = "", std::string_view line = "") {
  const std::vector<std::pair<std::string_view, std::string>> lines = {
      {"rule", "rule: shards"},
      {"resource", "resource: orders"},
      {"owner", "owner: data team"},
      {"reason", "reason: quiet until the launch"},
      {"expires", "expires: 2026-06-30"},
      {"value", fmt::format("value: sha256:{:064}", 1)}};
  std::string out = "waivers:\n";
  const char* lead = "  - ";
  for (const auto& [name, text] : lines) {
    const std::string_view shown = name == key ? line : std::string_view(text);
    if (shown.empty()) continue;
    out += fmt::format("{}{}\n", lead, shown);
    lead = "    ";
  }
  return out;
}

TEST(WaiverFileTest, ReadsEveryField) {
  const auto book = Parse(fmt::format(R"(# agreed in May
maximumDays: 200
waivers:
  - rule: shards
    resource: urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders
    property: shardCount
    stack: dev
    owner: data team <data@example.com>
    reason: >
      Quiet until
      the launch
    expires: "2026-11-30"
    value: [sha256:{0:064}, pbkdf2:{0:064}]
  - {{rule: names, resourcePattern: 'orders-\d+', owner: me, reason: 'ten letters', expires: 2026-06-01, value: sha256:{0:064}}}
)",
                                      7));
  ASSERT_TRUE(book.ok()) << book.status();
  ASSERT_EQ((*book)->entries().size(), 2u);
  const auto& [first, second] = std::tie((*book)->entries()[0], (*book)->entries()[1]);
  EXPECT_EQ(first.waiver.rule, "shards");
  EXPECT_EQ(first.waiver.property, "shardCount");
  EXPECT_EQ(first.waiver.stack, "dev");
  EXPECT_EQ(first.waiver.owner, "data team <data@example.com>");
  EXPECT_EQ(first.waiver.reason, "Quiet until the launch");
  EXPECT_EQ(first.waiver.expires, "2026-11-30");
  EXPECT_EQ(first.waiver.values.size(), 2u);
  EXPECT_EQ(first.waiver.place, "waivers.yaml:4");
  EXPECT_EQ(first.line, 4);
  EXPECT_EQ(second.waiver.property, std::nullopt);
  EXPECT_TRUE(second.waiver.is_pattern);
  EXPECT_TRUE(second.Names("urn:x", "orders-12"));
  EXPECT_FALSE(second.Names("urn:x", "orders-12-b")) << "a pattern is of the whole name";
  EXPECT_TRUE((*Parse("waivers: []"))->entries().empty());
}

TEST(WaiverFileTest, AnExactNameIsNoPattern) {
  const auto book = Parse(Entry("resource", "resource: orders.dev"));
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_TRUE((*book)->entries()[0].Names("urn:x", "orders.dev"));
  EXPECT_TRUE((*book)->entries()[0].Names("orders.dev", "x"));
  EXPECT_FALSE((*book)->entries()[0].Names("urn:x", "orders-dev"));
}

TEST(WaiverFileTest, EveryFaultNamesTheLineAndTheRemedy) {
  struct Case {
    const char *key, *line;
    const char* message;  // behind the file's name
  };
  const std::string zeros(64, '0');
  const Case cases[] = {
      {"rule", "", ":2: rule is missing; name the guardrail"},
      {"rule", "rule: shard", ":2: \"shard\" is no guardrail; did you mean \"shards\"? (list names them)"},
      {"rule", "rule: 7", ":2: rule must be a text"},
      {"rule", "rule: [shards]", ":2: rule must be a text"},
      {"resource", "", ":2: give either resource (a URN or a name) or resourcePattern (RE2)"},
      {"resource", "resource: ''", ":2: the resource is empty"},
      {"resource", "resourcePattern: 'a('", ":3: resourcePattern is no RE2 pattern: missing ): a("},
      {"resource", "resource: orders\n    resourcePattern: orders", ":2: give either resource"},
      {"owner", "", ":2: owner is missing; name who answers for it"},
      {"owner", "owner: ' '", ":4: owner is too short; name who answers for it"},
      {"owner", "owner: ~", ":4: owner must be a text"},
      {"owner", "owner: 123", ":4: owner must be a text; quote what looks like a number"},
      {"owner", "owner: \"a\\x1b[31mb\"", ":4: owner holds a control character"},
      {"reason", "", ":2: reason is missing; say why in at least 10 characters"},
      {"reason", "reason: too short", ":5: reason is too short; say why in at least 10 characters"},
      {"reason", "reason: 'äöüäöüäöü'", ":5: reason is too short"},
      {"reason", "reason: 'a             b'", ":5: reason is too short"},
      {"expires", "", ":2: expires is missing; give its last day as YYYY-MM-DD"},
      {"expires", "expires: soon", ":6: expires must be a day that exists, as YYYY-MM-DD"},
      {"expires", "expires: 2026-02-29", ":6: expires must be a day that exists"},
      {"expires", "expires: 2026-6-1", ":6: expires must be a day that exists"},
      {"expires", "expires: [2026-06-01]", ":6: expires must be a day that exists"},
      {"expires", "expires: 2026-08-31",
       ":6: expires is more than 90 days ahead; give 2026-08-30 or an earlier day, or raise maximumDays"},
      {"value", "", ":2: value is missing; give the valueDigest of the JSON report"},
      {"value", "value: 1", ":7: value is no digest (sha256: and 64 digits)"},
      {"value", "value: []", ":7: value must hold from 1 to 100 digests"},
      {"value", "value: [sha256:12]", ":7: value is no digest"},
      {"value", "value: {a: b}", ":7: value is no digest"},
      {"owner", "owners: me", ":4: there is no key \"owners\"; allowed: rule, resource, resourcePattern, property, stack, "
                              "owner, reason, expires, value; did you mean \"owner\"?"},
      {"owner", "owner: me\n    owner: you", ":5: owner stands twice; keep one of the two"},
      {"owner", "owner: me\n    property: \"a\\nb\"", ":5: property holds a line break"},
      {"owner", "owner: me\n    stack: 5", ":5: stack must be a text"},
      {"owner", "owner: me\n    stack: ''", ":5: stack is empty; give its name, or leave it out for any"},
  };
  EXPECT_TRUE(Parse(Entry()).ok()) << Parse(Entry()).status();
  for (const Case& c : cases)
    EXPECT_THAT(FaultOf(Entry(c.key, c.line)), StartsWith("infra/waivers.yaml" + std::string(c.message))) << c.line;
}

TEST(WaiverFileTest, TheFileAsAWholeIsCheckedToo) {
  struct Case {
    std::string text;
    const char* message;
  };
  const Case cases[] = {
      {"", ": the file is empty; write \"waivers: []\" for none"},
      {"# nothing\n", ": the file is empty"},
      {"[]", ":1: a waiver file is an object with the list waivers"},
      {"{}", ":1: the list waivers is missing; write \"waivers: []\" for none"},
      {"waivers:", ":1: waivers must be a list"},
      {"waivers: {}", ":1: waivers must be a list"},
      {"waivers: [a]", ":1: a waiver is an object with rule"},
      {"waivers: [\n", ":2: this is not valid YAML"},
      {"a: b: c", ":1: this is not valid YAML"},
      {",", ":1: this is not valid YAML"},  // yaml-cpp would read it as documents without end
      {"waivers: []\n,", ":2: "},
      {"waivers: []\n---\nwaivers: []\n", ":2: a second document begins"},
      {"waivers: []\nwaivers: []\n", ":2: waivers stands twice"},
      {"maximumDays: 30\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé: 1",
       ":2: there is no key \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"; allowed: maximumDays, waivers"},
      {"waiver: []", ":1: there is no key \"waiver\"; allowed: maximumDays, waivers; did you mean \"waivers\"?"},
      {"maximumDays: 366\nwaivers: []", ":1: maximumDays must be a whole number from 1 to 365"},
      {"maximumDays: 0\nwaivers: []", ":1: maximumDays must be"},
      {"maximumDays: 1.5\nwaivers: []", ":1: maximumDays must be"},
      {"maximumDays: '90'\nwaivers: []", ":1: maximumDays must be"},
      {"waivers: [\xff]", ": the file is not UTF-8"},
      {std::string(kMaxWaiverFileBytes + 1, ' '), ": the file is larger than 1048576 bytes"},
      {"waivers: [" + std::string(2 * kMaxWaivers, ',') + "]", ":1: "},
  };
  for (const Case& c : cases)
    EXPECT_THAT(FaultOf(c.text), StartsWith("infra/waivers.yaml" + std::string(c.message))) << c.text.substr(0, 80);
}

TEST(WaiverFileTest, TheDaysAheadAreTheFilesOwn) {
  const std::string entry = Entry("expires", "expires: 2026-06-11");
  EXPECT_TRUE(Parse(entry).ok());
  EXPECT_TRUE(Parse("maximumDays: 10\n" + entry).ok());
  EXPECT_THAT(FaultOf("maximumDays: 9\n" + entry), HasSubstr(":7: expires is more than 9 days ahead; give 2026-06-10 or"));
  EXPECT_THAT(FaultOf("maximumDays: 365\n" + Entry("expires", "expires: 2027-06-02")),
              HasSubstr("more than 365 days ahead; give 2027-06-01 or an earlier day"));
  EXPECT_TRUE(Parse(Entry("expires", "expires: 1999-01-01")).ok()) << "what is over lapses; it is no fault of the file";
}

TEST(WaiverFileTest, TellsAllFaultsAndCutsALongList) {
  EXPECT_THAT(FaultOf("waivers:\n  - rule: shard\n    owner: me\n"),
              AllOf(HasSubstr("is no guardrail"), HasSubstr("\ninfra/waivers.yaml:2: reason is missing"),
                    HasSubstr("\ninfra/waivers.yaml:2: value is missing")));
  std::string many = "waivers:\n";
  for (int i = 0; i < 900; ++i) many += "  - 1\n";
  EXPECT_THAT(FaultOf(many), ::testing::EndsWith("and 880 more faults"));
}

TEST(WaiverFileTest, SurvivesHostileYaml) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i)
    bomb += fmt::format("a{}: &a{} [*a{}, *a{}, *a{}, *a{}, *a{}, *a{}, *a{}, *a{}]\n", i, i, i - 1, i - 1, i - 1, i - 1,
                        i - 1, i - 1, i - 1, i - 1);
  const std::string cases[] = {bomb + "waivers: *a39\n",
                               "waivers: &w [*w]",
                               "waivers: " + std::string(100'000, '['),
                               "waivers: " + std::string(100'000, '{'),
                               std::string(200'000, '-'),
                               "waivers: !!binary AAAA",
                               "? [a, b]\n: c\nwaivers: []",
                               "waivers:\n  - &e {rule: shards}\n  - <<: *e\n    owner: me\n",
                               "waivers: [{rule: \"" + std::string(900'000, 'a') + "\"}]",
                               std::string("waivers: [\0]", 12)};
  for (const std::string& text : cases) EXPECT_FALSE(Parse(text).ok()) << text.substr(0, 60);
}

// Whatever becomes of a good file, it is read or refused with its name.
TEST(WaiverFileTest, NoMutationDoesHarm) {
  const std::string good = "maximumDays: 60\n" + Entry() + Entry("resource", "resourcePattern: 'ord.*'").substr(9);
  ASSERT_TRUE(Parse(good).ok()) << Parse(good).status();
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same in every run
  const std::string alphabet = "\n \t:-[]{}&*!|>'\"%@`#?,~0aZ\x01\x7f\xc3\xff";
  for (int round = 0; round < 300; ++round) {
    std::string text = good;
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0: text[at] = alphabet[random() % alphabet.size()]; break;
        case 1: text.insert(at, 1 + random() % 3, alphabet[random() % alphabet.size()]); break;
        default: text.erase(at, 1 + random() % 8);
      }
    }
    const auto book = Parse(text);
    EXPECT_TRUE(book.ok() || std::string(book.status().message()).starts_with("infra/waivers.yaml:")) << text;
  }
}

TEST(DateTest, TakesDaysThatExist) {
  for (const char* good : {"2026-01-01", "2024-02-29", "1999-12-31"}) {
    ASSERT_TRUE(ParseDate(good)) << good;
    EXPECT_EQ(ShowDate(*ParseDate(good)), good);
  }
  for (const char* bad : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20260101", "2026-01-01 ", "-026-01-01",
                          "2026-01-32", "2026-0a-01", "２０２６-01"})
    EXPECT_FALSE(ParseDate(bad)) << bad;
}

}  // namespace
}  // namespace guardrails
