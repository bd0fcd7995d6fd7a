#include "policies/aws/iam.h"

#include <algorithm>

#include "analyzer/policy/json_document.h"
#include "policies/aws/arn.h"
#include "policies/aws/iam_actions.h"

namespace fastcart {
namespace {

using namespace guardrails;
using nlohmann::json;
using Effect = PolicyStatement::Effect;

// An unknown part of a document given as an object. JSON text cannot hold one.
json UnknownPart() { return json::binary({}); }
bool IsUnknown(const json& part) { return part.is_binary(); }

json ToJson(const Value& value) {
  switch (value.kind()) {
    case Kind::kBool: return value.raw_bool();
    case Kind::kNumber: return value.raw_number();
    case Kind::kString: return std::string(value.raw_string());
    case Kind::kUnknown:
    case Kind::kHidden: return UnknownPart();
    case Kind::kList: {
      json out = json::array();
      for (const Value& v : value.elements()) out.push_back(ToJson(v));
      return out;
    }
    case Kind::kObject: {
      json out = json::object();
      for (const Member& m : value.members()) out[std::string(m.key)] = ToJson(m.value);
      return out;
    }
    default: return nullptr;
  }
}

bool AnySecret(const Value& value) {
  const auto elements = value.elements();
  const auto members = value.members();
  return value.secret() || std::any_of(elements.begin(), elements.end(), AnySecret) ||
         std::any_of(members.begin(), members.end(), [](const Member& m) { return AnySecret(m.value); });
}

// Null where the member is missing.
const json& At(const json& object, const char* name) {
  static const json kNone;
  const auto at = object.find(name);
  return at == object.end() ? kNone : *at;
}

void AddText(const json& text, PolicyTexts& out) {
  if (text.is_string()) {
    out.texts.push_back(text);
  } else if (IsUnknown(text)) {
    out.unknown = true;
  } else {
    out.malformed = true;
  }
}

PolicyTexts ReadTexts(const json& part) {
  PolicyTexts out;
  out.present = !part.is_null();
  if (part.is_array()) {
    for (const json& text : part) AddText(text, out);
  } else if (out.present) {
    AddText(part, out);
  }
  return out;
}

bool OnlyWildcards(std::string_view text) {
  return text.find('*') != std::string_view::npos && text.find_first_not_of("*?") == std::string_view::npos;
}

bool IsWild(const json& part) { return part.is_string() && OnlyWildcards(part.get_ref<const std::string&>()); }

constexpr int kPrincipalDepth = 3;

// "*", {"AWS": "*"}, {"AWS": ["*", …]}. Deeper is no principal.
Certainty IsAnyone(const json& principal, int depth = kPrincipalDepth) {
  if (IsUnknown(principal)) return Certainty::kUnknown;
  if (IsWild(principal)) return Certainty::kYes;
  Certainty most = Certainty::kNo;
  if (principal.is_structured() && depth > 0)
    for (const json& part : principal) most = std::max(most, IsAnyone(part, depth - 1));
  return most;
}

Effect ReadEffect(const json& effect) {
  if (IsUnknown(effect)) return Effect::kUnknown;
  if (effect == "Allow") return Effect::kAllow;
  return effect == "Deny" ? Effect::kDeny : Effect::kNone;
}

PolicyStatement ReadStatement(const json& statement, std::size_t number) {
  PolicyStatement out;
  out.number = number;
  if (IsUnknown(statement)) out.effect = Effect::kUnknown;
  if (!statement.is_object()) return out;
  if (const json& sid = At(statement, "Sid"); sid.is_string()) out.sid = sid;
  out.effect = ReadEffect(At(statement, "Effect"));
  out.actions = ReadTexts(At(statement, "Action"));
  out.not_actions = ReadTexts(At(statement, "NotAction"));
  out.resources = ReadTexts(At(statement, "Resource"));
  out.not_resources = ReadTexts(At(statement, "NotResource"));
  out.anyone = statement.contains("NotPrincipal") ? Certainty::kYes : IsAnyone(At(statement, "Principal"));
  out.condition = At(statement, "Condition");
  return out;
}

PolicyDocument ReadDocument(const json& document) {
  using State = PolicyDocument::State;
  if (!document.is_object()) return {State::kInvalid, "is no JSON object"};
  const json& statements = At(document, "Statement");
  if (IsUnknown(statements)) return {State::kUnknown};
  PolicyDocument out{State::kRead};
  // IAM takes a single statement without its list.
  if (statements.is_object()) out.statements.push_back(ReadStatement(statements, 1));
  if (statements.is_array())
    for (const json& s : statements) out.statements.push_back(ReadStatement(s, out.statements.size() + 1));
  return out.statements.empty() ? PolicyDocument{State::kInvalid, "has no Statement"} : out;
}

// JSON leaves open what a key that stands twice means, so such a document may allow more than is read here.
PolicyDocument ReadDocument(const JsonDocument& document) {
  using State = PolicyDocument::State;
  switch (document.fault) {
    case JsonDocument::Fault::kNone: return ReadDocument(document.value);
    case JsonDocument::Fault::kSyntax:
    case JsonDocument::Fault::kNumber: break;
    case JsonDocument::Fault::kTooDeep: return {State::kInvalid, "is nested too deeply"};
    case JsonDocument::Fault::kKeyTwice: return {State::kInvalid, "has a key twice"};
  }
  return {State::kInvalid, "is not valid JSON"};
}

bool EndsWith(std::string_view text, std::string_view end) {
  return MatchesWildcard("*" + std::string(end), text);  // without regard to case
}

// Can the operator only be met by a value that is there?
bool Restricts(std::string_view op) {
  return !EndsWith(op, "IfExists") && !MatchesWildcard("*Not*", op) && !MatchesWildcard("Null", op) &&
         !MatchesWildcard("ForAllValues:*", op);
}

// The fields of an ARN, the last with all of the rest; one that a final wildcard swallows is as that wildcard.
class ArnFields {
 public:
  explicit ArnFields(std::string_view text) {
    for (std::string_view rest = text; fields_.size() < kAll;) {
      const auto colon = fields_.size() + 1 == kAll ? std::string_view::npos : rest.find(':');
      fields_.push_back(rest.substr(0, colon));
      if (colon == std::string_view::npos) break;
      rest.remove_prefix(colon + 1);
    }
  }
  bool IsArn() const { return fields_.size() > 1 && MatchesWildcard(fields_[0], "arn"); }
  std::string_view operator[](std::size_t i) const { return fields_[std::min(i, fields_.size() - 1)]; }

