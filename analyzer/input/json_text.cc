#include "analyzer/input/json_text.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "analyzer/input/scan.h"
#include "analyzer/input/syntax_fault.h"
#include "analyzer/input/value_decoder.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

// std::count with sums of one byte, which the compiler turns into vector code.
std::size_t CountLines(std::string_view text) {
  constexpr std::size_t kMost = 255;
  std::size_t lines = 0;
  while (!text.empty()) {
    std::uint8_t sum = 0;
    const std::string_view some = text.substr(0, kMost);
    for (const char c : some) sum = static_cast<std::uint8_t>(sum + (c == '\n' ? 1 : 0));
    lines += sum;
    text.remove_prefix(some.size());
  }
  return lines;
}

// simdjson refuses integers beyond 64 bits, which Go writes up to 1e21. With a fraction they are numbers to it.
std::string WithoutLongIntegers(std::string_view text) {
  constexpr std::size_t kLongest = 18;  // digits that always fit
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '"' ? SkipValue(text, at) : std::max(text.find_first_not_of("0123456789.eE+-", at), at + 1);
    const std::string_view token = text.substr(at, end - at);
    out += token;
    if (token.size() > kLongest && token.find_first_not_of("-0123456789") == std::string_view::npos) out += ".0";
    at = std::min(end, text.size());
  }
  return out;
}

std::string_view EncodingFault(std::string_view text) {
  const std::string_view head = text.substr(0, 4);
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff") || (head.size() > 1 && (head[0] == '\0') != (head[1] == '\0')))
    return "this is UTF-16 text; save it as UTF-8 (in PowerShell: pulumi … | Out-File -Encoding utf8 FILE)";
  if (text.find_first_not_of(kJsonBlank) == std::string_view::npos)
    return "the file is empty; write it again, for example with: pulumi preview --json --show-sames > FILE";
  return {};
}

}  // namespace

// One pass over the text. A function that returns false met something that is not JSON or a key that stands twice; it
// has then set the error.
class JsonText::Scan {
 public:
  Scan(const JsonText& json, std::size_t at) : json_(json), text_(json.text()), at_(at) {}

