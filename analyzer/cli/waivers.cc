#include "analyzer/cli/waivers.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "analyzer/input/files.h"

namespace guardrails {
namespace {

namespace fs = std::filesystem;
using Waivers = absl::StatusOr<std::shared_ptr<const WaiverBook>>;

constexpr const char *kPackFile = "PulumiPolicy.yaml", *kVariable = "GUARDRAILS_WAIVERS";

// The nearest folder with a pack, from `start` upwards; empty: there is none.
fs::path PackAbove(fs::path start) {
  std::error_code error;
  for (start = start.lexically_normal(); !start.empty(); start = start.parent_path()) {
    if (fs::exists(start / kPackFile, error)) return start;
    if (start == start.root_path()) break;
  }
  return {};
}

fs::path PackAround() {
  std::error_code error;
  if (fs::path pack = PackAbove(fs::current_path(error)); !pack.empty()) return pack;
  return PackAbove(fs::read_symlink("/proc/self/exe", error).parent_path());
}

std::string FromEnvironment() {
  const char* value = std::getenv(kVariable);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  return value == nullptr ? "" : value;
}

// The environment's, or what is found.
absl::StatusOr<std::string> UsualFile(const std::string& folder) {
  std::string named = FromEnvironment();
  return named.empty() ? FindWaivers(folder) : named;
}

Waivers ReadOrNone(const Pack& pack, const absl::StatusOr<std::string>& path, Date today) {
  if (!path.ok()) return path.status();
  if (path->empty()) return nullptr;
  return ReadWaivers(pack, *path, today);
}

}  // namespace

Date TodayInUtc() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

absl::StatusOr<std::string> FindWaivers(const std::string& pack_folder) {
  const fs::path folder = pack_folder.empty() ? PackAround() : fs::path(pack_folder);
  if (folder.empty()) return "";
  std::error_code error;
  const fs::path yaml = folder / "waivers.yaml", yml = folder / "waivers.yml";
  const bool has_yaml = fs::exists(yaml, error), has_yml = fs::exists(yml, error);
  if (has_yaml && has_yml)
    return absl::InvalidArgumentError(fmt::format("{}: waivers.yml is beside it; keep one of the two", yaml.string()));
  return has_yaml ? yaml.string() : has_yml ? yml.string() : "";
}

Waivers ReadWaivers(const Pack& pack, const std::string& path, Date today) {
  const auto text = ReadFile(path, kMaxWaiverFileBytes);
  if (!text.ok()) return text.status();
  return ParseWaivers(*text, path, pack, today);
}

Waivers WaiversOfPlugin(const Pack& pack, const PackArguments& arguments) {
  std::error_code error;
  const fs::path folder = arguments.folder.empty() ? "" : fs::absolute(arguments.folder, error).lexically_normal();
  if (arguments.waivers.empty()) return ReadOrNone(pack, UsualFile(folder.string()), TodayInUtc());
  return ReadWaivers(pack, (folder / arguments.waivers).string(), TodayInUtc());
}

absl::StatusOr<std::string> WaiverFileOfCheck(const std::string& given) {
  return given.empty() ? UsualFile("") : given;
}

Waivers WaiversOfCheck(const Pack& pack, const std::string& given, Date today) {
  return ReadOrNone(pack, WaiverFileOfCheck(given), today);
}

}  // namespace guardrails
