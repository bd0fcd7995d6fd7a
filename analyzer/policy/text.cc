#include "analyzer/policy/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "analyzer/value/utf8.h"

namespace guardrails {
namespace {

constexpr std::size_t kLongest = 160;

// With spaces instead of line breaks and control characters, which would have an effect on a terminal: those of ASCII,
// and those of C1, which are two bytes from C2 80 on.
std::string WithoutControls(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    const auto next = static_cast<unsigned char>(i + 1 < out.size() ? out[i + 1] : '\0');
    const bool c1 = byte == 0xC2 && next >= 0x80 && next < 0xA0;
    if (c1) out.erase(i, 1);
    if (c1 || byte < 0x20 || byte == 0x7f) out[i] = ' ';
  }
  return out;
}

// At most kLongest bytes, cut between characters, without control characters.
std::string Shown(std::string_view text) {
  const std::string_view shown = CutAt(text, kLongest);
  return WithoutControls(shown) + (shown.size() < text.size() ? "…" : "");
}

std::string Render(const Value& value);

template <class Items, class Each>
std::string List(const Items& items, char open, char close, Each each) {
  constexpr std::size_t kMost = 8;
  std::string out(1, open);
  std::size_t n = 0;
  for (const auto& item : items) {
    if (n == kMost) {
      out += fmt::format(", … {} more", items.size() - kMost);
      break;
    }
    if (n++ > 0) out += ", ";
    out += each(item);
  }
  return out + close;
}

// By key: the engine sends the members of an object in another order each time.
std::vector<Member> InOrder(std::span<const Member> members) {
  std::vector<Member> out(members.begin(), members.end());
  std::sort(out.begin(), out.end(), [](const Member& a, const Member& b) { return a.key < b.key; });
  return out;
}

std::string Render(const Value& value) {
  if (value.secret()) return "[secret]";
  switch (value.kind()) {
    case Kind::kBool: return value.raw_bool() ? "true" : "false";
    case Kind::kNumber: return Text::Number(value.raw_number()).str();
    case Kind::kString: return '"' + Shown(value.raw_string()) + '"';
    case Kind::kList: return List(value.elements(), '[', ']', Render);
    case Kind::kObject:
      return List(InOrder(value.members()), '{', '}',
                  [](const Member& m) { return Shown(m.key) + ": " + Render(m.value); });
    default: return std::string(KindName(value.kind()));
  }
}

}  // namespace

Text Text::Of(const Value& value) { return Text(Shown(Render(value))); }

Text Text::Name(const Resource& resource) { return Text(WithoutControls(resource.name)); }
Text Text::Type(const Resource& resource) { return Text(WithoutControls(resource.type)); }
Text Text::Where(const Path& path) { return Text(WithoutControls(path.ToString())); }

Text Text::Part(const Value& whole, std::string_view part) {
  return Text(whole.secret() ? std::string("[secret]") : Shown(part));
}

Text Text::Number(double number) {
  const bool whole = std::trunc(number) == number && std::abs(number) < 1e15;
  return Text(whole ? fmt::format("{}", static_cast<long long>(number)) : fmt::format("{}", number));
}

}  // namespace guardrails
