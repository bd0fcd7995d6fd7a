#include "tests/random/stacks.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "analyzer/input/files.h"
#include "analyzer/value/encoding.h"
#include "tests/random/normal.h"

namespace fastcart::testing {
namespace {

using nlohmann::json;

json Real(const char* name) {
  const auto text = guardrails::ReadFile(std::string(TEST_DATA "/fixtures/real/") + name);
  return json::parse(text.value());
}

// The last real deployment as a list.
json Deployed() {
  const json config = {{"aws:region", "eu-central-1"}, {"fastcart:environmentSuffix", "dev"}};
  return Normal({{"project", "fastcart"}, {"stack", "dev"}, {"config", config},
                 {"resources", Real("export-show-secrets.json.gz")["deployment"]["resources"]}});
}

// A preview shows a secret as this text, wherever it stands.
void GiveSecrets(json& value, const json& deployed) {
  if (value == "[secret]") value = deployed.is_null() ? Secret("a-new-secret") : deployed;
  if (!value.is_structured() || IsSecret(value)) return;
  for (auto& [key, member] : value.items())
    GiveSecrets(member, deployed.is_object() ? deployed.value(key, json()) : json());
}

// The same before anything exists: the first preview's inputs; of outputs, what the provider only learns is unknown.
json FirstPreview() {
  json list = FastCartStack(false);
  std::map<std::string, json> inputs;
  const json preview = Real("preview-create.json.gz");
  for (const json& step : preview["steps"])
    inputs[step["urn"]] = step["newState"].value("inputs", json::object());
  for (json& r : list["resources"]) {
    if (!inputs.contains(r["urn"])) continue;  // no preview lists default providers
    json& now = inputs[r["urn"]];
    GiveSecrets(now, r["inputs"]);
    for (auto& [key, value] : r["outputs"].items())
      value = now.contains(key) ? now[key] : json(guardrails::kUnknownString);
    r["inputs"] = now;
  }
  return Normal(list);
}

std::vector<const Case*> AllCases() {
  std::vector<const Case*> out;
  for (const CaseFile& file : CaseFiles())
    for (const Case& c : file.cases)
      if (CanBeAsked(c)) out.push_back(&c);
  return out;
}

// Of text and draw, evenly: FNV-1a.
std::uint64_t Rank(std::string_view text, std::uint64_t draw) {
  std::uint64_t hash = 14695981039346656037U ^ draw;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash ^ (hash >> 29U);
}

// The case of the first rank: so a new case changes few of the stacks.
const Case& RandomCase(Random& random) {
  static const std::vector<const Case*> kCases = AllCases();
  const std::uint64_t draw = random.Below(std::size_t{1} << 31U);
  return **std::min_element(kCases.begin(), kCases.end(),
                            [&](auto* a, auto* b) { return Rank(a->name, draw) < Rank(b->name, draw); });
}

bool IsManaged(const json& r) {
  return r["custom"] == true && !r["type"].get_ref<const std::string&>().starts_with("pulumi:");
}

std::vector<std::string> Keys(const json& value) {
  std::vector<std::string> out;
  if (value.is_object() && !value.contains(std::string(guardrails::kSignatureKey)))
    for (const auto& [key, unused] : value.items())
      if (!key.starts_with("__")) out.push_back(key);
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) out.push_back(std::to_string(i));
  return out;
}

json* Step(json& value, const std::string& key) {
  if (value.is_object()) return value.contains(key) ? &value[key] : nullptr;
  if (!value.is_array()) return nullptr;
  const std::size_t index = std::stoul(key);
  return index < value.size() ? &value[index] : nullptr;
}

// The parent of what the path names, or null.
json* ParentOf(json& bag, const std::vector<std::string>& path) {
  json* at = &bag;
  for (std::size_t i = 0; at != nullptr && i + 1 < path.size(); ++i) at = Step(*at, path[i]);
  return at;
}

void Set(json& bag, const std::vector<std::string>& path, const json& value) {
  json* parent = ParentOf(bag, path);
  json* at = parent ? Step(*parent, path.back()) : nullptr;
  if (at == nullptr) return;
  if (!value.is_null()) {
    *at = value;
  } else if (parent->is_array()) {
    parent->erase(std::stoul(path.back()));
  } else {
    parent->erase(path.back());
  }
}

// Texts that rules look for, in places where they do not belong.
json RandomText(const json& list, Random& random) {
  static const std::vector<std::string> kTexts = {
      "", "*", "0.0.0.0/0", "::/0", "eu-central-1a", "us-east-1", "us-east-1b", "alias/aws/kinesis", "KMS", "AES256",
      "alias/fastcart-dev", "postgres", "redis", "FARGATE", "ON_DEMAND", "tcp", "-1", "fastcart", "orders-dev", "true",
      "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111",
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})", "{", "Ünicode <{%x%}>",
  };
  if (random.OneIn(2)) return random.Of(kTexts);
  const Place from = RandomPlace(list, random);
  return from.path.empty() || !At(list, from).is_string() ? json("text") : At(list, from);
}

