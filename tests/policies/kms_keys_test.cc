#include "policies/aws/kms_keys.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "policies/aws/shared_key.h"
#include "tests/support/builder.h"

namespace fastcart {
namespace {

using namespace guardrails;
using guardrails::testing::TestStack;
using State = KeyReference::State;

constexpr std::string_view kKey = "aws:kms/key:Key", kAlias = "aws:kms/alias:Alias", kTopic = "aws:sns/topic:Topic",
                           kReplica = "aws:kms/replicaKey:ReplicaKey", kProperty = "kmsMasterKeyId";
constexpr std::string_view kArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
constexpr std::string_view kId = "11111111-2222-3333-4444-555555555555";
constexpr std::string_view kOther = "arn:aws:kms:eu-central-1:123456789012:key/99999999-2222-3333-4444-555555555555";

std::string Urn(std::string_view type, std::string_view name) { return TestStack::UrnOf(type, name); }

// What the topic "user" of the stack refers to.
struct Spelling {
  const char* name;
  std::function<void(TestStack&)> add;  // ends with the topic
  State state;
  const char* key = "";  // its name, where the stack has it
  const char* outside = "";
};

TestStack& Existing(TestStack& s) {
  return s.Add(kKey, "key").Id(kId).Output("arn", s.Text(kArn)).Output("keyId", s.Text(kId));
}
TestStack& User(TestStack& s, Value value) { return s.Add(kTopic, "user").Input(kProperty, value); }
TestStack& UserFrom(TestStack& s, std::vector<std::string> urns) {
  return User(s, Value::Unknown()).Edge(kProperty, {urns.begin(), urns.end()});
}

const Spelling kSpellings[] = {
    {"ByArn", [](auto& s) { User(Existing(s), s.Text(kArn)); }, State::kStackKey, "key"},
    {"ById", [](auto& s) { User(Existing(s), s.Text(kId)); }, State::kStackKey, "key"},
    {"ByEdge", [](auto& s) { UserFrom(s.Add(kKey, "key"), {Urn(kKey, "key")}); }, State::kStackKey, "key"},
    {"ByAliasName",
     [](auto& s) {
       Existing(s).Add(kAlias, "alias").Input("name", s.Text("alias/a")).Input("targetKeyId", s.Text(kId));
       User(s, s.Text("alias/a"));
     },
     State::kStackKey, "key"},
    {"ByAliasArnOfAnUnbornKey",
     [](auto& s) {
       s.Add(kKey, "key").Add(kAlias, "alias").Input("name", s.Text("alias/a"));
       s.Input("targetKeyId", Value::Unknown()).Edge("targetKeyId", {Urn(kKey, "key")});
       User(s, s.Text("arn:aws:kms:eu-central-1:123456789012:alias/a"));
     },
     State::kStackKey, "key"},
    {"ByAliasEdge",
     [](auto& s) {
       s.Add(kKey, "key").Add(kAlias, "alias").Input("targetKeyId", Value::Unknown());
       s.Edge("targetKeyId", {Urn(kKey, "key")});
       UserFrom(s, {Urn(kAlias, "alias")});
     },
     State::kStackKey, "key"},
    {"AliasAndItsKeyAgree",
     [](auto& s) {
       s.Add(kKey, "key").Add(kAlias, "alias").Input("targetKeyId", Value::Unknown());
       s.Edge("targetKeyId", {Urn(kKey, "key")});
       UserFrom(s, {Urn(kAlias, "alias"), Urn(kKey, "key")});
     },
     State::kStackKey, "key"},
    {"AliasOfAnotherKey",
     [](auto& s) {
       s.Add(kKey, "key").Add(kKey, "other").Add(kAlias, "alias").Input("targetKeyId", Value::Unknown());
       s.Edge("targetKeyId", {Urn(kKey, "other")});
       UserFrom(s, {Urn(kAlias, "alias")});
     },
     State::kStackKey, "other"},
    {"AReplicaIsItsPrimary",
     [](auto& s) {
       s.Add(kKey, "key").Add(kReplica, "replica").Input("primaryKeyArn", Value::Unknown());
       s.Edge("primaryKeyArn", {Urn(kKey, "key")});
       UserFrom(s, {Urn(kReplica, "replica")});
     },
     State::kStackKey, "key"},
    {"AReplicaOfAKeyOutsideIsItself",
     [](auto& s) {
       s.Add(kReplica, "replica").Input("primaryKeyArn", s.Text(kOther));
       UserFrom(s, {Urn(kReplica, "replica")});
     },
     State::kStackKey, "replica"},
    {"AMultiRegionIdElsewhereIsTheSameKey",
     [](auto& s) {
       s.Add(kKey, "key").Output("arn", s.Text("arn:aws:kms:eu-central-1:123456789012:key/mrk-1234"));
       User(s, s.Text("arn:aws:kms:eu-west-1:123456789012:key/mrk-1234"));
     },
     State::kStackKey, "key"},
    {"TwoEdges", [](auto& s) { UserFrom(s.Add(kKey, "key").Add(kKey, "b"), {Urn(kKey, "key"), Urn(kKey, "b")}); },
     State::kUnknown},
    {"NoEdge", [](auto& s) { User(s.Add(kKey, "key"), Value::Unknown()); }, State::kUnknown},
    {"ALiteralBesideAnUnbornKey", [](auto& s) { User(s.Add(kKey, "key"), s.Text(kOther)); }, State::kUnknown},
    {"AnotherKeysArn", [](auto& s) { User(Existing(s), s.Text(kOther)); }, State::kOutside, "",
     "99999999-2222-3333-4444-555555555555"},
    {"AnAliasOfNobody", [](auto& s) { User(s.Add(kKey, "key"), s.Text("alias/elsewhere")); }, State::kOutside, "",
     "alias/elsewhere"},
    {"AKeyThatIsRead",
     [](auto& s) {
       s.Add(kKey, "read").External().Output("arn", s.Text(kOther));
       User(s, s.Text(kOther));
     },
     State::kOutside, "read"},
    {"AReadAliasOfTheStacksKey",
     [](auto& s) {
       Existing(s).Add(kAlias, "read").External().Output("name", s.Text("alias/a")).Output("targetKeyId", s.Text(kId));
       User(s, s.Text("alias/a"));
     },
     State::kStackKey, "key"},
    {"AnEdgeOutOfTheStack", [](auto& s) { UserFrom(s, {Urn(kKey, "gone")}); }, State::kOutside},
    {"AwsManagedByName", [](auto& s) { User(s.Add(kKey, "key"), s.Text("alias/aws/sns")); }, State::kAwsManaged},
    {"AwsManagedByArn",
     [](auto& s) { User(s, s.Text("arn:aws:kms:eu-central-1:123456789012:alias/aws/sns")); }, State::kAwsManaged},
    {"AwsManagedInSpiteOfAnEdge",
     [](auto& s) { User(s.Add(kKey, "key"), s.Text("alias/aws/sns")).Edge(kProperty, {Urn(kKey, "key")}); },
     State::kAwsManaged},
    {"Absent", [](auto& s) { s.Add(kTopic, "user"); }, State::kAbsent},
    {"Empty", [](auto& s) { User(s, s.Text("")); }, State::kAbsent},
    {"ANumber", [](auto& s) { User(s, Value::Number(1)); }, State::kMistyped},
    {"AList", [](auto& s) { User(Existing(s), s.List({s.Text(kArn)})); }, State::kMistyped},
    {"AnAliasThatLeadsNowhere",
     [](auto& s) {
       s.Add(kAlias, "alias").Input("name", s.Text("alias/a")).Input("targetKeyId", Value::Unknown());
       User(s, s.Text("alias/a"));
     },
     State::kUnknown},
};

class KeyIdentity : public ::testing::TestWithParam<Spelling> {};

TEST_P(KeyIdentity, IsOneHoweverItIsWritten) {
  TestStack s;
  GetParam().add(s);
  const auto stack = s.Build();
  const Resource& user = *stack->Find(Urn(kTopic, "user"));
  const KeyReference found = ResolveKey(*stack, user, user[kProperty]);
  EXPECT_EQ(found.state, GetParam().state);
  EXPECT_EQ(found.key ? found.key->name : "", GetParam().key);
  EXPECT_EQ(found.outside, GetParam().outside);
}

INSTANTIATE_TEST_SUITE_P(KmsKeys, KeyIdentity, ::testing::ValuesIn(kSpellings),
                         [](const auto& spelling) { return std::string(spelling.param.name); });

// A hundred replicas: of a key that may be any of them, or, by edges alone, of one among them.
class Replicas : public ::testing::TestWithParam<bool> {};

TEST_P(Replicas, MayEachBeThePrimaryOfAllAndAreFoundOutOnceEach) {
  const bool literal = GetParam();
  constexpr std::string_view kUnit = "fastcart:platform:Keys";
  TestStack s;
  s.Add(kUnit, "keys").Component();
  for (int i = 0; i < 100; ++i) {
    s.Add(kReplica, "replica" + std::to_string(i)).Parent(Urn(kUnit, "keys"));
    s.Input("primaryKeyArn", literal ? s.Text(kOther) : Value::Unknown());
    if (!literal) s.Edge("primaryKeyArn", {Urn(kUnit, "keys")});
  }
  User(s, Value::Unknown()).Edge(kProperty, {Urn(kUnit, "keys")});
  const auto stack = s.Build();
  const Resource& user = *stack->Find(Urn(kTopic, "user"));
  const KeyReference found = ResolveKey(*stack, user, user[kProperty]);
  EXPECT_EQ(found.state, State::kUnknown);
  EXPECT_EQ(found.candidates.size(), 100u);
}

INSTANTIATE_TEST_SUITE_P(KmsKeys, Replicas, ::testing::Bool(),
                         [](const auto& how) { return std::string(how.param ? "ByArn" : "ByEdge"); });

TEST(SameKeyTest, OutsideKeysAreOneByTheirId) {
  TestStack s;
  Existing(s);
  const auto stack = s.Build();
  EXPECT_TRUE(SameKey(KeyNamed(*stack, kOther), KeyNamed(*stack, kOther.substr(kOther.find('/') + 1))));
  EXPECT_FALSE(SameKey(KeyNamed(*stack, kOther), KeyNamed(*stack, kArn)));
  EXPECT_FALSE(SameKey(KeyReference(), KeyReference())) << "two unknown keys are not known to be one";
}

// A stack of topics: each letter is one that uses that key, '?' one whose key nobody knows; 'A'…, '!' the same of
// databases.
std::unique_ptr<const Stack> Voters(std::string_view keys) {
  TestStack s;
  for (const std::string_view name : {"a", "b", "c"}) s.Add(kKey, name);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool data = keys[i] == '!' || (keys[i] >= 'A' && keys[i] <= 'Z');
    const std::string key(1, data ? static_cast<char>(keys[i] - 'A' + 'a') : keys[i]);
    const std::string_view property = data ? "kmsKeyId" : kProperty;
    s.Add(data ? "aws:rds/instance:Instance" : kTopic, "user" + std::to_string(i)).Input(property, Value::Unknown());
    if (key != "?" && keys[i] != '!') s.Edge(property, {Urn(kKey, key)});
  }
  return s.Build();
}

// The names of the keys that may be the shared one, those of a tie in brackets.
std::string Leading(std::string_view voters) {
  const auto stack = Voters(voters);
  const SharedKey shared(*stack, false, "");
  std::string out;
  for (const auto* c : shared.Leaders()) out += c->key.key->name;
  return shared.Leaders().empty() || !shared.Leaders().front()->outvoted ? out : "[" + out + "]";
}

TEST(SharedKeyTest, IsThatOfMostComponentsAndThenOfMostDataStores) {
  EXPECT_EQ(Leading(""), "");
  EXPECT_EQ(Leading("a"), "a");
  EXPECT_EQ(Leading("aab"), "a");
  EXPECT_EQ(Leading("abb"), "b");
  EXPECT_EQ(Leading("aB"), "b");
  EXPECT_EQ(Leading("aaB"), "a");
  EXPECT_EQ(Leading("AaBB"), "b");
  EXPECT_EQ(Leading("ab"), "[ab]");
}

TEST(SharedKeyTest, AnUnknownKeyMayDecide) {
  EXPECT_EQ(Leading("a?"), "a");
  EXPECT_EQ(Leading("aab?"), "a") << "b can only draw level, and then it is off as well";
  EXPECT_EQ(Leading("aaab?"), "a");
  EXPECT_EQ(Leading("ab?"), "ab");
  EXPECT_EQ(Leading("aabb?"), "ab");
}

// Whatever an unknown key turns out to be, what was off stays off.
TEST(SharedKeyTest, MakingAKeyUnknownNeverInventsAFault) {
  for (const std::string known : {"aab", "abb", "aabbc", "aaBBc", "abC", "aabc", "AbCab"})
    for (std::size_t i = 0; i < known.size(); ++i) {
      std::string less = known;
      less[i] = known[i] >= 'a' ? '?' : '!';
      const std::string before = Leading(known), after = Leading(less);
      for (const char key : std::string("abc")) {
        const char database = static_cast<char>(key - 'a' + 'A');
        const bool used = less.find_first_of(std::string{key, database}) != std::string::npos;
        const bool was_right = before.find(key) != std::string::npos && before.front() != '[';
        const bool is_wrong = used && (after.find(key) == std::string::npos || after.front() == '[');
        EXPECT_FALSE(was_right && is_wrong) << key << " in " << known << " and in " << less;
      }
    }
}

}  // namespace
}  // namespace fastcart
