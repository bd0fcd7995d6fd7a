#include "analyzer/base/yaml_documents.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>
#include <vector>

namespace guardrails {
namespace {

// Notes where documents begin, and nothing else.
struct Beginnings final : YAML::EventHandler {
  using Mark = YAML::Mark;
  using Text = std::string;
  using Style = YAML::EmitterStyle::value;
  void OnDocumentStart(const Mark& mark) override { marks.push_back(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const Mark&, YAML::anchor_t) override {}
  void OnAlias(const Mark&, YAML::anchor_t) override {}
  void OnScalar(const Mark&, const Text&, YAML::anchor_t, const Text&) override {}
  void OnSequenceStart(const Mark&, const Text&, YAML::anchor_t, Style) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const Mark&, const Text&, YAML::anchor_t, Style) override {}
  void OnMapEnd() override {}
  std::vector<Mark> marks;
};

}  // namespace

YAML::Mark SecondYamlDocument(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  Beginnings beginnings;
  const std::vector<YAML::Mark>& marks = beginnings.marks;
  while (marks.size() < 2 && parser.HandleNextDocument(beginnings)) continue;
  if (marks.size() < 2) return YAML::Mark::null_mark();
  if (marks[1].pos == marks[0].pos) throw YAML::ParserException(marks[1], "nothing can be taken from here");
  return marks[1];
}

}  // namespace guardrails
