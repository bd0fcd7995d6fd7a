#include "analyzer/model/references.h"

#include <gtest/gtest.h>

#include "tests/support/builder.h"

namespace guardrails {
namespace {

using testing::TestStack;
using State = Reference::State;

constexpr std::string_view kKeyType = "aws:kms/key:Key", kStreamType = "aws:kinesis/stream:Stream";
const Target kKey{.types = {kKeyType}, .known_by = {"arn", "keyId"}};
const std::string kArn = "arn:aws:kms:eu-central-1:123456789012:key/1111";
const std::string kOtherArn = "arn:aws:kms:eu-central-1:123456789012:key/9999";

std::string KeyUrn(std::string_view name) { return TestStack::UrnOf(kKeyType, name); }

// The stream of `stack`, resolved.
Reference KeyOf(const Stack& stack) {
  const Resource& stream = *stack.OfType(kStreamType).front();
  return ResolveOne(stack, stream, stream["kmsKeyId"], kKey);
}

TEST(ResolveOneTest, NothingSetIsAbsentEvenWithAnEdge) {
  TestStack s;
  s.Add(kKeyType, "main").Add(kStreamType, "orders").Edge("kmsKeyId", {KeyUrn("main")});
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kAbsent);
}

TEST(ResolveOneTest, AnUnknownValueIsWhatItsOnlyEdgeLeadsTo) {
  TestStack s;
  s.Add(kKeyType, "main").Add(kKeyType, "other");
  s.Add(kStreamType, "orders").Input("kmsKeyId", Value::Unknown()).Edge("kmsKeyId", {KeyUrn("main")});
  const auto stack = s.Build();
  EXPECT_EQ(KeyOf(*stack).resource, stack->Find(KeyUrn("main")));
}

TEST(ResolveOneTest, TwoEdgesOfTheTypeProveNothing) {
  TestStack s;
  s.Add(kKeyType, "main").Add(kKeyType, "other");
  s.Add(kStreamType, "orders").Input("kmsKeyId", Value::Unknown()).Edge("kmsKeyId", {KeyUrn("main"), KeyUrn("other")});
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kUnknown);
}

TEST(ResolveOneTest, EdgesToOtherTypesDoNotDisturb) {
  TestStack s;
  s.Add(kKeyType, "main").Add("aws:sqs/queue:Queue", "q");
  s.Add(kStreamType, "orders").Input("kmsKeyId", Value::Unknown());
  s.Edge("kmsKeyId", {TestStack::UrnOf("aws:sqs/queue:Queue", "q"), KeyUrn("main")});
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kResource);
}

TEST(ResolveOneTest, AnUnknownValueThatAnotherStackHasAPartInMayBeOfThatOne) {
  constexpr std::string_view kOtherStack = "pulumi:pulumi:StackReference";
  TestStack s;
  s.Add(kKeyType, "main").Add(kOtherStack, "platform");
  s.Add(kStreamType, "orders").Input("kmsKeyId", Value::Unknown());
  s.Edge("kmsKeyId", {KeyUrn("main"), TestStack::UrnOf(kOtherStack, "platform")});
  const auto stack = s.Build();
  EXPECT_EQ(KeyOf(*stack).state, State::kUnknown);
  const Resource& stream = *stack->OfType(kStreamType).front();
  const References all = ResolveAll(*stack, stream, stream["kmsKeyId"], kKey);
  EXPECT_EQ(all.resources.size(), 1u);
  EXPECT_TRUE(all.unknown && !all.bounded);
}

TEST(ResolveAllTest, AnUnknownElementThatAnotherStackHasAPartInMayBeOfThatOne) {
  constexpr std::string_view kOtherStack = "pulumi:pulumi:StackReference";
  for (const bool other : {false, true}) {
    TestStack s;
    s.Add(kKeyType, "main").Add(kOtherStack, "platform");
    s.Add(kStreamType, "orders").Input("kmsKeyId", s.List({Value::Unknown()}));
    const std::string key = KeyUrn("main"), platform = TestStack::UrnOf(kOtherStack, "platform");
    s.Edge("kmsKeyId", other ? std::vector<std::string_view>{key, platform} : std::vector<std::string_view>{key});
    const auto stack = s.Build();
    const Resource& stream = *stack->OfType(kStreamType).front();
    const References all = ResolveAll(*stack, stream, stream["kmsKeyId"], kKey);
    EXPECT_EQ(all.unknown, other);
    EXPECT_EQ(all.resources.size(), other ? 0u : 1u);
    EXPECT_EQ(all.candidates.size(), other ? 1u : 0u);
    EXPECT_FALSE(all.bounded);
  }
}

