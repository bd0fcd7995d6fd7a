// The formats of a report. A new one is a file here and a line in Formats().
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyzer/report/report.h"
#include "analyzer/report/look.h"

namespace guardrails {

struct Format {
  std::string_view name;
  // The whole report, UTF-8 with a line break at its end. `look` is for people's formats only.
  std::string (*write)(const Report& report, const Look& look);
};

std::span<const Format> Formats();

std::string WriteHuman(const Report& report, const Look& look);
std::string WriteJson(const Report& report, const Look& look);
std::string WriteSarif(const Report& report, const Look& look);
std::string WriteJunit(const Report& report, const Look& look);
std::string WriteMarkdown(const Report& report, const Look& look);
std::string WriteGithub(const Report& report, const Look& look);
std::string WriteGitlab(const Report& report, const Look& look);
std::string WriteHtml(const Report& report, const Look& look);

}  // namespace guardrails
