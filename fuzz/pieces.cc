// An AnalyzeStack message in the pieces in which gRPC received it: wherever it is cut, the answer is that to the whole.
//
// The cuts are made of the input's hash.
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "fuzz/support.h"

using namespace guardrails;

namespace {

struct Cut {
  std::vector<RequestBytes> owners;
  std::vector<std::string_view> pieces;
};

// Each piece in a buffer of its own, so that reading beyond it is seen. Mostly small ones: a cut through a tag or a
// length is what goes wrong.
std::shared_ptr<const Cut> InPieces(std::string_view message) {
  const auto out = std::make_shared<Cut>();
  std::mt19937 random(static_cast<unsigned>(std::hash<std::string_view>()(message)));
  const std::size_t longest = std::size_t{1} << random() % 12;
  while (!message.empty()) {
    out->owners.push_back(fuzzing::Bytes(message.substr(0, 1 + random() % longest)));
    out->pieces.push_back(out->owners.back().bytes);
    message.remove_prefix(out->pieces.back().size());
  }
  return out;
}

std::string Answer(const RequestPieces& request) {
  const auto reply = fuzzing::FreshSession().AnalyzeStack(request);
  fuzzing::ExpectAnswer(reply.status());
  return reply.ok() ? *reply : std::string(reply.status().message());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message = fuzzing::Text(data, size);
  const std::shared_ptr<const Cut> cut = InPieces(message);
  if (Answer({cut, cut->pieces}) != Answer(fuzzing::Bytes(message))) fuzzing::Fault("the pieces are read as something else");
  return 0;
}
