#include "tests/cli/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace guardrails::testing {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Finished RunProgram(const Command& command) {
  const Folder folder;
  const std::string in = folder.Write("in", command.input), err = folder.Path("err");
  const std::string out = command.stdout_file.empty() ? folder.Path("out") : command.stdout_file;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, in.c_str(), O_RDONLY, 0);
  if (command.stdout_fd < 0)
    posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
  else
    posix_spawn_file_actions_adddup2(&files, command.stdout_fd, 1);
  posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  if (!command.folder.empty()) posix_spawn_file_actions_addchdir_np(&files, command.folder.c_str());
  std::vector<std::string> args = command.through, environment;
  args.push_back(BINARY_DIR "/fastcart-guardrails");
  args.insert(args.end(), command.args.begin(), command.args.end());
  std::map<std::string, std::string> variables = command.environment;
  variables.insert({{"LC_ALL", "C.UTF-8"}, {"PATH", "/usr/bin:/bin"}, {"TERM", "xterm"}});
  for (const char* name : {"LSAN_OPTIONS", "TSAN_OPTIONS"}) {  // what the sanitizers are to leave out
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
    if (value != nullptr) variables.emplace(name, value);
  }
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  pid_t child = 0;
  const int error = posix_spawn(&child, args[0].c_str(), &files, nullptr, Pointers(args).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::runtime_error("cannot start " + args[0]);
  int status = 0;
  waitpid(child, &status, 0);
  const std::string shown = command.stdout_file.empty() ? ContentOf(out) : "";
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, shown, ContentOf(err)};
}

Folder::Folder() {
  std::string path = (std::filesystem::temp_directory_path() / "guardrails-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = path;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::Write(std::string_view name, std::string_view content) const {
  std::ofstream(Path(name), std::ios::binary) << content;
  return Path(name);
}

std::size_t Folder::Files() const {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
}

std::string ContentOf(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

}  // namespace guardrails::testing
