// What the picture of a stack shows of AWS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "policies/aws/picture.h"
#include "tests/support/builder.h"

namespace fastcart {
namespace {

using namespace guardrails;
using guardrails::testing::TestStack;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kVpc = "aws:ec2/vpc:Vpc", kSubnet = "aws:ec2/subnet:Subnet", kTable = "aws:ec2/routeTable:RouteTable",
                           kAssociation = "aws:ec2/routeTableAssociation:RouteTableAssociation",
                           kGateway = "aws:ec2/internetGateway:InternetGateway", kGroup = "aws:ec2/securityGroup:SecurityGroup",
                           kIngress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                           kCache = "aws:elasticache/replicationGroup:ReplicationGroup", kKey = "aws:kms/key:Key",
                           kStream = "aws:kinesis/stream:Stream";

// "in Public subnets: a (subnet)" for each thing.
std::set<std::string> Things(const Picture& picture) {
  std::set<std::string> out;
  for (const Picture::Thing& thing : picture.things) {
    const std::string in = thing.group == Picture::kNone ? "" : "in " + picture.groups[thing.group].label.str() + ": ";
    out.insert(in + thing.label.str() + " (" + thing.kind.str() + ")");
  }
  return out;
}

std::set<std::string> Arrows(const Picture& picture) {
  std::set<std::string> out;
  for (const Picture::Arrow& arrow : picture.arrows)
    out.insert(picture.things[arrow.from].label.str() + (arrow.certain ? " -> " : " ~> ") + picture.things[arrow.to].label.str() +
               (arrow.label.empty() ? "" : ": " + arrow.label.str()));
  return out;
}

TEST(Picture, GroupsSubnetsByTheirRoutes) {
  TestStack s;
  s.Add(kVpc, "net").Id("vpc-1");
  s.Add(kGateway, "gate").Id("igw-1").Input("vpcId", s.Text("vpc-1"));
  s.Add(kSubnet, "open").Id("subnet-1").Input("vpcId", s.Text("vpc-1"));
  s.Add(kSubnet, "closed").Id("subnet-2").Input("vpcId", s.Text("vpc-1"));
  const Value route = s.Object({{"cidrBlock", s.Text("0.0.0.0/0")}, {"gatewayId", s.Text("igw-1")}});
  s.Add(kTable, "out").Id("rtb-1").Input("vpcId", s.Text("vpc-1")).Input("routes", s.List({route}));
  s.Add(kTable, "in").Id("rtb-2").Input("vpcId", s.Text("vpc-1")).Input("routes", s.List({}));
  s.Add(kAssociation, "a").Input("subnetId", s.Text("subnet-1")).Input("routeTableId", s.Text("rtb-1"));
  s.Add(kAssociation, "b").Input("subnetId", s.Text("subnet-2")).Input("routeTableId", s.Text("rtb-2"));
  const auto stack = s.Build();
  const Picture picture = PictureOf(*stack);
  EXPECT_THAT(Things(picture), UnorderedElementsAre("in Public subnets: open (subnet)", "in Private subnets: closed (subnet)",
                                                    "in VPC net: gate (internet gateway)", "The internet (everywhere)"));
  EXPECT_THAT(Arrows(picture), UnorderedElementsAre("open -> gate", "gate -> The internet"));
}

TEST(Picture, ShowsWhoMayTalkToWhom) {
  TestStack s;
  s.Add(kGroup, "cache-group").Id("sg-1");
  s.Add(kGroup, "web-group").Id("sg-2");
  s.Add(kCache, "cache").Input("securityGroupIds", s.List({s.Text("sg-1")}));
  const auto rule = [&](std::string_view name, std::string_view key, std::string_view source) {
    s.Add(kIngress, name).Input("securityGroupId", s.Text("sg-1")).Input(key, s.Text(source));
    s.Input("ipProtocol", s.Text("tcp")).Input("fromPort", Value::Number(6379)).Input("toPort", Value::Number(6379));
  };
  rule("web", "referencedSecurityGroupId", "sg-2");
  rule("world", "cidrIpv4", "0.0.0.0/0");
  rule("office", "cidrIpv4", "10.0.0.0/8");
  const auto stack = s.Build();
  const Picture picture = PictureOf(*stack);
  EXPECT_THAT(Arrows(picture), UnorderedElementsAre("web-group -> cache: TCP 6379", "The internet -> cache: TCP 6379",
                                                    "\"10.0.0.0/8\" -> cache: TCP 6379"));
  for (const Picture::Arrow& arrow : picture.arrows) EXPECT_NE(arrow.by, nullptr) << "a rule says so";
}

TEST(Picture, ShowsWhatAKeyEncrypts) {
  TestStack s;
  s.Add(kKey, "key").Id("1234");
  s.Add(kStream, "orders").Input("encryptionType", s.Text("KMS")).Input("kmsKeyId", s.Text("1234"));
  s.Add(kStream, "owned").Input("encryptionType", s.Text("KMS")).Input("kmsKeyId", s.Text("alias/aws/kinesis"));
  s.Add(kStream, "plain").Input("encryptionType", s.Text("NONE"));
  const auto stack = s.Build();
  const Picture picture = PictureOf(*stack);
  EXPECT_THAT(Arrows(picture), UnorderedElementsAre("key -> orders", "AWS's own key -> owned"));
  EXPECT_THAT(Things(picture), ::testing::Contains("plain (kinesis Stream)"));
}

TEST(Picture, NeverShowsASecret) {
  TestStack s;
  s.Add(kGroup, "cache-group").Id("sg-1");
  s.Add(kCache, "cache").Input("securityGroupIds", s.List({s.Text("sg-1")}));
  s.Add(kIngress, "rule").Input("securityGroupId", s.Text("sg-1")).Input("cidrIpv4", s.Text("10.9.8.7/32").AsSecret());
  s.Input("ipProtocol", s.Text("tcp")).Input("fromPort", Value::Number(6379).AsSecret()).Input("toPort", Value::Number(6379));
  const auto stack = s.Build();
  EXPECT_THAT(Arrows(PictureOf(*stack)), ElementsAre("[secret] -> cache: ports that are secret"));
}

TEST(Picture, OfAHugeStackIsCut) {
  TestStack s;
  s.Add(kKey, "key").Id("1234");
  for (int i = 0; i < 20'000; ++i)
    s.Add(kStream, "stream-" + std::to_string(i)).Input("encryptionType", s.Text("KMS")).Input("kmsKeyId", s.Text("1234"));
  const auto stack = s.Build();
  EXPECT_LT(PictureOf(*stack).things.size(), 5000U);
}

}  // namespace
}  // namespace fastcart
