// The guardrails one after another: for people, for programs, and as the first page of the catalogue.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "analyzer/policy/config.h"
#include "analyzer/report/catalogue.h"

namespace guardrails {
namespace {

using Json = nlohmann::ordered_json;

std::string ConfigKeys(const Guardrail& g, std::string_view quote) {
  std::string out;
  for (const ConfigKey& key : g.config) out += fmt::format("{}{}{}{}", out.empty() ? "" : ", ", quote, key.name, quote);
  return out;
}

std::string ListHuman(const Pack& pack, const Look& look) {
  std::size_t widest = 0;
  for (const Guardrail* g : pack.guardrails) widest = std::max(widest, g->name.size());
  std::string out;
  for (const Guardrail* g : pack.guardrails) {
    out += Paint(look, Colour::kBold, fmt::format("{:<{}}", g->name, widest));
    out += fmt::format("  {:<8}  {:<9}  {}\n", SeverityName(g->severity), LevelName(g->level), ScopeName(g->scope));
    out += Wrapped(look, 4, Printable(look, g->description));
    if (!g->config.empty()) out += Wrapped(look, 4, "Config: " + ConfigKeys(*g, ""));
    if (!g->controls.empty()) out += Wrapped(look, 4, "Controls: " + ControlsInWords(*g));
    out += '\n';
  }
  return out + Counted(pack.guardrails.size(), "guardrail") + "\n";
}

Json ControlsJson(const Guardrail& g) {
  Json out = Json::array();
  for (const Control& control : g.controls) out.push_back({{"framework", control.framework}, {"id", control.id}});
  return out;
}

Json GuardrailJson(const Guardrail& g) {
  return {{"name", g.name},
          {"displayName", g.display_name},
          {"severity", SeverityName(g.severity)},
          {"enforcement", LevelName(g.level)},
          {"scope", ScopeName(g.scope)},
          {"types", g.types},
          {"description", g.description},
          {"why", g.why},
          {"remediation", g.how_to_fix},
          {"remediates", g.remediates},
          {"undecided", g.undecided},
          {"config", Json(ConfigSchema(g))},
          {"frameworks", ControlsJson(g)},
          {"url", g.url}};
}

std::string ListJson(const Pack& pack, const Look&) {
  Json out = {{"schemaVersion", 1},
              {"tool", {{"name", pack.name}, {"version", pack.version}}},
              {"guardrails", Json::array()}};
  for (const Guardrail* g : pack.guardrails) out["guardrails"].push_back(GuardrailJson(*g));
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string ListMarkdown(const Pack& pack, const Look&) {
  std::string out = fmt::format(
      "# Guardrails\n\n{}. `{} list` and `{} explain NAME` show the same; the pages are made of it.\n\n"
      "| guardrail | severity | level | judges | config | what it decides |\n|---|---|---|---|---|---|\n",
      pack.description, pack.name, pack.name);
  for (const Guardrail* g : pack.guardrails)
    out += fmt::format("| [{0}]({0}.md) | {1} | {2} | {3} | {4} | {5} |\n", g->name, SeverityName(g->severity),
                       LevelName(g->level), ScopeName(g->scope), ConfigKeys(*g, "`"), g->display_name);
  return out;
}

constexpr ListFormat kFormats[] = {{"human", ListHuman}, {"json", ListJson}, {"markdown", ListMarkdown}};

}  // namespace

std::span<const ListFormat> ListFormats() { return kFormats; }

std::string_view ScopeName(Scope scope) {
  switch (scope) {
    case Scope::kResource: return "resource";
    case Scope::kStack: return "stack";
    case Scope::kBoth: return "resource and stack";
  }
  return {};
}

std::string ControlsInWords(const Guardrail& g) {
  std::vector<std::pair<std::string_view, std::string>> by_framework;
  for (const Control& control : g.controls) {
    auto at = std::find_if(by_framework.begin(), by_framework.end(),
                           [&](const auto& entry) { return entry.first == control.framework; });
    if (at == by_framework.end()) {
      by_framework.emplace_back(control.framework, control.id);
    } else {
      at->second += fmt::format(", {}", control.id);
    }
  }
  std::string out;
  for (const auto& [framework, ids] : by_framework) out += fmt::format("{}{} {}", out.empty() ? "" : "; ", framework, ids);
  return out;
}

}  // namespace guardrails
