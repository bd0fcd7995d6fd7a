// One guardrail's page, in sections; a format decides how a section looks.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "analyzer/policy/config.h"
#include "analyzer/report/catalogue.h"

namespace guardrails {
namespace {

struct Section {
  std::string_view title;
  std::vector<std::string> lines;
  std::string_view code_language = {};  // empty: prose
};

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with('\n')) text.remove_prefix(1);
  while (text.ends_with('\n') || text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  for (text = Trimmed(text); !text.empty();) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string TypeInWords(const ConfigKey& key) {
  switch (key.type) {
    case ConfigKey::Type::kBoolean: return "boolean";
    case ConfigKey::Type::kInteger: return "integer";
    case ConfigKey::Type::kString: return "string";
    case ConfigKey::Type::kStrings: return key.patterns ? "list of names or RE2 patterns" : "list of strings";
    case ConfigKey::Type::kIntegers: return "list of integers";
  }
  return {};
}

std::string KeyInWords(const ConfigKey& key) {
  std::string facts = TypeInWords(key);
  if (!key.default_json.empty()) facts += fmt::format(", default `{}`", key.default_json);
  if (key.minimum) facts += fmt::format(", at least {}", *key.minimum);
  if (key.maximum) facts += fmt::format(", at most {}", *key.maximum);
  return fmt::format("- `{}` ({}): {}", key.name, facts, key.description);
}

Section Configuration(const Guardrail& g) {
  Section out{"Configuration", {}};
  for (const ConfigKey& key : g.config) out.lines.push_back(KeyInWords(key));
  if (out.lines.empty()) out.lines.emplace_back("Only the enforcement level.");
  return out;
}

// A policy configuration with the guardrail's defaults.
Section Example(const Guardrail& g) {
  nlohmann::ordered_json settings = {{"enforcementLevel", LevelName(g.level)}};
  for (const ConfigKey& key : g.config)
    if (!key.default_json.empty()) settings[std::string(key.name)] = nlohmann::ordered_json::parse(key.default_json);
  const nlohmann::ordered_json file = {{std::string(g.name), std::move(settings)}};
  return {"As a policy configuration", Lines(file.dump(2)), "json"};
}

// All that is judged by itself; the rest of a stack is evidence at most.
Section Types(const Guardrail& g) {
  Section out{"Judged types", {}};
  for (const std::string_view type : g.types)
    out.lines.push_back(type == "*" ? "- every resource that a provider manages" : fmt::format("- `{}`", type));
  return out;
}

Section Controls(const Guardrail& g) {
  Section out{"Framework controls", {}};
  for (const Control& control : g.controls) out.lines.push_back(fmt::format("- {} {}", control.framework, control.id));
  return out;
}

std::vector<Section> Sections(const Guardrail& g) {
  std::vector<Section> sections = {{"What it decides", {std::string(g.description)}},
                                   {"Why", {std::string(g.why)}},
                                   {"How to comply", {std::string(g.how_to_fix)}},
                                   Types(g),
                                   {"Fails", Lines(g.failing), "python"},
                                   {"Passes", Lines(g.passing), "python"},
                                   Configuration(g),
                                   Example(g),
                                   Controls(g),
                                   {"What stays undecided at preview", {std::string(g.undecided)}}};
  std::erase_if(sections, [](const Section& s) { return s.lines.empty() || s.lines.front().empty(); });
  return sections;
}

std::string Facts(const Guardrail& g) {
  return fmt::format("Severity {}; {} by default; judges by {}; {}remediated with level `remediate`.",
                     SeverityName(g.severity), LevelName(g.level), ScopeName(g.scope), g.remediates ? "" : "not ");
}

std::string ExplainHuman(const Guardrail& g, const Look& look) {
  std::string out = Paint(look, Colour::kBold, g.name) + "  " + Printable(look, g.display_name) + "\n";
  out += Wrapped(look, 0, Facts(g));
  for (const Section& section : Sections(g)) {
    out += "\n" + Paint(look, Colour::kBold, section.title) + "\n";
    for (const std::string& line : section.lines)
      out += section.code_language.empty() ? Wrapped(look, 2, Printable(look, line))
                                           : fmt::format("    {}\n", Printable(look, line));
  }
  if (!g.url.empty()) out += fmt::format("\n{}\n", g.url);
  return out;
}

std::string ExplainMarkdown(const Guardrail& g, const Look&) {
  std::string out = fmt::format("# {}\n\n**{}.** {}\n", g.name, g.display_name, Facts(g));
  for (const Section& section : Sections(g)) {
    const bool code = !section.code_language.empty();
    out += fmt::format("\n## {}\n\n", section.title);
    if (code) out += fmt::format("```{}\n", section.code_language);
    out += fmt::format("{}\n", fmt::join(section.lines, "\n"));
    if (code) out += "```\n";
  }
  if (!g.url.empty()) out += fmt::format("\nSee <{}>.\n", g.url);
  return out;
}

constexpr ExplainFormat kFormats[] = {{"human", ExplainHuman}, {"markdown", ExplainMarkdown}};

}  // namespace

std::span<const ExplainFormat> ExplainFormats() { return kFormats; }

}  // namespace guardrails
