#include "analyzer/report/source.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>

namespace guardrails {
namespace {

constexpr std::string_view kScheme = "project:///";

std::optional<unsigned char> HexByte(std::string_view digits) {
  unsigned char byte = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
  return digits.size() == 2 && error == std::errc() && end == digits.data() + 2 ? std::optional(byte) : std::nullopt;
}

// Of a URL's path: "%20" is a blank. What is no such code stays as it is.
std::string Decoded(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto byte = path[i] == '%' ? HexByte(path.substr(i + 1, 2)) : std::nullopt;
    out += byte ? static_cast<char>(*byte) : path[i];
    if (byte) i += 2;
  }
  return out;
}

// A line number, perhaps with a column behind it: "74", "74,5".
std::optional<std::size_t> LineNumber(std::string_view text) {
  std::size_t line = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
  const bool whole = end == text.data() + text.size() || *end == ',';
  return error == std::errc() && whole && line > 0 ? std::optional(line) : std::nullopt;
}

std::optional<SourceLine> Parse(std::string_view frame, std::string_view root) {
  const auto hash = frame.rfind('#');
  if (!frame.starts_with(kScheme) || hash == std::string_view::npos) return std::nullopt;
  const auto line = LineNumber(frame.substr(hash + 1));
  if (!line) return std::nullopt;
  const std::filesystem::path file = Decoded(frame.substr(kScheme.size(), hash - kScheme.size()));
  return SourceLine{(std::filesystem::path(root) / file).lexically_normal().generic_string(), *line};
}

}  // namespace

std::vector<SourceLine> SourceOf(const Resource* resource, std::string_view root) {
  std::vector<SourceLine> out;
  if (resource == nullptr) return out;
  for (const std::string_view frame : resource->created_at)
    if (auto line = Parse(frame, root)) out.push_back(*std::move(line));
  return out;
}

std::string ToString(const SourceLine& source) { return fmt::format("{}:{}", source.file, source.line); }

}  // namespace guardrails
