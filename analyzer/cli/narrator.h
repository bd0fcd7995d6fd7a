// What `check` tells on stderr while it works: notes for who asks for them and, on a terminal, what it is at once that
// takes longer than a second. All of it may be called from several threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace guardrails {

enum class Volume { kQuiet, kNormal, kVerbose };

class Narrator {
 public:
  // Of the work on so many files; `typing`: somebody types one of them, and is not to be written over.
  Narrator(Volume volume, std::size_t files, bool typing);
  Narrator(const Narrator&) = delete;
  Narrator& operator=(const Narrator&) = delete;
  ~Narrator();  // leaves no progress on the terminal

  // A line that only --verbose shows.
  void Note(std::string_view line);

  // The work on one file, from here to the end of its life.
  class Work {
   public:
    Work(Narrator& narrator, std::string_view file, std::string_view doing);
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work();
    void Now(std::string_view doing);  // "judging"
    double Seconds();                  // since the beginning, or since this was asked last

   private:
    Narrator& narrator_;
    std::list<std::string>::iterator task_;
    std::string file_;
    std::chrono::steady_clock::time_point asked_ = std::chrono::steady_clock::now();
  };

 private:
  void Show(const std::stop_token& stop);
  std::string Line() const;
  void Erase();

  const Volume volume_;
  const std::size_t files_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::mutex mutex_;                // of what follows, and of stderr
  std::list<std::string> tasks_;    // under way, the oldest first
  std::size_t done_ = 0;
  bool shown_ = false;              // there is a progress line
  std::condition_variable_any stopped_;
  std::jthread thread_;             // last: it uses the others
};

}  // namespace guardrails