TEST(ResolveOneTest, OfTwoWithOneNameTheOneOfTheSameProviderIsMeant) {
  constexpr std::string_view kProviderType = "pulumi:providers:aws";
  for (const std::string provider : {"east", "west", "north"}) {
    TestStack s;
    for (const std::string region : {"east", "west"}) {
      s.Add(kProviderType, region);
      s.Add(kKeyType, "key-" + region).Id("alias/app").Uses(region);
    }
    s.Add(kProviderType, "north");
    s.Add(kStreamType, "orders").Input("kmsKeyId", s.Text("alias/app")).Uses(provider);
    const auto stack = s.Build();
    const Reference key = KeyOf(*stack);
    if (provider == "north") {
      EXPECT_EQ(key.state, State::kUnknown);
    } else {
      EXPECT_EQ(key.resource, stack->Find(KeyUrn("key-" + provider)));
    }
  }
}

TEST(ResolveOneTest, AnUnknownValueWithoutEdgesIsUnknown) {
  TestStack s;
  s.Add(kKeyType, "main").Add(kStreamType, "orders").Input("kmsKeyId", Value::Unknown());
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kUnknown);
}

TEST(ResolveOneTest, AKnownArnIdOrBareKeyIdOfAResourceIsThatResource) {
  for (const std::string& literal : {kArn, std::string("1111")}) {
    TestStack s;
    s.Add(kKeyType, "main").Id("1111").Output("arn", s.Text(kArn));
    s.Add(kStreamType, "orders").Input("kmsKeyId", s.Text(literal));
    EXPECT_EQ(KeyOf(*s.Build()).state, State::kResource) << literal;
  }
}

TEST(ResolveOneTest, AnArnMatchesByItsEndWhereOnlyTheIdIsKnown) {
  TestStack s;
  s.Add(kKeyType, "main").Id("1111");
  s.Add(kStreamType, "orders").Input("kmsKeyId", s.Text(kArn));
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kResource);
}

TEST(ResolveOneTest, AKnownLiteralThatDiffersIsOutsideWhateverItsEdgeSays) {
  TestStack s;
  s.Add(kKeyType, "main").Id("1111").Output("arn", s.Text(kArn));
  s.Add(kStreamType, "orders").Input("kmsKeyId", s.Text(kOtherArn)).Edge("kmsKeyId", {KeyUrn("main")});
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kOutside);
}

TEST(ResolveOneTest, ALiteralBesideAnUnbornResourceIsUnknown) {
  TestStack s;
  s.Add(kKeyType, "main").Add(kStreamType, "orders").Input("kmsKeyId", s.Text(kArn));
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kUnknown);
}

TEST(ResolveOneTest, ALiteralBesideAnUnbornResourceIsProvedByItsEdge) {
  TestStack s;
  s.Add(kKeyType, "main").Add(kStreamType, "orders").Input("kmsKeyId", s.Text(kArn)).Edge("kmsKeyId", {KeyUrn("main")});
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kResource);
}

TEST(ResolveOneTest, AnImplausibleLiteralIsOutsideEvenBesideAnUnbornResource) {
  Target strict = kKey;
  strict.plausible = [](const Stack&, const Resource&, std::string_view literal) { return !literal.starts_with("alias/aws/"); };
  TestStack s;
  s.Add(kKeyType, "main").Add(kStreamType, "orders").Input("kmsKeyId", s.Text("alias/aws/kinesis"));
  s.Edge("kmsKeyId", {KeyUrn("main")});
  const auto stack = s.Build();
  const Resource& stream = *stack->OfType(kStreamType).front();
  EXPECT_EQ(ResolveOne(*stack, stream, stream["kmsKeyId"], strict).state, State::kOutside);
}

TEST(ResolveOneTest, AReadResourceIsOutside) {
  TestStack s;
  s.Add(kKeyType, "main").Id("1111").External();
  s.Add(kStreamType, "orders").Input("kmsKeyId", s.Text("1111"));
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kOutside);
}

