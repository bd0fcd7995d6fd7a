#include "policies/aws/encrypted_components.h"

#include <algorithm>
#include <optional>
#include <span>
#include <unordered_set>

#include "analyzer/model/references.h"
#include "policies/aws/arn.h"
#include "policies/aws/certainty.h"
#include "policies/aws/database_sources.h"
#include "policies/aws/encrypted_types.h"
#include "policies/aws/python.h"
#include "policies/aws/reads.h"
#include "policies/aws/region.h"
#include "policies/aws/targets.h"

namespace fastcart {
namespace {

using namespace guardrails;
using Is = KeyPlace::Is;
using When = KeyRow::When;

std::span<const KeyRow> RowsOf(std::string_view type) {
  const auto before = [](const KeyRow& a, const KeyRow& b) { return a.type < b.type; };
  KeyRow wanted;
  wanted.type = type;
  const auto all = KeyRows();
  const auto [from, to] = std::equal_range(all.begin(), all.end(), wanted, before);
  return {from, to};
}

std::string_view Take(std::string_view& path) {
  const auto dot = path.find('.');
  const std::string_view first = path.substr(0, dot);
  path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  return first;
}

// The object that a key belongs in, and the key.
struct Spot {
  Property block, key;
};

void Follow(const Property& at, std::string_view path, std::vector<Spot>& out) {
  std::string_view name = Take(path);
  const bool each = name.ends_with("[]");
  if (each) name.remove_suffix(2);
  const Property next = at[name];
  if (!each) return path.empty() ? out.push_back({at, next}) : Follow(next, path, out);
  const auto list = next.ReadList();
  const auto* elements = IfKnown(list);
  if (elements == nullptr) return out.push_back({next, next});
  if (elements->empty()) out.push_back({{next.path(), Value()}, {next.path(), Value()}});
  for (const Property& element : *elements) Follow(element, path, out);
}

// Does it say `wanted`, as a boolean or as the beginning of a text?
Certainty Says(const Property& at, std::string_view wanted) {
  if (at.unknown()) return Certainty::kUnknown;
  const Value& v = at.value();
  const bool says = v.kind() == Kind::kBool ? v.raw_bool() && wanted == "true" : v.raw_string().starts_with(wanted);
  return says ? Certainty::kYes : Certainty::kNo;
}

// The buckets whose encryption is configured by a resource of its own.
class ConfiguredBuckets {
 public:
  explicit ConfiguredBuckets(const Stack& stack) {
    for (const KeyRow& row : KeyRows())
      if (row.type.starts_with("aws:s3/bucketServerSide"))
        for (const Resource* r : stack.OfType(row.type))
          if (!r->external) Add(stack, *r);
  }

  Certainty Has(const Resource& bucket) const {
    if (buckets_.contains(&bucket)) return Certainty::kYes;
    return some_unknown_ ? Certainty::kUnknown : Certainty::kNo;
  }

 private:
  void Add(const Stack& stack, const Resource& configuration) {
    const Reference bucket = ResolveOne(stack, configuration, configuration["bucket"], kBuckets);
    if (bucket.resource) buckets_.insert(bucket.resource);
    some_unknown_ |= bucket.state == Reference::State::kUnknown;
  }

  std::unordered_set<const Resource*> buckets_;
  bool some_unknown_ = false;
};

class Finder {
 public:
  Finder(const Stack& stack, const Resource& resource)
      : stack_(stack), resource_(resource),
        root_(Path(), resource.inputs.absent() ? resource.outputs : resource.inputs) {}

  std::vector<KeyPlace> Places() {
    for (const KeyRow& row : RowsOf(resource_.type))
      if (!BucketIsJudged(row)) Judge(row);
    return std::move(places_);
  }

 private:
  Property At(std::string_view path) const {
    Property at = root_;
    while (!path.empty()) at = at[Take(path)];
    return Asked(stack_, resource_, at);
  }

  bool TakenAway(const KeyRow& row) const {
    return std::any_of(row.unless.begin(), row.unless.end(), [this](auto p) { return !p.empty() && !IsBlank(At(p)); });
  }

  void Add(const KeyRow& row, const Property& key, Is is, const Property& why) {
    places_.push_back({key, why, is, row.path, row.on, row.on_value, row.data_store});
  }

  void Judge(const KeyRow& row) {
    std::vector<Spot> spots;
    Follow(root_, row.path, spots);
    for (const Spot& spot : spots) JudgeSpot(row, spot.block, Asked(stack_, resource_, spot.key));
  }

  void JudgeSpot(const KeyRow& row, const Property& block, const Property& key) {
    const bool switched = !IsBlank(key) && !row.on.empty() && !block.unknown();
    if (switched) return JudgeSwitch(row, Asked(stack_, resource_, block[row.on]), key);
    if ((IsBlank(key) || block.unknown()) && TakenAway(row)) return;
    if (row.when == When::kInBlock && block.absent()) return;
    if (row.when == When::kInBlock && block.unknown()) return Add(row, key, Is::kDoubtful, block);
    if (!IsBlank(key)) return Add(row, key, Is::kEncrypted, key);
    if (row.when == When::kIfNamed) return;
    if (row.when == When::kIf) return JudgeCondition(row, At(row.condition), key);
    if (row.path == "kmsKeyId" && row.type.find(":rds") != std::string_view::npos) return JudgeReplica(row, key);
    Add(row, key, Is::kEncrypted, key);
  }

