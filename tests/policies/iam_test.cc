#include "policies/aws/iam.h"

#include <gtest/gtest.h>

#include <string>

#include "policies/aws/iam_actions.h"
#include "policies/aws/iam_faults.h"
#include "tests/support/builder.h"

namespace fastcart {
namespace {

using namespace guardrails;
using Kind = PolicyFault::Kind;
using nlohmann::json;

const LeastPrivilege kSettings{{}, {"*:ResourceTag/*", "kms:ViaService"}};

// The kinds of fault of a document of one statement; those that are not decided with a question mark.
std::string FaultsIn(const std::string& statement, bool trust = false) {
  const std::string document = "{\"Statement\": [" + statement + "]}";
  const PolicyDocument read = ReadPolicy(Value::String(document));
  std::string out(read.fault);
  for (const PolicyFault& f : FaultsOf(read, trust, kSettings)) {
    constexpr const char* kNames[] = {"effect", "no action",  "no resource",  "action",
                                      "not action", "resource", "not resource", "anyone"};
    out += (out.empty() ? "" : ", ") + std::string(kNames[static_cast<int>(f.kind)]) + (f.open ? "?" : "");
  }
  return out;
}

struct Judged {
  const char* statement;
  const char* faults;
};

TEST(IamDocumentTest, StatementsAreJudgedByTheirMeaning) {
  constexpr Judged kCases[] = {
      {R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"})", ""},
      {R"({"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::a/*","*"]})", "resource"},
      {R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a/*"})", "action"},
      {R"({"Effect":"Allow","Action":"s3:?*","Resource":"arn:aws:s3:::a/*"})", "action"},
      {R"({"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::a/*"})", ""},
      {R"({"Effect":"Allow","Action":"s3:Get*","Resource":"*"})", "resource"},
      {R"({"Effect":"Allow","Action":"S3:LISTALLMYBUCKETS","Resource":"*"})", ""},
      {R"({"Effect":"Allow","NotAction":"iam:*","Resource":"*"})", "not action"},
      {R"({"Effect":"Deny","NotAction":"iam:*","NotResource":"*"})", ""},
      {R"({"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::a"})", "not resource"},
      {R"({"effect":"Allow","Action":"*","Resource":"*"})", "effect"},
      {R"({"Effect":"ALLOW","Action":"*","Resource":"*"})", "effect"},
      {R"({"Effect":["Allow"],"Action":"*","Resource":"*"})", "effect"},
      {R"({"Effect":"Allow","action":"*","Resource":"arn:aws:s3:::a"})", "no action"},
      {R"({"Effect":"Allow","Action":[],"Resource":"*"})", ""},
      {R"({"Effect":"Allow","Action":null,"Resource":"*"})", "no action"},
      {R"("Allow")", "effect"},
  };
  for (const Judged& c : kCases) EXPECT_EQ(FaultsIn(c.statement), c.faults) << c.statement;
}

TEST(IamDocumentTest, ConditionsScopeOnlyWhereNothingElseMeetsThem) {
  constexpr Judged kCases[] = {
      {R"({"Bool":{"aws:SecureTransport":"true"}})", "resource"},
      {R"({"StringLike":{"KMS:VIASERVICE":"s3.*"}})", ""},
      {R"({"StringEquals":{"aws:ResourceTag/team":["a","b"]}})", ""},
      {R"({"StringLike":{"kms:ViaService":"*"}})", "resource"},
      {R"({"StringLike":{"kms:ViaService":["s3.*","*"]}})", "resource"},
      {R"({"StringLike":{"kms:ViaService":[]}})", "resource"},
      {R"({"StringNotLike":{"kms:ViaService":"s3.*"}})", "resource"},
      {R"({"StringLikeIfExists":{"kms:ViaService":"s3.*"}})", "resource"},
      {R"({"Null":{"aws:ResourceTag/a":"true"}})", "resource"},
      {R"({"ForAllValues:StringEquals":{"aws:ResourceTag/a":"b"}})", "resource"},
      {R"({"ForAnyValue:StringEquals":{"aws:ResourceTag/a":"b"}})", ""},
      {R"({"StringLike":"kms:ViaService"})", "resource"},
      {R"({"StringEquals":{"aws:ResourceTag/a":null}})", "resource"},
      {R"({"StringEquals":{"aws:ResourceTag/a":""}})", ""},
      {R"({"StringLike":{"kms:ViaService":"*.amazonaws.com"}})", "resource"},
      {R"({"StringLike":{"kms:ViaService":"*.*.amazonaws.com.cn"}})", "resource"},
      {R"({"StringLike":{"kms:ViaService":"s3.*.amazonaws.com"}})", ""},
      {R"({"StringLike":{"kms:ViaService":".amazonaws.com"}})", ""},
      {R"([])", "resource"},
  };
  const std::string statement = R"({"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":)";
  for (const Judged& c : kCases) EXPECT_EQ(FaultsIn(statement + c.statement + "}"), c.faults) << c.statement;
}

TEST(IamDocumentTest, AnArnThatStandsForAllOfAKindScopesNothing) {
  const auto faults = [](std::string_view arn) {
    return FaultsIn(R"({"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"ArnLike":{"kms:ViaService":")" +
                    std::string(arn) + R"("}}})");
  };
  for (const std::string_view every :
       {"arn:*", "arn:aws:*", "arn:aws:ecs:*", "arn:aws:ecs:*:*:*", "arn:aws:ecs:*:*:cluster/*",
        "arn:aws:ecs:*:*:cluster/?*", "arn:aws:lambda:*:*:function:*",
        "arn:aws:iam::*:*", "arn:aws:iam::*:role/*", "arn:aws:sts::*:assumed-role/*/*", "arn:aws:s3:::*"})
    EXPECT_EQ(faults(every), "resource") << every;
  for (const std::string_view some :
       {"arn:aws:ecs:eu-central-1:*:cluster/*", "arn:aws:ecs:*:1:cluster/*", "arn:aws:ecs:*:*:cluster/shop-*",
        "arn:aws:iam::*:role/admin*", "arn:aws:sns:*:*:orders-*", "arn:aws:s3:::orders/*", "arn:aws:s3:::orders*",
        "arn:aws:iam::1:root", "arn", "a*"})
    EXPECT_EQ(faults(some), "") << some;
}

TEST(IamDocumentTest, PrincipalsAreJudgedInTrustPoliciesOnly) {
  constexpr Judged kCases[] = {
      {R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"})", "anyone"},
      {R"({"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"})", "anyone"},
      {R"({"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::1:root","*"]},"Action":"sts:AssumeRole"})", "anyone"},
      {R"({"Effect":"Allow","Principal":{"Service":"ecs.amazonaws.com"},"Action":"sts:AssumeRole"})", ""},
      {R"({"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::1:root"},"Action":"sts:AssumeRole"})", "anyone"},
      {R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{}}})", "anyone"},
      {R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"a":"b"}}})", ""},
      {R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringLike":{"a":"*"}}})", "anyone"},
      {R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"ArnLike":{"a":"arn:aws:iam::*:*"}}})",
       "anyone"},
      {R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringLike":{"a":"*","b":"c"}}})", ""},
      {R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringLike":{"a":["b","*"]}}})", "anyone"},
      {R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"a":[]}}})", "anyone"},
      {R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"Null":{"a":"false"}}})", ""},
      {R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"sts:*"})", "action"},
  };
  for (const Judged& c : kCases) EXPECT_EQ(FaultsIn(c.statement, true), c.faults) << c.statement;
}

