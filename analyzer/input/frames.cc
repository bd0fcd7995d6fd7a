#include "analyzer/input/frames.h"

namespace guardrails {
namespace {

constexpr std::string_view kScheme = "project:///";

// "python3.11", "python311.zip", "pypy3.10": the folder of a language's library, inside "lib" or "lib64".
bool IsLibrary(std::string_view outer, std::string_view name) {
  if (outer != "lib" && outer != "lib64") return false;
  for (const std::string_view language : {"python", "pypy"})
    if (name.starts_with(language) && name.size() > language.size() && name[language.size()] >= '0' &&
        name[language.size()] <= '9')
      return true;
  return false;
}

bool IsForeign(std::string_view outer, std::string_view name) {
  return name == "site-packages" || name == "dist-packages" || name == "node_modules" ||
         name.starts_with("pulumi-language-") || IsLibrary(outer, name);
}

}  // namespace

bool IsProgramsOwn(std::string_view frame) {
  if (!frame.starts_with(kScheme)) return false;
  std::string_view path = frame.substr(kScheme.size());
  path = path.substr(0, path.rfind('#'));
  if (path.empty()) return false;
  for (std::string_view outer; !path.empty();) {
    const std::string_view name = path.substr(0, path.find('/'));
    if (IsForeign(outer, name)) return false;
    path.remove_prefix(name.size() == path.size() ? name.size() : name.size() + 1);
    outer = name;
  }
  return true;
}

}  // namespace guardrails
