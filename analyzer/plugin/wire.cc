#include "analyzer/plugin/wire.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "analyzer/value/encoding.h"
#include "analyzer/value/utf8.h"

namespace guardrails {

static_assert(std::endian::native == std::endian::little, "fixed fields are read as they lie in memory");

bool WireReader::ReadVarint(std::uint64_t& out) {
  out = 0;
  for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at_++);
    if (shift == 63 && byte > 1) return false;
    out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

template <class Fixed>
bool WireReader::ReadFixed(std::uint64_t& out) {
  Fixed bits = 0;
  if (end_ - at_ < static_cast<std::ptrdiff_t>(sizeof bits)) return false;
  std::memcpy(&bits, at_, sizeof bits);
  at_ += sizeof bits;
  out = bits;
  return true;
}

bool WireReader::ReadPayload(WireField& field) {
  switch (field.type) {
    case WireType::kVarint: return ReadVarint(field.varint);
    case WireType::kFixed64: return ReadFixed<std::uint64_t>(field.varint);
    case WireType::kFixed32: return ReadFixed<std::uint32_t>(field.varint);
    case WireType::kBytes: {
      std::uint64_t size = 0;
      if (!ReadVarint(size) || size > static_cast<std::uint64_t>(end_ - at_)) return false;
      field.bytes = {at_, static_cast<std::size_t>(size)};
      at_ += size;
      return true;
    }
  }
  return false;  // groups, and wire types that do not exist
}

bool WireReader::NextAny(WireField& field) {
  constexpr std::uint64_t kHighestNumber = (1u << 29) - 1;
  std::uint64_t tag = 0;
  if (!ReadVarint(tag) || (tag >> 3) == 0 || (tag >> 3) > kHighestNumber) return false;
  field.number = static_cast<std::uint32_t>(tag >> 3);
  field.type = static_cast<WireType>(tag & 7);
  return ReadPayload(field);
}

std::uint64_t WireReader::SizeOfField(std::string_view start) {
  WireReader reader(start);
  std::uint64_t tag = 0, size = 0;
  if (!reader.ReadVarint(tag)) return 0;
  switch (static_cast<WireType>(tag & 7)) {
    case WireType::kVarint:
      if (!reader.ReadVarint(size)) return 0;
      size = 0;
      break;
    case WireType::kFixed64: size = sizeof(std::uint64_t); break;
    case WireType::kFixed32: size = sizeof(std::uint32_t); break;
    case WireType::kBytes:
      if (!reader.ReadVarint(size)) return 0;
      break;
    default: return 0;
  }
  const std::uint64_t before = start.size() - reader.rest().size();
  return size > ~before ? 0 : before + size;
}

PiecewiseReader::PiecewiseReader(std::span<const std::string_view> pieces, Arena& arena)
    : pieces_(pieces), arena_(arena) {
  for (const std::string_view piece : pieces) left_ += piece.size();
}

bool PiecewiseReader::Next(WireField& field) {
  if (left_ == 0 || malformed_) return false;
  for (; piece_.empty(); pieces_ = pieces_.subspan(1)) piece_ = pieces_.front();
  WireReader here(piece_);
  if (here.Next(field)) {
    left_ -= piece_.size() - here.rest().size();
    piece_ = here.rest();
  } else {
    malformed_ = !NextAcross(field);
  }
  return !malformed_;
}

bool PiecewiseReader::NextAcross(WireField& field) {
  const std::uint64_t size = WireReader::SizeOfField(Peek(WireReader::kLongestStart));
  if (size == 0 || size > left_) return false;
  WireReader whole(Take(static_cast<std::size_t>(size)));
  return whole.Next(field);
}

std::string PiecewiseReader::Peek(std::size_t size) const {
  std::string out(piece_.substr(0, size));
  for (auto at = pieces_.begin(); at != pieces_.end() && out.size() < size; ++at)
    out += at->substr(0, size - out.size());
  return out;
}

std::string_view PiecewiseReader::Take(std::size_t size) {
  std::string out;
  out.reserve(size);
  left_ -= size;
  while (true) {
    const std::string_view part = piece_.substr(0, size - out.size());
    out += part;
    piece_.remove_prefix(part.size());
    if (out.size() == size) return arena_.Copy(out);
    piece_ = pieces_.front();
    pieces_ = pieces_.subspan(1);
  }
}

namespace {

// Of google/protobuf/struct.proto.
enum StructField : std::uint32_t { kFields = 1, kKey = 1, kEntryValue = 2, kValues = 1 };
enum ValueField : std::uint32_t { kNull = 1, kNumberValue, kStringValue, kBoolValue, kStructValue, kListValue };

class StructDecoder {
 public:
  StructDecoder(Arena& arena, const WireLimits& limits) : arena_(arena), limit_(limits.depth) {}

