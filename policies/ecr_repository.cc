#include <algorithm>
#include <array>

#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"
#include "policies/aws/reads.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

// With AWS KMS, once or in two layers.
constexpr auto kKmsTypes = std::to_array<std::string_view>({"KMS", "KMS_DSSE"});

Property ScanOnPush(const Subject& repository) { return repository["imageScanningConfiguration"]["scanOnPush"]; }

// Where the type stands, or the property in its way: the provider aws has a list of one, which may be absent, unknown,
// or no list at all.
Property EncryptionType(const Subject& repository) {
  if (IsNative(repository.resource)) return repository["encryptionConfiguration"]["encryptionType"];
  const Property list = repository["encryptionConfigurations"];
  const auto read = list.ReadList();
  if (const auto* elements = IfKnown(read)) {
    return elements->empty() ? Property(list.path(), Value()) : elements->front()["encryptionType"];
  }
  return list.value().kind() == Kind::kString ? Property(list.path(), Value::Invalid()) : list;
}

bool IsKms(const Value& type) {
  return std::any_of(kKmsTypes.begin(), kKmsTypes.end(), [&](auto t) { return SameKnown(type, Value::String(t)); });
}

// Something that is known to be wrong, and in whose place a right value can stand.
bool CanBeReplaced(const Property& at) { return !at.unknown() && at.value().kind() != Kind::kInvalid; }

class EcrRepository final : public Rule {
 public:
  void CheckResource(const Subject& repository, Sink& out) const override {
    RequireTrue(out, ScanOnPush(repository), AwsUses::kFalse,
                "set image_scanning_configuration={\"scan_on_push\": True} on the repository.");
    RequireText(out, repository["imageTagMutability"], "IMMUTABLE", "MUTABLE",
                "set image_tag_mutability=\"IMMUTABLE\" on the repository.");
    RequireOneOf(out, EncryptionType(repository), kKmsTypes, "AES256",
                 IsNative(repository.resource)
                     ? Text("set encryption_configuration={\"encryption_type\": \"KMS\"} on the repository.")
                     : Text("set encryption_configurations=[{\"encryption_type\": \"KMS\"}] on the repository."));
    NoteForcedDeletion(repository[IsNative(repository.resource) ? "emptyOnDelete" : "forceDelete"], out);
  }

  void Remediate(const Subject& repository, Remedy& out) const override {
    const Property scan = ScanOnPush(repository), tags = repository["imageTagMutability"];
    if (CanBeReplaced(scan) && !SameKnown(scan.value(), Value::Bool(true))) {
      out.Set(scan.path(), true, "scans images when they are pushed");
    }
    if (CanBeReplaced(tags) && !SameKnown(tags.value(), Value::String("IMMUTABLE"))) {
      out.Set(tags.path(), "IMMUTABLE", "made tags immutable");
    }
    Encrypt(EncryptionType(repository), out);
  }

 private:
  static void Encrypt(const Property& type, Remedy& out) {
    const bool list_itself = type.path().segments().size() == 1;
    if (list_itself && !type.absent()) return;
    if (!CanBeReplaced(type) || IsKms(type.value())) return;
    const Path path = list_itself ? type.path() / std::size_t{0} / "encryptionType" : type.path();
    out.Set(path, "KMS", "encrypted with AWS KMS");
  }

  static void NoteForcedDeletion(const Property& force, Sink& out) {
    const auto read = force.ReadBool();
    if (const auto* is = IfKnown(read); is && *is) {
      out.Note(force, "the images are deleted together with the repository; leave it out to keep them");
    }
  }
};

}  // namespace

const Guardrail kEcrRepository{
    .name = "ecr-repository",
    .display_name = "ECR repositories scan, seal and encrypt images",
    .severity = Severity::kMedium,
    .types = {"aws:ecr/repository:Repository", "aws-native:ecr:Repository"},
    .subject = "ECR repository",
    .description = "An ECR repository scans images on push, has immutable tags (IMMUTABLE, without exclusions), and "
                   "encrypts images with AWS KMS (KMS or KMS_DSSE; which key is for shared-cmk to say). Scanning that "
                   "is configured for the whole registry does not count. Deletion together with the images "
                   "(`forceDelete`) is noted.",
    .why = "An image that nobody scanned carries its vulnerabilities into the cluster; a tag that can be moved lets "
           "tomorrow's deployment run something other than what was tested today.",
    .how_to_fix = "On the `aws.ecr.Repository` set `image_scanning_configuration={\"scan_on_push\": True}`, "
                  "`image_tag_mutability=\"IMMUTABLE\"` and `encryption_configurations=[{\"encryption_type\": \"KMS\", "
                  "\"kms_key\": key.arn}]`. Changing the encryption replaces the repository.",
    .undecided = "A setting that is computed from another resource's output: nothing but the update knows it.",
    .failing = R"py(
import pulumi_aws as aws

aws.ecr.Repository("orders-dev", name="orders-dev", image_tag_mutability="MUTABLE")
)py",
    .passing = R"py(
import pulumi_aws as aws

key = aws.kms.Key("shared-dev", enable_key_rotation=True)
aws.ecr.Repository(
    "orders-dev",
    name="orders-dev",
    image_scanning_configuration={"scan_on_push": True},
    image_tag_mutability="IMMUTABLE",
    encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
)
)py",
    .url = "https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html",
    .controls = {Fsbp("ECR.1"), Fsbp("ECR.2"), SecurityHub("ECR.5"), Pci("6.2.3"), Pci("6.2.4"), Checkov("CKV_AWS_163"),
                 Checkov("CKV_AWS_51"), Checkov("CKV_AWS_136")},
    .remediates = true,
    .make = Make<EcrRepository>,
};

}  // namespace fastcart
