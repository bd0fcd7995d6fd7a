#include "policies/aws/arn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fastcart {
namespace {

using ::testing::ElementsAre;

TEST(ParseArn, SplitsTheFields) {
  const auto arn = ParseArn("arn:aws-cn:kms:cn-north-1:111122223333:key/12:34");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->partition, "aws-cn");
  EXPECT_EQ(arn->service, "kms");
  EXPECT_EQ(arn->region, "cn-north-1");
  EXPECT_EQ(arn->account, "111122223333");
  EXPECT_EQ(arn->resource, "key/12:34");
}

TEST(ParseArn, LetsRegionAndAccountBeEmpty) {
  const auto arn = ParseArn("arn:aws:s3:::bucket/*");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->region, "");
  EXPECT_EQ(arn->account, "");
  EXPECT_EQ(arn->resource, "bucket/*");
}

TEST(ParseArn, RefusesWhatIsNoArn) {
  for (const char* text : {"", "arn", "arn:", "arn:aws:kms:eu-central-1:1", "arn:aws:kms:eu-central-1:1:",
                           "arn:other:kms:eu-central-1:1:key/1", "barn:aws:kms:eu-central-1:1:key/1",
                           "arn:aws:kms:eu-central-1:1:key/1 and more"})
    EXPECT_FALSE(ParseArn(text)) << text;
}

std::vector<std::string> RegionsIn(std::string_view text) {
  std::vector<std::string> out;
  for (const Arn& arn : FindArns(text)) out.emplace_back(arn.region);
  return out;
}

TEST(FindArns, FindsThemWhereverTheyStand) {
  EXPECT_THAT(RegionsIn(R"({"Resource":["arn:aws:sqs:eu-west-1:1:a","arn:aws:s3:::b"],"x":"arn:aws:sns:us-east-1:1:c"})"),
              ElementsAre("eu-west-1", "", "us-east-1"));
  EXPECT_THAT(RegionsIn("arn:aws:sqs:eu-west-1:1:a,arn:aws:sqs:eu-west-2:1:b"), ElementsAre("eu-west-1", "eu-west-2"));
  EXPECT_THAT(RegionsIn(R"(\"arn:aws:sqs:eu-west-1:1:a\")"), ElementsAre("eu-west-1"));
  EXPECT_THAT(RegionsIn("QUEUE=arn:aws:sqs:eu-*:1:a"), ElementsAre("eu-*"));
  EXPECT_THAT(RegionsIn("arn:*:sqs:eu-west-1:*:a"), ElementsAre("eu-west-1"));
}

TEST(FindArns, IsNotMisledByWhatLooksAlike) {
  EXPECT_THAT(RegionsIn("learn:aws:sqs:eu-west-1:1:a"), ElementsAre());
  EXPECT_THAT(RegionsIn("arn:${Partition}:sqs:eu-west-1:1:a"), ElementsAre());
  EXPECT_THAT(RegionsIn("arn:aws:sqs"), ElementsAre());
  EXPECT_THAT(RegionsIn("arn:arn:aws:sqs:eu-west-1:1:a"), ElementsAre("eu-west-1"));
}

TEST(FindArns, EndsAnArnWhereItsTextEnds) {
  const auto found = FindArns(R"(["arn:aws:sqs:eu-west-1:1:a"])");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].resource, "a");
}

TEST(ZoneIsIn, TellsZonesFromRegionsThatBeginAlike) {
  for (const char* zone : {"eu-central-1a", "eu-central-1-ham-1a", "eu-central-1-wl1-ber-wlz-1", "eu-central-1"})
    EXPECT_TRUE(ZoneIsIn(zone, "eu-central-1")) << zone;
  for (const char* zone : {"eu-central-10a", "eu-central-2a", "eu-central-1ab", "us-east-1a", "", "eu-central-1A"})
    EXPECT_FALSE(ZoneIsIn(zone, "eu-central-1")) << zone;
}

}  // namespace
}  // namespace fastcart
