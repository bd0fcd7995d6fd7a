#include <re2/re2.h>

#include <algorithm>
#include <memory>

#include "policies/aws/reads.h"
#include "policies/aws/resource_types.h"
#include "policies/aws/suffix.h"
#include "policies/aws/tags.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

// The provider aws-native fills in the logical name, "-" and seven hexadecimal digits, and does not say that it did.
bool IsMadeByNative(const Resource& resource, std::string_view name) {
  constexpr std::string_view kHexadecimal = "0123456789abcdef";
  constexpr std::size_t kDigits = 7;
  if (!IsNative(resource) || !name.starts_with(resource.name)) return false;
  name.remove_prefix(resource.name.size());
  return name.size() == 1 + kDigits && name.front() == '-' &&
         name.find_first_not_of(kHexadecimal, 1) == std::string_view::npos;
}

// What the program does not set: nothing, or what the provider filled in.
bool IsUnset(const Resource& resource, const Property& at) {
  return at.value().defaulted() || IsBlank(at) || IsMadeByNative(resource, at.value().raw_string());
}

// What AWS calls the one that it uses where no name is asked for, and lets nobody call otherwise.
bool IsFixed(std::string_view name) { return name == "$default"; }

class NameSuffix final : public Rule {
 public:
  explicit NameSuffix(const Config& config)
      : configured_(ConfiguredSuffix(config)), separator_(config.String("separator").value_or("")) {
    for (const std::string& pattern : config.Strings("exemptTypes")) exempt_.push_back(std::make_unique<RE2>(pattern));
  }

  void CheckResource(const Subject& subject, Sink& out) const override {
    const Value suffix = EnvironmentSuffix(subject.stack, configured_);
    if (subject.resource.package() == "pulumi") return out.NotApplicable("it belongs to Pulumi itself");
    if (suffix.kind() != Kind::kString) return;  // said of the stack
    if (!Carries(subject.resource.name, suffix)) {
      out.Violation(Path(), "has a logical name without the suffix", Wanted(suffix),
                    Text("give it the name \"") + Text::Name(subject.resource) + Ending(suffix) + "\" in the program.");
    }
    const ResourceType* type = FindResourceType(subject.resource.type);
    if (type == nullptr) return JudgeUnlisted(subject, suffix, out);
    if (!type->name.empty()) return JudgeName(subject, *type, suffix, out);
    if (type->tags != Tags::kNone) JudgeTag(subject, type->tags, suffix, out);
  }

  void CheckStack(const Stack& stack, Sink& out) const override {
    const auto all = stack.resources();
    if (std::none_of(all.begin(), all.end(), IsNamed)) return;  // nothing that a suffix were missing on
    const Value suffix = EnvironmentSuffix(stack, configured_);
    const Property at(Path("environmentSuffix"), suffix);
    if (suffix.unknown()) out.Undecided(at, "an environment suffix");
    if (suffix.absent()) out.Broken(NoSuffix(stack));
  }

 private:
  static bool IsNamed(const Resource& r) { return r.custom && !r.external && r.package() != "pulumi"; }

  // An export has no configuration, so that setting it would change nothing.
  static Text NoSuffix(const Stack& stack) {
    if (stack.facts().has_config)
      return "there is no environment suffix; set it with `pulumi config set environmentSuffix dev`, or `suffix` in the "
             "configuration of name-suffix";
    return "there is no environment suffix; name the stack with --stack, give its configuration with --stack-config, or set "
           "`suffix` in the configuration of name-suffix";
  }

  Text Ending(const Value& suffix) const { return Text::Setting(separator_) + Text::Part(suffix, suffix.raw_string()); }
  Text Wanted(const Value& suffix) const { return Text("a name that ends in ") + Ending(suffix); }

  // "fastcart-dev", "/ecs/fastcart-dev", "fastcart/dev/password"; a FIFO's name ends in ".fifo" as AWS wants it.
  bool Carries(std::string_view name, const Value& suffix) const {
    const std::string end = separator_ + std::string(suffix.raw_string());
    if (name.ends_with(".fifo")) name.remove_suffix(5);
    while (true) {
      const std::string_view segment = name.substr(0, name.find('/'));
      if (segment == suffix.raw_string() || segment.ends_with(end)) return true;
      if (segment.size() == name.size()) return false;
      name.remove_prefix(segment.size() + 1);
    }
  }

  bool IsExempt(const Resource& resource) const {
    return std::any_of(exempt_.begin(), exempt_.end(), [&](const auto& pattern) {
      return RE2::FullMatch({resource.type.data(), resource.type.size()}, *pattern);
    });
  }

