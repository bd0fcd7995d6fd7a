#include "policies/aws/cidr.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"

namespace fastcart {

using namespace guardrails;

namespace {

constexpr int kBitsOfByte = 8;

struct Block {
  std::array<unsigned char, 16> address{};  // no bit is set after the first `length`
  int length = 0;
  bool operator<(const Block& other) const { return std::tie(address, length) < std::tie(other.address, other.length); }
};

void ClearAfter(int length, std::array<unsigned char, 16>& address) {
  for (int i = 0; i < static_cast<int>(address.size()); ++i) {
    const int kept = std::clamp(length - i * kBitsOfByte, 0, kBitsOfByte);
    auto& byte = address[static_cast<std::size_t>(i)];
    byte = static_cast<unsigned char>(byte & (0xFF00 >> kept));
  }
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

std::optional<Block> BlockOf(int family, std::string_view range) {
  const std::string_view text = Trimmed(range);
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string address(text.substr(0, slash)), length(text.substr(slash + 1));
  const int bits = family == AF_INET ? 32 : 128;
  Block out;
  if (inet_pton(family, address.c_str(), out.address.data()) != 1) return std::nullopt;
  if (!absl::SimpleAtoi(length, &out.length) || out.length < 0 || out.length > bits) return std::nullopt;
  ClearAfter(out.length, out.address);
  return out;
}

bool IsInside(const Block& part, const Block& whole) {
  auto start = part.address;
  ClearAfter(whole.length, start);
  return whole.length <= part.length && start == whole.address;
}

// Blocks lie in each other or apart. Those that lie in no other are everything if their shares of it, 1/2 to the power
// of their length, add up to one.
bool AreEverything(std::vector<Block> blocks) {
  std::sort(blocks.begin(), blocks.end());  // a block stands before all that lie in it
  std::array<std::size_t, 129> of_length{};
  const Block* last = nullptr;
  for (const Block& block : blocks) {
    if (last && IsInside(block, *last)) continue;
    ++of_length[static_cast<std::size_t>(block.length)];
    last = &block;
  }
  for (std::size_t length = of_length.size() - 1; length > 0; --length) of_length[length - 1] += of_length[length] / 2;
  return of_length.front() > 0;
}

}  // namespace

bool IsEveryAddress(const Property& range) {
  const std::string_view text = Trimmed(range.value().raw_string());
  const auto slash = text.rfind('/');
  return slash < text.size() - 1 && text.find_first_not_of('0', slash + 1) == std::string_view::npos;
}

bool HoldEveryAddress(const std::vector<Property>& ranges) {
  for (const int family : {AF_INET, AF_INET6}) {
    std::vector<Block> blocks;
    for (const Property& range : ranges)
      if (const auto block = BlockOf(family, range.value().raw_string())) blocks.push_back(*block);
    if (AreEverything(std::move(blocks))) return true;
  }
  return false;
}

}  // namespace fastcart
