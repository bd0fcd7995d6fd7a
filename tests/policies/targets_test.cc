#include "policies/aws/targets.h"

#include <gtest/gtest.h>

#include <string>

#include "analyzer/model/references.h"
#include "tests/support/builder.h"

namespace fastcart {
namespace {

using namespace guardrails;
using guardrails::testing::TestStack;

constexpr char kKey[] = "aws:kms/key:Key";

struct Literal {
  const char* text;
  bool may_be;  // the resource of the stack, which has no identity yet
};

// What a literal beside a resource that does not exist yet means: that resource perhaps, or certainly not.
void ExpectUnborn(std::string_view type, const char* name_property, const char* name, const Target& target,
                  std::initializer_list<Literal> literals) {
  for (const Literal& literal : literals) {
    TestStack s;
    s.facts().config["aws:region"] = Value::String("eu-central-1");
    s.Add(type, "unborn");
    if (name_property != nullptr) s.Input(name_property, Value::String(name));
    s.Add("aws:lambda/function:Function", "from").Input("reference", s.Text(literal.text));
    const auto stack = s.Build();
    const Resource& from = stack->resources()[1];
    const auto state = ResolveOne(*stack, from, from["reference"], target).state;
    EXPECT_EQ(state, literal.may_be ? Reference::State::kUnknown : Reference::State::kOutside) << literal.text;
  }
}

TEST(Targets, AnUnbornKeyMayBeAKeyIdOrAKeyArnOfItsRegion) {
  ExpectUnborn(kKey, nullptr, nullptr, kKmsKeys,
               {{"1234abcd-12ab-34cd-56ef-1234567890ab", true},
                {"mrk-1234abcd12ab34cd56ef1234567890ab", true},
                {"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", true},
                {"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", false},
                {"arn:aws:kms:eu-central-1:111122223333:alias/fastcart-dev", false},
                {"arn:aws:secretsmanager:eu-central-1:111122223333:secret:key/x", false},
                {"alias/fastcart-dev", false},
                {"alias/aws/kinesis", false}});
}

TEST(Targets, AnUnnamedAliasMayBeAnyAliasButAmazonsOwn) {
  ExpectUnborn("aws:kms/alias:Alias", nullptr, nullptr, kKmsKeysOrAliases,
               {{"alias/fastcart-dev", true},
                {"arn:aws:kms:eu-central-1:111122223333:alias/fastcart-dev", true},
                {"alias/aws/kinesis", false},
                {"arn:aws:kms:eu-central-1:111122223333:alias/aws/kinesis", false},
                {"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", false}});
}

TEST(Targets, ANamedThingIsNoOther) {
  ExpectUnborn("aws:kms/alias:Alias", "name", "alias/fastcart-dev", kKmsKeysOrAliases, {{"alias/other-dev", false}});
  ExpectUnborn("aws:cloudwatch/logGroup:LogGroup", "name", "/ecs/fastcart-dev", kLogGroups,
               {{"/ecs/other-dev", false},
                {"arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/other-dev:*", false},
                {"arn:aws:logs:us-east-1:111122223333:log-group:/ecs/fastcart-dev:*", false}});
  ExpectUnborn("aws:kinesis/stream:Stream", "name", "orders", kKinesisStreams,
               {{"orders-2", false}, {"arn:aws:kinesis:eu-central-1:111122223333:stream/orders-2", false}});
}

TEST(Targets, IdsTellTheirKind) {
  ExpectUnborn("aws:ec2/subnet:Subnet", nullptr, nullptr, kSubnets,
               {{"subnet-0abc", true}, {"vpc-0abc", false}, {"arn:aws:ec2:us-east-1:111122223333:subnet/subnet-0abc", false}});
  ExpectUnborn("aws:ec2/securityGroup:SecurityGroup", nullptr, nullptr, kSecurityGroups,
               {{"sg-0abc", true}, {"subnet-0abc", false}});
  ExpectUnborn("aws:ec2/internetGateway:InternetGateway", nullptr, nullptr, kInternetGateways,
               {{"igw-0abc", true}, {"nat-0abc", false}, {"local", false}});
}

TEST(Targets, AnArnOfAnotherAccountIsOutside) {
  TestStack s;
  s.Add(kKey, "unborn");
  s.Add("aws:kinesis/stream:Stream", "old")
      .Output("arn", Value::String("arn:aws:kinesis:eu-central-1:111122223333:stream/old"))
      .Input("kmsKeyId", Value::String("arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"));
  const auto stack = s.Build();
  const Resource& from = stack->resources()[1];
  EXPECT_EQ(ResolveOne(*stack, from, from["kmsKeyId"], kKmsKeys).state, Reference::State::kOutside);
}

}  // namespace
}  // namespace fastcart
