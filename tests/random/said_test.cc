#include "tests/random/said.h"

#include <gtest/gtest.h>

namespace fastcart::testing {
namespace {

// What the comparisons of the other tests rest on.
TEST(DifferenceTest, EveryDifferenceIsSeen) {
  const auto a = Entry("p", "u", "advisory", "a"), b = Entry("p", "u", "advisory", "b");
  EXPECT_EQ(Difference({{a, b, b}, {"x", "y"}, {}}, {{a, b, b}, {"x"}, {"y", "z"}}), "");
  EXPECT_EQ(Difference({{a, b}, {}, {}}, {{a}, {}, {}}), "  only the engine hears: " + b.dump() + "\n");
  EXPECT_EQ(Difference({{a}, {}, {}}, {{a, a}, {}, {}}), "  only check says: " + a.dump() + "\n");
  EXPECT_EQ(Difference({{}, {}, {}}, {{}, {"x"}, {}}), "  not applicable for check alone: x\n");
  EXPECT_EQ(Difference({{}, {"x"}, {}}, {{}, {}, {}}), "  not applicable for the engine alone: x\n");
}

}  // namespace
}  // namespace fastcart::testing
