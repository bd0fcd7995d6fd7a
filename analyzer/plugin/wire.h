// Protobuf's wire format, read straight into values: no message classes, no copies of strings.
//
// A stack of 100,000 resources is a message of 157 MB; protobuf's own tree of google.protobuf.Struct takes more than
// five times that. Here a string of the message becomes a view into it. Stricter than protobuf where leniency would
// read a wrong message as an empty one: a known field of the wrong wire type is malformed, and so is a singular
// message that is given twice. Thread-safe: readers share nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "analyzer/value/arena.h"
#include "analyzer/value/value.h"

namespace guardrails {

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// A field as it stands on the wire. `number` is the field's, `varint` also holds fixed numbers' bits.
struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t varint = 0;
  std::string_view bytes;
};

// Walks the fields of one message, which must outlive what is read.
class WireReader {
 public:
  explicit WireReader(std::string_view message) : at_(message.data()), end_(message.data() + message.size()) {}

  // The next field. False at the end, and at bytes that are no field: then malformed() is true.
  bool Next(WireField& field) {
    if (at_ == end_) return false;
    if (NextShort(field)) return true;
    malformed_ = !NextAny(field);
    if (malformed_) at_ = end_;
    return !malformed_;
  }
  bool malformed() const { return malformed_; }
  // What is not read yet.
  std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  // The bytes of the field that starts here, of which the first kLongestStart tell; 0 if it is none.
  static std::uint64_t SizeOfField(std::string_view start);
  static constexpr std::size_t kLongestStart = 20;

 private:
  // The common case: a low field number, less than 128 bytes. Reads nothing if it is another.
  bool NextShort(WireField& field) {
    constexpr unsigned kOneByte = 0x80;
    if (end_ - at_ < 2) return false;
    const auto tag = static_cast<unsigned char>(at_[0]), size = static_cast<unsigned char>(at_[1]);
    if (tag >= kOneByte || tag < 8 || (tag & 7) != static_cast<unsigned>(WireType::kBytes)) return false;
    if (size >= kOneByte || size > end_ - at_ - 2) return false;
    field.number = tag >> 3;
    field.type = WireType::kBytes;
    field.bytes = {at_ + 2, size};
    at_ += 2 + size;
    return true;
  }
  bool NextAny(WireField& field);
  bool ReadVarint(std::uint64_t& out);
  template <class Fixed>
  bool ReadFixed(std::uint64_t& out);
  bool ReadPayload(WireField& field);

  const char* at_;
  const char* end_;
  bool malformed_ = false;
};

// The same for a message that lies in several pieces, which must outlive what is read, as must the arena: a field that
// lies in more than one is copied together there.
class PiecewiseReader {
 public:
  PiecewiseReader(std::span<const std::string_view> pieces, Arena& arena);

  bool Next(WireField& field);
  bool malformed() const { return malformed_; }

 private:
  bool NextAcross(WireField& field);
  std::string Peek(std::size_t size) const;
  std::string_view Take(std::size_t size);

  std::span<const std::string_view> pieces_;  // those after piece_
  std::string_view piece_;
  std::uint64_t left_ = 0;  // bytes
  Arena& arena_;
  bool malformed_ = false;
};

struct WireLimits {
  int depth = 100;  // lists and objects inside each other
};

// A google.protobuf.Struct as an object, decoded as analyzer/value/encoding.h says. Strings are views into `bytes`;
// lists and objects are in the arena. InvalidArgument for bytes that are no Struct, are nested too deeply, have a key
// twice or text that is not UTF-8, and for a Pulumi signature that is unknown or incomplete. The error says what is
// wrong; it never quotes a value.
absl::StatusOr<Value> DecodeStruct(std::string_view bytes, Arena& arena, const WireLimits& limits = {});

}  // namespace guardrails
