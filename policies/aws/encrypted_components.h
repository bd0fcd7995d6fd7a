// What of a stack AWS encrypts at rest with a KMS key, and where each names its key.
//
// Judged: Kinesis streams, RDS, ElastiCache, Secrets Manager, log groups, ECR, ECS (execute command, managed storage,
// managed volumes), SNS, SQS, S3, EBS, EFS, DynamoDB, secure SSM parameters and Firehose, of the providers aws and
// aws-native. Property names: the schemas of pulumi_aws 7 and of CloudFormation.
// Pure and thread-safe; valid while the stack lives.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "analyzer/model/stack.h"
#include "analyzer/policy/text.h"

namespace fastcart {

// One place where a key stands, or has to.
struct KeyPlace {
  enum class Is : std::uint8_t {
    kEncrypted,   // with the key that `key` names; AWS's own if it is absent
    kOff,         // the key does not count: `why` says that nothing is encrypted
    kMaybeOff,    // the same, if `why`, which is unknown, turns out so
    kDoubtful,    // where no key is named none may be needed: `why` is unknown
    kInherited,   // no key is named; that of `why`, which is not in the stack or unknown, is used
    kMayInherit,  // the same, if that is in the same region, which nobody knows
  };
  guardrails::Property key;
  guardrails::Property why;
  Is is = Is::kEncrypted;
  std::string_view path;    // of the key, in the words of the schema: "encryptionConfigurations[].kmsKey"
  std::string_view on, on_value;  // what must stand beside the key, and how it begins; empty: nothing
  bool data_store = false;  // RDS, ElastiCache, DynamoDB, S3, EBS, EFS
};

// The places of a resource; none where it encrypts nothing of its own. A read replica without a key inherits its
// source's. A bucket whose encryption is a resource of its own has its place there.
std::vector<KeyPlace> KeyPlacesOf(const guardrails::Stack& stack, const guardrails::Resource& resource);

// Where no key is named, nobody can say which key, if any, the place has.
bool IsDoubtful(const KeyPlace& place);
// Why not.
guardrails::Text WhyDoubtful(const KeyPlace& place);

// "set kms_key_id to the ARN of that key, and encrypted to true."
guardrails::Text HowToSet(const KeyPlace& place);

// The resource types that have such places.
std::vector<std::string_view> EncryptedTypes();

}  // namespace fastcart
