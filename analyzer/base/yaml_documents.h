// Looks at a YAML text before anything of it is loaded. Thread-safe.
#pragma once

#include <yaml-cpp/mark.h>

#include <string>

namespace guardrails {

// Where a second document begins; null_mark() if there is none. Throws YAML::Exception with the place for what is no YAML,
// such as "," too, of which YAML::Load makes an empty document, and YAML::LoadAll empty documents without end.
YAML::Mark SecondYamlDocument(const std::string& text);

}  // namespace guardrails
