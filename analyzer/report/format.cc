#include "analyzer/report/format.h"

namespace guardrails {
namespace {

constexpr Format kFormats[] = {{"human", WriteHuman}, {"json", WriteJson}};

}  // namespace

std::span<const Format> Formats() { return kFormats; }

}  // namespace guardrails
