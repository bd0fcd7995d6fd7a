// The settings of a pack's guardrails, as a name for those who only hand them on: config.h has what is in them.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace guardrails {

struct Settings;
using PackSettings = std::map<std::string, Settings, std::less<>>;

}  // namespace guardrails