TEST(ResolveOneTest, AnEdgeToWhatTheEngineDoesNotSendIsOutsideAndUnknownInAPartialPreview) {
  for (const bool partial : {false, true}) {
    TestStack s;
    s.facts().partial = partial;
    s.Add(kStreamType, "orders").Input("kmsKeyId", Value::Unknown()).Edge("kmsKeyId", {KeyUrn("read")});
    EXPECT_EQ(KeyOf(*s.Build()).state, partial ? State::kUnknown : State::kOutside);
  }
}

TEST(ResolveOneTest, AnotherTypeIsMistyped) {
  TestStack s;
  s.Add(kStreamType, "orders").Input("kmsKeyId", Value::Number(3));
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kMistyped);
}

TEST(ResolveOneTest, OneResourceAloneProvesNothing) {
  TestStack s;
  s.facts().alone = true;
  s.Add(kStreamType, "orders").Input("kmsKeyId", s.Text(kArn));
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kUnknown);
}

TEST(ResolveOneTest, AnEdgeToAComponentStandsForItsDescendants) {
  TestStack s;
  const std::string component = TestStack::UrnOf("shop:index:Keys", "keys");
  s.Add("shop:index:Keys", "keys").Component();
  s.Add(kKeyType, "main").Parent(component);
  s.Add(kStreamType, "orders").Input("kmsKeyId", Value::Unknown()).Edge("kmsKeyId", {component});
  EXPECT_EQ(KeyOf(*s.Build()).state, State::kResource);
}

constexpr std::string_view kSubnetType = "aws:ec2/subnet:Subnet", kServiceType = "aws:ecs/service:Service";
const Target kSubnet{.types = {kSubnetType}, .known_by = {"arn"}};
std::string SubnetUrn(std::string_view name) { return TestStack::UrnOf(kSubnetType, name); }

References SubnetsOf(const Stack& stack) {
  const Resource& service = *stack.OfType(kServiceType).front();
  return ResolveAll(stack, service, service["subnets"], kSubnet);
}

TEST(ResolveAllTest, AWhollyUnknownListHoldsWhatItsEdgesLeadTo) {
  TestStack s;
  s.Add(kSubnetType, "a").Add(kSubnetType, "b");
  s.Add(kServiceType, "app").Input("subnets", Value::Unknown()).Edge("subnets", {SubnetUrn("a"), SubnetUrn("b")});
  const auto stack = s.Build();
  const References found = SubnetsOf(*stack);
  EXPECT_EQ(found.resources.size(), 2u);
  EXPECT_TRUE(found.complete());
}

TEST(ResolveAllTest, UnknownElementsAreTheEdgesThatKnownOnesLeave) {
  TestStack s;
  s.Add(kSubnetType, "a").Id("subnet-a").Add(kSubnetType, "b");
  s.Add(kServiceType, "app").Input("subnets", s.List({s.Text("subnet-a"), Value::Unknown()}));
  s.Edge("subnets", {SubnetUrn("a"), SubnetUrn("b")});
  const References found = SubnetsOf(*s.Build());
  EXPECT_EQ(found.resources.size(), 2u);
  EXPECT_TRUE(found.complete());
}

TEST(ResolveAllTest, MoreUnknownElementsThanEdgesLeaveSomethingUnknown) {
  TestStack s;
  s.Add(kSubnetType, "a");
  s.Add(kServiceType, "app").Input("subnets", s.List({Value::Unknown(), Value::Unknown()})).Edge("subnets", {SubnetUrn("a")});
  const References found = SubnetsOf(*s.Build());
  EXPECT_TRUE(found.unknown);
  EXPECT_EQ(found.candidates.size(), 1u);
}

TEST(ResolveAllTest, FewerUnknownElementsThanEdgesAreSomeOfThem) {
  TestStack s;
  s.Add(kSubnetType, "a").Add(kSubnetType, "b");
  s.Add(kServiceType, "app").Input("subnets", s.List({Value::Unknown()})).Edge("subnets", {SubnetUrn("a"), SubnetUrn("b")});
  const References found = SubnetsOf(*s.Build());
  EXPECT_TRUE(found.unknown && found.bounded);
  EXPECT_EQ(found.candidates.size(), 2u);
}

// A stack with a component of two subnets, and a service whose subnets come from `edges`.
std::unique_ptr<const Stack> ComponentStack(const std::vector<std::string_view>& edges) {
  TestStack s;
  s.Add("awsx:ec2:Vpc", "net").Component();
  const std::string net = TestStack::UrnOf("awsx:ec2:Vpc", "net");
  s.Add(kSubnetType, "public").Parent(net).Add(kSubnetType, "private").Parent(net);
  s.Add(kServiceType, "app").Input("subnets", Value::Unknown()).Edge("subnets", edges);
  return s.Build();
}