TEST(IamDocumentTest, WhatIsNoDocumentSaysWhy) {
  using State = PolicyDocument::State;
  EXPECT_EQ(ReadPolicy(Value()).state, State::kAbsent);
  EXPECT_EQ(ReadPolicy(Value::Unknown()).state, State::kUnknown);
  EXPECT_EQ(ReadPolicy(Value::Hidden()).state, State::kUnknown);
  constexpr std::pair<const char*, const char*> kTexts[] = {
      {"", "is not valid JSON"},          {"{\"Statement\": [}", "is not valid JSON"},
      {R"({"Statement": [], "Statement": [{}]})", "has a key twice"},
      {"[]", "is no JSON object"},        {"\"text\"", "is no JSON object"},
      {"{}", "has no Statement"},         {"{\"Statement\": []}", "has no Statement"},
      {"{\"Statement\": 1}", "has no Statement"},
  };
  for (const auto& [text, fault] : kTexts) EXPECT_EQ(ReadPolicy(Value::String(text)).fault, fault) << text;
  EXPECT_EQ(ReadPolicy(Value::Number(1)).fault, "is no policy document");
}

TEST(IamDocumentTest, DeepNestingIsRefusedWithoutHarm) {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  for (const char* part : {"Principal", "Condition", "Action", "Other"}) {
    const std::string text = R"({"Statement": {"Effect": "Allow", ")" + std::string(part) + "\": " + deep + "}}";
    EXPECT_EQ(ReadPolicy(Value::String(text)).fault, "is nested too deeply") << part;
  }
}

