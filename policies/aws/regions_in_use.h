// Every place in a resource's properties that names a region.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/model/resource.h"

namespace fastcart {

struct RegionUse {
  enum class Is {
    kZone,     // an availability zone: `availabilityZone`, `availabilityZones`, `availabilityZoneName`, `…Azs`
    kReplica,  // a region to replicate or copy to: `replicas[].region`, `replicaRegions`, `destination.region`…
    kArn,      // an ARN inside a text, of a region that is neither empty nor a wildcard
  };
  Is is;
  guardrails::Property at;      // the text, or the unknown value in the place of a zone or replica
  std::string_view region;      // of kArn
  std::string_view arn;         // of kArn: the ARN, a part of the text
};

// In the order of the properties; an ARN's region once for each text. Inputs where the source has them. Below tags,
// environment variables and the like, whose keys are the program's own, only ARNs count.
std::vector<RegionUse> RegionsInUse(const guardrails::Resource& resource);

// A resource of AWS that the stack manages and that stands in a zone: one that it names, or that AWS gives it.
bool HasZone(const guardrails::Resource& resource);

}  // namespace fastcart
