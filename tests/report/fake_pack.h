// A pack of one rule for each thing that a report has to tell, and a stack that makes all of them speak.
#pragma once

#include <array>
#include <stdexcept>
#include <utility>

#include "analyzer/policy/config.h"
#include "analyzer/policy/require.h"
#include "analyzer/report/report.h"
#include "tests/support/builder.h"

namespace guardrails::testing {

inline constexpr std::string_view kStream = "aws:kinesis/stream:Stream", kCache = "aws:elasticache/cluster:Cluster";
inline constexpr std::string_view kPlanted = "hunter2-hunter2";

class CountShards final : public Rule {
 public:
  explicit CountShards(const Config& config) : minimum_(config.Integer("minimum")) {}
  void CheckResource(const Subject& stream, Sink& out) const override {
    RequireAtLeast(out, stream["shardCount"], minimum_, 1, "set shard_count=2 on the stream.");
  }
  void Remediate(const Subject& stream, Remedy& out) const override {
    out.Set(stream["shardCount"].path(), static_cast<double>(minimum_), "raised to the minimum");
  }

 private:
  int minimum_;
};

class EncryptStream final : public Rule {
 public:
  void CheckResource(const Subject& stream, Sink& out) const override {
    RequireText(out, stream["encryptionType"], "KMS", "NONE", "set encryption_type=\"KMS\".");
    if (stream["kmsKeyId"].unknown()) out.Undecided(stream["kmsKeyId"], "a customer key", "the update makes it");
    out.Note(stream["retentionPeriod"], "a day is short");
  }
};

// Calls every property wrong, so that whatever is in it has its chance to reach the report.
class NoProperties final : public Rule {
 public:
  void CheckResource(const Subject& cache, Sink& out) const override {
    for (const Member& member : cache.resource.inputs.members())
      out.Violation(cache[member.key], "nothing", Text("remove ") + Text::Of(cache[member.key].value()));
  }
};

class NeedsAlarm final : public Rule {
 public:
  void CheckStack(const Stack&, Sink& out) const override {
    out.Violation({}, "has no alarm", "an alarm", "add an alarm.");
  }
};

class Throws final : public Rule {
 public:
  void CheckResource(const Subject&, Sink&) const override { throw std::runtime_error(std::string(kPlanted)); }
};

inline const Guardrail kCount{.name = "count",
                              .display_name = "Enough shards",
                              .severity = Severity::kMedium,
                              .types = {kStream},
                              .subject = "stream",
                              .description = "A stream has at least `minimum` shards.",
                              .why = "One is slow.",
                              .how_to_fix = "Set `shard_count`.",
                              .undecided = "A computed number.",
                              .failing = "\naws.kinesis.Stream(\"s\", shard_count=1)\n",
                              .passing = "\naws.kinesis.Stream(\"s\", shard_count=2)\n",
                              .url = "https://example.com/count",
                              .controls = {{"AWS FSBP", "Kinesis.0"}, {"Checkov", "CKV_1"}, {"Checkov", "CKV_2"}},
                              .config = {{.name = "minimum",
                                          .type = ConfigKey::Type::kInteger,
                                          .default_json = "2",
                                          .description = "The fewest.",
                                          .minimum = 1}},
                              .remediates = true,
                              .make = Make<CountShards>};
inline Guardrail Plain(std::string_view name, Severity severity, std::string_view type, std::string_view subject,
                       decltype(Guardrail::make) make) {
  Guardrail g;
  g.name = name;
  g.display_name = name;
  g.severity = severity;
  g.types = {type};
  g.subject = subject;
  g.make = make;
  return g;
}
inline Guardrail OfStack(Guardrail g) {
  g.types.clear();
  g.scope = Scope::kStack;
  g.level = Level::kAdvisory;
  return g;
}
inline const Guardrail kEmpty = Plain("empty", Severity::kCritical, kCache, "cache", Make<NoProperties>);
inline const Guardrail kEncrypt = Plain("encrypt", Severity::kHigh, kStream, "stream", Make<EncryptStream>);
inline const Guardrail kNeeds = OfStack(Plain("needs-alarm", Severity::kLow, "", "stack", Make<NeedsAlarm>));
inline const Guardrail kThrows = Plain("throws", Severity::kMedium, "aws:s3/bucket:Bucket", "bucket", Make<Throws>);
inline constexpr std::array<const Guardrail*, 5> kRules{&kCount, &kEmpty, &kEncrypt, &kNeeds, &kThrows};
inline constexpr Pack kPack{.name = "fake", .display_name = "Fake", .version = "1.2.3", .description = "Fakes",
                            .repository = "", .guardrails = kRules};

inline FileReport FileOf(const ConfiguredPack& pack, TestStack& stack) {
  FileReport file;
  file.file = "plan.json";
  file.kind = "preview";
  file.stack = stack.Build();
  file.results = EvaluateStack(pack, *file.stack, {});
  return file;
}

inline Report ReportOf(TestStack& stack) {
  Report report;
  report.pack = *ConfiguredPack::Make(kPack, {});
  report.files.push_back(FileOf(*report.pack, stack));
  return report;
}

// One shard, unencrypted, with a key that the update makes.
inline TestStack& AddStream(TestStack& stack) {
  return stack.Add(kStream, "orders-dev").Input("shardCount", Value::Number(1)).Input("kmsKeyId", Value::Unknown());
}

}  // namespace guardrails::testing
