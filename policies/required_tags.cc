#include <map>
#include <string>
#include <vector>

#include "analyzer/policy/remedy.h"
#include "policies/aws/suffix.h"
#include "policies/aws/tags.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

using State = EffectiveTag::State;

constexpr std::string_view kEnvironment = "Environment";
// Has to say of each tag whether its instances get it.
constexpr std::string_view kScalingGroup = "aws:autoscaling/group:Group";

bool CanHold(const Property& tags, Tags shape) {
  return !tags.value().known() ? tags.value().kind() != Kind::kInvalid
                               : tags.value().kind() == (shape == Tags::kList ? Kind::kList : Kind::kObject);
}

class RequiredTags final : public Rule {
 public:
  explicit RequiredTags(const Config& config) : tags_(config.Strings("tags")), suffix_(ConfiguredSuffix(config)) {}

  void CheckResource(const Subject& subject, Sink& out) const override {
    const auto shape = TagShapeOf(subject.resource);
    if (!shape)
      return out.Undecided(subject["tags"], Wanted(tags_),
                           "this version does not know the type, nor whether it takes tags");
    if (*shape == Tags::kNone) return out.NotApplicable("it takes no tags");
    if (!CanHold(subject["tags"], *shape)) return out.Violation(subject["tags"], Wanted(tags_), Giving(*shape));
    std::map<State, Names> by_state;
    for (const std::string& key : tags_) {
      const auto [state, tag] = EffectiveTagOf(subject.stack, subject.resource, *shape, key);
      by_state[state].push_back(key);
      if (state == State::kAbsent) Missing(subject.resource, *shape, key, tag, out);
      if (state == State::kHeld) JudgeValue(subject.stack, key, tag, out);
    }
    for (const auto& [state, names] : by_state) SayOpen(subject, state, names, out);
  }

  void Remediate(const Subject& subject, Remedy& out) const override {
    const Tags shape = TagShapeOf(subject.resource).value_or(Tags::kNone);
    const Property tags = subject["tags"];
    if (shape == Tags::kNone || tags.unknown() || !CanHold(tags, shape)) return;
    std::size_t next = tags.value().elements().size();
    for (const std::string& key : tags_) {
      const Value value = ValueOf(subject.stack, key);
      if (value.kind() != Kind::kString || value.secret() || value.raw_string().empty()) continue;
      if (IsWrong(EffectiveTagOf(subject.stack, subject.resource, shape, key), key, value))
        Tag(subject.resource, shape, key, value, next, out);
    }
  }

 private:
  using Names = std::vector<std::string>;

  static Text Listed(const Names& names) {
    return JoinText(names, [](const std::string& key) { return Text::Setting(key); });
  }
  static Text Wanted(const Names& names) {
    return (names.size() == 1 ? Text("the tag ") : Text("the tags ")) + Listed(names);
  }

  static Text Giving(Tags shape) {
    if (shape == Tags::kList) return "give tags as a list, each with its key and value.";
    return "give tags as a dictionary.";
  }

  // What a tag of the catalogue holds; nothing for tags of which only the configuration knows.
  Value ValueOf(const Stack& stack, std::string_view key) const {
    if (key == kEnvironment) return EnvironmentSuffix(stack, suffix_);
    if (key == "Project") return Value::String(stack.project());
    return key == "ManagedBy" ? Value::String("Pulumi") : Value();
  }

  // It is certain that the resource does not have the tag, or not with a value that it may have.
  static bool IsWrong(const EffectiveTag& is, std::string_view key, const Value& value) {
    if (is.state != State::kHeld) return is.state == State::kAbsent || is.state == State::kInvalidDefaults;
    if (is.tag.unknown()) return false;
    return key == kEnvironment ? !SameKnown(is.tag.value(), value) : is.tag.value().kind() != Kind::kString;
  }

  static void Tag(const Resource& resource, Tags shape, std::string_view key, const Value& value, std::size_t& next,
                  Remedy& out) {
    const Text why = Text("tagged with ") + Text::Setting(key);
    const Property own = OwnTag(resource, shape, key);
    const std::string text(value.raw_string());
    const bool listed = own.path().segments()[1].is_index();
    if (shape != Tags::kList || listed) return out.Set(own.path(), text, why);
    const Path element = Path("tags") / next++;
    out.Set(element / "key", std::string(key), why);
    out.Set(element / "value", text, why);
    if (resource.type == kScalingGroup) out.Set(element / "propagateAtLaunch", true, why);
  }

  static void Missing(const Resource& resource, Tags shape, const std::string& key, const Property& tag, Sink& out) {
    Text fix = "add it to the resource's tags";
    if (TakesDefaultTags(resource, shape)) fix += ", or once for all to default_tags of the aws.Provider";
    out.Violation(tag, Text("the tag ") + Text::Setting(key), fix + ".");
  }

  void JudgeValue(const Stack& stack, const std::string& key, const Property& tag, Sink& out) const {
    if (key == kEnvironment) return JudgeEnvironment(stack, tag, out);
    if (!tag.unknown() && tag.value().kind() != Kind::kString)
      out.Violation(tag, "a text", Text("give the tag ") + Text::Setting(key) + " as text.");
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

  // What cannot be said of each tag by itself.
  void SayOpen(const Subject& subject, State state, const Names& names, Sink& out) const {
    const Property tags = subject["tags"];
    switch (state) {
      case State::kHeld:
      case State::kAbsent: return;
      case State::kAmongTags:
        if (tags.unknown()) return out.Undecided(tags, Wanted(names));
        return out.Undecided(tags, Wanted(names), "not all of them are known before the update");
      case State::kAmongDefaults:
        if (DefaultTagsOf(subject.stack, subject.resource).kind() == Kind::kHidden)
          return out.Undecided(tags, Wanted(names), "its provider's defaultTags are a secret that the file withholds");
        return out.Undecided(tags, Wanted(names), "its provider's defaultTags are not known before the update");
      case State::kInvalidDefaults:
        return out.Violation(
            tags.path(), Text("lacks ") + Listed(names) + ", and its provider's defaultTags are no dictionary of tags",
            Wanted(names), "set default_tags={\"tags\": {...}} on the aws.Provider, or aws:defaultTags to it as JSON.");
      case State::kMissing: return out.Missing(Wanted(tags_) + " on every resource that takes tags");
    }
  }

  const Names tags_;
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
    .undecided = "Tags, or a provider's default tags, that are computed as a whole, or an `Environment` that is "
                 "computed: what they hold is not to be seen before the update.",
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
