// A child process whose standard streams a test holds.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace guardrails::testing {

enum class Stdin { kPipe, kNull, kClosed };
enum class Stdout { kPipe, kClosed, kFull, kBrokenPipe };  // kFull: a disk without room

struct How {
  Stdin in = Stdin::kPipe;
  Stdout out = Stdout::kPipe;
  std::string folder = ".";  // where it runs
};

class Process {
 public:
  explicit Process(std::vector<std::string> command, const How& how = How());
  ~Process();  // kills what still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::string ReadLine();  // from stdout
  std::string ReadRest();  // what is left on stdout
  std::string ReadErrors();
  void CloseStdin();
  void Signal(int signal) const;
  pid_t pid() const { return pid_; }
  // The exit code, or 128 + the signal that killed it; nothing if it still runs after `patience`.
  std::optional<int> Wait(std::chrono::milliseconds patience = std::chrono::seconds(20));

 private:
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
  std::optional<int> exit_;
};

// This program as a plugin with the fake pack; `args` are those that the engine would give.
std::vector<std::string> FakePlugin(std::vector<std::string> args);

// This program as an engine that starts the plugin, prints its port and its process id, a line each, and waits.
std::vector<std::string> FakeEngine();
[[noreturn]] void ServeAsFakeEngine();

}  // namespace guardrails::testing