json RandomNumber(Random& random) {
  static const std::vector<json> kNumbers = {0, 1, 2, 3, 7, 22, 5432, 6379, 65535, -1, 1.5, 1e18};
  return random.Of(kNumbers);
}

json Changed(const json& list, const json& value, Random& random);

// The text of a JSON document with a change inside.
json ChangedInside(const json& list, const json& text, Random& random) {
  json document = json::parse(text.get_ref<const std::string&>(), nullptr, false);
  if (!document.is_structured()) return json();
  std::vector<std::string> path;
  for (const json* at = &document; at != nullptr && (path.empty() || !random.OneIn(3));) {
    const auto keys = Keys(*at);
    if (keys.empty()) break;
    path.push_back(random.Of(keys));
    at = at->is_array() ? &(*at)[std::stoul(path.back())] : &(*at)[path.back()];
  }
  if (path.empty()) return json();
  json& parent = *ParentOf(document, path);
  Set(document, path, random.OneIn(3) ? json() : Changed(list, *Step(parent, path.back()), random));
  return document.dump();
}

// Another value, mostly of the same type.
json Changed(const json& list, const json& value, Random& random) {
  if (random.OneIn(8)) {
    const std::vector<json> others = {true, RandomNumber(random), RandomText(list, random), json::array(),
                                      json::object(), json::array({RandomText(list, random)})};
    return random.Of(others);
  }
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_number()) return RandomNumber(random);
  if (value.is_string()) {
    const json inside = random.OneIn(5) ? json() : ChangedInside(list, value, random);
    return inside.is_null() ? RandomText(list, random) : inside;
  }
  if (value.is_array() && !value.empty()) {
    json list_of = value;
    list_of.push_back(random.Of(value));
    return list_of;
  }
  return json::object();
}

// `value` with an unknown in it, or secret.
json Veiled(const json& value, Random& random) {
  const json unknown = guardrails::kUnknownString;
  switch (random.Below(4)) {
    case 0: return Secret(value);
    case 1: return random.OneIn(3) ? Secret(unknown) : unknown;
    default: return unknown;
  }
}

std::string ChangeProperty(json& list, Random& random) {
  const Place place = RandomPlace(list, random);
  if (place.path.empty()) return {};
  const json value = At(list, place);
  const std::size_t how = random.Below(10);
  const json to = how < 3 ? json() : how < 6 ? Veiled(value, random) : Changed(list, value, random);
  const std::string words = InWords(list, place) + " = " + to.dump();
  Put(list, place, to);
  return words;
}

std::string ChangeEdges(json& list, Random& random) {
  json& resource = random.Of(list["resources"]);
  json& edges = resource["propertyDependencies"];
  if (edges.empty()) return {};
  const std::string key = std::next(edges.begin(), static_cast<long>(random.Below(edges.size()))).key();
  if (random.OneIn(3)) {
    edges = json::object();
  } else if (random.OneIn(3)) {  // one more
    edges[key].push_back(random.Of(list["resources"])["urn"]);
  } else {
    edges.erase(key);
  }
  return "edges of " + key + " of " + resource["name"].get<std::string>();
}

