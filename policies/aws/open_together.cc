#include "policies/aws/open_together.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "policies/aws/cidr.h"

namespace fastcart {

using namespace guardrails;

namespace {

// docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html: 1000 for one group alone, of each of IPv4 and IPv6.
constexpr std::size_t kMostRanges = 2000;

// Rules of one protocol that let addresses in on the ports from `first` to `last`.
struct Opened {
  int first, last;
  const std::vector<Property>* ranges;
};

std::vector<Opened> OpenedOf(const std::vector<Ingress>& rules, bool tcp) {
  std::vector<Opened> out;
  std::size_t ranges = 0;
  for (const Ingress& rule : rules) {
    const Ports ports = PortsOf(rule);
    const bool some = ports.breadth == Ports::Breadth::kSome && ports.range && ports.tcp == tcp;
    if (!some || HoldEveryAddress(rule.ranges)) continue;
    if ((ranges += rule.ranges.size()) > kMostRanges) break;
    out.push_back({ports.range->first, ports.range->second, &rule.ranges});
  }
  std::sort(out.begin(), out.end(), [](auto& a, auto& b) { return a.first < b.first; });
  return out;
}

template <class Wanted>
bool AreEverywhere(const std::vector<Opened>& opened, Wanted wanted) {
  std::vector<Property> ranges;
  for (const Opened& o : opened)
    if (wanted(o)) ranges.insert(ranges.end(), o.ranges->begin(), o.ranges->end());
  return HoldEveryAddress(ranges);
}

// Where a port is open to every address, so is the first that all the same rules open.
std::optional<int> OpenTogether(const std::vector<Opened>& opened, const std::set<int>& but) {
  if (!AreEverywhere(opened, [](auto&) { return true; })) return std::nullopt;
  int tried = -1;
  for (const Opened& o : opened) {
    int port = o.first;
    while (but.contains(port)) ++port;
    const auto opens = [port](const Opened& rule) { return rule.first <= port && port <= rule.last; };
    if (port > tried && AreEverywhere(opened, opens)) return port;
    tried = std::max(tried, port);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Property> ListsOfEveryAddress(const Ingress& ingress) {
  std::vector<Property> out;
  for (const std::string_view name : {"cidrBlocks", "ipv6CidrBlocks"}) {
    const Property list = ingress.at[name];
    const auto read = list.ReadList();
    const auto* ranges = IfKnown(read);
    if (!ranges || ranges->size() < 2 || std::any_of(ranges->begin(), ranges->end(), IsEveryAddress)) continue;
    if (HoldEveryAddress(*ranges)) out.push_back(list);
  }
  return out;
}

std::optional<int> OpenTogether(const std::vector<Ingress>& rules, const std::set<int>& but) {
  if (rules.size() < 2) return std::nullopt;
  for (const bool tcp : {true, false})
    if (const auto port = OpenTogether(OpenedOf(rules, tcp), but)) return port;
  return std::nullopt;
}

}  // namespace fastcart
