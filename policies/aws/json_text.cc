#include "policies/aws/json_text.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "analyzer/value/encoding.h"

namespace fastcart {

using namespace guardrails;

namespace {

using nlohmann::json;

constexpr int kDeepest = 100;  // what nests deeper is no document that AWS takes, and might exhaust the stack

Value ToValue(Arena& arena, const json& from, int depth) {
  if (depth > kDeepest) return Value::Invalid();
  if (from.is_boolean()) return Value::Bool(from.get<bool>());
  if (from.is_number()) return Value::Number(from.get<double>());
  if (from.is_string()) return DecodeString(arena.Copy(from.get_ref<const std::string&>()));
  if (from.is_array()) {
    std::vector<Value> elements;
    for (const json& element : from) elements.push_back(ToValue(arena, element, depth + 1));
    return Value::List(arena.Copy(elements));
  }
  if (!from.is_object()) return {};
  std::vector<Member> members;
  for (const auto& [key, value] : from.items()) members.push_back({arena.Copy(key), ToValue(arena, value, depth + 1)});
  return Value::Object(arena.Copy(members));
}

}  // namespace

Value ParseJsonText(Arena& arena, std::string_view text) {
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  return parsed.is_discarded() ? Value::Invalid() : ToValue(arena, parsed, 0);
}

}  // namespace fastcart
