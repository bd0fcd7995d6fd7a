// What a guardrail is: what it says of itself, its configuration, and the rule that judges.
//
// A guardrail is one constant in one file of a policy pack. `make` turns a validated configuration into a Rule,
// which is immutable and judges from many threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "analyzer/model/stack.h"
#include "analyzer/policy/sink.h"

namespace guardrails {

// The values are pulumirpc's.
enum class Level : std::uint8_t { kAdvisory = 0, kMandatory = 1, kDisabled = 2, kRemediate = 3 };
enum class Severity : std::uint8_t { kLow = 1, kMedium = 2, kHigh = 3, kCritical = 4 };
std::string_view LevelName(Level level);        // "mandatory"
std::string_view SeverityName(Severity level);  // "high"
std::optional<Level> ParseLevel(std::string_view name);

// When a rule has what it needs: the resource by itself (Analyze), all resources with their edges (AnalyzeStack),
// or a part of it each.
enum class Scope : std::uint8_t { kResource, kStack, kBoth };

// A key of a guardrail's configuration. Its JSON Schema is made of it (config.h).
struct ConfigKey {
  enum class Type : std::uint8_t { kBoolean, kInteger, kString, kStrings, kIntegers };
  std::string_view name;
  Type type = Type::kString;
  std::string_view default_json = {};  // JSON text; empty: no default
  std::string_view description;
  std::optional<int> minimum = std::nullopt;    // of an integer, or of each of a list
  std::optional<int> maximum = std::nullopt;    // of an integer, or of each of a list
  std::string_view not_below = {};              // of an integer with a default: another such key, whose value it must reach
  bool patterns = false;                        // of strings: each must be a valid RE2 pattern
  bool may_be_empty = false;                    // of lists
};

// Validated values: every key of the guardrail with a default or a setting is there and of its type.
class Config {
 public:
  virtual ~Config() = default;
  virtual bool Boolean(std::string_view key) const = 0;
  virtual int Integer(std::string_view key) const = 0;
  virtual std::optional<std::string> String(std::string_view key) const = 0;
  virtual std::vector<std::string> Strings(std::string_view key) const = 0;
  virtual std::vector<int> Integers(std::string_view key) const = 0;
  // The configuration of another guardrail of the pack, for what two have to agree on; null where there is none.
  virtual const Config* Of(std::string_view /*guardrail*/) const { return nullptr; }
};

// One resource and the stack around it.
struct Subject {
  const Stack& stack;
  const Resource& resource;
  Property operator[](std::string_view property) const { return resource[property]; }
};

// The input changes that make a resource comply; see analyzer/policy/remedy.h.
class Remedy;

class Rule {
 public:
  virtual ~Rule() = default;
  // Judges one resource of the guardrail's types. In a stack that is one resource alone it says Undecided for what
  // it needs the others for, and is asked again with the whole stack.
  virtual void CheckResource(const Subject& subject, Sink& out) const;
  // Judges what only the whole stack shows; out.On(resource) says of which resource.
  virtual void CheckStack(const Stack& stack, Sink& out) const;
  // Changes the inputs so that CheckResource passes, where that is possible without knowing the rest.
  virtual void Remediate(const Subject& subject, Remedy& out) const;
};

struct Control {
  std::string_view framework, id;
};

struct Guardrail {
  std::string_view name;          // "kinesis-encryption"
  std::string_view display_name;  // "Kinesis streams are encrypted"
  Severity severity = Severity::kMedium;
  Level level = Level::kMandatory;
  Scope scope = Scope::kResource;
  // The resource types that CheckResource judges; {"*"}: every resource that a provider manages.
  std::vector<std::string_view> types;
  std::string_view subject;      // what these are called: "Kinesis stream"; the reason when a stack has none
  std::string_view description;  // what it decides, one or a few sentences
  std::string_view why;
  std::string_view how_to_fix;
  std::string_view undecided;  // what stays undecided at preview, and why
  std::string_view failing, passing;  // Pulumi Python examples; both are run as tests
  std::string_view url;
  std::vector<Control> controls = {};
  std::vector<ConfigKey> config = {};
  bool remediates = false;
  std::unique_ptr<const Rule> (*make)(const Config& config) = nullptr;
};

// Guardrail::make of a rule that takes its Config, or nothing.
template <class R>
std::unique_ptr<const Rule> Make(const Config& config) {
  if constexpr (std::is_constructible_v<R, const Config&>) {
    return std::make_unique<const R>(config);
  } else {
    return std::make_unique<const R>();
  }
}

struct Picture;

// A set of guardrails under one name, as `--policy-pack` loads it.
struct Pack {
  std::string_view name, display_name, version, description, repository = {};
  std::span<const Guardrail* const> guardrails;  // sorted by name
  Picture (*picture)(const Stack& stack) = nullptr;  // picture.h; null: the pack draws none
};

}  // namespace guardrails
