#include "policies/aws/json_text.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "analyzer/policy/json_document.h"
#include "analyzer/value/encoding.h"

namespace fastcart {

using namespace guardrails;

namespace {

using nlohmann::json;

Value ToValue(Arena& arena, const json& from) {
  if (from.is_boolean()) return Value::Bool(from.get<bool>());
  if (from.is_number()) return Value::Number(from.get<double>());
  if (from.is_string()) return DecodeString(arena.Copy(from.get_ref<const std::string&>()));
  if (from.is_array()) {
    std::vector<Value> elements;
    for (const json& element : from) elements.push_back(ToValue(arena, element));
    return Value::List(arena.Copy(elements));
  }
  if (!from.is_object()) return {};
  std::vector<Member> members;
  for (const auto& [key, value] : from.items()) members.push_back({arena.Copy(key), ToValue(arena, value)});
  return Value::Object(arena.Copy(members));
}

}  // namespace

Value ParseJsonText(Arena& arena, std::string_view text) {
  const JsonDocument document = ParseJsonDocument(text);
  return document.fault == JsonDocument::Fault::kNone ? ToValue(arena, document.value) : Value::Invalid();
}

}  // namespace fastcart
