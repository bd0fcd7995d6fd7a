// How the release binaries are built, as readelf sees them; and that each of these checks can fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

namespace guardrails {
namespace {

std::string ReadElf(const std::string& binary) {
  const std::string command = "readelf --wide --file-header --program-headers --dynamic --dyn-syms " + binary + " 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string out;
  std::array<char, 4096> part;
  while (std::size_t got = std::fread(part.data(), 1, part.size(), pipe)) out.append(part.data(), got);
  EXPECT_EQ(pclose(pipe), 0) << out.substr(0, 200);
  return out;
}

bool Has(const std::string& elf, const char* pattern) { return RE2::PartialMatch(elf, pattern); }

struct Property {
  const char* what;
  const char* pattern;
  bool wanted;
};

// What `unhardened` has of none.
constexpr Property kProperties[] = {
    {"position independent (PIE)", R"(FLAGS_1.*\bPIE\b)", true},
    {"the stack is not executable", R"(GNU_STACK.* RWE )", false},
    {"read-only relocations (RELRO)", R"(GNU_RELRO)", true},
    {"all of them (BIND_NOW)", R"(FLAGS_1.*\bNOW\b)", true},
    {"stack protector", R"(__stack_chk_fail)", true},
    {"checked functions of the C library (FORTIFY)", R"(__\w+_chk@GLIBC)", true},
};

// The launcher calls no function that has a checked form.
constexpr std::string_view kPack = "fastcart-guardrails", kLauncher = "pulumi-analyzer-policy-cpp";
bool IsAskedOf(const Property& p, std::string_view binary) {
  return binary != kLauncher || std::string_view(p.what).find("FORTIFY") == std::string_view::npos;
}

class ElfTest : public ::testing::TestWithParam<std::string_view> {};

TEST_P(ElfTest, IsHardened) {
  const std::string elf = ReadElf(std::string(BINARY_DIR "/") + std::string(GetParam()));
  for (const Property& p : kProperties)
    if (IsAskedOf(p, GetParam())) {
      EXPECT_EQ(Has(elf, p.pattern), p.wanted) << p.what;
    }
  EXPECT_FALSE(Has(elf, R"(\((RPATH|RUNPATH|TEXTREL)\))")) << "it finds its libraries where the system does";
}

INSTANTIATE_TEST_SUITE_P(Release, ElfTest, ::testing::Values(kPack, kLauncher));

TEST(UnhardenedTest, EveryCheckFailsOnABinaryWithoutIt) {
  const std::string elf = ReadElf(BINARY_DIR "/unhardened");
  for (const Property& p : kProperties) EXPECT_NE(Has(elf, p.pattern), p.wanted) << p.what;
}

}  // namespace
}  // namespace guardrails
