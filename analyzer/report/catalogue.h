// What the guardrails say of themselves, for `list`, `explain` and the pages made of them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyzer/policy/guardrail.h"
#include "analyzer/report/look.h"

namespace guardrails {

// Every format is UTF-8 with a line break at its end; `look` is for people's formats only.
struct ListFormat {
  std::string_view name;
  std::string (*write)(const Pack& pack, const Look& look);
};
std::span<const ListFormat> ListFormats();

struct ExplainFormat {
  std::string_view name;
  std::string (*write)(const Guardrail& guardrail, const Look& look);
};
std::span<const ExplainFormat> ExplainFormats();

// "resource", "stack", "resource and stack".
std::string_view ScopeName(Scope scope);

// "AWS FSBP Kinesis.1; Checkov CKV_AWS_43, CKV_AWS_185".
std::string ControlsInWords(const Guardrail& guardrail);

}  // namespace guardrails
