// What references between AWS resources lead to: one constant for each kind, for ResolveOne and ResolveAll.
//
// A kind has the tokens of both providers, aws and aws-native. Resources of aws-native name their properties as
// CloudFormation does: a rule that reads more of them than their identity says in its description which it judges.
// The constants are initialised at start-up: use them inside functions, not to initialise other constants.
#pragma once

#include "analyzer/model/stack.h"

namespace fastcart {

// A key, of any kind but AWS's own; an alias is no key: see kKmsKeysOrAliases.
extern const guardrails::Target kKmsKeys;
extern const guardrails::Target kKmsAliases;
// What a kmsKeyId may name.
extern const guardrails::Target kKmsKeysOrAliases;

extern const guardrails::Target kKinesisStreams;

extern const guardrails::Target kVpcs;
extern const guardrails::Target kSubnets;
extern const guardrails::Target kRouteTables;
extern const guardrails::Target kInternetGateways;
extern const guardrails::Target kNatGateways;
extern const guardrails::Target kSecurityGroups;

extern const guardrails::Target kEcsClusters;
extern const guardrails::Target kEcsServices;
extern const guardrails::Target kLogGroups;

extern const guardrails::Target kRdsInstances;
extern const guardrails::Target kRdsClusters;
extern const guardrails::Target kRdsSubnetGroups;
extern const guardrails::Target kCacheSubnetGroups;

extern const guardrails::Target kIamPolicies;
extern const guardrails::Target kSecrets;
extern const guardrails::Target kBuckets;

}  // namespace fastcart
