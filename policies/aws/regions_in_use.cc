#include "policies/aws/regions_in_use.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "policies/aws/arn.h"

namespace fastcart {

using namespace guardrails;

namespace {

// What the keys on the way to a value make of it.
enum class Place { kAny, kZone, kReplicas, kReplicaRegions, kReplica };

bool EndsWith(std::string_view key, std::string_view end) {
  return absl::EndsWithIgnoreCase({key.data(), key.size()}, {end.data(), end.size()});
}

Place PlaceOf(std::string_view key, Place around) {
  if (around == Place::kReplicas || around == Place::kReplicaRegions)
    return key == "region" || key == "regionName" ? Place::kReplica : Place::kAny;
  const char last = key.empty() ? '\0' : key.back();  // most keys end otherwise
  if (last != 's' && last != 'e') return Place::kAny;
  if (key == "replicas") return Place::kReplicas;
  if (key == "replicaRegions") return Place::kReplicaRegions;
  const bool zone = EndsWith(key, "availabilityZone") || EndsWith(key, "availabilityZones") || key.ends_with("Azs");
  return zone ? Place::kZone : Place::kAny;
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
        if (place != Place::kAny) Found(value, place);
        return;
      default: return;
    }
  }

  void Found(const Value& value, Place place) {
    out_.push_back({place == Place::kZone ? RegionUse::Is::kZone : RegionUse::Is::kReplica, {path_, value}, {}, {}});
  }

  void Text(const Value& value, Place place) {
    const std::string_view text = value.raw_string();
    if (place == Place::kZone || place == Place::kReplica || place == Place::kReplicaRegions) Found(value, place);
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

}  // namespace

std::vector<RegionUse> RegionsInUse(const Resource& resource) {
  std::vector<RegionUse> out;
  Walk(out).Object(resource.inputs.absent() ? resource.outputs : resource.inputs, Place::kAny);
  return out;
}

}  // namespace fastcart
