// The file of --policy-config.
#include "analyzer/evaluate/evaluate.h"
#include "analyzer/policy/config.h"
#include "fuzz/support.h"
#include "policies/pack.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto settings = ParsePolicyConfig(fastcart::FastCartPack(), fuzzing::Text(data, size));
  fuzzing::ExpectBlame(settings.status());
  if (settings.ok()) fuzzing::ExpectBlame(ConfiguredPack::Make(fastcart::FastCartPack(), *settings).status());
  return 0;
}