std::string RemoveResource(json& list, Random& random) {
  json& resources = list["resources"];
  const std::size_t index = random.Below(resources.size());
  // Neither the stack nor a provider: what these gave the others would stay.
  if (resources[index]["type"].get_ref<const std::string&>().starts_with("pulumi:")) return {};
  const std::string words = "without " + resources[index]["name"].get<std::string>();
  resources.erase(index);
  return words;
}

// The resources of a case, as if they stood in this stack; those that are there already stay.
std::string AddCase(json& list, Random& random) {
  const Case& from = RandomCase(random);
  for (json r : from.list["resources"]) list["resources"].push_back(std::move(r));
  return "with those of: " + from.name;
}

std::string Mutate(json& list, Random& random) {
  const std::size_t what = random.Below(20);
  std::string words = what < 14 ? ChangeProperty(list, random) : what < 17 ? ChangeEdges(list, random)
                    : what < 19 ? RemoveResource(list, random) : AddCase(list, random);
  list = Normal(std::move(list));
  return words;
}

// The stack of a case; its name and its settings are what the resources of the others are judged by.
json CasesTogether(std::size_t count, Random& random, std::string& words) {
  const Case& first = RandomCase(random);
  words += "; " + first.name;
  json list = first.list;
  for (std::size_t i = 1; i < count; ++i) words += "; " + AddCase(list, random);
  return Normal(std::move(list));
}

}  // namespace

bool IsBroken(const Case& c) { return c.spec.value("expect", json()).dump().find("\"broken\"") != std::string::npos; }

bool CanBeAsked(const Case& c) {
  const bool apart = c.spec.contains("configError") || c.spec.contains("engine") || c.spec.value("partial", false);
  return !apart && !IsBroken(c);
}

const json& FastCartStack(bool preview) {
  static const json kDeployed = Deployed();
  if (!preview) return kDeployed;
  static const json kPreview = FirstPreview();
  return kPreview;
}

RandomStack MakeRandomStack(unsigned seed) {
  Random random(seed);
  RandomStack out{"seed " + std::to_string(seed), {}};
  if (random.OneIn(3)) {
    const bool preview = random.OneIn(2);
    out.list = FastCartStack(preview);
    out.what += preview ? "; FastCart at preview" : "; FastCart";
  } else {
    out.list = CasesTogether(1 + random.Below(4), random, out.what);
  }
  for (std::size_t left = random.Below(12); left > 0; --left)
    if (const std::string words = Mutate(out.list, random); !words.empty()) out.what += "; " + words;
  return out;
}

Place RandomPlace(const json& list, Random& random) {
  std::vector<std::size_t> managed;
  const json& resources = list["resources"];
  for (std::size_t i = 0; i < resources.size(); ++i)
    if (IsManaged(resources[i]) && !Keys(resources[i]["inputs"]).empty()) managed.push_back(i);
  if (managed.empty()) return {};
  Place out{random.Of(managed), {}};
  for (const json* at = &resources[out.resource]["inputs"]; out.path.empty() || random.OneIn(2);) {
    const auto keys = Keys(*at);
    if (keys.empty()) break;
    out.path.push_back(random.Of(keys));
    at = at->is_array() ? &(*at)[std::stoul(out.path.back())] : &(*at)[out.path.back()];
  }
  return out;
}

void Put(json& list, const Place& place, const json& value) {
  json& resource = list["resources"][place.resource];
  json& outputs = resource["outputs"];
  json* echoed = ParentOf(outputs, place.path);
  echoed = echoed ? Step(*echoed, place.path.back()) : nullptr;
  const bool same = echoed != nullptr && *echoed == At(list, place);
  Set(resource["inputs"], place.path, value);
  if (same) Set(outputs, place.path, value);
}

const json& At(const json& list, const Place& place) {
  const json* at = &list["resources"][place.resource]["inputs"];
  for (const std::string& key : place.path) at = at->is_array() ? &(*at)[std::stoul(key)] : &(*at)[key];
  return *at;
}

std::string InWords(const json& list, const Place& place) {
  std::string out = list["resources"][place.resource]["name"].get<std::string>();
  for (const std::string& key : place.path) out += "." + key;
  return out;
}

}  // namespace fastcart::testing
