#include "analyzer/input/place.h"

#include "analyzer/input/json_text.h"
#include "fmt/format.h"

namespace guardrails {

std::string PathKey(std::string_view key) {
  const bool word = !key.empty() && key.find_first_of(".[]\" ") == std::string_view::npos;
  return word ? fmt::format(".{}", key) : fmt::format("[\"{}\"]", key);
}

std::string Place::ToString() const {
  switch (kind_) {
    case Kind::kFile: return {};
    case Kind::kLine: return fmt::format("line {}", text_->LineOf(number_));
    case Kind::kIndex: return fmt::format("{}[{}]", outer_->ToString(), number_);
    case Kind::kKey: break;
  }
  if (outer_->kind_ == Kind::kLine) return fmt::format("{}, {}", outer_->ToString(), key_);
  const std::string key = PathKey(key_);
  return outer_->kind_ == Kind::kFile && key.front() == '.' ? key.substr(1) : outer_->ToString() + key;
}

absl::Status Place::Error(std::string_view what) const {
  const std::string place = ToString();
  return absl::InvalidArgumentError(place.empty() ? std::string(what) : fmt::format("{}: {}", place, what));
}

}  // namespace guardrails
