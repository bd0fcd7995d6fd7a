#include "analyzer/plugin/rewrite.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "analyzer/value/encoding.h"

namespace guardrails {
namespace {

using google::protobuf::Struct;
using WireValue = google::protobuf::Value;

struct Writer {
  WireValue& to;
  void operator()(bool value) const { to.set_bool_value(value); }
  void operator()(double value) const { to.set_number_value(value); }
  void operator()(const std::string& value) const { to.set_string_value(value); }
  void operator()(const std::vector<std::string>& list) const {
    to.mutable_list_value();
    for (const std::string& item : list) to.mutable_list_value()->add_values()->set_string_value(item);
  }
};

struct SameAs {
  const WireValue& is;
  bool operator()(bool value) const { return is.has_bool_value() && is.bool_value() == value; }
  bool operator()(double value) const {
    return is.has_number_value() && !(is.number_value() < value) && !(is.number_value() > value);
  }
  bool operator()(const std::string& value) const { return is.has_string_value() && is.string_value() == value; }
  bool operator()(const std::vector<std::string>& list) const {
    const auto& values = is.list_value().values();
    return is.has_list_value() && static_cast<std::size_t>(values.size()) == list.size() &&
           std::equal(values.begin(), values.end(), list.begin(),
                      [](const WireValue& a, const std::string& b) { return SameAs{a}(b); });
  }
};

bool IsNothing(const WireValue& value) {
  return value.kind_case() == WireValue::KIND_NOT_SET || value.has_null_value();
}

const WireValue* Signature(const WireValue& value) {
  const auto& fields = value.struct_value().fields();
  const auto at = fields.find(std::string(kSignatureKey));
  return at == fields.end() ? nullptr : &at->second;
}

// What a secret wraps, or the value itself.
WireValue& Unwrap(WireValue& value) {
  const WireValue* signature = Signature(value);
  if (!signature || signature->string_value() != kSecretSignature) return value;
  return Unwrap((*value.mutable_struct_value()->mutable_fields())["value"]);
}

using Segments = std::span<const Path::Segment>;

bool Set(WireValue& at, Segments rest, const NewValue& to) {
  WireValue& value = Unwrap(at);
  if (rest.empty()) {
    if (std::visit(SameAs{value}, to)) return false;
    value.Clear();
    std::visit(Writer{value}, to);
    return true;
  }
  const Path::Segment& next = rest.front();
  if (next.is_index()) {
    if (!IsNothing(value) && !value.has_list_value()) return false;
    auto& elements = *value.mutable_list_value()->mutable_values();
    if (next.index == static_cast<std::size_t>(elements.size())) elements.Add();
    return next.index < static_cast<std::size_t>(elements.size()) &&
           Set(elements[static_cast<int>(next.index)], rest.subspan(1), to);
  }
  if (!IsNothing(value) && (!value.has_struct_value() || Signature(value))) return false;
  return Set((*value.mutable_struct_value()->mutable_fields())[std::string(next.key)], rest.subspan(1), to);
}

}  // namespace

bool ApplyChange(const Change& change, Struct& properties) {
  const Segments path = change.path.segments();
  if (path.empty() || path.front().is_index()) return false;
  WireValue changed;  // a copy: a change that comes to nothing leaves nothing behind
  const std::string name(path.front().key);
  if (const auto at = properties.fields().find(name); at != properties.fields().end()) changed = at->second;
  if (!Set(changed, path.subspan(1), change.value)) return false;
  (*properties.mutable_fields())[name] = std::move(changed);
  return true;
}

}  // namespace guardrails
