#include "analyzer/policy/text.h"

#include <fmt/format.h>

#include <cmath>

namespace guardrails {
namespace {

constexpr std::size_t kLongest = 160;

// At most kLongest bytes, cut between characters; line breaks and control characters become spaces.
std::string Shown(std::string_view text) {
  bool cut = text.size() > kLongest;
  std::size_t size = cut ? kLongest : text.size();
  while (cut && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  std::string out(text.substr(0, size));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return cut ? out + "…" : out;
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

std::string Render(const Value& value) {
  if (value.secret()) return "[secret]";
  switch (value.kind()) {
    case Kind::kBool: return value.raw_bool() ? "true" : "false";
    case Kind::kNumber: return Text::Number(value.raw_number()).str();
    case Kind::kString: return '"' + Shown(value.raw_string()) + '"';
    case Kind::kList: return List(value.elements(), '[', ']', Render);
    case Kind::kObject:
      return List(value.members(), '{', '}',
                  [](const Member& m) { return Shown(m.key) + ": " + Render(m.value); });
    default: return std::string(KindName(value.kind()));
  }
}

}  // namespace

Text Text::Of(const Value& value) { return Text(Shown(Render(value))); }

Text Text::Part(const Value& whole, std::string_view part) {
  return Text(whole.secret() ? std::string("[secret]") : Shown(part));
}

Text Text::Number(double number) {
  const bool whole = std::trunc(number) == number && std::abs(number) < 1e15;
  return Text(whole ? fmt::format("{}", static_cast<long long>(number)) : fmt::format("{}", number));
}

}  // namespace guardrails
