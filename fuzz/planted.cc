// Faults on purpose, one of each kind that a run must not overlook. scripts/fuzz first shows that each is found.
#include <chrono>
#include <limits>
#include <string>
#include <thread>

#include "fuzz/support.h"

using namespace guardrails;

namespace {

const std::string kSecrets[] = {"QXZJKVWBGPHQ"};

int ReadBeyond() { return *std::next(fuzzing::Bytes("abc").bytes.data(), 3); }

int Overflow() {
  volatile int most = std::numeric_limits<int>::max();
  return most + 1;
}

int OutOfRange() {
  volatile double number = 1e300;
  return static_cast<int>(number);
}

int Leak() {
  static std::unique_ptr<int> lost;
  lost = std::make_unique<int>(1);
  return *lost.release();
}

int Hang() {
  std::this_thread::sleep_for(std::chrono::minutes(1));
  return 0;
}

int Do(std::string_view fault) {
  if (fault == "read-beyond") return ReadBeyond();
  if (fault == "overflow") return Overflow();
  if (fault == "out-of-range") return OutOfRange();
  if (fault == "leak") return Leak();
  if (fault == "hang") return Hang();
  if (fault == "exception") return static_cast<int>(std::string(fault).at(100));
  if (fault == "secret") fuzzing::ExpectNoneOf(kSecrets, "the password is QXZJKVWB…");
  if (fault == "answer") fuzzing::ExpectAnswer(absl::InternalError("a rule broke"));
  if (fault == "blame") fuzzing::ExpectBlame(absl::InvalidArgumentError(""));
  if (fault == "lost") fuzzing::Fault("findings got lost");
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  volatile const int done = Do(fuzzing::Text(data, size));
  static_cast<void>(done);
  return 0;
}
