#include "policies/aws/regions_in_use.h"

#include <algorithm>
#include <array>
#include <span>

#include "absl/strings/match.h"
#include "policies/aws/arn.h"
#include "policies/aws/resource_types.h"

namespace fastcart {

using namespace guardrails;

namespace {

// What the keys on the way to a value make of it.
enum class Place {
  kAny,
  kFree,            // the program's own keys and texts, which mean nothing to AWS
  kZone,
  kReplica,         // a region
  kReplicas,        // blocks that name their region
  kReplicaRegions,  // regions, or such blocks
  kCopies,          // blocks that may name a region, or mean something else
  kReplication,     // in which `regions` are regions
  kNamed,           // in which a name is a region
  kReplicationSet,  // whose `regions` are such
};

struct Key {
  std::string_view name;
  Place place;
};

// Source: the schemas of pulumi_aws 7 and pulumi_aws_native 1.
constexpr auto kKeys = std::to_array<Key>({
    {"automaticBackupReplicationRegion", Place::kReplica},
    {"crossRegionCopyRules", Place::kCopies},
    {"crossRegionCopyTargets", Place::kCopies},
    {"destination", Place::kCopies},
    {"destinationRegion", Place::kReplica},
    {"destinations", Place::kCopies},
    {"distributions", Place::kCopies},
    {"globalTableWitness", Place::kCopies},
    {"globalTableWitnesses", Place::kCopies},
    {"regionList", Place::kReplicaRegions},
    {"regionLists", Place::kReplicaRegions},
    {"replicaRegions", Place::kReplicaRegions},
    {"replicaSpecifications", Place::kReplicas},
    {"replicas", Place::kReplicas},
    {"replicationConfiguration", Place::kReplication},
    {"replicationConfigurations", Place::kReplication},
    {"replicationGroupRegion", Place::kReplica},
    {"replicationRegions", Place::kReplicaRegions},
    {"witnessRegion", Place::kReplica},
    {"environmentVariables", Place::kFree},
    {"stageVariables", Place::kFree},
    {"tags", Place::kFree},
    {"tagsAll", Place::kFree},
    {"variables", Place::kFree},
});

// Resources that are replicas, or sets of them.
constexpr auto kTypes = std::to_array<Key>({
    {"aws-native:cognito:UserPoolReplica", Place::kNamed},
    {"aws-native:ssmincidents:ReplicationSet", Place::kReplicationSet},
    {"aws:directoryservice/serviceRegion:ServiceRegion", Place::kNamed},
    {"aws:ssmincidents/replicationSet:ReplicationSet", Place::kReplicationSet},
    {"aws:ssoadmin/region:Region", Place::kNamed},
});

Place In(std::span<const Key> keys, std::string_view name) {
  const auto at = std::find_if(keys.begin(), keys.end(), [name](const Key& key) { return key.name == name; });
  return at == keys.end() ? Place::kAny : at->place;
}

bool EndsWith(std::string_view key, std::string_view end) {
  return absl::EndsWithIgnoreCase({key.data(), key.size()}, {end.data(), end.size()});
}

bool IsZone(std::string_view key) {
  for (const std::string_view end : {"availabilityZone", "availabilityZones", "availabilityZoneName"})
    if (EndsWith(key, end)) return true;
  return key.ends_with("Azs");
}

// Does a block there name its region by that key?
bool NamesRegion(std::string_view key, Place around) {
  switch (around) {
    case Place::kReplicas:
    case Place::kReplicaRegions: return key == "region" || key == "regionName";
    case Place::kCopies: return key == "region" || key == "regionName" || key == "targetRegion" || key == "target";
    case Place::kNamed: return key == "name" || key == "regionName";
    default: return false;
  }
}

Place PlaceOf(std::string_view key, Place around) {
  if (around == Place::kFree) return around;
  if (NamesRegion(key, around)) return Place::kReplica;
  if (key == "regions" && around == Place::kReplication) return Place::kReplicaRegions;
  if (key == "regions" && around == Place::kReplicationSet) return Place::kNamed;
  const char last = key.empty() ? '\0' : key.back();  // most keys end otherwise
  if (std::string_view("eslnt").find(last) == std::string_view::npos) return Place::kAny;
  const Place place = In(kKeys, key);
  return place == Place::kAny && IsZone(key) ? Place::kZone : place;
}

bool IsRegion(Place place) { return place == Place::kReplica || place == Place::kReplicaRegions; }

// Can an unknown value there turn out to name a region, or a zone?
bool MayName(Place place) {
  return IsRegion(place) || place == Place::kZone || place == Place::kReplicas || place == Place::kNamed;
}

// Walks the values themselves: the path is built once, and copied only where something is found.
class Walk {
 public:
  explicit Walk(std::vector<RegionUse>& out) : out_(out) {}

