#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"
#include "policies/aws/reads.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

class KinesisShardCount final : public Rule {
 public:
  explicit KinesisShardCount(const Config& config) : minimum_(config.Integer("minimum")) {}

  void CheckResource(const Subject& stream, Sink& out) const override {
    const Property details = Asked(stream, "streamModeDetails");
    const Property mode = details["streamMode"], count = stream["shardCount"];
    if (mode.value().kind() == Kind::kInvalid)
      return out.Violation(details, "an object with a streamMode", "set stream_mode_details={\"stream_mode\": ...}.");
    if (OnDemand(mode)) return out.NotApplicable("an on-demand stream starts with four shards and scales by itself");
    if (mode.unknown() && !Enough(count)) {
      return out.Undecided(mode, Text("ON_DEMAND, or a shardCount of at least ") + Text::Number(minimum_));
    }
    RequireAtLeast(out, count, minimum_, kOneShard,
                   Text("set shard_count=") + Text::Number(minimum_) + " on the aws.kinesis.Stream.");
  }

  void Remediate(const Subject& stream, Remedy& out) const override {
    const Property details = Asked(stream, "streamModeDetails");
    const Property mode = details["streamMode"], count = stream["shardCount"];
    if (mode.value().kind() == Kind::kInvalid || OnDemand(mode) || mode.unknown() || count.unknown() || Enough(count)) return;
    out.Set(count.path(), minimum_, Text("raised to ") + Text::Number(minimum_) + " shards");
  }

 private:
  static constexpr double kOneShard = 1;  // what AWS makes of a provisioned stream without a number

  static bool OnDemand(const Property& mode) {
    const auto read = mode.ReadString();
    const auto* is = IfKnown(read);
    return is && *is == "ON_DEMAND";
  }
  bool Enough(const Property& count) const { return IsAtLeast(count, minimum_, kOneShard); }

  const double minimum_;
};

}  // namespace

const Guardrail kKinesisShardCount{
    .name = "kinesis-shard-count",
    .display_name = "Kinesis streams have enough shards",
    .severity = Severity::kMedium,
    .types = {"aws:kinesis/stream:Stream", "aws-native:kinesis:Stream"},
    .subject = "Kinesis stream",
    .description = "A provisioned Kinesis stream has at least `minimum` shards (2 by default). On-demand streams are "
                   "not applicable: they start with four.",
    .why = "One shard takes 1 MB or 1,000 records a second; the season's peak of orders is throttled behind it, and "
           "a hot partition key stalls everything.",
    .how_to_fix = "Set `shard_count=2` or more on the `aws.kinesis.Stream`, or make the stream on-demand with "
                  "`stream_mode_details={\"stream_mode\": \"ON_DEMAND\"}`.",
    .undecided = "A shard count or stream mode that is computed from another resource's output: nothing but the "
                 "update knows the number.",
    .failing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders-dev", shard_count=1)
)py",
    .passing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders-dev", shard_count=2)
)py",
    .url = "https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html",
    .config = {{.name = "minimum",
                .type = ConfigKey::Type::kInteger,
                .default_json = "2",
                .description = "The fewest shards a provisioned stream may have.",
                .minimum = 1}},
    .remediates = true,
    .make = Make<KinesisShardCount>,
};

}  // namespace fastcart
