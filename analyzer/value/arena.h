// Memory that lives as long as one stack.
//
// Strings, lists and objects of a stack are written once and freed together, so a value can be a small
// handle that copies like a number. Not thread-safe while it is being filled; reading is.
#pragma once

#include <cstring>
#include <memory_resource>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace guardrails {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // A copy of `text` that lives as long as the arena.
  std::string_view Copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = static_cast<char*>(memory_.allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  // A copy of the elements; T is copied as bytes and never destroyed.
  template <class T>
  std::span<const T> Copy(const std::vector<T>& from) {
    return Copy(std::span<const T>(from));
  }
  template <class T>
  std::span<const T> Copy(std::span<const T> from) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (from.empty()) return {};
    T* to = static_cast<T*>(memory_.allocate(from.size_bytes(), alignof(T)));
    std::memcpy(static_cast<void*>(to), from.data(), from.size_bytes());
    return {to, from.size()};
  }

 private:
  std::pmr::monotonic_buffer_resource memory_;
};

}  // namespace guardrails
