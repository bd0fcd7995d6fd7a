// What can be said of a question of which part may be unknown.
#pragma once

#include <cstdint>

namespace fastcart {

// In this order: the least of several holds for all of them, the most for any.
enum class Certainty : std::uint8_t { kNo, kUnknown, kYes };

}  // namespace fastcart