  // The next character that is not blank; '\0' at the end.
  char Peek() {
    while (at_ < text_.size() && kJsonBlank.find(text_[at_]) != std::string_view::npos) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  std::size_t at() const { return at_; }
  const absl::Status& error() const { return error_; }

  // Steps over the value ahead.
  bool Skip(Slice& value) {
    Peek();
    value.begin = at_;
    value.end = at_ = SkipValue(text_, at_);
    return value.begin < value.end || Fail();
  }

  // The values at the top level behind the first.
  bool Rest(std::vector<Slice>& values) {
    while (Peek() != '\0' || at_ < text_.size())
      if (!Skip(values.emplace_back(Slice{at_, at_})) || !FewEnough(values.size())) return false;
    return true;
  }

  // Steps over the value ahead and notes its parts; objects are opened down to `depth` of them.
  bool Outline(Node& node, const Place& place, std::size_t depth) {
    const char first = Peek();
    node.slice.begin = at_;
    const bool ok = first == '{' && depth > 0 ? Object(node, place, depth) : first == '[' ? List(node) : Skip(node.slice);
    node.slice.end = at_;
    return ok;
  }

 private:
  bool Take(char wanted) {
    if (Peek() != wanted) return false;
    ++at_;
    return true;
  }

  bool Object(Node& node, const Place& place, std::size_t depth) {
    ++at_;
    if (Take('}')) return true;
    do {
      Slice key;
      if (Peek() != '"' || !Skip(key) || !IsString(key) || !Take(':')) return Fail();
      Field& field = node.fields.emplace_back();
      field.key = text_.substr(key.begin + 1, key.end - key.begin - 2);
      if (!Outline(field.value, Place(place, field.key), depth - 1) || !FewEnough(node.fields.size())) return false;
    } while (Take(','));
    return (Take('}') || Fail()) && AllDifferent(node, place);
  }

  // Keys of the outline are in no part that is parsed later.
  bool IsString(Slice key) const {
    const std::string_view text = text_.substr(key.begin, key.end - key.begin);
    const auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
    if (text.size() >= 2 && text.back() == '"' && std::all_of(text.begin(), text.end(), plain)) return true;
    simdjson::dom::parser parser;
    return json_.Parse(key, parser).ok();
  }

  bool List(Node& node) {
    ++at_;
    if (Take(']')) return true;
    do {
      if (!Skip(node.elements.emplace_back()) || !FewEnough(node.elements.size())) return false;
    } while (Take(','));
    return Take(']') || Fail();
  }

  bool AllDifferent(const Node& node, const Place& place) {
    std::vector<std::string_view> keys;
    for (const Field& field : node.fields) keys.push_back(field.key);
    const std::string_view* twice = FindDuplicate(keys);
    if (twice) error_ = Place(place, *twice).Error(kStandsTwice);
    return twice == nullptr;
  }

  bool FewEnough(std::size_t count) {
    if (count > kMaxParts) error_ = absl::InvalidArgumentError(fmt::format("the file has a list of more than {} values", kMaxParts));
    return count <= kMaxParts;
  }

  bool Fail() {
    if (error_.ok()) error_ = json_.SyntaxError({json_.values_.back().begin, text_.size()});
    return false;
  }

  const JsonText& json_;
  const std::string_view text_;
  std::size_t at_;
  absl::Status error_;
};

const Node* Node::Find(std::string_view key) const {
  const auto at = std::find_if(fields.begin(), fields.end(), [key](const Field& f) { return f.key == key; });
  return at == fields.end() ? nullptr : &at->value;
}

absl::StatusOr<JsonText> JsonText::Make(FileText file) {
  static_assert(FileText::kRoom >= kScanRoom && FileText::kRoom >= simdjson::SIMDJSON_PADDING);
  JsonText out;
  out.file_ = std::move(file);
  if (out.text().starts_with("\xef\xbb\xbf")) out.bom_ = 3;
  if (const std::string_view fault = EncodingFault(out.text()); !fault.empty())
    return absl::InvalidArgumentError(std::string(fault));
  Scan scan(out, 0);
  scan.Peek();
  out.values_.push_back({scan.at(), scan.at()});
  if (!scan.Outline(out.first_, Place(), kOutlineDepth)) return scan.error();
  out.values_.back() = out.first_.slice;
  if (const char first = out.First(out.first_.slice); first != '{' && first != '[') {
    simdjson::dom::parser parser;
    if (const auto json = out.Parse(out.first_.slice, parser); !json.ok()) return json.status();
  }
  if (!scan.Rest(out.values_)) return scan.error();
  return out;
}

absl::StatusOr<simdjson::dom::element> JsonText::Parse(Slice slice, simdjson::dom::parser& parser) const {
  const std::size_t size = slice.end - slice.begin;
  if (parser.capacity() < size || parser.max_depth() != kMaxJsonDepth)
    if (parser.allocate(std::max(size, parser.capacity() * 2), kMaxJsonDepth) != simdjson::SUCCESS)
      return NoMemory();
  auto parsed = parser.parse(text().data() + slice.begin, size, /*realloc_if_needed=*/false);
  if (parsed.error() == simdjson::NUMBER_ERROR)
    parsed = parser.parse(simdjson::padded_string(WithoutLongIntegers(text(slice))));
  if (parsed.error() == simdjson::MEMALLOC) return NoMemory();
  if (parsed.error() != simdjson::SUCCESS) return SyntaxError(slice);
  return parsed.value_unsafe();
}

std::size_t JsonText::LineOf(std::size_t offset) const { return FindLine(offset).first; }

std::pair<std::size_t, std::size_t> JsonText::FindLine(std::size_t offset) const {
  const std::lock_guard lock(*mutex_);
  std::sort(released_.begin(), released_.end(), [](auto& a, auto& b) { return a.slice.begin < b.slice.begin; });
  std::size_t lines = 1, line = 0, at = 0;
  const auto pass = [&](std::size_t end) {
    const std::string_view until = text().substr(0, end);  // the rest may be one line of many megabytes
    for (std::size_t next = until.find('\n', at); next != std::string_view::npos; next = until.find('\n', next + 1)) {
      ++lines;
      line = next + 1;
    }
  };
  for (const Released& part : released_) {
    if (part.slice.begin >= offset) break;
    pass(part.slice.begin);
    lines += part.lines;
    if (part.lines != 0) line = part.last_line;
    at = part.slice.end;
  }
  pass(offset);
  return {lines, line};
}

void JsonText::Release(Slice slice) const {
  constexpr std::size_t kWorthGivingBack = std::size_t{1} << 20;
  if (text().size() < kWorthGivingBack) return;
  const std::string_view part = text(slice);
  const std::size_t lines = CountLines(part);
  const std::size_t last = lines == 0 ? 0 : slice.begin + part.rfind('\n') + 1;
  const std::lock_guard lock(*mutex_);
  released_.push_back({slice, lines, last});
  file_.Drop(bom_ + slice.begin, bom_ + slice.end);
}

absl::Status JsonText::SyntaxError(Slice slice) const {
  const SyntaxFault fault = FindSyntaxFault(text(slice), slice.end == text().size());
  const std::size_t place = slice.begin + fault.offset;
  const auto [line, begin] = FindLine(place);
  return absl::InvalidArgumentError(fmt::format("line {}, column {}: {}", line, place - begin + 1, fault.what));
}

absl::Status NoMemory() {
  return absl::InvalidArgumentError("the memory of this machine does not suffice; check it on a larger one");
}

}  // namespace guardrails
