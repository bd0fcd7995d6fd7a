// RDS instances in the words of both providers, and where they stand.
//
// Pure and thread-safe; a Database is valid while the stack lives.
#pragma once

#include <optional>

#include "analyzer/model/stack.h"
#include "analyzer/policy/require.h"
#include "analyzer/policy/text.h"
#include "policies/aws/database_sources.h"

namespace fastcart {

// A member of an Aurora or Multi-AZ cluster, which aws-native has as an instance: its storage, password and groups are
// those of the cluster.
bool IsClusterMember(const guardrails::Resource& instance);

// The input, or where there is none what is already known of the result.
guardrails::Property AskedOrKnown(const guardrails::Stack& stack, const guardrails::Resource& resource,
                                  std::string_view property);

struct Database {
  Database(const guardrails::Stack& stack, const guardrails::Resource& instance);

  bool native;               // of aws-native
  CopySource replicated;     // a replica's engine, class and group are its source's where it names none
  CopySource restored_from;  // the instance that it is restored from, whose engine it has
  guardrails::Property engine, instance_class, backup_days, logs, is_public, group;
  bool restored;             // from a backup, which says what it does not
  bool in_cluster;           // see IsClusterMember

  // What AWS uses where the program says nothing. CloudFormation makes an instance public where the VPC has an
  // internet gateway. Source: AWS::RDS::DBInstance in the CloudFormation template reference.
  double usual_backup_days() const { return native ? 1 : 0; }
  guardrails::AwsUses usual_access() const { return native ? guardrails::AwsUses::kTrue : guardrails::AwsUses::kFalse; }
};

// Whether an instance stands in private subnets only.
struct DatabasePlace {
  bool no_group = false;   // none is set, or the default VPC's
  guardrails::Text wrong;  // "names x, which holds y (…)"; empty where nothing is
  guardrails::Text open;   // what cannot be told; empty where nothing is
  bool missing = false;    // it could be told if the file did not leave out unchanged resources
};
DatabasePlace PlaceOf(const guardrails::Stack& stack, const guardrails::Resource& instance, const Database& database);

}  // namespace fastcart
