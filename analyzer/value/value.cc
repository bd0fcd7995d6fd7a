#include "analyzer/value/value.h"

#include <algorithm>

namespace guardrails {

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kAbsent: return "nothing";
    case Kind::kBool: return "boolean";
    case Kind::kNumber: return "number";
    case Kind::kString: return "string";
    case Kind::kList: return "list";
    case Kind::kObject: return "object";
    case Kind::kAsset: return "asset";
    case Kind::kArchive: return "archive";
    case Kind::kUnknown: return "unknown";
    case Kind::kHidden: return "hidden";
    case Kind::kInvalid: return "invalid";
  }
  return "invalid";
}

Value Value::Bool(bool value) {
  Value v(Kind::kBool);
  v.boolean_ = value;
  return v;
}

Value Value::Number(double value) {
  Value v(Kind::kNumber);
  v.number_ = value;
  return v;
}

Value Value::String(std::string_view text) {
  Value v(Kind::kString);
  v.text_ = text.data();
  v.size_ = static_cast<std::uint32_t>(text.size());
  return v;
}

Value Value::List(std::span<const Value> elements) {
  Value v(Kind::kList);
  v.elements_ = elements.data();
  v.size_ = static_cast<std::uint32_t>(elements.size());
  return v;
}

Value Value::Object(std::span<const Member> members) {
  Value v(Kind::kObject);
  v.members_ = members.data();
  v.size_ = static_cast<std::uint32_t>(members.size());
  return v;
}

Value Value::Asset(std::span<const Member> members) {
  Value v = Object(members);
  v.kind_ = Kind::kAsset;
  return v;
}

Value Value::Archive(std::span<const Member> members) {
  Value v = Object(members);
  v.kind_ = Kind::kArchive;
  return v;
}

template <class T, class Get>
Reading<T> Value::Read(Kind wanted, Get get) const {
  if (kind_ == wanted) return Known<T>{get()};
  if (absent()) return Absent{};
  if (unknown()) return guardrails::Unknown{};
  return Mistyped{};
}

Reading<bool> Value::ReadBool() const {
  return Read<bool>(Kind::kBool, [this] { return boolean_; });
}
Reading<double> Value::ReadNumber() const {
  return Read<double>(Kind::kNumber, [this] { return number_; });
}
Reading<std::string_view> Value::ReadString() const {
  return Read<std::string_view>(Kind::kString, [this] { return raw_string(); });
}
Reading<std::span<const Value>> Value::ReadList() const {
  return Read<std::span<const Value>>(Kind::kList, [this] { return elements(); });
}
Reading<std::span<const Member>> Value::ReadObject() const {
  return Read<std::span<const Member>>(Kind::kObject, [this] { return members(); });
}

Value Value::operator[](std::string_view key) const {
  if (absent()) return *this;
  Value found = unknown() ? *this : Invalid();
  if (kind_ == Kind::kObject || kind_ == Kind::kAsset || kind_ == Kind::kArchive) {
    const auto all = members();
    const auto at = std::find_if(all.begin(), all.end(), [key](const Member& m) { return m.key == key; });
    found = at == all.end() ? Value() : at->value;
  }
  return secret() ? found.AsSecret() : found;
}

std::span<const Value> Value::elements() const {
  return kind_ == Kind::kList ? std::span(elements_, size_) : std::span<const Value>();
}

std::span<const Member> Value::members() const {
  const bool has = kind_ == Kind::kObject || kind_ == Kind::kAsset || kind_ == Kind::kArchive;
  return has ? std::span(members_, size_) : std::span<const Member>();
}

std::string_view Value::raw_string() const {
  return kind_ == Kind::kString ? std::string_view(text_, size_) : std::string_view();
}

bool SameKnown(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kAbsent: return true;
    case Kind::kBool: return a.raw_bool() == b.raw_bool();
    case Kind::kNumber: return a.raw_number() == b.raw_number();
    case Kind::kString: return a.raw_string() == b.raw_string();
    case Kind::kList: {
      const auto x = a.elements(), y = b.elements();
      return std::equal(x.begin(), x.end(), y.begin(), y.end(), SameKnown);
    }
    case Kind::kObject:
    case Kind::kAsset:
    case Kind::kArchive: {
      const auto x = a.members();
      return x.size() == b.members().size() &&
             std::all_of(x.begin(), x.end(), [&](const Member& m) { return SameKnown(m.value, b[m.key]); });
    }
    case Kind::kUnknown:
    case Kind::kHidden:
    case Kind::kInvalid: return false;
  }
  return false;
}

}  // namespace guardrails
