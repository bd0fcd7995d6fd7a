#include "analyzer/plugin/struct_json.h"

#include <cmath>
#include <cstdint>
#include <string>

namespace guardrails {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using nlohmann::json;

json NumberToJson(double number) {
  constexpr double kExact = 9007199254740992;  // 2^53
  const bool whole = std::trunc(number) == number && std::abs(number) <= kExact;
  return whole ? json(static_cast<std::int64_t>(number)) : json(number);
}

json ValueToJson(const Value& value) {
  switch (value.kind_case()) {
    case Value::kBoolValue: return value.bool_value();
    case Value::kNumberValue: return NumberToJson(value.number_value());
    case Value::kStringValue: return value.string_value();
    case Value::kStructValue: return ToJson(value.struct_value());
    case Value::kListValue: {
      json list = json::array();
      for (const Value& element : value.list_value().values()) list.push_back(ValueToJson(element));
      return list;
    }
    default: return nullptr;
  }
}

void ValueFromJson(const json& from, Value& out) {
  switch (from.type()) {
    case json::value_t::boolean: return out.set_bool_value(from.get<bool>());
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float: return out.set_number_value(from.get<double>());
    case json::value_t::string: return out.set_string_value(from.get_ref<const std::string&>());
    case json::value_t::object: return FromJson(from, *out.mutable_struct_value());
    case json::value_t::array:
      out.mutable_list_value();
      for (const json& element : from) ValueFromJson(element, *out.mutable_list_value()->add_values());
      return;
    default: out.set_null_value(google::protobuf::NULL_VALUE);
  }
}

}  // namespace

json ToJson(const Struct& object) {
  json out = json::object();
  for (const auto& [key, value] : object.fields()) out[key] = ValueToJson(value);
  return out;
}

void FromJson(const json& json, Struct& out) {
  for (const auto& [key, value] : json.items()) ValueFromJson(value, (*out.mutable_fields())[key]);
}

}  // namespace guardrails
