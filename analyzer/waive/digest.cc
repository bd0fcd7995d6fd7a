#include "analyzer/waive/digest.h"

#include <fmt/format.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace guardrails {
namespace {

using Bytes = std::array<std::uint8_t, SHA256_DIGEST_SIZE>;

constexpr unsigned kRounds = 100'000;

// What can be told of the value that a finding is about.
enum class Disclosure : std::uint8_t {
  kPlain,
  kSecret,    // it is or holds a secret
  kWithheld,  // it is or holds a secret that the source does not show
};

const std::uint8_t* Data(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

std::string Hex(const Bytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const unsigned byte : bytes) (out += kDigits[byte / 16]) += kDigits[byte % 16];
  return out;
}

std::string Stretched(std::string_view text, std::string_view salt) {
  Bytes out;
  pbkdf2_hmac_sha256(text.size(), Data(text), kRounds, salt.size(), Data(salt), out.size(), out.data());
  return Hex(out);
}

// The texts behind their lengths, so that no two lists of texts look alike.
template <class... Texts>
std::string Joined(const Texts&... texts) {
  std::string out;
  ((((out += std::to_string(std::string_view(texts).size())) += ':') += std::string_view(texts)), ...);
  return out;
}

// Values that are equal to a person give the same text, whatever the source wrote: members are sorted, and what is not
// set or what the provider filled in is left out.
class Canon {
 public:
  explicit Canon(const Value& value) { Write(value); }
  const std::string& text() const { return text_; }
  Disclosure disclosure() const { return disclosure_; }

 private:
  void Write(const Value& value) {
    if (value.defaulted()) return Tag('-');
    Disclose(value);
    switch (value.kind()) {
      case Kind::kAbsent: return Tag('-');
      case Kind::kBool: return Tag(value.raw_bool() ? 't' : 'f');
      case Kind::kNumber: text_ += fmt::format("n{};", value.raw_number()); return;
      case Kind::kString: text_ += 's' + Joined(value.raw_string()); return;
      case Kind::kList: return WriteList(value.elements());
      case Kind::kObject: return WriteMembers('o', value.members());
      case Kind::kAsset: return WriteMembers('a', value.members());
      case Kind::kArchive: return WriteMembers('A', value.members());
      case Kind::kUnknown: return Tag('?');
      case Kind::kHidden: return Tag('*');
      case Kind::kInvalid: return Tag('!');
    }
  }

  void WriteList(std::span<const Value> elements) {
    text_ += fmt::format("l{};", elements.size());
    for (const Value& element : elements) Write(element);
  }

  void WriteMembers(char tag, std::span<const Member> members) {
    std::vector<const Member*> sorted;
    for (const Member& m : members)
      if (!m.value.absent() && !m.value.defaulted()) sorted.push_back(&m);
    std::sort(sorted.begin(), sorted.end(), [](const Member* a, const Member* b) { return a->key < b->key; });
    text_ += fmt::format("{}{};", tag, sorted.size());
    for (const Member* m : sorted) {
      text_ += Joined(m->key);
      Write(m->value);
    }
  }

  void Tag(char tag) { text_ += tag; }
  void Disclose(const Value& value) {
    if (value.secret()) disclosure_ = std::max(disclosure_, Disclosure::kSecret);
    if (value.kind() == Kind::kHidden) disclosure_ = Disclosure::kWithheld;
  }

  std::string text_;
  Disclosure disclosure_ = Disclosure::kPlain;
};

// What was found, as one text.
Canon Content(const Finding& f) {
  if (!f.found_text) return Canon(f.found);
  const Value words = Value::String(f.found_text->str());
  if (f.behind.absent() || f.behind.defaulted()) return Canon(words);
  const std::array both = {words, f.behind};
  return Canon(Value::List(both));
}

std::string Plain(const Finding& f, const Canon& content) {
  return "sha256:" + Sha256(Joined(f.guardrail->name, f.path.ToString(), content.text()));
}

}  // namespace

std::string Sha256(std::string_view text) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, text.size(), Data(text));
  Bytes out;
  sha256_digest(&context, out.size(), out.data());
  return Hex(out);
}

std::string Fingerprint(const Finding& finding, const Place& place) {
  return Sha256(Joined(finding.guardrail->name, place.urn, finding.path.ToString()));
}

std::optional<std::string> PlainDigest(const Finding& finding) {
  const Canon content = Content(finding);
  return content.disclosure() == Disclosure::kPlain ? std::optional(Plain(finding, content)) : std::nullopt;
}

std::optional<std::string> ValueDigest(const Finding& finding, const Place& place) {
  const Canon content = Content(finding);
  switch (content.disclosure()) {
    case Disclosure::kPlain: return Plain(finding, content);
    case Disclosure::kSecret:
      return "pbkdf2:" + Stretched(content.text(), Joined(finding.guardrail->name, place.urn, finding.path.ToString()));
    case Disclosure::kWithheld: break;
  }
  return std::nullopt;
}

}  // namespace guardrails
