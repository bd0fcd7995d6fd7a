#include "policies/pack.h"

#include <array>

#include "policies/aws/picture.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

// Sorted by name, one a line. A test compares the list with the files of this folder.
constexpr auto kGuardrails = std::to_array<const guardrails::Guardrail*>({
    &kAllowedRegion,
    &kDatabaseCredentials,
    &kEcrRepository,
    &kEcsPrivateSubnets,
    &kEcsTaskCount,
    &kIamLeastPrivilege,
    &kKinesisEncryption,
    &kKinesisShardCount,
    &kKmsKeyRotation,
    &kLogGroupEncryption,
    &kNameSuffix,
    &kRdsEncryption,
    &kRdsOperations,
    &kRedisEncryption,
    &kRequiredAlarms,
    &kRequiredOutputs,
    &kRequiredTags,
    &kSecurityGroupLeastPrivilege,
    &kSharedCmk,
    &kVpcTopology,
});

}  // namespace

const guardrails::Pack& FastCartPack() {
  static constexpr guardrails::Pack kPack{
      .name = "fastcart-guardrails",
      .display_name = "FastCart Guardrails",
      .version = PACK_VERSION,
      .description = "FastCart's platform requirements as Pulumi policies",
      .guardrails = kGuardrails,
      .picture = PictureOf,
  };
  return kPack;
}

}  // namespace fastcart
