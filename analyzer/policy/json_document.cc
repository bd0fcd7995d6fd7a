#include "analyzer/policy/json_document.h"

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace guardrails {
namespace {

using nlohmann::json;
using Fault = JsonDocument::Fault;

// Asked by the parser for every part of a document whether to keep it. Notes the first fault.
class Judge {
 public:
  explicit Judge(JsonDocument& out) : out_(out) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    switch (event) {
      case json::parse_event_t::object_start: return Open(depth) && (objects_.emplace_back(), true);
      case json::parse_event_t::array_start: return Open(depth);
      case json::parse_event_t::object_end: objects_.pop_back(); return true;  // not called of what was not kept
      case json::parse_event_t::key: return Key(parsed);
      default: return true;
    }
  }

  // The key of the member that is being read.
  std::string Within() const { return objects_.empty() ? "" : objects_.back().key; }

 private:
  struct Object {
    std::set<std::string> keys;
    std::string key;  // the last
  };

  bool Open(int depth) {
    if (out_.fault == Fault::kNone && depth >= kDeepestDocument) out_.fault = Fault::kTooDeep;
    return out_.fault == Fault::kNone;
  }
  bool Key(const json& key) {
    if (out_.fault != Fault::kNone) return true;
    objects_.back().key = key;
    if (objects_.back().keys.insert(key).second) return true;
    out_.fault = Fault::kKeyTwice;
    out_.key = key;
    if (objects_.size() > 1) out_.within = objects_[objects_.size() - 2].key;
    return false;
  }

  JsonDocument& out_;
  std::vector<Object> objects_;  // those that are open
};

}  // namespace

JsonDocument ParseJsonDocument(std::string_view text) {
  JsonDocument out;
  Judge judge(out);
  try {
    out.value = json::parse(text, std::ref(judge));
  } catch (const json::parse_error& error) {
    out.fault = Fault::kSyntax;
    out.at = error.byte > 0 ? error.byte - 1 : 0;
  } catch (const json::out_of_range&) {  // a number beyond the range of doubles
    out.fault = Fault::kNumber;
    out.within = judge.Within();
  }
  if (out.fault != Fault::kNone) out.value = json(json::value_t::discarded);
  return out;
}

}  // namespace guardrails
