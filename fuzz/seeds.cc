// Writes the seeds of every fuzz target: FOLDER/TARGET/…, made of the guardrails' cases, the recordings, the other
// fixtures, and what stands in fuzz/seeds.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "analyzer/input/files.h"
#include "fuzz/session_plugin.h"
#include "tests/policies/case_file.h"
#include "tests/random/normal.h"
#include "tests/random/stacks.h"

namespace {

using namespace guardrails;
using namespace fastcart::testing;
using nlohmann::json;

std::string ContentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Seeds {
 public:
  explicit Seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // Each content once.
  void Add(const std::string& target, std::string_view content) {
    const auto into = folder_ / target / std::to_string(std::hash<std::string_view>()(content));
    if (!added_.insert(into).second) return;
    std::filesystem::create_directories(into.parent_path());
    std::ofstream(into, std::ios::binary) << content;
  }
  std::size_t count() const { return added_.size(); }

 private:
  const std::filesystem::path folder_;
  std::set<std::filesystem::path> added_;
};

// Keeps what the engine asks, by method.
class Recorder final : public Plugin {
 public:
  explicit Recorder(Seeds& seeds) : seeds_(seeds) {}
  absl::StatusOr<std::string> Call(std::string_view method, const std::string& request) override {
    if (method != "Handshake" && !request.empty()) seeds_.Add(std::string(method), request);
    if (method == "AnalyzeStack") seeds_.Add("pieces", request);
    return plugin_.Call(method, request);
  }

 private:
  Seeds& seeds_;
  fuzzing::SessionPlugin plugin_;
};

void AddTexts(const json& value, Seeds& seeds) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text.starts_with('{') || text.starts_with('[')) seeds.Add("iam_document", text);
    if (text.starts_with("arn:") || text.find('/') != std::string::npos) seeds.Add("arn_and_cidr", text);
  }
  if (value.is_object() && value.contains("Statement")) seeds.Add("iam_document", value.dump());
  if (value.is_structured())
    for (const json& part : value) AddTexts(part, seeds);
}

void AddCase(const std::string& rule, const Case& one, Seeds& seeds) {
  AddTexts(one.list, seeds);
  for (const char* target : {"auto", "resources", "report", "secrets"}) seeds.Add(target, one.list.dump());
  const json config = {{rule, one.spec.value("config", json::object())}};
  if (one.spec.contains("config")) seeds.Add("policy_config", config.dump());
  if (!CanBeAsked(one)) return;
  seeds.Add("two_forms", one.list.dump());
  Engine(std::make_unique<Recorder>(seeds), Normal(one.list), config).Judge();
}

void AddCases(Seeds& seeds) {
  for (const CaseFile& file : CaseFiles())
    for (const Case& one : file.cases) AddCase(file.rule, one, seeds);
}

// The form of a fixture, by its name.
std::string FormOf(const std::string& name) {
  if (name.starts_with("preview")) return "preview";
  if (name.find("events") != std::string::npos) return "events";
  return name.starts_with("list") || name.starts_with("array") ? "resources" : "export";
}

void AddFolder(const std::string& folder, const std::string& target, Seeds& seeds) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) seeds.Add(target, ContentOf(entry.path()));
}

// Where a recording has its resources.
json& PartsOf(json& recording) {
  if (recording.contains("steps")) return recording["steps"];
  if (recording.contains("checkpoint")) return recording["checkpoint"]["latest"]["resources"];
  return recording["deployment"]["resources"];
}

void AddEvents(const std::string& text, Seeds& seeds) {
  constexpr std::size_t kLength = 8;
  std::vector<std::string> lines;
  for (std::istringstream in(text); std::getline(in, lines.emplace_back());) continue;
  for (std::size_t i = 0; i < lines.size(); i += kLength) {
    std::string slice;
    for (std::size_t k = i; k < std::min(i + kLength, lines.size()); ++k) slice += lines[k] + '\n';
    seeds.Add("events", slice);
  }
}

// A recording in slices: with all of its hundreds of kilobytes, a run would try a few inputs a second.
void AddSlices(const std::string& target, const std::string& text, Seeds& seeds) {
  constexpr std::size_t kLength = 4;
  if (target == "events") return AddEvents(text, seeds);
  json recording = json::parse(text);
  json& parts = PartsOf(recording);
  const json all = parts;
  for (std::size_t i = 0; i < all.size(); i += kLength) {
    parts = json::array();
    for (std::size_t k = i; k < std::min(i + kLength, all.size()); ++k) parts.push_back(all[k]);
    seeds.Add(target, recording.dump());
  }
}

void AddFiles(Seeds& seeds) {
  for (const auto& entry : std::filesystem::directory_iterator(TEST_DATA "/fixtures/input"))
    for (const std::string& target : {FormOf(entry.path().filename()), std::string("auto")})
      seeds.Add(target, ContentOf(entry.path()));
  for (const auto& entry : std::filesystem::directory_iterator(TEST_DATA "/fixtures/real")) {
    if (entry.path().extension() != ".gz") continue;
    seeds.Add("gzip", ContentOf(entry.path()));
    AddSlices(FormOf(entry.path().filename()), ReadFile(entry.path()).value(), seeds);
  }
  seeds.Add("baseline", ContentOf(TEST_DATA "/fixtures/report/report.json"));
  for (const auto& entry : std::filesystem::directory_iterator(PROJECT_ROOT "/stack"))
    if (entry.path().extension() == ".yaml") seeds.Add("stack_config", ContentOf(entry.path()));
  for (const auto& target : std::filesystem::directory_iterator(PROJECT_ROOT "/fuzz/seeds"))
    AddFolder(target.path(), target.path().filename(), seeds);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: fuzz_seeds FOLDER\n", 2;
  Seeds seeds(argv[1]);
  AddCases(seeds);
  AddFiles(seeds);
  std::cout << seeds.count() << " seeds in " << argv[1] << '\n';
}