TEST(ResolveAllTest, AComponentWithSeveralProvesNoneOfThem) {
  const References found = SubnetsOf(*ComponentStack({TestStack::UrnOf("awsx:ec2:Vpc", "net")}));
  EXPECT_TRUE(found.resources.empty());
  EXPECT_TRUE(found.unknown && found.bounded);
  EXPECT_EQ(found.candidates.size(), 2u);
}

TEST(ResolveAllTest, AnEdgeBesideThatToItsComponentSaysWhichIsMeant) {
  const auto stack = ComponentStack({TestStack::UrnOf("awsx:ec2:Vpc", "net"), SubnetUrn("private")});
  const References found = SubnetsOf(*stack);
  EXPECT_TRUE(found.complete());
  ASSERT_EQ(found.resources.size(), 1u);
  EXPECT_EQ(found.resources.front()->name, "private");
}

int asked = 0;
bool FitsNothing(const Stack&, const Resource&, std::string_view) {
  ++asked;
  return false;
}
const Target kFarKey{.types = {kKeyType}, .known_by = {"keyId"}, .plausible = FitsNothing};

// How many keys were looked at for as many streams that each have the literal.
int AskedFor(TestStack& s, std::string_view literal) {
  constexpr int kStreams = 50;
  for (int i = 0; i < kStreams; ++i) s.Add(kStreamType, "stream" + std::to_string(i)).Input("kmsKeyId", s.Text(literal));
  const auto stack = s.Build();
  asked = 0;
  for (const Resource* stream : stack->OfType(kStreamType))
    EXPECT_EQ(ResolveOne(*stack, *stream, (*stream)["kmsKeyId"], kFarKey).state, State::kOutside);
  return asked / kStreams;
}

TEST(ResolveOneTest, ALiteralThatFitsNothingIsComparedWithTheUnbornOnce) {
  TestStack s;
  for (int i = 0; i < 1000; ++i) s.Add(kKeyType, "key" + std::to_string(i));
  EXPECT_LE(AskedFor(s, kArn), 1000 / 50);
}

TEST(ResolveOneTest, AnArnIsComparedWithFewOfTheManyThatHaveItsEnd) {
  TestStack s;
  const std::string end = kArn.substr(kArn.rfind('/') + 1);
  for (int i = 0; i < 1000; ++i) s.Add(kKeyType, "key" + std::to_string(i)).Id(end);
  EXPECT_LE(AskedFor(s, kArn), 200) << "a hundred by each end of it";
}

TEST(AskedTest, AnUnknownOutputThatNothingFlowsIntoWasNotSet) {
  StackBuilder builder;
  const Member computed{"subnets", Value::Unknown()};
  const std::string_view urn = "urn:pulumi:dev::shop::aws:ec2/subnet:Subnet::a";
  const PropertyDependency edge{"subnets", std::span(&urn, 1)};
  for (const bool has_edge : {false, true}) {
    Resource& r = builder.Add();
    r.outputs = Value::Object(std::span(&computed, 1));
    if (has_edge) r.property_dependencies = std::span(&edge, 1);
  }
  const auto stack = builder.Build();
  EXPECT_TRUE(Asked(*stack, stack->resources()[0], "subnets").absent());
  EXPECT_TRUE(Asked(*stack, stack->resources()[1], "subnets").unknown());
}

TEST(AskedTest, AnUnknownInputStaysUnknown) {
  TestStack s;
  s.Add(kServiceType, "app").Input("subnets", Value::Unknown());
  const auto stack = s.Build();
  EXPECT_TRUE(Asked(*stack, stack->resources()[0], "subnets").unknown());
}

TEST(ResolveAllTest, KnownElementsAreSortedIntoInsideAndOutside) {
  TestStack s;
  s.Add(kSubnetType, "a").Id("subnet-a");
  s.Add(kServiceType, "app").Input("subnets", s.List({s.Text("subnet-a"), s.Text("subnet-x")}));
  const auto stack = s.Build();
  const References found = SubnetsOf(*stack);
  ASSERT_EQ(found.outside.size(), 1u);
  EXPECT_EQ(found.outside.front().path().ToString(), "subnets[1]");
  EXPECT_EQ(found.resources.size(), 1u);
}

}  // namespace
}  // namespace guardrails
