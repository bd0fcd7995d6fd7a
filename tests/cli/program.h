// Runs the real executable, as a shell would.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::testing {

struct Finished {
  int exit_code = -1;  // -1: ended by a signal
  std::string out, err;
};

struct Command {
  std::vector<std::string> args;
  std::string input = {};                               // what stands on stdin
  std::map<std::string, std::string> environment = {};  // beside a plain C.UTF-8 one
  std::string stdout_file = {};                         // empty: captured
  int stdout_fd = -1;                                   // stdout itself, if that is to be an open file
  std::string folder = {};                              // where it works; empty: where the tests do
  std::vector<std::string> through = {};                // a command that starts the program, whose words follow it
};
Finished RunProgram(const Command& command);
inline Finished RunProgram(std::vector<std::string> args) { return RunProgram(Command{.args = std::move(args)}); }

// A folder of its own, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  // The path of a new file with that content.
  std::string Write(std::string_view name, std::string_view content) const;
  std::string Path(std::string_view name) const { return (path_ / name).string(); }
  std::size_t Files() const;

 private:
  std::filesystem::path path_;
};

std::string ContentOf(const std::string& path);

}  // namespace guardrails::testing