  void Object(const Value& value, Place place) {
    for (const Member& m : value.members()) Descend(value, Shown(value, m.key), m.value, PlaceOf(m.key, place));
  }

 private:
  static std::string_view Shown(const Value& object, std::string_view key) { return object.secret() ? "[secret]" : key; }

  template <class Segment>
  void Descend(const Value& parent, Segment segment, const Value& value, Place place) {
    path_.Append(segment);
    Visit(parent.secret() ? value.AsSecret() : value, place);
    path_.RemoveLast();
  }

  void Visit(const Value& value, Place place) {
    switch (value.kind()) {
      case Kind::kString: return Text(value, place);
      case Kind::kList:
        for (std::size_t i = 0; i < value.elements().size(); ++i) Descend(value, i, value.elements()[i], place);
        return;
      case Kind::kObject: return Object(value, place);
      case Kind::kUnknown:
      case Kind::kHidden:
        if (MayName(place)) Found(value, place);
        return;
      default: return;
    }
  }

  void Found(const Value& value, Place place) {
    out_.push_back({place == Place::kZone ? RegionUse::Is::kZone : RegionUse::Is::kReplica, {path_, value}, {}, {}});
  }

  void Text(const Value& value, Place place) {
    const std::string_view text = value.raw_string();
    const bool is_arn = text.starts_with("arn:");  // of an Outpost to copy to: it is read below
    if (place == Place::kZone || (IsRegion(place) && !is_arn)) Found(value, place);
    if (text.size() < sizeof("arn:aws:s3:::")) return;
    std::vector<std::string_view> seen;
    for (const Arn& arn : FindArns(text)) {
      if (arn.region.empty() || IsWildcard(arn.region)) continue;
      if (std::find(seen.begin(), seen.end(), arn.region) != seen.end()) continue;
      seen.push_back(arn.region);
      const char* start = arn.partition.data() - sizeof("arn:") + 1;
      const auto size = static_cast<std::size_t>(arn.resource.data() + arn.resource.size() - start);
      out_.push_back({RegionUse::Is::kArn, {path_, value}, arn.region, {start, size}});
    }
  }

  std::vector<RegionUse>& out_;
  Path path_;
};

// What AWS gives a zone where the program names none, and tells it.
constexpr auto kInZone = std::to_array<std::string_view>({
    "aws-native:ec2:Instance",
    "aws-native:ec2:Subnet",
    "aws-native:ec2:Volume",
    "aws-native:rds:DbInstance",
    "aws:ebs/volume:Volume",
    "aws:ec2/defaultSubnet:DefaultSubnet",
    "aws:ec2/instance:Instance",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    "aws:ec2/subnet:Subnet",
    "aws:elasticache/cluster:Cluster",
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:rds/instance:Instance",
    "aws:redshift/cluster:Cluster",
});

}  // namespace

std::vector<RegionUse> RegionsInUse(const Resource& resource) {
  std::vector<RegionUse> out;
  Walk(out).Object(resource.inputs.absent() ? resource.outputs : resource.inputs, In(kTypes, resource.type));
  return out;
}

bool HasZone(const Resource& resource) {
  if (resource.external || !resource.custom) return false;
  if (std::find(kInZone.begin(), kInZone.end(), resource.type) != kInZone.end()) return true;
  const auto uses = IsAws(resource.package()) ? RegionsInUse(resource) : std::vector<RegionUse>();
  return std::any_of(uses.begin(), uses.end(), [](const RegionUse& use) { return use.is == RegionUse::Is::kZone; });
}

}  // namespace fastcart