  void JudgeName(const Subject& subject, const ResourceType& type, const Value& suffix, Sink& out) const {
    const Property name = subject[type.name];
    if (IsUnset(subject.resource, name)) return JudgePrefix(subject, type, suffix, out);
    // Without inputs there is only AWS's answer, and that is a name made of the logical one unless the program says more.
    if (name.unknown() && subject.resource.inputs.absent() && type.name == "name") return;
    Judge(subject, name, suffix, out);
  }

  void JudgePrefix(const Subject& subject, const ResourceType& type, const Value& suffix, Sink& out) const {
    const std::string property = std::string(type.name) + "Prefix";
    const Value prefix = subject.resource.inputs[property];
    if (IsUnset(subject.resource, {{}, prefix}) || IsExempt(subject.resource)) return;
    const auto members = subject.resource.inputs.members();
    const auto at = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == property; });
    out.Violation({Path(at->key), prefix}, Wanted(suffix), "set the whole name instead: what follows a prefix is random.");
  }

  void JudgeTag(const Subject& subject, Tags shape, const Value& suffix, Sink& out) const {
    const Property tag = OwnTag(subject.resource, shape, "Name");
    if (!tag.absent()) Judge(subject, tag, suffix, out);
  }

  // A type that this version does not know. What is called name is one; where nothing is, nobody knows what its name is.
  void JudgeUnlisted(const Subject& subject, const Value& suffix, Sink& out) const {
    if (!IsAws(subject.resource.package()) || IsExempt(subject.resource)) return;
    if (const auto shape = TagShapeOf(subject.resource); shape && *shape != Tags::kNone)
      JudgeTag(subject, *shape, suffix, out);
    const Property name = subject["name"];
    if (!IsUnset(subject.resource, name)) return Judge(subject, name, suffix, out);
    out.Undecided({{}, {}}, Wanted(suffix), "this version does not know the type, nor which property names it in AWS");
  }

  void Judge(const Subject& subject, const Property& name, const Value& suffix, Sink& out) const {
    const auto read = name.ReadString();
    const auto* text = IfKnown(read);
    if ((text && (Carries(*text, suffix) || IsFixed(*text))) || IsExempt(subject.resource)) return;
    if (name.unknown()) return out.Undecided(name, Wanted(suffix));
    out.Violation(name, Wanted(suffix), Text("end it in ") + Ending(suffix) + ", or leave it out where AWS can do without.");
  }

  const std::optional<std::string> configured_;
  const std::string separator_;
  std::vector<std::unique_ptr<RE2>> exempt_;
};

}  // namespace

const Guardrail kNameSuffix{
    .name = "name-suffix",
    .display_name = "Every name carries the environment suffix",
    .severity = Severity::kMedium,
    .scope = Scope::kBoth,
    .types = {"*"},
    .subject = "resource",
    .description = "Every resource carries the environment suffix: its logical name, the name that it has in AWS, and "
                   "the `Name` tag of what has no name there. The suffix ends the name or a path segment of it. A name "
                   "prefix cannot carry it. The suffix is that of the configuration, else the stack config's "
                   "`environmentSuffix` or `environment_suffix`, else the stack's name. Resources of the provider aws-native are "
                   "judged alike; of a type that is newer than this version, and that has no `name`, it is said that its "
                   "name in AWS is not judged.",
    .why = "Two environments in one account collide on equal names, and nobody can tell whose a resource is from an "
           "alarm or a bill.",
    .how_to_fix = "End the name in the suffix: `aws.kinesis.Stream(f\"orders-{suffix}\", name=f\"fastcart-orders-{suffix}\")`.",
    .undecided = "A name that the program computes from another resource's output. What a name is made of is not to be "
                 "seen before the update.",
    .failing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders", name="fastcart-orders", shard_count=2)
)py",
    .passing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders-dev", name="fastcart-orders-dev", shard_count=2)
)py",
    .url = "https://www.pulumi.com/docs/iac/concepts/resources/names/",
    .config = {{.name = "suffix",
                .description = "The suffix, where neither the stack's config nor its name says it."},
               {.name = "separator", .default_json = R"("-")", .description = "What stands before the suffix."},
               {.name = "exemptTypes",
                .type = ConfigKey::Type::kStrings,
                .default_json = R"(["aws:ec2/(main)?[rR]oute(TableAssociation)?:.*", "aws:.*(Association|Attachment):.*"])",
                .description = "Resource types, or RE2 patterns of them, of which only the logical name is judged.",
                .patterns = true,
                .may_be_empty = true}},
    .make = Make<NameSuffix>,
};

}  // namespace fastcart