TEST(IamDocumentTest, ASecretAnywhereMakesTheDocumentSecret) {
  const Member inner{"Sid", Value::String("x").AsSecret()};
  const Value statement = Value::Object(std::span(&inner, 1));
  const Member outer{"Statement", statement};
  EXPECT_TRUE(ReadPolicy(Value::Object(std::span(&outer, 1))).secret);
}

TEST(IamActionsTest, TheReferenceTellsWhatHasNoResource) {
  for (const std::string_view free :
       {"ecr:GetAuthorizationToken", "xray:Put*", "s3:ListAllMyBuckets", "logs:DescribeLogGroups",
        "ssmmessages:OpenDataChannel", "CloudWatch:putmetricdata", "sts:GetCallerIdentity"})
    EXPECT_TRUE(CannotBeScoped(free)) << free;
  for (const std::string_view scoped :
       {"ecr:BatchGetImage", "ecr:Get*", "s3:*", "s3:GetObject", "kms:Decrypt", "iam:PassRole", "noservice:Do",
        "s3:NoSuchAction", "*", "s3", "", "s*:ListAllMyBuckets"})
    EXPECT_FALSE(CannotBeScoped(scoped)) << scoped;
}

TEST(IamActionsTest, TheDataIsSortedAndInLowerCase) {
  std::string_view before;
  for (const IamService& s : IamServices()) {
    EXPECT_LT(before, s.prefix);
    before = s.prefix;
    for (const std::string_view names : {s.unscoped, s.scoped})
      EXPECT_EQ(names.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string_view::npos) << s.prefix;
  }
}

TEST(WildcardTest, MatchesAsIamDoes) {
  EXPECT_TRUE(MatchesWildcard("s3:Get*", "S3:getobject"));
  EXPECT_TRUE(MatchesWildcard("*", ""));
  EXPECT_TRUE(MatchesWildcard("a*b*c", "a-b-b-c"));
  EXPECT_TRUE(MatchesWildcard("?b", "ab"));
  EXPECT_FALSE(MatchesWildcard("?b", "b"));
  EXPECT_FALSE(MatchesWildcard("a*b", "a-b-c"));
  EXPECT_FALSE(MatchesWildcard("", "a"));
}

TEST(WildcardTest, EveryResourceHasManySpellings) {
  for (const std::string_view every :
       {"*", "**", "*?", "arn:*", "arn:aws:*", "arn:*:*:*:*:*", "arn:aws:*:*:*:*", "*:*"})
    EXPECT_TRUE(IsEveryResource(every)) << every;
  for (const std::string_view some :
       {"", "arn:aws:s3:::*", "arn:aws:kms:*:*:key/*", "arn:aws:*:eu-central-1:1:key/*", "a*", "?", "arn:aws:s3:::a"})
    EXPECT_FALSE(IsEveryResource(some)) << some;
}

}  // namespace
}  // namespace fastcart
