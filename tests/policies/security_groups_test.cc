#include "policies/aws/security_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/support/builder.h"

namespace fastcart {
namespace {

using namespace guardrails;
using guardrails::testing::TestStack;
using Breadth = Ports::Breadth;
using ::testing::ElementsAre;

constexpr std::string_view kVpc = "aws:ec2/vpc:Vpc", kGroup = "aws:ec2/securityGroup:SecurityGroup",
                           kRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                           kDatabase = "aws:rds/instance:Instance", kCluster = "aws:elasticache/cluster:Cluster";

std::string Urn(std::string_view type, std::string_view name) { return TestStack::UrnOf(type, name); }

Ports PortsWith(Value protocol, Value from, Value to) {
  TestStack s;
  s.Add(kRule, "r").Input("ipProtocol", protocol).Input("fromPort", from).Input("toPort", to);
  const auto stack = s.Build();
  return PortsOf(IngressOf(*stack, *stack->Find(Urn(kRule, "r"))).rules.front());
}

Value Text(const char* text) { return Value::String(text); }
Value Number(double n) { return Value::Number(n); }

TEST(PortsTest, AreAsBroadAsAwsReadsThem) {
  const Value unknown = Value::Unknown();
  EXPECT_EQ(PortsWith(Text("tcp"), Number(22), Number(22)).range, std::pair(22, 22));
  EXPECT_EQ(PortsWith(Text("TCP"), Text("22"), Text("23")).range, std::pair(22, 23));
  EXPECT_EQ(PortsWith(Text("6"), Number(0), Number(65535)).breadth, Breadth::kAllPorts);
  EXPECT_EQ(PortsWith(Text("udp"), Number(1), Number(65535)).breadth, Breadth::kAllPorts);
  EXPECT_EQ(PortsWith(Text("tcp"), Number(1024), Number(65535)).breadth, Breadth::kSome);
  EXPECT_EQ(PortsWith(Text("tcp"), Value(), Value()).breadth, Breadth::kAllPorts);
  EXPECT_EQ(PortsWith(Text("all"), Value(), Value()).breadth, Breadth::kAllProtocols);
  EXPECT_EQ(PortsWith(Number(-1), Number(0), Number(0)).breadth, Breadth::kAllProtocols);
  EXPECT_EQ(PortsWith(Text("icmp"), Number(-1), Number(-1)).breadth, Breadth::kSome);
  EXPECT_EQ(PortsWith(unknown, Number(22), Number(22)).breadth, Breadth::kUnknown);
  EXPECT_EQ(PortsWith(Text("tcp"), unknown, Number(22)).breadth, Breadth::kSome);
  EXPECT_EQ(PortsWith(Text("tcp"), unknown, unknown).breadth, Breadth::kUnknown);
}

TEST(PortsTest, WhatIsNoPortIsNeitherAPortNorAllOfThem) {
  const double infinite = std::numeric_limits<double>::infinity(), no_number = std::numeric_limits<double>::quiet_NaN();
  for (const double wrong : {1e300, -1e300, infinite, no_number, 22.9, -2.0, 65536.0}) {
    EXPECT_EQ(PortsWith(Text("tcp"), Number(wrong), Number(22)).breadth, Breadth::kMistyped) << wrong;
    EXPECT_EQ(PortsWith(Text("udp"), Number(22), Number(wrong)).breadth, Breadth::kMistyped) << wrong;
    EXPECT_EQ(PortsWith(Number(wrong), Number(22), Number(22)).breadth, Breadth::kMistyped) << wrong;
  }
  for (const char* wrong : {"-2147483648", "2147483647", "99999999999", "22.9", "https"})
    EXPECT_EQ(PortsWith(Text("tcp"), Text(wrong), Text("22")).breadth, Breadth::kMistyped) << wrong;
  EXPECT_EQ(PortsWith(Text("-2"), Number(22), Number(22)).breadth, Breadth::kMistyped);
  EXPECT_EQ(PortsWith(Number(256), Number(22), Number(22)).breadth, Breadth::kMistyped);
  EXPECT_EQ(PortsWith(Value::Bool(true), Number(22), Number(22)).breadth, Breadth::kMistyped);
  EXPECT_EQ(PortsWith(Text("tcp"), Value::Unknown(), Text("https")).breadth, Breadth::kMistyped);
  EXPECT_EQ(PortsWith(Text("tcp"), Text("-1"), Text("65535")).breadth, Breadth::kAllPorts);
  EXPECT_EQ(PortsWith(Text("icmp"), Number(1e300), Value()).breadth, Breadth::kSome) << "it has no ports";
}

std::vector<std::string> NamesOf(const std::vector<NamedGroup>& groups) {
  std::vector<std::string> out;
  for (const NamedGroup& group : groups) out.push_back(group.name.str());
  return out;
}

// The groups of a database beside the VPC "vpc" and the groups "a" and "b".
NamedGroups Named(const std::function<Value(TestStack&)>& value, const std::vector<std::string_view>& edges) {
  TestStack s;
  s.Add(kVpc, "vpc").Output("defaultSecurityGroupId", Text("sg-default")).Add(kGroup, "a").Add(kGroup, "b");
  s.Add(kDatabase, "db").Input("vpcSecurityGroupIds", value(s)).Edge("vpcSecurityGroupIds", edges);
  const auto stack = s.Build();
  return stack->Knowledge<SecurityGroups>().users().front().groups;
}

TEST(GroupsNamedTest, AreToldByEdgesAndByTheVpcTheyAreTheDefaultOf) {
  const std::string a = Urn(kGroup, "a"), vpc = Urn(kVpc, "vpc");
  const auto one = [](TestStack& s) { return s.List({Value::Unknown()}); };
  const auto two = [](TestStack& s) { return s.List({Value::Unknown(), Value::Unknown()}); };
  EXPECT_THAT(NamesOf(Named(one, {a}).groups), ElementsAre("a"));
  EXPECT_THAT(NamesOf(Named(one, {vpc}).groups), ElementsAre("the default group of vpc"));
  EXPECT_THAT(NamesOf(Named([](TestStack&) { return Value::Unknown(); }, {vpc}).groups), ElementsAre("the default group of vpc"));
  EXPECT_THAT(NamesOf(Named(two, {a, vpc}).groups), ElementsAre("the default group of vpc", "a"));
  EXPECT_THAT(NamesOf(Named([](TestStack& s) { return s.List({Text("sg-default")}); }, {}).groups),
              ElementsAre("the default group of vpc"));
}

TEST(GroupsNamedTest, SomeOfSeveralAreCandidates) {
  const NamedGroups named = Named([](TestStack& s) { return s.List({Value::Unknown()}); }, {Urn(kGroup, "a"), Urn(kGroup, "b")});
  EXPECT_TRUE(named.unknown && named.bounded);
  EXPECT_THAT(NamesOf(named.perhaps), ElementsAre("a", "b"));
}

TEST(SecurityGroupsTest, UsersAreWhatHasGroupsOfItsOwn) {
  TestStack s;
  s.Add(kDatabase, "db").Input("engine", Text("postgres"));
  s.Add(kDatabase, "read").External();
  s.Add(kCluster, "member").Input("replicationGroupId", Text("cache"));
  s.Add(kCluster, "memcached").Input("engine", Text("memcached"));
  s.Add("aws:ecs/service:Service", "outside").Input("deploymentController", s.Object({{"type", Text("EXTERNAL")}}));
  s.Add(kCluster, "redis").Input("engine", Text("redis")).Input("port", Number(7000));
  const auto stack = s.Build();
  const auto& users = stack->Knowledge<SecurityGroups>().users();
  ASSERT_EQ(users.size(), 2u);
  EXPECT_EQ(users[0].resource->name, "redis");
  EXPECT_THAT(users[0].ports, ElementsAre(7000));
  EXPECT_THAT(users[1].ports, ElementsAre(5432));
}

TEST(SecurityGroupsTest, WhatIsNoPortIsNoPortOfAStore) {
  for (const double wrong : {1e300, -1e300, std::numeric_limits<double>::quiet_NaN(), 5432.5, -1.0, 65536.0}) {
    TestStack s;
    s.Add(kDatabase, "db").Input("engine", Text("postgres")).Input("port", Number(wrong));
    const auto stack = s.Build();
    EXPECT_TRUE(stack->Knowledge<SecurityGroups>().users().front().ports.empty()) << wrong;
  }
}

}  // namespace
}  // namespace fastcart
