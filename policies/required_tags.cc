#include <algorithm>

#include "analyzer/policy/remedy.h"
#include "policies/aws/suffix.h"
#include "policies/aws/tags.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

constexpr std::string_view kEnvironment = "Environment";

bool CanHold(const Property& tags, Tags shape) {
  return !tags.value().known() ? tags.value().kind() != Kind::kInvalid
                               : tags.value().kind() == (shape == Tags::kList ? Kind::kList : Kind::kObject);
}

class RequiredTags final : public Rule {
 public:
  explicit RequiredTags(const Config& config) : tags_(config.Strings("tags")), suffix_(ConfiguredSuffix(config)) {}

  void CheckResource(const Subject& subject, Sink& out) const override {
    const auto known = TagShapeOf(subject.resource);
    if (!known) return out.Undecided(subject["tags"], Wanted(), "this version does not know the type, nor whether it takes tags");
    const Tags shape = *known;
    if (shape == Tags::kNone) return out.NotApplicable("it takes no tags");
    if (!CanHold(subject["tags"], shape)) return out.Violation(subject["tags"], Wanted(), "give tags as a dictionary.");
    if (subject["tags"].unknown()) return out.Undecided(subject["tags"], Wanted());
    for (const std::string& key : tags_) {
      const Property tag = EffectiveTag(subject.stack, subject.resource, shape, key);
      if (tag.absent()) {
        Missing(key, tag, out);
      } else if (key == kEnvironment) {
        JudgeEnvironment(subject.stack, tag, out);
      }
    }
  }

  void Remediate(const Subject& subject, Remedy& out) const override {
    const Tags shape = TagShapeOf(subject.resource).value_or(Tags::kNone);
    const Property tags = subject["tags"];
    if (shape == Tags::kNone || tags.unknown() || !CanHold(tags, shape)) return;
    std::size_t next = tags.value().elements().size();
    for (const std::string& key : tags_) {
      const Value value = ValueOf(subject.stack, key);
      const Property tag = EffectiveTag(subject.stack, subject.resource, shape, key);
      if (value.kind() != Kind::kString || value.secret() || value.raw_string().empty()) continue;
      if (!tag.absent() && (key != kEnvironment || tag.unknown() || SameKnown(tag.value(), value))) continue;
      Tag(subject.resource, shape, key, value, next, out);
    }
  }

 private:
  Text Wanted() const {
    const Text what = tags_.size() == 1 ? Text("the tag ") : Text("the tags ");
    return what + JoinText(tags_, [](const std::string& key) { return Text::Setting(key); });
  }

  // What a tag of the catalogue holds; nothing for tags of which only the configuration knows.
  Value ValueOf(const Stack& stack, std::string_view key) const {
    if (key == kEnvironment) return EnvironmentSuffix(stack, suffix_);
    if (key == "Project") return Value::String(stack.project());
    return key == "ManagedBy" ? Value::String("Pulumi") : Value();
  }

  static void Tag(const Resource& resource, Tags shape, std::string_view key, const Value& value, std::size_t& next,
                  Remedy& out) {
    const Text why = Text("tagged with ") + Text::Setting(key);
    const Property own = OwnTag(resource, shape, key);
    const std::string text(value.raw_string());
    if (shape != Tags::kList || !own.absent()) return out.Set(own.path(), text, why);
    out.Set(Path("tags") / next / "key", std::string(key), why);
    out.Set(Path("tags") / next / "value", text, why);
    ++next;
  }

  static void Missing(const std::string& key, const Property& tag, Sink& out) {
    out.Violation(tag, Text("the tag ") + Text::Setting(key),
                  "add it to the resource's tags, or once for all to default_tags of the aws.Provider.");
  }

  void JudgeEnvironment(const Stack& stack, const Property& tag, Sink& out) const {
    const Value suffix = EnvironmentSuffix(stack, suffix_);
    if (suffix.kind() != Kind::kString) {
      return out.Undecided(tag, "the environment suffix", "nothing says what the environment suffix is");
    }
    const Text wanted = Text::Of(suffix) + ", the environment suffix";
    if (tag.unknown()) return out.Undecided(tag, wanted);
    if (!SameKnown(tag.value(), suffix)) out.Violation(tag, wanted, "set the tag Environment to the stack's suffix.");
  }

  const std::vector<std::string> tags_;
  const std::optional<std::string> suffix_;
};

}  // namespace

const Guardrail kRequiredTags{
    .name = "required-tags",
    .display_name = "Everything is tagged",
    .severity = Severity::kLow,
    .types = {"*"},
    .subject = "resource that takes tags",
    .description = "Every resource that takes tags has those of `tags` (`Environment`, `Project` and `ManagedBy` by "
                   "default), its own or its provider's default tags, and `Environment` holds the environment suffix "
                   "that name-suffix wants. Resources of the provider aws-native are judged alike; of a type that is "
                   "newer than this version, and that shows no tags, it is said that it is not judged.",
    .why = "Costs, clean-up and access rules go by tags. A resource without them belongs to nobody.",
    .how_to_fix = "Set the tags once for all: `aws.Provider(..., default_tags={\"tags\": {...}})`, or `aws:defaultTags` in "
                  "the stack's config; else `tags=` on the resource.",
    .undecided = "Tags that are computed as a whole, or an `Environment` that is computed: what they hold is not to be "
                 "seen before the update.",
    .failing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders-dev", shard_count=2, tags={"Name": "fastcart-orders-dev"})
)py",
    .passing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders-dev", shard_count=2,
                   tags={"Environment": "dev", "Project": "fastcart", "ManagedBy": "Pulumi"})
)py",
    .url = "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
    .config = {{.name = "tags",
                .type = ConfigKey::Type::kStrings,
                .default_json = R"(["Environment", "Project", "ManagedBy"])",
                .description = "The tags that every taggable resource has."}},
    .remediates = true,
    .make = Make<RequiredTags>,
};

}  // namespace fastcart