  bool Object(std::string_view bytes, int depth, Value& out) {
    if (depth > limit_) return Fail("it is nested too deeply");
    const std::size_t from = members_.size();
    bool plain = true;
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number != kFields) continue;
      Member member;
      if (field.type != WireType::kBytes) return Malformed();
      if (!Entry(field.bytes, depth, member)) return false;
      plain = plain && !member.key.starts_with("__") && member.key != kSignatureKey;
      members_.push_back(member);
    }
    if (reader.malformed()) return Malformed();
    return Close(from, plain, out);
  }

  const std::string& error() const { return error_; }

 private:
  bool Fail(std::string why) {
    error_ = std::move(why);
    return false;
  }
  bool Malformed() { return Fail("it is not a google.protobuf.Struct"); }

  bool Text(const WireField& field, std::string_view& out) {
    if (field.type != WireType::kBytes) return Malformed();
    if (!IsUtf8(field.bytes)) return Fail("it has text that is not UTF-8");
    out = field.bytes;
    return true;
  }

  bool Entry(std::string_view bytes, int depth, Member& out) {
    bool given = false;
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number == kKey && !Text(field, out.key)) return false;
      if (field.number != kEntryValue) continue;
      if (given || field.type != WireType::kBytes) return Malformed();
      given = true;
      if (!Any(field.bytes, depth, out.value)) return false;
    }
    return !reader.malformed() || Malformed();
  }

  // A google.protobuf.Value, of which one kind is set, or none for null.
  bool Any(std::string_view bytes, int depth, Value& out) {
    bool given = false;
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number > kListValue) continue;
      if (given) return Malformed();
      given = true;
      if (!OfKind(field, depth, out)) return false;
    }
    return !reader.malformed() || Malformed();
  }

  bool OfKind(const WireField& field, int depth, Value& out) {
    switch (field.number) {
      case kNull: return field.type == WireType::kVarint || Malformed();
      case kNumberValue:
        out = Value::Number(std::bit_cast<double>(field.varint));
        return field.type == WireType::kFixed64 || Malformed();
      case kBoolValue:
        out = Value::Bool(field.varint != 0);
        return field.type == WireType::kVarint || Malformed();
      case kStringValue: {
        std::string_view text;
        if (!Text(field, text)) return false;
        out = DecodeString(text);
        return true;
      }
      case kStructValue:
        return field.type == WireType::kBytes ? Object(field.bytes, depth + 1, out) : Malformed();
      default: return field.type == WireType::kBytes ? List(field.bytes, depth + 1, out) : Malformed();
    }
  }

  bool List(std::string_view bytes, int depth, Value& out) {
    if (depth > limit_) return Fail("it is nested too deeply");
    const std::size_t from = elements_.size();
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number != kValues) continue;
      if (field.type != WireType::kBytes) return Malformed();
      Value element;
      if (!Any(field.bytes, depth, element)) return false;
      elements_.push_back(element);
    }
    if (reader.malformed()) return Malformed();
    out = Value::List(arena_.Copy(std::span<const Value>(elements_).subspan(from)));
    elements_.resize(from);
    return true;
  }

  // The members since `from` as an object, or as what their signature says.
  bool Close(std::size_t from, bool plain, Value& out) {
    const auto own = std::span<const Member>(members_).subspan(from);
    if (HasDuplicate(own)) return Fail("it has a key twice");
    if (plain) {
      out = Value::Object(arena_.Copy(own));
    } else {
      const absl::StatusOr<Value> decoded = DecodeObject(arena_, {own.begin(), own.end()}, nullptr);
      if (!decoded.ok()) return Fail("it has " + std::string(decoded.status().message()));
      out = *decoded;
    }
    members_.resize(from);
    return true;
  }

  static bool HasDuplicate(std::span<const Member> members) {
    constexpr std::size_t kFew = 16;
    if (members.size() > kFew) return HasDuplicateAmongMany(members);
    for (std::size_t i = 1; i < members.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (members[i].key == members[j].key) return true;
    return false;
  }
  static bool HasDuplicateAmongMany(std::span<const Member> members) {
    std::vector<std::string_view> keys;
    keys.reserve(members.size());
    for (const Member& m : members) keys.push_back(m.key);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
  }

  Arena& arena_;
  const int limit_;
  // As many as most resources have, without memory from the heap.
  absl::InlinedVector<Member, 32> members_;  // of the objects that are open, innermost last
  absl::InlinedVector<Value, 16> elements_;  // of the lists that are open
  std::string error_;
};

}  // namespace

absl::StatusOr<Value> DecodeStruct(std::string_view bytes, Arena& arena, const WireLimits& limits) {
  StructDecoder decoder(arena, limits);
  Value out;
  if (!decoder.Object(bytes, 1, out)) return absl::InvalidArgumentError(decoder.error());
  return out;
}

}  // namespace guardrails
