// A resource list in which some properties become secrets with a mark in them: no part of the mark comes out, in no
// report, error or answer to the engine.
//
// The mark is made of the input's hash, so that no input can hold it and no text can have it by chance.
#include <memory>
#include <random>
#include <string>

#include "analyzer/value/encoding.h"
#include "fuzz/resource_list.h"
#include "fuzz/session_plugin.h"
#include "fuzz/support.h"
#include "tests/random/normal.h"

using namespace guardrails;
using namespace fastcart::testing;
using nlohmann::json;

namespace {

class Planter {
 public:
  explicit Planter(std::string_view input)
      : random_(static_cast<unsigned>(std::hash<std::string_view>()(input))), number_(Below(1'000'000'000)) {
    static constexpr std::string_view kAlphabet = "BCDFGHJKLMNPQRSTVWXZ";
    while (mark_.size() < 24) mark_ += kAlphabet[Below(kAlphabet.size())];
    number_ += 1'000'000'000;
  }

  std::vector<std::string> marks() const { return {mark_, std::to_string(number_)}; }

  // One property in three, in what the program asked for and in what came of it.
  void PlantInto(json& resource) {
    json &inputs = resource["inputs"], &outputs = resource["outputs"];
    for (json* bag : {&inputs, &outputs})
      for (const auto& [key, value] : bag->items()) {
        if (key.starts_with("__") || IsSecret(value) || Below(3) != 0) continue;
        for (json* other : {&inputs, &outputs})
          if (other->contains(key) && !IsSecret((*other)[key])) (*other)[key] = Secret(Marked((*other)[key]));
      }
  }

  std::size_t Below(std::size_t n) { return random_() % n; }

 private:
  json Marked(const json& value) {
    if (value.is_number()) return number_;
    if (value.is_string()) return MarkedText(value.get<std::string>());
    json out = value;
    if (value.is_structured())
      for (auto& [key, part] : out.items())
        if (key != kSignatureKey) part = Marked(part);
    return out;
  }

  // Of a document, its parts. A text keeps its beginning and its end, which is what rules go by.
  std::string MarkedText(std::string text) {
    if (IsUnknownSentinel(text)) return text;
    const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (document.is_structured()) return Marked(document).dump(-1, ' ', false, json::error_handler_t::replace);
    std::size_t at = Below(text.size() + 1);
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;  // between characters
    return text.insert(at, mark_);
  }

  std::mt19937 random_;
  std::size_t number_;
  std::string mark_;
};

// The report, or the error.
std::string SaidOfFile(std::string_view text) {
  auto read = fuzzing::ReadList(text);
  if (!read.ok()) return std::string(read.status().message());
  return fuzzing::Written(fuzzing::Judge(std::move(read->stack)), text);
}

std::string SaidInCalls(const json& list) {
  Engine engine(std::make_unique<fuzzing::SessionPlugin>(), list, json::object());
  std::string out;
  for (const json& verdict : engine.Judge().verdicts) out += verdict.value("message", "") + '\n';
  for (const Remediated& changed : engine.remediated()) out += changed.description + '\n';
  return out + engine.error();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzzing::Text(data, size);
  json list = fuzzing::NormalList(text);
  if (list.is_null()) return 0;
  Planter planter(text);
  for (json& resource : list["resources"]) planter.PlantInto(resource);
  const std::string file = list.dump();
  fuzzing::ExpectNoneOf(planter.marks(), SaidOfFile(file));
  fuzzing::ExpectNoneOf(planter.marks(), SaidOfFile(std::string_view(file).substr(0, planter.Below(file.size()))));
  fuzzing::ExpectNoneOf(planter.marks(), SaidInCalls(list));
  return 0;
}
