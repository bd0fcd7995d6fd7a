// A property value as Pulumi knows it: absent, unknown, or known; secret or not.
//
// A Value is a 16-byte handle into an Arena and copies like a number. It is immutable and may be read from
// many threads. It is read through Read…(), whose result makes the caller answer for every case: a value that
// is absent, one that is not known yet, one of another type, and the known one. What is secret says so, and
// the text of messages (analyzer/policy/text.h) takes values, never their strings, so that a secret cannot
// reach a message by accident.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace guardrails {

enum class Kind : std::uint8_t {
  kAbsent,   // never set, or null
  kBool,
  kNumber,   // Pulumi's numbers are doubles
  kString,
  kList,
  kObject,
  kAsset,    // a file or text; its members are hash, and one of text, path, uri
  kArchive,  // a set of files; its members are hash, and one of assets, path, uri
  kUnknown,  // the engine will know it after the update
  kHidden,   // the source withholds it: "[secret]" in a preview, ciphertext in an export
  kInvalid,  // reached through a value that has no such member, for example a string where an object belongs
};

// What a person calls a value of this kind ("string", "list", "unknown").
std::string_view KindName(Kind kind);

// The four answers to reading a value as a T. Visit it; every case must be said (see Overloaded).
struct Absent {};
struct Unknown {};   // unknown or hidden
struct Mistyped {};  // known, of another type
template <class T>
struct Known {
  T value;
};
template <class T>
using Reading = std::variant<Absent, Unknown, Mistyped, Known<T>>;

// std::visit with one lambda a case: std::visit(Overloaded{[](Absent) {…}, …}, value.ReadBool()).
template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

// The known value, or nullptr in the three other cases.
template <class T>
const T* IfKnown(const Reading<T>& reading) {
  const auto* known = std::get_if<Known<T>>(&reading);
  return known ? &known->value : nullptr;
}

struct Member;

class Value {
 public:
  constexpr Value() : number_(0) {}
  static Value Bool(bool value);
  static Value Number(double value);
  static Value String(std::string_view text);  // the text must outlive the value
  static Value List(std::span<const Value> elements);
  static Value Object(std::span<const Member> members);
  static Value Asset(std::span<const Member> members);
  static Value Archive(std::span<const Member> members);
  static Value Unknown() { return Value(Kind::kUnknown); }
  static Value Hidden() { return Value(Kind::kHidden).AsSecret(); }
  static Value Invalid() { return Value(Kind::kInvalid); }

  Kind kind() const { return kind_; }
  bool absent() const { return kind_ == Kind::kAbsent; }
  // Not known to us: unknown to the engine, or withheld by the source.
  bool unknown() const { return kind_ == Kind::kUnknown || kind_ == Kind::kHidden; }
  bool known() const { return !absent() && !unknown() && kind_ != Kind::kInvalid; }
  bool secret() const { return (flags_ & kSecret) != 0; }
  // The provider filled it in (its name stands in __defaults): the program did not set it.
  bool defaulted() const { return (flags_ & kDefaulted) != 0; }

  Value AsSecret() const { return WithFlag(kSecret); }
  // What stands in for a secret is one: an answer that the source does not mark, for what the program asked for.
  Value AsSecretAs(const Value& asked) const { return asked.secret() ? AsSecret() : *this; }
  Value AsDefaulted() const { return WithFlag(kDefaulted); }

  Reading<bool> ReadBool() const;
  Reading<double> ReadNumber() const;
  Reading<std::string_view> ReadString() const;
  Reading<std::span<const Value>> ReadList() const;
  Reading<std::span<const Member>> ReadObject() const;

  // The member of that name with this value's secrecy. Of an unknown value it is unknown, of an absent one
  // absent, of one that is no object invalid.
  Value operator[](std::string_view key) const;

  // For the edges (writers, the wire) and for walks over everything. Empty for every other kind.
  std::span<const Value> elements() const;
  std::span<const Member> members() const;  // of objects, assets and archives
  std::string_view raw_string() const;      // may be a secret: never put it in a message
  double raw_number() const { return kind_ == Kind::kNumber ? number_ : 0; }
  bool raw_bool() const { return kind_ == Kind::kBool && boolean_; }

 private:
  static constexpr std::uint8_t kSecret = 1, kDefaulted = 2;
  explicit constexpr Value(Kind kind) : number_(0), kind_(kind) {}
  Value WithFlag(std::uint8_t flag) const {
    Value copy = *this;
    copy.flags_ = static_cast<std::uint8_t>(copy.flags_ | flag);
    return copy;
  }
  template <class T, class Get>
  Reading<T> Read(Kind wanted, Get get) const;

  union {
    double number_;
    bool boolean_;
    const char* text_;
    const Value* elements_;
    const Member* members_;
  };
  std::uint32_t size_ = 0;
  Kind kind_ = Kind::kAbsent;
  std::uint8_t flags_ = 0;
};
static_assert(sizeof(Value) == 16);

struct Member {
  std::string_view key;
  Value value;
};

// Equal in kind and content; unknown, hidden and invalid values equal nothing.
bool SameKnown(const Value& a, const Value& b);

}  // namespace guardrails
