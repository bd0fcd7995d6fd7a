#include "analyzer/value/path.h"

#include <algorithm>

namespace guardrails {
namespace {

bool IsPlain(std::string_view key) {
  return !key.empty() && std::none_of(key.begin(), key.end(), [](char c) { return c == '.' || c == '[' || c == '"'; });
}

std::string Quoted(std::string_view key) {
  std::string out = "[\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"]";
}

}  // namespace

std::string Path::ToString() const {
  std::string out;
  for (const Segment& segment : segments()) {
    if (segment.is_index()) {
      out += '[' + std::to_string(segment.index) + ']';
    } else if (!IsPlain(segment.key)) {
      out += Quoted(segment.key);
    } else {
      if (!out.empty()) out += '.';
      out += segment.key;
    }
  }
  return out;
}

}  // namespace guardrails
