#include "tests/plugin/process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <iostream>
#include <thread>

namespace guardrails::testing {
namespace {

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) == 0) read = ends[0], write = ends[1];
  }
};

void Close(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

std::string ReadAll(int fd) {
  std::string text;
  std::array<char, 4096> part;
  for (ssize_t got = 0; (got = read(fd, part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(got));
  return text;
}

// In the child: only what is safe between fork and exec.
[[noreturn]] void Become(char** argv, const How& how, const Pipe& in, const Pipe& out, const Pipe& err) {
  if (how.in == Stdin::kPipe) dup2(in.read, STDIN_FILENO);
  if (how.in == Stdin::kNull) dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  if (how.in == Stdin::kClosed) close(STDIN_FILENO);
  if (how.out == Stdout::kPipe) dup2(out.write, STDOUT_FILENO);
  if (how.out == Stdout::kClosed) close(STDOUT_FILENO);
  if (how.out == Stdout::kFull) dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
  if (how.out == Stdout::kBrokenPipe) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) _exit(125);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
  }
  dup2(err.write, STDERR_FILENO);
  if (chdir(how.folder.c_str()) != 0) _exit(126);
  execv(argv[0], argv);
  _exit(127);
}

std::string Self() {
  std::array<char, 4096> self{};
  return readlink("/proc/self/exe", self.data(), self.size() - 1) > 0 ? self.data() : "/proc/self/exe";
}

}  // namespace

Process::Process(std::vector<std::string> command, const How& how) {
  std::vector<char*> argv;
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  Pipe in, out, err;
  pid_ = fork();
  if (pid_ == 0) Become(argv.data(), how, in, out, err);
  Close(in.read);
  Close(out.write);
  Close(err.write);
  in_ = in.write, out_ = out.read, err_ = err.read;
}

Process::~Process() {
  if (!exit_ && pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Close(in_);
  Close(out_);
  Close(err_);
}

std::string Process::ReadLine() {
  std::string line;
  for (char c = 0; read(out_, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}
std::string Process::ReadRest() { return ReadAll(out_); }
std::string Process::ReadErrors() { return ReadAll(err_); }
void Process::CloseStdin() { Close(in_); }
void Process::Signal(int signal) const { kill(pid_, signal); }

std::optional<int> Process::Wait(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (!exit_ && waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > until) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (!exit_) exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_;
}

std::vector<std::string> FakePlugin(std::vector<std::string> args) {
  std::vector<std::string> command = {Self(), "--serve"};
  command.insert(command.end(), args.begin(), args.end());
  return command;
}

std::vector<std::string> FakeEngine() { return {Self(), "--engine"}; }

void ServeAsFakeEngine() {
  Process plugin(FakePlugin({"127.0.0.1:1"}));
  std::cout << plugin.ReadLine() << '\n' << plugin.pid() << std::endl;
  for (;;) pause();
}

}  // namespace guardrails::testing
