#include "analyzer/policy/json_document.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace guardrails {
namespace {

using nlohmann::json;
using Fault = JsonDocument::Fault;

// Makes a document of what the parser finds, and notes the first fault; from then on only a syntax error counts.
class Builder final : public nlohmann::json_sax<json> {
 public:
  explicit Builder(JsonDocument& out) : out_(out) {}

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t&) override { return Add(value); }
  bool string(string_t& value) override { return Add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // is not in text

  bool start_object(std::size_t) override { return Open(json::object()); }
  bool start_array(std::size_t) override { return Open(json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& key) override {
    if (!good()) return true;
    const auto [at, added] = open_.back().value->get_ref<json::object_t&>().try_emplace(std::move(key));
    if (!added) {
      out_.fault = Fault::kKeyTwice;
      out_.key = at->first;
      out_.within = KeyOf(std::span(open_).first(open_.size() - 1));
    }
    open_.back().member = &*at;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    constexpr int kNumberOutOfRange = 406;
    if (error.id == kNumberOutOfRange) {
      out_.fault = Fault::kNumber;
      out_.within = KeyOf(open_);
    } else {
      out_.fault = Fault::kSyntax;
      out_.at = position > 0 ? position - 1 : 0;
    }
    return false;
  }

 private:
  // An object or a list around the next value.
  struct Part {
    json* value;
    json::object_t::value_type* member = nullptr;  // of an object, the last
  };

  // The key of the innermost member in whose value all of these are.
  static std::string KeyOf(std::span<const Part> parts) {
    for (; !parts.empty(); parts = parts.first(parts.size() - 1))
      if (parts.back().member) return parts.back().member->first;
    return "";
  }

  bool good() const { return out_.fault == Fault::kNone; }

  bool Add(json value) {
    if (good()) Place() = std::move(value);
    return true;
  }
  bool Open(json empty) {
    if (good() && open_.size() >= kDeepestDocument) out_.fault = Fault::kTooDeep;
    if (!good()) return true;
    json& at = Place();
    at = std::move(empty);
    open_.push_back({&at});
    return true;
  }
  bool Close() {
    if (good()) open_.pop_back();
    return true;
  }

  // Where the next value belongs.
  json& Place() {
    if (open_.empty()) return out_.value;
    const Part& part = open_.back();
    return part.member ? part.member->second : part.value->emplace_back();
  }

  JsonDocument& out_;
  std::vector<Part> open_;
};

}  // namespace

JsonDocument ParseJsonDocument(std::string_view text) {
  JsonDocument out;
  Builder builder(out);
  json::sax_parse(text, &builder);
  if (out.fault != Fault::kNone) out.value = json(json::value_t::discarded);
  return out;
}

}  // namespace guardrails
