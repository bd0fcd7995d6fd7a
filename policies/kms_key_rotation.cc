#include <string_view>

#include "analyzer/model/references.h"
#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"
#include "policies/aws/iam_faults.h"
#include "policies/aws/kms_keys.h"
#include "policies/aws/python.h"
#include "policies/aws/reads.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;
using State = PolicyDocument::State;

constexpr std::string_view kKeyPolicy = "aws:kms/keyPolicy:KeyPolicy";

bool IsTrue(const Property& at) { return at.value().kind() == Kind::kBool && at.value().raw_bool(); }

// True: AWS rotates the key if it is told to.
Certainty CanRotate(const Stack& stack, const Resource& key) {
  if (key.type != "aws:kms/key:Key" && key.type != "aws-native:kms:Key") return Certainty::kNo;
  for (const auto store : {"customKeyStoreId", "xksKeyId"})
    if (const Property at = Asked(stack, key, store); IsSet(at) && !IsBlank(at)) return Certainty::kNo;
  Certainty can = Certainty::kYes;
  for (const auto& [read, wanted] : {std::pair(key["origin"], "AWS_KMS"), std::pair(KeySpec(key), "SYMMETRIC_DEFAULT"),
                                     std::pair(KeyUsage(key), "ENCRYPT_DECRYPT")}) {
    const Property at = Asked(stack, key, read);
    if (at.unknown()) can = Certainty::kUnknown;
    if (at.value().kind() == Kind::kString && !IsBlank(at) && at.value().raw_string() != wanted) return Certainty::kNo;
  }
  return can;
}

class KmsKeyRotation final : public Rule {
 public:
  void CheckResource(const Subject& subject, Sink& out) const override {
    const bool native = IsNative(subject.resource);
    JudgePolicy(Asked(subject, native ? "keyPolicy" : "policy"), out);
    if (subject.resource.type == kKeyPolicy) return;
    const Property enabled = Asked(subject.stack, subject.resource, KeyEnabled(subject.resource));
    const Text fix = Text("set ") + InPython(enabled.path().root()) + "=True, or delete the key.";
    RequireTrue(out, enabled, AwsUses::kTrue, fix);
    JudgeRotation(subject, out);
  }

  void Remediate(const Subject& subject, Remedy& out) const override {
    if (subject.resource.type == kKeyPolicy) return;
    const Property rotation = subject["enableKeyRotation"], enabled = KeyEnabled(subject.resource);
    const bool rotates = CanRotate(subject.stack, subject.resource) == Certainty::kYes;
    if (rotates && !rotation.unknown() && !IsTrue(rotation)) out.Set(rotation.path(), true, "turned on rotation");
    if (!enabled.unknown() && !enabled.absent() && !IsTrue(enabled)) out.Set(enabled.path(), true, "enabled the key");
  }

 private:
  static void JudgeRotation(const Subject& key, Sink& out) {
    const Property rotation = Asked(key, "enableKeyRotation");
    const Certainty can = CanRotate(key.stack, key.resource);
    if (can == Certainty::kNo) return out.NotApplicable("AWS cannot rotate a key of this kind");
    if (can == Certainty::kUnknown && !IsTrue(rotation) && !rotation.unknown())
      return out.Undecided(rotation, "true", "the kind of the key is not known before the update");
    RequireTrue(out, rotation, AwsUses::kFalse, "set enable_key_rotation=True on the aws.kms.Key.");
  }

  static void JudgePolicy(const Property& at, Sink& out) {
    const PolicyDocument document = ReadPolicy(at.value());
    const Text wanted = "principals by name, or a condition";
    if (document.state == State::kUnknown) return out.Undecided(at, wanted);
    if (document.state == State::kInvalid)
      return out.ViolationInWords(at, Text::Setting(document.fault), "a key policy in JSON",
                                  "write it with pulumi.Output.json_dumps, from a dict with Version and Statement.");
    for (const PolicyFault& fault : FaultsOf(document, true, {})) {
      const Text where = Text(" in statement ") + Text::Number(static_cast<double>(fault.statement->number));
      if (fault.kind == PolicyFault::Kind::kNoEffect && !fault.open)
        out.Violation(at.path(), Text("has no valid Effect") + where, "Allow or Deny", "set Effect in each statement.");
      if (fault.kind != PolicyFault::Kind::kAnyone) continue;
      if (fault.open) {
        out.Undecided(at, wanted, Text("not all is known yet") + where);
      } else {
        const Text found = Text("lets anyone use the key") + where;
        out.Violation(at.path(), found, wanted, "name the accounts or roles in Principal.");
      }
    }
  }
};

}  // namespace

const Guardrail kKmsKeyRotation{
    .name = "kms-key-rotation",
    .display_name = "KMS keys rotate, and are closed to strangers",
    .severity = Severity::kMedium,
    .types = {"aws:kms/key:Key", "aws:kms/externalKey:ExternalKey", "aws:kms/replicaKey:ReplicaKey",
              "aws:kms/replicaExternalKey:ReplicaExternalKey", kKeyPolicy, "aws-native:kms:Key",
              "aws-native:kms:ReplicaKey"},
    .subject = "KMS key",
    .description = "A KMS key rotates every year, is enabled, and its policy lets no principal `*` in without a "
                   "condition. Asymmetric and HMAC keys, replicas, imported keys and keys in custom stores cannot be "
                   "rotated by AWS; of them only the rest is judged.",
    .why = "Rotation limits how much data one piece of key material protects; old data stays readable, and nothing has "
           "to be changed. A key policy open to anyone opens everything that the key encrypts.",
    .how_to_fix = "Set `enable_key_rotation=True` on the `aws.kms.Key`, and name accounts, roles or services in its "
                  "`policy`; without a policy AWS lets the account's IAM decide.",
    .undecided = "A policy that is computed from what does not exist yet; a key whose kind is not known.",
    .failing = R"py(
import pulumi_aws as aws

aws.kms.Key("fastcart-dev", deletion_window_in_days=30)
)py",
    .passing = R"py(
import pulumi_aws as aws

aws.kms.Key("fastcart-dev", deletion_window_in_days=30, enable_key_rotation=True)
)py",
    .url = "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    .controls = {SecurityHub("KMS.4"), Fsbp("KMS.5"), Cis3("3.6"), Cis5("3.6"), Pci("3.7.4"), Checkov("CKV_AWS_7"),
                 Checkov("CKV_AWS_33")},
    .remediates = true,
    .make = Make<KmsKeyRotation>,
};

}  // namespace fastcart
