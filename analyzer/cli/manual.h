// The manual page, made of what the option parser knows.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/cli/interface.h"

namespace guardrails {

// In the language of man(7). `date`: of the page, as 2026-01-31.
std::string ManualPage(const Interface& interface, std::string_view date);

}  // namespace guardrails