 private:
  static constexpr std::size_t kAll = 6;
  std::vector<std::string_view> fields_;
};

bool HasOnly(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

// arn:aws:ecs:*:*:cluster/*: any of its kind. Where no account is named, as in a bucket's ARN, the name comes first.
bool IsAnyOfAKind(std::string_view text) {
  const ArnFields arn(text);
  const std::string_view resource = arn[5];
  if (!arn.IsArn() || !HasOnly(arn[3], "*?")) return false;
  const auto type = OnlyWildcards(arn[4]) ? resource.find_first_of("/:") : std::string_view::npos;
  if (type == std::string_view::npos) return OnlyWildcards(resource) && HasOnly(arn[4], "*?");
  return HasOnly(resource.substr(type), "*?/:");
}

// *.amazonaws.com: any service of AWS.
bool IsAnyService(std::string_view text) {
  for (const std::string_view domain : {"amazonaws.com", "amazonaws.com.cn"})
    if (text.ends_with(domain))
      return text.front() == '*' && HasOnly(text.substr(0, text.size() - domain.size()), "*?.");
  return false;
}

Certainty TellsSomething(const json& value) {
  if (IsUnknown(value)) return Certainty::kUnknown;
  if (value.is_null()) return Certainty::kNo;
  if (!value.is_string()) return Certainty::kYes;
  const auto& text = value.get_ref<const std::string&>();
  return OnlyWildcards(text) || IsAnyOfAKind(text) || IsAnyService(text) ? Certainty::kNo : Certainty::kYes;
}

// Every value that is allowed tells something: one that tells nothing lets all through.
Certainty AllTell(const json& values) {
  if (!values.is_array()) return TellsSomething(values);
  Certainty least = values.empty() ? Certainty::kNo : Certainty::kYes;
  for (const json& v : values) least = std::min(least, TellsSomething(v));
  return least;
}

bool IsOneOf(const std::vector<std::string>& patterns, std::string_view key) {
  return std::any_of(patterns.begin(), patterns.end(), [key](const auto& p) { return MatchesWildcard(p, key); });
}

// Whether what an operator says of one of the keys tells something.
template <class Counts>
Certainty OperatorTells(const json& entries, Counts counts) {
  if (IsUnknown(entries)) return Certainty::kUnknown;
  Certainty most = Certainty::kNo;
  if (entries.is_object())
    for (const auto& [key, values] : entries.items())
      if (counts(key)) most = std::max(most, AllTell(values));
  return most;
}

}  // namespace

Certainty PolicyStatement::HasCondition() const {
  if (IsUnknown(condition)) return Certainty::kUnknown;
  Certainty most = Certainty::kNo;
  if (condition.is_object())
    for (const json& entries : condition)
      most = std::max(most, OperatorTells(entries, [](std::string_view) { return true; }));
  return most;
}

Certainty PolicyStatement::IsScopedBy(const std::vector<std::string>& keys) const {
  if (IsUnknown(condition)) return Certainty::kUnknown;
  const auto is_one = [&keys](std::string_view key) { return IsOneOf(keys, key); };
  Certainty most = Certainty::kNo;
  if (condition.is_object())
    for (const auto& [op, entries] : condition.items())
      if (Restricts(op)) most = std::max(most, OperatorTells(entries, is_one));
  return most;
}

PolicyDocument ReadPolicy(const Value& value) {
  using State = PolicyDocument::State;
  if (value.absent()) return {};
  if (value.unknown()) return {State::kUnknown, {}, value.secret()};
  PolicyDocument out{State::kInvalid, "is no policy document"};
  if (value.kind() == Kind::kString) out = ReadDocument(ParseJsonDocument(value.raw_string()));
  if (value.kind() == Kind::kObject) out = ReadDocument(ToJson(value));
  out.secret = AnySecret(value);
  return out;
}

bool IsEveryAction(std::string_view action) {
  const auto colon = action.find(':');
  return OnlyWildcards(colon == std::string_view::npos ? action : action.substr(colon + 1));
}

bool IsEveryResource(std::string_view resource) {
  const ArnFields arn(resource);
  return OnlyWildcards(resource) || (arn.IsArn() && OnlyWildcards(arn[2]) && OnlyWildcards(arn[5]));
}

}  // namespace fastcart
