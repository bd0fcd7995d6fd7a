#include "tests/cli/program.h"

#include <fcntl.h>
#include <pty.h>
#include <spawn.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <optional>
#include <stdexcept>

namespace guardrails::testing {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// A pseudo terminal. What it shows must fit into its buffer (4 kB): it is read when the program has ended.
class Terminal {
 public:
  Terminal() {
    winsize size{};
    size.ws_col = 80;
    if (openpty(&master_, &slave_, name_, nullptr, &size) != 0) throw std::runtime_error("no pseudo terminal");
    termios settings{};
    tcgetattr(slave_, &settings);
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(slave_, TCSANOW, &settings);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    close(master_);
    close(slave_);
  }
  const char* name() const { return name_; }
  void Type(std::string_view text) const {
    if (write(master_, text.data(), text.size()) < 0) throw std::runtime_error("cannot type");
  }
  std::string Shown() const {
    fcntl(master_, F_SETFL, O_NONBLOCK);
    std::string out(1 << 16, '\0');
    const ssize_t n = read(master_, out.data(), out.size());
    out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return out;
  }

 private:
  int master_ = -1, slave_ = -1;
  char name_[64] = "";
};

}  // namespace

Finished RunProgram(const Command& command) {
  const Folder folder;
  std::optional<Terminal> terminal;  // some containers have none, and few tests need one
  if (command.terminal) terminal.emplace();
  const std::string in = folder.Write("in", command.input), err = folder.Path("err");
  const std::string out = command.stdout_file.empty() ? folder.Path("out") : command.stdout_file;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, terminal ? terminal->name() : in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, terminal ? terminal->name() : out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  std::vector<std::string> args = command.through, environment;
  args.push_back(BINARY_DIR "/fastcart-guardrails");
  args.insert(args.end(), command.args.begin(), command.args.end());
  std::map<std::string, std::string> variables = command.environment;
  variables.insert({{"LC_ALL", "C.UTF-8"}, {"PATH", "/usr/bin:/bin"}, {"TERM", "xterm"}});
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  if (terminal) terminal->Type(command.input + "\n\x04");
  pid_t child = 0;
  const int error = posix_spawn(&child, args[0].c_str(), &files, nullptr, Pointers(args).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::runtime_error("cannot start " + args[0]);
  int status = 0;
  waitpid(child, &status, 0);
  const std::string shown = terminal ? terminal->Shown() : command.stdout_file.empty() ? ContentOf(out) : "";
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