  void JudgeSwitch(const KeyRow& row, const Property& on, const Property& key) {
    const Certainty says = Says(on, row.on_value);
    Add(row, key, says == Certainty::kYes ? Is::kEncrypted : says == Certainty::kNo ? Is::kOff : Is::kMaybeOff, on);
  }

  void JudgeCondition(const KeyRow& row, const Property& condition, const Property& key) {
    const Certainty is = Says(condition, row.wanted);
    if (is != Certainty::kNo) Add(row, key, is == Certainty::kYes ? Is::kEncrypted : Is::kDoubtful, condition);
  }

  void JudgeReplica(const KeyRow& row, const Property& key) {
    const auto& instances = kRdsInstances.types;
    const bool is_instance = std::find(instances.begin(), instances.end(), resource_.type) != instances.end();
    return is_instance ? JudgeInstance(row, key) : JudgeCluster(row, key);
  }

  // A replica has its source's key, unless it is in another region.
  void JudgeInstance(const KeyRow& row, const Property& key) {
    using Source = CopySource::Is;
    const CopySource source = ReplicaSourceOf(stack_, resource_);
    const bool by_itself = source.is == Source::kNone || source.is == Source::kMistyped;
    if (by_itself || source.same_region == Certainty::kNo) return Add(row, key, Is::kEncrypted, key);
    const bool where = source.is == Source::kUnknown || source.same_region == Certainty::kYes;
    if (source.is != Source::kManaged || !where) Add(row, key, where ? Is::kInherited : Is::kMayInherit, source.at);
  }

  // So has a cluster.
  void JudgeCluster(const KeyRow& row, const Property& key) {
    for (const auto name : {"replicationSourceIdentifier", "sourceDbClusterIdentifier"}) {
      const Property source = At(name);
      if (!IsBlank(source)) return JudgeClusterOf(row, key, source);
    }
    Add(row, key, Is::kEncrypted, key);
  }

  void JudgeClusterOf(const KeyRow& row, const Property& key, const Property& source) {
    const Resource* shown = nullptr;
    for (const Target* target : {&kRdsInstances, &kRdsClusters})
      if (!shown) shown = ResolveOne(stack_, resource_, source, *target).resource;
    const std::optional<Arn> arn = ParseArn(source.value().raw_string());
    Certainty here = arn ? SameRegion(RegionOf(stack_, resource_), Value::String(arn->region)) : Certainty::kYes;
    if (shown) here = InOneRegion(stack_, resource_, *shown);
    if (here == Certainty::kNo) return Add(row, key, Is::kEncrypted, key);
    if (here == Certainty::kUnknown) return Add(row, key, Is::kMayInherit, source);
    if (!shown) Add(row, key, Is::kInherited, source);
  }

  // Is the bucket's encryption judged elsewhere, or here by the lack of any?
  bool BucketIsJudged(const KeyRow& row) {
    if (!row.type.starts_with("aws:s3/bucket:") && !row.type.starts_with("aws:s3/bucketV2:")) return false;
    const Certainty elsewhere = stack_.Knowledge<ConfiguredBuckets>().Has(resource_);
    std::string_view path = row.path;
    std::string_view name = Take(path);
    if (name.ends_with("[]")) name.remove_suffix(2);
    const Property inline_ = At(name);
    // What AWS made of a configuration is in the outputs of its bucket, too.
    if (elsewhere == Certainty::kYes && resource_.inputs.absent()) return true;
    if (!inline_.absent()) return false;
    const bool doubtful = elsewhere == Certainty::kUnknown || stack_.facts().partial;
    if (elsewhere != Certainty::kYes) Add(row, inline_, doubtful ? Is::kDoubtful : Is::kEncrypted, inline_);
    return true;
  }

  const Stack& stack_;
  const Resource& resource_;
  const Property root_;
  std::vector<KeyPlace> places_;
};

}  // namespace

std::vector<KeyPlace> KeyPlacesOf(const Stack& stack, const Resource& resource) {
  return Finder(stack, resource).Places();
}

bool IsDoubtful(const KeyPlace& place) {
  return place.is == Is::kDoubtful || place.is == Is::kInherited || place.is == Is::kMayInherit;
}

Text WhyDoubtful(const KeyPlace& place) {
  if (place.is == Is::kMayInherit) return "whether its source is in the same region is not known";
  if (place.is == Is::kInherited) return "it has the key of that database, which the stack does not show";
  return "whether a key is needed here is not known before the update";
}

Text HowToSet(const KeyPlace& place) {
  const Text fix = Text("set ") + InPython(place.path) + " to the ARN of that key";
  if (place.on.empty()) return fix + ".";
  return fix + ", and " + InPython(place.on) + " to " + Text::Setting(place.on_value) + ".";
}

std::vector<std::string_view> EncryptedTypes() {
  std::vector<std::string_view> out;
  for (const KeyRow& row : KeyRows())
    if (out.empty() || out.back() != row.type) out.push_back(row.type);
  return out;
}

}  // namespace fastcart
