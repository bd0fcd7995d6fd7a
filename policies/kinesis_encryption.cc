#include <string>

#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"
#include "policies/aws/reads.h"
#include "policies/aws/require_key.h"
#include "policies/aws/targets.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;


Property EncryptionType(const Subject& stream) {
  return IsNative(stream.resource) ? stream["streamEncryption"]["encryptionType"] : stream["encryptionType"];
}

Property Key(const Subject& stream) {
  return IsNative(stream.resource) ? stream["streamEncryption"]["keyId"] : stream["kmsKeyId"];
}

// The ARN of the stack's key, where it has one and no other.
std::string_view OnlyKey(const Stack& stack) {
  const auto keys = stack.OfTypes(kKmsKeys);
  return keys.size() == 1 ? keys.front()->outputs["arn"].raw_string() : std::string_view();
}

class KinesisEncryption final : public Rule {
 public:
  void CheckResource(const Subject& stream, Sink& out) const override {
    RequireText(out, EncryptionType(stream), "KMS", "NONE", "set encryption_type=\"KMS\" on the aws.kinesis.Stream.");
    RequireKmsKey(stream, out, Key(stream), AwsManagedKey::kIsViolation,
                  "set kms_key_id=key.arn on the aws.kinesis.Stream, with the stack's own aws.kms.Key.");
  }

  void Remediate(const Subject& stream, Remedy& out) const override {
    const Property type = EncryptionType(stream), key = Key(stream);
    if (!type.unknown() && type.value().raw_string() != "KMS") {
      out.Set(type.path(), "KMS", "encrypted with KMS");
    }
    const std::string_view only_key = OnlyKey(stream.stack);
    if (key.absent() && !only_key.empty()) out.Set(key.path(), std::string(only_key), "the stack's own key");
  }
};

}  // namespace

const Guardrail kKinesisEncryption{
    .name = "kinesis-encryption",
    .display_name = "Kinesis streams are encrypted",
    .severity = Severity::kHigh,
    .types = {"aws:kinesis/stream:Stream", "aws-native:kinesis:Stream"},
    .subject = "Kinesis stream",
    .description = "A Kinesis stream is encrypted with KMS, and with a key that is named and is not the one that AWS "
                   "manages for all streams of the account (`alias/aws/kinesis`).",
    .why = "Orders hold personal data. A stream without a key of its own can be read by whoever may read streams; "
           "nobody can take that access back by a key policy, and nobody sees it in the key's audit trail.",
    .how_to_fix = "Set `encryption_type=\"KMS\"` and `kms_key_id=key.arn` on the `aws.kinesis.Stream`, with the "
                  "`aws.kms.Key` of the stack.",
    .undecided = "A key id that is computed and depends on no KMS key or alias of the program, for example one that "
                 "another stack exports: nothing shows yet that it is a key, or that it is set at all.",
    .failing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders-dev", shard_count=2)
)py",
    .passing = R"py(
import pulumi_aws as aws

key = aws.kms.Key("fastcart-dev")
aws.kinesis.Stream("orders-dev", shard_count=2, encryption_type="KMS", kms_key_id=key.arn)
)py",
    .url = "https://docs.aws.amazon.com/securityhub/latest/userguide/kinesis-controls.html#kinesis-1",
    .controls = {Fsbp("Kinesis.1"), Checkov("CKV_AWS_43"), Checkov("CKV_AWS_185")},
    .remediates = true,
    .make = Make<KinesisEncryption>,
};

}  // namespace fastcart
