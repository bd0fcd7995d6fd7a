// The table behind encrypted_components.h: for each resource type, where its keys stand.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace fastcart {

struct KeyRow {
  // When there is something to encrypt.
  enum class When : std::uint8_t {
    kAlways,
    kInBlock,  // where the object that holds the key is set
    kIf,       // where the property `condition` of the resource is `wanted`
    kIfNamed,  // where a key is named
  };
  std::string_view type, path;  // "a.b[].key": the key of each element of b
  bool data_store = false;
  When when = When::kAlways;
  std::string_view condition = {}, wanted = {};
  // What must stand beside a key for AWS to use it, and how it begins.
  std::string_view on = {}, on_value = {};
  // Properties that, when set, take the place away where no key is named.
  std::array<std::string_view, 2> unless = {};

  // For the table. Defined before its use: Clang wants it so in constants.
  template <class Change>
  constexpr KeyRow Changed(Change change) const {
    KeyRow copy = *this;
    change(copy);
    return copy;
  }
  constexpr KeyRow Data() const { return Changed([](KeyRow& r) { r.data_store = true; }); }
  constexpr KeyRow InBlock() const { return Changed([](KeyRow& r) { r.when = When::kInBlock; }); }
  constexpr KeyRow IfNamed() const { return Changed([](KeyRow& r) { r.when = When::kIfNamed; }); }
  constexpr KeyRow If(std::string_view property, std::string_view is = "true") const {
    return Changed([=](KeyRow& r) { r.when = When::kIf, r.condition = property, r.wanted = is; });
  }
  constexpr KeyRow With(std::string_view member, std::string_view is = "true") const {
    return Changed([=](KeyRow& r) { r.on = member, r.on_value = is; });
  }
  constexpr KeyRow Unless(std::string_view a, std::string_view b = {}) const {
    return Changed([=](KeyRow& r) { r.unless = {a, b}; });
  }
};

// Sorted by type.
std::span<const KeyRow> KeyRows();

}  // namespace fastcart
