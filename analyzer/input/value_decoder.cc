#include "analyzer/input/value_decoder.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

#include "absl/status/status.h"
#include "analyzer/input/syntax_fault.h"
#include "analyzer/value/encoding.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

constexpr std::string_view kBareSecret = "[secret]";
constexpr int kMaxPlaintexts = 8;

// Of up to 8 bytes of `text` from `at` on; a copy of a fixed size is a single load.
std::uint64_t Word(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  if (text.size() >= sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
  } else {
    for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
  }
  return word;
}

// Enough to spread names over slots: the length and both ends.
std::size_t Hash(std::string_view text) {
  const std::uint64_t head = Word(text, 0), tail = Word(text, text.size() - std::min<std::size_t>(text.size(), 8));
  std::uint64_t hash = (head ^ (tail * 0x9e3779b97f4a7c15U) ^ text.size()) * 0xff51afd7ed558ccdU;
  hash ^= hash >> 32;
  return static_cast<std::size_t>(hash);
}

}  // namespace

const std::string_view* FindDuplicate(std::vector<std::string_view>& keys) {
  constexpr std::size_t kFew = 16;
  if (keys.size() <= kFew) {
    for (auto a = keys.begin(); a != keys.end(); ++a)
      if (std::find(keys.begin(), a, *a) != a) return &*a;
    return nullptr;
  }
  std::sort(keys.begin(), keys.end());
  const auto at = std::adjacent_find(keys.begin(), keys.end());
  return at == keys.end() ? nullptr : &*at;
}

std::string_view StringPool::Keep(std::string_view text) {
  if (text.empty()) return "";
  if (text.size() > kLongest) return arena_.Copy(text);
  std::string_view& slot = recent_[Hash(text) % kSlots];
  if (slot != text) slot = arena_.Copy(text);
  return slot;
}

absl::StatusOr<Value> ValueDecoder::Decode(simdjson::dom::element json, const Place& place) {
  Value out;
  if (Any(json, out)) return out;
  values_.clear();
  members_.clear();
  const std::string message = fmt::format("{}{}: {}", place.ToString(), where_, why_);
  return absl::InvalidArgumentError(message);
}

bool ValueDecoder::Any(simdjson::dom::element json, Value& out) {
  using simdjson::dom::element_type;
  switch (json.type()) {
    case element_type::STRING: return String(json.get_string().value_unsafe(), out);
    case element_type::OBJECT: return Object(json.get_object().value_unsafe(), out);
    case element_type::ARRAY: return List(json.get_array().value_unsafe(), out);
    case element_type::BOOL: out = Value::Bool(json.get_bool().value_unsafe()); return true;
    case element_type::NULL_VALUE: out = Value(); return true;
    default: out = Value::Number(json.get_double().value_unsafe()); return true;
  }
}

bool ValueDecoder::String(std::string_view text, Value& out) {
  if (bare_secrets_ && text == kBareSecret) {
    out = Value::Hidden();
    return true;
  }
  if (IsUnknownSentinel(text)) {
    saw_unknown_ = true;
    out = Value::Unknown();
    return true;
  }
  out = Value::String(pool_.Keep(text));
  return true;
}

bool ValueDecoder::List(simdjson::dom::array json, Value& out) {
  const std::size_t base = values_.size();
  for (const simdjson::dom::element element : json) {
    Value value;
    if (!Any(element, value)) {
      At(values_.size() - base);
      return false;
    }
    values_.push_back(value);
  }
  out = Value::List(arena_.Copy(std::span<const Value>(values_).subspan(base)));
  values_.resize(base);
  return true;
}

bool ValueDecoder::Object(simdjson::dom::object json, Value& out) {
  const std::size_t base = members_.size();
  bool plain = true;
  if (!Members(json, base, plain)) return false;
  if (!plain) return Special(base, out);
  out = Value::Object(arena_.Copy(std::span<const Member>(members_).subspan(base)));
  members_.resize(base);
  return true;
}

bool ValueDecoder::Members(simdjson::dom::object json, std::size_t base, bool& plain) {
  for (const auto [key, element] : json) {
    const std::string_view kept = pool_.Keep(key);
    if (kept.starts_with("__") || kept == kSignatureKey) plain = false;
    Value value;
    if (!Any(element, value)) {
      At(kept);
      return false;
    }
    members_.push_back({kept, value});
  }
  return AllDifferent(std::span<const Member>(members_).subspan(base));
}

// JSON leaves open what a key that stands twice means, and two readers could see two different stacks.
bool ValueDecoder::AllDifferent(std::span<const Member> members) {
  keys_.clear();
  for (const Member& m : members) keys_.push_back(m.key);
  const std::string_view* twice = FindDuplicate(keys_);
  if (!twice) return true;
  Fail(kStandsTwice);
  At(*twice);
  return false;
}

// An object with a signature, or with keys that are Pulumi's own bookkeeping.
bool ValueDecoder::Special(std::size_t base, Value& out) {
  const PlaintextParser plaintext = [this](std::string_view json) { return Plaintext(json); };
  std::vector<Member> members(members_.begin() + static_cast<std::ptrdiff_t>(base), members_.end());
  members_.resize(base);
  const auto decoded = DecodeObject(arena_, std::move(members), &plaintext);
  if (!decoded.ok()) return Fail(std::string_view(decoded.status().message().data(), decoded.status().message().size()));
  out = *decoded;
  return true;
}

absl::StatusOr<Value> ValueDecoder::Plaintext(std::string_view json) {
  simdjson::dom::parser parser;
  const auto invalid = absl::InvalidArgumentError("a secret whose plaintext is not valid JSON");
  if (plaintexts_ == kMaxPlaintexts || parser.allocate(json.size(), kMaxJsonDepth) != simdjson::SUCCESS) return invalid;
  const auto parsed = parser.parse(simdjson::padded_string(json));
  if (parsed.error() != simdjson::SUCCESS) return invalid;
  ++plaintexts_;
  Value out;
  const bool ok = Any(parsed.value_unsafe(), out);
  --plaintexts_;
  if (!ok) return absl::InvalidArgumentError(why_);
  return out;
}

bool ValueDecoder::Fail(std::string_view why) {
  why_ = why;
  where_.clear();
  return false;
}

void ValueDecoder::At(std::string_view key) { where_.insert(0, PathKey(key)); }

void ValueDecoder::At(std::size_t index) { where_.insert(0, fmt::format("[{}]", index)); }

}  // namespace guardrails
