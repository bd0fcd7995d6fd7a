#include "tests/policies/case_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "analyzer/model/urn.h"
#include "analyzer/value/encoding.h"

namespace fastcart::testing {
namespace {

using nlohmann::json;

json Secret(const char* key, json value) {
  return {{std::string(guardrails::kSignatureKey), guardrails::kSecretSignature}, {key, std::move(value)}};
}

// A property value with its shorthands written out.
json Expand(const json& value) {
  if (value == "<unknown>") return guardrails::kUnknownString;
  if (value == "<hidden>") return Secret("ciphertext", "v1:…");
  if (value.is_object() && value.size() == 1 && value.contains("<secret>"))
    return Secret("value", Expand(value["<secret>"]));
  if (value.is_object() && value.size() == 1 && value.contains("<json>")) return Expand(value["<json>"]).dump();
  json out = value;
  if (out.is_structured())
    for (auto& element : out) element = Expand(element);
  return out;
}

json& ByName(json& resources, const std::string& name) {
  const auto at = std::find_if(resources.begin(), resources.end(), [&](const json& r) { return r.at("name") == name; });
  if (at != resources.end()) return *at;
  return resources.emplace_back(json{{"name", name}});
}

using Urns = std::map<std::string, std::string>;

json ExpandUrns(const json& value, const Urns& urns) {
  if (value.is_string() && value.get_ref<const std::string&>().starts_with("@"))
    return urns.at(value.get<std::string>().substr(1));
  json out = value;
  if (out.is_structured())
    for (auto& element : out) element = ExpandUrns(element, urns);
  return out;
}

Urns GiveUrns(json& list) {
  Urns urns;
  const std::string stack = list.value("stack", ""), project = list.value("project", "");
  for (json& r : list["resources"]) {
    if (!r.contains("urn")) r["urn"] = guardrails::MakeUrn(stack, project, "", r.value("type", ""), r.value("name", ""));
    urns[r["name"]] = r["urn"];
  }
  return urns;
}

void ExpandResource(json& resource, const Urns& urns) {
  for (const char* key : {"properties", "inputs", "outputs", "id"})
    if (resource.contains(key)) resource[key] = Expand(resource[key]);
  for (const char* key : {"parent", "provider", "dependencies", "propertyDependencies"})
    if (resource.contains(key)) resource[key] = ExpandUrns(resource[key], urns);
  if (resource.contains("propertyDependencies"))
    for (auto& edges : resource["propertyDependencies"])
      if (edges.is_string()) edges = json::array({edges});
}

json ListOf(const json& base, const json& spec) {
  json list = base;
  list.merge_patch(spec.value("stack", json::object()));
  json& resources = list["resources"];
  for (const auto& name : spec.value("remove", json::array()))
    resources.erase(std::remove_if(resources.begin(), resources.end(), [&](const json& r) { return r["name"] == name; }),
                    resources.end());
  const json patches = spec.value("patch", json::object());
  for (const auto& [name, patch] : patches.items()) ByName(resources, name).merge_patch(patch);
  const Urns urns = GiveUrns(list);
  for (json& r : resources) ExpandResource(r, urns);
  return list;
}

CaseFile ReadCaseFile(const std::filesystem::path& path) {
  CaseFile out{path.stem(), {}, {}};
  try {
    const json file = json::parse(std::ifstream(path));
    for (const json& spec : file.at("cases")) {
      out.error = " in case " + spec.value("name", "without a name");
      out.cases.push_back({spec.at("name"), ListOf(file.at("base"), spec), spec});
    }
    out.error.clear();
  } catch (const std::exception& error) {
    out.error = error.what() + out.error;
  }
  return out;
}

bool IsProvider(const json& resource) { return resource.value("type", "").starts_with("pulumi:providers:"); }

void CollectTexts(const json& value, std::size_t length, std::vector<std::string>& out) {
  if (value.is_string() && value.get_ref<const std::string&>().size() >= length) out.push_back(value);
  if (value.is_structured())
    for (const auto& element : value) CollectTexts(element, length, out);
}

std::vector<CaseFile> ReadCaseFiles() {
  std::vector<CaseFile> out;
  for (const auto& entry : std::filesystem::directory_iterator(TEST_DATA "/policies/cases"))
    if (entry.path().extension() == ".json") out.push_back(ReadCaseFile(entry.path()));
  std::sort(out.begin(), out.end(), [](const CaseFile& a, const CaseFile& b) { return a.rule < b.rule; });
  return out;
}

}  // namespace

const std::vector<CaseFile>& CaseFiles() {
  static const std::vector<CaseFile> kFiles = ReadCaseFiles();
  return kFiles;
}

json MadeSecret(json list) {
  for (json& resource : list["resources"])
    for (const char* bag : {"properties", "inputs", "outputs"}) {
      if (!resource.contains(bag) || IsProvider(resource)) continue;
      for (auto& [key, value] : resource[bag].items())
        if (!key.starts_with("__")) value = Secret("value", value);
    }
  return list;
}

std::vector<std::string> TextsOf(const json& list, std::size_t length) {
  std::vector<std::string> out;
  for (const json& resource : list["resources"])
    for (const char* bag : {"properties", "inputs", "outputs"})
      if (resource.contains(bag) && !IsProvider(resource)) CollectTexts(resource[bag], length, out);
  return out;
}

}  // namespace fastcart::testing
