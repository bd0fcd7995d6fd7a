// Days of the calendar, in UTC. The core reads no clock: who runs it says what day it is.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails {

using Date = std::chrono::sys_days;

// A day that exists, written YYYY-MM-DD.
std::optional<Date> ParseDate(std::string_view text);
std::string ShowDate(Date date);

}  // namespace guardrails
