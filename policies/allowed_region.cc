#include <algorithm>
#include <map>

#include "policies/aws/arn.h"
#include "policies/aws/reads.h"
#include "policies/aws/region.h"
#include "policies/aws/regions_in_use.h"
#include "policies/aws/resource_types.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

class AllowedRegion final : public Rule {
 public:
  explicit AllowedRegion(const Config& config) : regions_(config.Strings("regions")) {}

  void CheckResource(const Subject& subject, Sink& out) const override {
    const Resource& r = subject.resource;
    if (!IsAws(r.package())) return out.NotApplicable("it is no AWS resource");
    const Value of_provider = ProviderRegion(subject.stack, r);
    const bool known = !of_provider.raw_string().empty();
    if (known && !Allows(of_provider.raw_string())) {
      out.Violation(Path(), Text("uses a provider in ") + Text::Of(of_provider), Wanted(""), ProviderFix(r));
    } else if (!known && subject.stack.facts().alone) {
      out.Undecided({Path(), of_provider}, Wanted(""));  // the provider itself tells, with the whole stack
    }
    if (const Property own = subject["region"]; !SameKnown(own.value(), of_provider))
      JudgeRegion(own, "leave region out, or set it to an allowed one.", out);
    for (const RegionUse& use : RegionsInUse(r)) Judge(subject, use, out);
  }

  // A provider whose region nobody knows is reported itself, not once for each resource that uses it.
  void CheckStack(const Stack& stack, Sink& out) const override {
    std::map<std::string_view, const Resource*> users;  // by the URN of a provider
    for (const Resource& r : stack.resources())
      if (IsAws(r.package()) && r.custom && !r.external) users.emplace(r.provider.urn, &r);
    for (const auto& [urn, user] : users) JudgeProvider(stack, *user, out);
  }

 private:
  bool Allows(std::string_view region) const { return std::find(regions_.begin(), regions_.end(), region) != regions_.end(); }
  // "all" is what a target outside the VPC has for a zone.
  bool AllowsZone(std::string_view zone) const {
    const auto is_of = [zone](const std::string& region) { return ZoneIsIn(zone, region); };
    return zone == "all" || std::any_of(regions_.begin(), regions_.end(), is_of);
  }

  template <std::size_t N>
  Text Wanted(const char (&what)[N]) const {
    return Text(what) + (regions_.size() > 1 ? Text("one of ") : Text()) + JoinText(regions_, [](const std::string& region) { return Text::Setting(region); });
  }
  Text ProviderFix(const Resource& user) const {
    const bool native = IsNative(user);
    const Text key = native ? Text("aws-native:region ") : Text("aws:region ");
    const Text provider = native ? Text("aws_native.Provider.") : Text("aws.Provider.");
    return Text("pulumi config set ") + key + Text::Setting(regions_.front()) + ", or region= on the " + provider;
  }

  void JudgeRegion(const Property& at, Text fix, Sink& out) const {
    if (at.unknown()) return out.Undecided(at, Wanted(""));
    const bool right = at.absent() || (at.value().kind() == Kind::kString && Allows(at.value().raw_string()));
    if (!right) out.Violation(at, Wanted(""), std::move(fix));
  }

  void Judge(const Subject& subject, const RegionUse& use, Sink& out) const {
    switch (use.is) {
      case RegionUse::Is::kReplica:
        return JudgeRegion(use.at, "take that region out, or name an allowed one.", out);
      case RegionUse::Is::kZone: return JudgeZone(subject, use.at, out);
      case RegionUse::Is::kArn:
        if (Allows(use.region)) return;
        return out.Violation(use.at.path(), Text("names ") + Text::Part(use.at.value(), use.arn), Wanted("ARNs in "),
                             "refer to a resource in an allowed region.");
    }
  }

  void JudgeZone(const Subject& subject, const Property& at, Sink& out) const {
    if (at.unknown()) {
      if (!IsOfStack(subject, at)) out.Undecided(at, Wanted("a zone of "));
    } else if (!AllowsZone(at.value().raw_string())) {
      out.Violation(at, Wanted("a zone of "), "use a zone of an allowed region, for example from aws.get_availability_zones().");
    }
  }

  // A zone that comes from resources of the stack that have one is theirs, and they are judged. Of all else that it may
  // be computed from (a shuffle, a parameter, another stack) nobody knows the zone.
  static bool IsOfStack(const Subject& subject, const Property& at) {
    if (subject.stack.facts().alone) return false;
    const auto is_zoned = [&](std::string_view urn) {
      const Resource* from = subject.stack.Find(urn);
      return from && HasZone(*from);
    };
    for (const PropertyDependency& d : subject.resource.property_dependencies)
      if (d.property == at.path().root()) return !d.urns.empty() && std::all_of(d.urns.begin(), d.urns.end(), is_zoned);
    return false;
  }

  void JudgeProvider(const Stack& stack, const Resource& user, Sink& out) const {
    const Provider& provider = user.provider;
    const Value region = ProviderRegion(stack, user);
    if (region.kind() == Kind::kString && !region.raw_string().empty()) return;  // judged where it is used
    const bool by_config = provider.urn.empty() || provider.is_default();
    const StackFacts& facts = stack.facts();
    Sink at_provider = out.On(provider.resource);
    const Property at(Path("region"), region);
    const bool mistyped = region.known() && region.kind() != Kind::kString;
    if (region.unknown()) {
      at_provider.Undecided(at, Wanted(""));
    } else if (mistyped || (by_config && (facts.preview || facts.has_config))) {
      at_provider.Violation(at, Wanted(""), ProviderFix(user));
    } else if (!by_config && provider.resource == nullptr && facts.partial) {
      out.Missing(Wanted("a provider in "));
    } else {
      at_provider.Undecided(at, Wanted(""), by_config ? Text("neither a provider nor the stack's config says it")
                                                      : Text("the environment of the deployment decides it"));
    }
  }

  const std::vector<std::string> regions_;
};

}  // namespace

const Guardrail kAllowedRegion{
    .name = "allowed-region",
    .display_name = "Everything lives in an allowed region",
    .severity = Severity::kHigh,
    .scope = Scope::kBoth,
    .types = {"*"},
    .subject = "AWS resource",
    .description = "Every AWS resource lives in an allowed region, `eu-central-1` by default. Judged, each where it is "
                   "there: the region of the resource's provider, its own `region`, its availability zones, the "
                   "regions that it is replicated or copied to, and the region of every ARN that stands anywhere in "
                   "its configuration. ARNs without a region (IAM, S3) are fine; wildcard regions are judged by "
                   "iam-least-privilege. Every type is judged, those of the provider aws-native too.",
    .why = "Customers' data stays where the contract and the law say. A resource elsewhere is out of sight of the "
           "monitoring, the backups and the bill of the platform.",
    .how_to_fix = "Set the region once, with `pulumi config set aws:region eu-central-1` or `region=` on the "
                  "`aws.Provider`, and refer to resources by their outputs instead of literal ARNs.",
    .undecided = "A provider of the program's own without a region: the environment of the deployment decides it. A "
                 "region that is computed, and a zone that is, unless it comes from resources of the stack that stand "
                 "in one: then theirs is judged.",
    .failing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders-dev", shard_count=2, region="us-east-1")
)py",
    .passing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders-dev", shard_count=2)
)py",
    .url = "https://www.pulumi.com/registry/packages/aws/installation-configuration/",
    .config = {{.name = "regions",
                .type = ConfigKey::Type::kStrings,
                .default_json = R"(["eu-central-1"])",
                .description = "The regions in which resources may live."}},
    .make = Make<AllowedRegion>,
};

}  // namespace fastcart
