#include "tests/input/describe.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "analyzer/input/files.h"

namespace guardrails::testing {
namespace {

std::string Bare(const Value& value) {
  std::string out;
  switch (value.kind()) {
    case Kind::kBool: return value.raw_bool() ? "true" : "false";
    case Kind::kNumber: return fmt::format("{}", value.raw_number());
    case Kind::kString: return fmt::format("'{}'", value.raw_string());
    case Kind::kList:
      for (const Value& v : value.elements()) out += (out.empty() ? "" : ", ") + Describe(v);
      return "[" + out + "]";
    case Kind::kObject:
    case Kind::kAsset:
    case Kind::kArchive:
      for (const Member& m : value.members())
        out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", m.key, Describe(m.value));
      return (value.kind() == Kind::kObject ? "{" : std::string(KindName(value.kind())) + "{") + out + "}";
    case Kind::kAbsent: return "absent";
    default: return std::string(KindName(value.kind()));
  }
}

std::string Line(const Resource& r, const Describing& how) {
  std::string out = fmt::format("{}\n  {} {} {}{}{} id {}\n  in {}\n  out {}\n", r.urn, r.type, r.name,
                                r.custom ? "custom" : "component", r.external ? " external" : "",
                                r.parent.empty() ? "" : fmt::format(" in {}", r.parent), Describe(r.id),
                                Describe(r.inputs), Describe(r.outputs));
  if (!r.provider.urn.empty())
    out += fmt::format("  by {} {} {}{}\n", r.provider.urn, r.provider.type, r.provider.name, r.provider.resource ? " linked" : "");
  if (how.edges) {
    for (const auto urn : r.dependencies) out += fmt::format("  needs {}\n", urn);
    for (const auto& d : r.property_dependencies)
      for (const auto urn : d.urns) out += fmt::format("  {} -> {}\n", d.property, urn);
  }
  return out;
}

}  // namespace

std::string Describe(const Value& value) {
  std::string out = Bare(value);
  if (value.defaulted()) out = "default(" + out + ")";
  return value.secret() ? "secret(" + out + ")" : out;
}

std::string Describe(const Stack& stack, const Describing& how) {
  std::string out = fmt::format("{}/{}\n", stack.project(), stack.name());
  for (const Resource& r : stack.resources()) out += Line(r, how);
  out += "exports " + Describe(stack.facts().outputs) + "\n";
  if (how.secrets_alike) RE2::GlobalReplace(&out, R"(secret\([^)]*\))", "secret");
  return out;
}

std::string Fixture(const std::string& name) {
  auto text = ReadFile(std::string(TEST_DATA) + "/fixtures/" + name);
  EXPECT_TRUE(text.ok()) << text.status().ToString();
  return text.ok() ? *text : "";
}

std::unique_ptr<const Stack> ReadOk(const std::string& text, const InputOptions& options) {
  auto read = ReadStack(text, "FILE", options);
  EXPECT_TRUE(read.ok()) << read.status().ToString();
  return read.ok() ? std::move(read->stack) : nullptr;
}

std::string ErrorOf(const std::string& text, const InputOptions& options) {
  const auto read = ReadStack(text, "FILE", options);
  return read.ok() ? "OK" : std::string(read.status().message());
}

}  // namespace guardrails::testing
