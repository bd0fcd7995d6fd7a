#include "analyzer/cli/targets.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/cli/output.h"
#include "analyzer/cli/waivers.h"

namespace guardrails {
namespace {

using FileId = std::pair<dev_t, ino_t>;

// Where something is written or read.
struct Spot {
  std::optional<int> descriptor;  // an open one
  std::string path;               // else the canonical one, of what may not exist yet
  std::optional<FileId> file;     // of a regular file that is there
  bool device = false;            // there is something else, which is written to and not replaced
};

void Note(bool exists, const struct stat& found, Spot& spot) {
  if (!exists) return;
  if (S_ISREG(found.st_mode)) spot.file = FileId(found.st_dev, found.st_ino);
  spot.device = !S_ISREG(found.st_mode);
}

Spot SpotOfDescriptor(int descriptor) {
  Spot out{.descriptor = descriptor, .path = {}, .file = {}};
  struct stat found{};
  Note(fstat(descriptor, &found) == 0, found, out);
  return out;
}

std::string Canonical(const std::string& path) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(Followed(path), error);
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(whole, error);
  return error ? path : canonical.string();
}

Spot SpotOfPath(const std::string& path) {
  if (const auto descriptor = DescriptorOf(path)) return SpotOfDescriptor(*descriptor);
  Spot out{.descriptor = {}, .path = Canonical(path), .file = {}};
  struct stat found{};
  Note(stat(path.c_str(), &found) == 0, found, out);
  return out;
}

bool AreOne(const Spot& a, const Spot& b) {
  if (a.descriptor && b.descriptor) return a.descriptor == b.descriptor;  // what shares a file shares the place in it
  if (a.file && b.file) return a.file == b.file;
  return !a.descriptor && !b.descriptor && a.path == b.path;
}

std::vector<Spot> Read(const CheckOptions& options) {
  std::vector<std::string> files = options.files;
  for (const std::string* file : {&options.policy_config, &options.stack_config, &options.baseline}) files.push_back(*file);
  if (const auto waivers = WaiverFileOfCheck(options.waivers); waivers.ok() && !options.no_waivers)
    files.push_back(*waivers);
  std::erase(files, "");
  std::vector<Spot> out;
  out.reserve(files.size());
  for (const std::string& file : files) out.push_back(file == "-" ? SpotOfDescriptor(STDIN_FILENO) : SpotOfPath(file));
  return out;
}

}  // namespace

std::string FaultOfTargets(const CheckOptions& options) {
  const std::vector<Spot> read = Read(options);
  std::vector<Spot> written;
  for (const ReportTarget& report : options.reports) {
    const bool to_stdout = report.path.empty();
    const std::string_view name = to_stdout ? "stdout" : std::string_view(report.path);
    const Spot spot = to_stdout ? SpotOfDescriptor(STDOUT_FILENO) : SpotOfPath(report.path);
    const auto is_it = [&spot](const Spot& other) { return AreOne(spot, other); };
    if (std::any_of(written.begin(), written.end(), is_it)) return fmt::format("two reports would go to {}", name);
    // What has a descriptor was opened by the shell, which has asked nobody, and a device is not replaced.
    if (!spot.descriptor && !spot.device && std::any_of(read.begin(), read.end(), is_it))
      return fmt::format("a report would overwrite {}, which is to be read", name);
    written.push_back(spot);
  }
  return {};
}

}  // namespace guardrails
