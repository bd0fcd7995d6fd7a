#include "policies/aws/network.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "policies/aws/vpc.h"
#include "tests/support/builder.h"

namespace fastcart {
namespace {

using namespace guardrails;
using guardrails::testing::TestStack;

constexpr std::string_view kVpc = "aws:ec2/vpc:Vpc", kSubnet = "aws:ec2/subnet:Subnet", kIgw = "aws:ec2/internetGateway:InternetGateway",
                           kNat = "aws:ec2/natGateway:NatGateway", kTable = "aws:ec2/routeTable:RouteTable",
                           kRoute = "aws:ec2/route:Route", kAssociation = "aws:ec2/routeTableAssociation:RouteTableAssociation",
                           kMain = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
                           kDefault = "aws:ec2/defaultRouteTable:DefaultRouteTable";

std::string Urn(std::string_view type, std::string_view name) { return TestStack::UrnOf(type, name); }

// A property that is unknown and comes from one resource.
TestStack& From(TestStack& s, std::string_view property, std::string_view type, std::string_view name) {
  return s.Input(property, Value::Unknown()).Edge(property, {Urn(type, name)});
}

// A VPC "vpc", an internet gateway "igw", a NAT gateway "nat", a subnet "s" in a table "t"; nothing exists yet.
void AddBase(TestStack& s) {
  s.Add(kVpc, "vpc").Add(kIgw, "igw").Add(kNat, "nat");
  From(s.Add(kSubnet, "s"), "vpcId", kVpc, "vpc");
  s.Add(kTable, "t");
}

void Associate(TestStack& s) {
  From(From(s.Add(kAssociation, "a"), "subnetId", kSubnet, "s"), "routeTableId", kTable, "t");
}

TestStack& AddRoute(TestStack& s, std::string_view name = "r") {
  return From(s.Add(kRoute, name), "routeTableId", kTable, "t").Input("destinationCidrBlock", Value::String("0.0.0.0/0"));
}

SubnetAnswer AnswerOf(const Stack& stack) {
  return stack.Knowledge<Network>().Of(*stack.Find(Urn(kSubnet, "s")));
}

struct Shape {
  const char* name;
  std::function<void(TestStack&)> add;  // to the base and its association
  Exposure wanted;
  const char* why;
};

class RoutedSubnet : public ::testing::TestWithParam<Shape> {};

TEST_P(RoutedSubnet, IsJudgedByItsRoutes) {
  TestStack s;
  AddBase(s);
  Associate(s);
  GetParam().add(s);
  const SubnetAnswer answer = AnswerOf(*s.Build());
  EXPECT_EQ(answer.exposure, GetParam().wanted);
  EXPECT_EQ(answer.why.str(), GetParam().why);
}

const Shape kRouted[] = {
    {"NoRoute", [](TestStack&) {}, Exposure::kPrivate, "route table t has no route to an internet gateway"},
    {"ToTheGateway", [](TestStack& s) { From(AddRoute(s), "gatewayId", kIgw, "igw"); }, Exposure::kPublic,
     "route table t has the route r to the internet gateway igw"},
    {"Ipv6ToTheGateway",
     [](TestStack& s) {
       From(From(s.Add(kRoute, "r"), "routeTableId", kTable, "t"), "gatewayId", kIgw, "igw")
           .Input("destinationIpv6CidrBlock", Value::String("::/0"));
     },
     Exposure::kPublic, "route table t has the route r to the internet gateway igw"},
    {"OneAddressToTheGateway",
     [](TestStack& s) {
       From(From(s.Add(kRoute, "r"), "routeTableId", kTable, "t"), "gatewayId", kIgw, "igw")
           .Input("destinationPrefixListId", Value::String("pl-1"));
     },
     Exposure::kPublic, "route table t has the route r to the internet gateway igw"},
    {"ToTheNatGateway", [](TestStack& s) { From(AddRoute(s), "natGatewayId", kNat, "nat"); }, Exposure::kPrivate,
     "route table t has no route to an internet gateway"},
    {"ByGatewayIdToTheNatGateway", [](TestStack& s) { From(AddRoute(s), "gatewayId", kNat, "nat"); }, Exposure::kPrivate,
     "route table t has no route to an internet gateway"},
    {"ToALiteralGateway", [](TestStack& s) { AddRoute(s).Input("gatewayId", Value::String("igw-0abc")); }, Exposure::kPublic,
     "route table t has the route r to an internet gateway"},
    {"Local", [](TestStack& s) { AddRoute(s).Input("gatewayId", Value::String("local")); }, Exposure::kPrivate,
     "route table t has no route to an internet gateway"},
    {"ToAVpnGateway", [](TestStack& s) { AddRoute(s).Input("gatewayId", Value::String("vgw-1")); }, Exposure::kPrivate,
     "route table t has no route to an internet gateway"},
    {"ToAnUnknownVpnGateway",
     [](TestStack& s) {
       s.Add("aws:ec2/vpnGateway:VpnGateway", "vgw");
       From(AddRoute(s), "gatewayId", "aws:ec2/vpnGateway:VpnGateway", "vgw");
     },
     Exposure::kPrivate, "route table t has no route to an internet gateway"},
    {"EgressOnly",
     [](TestStack& s) {
       s.Add("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "eigw");
       From(AddRoute(s), "egressOnlyGatewayId", "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "eigw");
     },
     Exposure::kPrivate, "route table t has no route to an internet gateway"},
    {"ToTheGatewayAsAnEndpoint", [](TestStack& s) { From(AddRoute(s), "vpcEndpointId", kIgw, "igw"); }, Exposure::kPublic,
     "route table t has the route r to the internet gateway igw"},
    {"ToAnEndpoint", [](TestStack& s) { AddRoute(s).Input("vpcEndpointId", Value::Unknown()); }, Exposure::kPrivate,
     "route table t has no route to an internet gateway"},
    {"ToNobodyKnows", [](TestStack& s) { AddRoute(s).Input("gatewayId", Value::Unknown()); }, Exposure::kUnknown,
     "where the route r of route table t leads is not known"},
    {"ToOneOfTwo",
     [](TestStack& s) { AddRoute(s).Input("gatewayId", Value::Unknown()).Edge("gatewayId", {Urn(kIgw, "igw"), Urn(kNat, "nat")}); },
     Exposure::kUnknown, "where the route r of route table t leads is not known"},
    {"ToAGatewayThatIsOnlyRead", [](TestStack& s) { From(AddRoute(s), "gatewayId", kIgw, "read"); }, Exposure::kPublic,
     "route table t has the route r to an internet gateway"},
    {"TheGatewayInAnotherTable",
     [](TestStack& s) {
       s.Add(kTable, "other");
       From(From(s.Add(kRoute, "r"), "routeTableId", kTable, "other"), "gatewayId", kIgw, "igw");
     },
     Exposure::kPrivate, "route table t has no route to an internet gateway"},
    {"TheGatewayInNobodyKnowsWhichTable",
     [](TestStack& s) { From(s.Add(kRoute, "r").Input("routeTableId", Value::Unknown()), "gatewayId", kIgw, "igw"); },
     Exposure::kUnknown, "the route r may belong to route table t"},
    {"TheGatewayInOneOfTwoTables",
     [](TestStack& s) {
       s.Add(kTable, "other");
       From(s.Add(kRoute, "r"), "gatewayId", kIgw, "igw").Input("routeTableId", Value::Unknown());
       s.Edge("routeTableId", {Urn(kTable, "t"), Urn(kTable, "other")});
     },
     Exposure::kUnknown, "the route r may belong to route table t"},
    {"TheGatewayInTheMainTableOnly",
     [](TestStack& s) { From(From(s.Add(kRoute, "r"), "routeTableId", kVpc, "vpc"), "gatewayId", kIgw, "igw"); },
     Exposure::kPrivate, "route table t has no route to an internet gateway"},
};
INSTANTIATE_TEST_SUITE_P(Network, RoutedSubnet, ::testing::ValuesIn(kRouted), [](const auto& test) { return test.param.name; });

class MainTable : public ::testing::TestWithParam<Shape> {};

TEST_P(MainTable, IsWhatASubnetWithoutAssociationUses) {
  TestStack s;
  AddBase(s);
  GetParam().add(s);
  const SubnetAnswer answer = AnswerOf(*s.Build());
  EXPECT_EQ(answer.exposure, GetParam().wanted);
  EXPECT_EQ(answer.why.str(), GetParam().why);
}

const Shape kMains[] = {
    {"Untouched", [](TestStack&) {}, Exposure::kPrivate, "the main route table of vpc has no route to an internet gateway"},
    {"WithARoute",
     [](TestStack& s) { From(From(s.Add(kRoute, "r"), "routeTableId", kVpc, "vpc"), "gatewayId", kIgw, "igw"); },
     Exposure::kPublic, "the main route table of vpc has the route r to the internet gateway igw"},
    {"Adopted",
     [](TestStack& s) {
       From(s.Add(kDefault, "d"), "defaultRouteTableId", kVpc, "vpc");
       s.Input("routes", s.List({s.Object({{"cidrBlock", Value::String("0.0.0.0/0")}, {"gatewayId", Value::Unknown()}})}));
       s.Edge("routes", {Urn(kIgw, "igw")});
     },
     Exposure::kPublic, "route table d has the route at routes[0] to the internet gateway igw"},
    {"Replaced",
     [](TestStack& s) {
       From(From(s.Add(kMain, "m"), "vpcId", kVpc, "vpc"), "routeTableId", kTable, "t");
       From(AddRoute(s), "gatewayId", kIgw, "igw");
     },
     Exposure::kPublic, "route table t has the route r to the internet gateway igw"},
    {"ReplacedByAPrivateOne",
     [](TestStack& s) {
       From(s.Add(kDefault, "d"), "defaultRouteTableId", kVpc, "vpc");
       s.Input("routes", Value::Unknown()).Edge("routes", {Urn(kIgw, "igw")});
       From(From(s.Add(kMain, "m"), "vpcId", kVpc, "vpc"), "routeTableId", kTable, "t");
     },
     Exposure::kPrivate, "route table t has no route to an internet gateway"},
    {"OfAnotherSubnetsAssociation",
     [](TestStack& s) {
       s.Add(kSubnet, "other");
       From(From(s.Add(kAssociation, "a"), "subnetId", kSubnet, "other"), "routeTableId", kTable, "t");
       From(AddRoute(s), "gatewayId", kIgw, "igw");
     },
     Exposure::kPrivate, "the main route table of vpc has no route to an internet gateway"},
    {"OrThatOfAnAssociationOfNobodyKnowsWhich",
     [](TestStack& s) {
       From(s.Add(kAssociation, "a").Input("subnetId", Value::Unknown()), "routeTableId", kTable, "t");
       From(AddRoute(s), "gatewayId", kIgw, "igw");
     },
     Exposure::kUnknown, "which of several route tables is used is not known"},
    {"OrThatOfAnAssociationWithTheSameAnswer",
     [](TestStack& s) { From(s.Add(kAssociation, "a").Input("subnetId", Value::Unknown()), "routeTableId", kTable, "t"); },
     Exposure::kPrivate, "route table t has no route to an internet gateway"},
    {"NotThatOfAGatewaysAssociation",
     [](TestStack& s) {
       From(From(s.Add(kAssociation, "a"), "gatewayId", kIgw, "igw"), "routeTableId", kTable, "t");
       From(AddRoute(s), "gatewayId", kIgw, "igw");
     },
     Exposure::kPrivate, "the main route table of vpc has no route to an internet gateway"},
};
INSTANTIATE_TEST_SUITE_P(Network, MainTable, ::testing::ValuesIn(kMains), [](const auto& test) { return test.param.name; });

TEST(NetworkTest, KnownIdsDecideWithoutEdges) {
  TestStack s;
  s.Add(kVpc, "vpc").Id("vpc-1").Output("mainRouteTableId", Value::String("rtb-main"));
  s.Add(kIgw, "igw").Id("main_gateway_id");
  s.Add(kSubnet, "s").Id("subnet-1").Input("vpcId", Value::String("vpc-1"));
  s.Add(kTable, "t").Id("rtb-1");
  s.Add(kRoute, "r").Input("routeTableId", Value::String("rtb-main")).Input("gatewayId", Value::String("main_gateway_id"));
  EXPECT_EQ(AnswerOf(*s.Build()).why.str(), "the main route table of vpc has the route r to the internet gateway igw");
}

TEST(NetworkTest, TheOtherProvidersResourcesAreReadAlike) {
  constexpr std::string_view table = "aws-native:ec2:RouteTable", igw = "aws-native:ec2:InternetGateway";
  TestStack s;
  s.Add(igw, "igw").Add(kSubnet, "s").Add(table, "t");
  From(From(s.Add("aws-native:ec2:SubnetRouteTableAssociation", "a"), "subnetId", kSubnet, "s"), "routeTableId", table, "t");
  From(From(s.Add("aws-native:ec2:Route", "r"), "routeTableId", table, "t"), "gatewayId", igw, "igw");
  EXPECT_EQ(AnswerOf(*s.Build()).exposure, Exposure::kPublic);
}

TEST(NetworkTest, PublicAddressesMakeASubnetPublicButNotByItsRoutes) {
  TestStack s;
  AddBase(s);
  Associate(s);
  From(s.Add(kSubnet, "open"), "vpcId", kVpc, "vpc").Input("mapPublicIpOnLaunch", Value::Bool(true));
  From(s.Add(kSubnet, "perhaps"), "vpcId", kVpc, "vpc").Input("mapPublicIpOnLaunch", Value::Unknown());
  const auto stack = s.Build();
  const auto& network = stack->Knowledge<Network>();
  const Resource& open = *stack->Find(Urn(kSubnet, "open"));
  EXPECT_EQ(network.Of(open).exposure, Exposure::kPublic);
  EXPECT_EQ(network.ByRoutes(open).exposure, Exposure::kPrivate);
  EXPECT_EQ(network.Of(*stack->Find(Urn(kSubnet, "perhaps"))).exposure, Exposure::kUnknown);
}

TEST(NetworkTest, ASubnetOfTheDefaultVpcIsPublicUnlessItSaysNo) {
  constexpr std::string_view kDefaultSubnet = "aws:ec2/defaultSubnet:DefaultSubnet";
  TestStack s;
  s.Add(kDefaultSubnet, "open").Add(kDefaultSubnet, "closed").Input("mapPublicIpOnLaunch", Value::Bool(false));
  const auto stack = s.Build();
  const auto& network = stack->Knowledge<Network>();
  EXPECT_EQ(network.Of(*stack->Find(Urn(kDefaultSubnet, "open"))).exposure, Exposure::kPublic);
  EXPECT_EQ(network.Of(*stack->Find(Urn(kDefaultSubnet, "closed"))).exposure, Exposure::kUnknown);
}

TEST(NetworkTest, ASubnetOutsideIsPublicByAnAssociationAndNeverPrivate) {
  TestStack s;
  AddBase(s);
  From(AddRoute(s), "gatewayId", kIgw, "igw");
  From(s.Add(kAssociation, "a").Input("subnetId", Value::String("subnet-out")), "routeTableId", kTable, "t");
  s.Add(kTable, "quiet");
  From(s.Add(kAssociation, "b").Input("subnetId", Value::String("subnet-quiet")), "routeTableId", kTable, "quiet");
  s.Add(kSubnet, "read").Id("subnet-out").External();
  const auto stack = s.Build();
  const auto& network = stack->Knowledge<Network>();
  EXPECT_EQ(network.OfOutside("subnet-out").exposure, Exposure::kPublic);
  EXPECT_EQ(network.Of(*stack->Find(Urn(kSubnet, "read"))).exposure, Exposure::kPublic);
  EXPECT_EQ(network.OfOutside("subnet-quiet").exposure, Exposure::kUnknown);
  EXPECT_EQ(network.OfOutside("subnet-other").exposure, Exposure::kUnknown);
}

TEST(NetworkTest, APartialPreviewProvesPublicOnly) {
  for (const bool open : {false, true}) {
    TestStack s;
    s.facts().partial = true;
    AddBase(s);
    Associate(s);
    if (open) From(AddRoute(s), "gatewayId", kIgw, "igw");
    const SubnetAnswer answer = AnswerOf(*s.Build());
    EXPECT_EQ(answer.exposure, open ? Exposure::kPublic : Exposure::kUnknown);
    EXPECT_EQ(answer.missing, !open);
  }
}

TEST(NetworkTest, OutputsThatTheProviderComputesAreNoRoutes) {
  TestStack s;
  AddBase(s);
  Associate(s);
  From(AddRoute(s), "natGatewayId", kNat, "nat");
  auto stack = s.Build();
  StackBuilder builder;  // the same as AnalyzeStack sends it: outputs only
  builder.KeepAlive(std::shared_ptr<const void>(stack.get(), [](const void*) {}));
  for (const Resource& r : stack->resources()) {
    Resource& copy = builder.Add() = r;
    copy.outputs = std::exchange(copy.inputs, Value());
  }
  const Member routes{"routes", Value::Unknown()};
  for (Resource& r : builder.resources())
    if (r.type == kTable) r.outputs = Value::Object(std::span(&routes, 1));
  const auto outputs = builder.Build();
  EXPECT_EQ(AnswerOf(*outputs).exposure, Exposure::kPrivate);
}

using State = DefaultRoute::State;

DefaultRoute DefaultOf(const std::function<void(TestStack&)>& add) {
  TestStack s;
  AddBase(s);
  Associate(s);
  add(s);
  const auto stack = s.Build();
  return stack->Knowledge<Network>().DefaultRouteOf(*stack->Find(Urn(kSubnet, "s")));
}

TEST(NetworkTest, TheDefaultRouteIsFollowed) {
  EXPECT_EQ(DefaultOf([](TestStack&) {}).state, State::kNone);
  EXPECT_NE(DefaultOf([](TestStack& s) { From(AddRoute(s), "natGatewayId", kNat, "nat"); }).nat, nullptr);
  EXPECT_EQ(DefaultOf([](TestStack& s) { From(AddRoute(s), "gatewayId", kIgw, "igw"); }).state, State::kElsewhere);
  EXPECT_EQ(DefaultOf([](TestStack& s) { AddRoute(s).Input("gatewayId", Value::Unknown()); }).state, State::kUnknown);
  EXPECT_EQ(DefaultOf([](TestStack& s) {
              From(From(s.Add(kRoute, "r"), "routeTableId", kTable, "t"), "natGatewayId", kNat, "nat")
                  .Input("destinationCidrBlock", Value::String("10.9.0.0/16"));
            }).state,
            State::kNone);
  EXPECT_EQ(DefaultOf([](TestStack& s) {
              From(From(s.Add(kRoute, "r"), "routeTableId", kTable, "t"), "natGatewayId", kNat, "nat")
                  .Input("destinationCidrBlock", Value::Unknown());
            }).state,
            State::kUnknown);
}

TEST(VpcMembersTest, StandWhereTheirVpcIdSays) {
  TestStack s;
  s.Add(kVpc, "vpc").Add(kVpc, "other");
  From(s.Add(kSubnet, "b"), "vpcId", kVpc, "vpc");
  From(s.Add(kSubnet, "a"), "vpcId", kVpc, "vpc");
  From(s.Add(kSubnet, "elsewhere"), "vpcId", kVpc, "other");
  s.Add(kSubnet, "lost").Input("vpcId", Value::Unknown());
  s.Add(kIgw, "igw");
  From(From(s.Add("aws:ec2/internetGatewayAttachment:InternetGatewayAttachment", "att"), "vpcId", kVpc, "vpc"),
       "internetGatewayId", kIgw, "igw");
  s.Add(kNat, "nat").Input("subnetId", Value::Unknown()).Edge("subnetId", {Urn(kSubnet, "a"), Urn(kSubnet, "b")});
  From(s.Add(kNat, "private-nat"), "subnetId", kSubnet, "a").Input("connectivityType", Value::String("private"));
  const auto stack = s.Build();
  const auto& members = stack->Knowledge<VpcMembers>();
  const Resource& vpc = *stack->Find(Urn(kVpc, "vpc"));
  ASSERT_EQ(members.SubnetsOf(vpc).certain.size(), 2u);
  EXPECT_EQ(members.SubnetsOf(vpc).certain.front()->name, "a");
  EXPECT_EQ(members.SubnetsOf(vpc).perhaps.size(), 1u);
  ASSERT_EQ(members.InternetGatewaysOf(vpc).certain.size(), 1u);
  EXPECT_EQ(members.InternetGatewaysOf(vpc).certain.front()->name, "igw");
  EXPECT_EQ(members.NatGatewaysOf(vpc).certain.size(), 1u);
}

}  // namespace
}  // namespace fastcart
