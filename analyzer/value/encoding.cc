#include "analyzer/value/encoding.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <span>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"

namespace guardrails {
namespace {

constexpr std::array<std::string_view, 7> kUnknownSentinels = {
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  // string
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  // bool
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  // number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  // array
    "030794c1-ac77-496b-92df-f27374a8bd58",  // asset
    "e48ece36-62e2-4504-bad9-02848725956a",  // archive
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  // object
};

const Value* Find(std::span<const Member> members, std::string_view key) {
  const auto at = std::find_if(members.begin(), members.end(), [key](const Member& m) { return m.key == key; });
  return at == members.end() ? nullptr : &at->value;
}

absl::StatusOr<Value> DecodeSecret(std::span<const Member> members, const PlaintextParser* plaintext) {
  if (const Value* value = Find(members, "value")) return value->AsSecret();
  if (const Value* text = Find(members, "plaintext"); text && text->kind() == Kind::kString && plaintext) {
    auto value = (*plaintext)(text->raw_string());
    if (!value.ok()) return value.status();
    return value->AsSecret();
  }
  if (Find(members, "ciphertext")) return Value::Hidden();
  return absl::InvalidArgumentError("a secret without value, plaintext or ciphertext");
}

// A reference to a custom resource is its id, one to a component its URN: as the engine flattens them.
absl::StatusOr<Value> DecodeReference(std::span<const Member> members) {
  if (const Value* id = Find(members, "id")) {
    if (id->kind() == Kind::kString && id->raw_string().empty()) return Value::Unknown();
    const Value& unwrapped = id->kind() == Kind::kObject ? (*id)["V"] : *id;  // {"V": …}: an old engine's bug
    return unwrapped.absent() ? Value::Unknown() : unwrapped;
  }
  if (const Value* urn = Find(members, "urn"); urn && urn->kind() == Kind::kString) return *urn;
  return absl::InvalidArgumentError("a resource reference without urn");
}

absl::StatusOr<Value> DecodeOutput(std::span<const Member> members) {
  const Value* value = Find(members, "value");
  const Value* secret = Find(members, "secret");
  const Value out = value ? *value : Value::Unknown();
  return secret && secret->raw_bool() ? out.AsSecret() : out;
}

absl::StatusOr<Value> DecodeBytes(Arena& arena, std::span<const Member> members) {
  const Value* value = Find(members, "value");
  std::string bytes;
  if (!value || value->kind() != Kind::kString ||
      !absl::Base64Unescape(absl::string_view(value->raw_string().data(), value->raw_string().size()), &bytes))
    return absl::InvalidArgumentError("a byte string whose value is not base64");
  return Value::String(arena.Copy(bytes));
}

absl::StatusOr<Value> DecodeFloat(std::span<const Member> members) {
  const Value* value = Find(members, "value");
  const std::string_view hex = value ? value->raw_string() : std::string_view();
  std::uint64_t bits = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), bits, 16);
  if (hex.size() != 16 || error != std::errc() || end != hex.data() + hex.size())
    return absl::InvalidArgumentError("a non-finite number whose value is not 16 hex digits");
  return Value::Number(std::bit_cast<double>(bits));
}

absl::StatusOr<Value> DecodeSigned(Arena& arena, std::string_view signature, const std::vector<Member>& members,
                                   const PlaintextParser* plaintext) {
  if (signature == kSecretSignature) return DecodeSecret(members, plaintext);
  if (signature == kAssetSignature) return Value::Asset(arena.Copy(members));
  if (signature == kArchiveSignature) return Value::Archive(arena.Copy(members));
  if (signature == kResourceReferenceSignature) return DecodeReference(members);
  if (signature == kOutputValueSignature) return DecodeOutput(members);
  if (signature == kByteStringSignature) return DecodeBytes(arena, members);
  if (signature == kFloatSignature) return DecodeFloat(members);
  return absl::InvalidArgumentError("an object with an unknown Pulumi signature");
}

// Of more names than these a set is made, because an object of many members can name them all.
constexpr std::size_t kFewNames = 8;

void MarkNamed(std::span<Member> members, std::span<const std::string_view> names) {
  const bool few = names.size() <= kFewNames;
  absl::flat_hash_set<std::string_view> many;
  if (!few) many.insert(names.begin(), names.end());
  const auto named = [&](std::string_view key) {
    return few ? std::find(names.begin(), names.end(), key) != names.end() : many.contains(key);
  };
  for (Member& m : members)
    if (named(m.key)) m.value = m.value.AsDefaulted();
}

// What is no string names nothing, not the member whose key is empty.
std::vector<std::string_view> Strings(std::span<const Value> values) {
  std::vector<std::string_view> out;
  for (const Value& value : values)
    if (value.kind() == Kind::kString) out.push_back(value.raw_string());
  return out;
}

}  // namespace

bool IsUnknownSentinel(std::string_view text) {
  return text.size() == 36 && std::find(kUnknownSentinels.begin(), kUnknownSentinels.end(), text) != kUnknownSentinels.end();
}

Value DecodeString(std::string_view text) { return IsUnknownSentinel(text) ? Value::Unknown() : Value::String(text); }

absl::StatusOr<Value> DecodeObject(Arena& arena, std::vector<Member> members, const PlaintextParser* plaintext) {
  if (const Value* signature = Find(members, kSignatureKey); signature && signature->kind() == Kind::kString)
    return DecodeSigned(arena, signature->raw_string(), members, plaintext);
  if (const Value* defaults = Find(members, "__defaults")) MarkNamed(members, Strings(defaults->elements()));
  std::erase_if(members, [](const Member& m) { return m.key.starts_with("__"); });
  return Value::Object(arena.Copy(members));
}

Value MarkDefaults(Arena& arena, const Value& object, const std::vector<std::string_view>& names) {
  if (object.kind() != Kind::kObject || names.empty()) return object;
  std::vector<Member> members(object.members().begin(), object.members().end());
  MarkNamed(members, names);
  const Value marked = Value::Object(arena.Copy(members));
  return object.secret() ? marked.AsSecret() : marked;
}

}  // namespace guardrails
