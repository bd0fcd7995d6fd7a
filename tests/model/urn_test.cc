#include "analyzer/model/urn.h"

#include <gtest/gtest.h>

namespace guardrails {
namespace {

TEST(UrnTest, PartsAreTakenApartAndTheNameMayHoldColons) {
  const auto urn = ParseUrn("urn:pulumi:dev::shop::shop:index:Net$aws:ec2/vpc:Vpc::main::blue");
  ASSERT_TRUE(urn);
  EXPECT_EQ(urn->stack, "dev");
  EXPECT_EQ(urn->project, "shop");
  EXPECT_EQ(urn->qualified_type, "shop:index:Net$aws:ec2/vpc:Vpc");
  EXPECT_EQ(urn->type, "aws:ec2/vpc:Vpc");
  EXPECT_EQ(urn->name, "main::blue");
}

TEST(UrnTest, OtherTextIsNoUrn) {
  for (const char* text : {"", "urn:pulumi:", "urn:pulumi:dev::shop", "urn:aws:x::y::z::n", "urn:pulumi:dev::shop::::n"})
    EXPECT_FALSE(ParseUrn(text)) << text;
}

TEST(UrnTest, AMadeUrnHasTheParentsTypes) {
  EXPECT_EQ(MakeUrn("dev", "shop", "a:b:C", "d:e:F", "n"), "urn:pulumi:dev::shop::a:b:C$d:e:F::n");
  EXPECT_EQ(MakeUrn("dev", "shop", "", "d:e:F", "n"), "urn:pulumi:dev::shop::d:e:F::n");
}

TEST(UrnTest, AProviderReferenceIsSplitBehindTheUrn) {
  const std::string urn = "urn:pulumi:dev::shop::pulumi:providers:aws::main";
  const std::string with_id = urn + "::0d0a";
  EXPECT_EQ(ParseProviderReference(with_id).urn, urn);
  EXPECT_EQ(ParseProviderReference(with_id).id, "0d0a");
  EXPECT_EQ(ParseProviderReference(urn).urn, urn);
}

}  // namespace
}  // namespace guardrails
