#include "policies/aws/cidr.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fastcart {
namespace {

using namespace guardrails;

bool HoldEvery(const std::vector<std::string>& blocks) {
  std::vector<Property> ranges;
  for (const std::string& block : blocks) ranges.emplace_back(Path("cidrBlocks"), Value::String(block));
  return HoldEveryAddress(ranges);
}

TEST(HoldEveryAddressTest, BlocksAddUp) {
  EXPECT_TRUE(HoldEvery({"0.0.0.0/0"}));
  EXPECT_TRUE(HoldEvery({"::/0"}));
  EXPECT_TRUE(HoldEvery({"0.0.0.0/1", "128.0.0.0/1"}));
  EXPECT_TRUE(HoldEvery({"192.0.0.0/2", "0.0.0.0/1", "128.0.0.0/2"}));
  EXPECT_TRUE(HoldEvery({"::/1", "8000::/1"}));
  EXPECT_TRUE(HoldEvery({"64.0.0.0/2", "10.0.0.0/8", "1.2.3.4/1", "130.0.0.0/1"})) << "some lie in others";
}

TEST(HoldEveryAddressTest, WhatLacksAnAddressIsNotAll) {
  EXPECT_FALSE(HoldEvery({}));
  EXPECT_FALSE(HoldEvery({"0.0.0.0/1"}));
  EXPECT_FALSE(HoldEvery({"0.0.0.0/1", "0.0.0.0/1"}));
  EXPECT_FALSE(HoldEvery({"0.0.0.0/1", "0.0.0.0/2", "64.0.0.0/2"}));
  EXPECT_FALSE(HoldEvery({"0.0.0.0/1", "8000::/1"})) << "of two families";
  EXPECT_FALSE(HoldEvery({"0.0.0.0/1", "128.0.0.0"}));
  for (const char* none : {"128.0.0.0/33", "128.0.0.0/-1", "128.0.0/1", "128.0.0.0/1x", "everyone/1", "/1", ""})
    EXPECT_FALSE(HoldEvery({"0.0.0.0/1", none})) << none;
}

TEST(IsEveryAddressTest, AsTheLengthSays) {
  const auto is = [](std::string_view text) { return IsEveryAddress({Path("cidrBlocks"), Value::String(text)}); };
  for (const char* every : {"0.0.0.0/0", "::/0", "1.2.3.4/0", "0/0", "0.0.0.0/00", " ::/0 ", "::/0\n"})
    EXPECT_TRUE(is(every)) << every;
  for (const char* some : {"10.0.0.0/8", "0.0.0.0/10", "0.0.0.0", "", "/", "::/", "::/0x", "::/0 0", "10.0.0.0/0/8"})
    EXPECT_FALSE(is(some)) << some;
}

// 0.0.0.0/1, 128.0.0.0/2, …, each half of what is left, and the last one twice.
TEST(HoldEveryAddressTest, IsExactToTheLastAddress) {
  std::vector<std::string> halves;
  for (unsigned length = 1; length <= 32; ++length) {
    const unsigned start = length == 1 ? 0 : ~0u << (33 - length);
    std::string address;
    for (const int shift : {24, 16, 8, 0}) address += (address.empty() ? "" : ".") + std::to_string(start >> shift & 255);
    halves.push_back(address + "/" + std::to_string(length));
  }
  EXPECT_FALSE(HoldEvery(halves)) << "255.255.255.255 is missing";
  halves.emplace_back("255.255.255.255/32");
  EXPECT_TRUE(HoldEvery(halves));
}

}  // namespace
}  // namespace fastcart
