#include "policies/aws/arn.h"

#include <array>

namespace fastcart {
namespace {

constexpr std::string_view kScheme = "arn:";

bool IsFieldCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-' || c == '*' || c == '?';
}

// Where the resource of an ARN inside a longer text ends.
constexpr std::string_view kEnds = " \t\r\n\"'`,;<>()[]{}|\\";

// The fields before the resource; 0 or the offset of the resource.
std::size_t ParseFields(std::string_view text, Arn& out) {
  if (!text.starts_with(kScheme)) return 0;
  const std::array fields = {&out.partition, &out.service, &out.region, &out.account};
  std::size_t at = kScheme.size();
  for (std::string_view* field : fields) {
    const std::size_t from = at;
    while (at < text.size() && IsFieldCharacter(text[at])) ++at;
    if (at == text.size() || text[at] != ':') return 0;
    *field = text.substr(from, at - from);
    ++at;
  }
  return out.partition.starts_with("aws") || IsWildcard(out.partition) ? at : 0;
}

}  // namespace

std::optional<Arn> ParseArn(std::string_view text) {
  Arn out;
  const std::size_t resource = ParseFields(text, out);
  if (resource == 0 || resource == text.size()) return std::nullopt;
  out.resource = text.substr(resource);
  return out.resource.find_first_of(" \t\r\n\"") == std::string_view::npos ? std::optional(out) : std::nullopt;
}

std::vector<Arn> FindArns(std::string_view text) {
  std::vector<Arn> out;
  for (std::size_t at = text.find(kScheme); at != std::string_view::npos; at = text.find(kScheme, at + kScheme.size())) {
    const bool inside_a_word = at > 0 && IsFieldCharacter(text[at - 1]) && text[at - 1] != '*';
    Arn arn;
    const std::string_view rest = text.substr(at);
    const std::size_t resource = inside_a_word ? 0 : ParseFields(rest, arn);
    if (resource == 0) continue;
    arn.resource = rest.substr(resource, rest.find_first_of(kEnds, resource) - resource);
    out.push_back(arn);
  }
  return out;
}

bool IsWildcard(std::string_view region) { return region.find_first_of("*?") != std::string_view::npos; }

bool ZoneIsIn(std::string_view zone, std::string_view region) {
  if (!zone.starts_with(region)) return false;
  const std::string_view rest = zone.substr(region.size());
  return rest.empty() || rest.front() == '-' || (rest.size() == 1 && rest.front() >= 'a' && rest.front() <= 'z');
}

}  // namespace fastcart
