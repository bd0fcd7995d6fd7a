#include "analyzer/report/format.h"

namespace guardrails {
namespace {

constexpr Format kFormats[] = {{"human", WriteHuman},       {"json", WriteJson},     {"sarif", WriteSarif},  {"junit", WriteJunit},
                               {"markdown", WriteMarkdown}, {"github", WriteGithub}, {"gitlab", WriteGitlab},
                               {"html", WriteHtml}};

}  // namespace

std::span<const Format> Formats() { return kFormats; }

}  // namespace guardrails
