#include "tests/random/said.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_replace.h"

namespace fastcart::testing {
namespace {

using nlohmann::json;

// The engine is told nothing that it would take for its own markup of colours.
std::string WithoutMarkup(const std::string& message) {
  return absl::StrReplaceAll(message, {{"<{%", "< {%"}, {"%}>", "%} >"}});
}

std::string Lines(const char* mark, const std::multiset<json>& in, const std::multiset<json>& other) {
  std::string out;
  std::vector<json> only;
  std::set_difference(in.begin(), in.end(), other.begin(), other.end(), std::back_inserter(only));
  for (const json& verdict : only) out += mark + verdict.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  return out;
}

// Policies of `some` that are not in `all`.
std::string Missing(const char* mark, const std::set<std::string>& some, const std::set<std::string>& all) {
  std::string out;
  for (const std::string& policy : some)
    if (!all.contains(policy)) out += mark + policy + "\n";
  return out;
}

}  // namespace

json Entry(const std::string& policy, const std::string& urn, const std::string& level, const std::string& message) {
  return {{"policy", policy}, {"urn", urn}, {"level", level}, {"message", message}};
}

std::vector<Said> SaidOf(const json& report, const std::vector<std::string>& files) {
  std::map<std::string, std::size_t> index;
  for (const std::string& file : files) index.emplace(file, index.size());
  std::vector<Said> out(files.size());
  for (const char* kind : {"violations", "undecided"})
    for (const json& f : report.value(kind, json::array()))
      out.at(index.at(f["file"]))
          .verdicts.insert(
              Entry(f["policy"], f["urn"], f.value("enforcement", "advisory"), WithoutMarkup(f["message"])));
  for (const json& n : report.value("notApplicable", json::array())) {
    Said& said = out.at(index.at(n["file"]));
    (n.contains("urn") ? said.in_part : said.not_applicable).insert(n["policy"]);
  }
  return out;
}

std::string Difference(const Said& engine, const Said& check) {
  std::set<std::string> perhaps = check.not_applicable;
  perhaps.insert(check.in_part.begin(), check.in_part.end());
  return Lines("  only the engine hears: ", engine.verdicts, check.verdicts) +
         Lines("  only check says: ", check.verdicts, engine.verdicts) +
         Missing("  not applicable for check alone: ", check.not_applicable, engine.not_applicable) +
         Missing("  not applicable for the engine alone: ", engine.not_applicable, perhaps);
}

}  // namespace fastcart::testing
