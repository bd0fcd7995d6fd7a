#include "policies/aws/database_sources.h"

#include <algorithm>
#include <span>

#include "analyzer/model/references.h"
#include "policies/aws/arn.h"
#include "policies/aws/reads.h"
#include "policies/aws/region.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

namespace {

using Is = CopySource::Is;
using Targets = std::span<const Target* const>;

class Search {
 public:
  Search(const Stack& stack, const Resource& copy, Property at) : stack_(stack), copy_(copy), at_(std::move(at)) {
    arn_ = ParseArn(at_.value().raw_string()).value_or(Arn());
  }

  CopySource Run(Targets targets) {
    if (IsBlank(at_)) return {.is = Is::kNone, .at = at_};
    if (!at_.unknown() && Literal().empty()) return {.is = Is::kMistyped, .at = at_};
    for (const Target* target : targets)
      if (!found_) Look(*target);
    return {.is = found_ ? Found() : NotFound(), .at = at_, .resource = found_, .same_region = InSameRegion()};
  }

 private:
  std::string_view Literal() const { return at_.value().raw_string(); }

  // A name is looked up in the copy's own region.
  bool IsName() const { return !Literal().empty() && arn_.service.empty(); }

  void Look(const Target& target) {
    if (!Literal().empty())
      for (const Resource* r : stack_.KnownBy(target, Literal())) Take(*r);
    const References to = ResolveAll(stack_, copy_, at_, target);
    const Edges edges = at_.unknown() ? EdgeTargets(stack_, copy_, at_.path().root(), target) : Edges();
    const bool only_one = to.complete() && to.resources.size() + to.outside.size() == 1;
    if (only_one)
      for (const auto* led_to : {&to.resources, &edges.resources})
        for (const Resource* r : *led_to) Take(*r);
    perhaps_ = perhaps_ || std::any_of(to.candidates.begin(), to.candidates.end(), [this](auto* r) { return MayBe(*r); });
    dangling_ = dangling_ || edges.dangling;
  }

  bool MayBe(const Resource& r) const {
    return &r != &copy_ && !(IsName() && InOneRegion(stack_, copy_, r) == Certainty::kNo);
  }

  void Take(const Resource& r) {
    if (!found_ && MayBe(r)) found_ = &r;
  }

  Is Found() const { return found_->external ? Is::kRead : Is::kManaged; }

  Is NotFound() const {
    const bool led_away = dangling_ || !Literal().empty();
    if (stack_.facts().alone || !led_away) return Is::kUnknown;
    if (perhaps_) return Is::kPerhaps;
    return stack_.facts().partial ? Is::kMissing : Is::kOutside;
  }

  Certainty InSameRegion() const {
    if (IsName()) return Certainty::kYes;
    const Certainty seen = found_ ? InOneRegion(stack_, copy_, *found_) : Certainty::kUnknown;
    if (seen != Certainty::kUnknown) return seen;
    return SameRegion(RegionOf(stack_, copy_), Value::String(arn_.region));
  }

  const Stack& stack_;
  const Resource& copy_;
  const Property at_;
  Arn arn_;  // empty of what is no ARN
  const Resource* found_ = nullptr;
  bool perhaps_ = false, dangling_ = false;
};

}  // namespace

CopySource ReplicaSourceOf(const Stack& stack, const Resource& database) {
  const auto find = [&](std::string_view property, Targets targets) {
    return Search(stack, database, Asked(stack, database, property)).Run(targets);
  };
  const Target* const instances[] = {&kRdsInstances};
  const Target* const clusters[] = {&kRdsClusters};
  const Target* const either[] = {&kRdsInstances, &kRdsClusters};
  if (database.package() == "aws") return find("replicateSourceDb", either);
  CopySource of_instance = find("sourceDbInstanceIdentifier", instances);
  const bool may_be_of_cluster = of_instance.is == Is::kNone && database.type.ends_with(":DbInstance");
  return may_be_of_cluster ? find("sourceDbClusterIdentifier", clusters) : of_instance;
}

CopySource RestoredSourceOf(const Stack& stack, const Resource& instance) {
  const Target* const instances[] = {&kRdsInstances};
  const bool native = IsNative(instance);
  const Property restore = Asked(stack, instance, "restoreToPointInTime");
  const Property by_name = restore["sourceDbInstanceIdentifier"];
  const Property by_id = native ? Asked(stack, instance, "sourceDbiResourceId") : restore["sourceDbiResourceId"];
  return Search(stack, instance, native || IsBlank(by_name) ? by_id : by_name).Run(instances);
}

bool IsInstanceOfStack(const CopySource& source) {
  return source.is == Is::kManaged && !source.resource->type.ends_with("Cluster");
}

Text WhyOpen(const CopySource& source) {
  if (source.is == Is::kOutside) return "the database that it replicates is not in the stack";
  return "which database it replicates is not known";
}

}  // namespace fastcart
