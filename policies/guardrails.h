// Every guardrail of the pack. Each is defined in policies/<name_with_underscores>.cc and listed in pack.cc.
#pragma once

#include "analyzer/policy/guardrail.h"

namespace fastcart {

// In the order of their names, one a line.
extern const guardrails::Guardrail kAllowedRegion;
extern const guardrails::Guardrail kDatabaseCredentials;
extern const guardrails::Guardrail kEcrRepository;
extern const guardrails::Guardrail kEcsPrivateSubnets;
extern const guardrails::Guardrail kEcsTaskCount;
extern const guardrails::Guardrail kIamLeastPrivilege;
extern const guardrails::Guardrail kKinesisEncryption;
extern const guardrails::Guardrail kKinesisShardCount;
extern const guardrails::Guardrail kKmsKeyRotation;
extern const guardrails::Guardrail kLogGroupEncryption;
extern const guardrails::Guardrail kNameSuffix;
extern const guardrails::Guardrail kRdsEncryption;
extern const guardrails::Guardrail kRdsOperations;
extern const guardrails::Guardrail kRedisEncryption;
extern const guardrails::Guardrail kRequiredAlarms;
extern const guardrails::Guardrail kRequiredOutputs;
extern const guardrails::Guardrail kRequiredTags;
extern const guardrails::Guardrail kSecurityGroupLeastPrivilege;
extern const guardrails::Guardrail kSharedCmk;
extern const guardrails::Guardrail kVpcTopology;

}  // namespace fastcart
