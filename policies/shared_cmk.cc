#include <string>

#include "analyzer/model/references.h"
#include "analyzer/policy/require.h"
#include "policies/aws/python.h"
#include "policies/aws/shared_key.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;
using State = KeyReference::State;
using Is = KeyPlace::Is;

Text Name(const Resource* key) { return Text::Name(*key); }
Text NameOf(const KeyUses::Candidate* c) {
  return c->key.key ? Text("KMS key ") + Name(c->key.key) : Text("the key outside the stack");
}

class SharedCmk final : public Rule {
 public:
  explicit SharedCmk(const Config& config)
      : outside_(config.Boolean("allowExternalKey")), key_arn_(config.String("keyArn").value_or("")) {}

  void CheckResource(const Subject& component, Sink& out) const override {
    const auto uses = component.stack.Knowledge<KeyUses>().Of(component.resource);
    if (uses.empty()) return out.NotApplicable("nothing of it is encrypted, or its key stands elsewhere");
    for (const KeyUse& use : uses) Judge(component.stack, use, out);
  }

  void CheckStack(const Stack& stack, Sink& out) const override {
    if (stack.facts().partial) out.Missing("one customer-managed KMS key for every encrypted component");
    const SharedKey shared(stack, outside_, key_arn_);
    for (const auto* leader : shared.Leaders())
      if (leader->key.state == State::kStackKey) JudgeKey(stack, *leader->key.key, out.On(leader->key.key));
  }

 private:
  void Judge(const Stack& stack, const KeyUse& use, Sink& out) const {
    const auto& [place, key] = use;
    const SharedKey shared(stack, outside_, key_arn_);
    const bool partial = stack.facts().partial;
    if (place.is == Is::kOff)
      return out.Violation(place.why, Text::Setting(place.on_value), HowToSet(place), Text("no encryption"));
    if (place.is == Is::kMaybeOff && !partial) out.Undecided(place.why, Text::Setting(place.on_value));
    const bool named = key.state != State::kAbsent && key.state != State::kUnknown;
    if (!named && IsDoubtful(place))
      return partial ? void() : out.Undecided(place.why, Wanted(stack, shared), WhyDoubtful(place));
    const SharedKey::Is is = shared.Compare(key);
    // What the components do that the file leaves out may make this key the shared one.
    const bool is_a_key = key.state == State::kUnknown || (named && key.state < State::kAwsManaged);
    if (is == SharedKey::Is::kShared || (partial && is_a_key)) return;
    if (is == SharedKey::Is::kOther) return Blame(use, Wanted(stack, shared), out);
    out.Undecided(place.key, Wanted(stack, shared), WhyUnknown(use, shared));
  }

  static void Blame(const KeyUse& use, const Text& wanted, Sink& out) {
    const Property& at = use.place.key;
    const Text fix = HowToSet(use.place);
    if (const Resource* key = use.key.key) {
      const Text names = key->external ? Text("names a key that the stack only reads, ") : Text("names KMS key ");
      out.Violation(at.path(), names + Name(key), wanted, fix);
    } else if (at.unknown()) {
      out.Violation(at.path(), "names a key that the stack does not manage", wanted, fix);
    } else {
      out.Violation(at, wanted, fix, Text("a key of its own, or none"));
    }
  }

  Text Wanted(const Stack& stack, const SharedKey& shared) const {
    if (!key_arn_.empty()) return Text("the key of this policy's configuration, ") + Text::Setting(key_arn_);
    const auto& leaders = shared.Leaders();
    const auto& unused = stack.Knowledge<KeyUses>().Unused();
    if (leaders.empty() && unused.empty()) return "one customer-managed KMS key of the stack for every component";
    if (leaders.empty()) return Text("KMS key ") + JoinFew(unused, Name) + ", which nothing uses yet";
    Text out = leaders.size() == 1 ? NameOf(leaders.front()) + ", which encrypts the other components"
                                   : Text("one key for all components instead of ") + JoinFew(leaders, NameOf);
    return unused.empty() ? out : out + " (nothing uses KMS key " + JoinFew(unused, Name) + ")";
  }

  Text WhyUnknown(const KeyUse& use, const SharedKey& shared) const {
    if (use.key.state == State::kOutside) return "the stack does not show which key the alias leads to";
    if (use.key.key && !key_arn_.empty()) return Text("the ARN of KMS key ") + Name(use.key.key) + " is not known yet";
    if (use.key.state == State::kStackKey)
      return Text("which of ") + JoinFew(shared.Leaders(), NameOf) + " most use depends on keys not known yet";
    if (use.place.key.unknown()) return "it is not known before the update, and depends on no single key";
    return Text("it may be KMS key ") + JoinFew(use.key.candidates, Name) + ", whose ARN is not known yet";
  }

  static void JudgeKey(const Stack& stack, const Resource& key, Sink out) {
    out.Judged();
    const Property enabled = Asked(stack, key, KeyEnabled(key));
    const Text enable = Text("enable the shared key: ") + InPython(enabled.path().root()) + "=True.";
    RequireTrue(out, enabled, AwsUses::kTrue, enable);
    const Text fix = "make the shared key symmetric and for encryption, which is the default.";
    RequireText(out, Asked(stack, key, KeySpec(key)), "SYMMETRIC_DEFAULT", "SYMMETRIC_DEFAULT", fix);
    RequireText(out, Asked(stack, key, KeyUsage(key)), "ENCRYPT_DECRYPT", "ENCRYPT_DECRYPT", fix);
  }

  const bool outside_;
  const std::string key_arn_;
};

}  // namespace

const Guardrail kSharedCmk{
    .name = "shared-cmk",
    .display_name = "One customer-managed key encrypts everything",
    .severity = Severity::kCritical,
    .scope = Scope::kStack,
    .types = EncryptedTypes(),
    .subject = "encrypted component",
    .description = "Every encrypted component (Kinesis, RDS, ElastiCache, Secrets Manager, log groups, ECR, ECS, SNS, "
                   "SQS, S3, EBS, EFS, DynamoDB, secure SSM parameters, Firehose; aws and aws-native) uses the same "
                   "KMS key of the stack, enabled and symmetric: that of most, on a tie that of the data stores.",
    .why = "One key is one place to say who may read FastCart's data, to see who did, and to end it. AWS's own keys "
           "cannot be restricted.",
    .how_to_fix = "Make one `aws.kms.Key` and pass its `arn` to every component: `kms_key_id=key.arn` (SNS and SQS: "
                  "`kms_master_key_id`). If the key lives outside the stack, name it in the policy's `keyArn`.",
    .undecided = "A key that is computed and depends on no key, on several, or on another stack as well; a literal key "
                 "ARN beside a stack key that does not exist yet; two keys between which unknown ones decide; a source "
                 "database outside the stack; a preview that leaves out unchanged resources.",
    .failing = R"py(
import pulumi_aws as aws

key = aws.kms.Key("fastcart-dev", enable_key_rotation=True)
other = aws.kms.Key("other-dev", enable_key_rotation=True)
aws.secretsmanager.Secret("credentials-dev", kms_key_id=key.arn)
aws.cloudwatch.LogGroup("logs-dev", kms_key_id=key.arn)
aws.sns.Topic("alarms-dev", kms_master_key_id=other.arn)
)py",
    .passing = R"py(
import pulumi_aws as aws

key = aws.kms.Key("fastcart-dev", enable_key_rotation=True)
aws.secretsmanager.Secret("credentials-dev", kms_key_id=key.arn)
aws.cloudwatch.LogGroup("logs-dev", kms_key_id=key.arn)
aws.sns.Topic("alarms-dev", kms_master_key_id=key.arn)
)py",
    .url = "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html",
    .controls = {Checkov("CKV_AWS_119"), Checkov("CKV_AWS_149"), Checkov("CKV_AWS_158"), Checkov("CKV_AWS_185"),
                 Checkov("CKV_AWS_189"), Checkov("CKV_AWS_191"), Checkov("CKV_AWS_327"), Checkov("CKV_AWS_354")},
    .config = {{.name = "allowExternalKey",
                .type = ConfigKey::Type::kBoolean,
                .default_json = "false",
                .description = "Whether the one key may live outside the stack."},
               {.name = "keyArn", .description = "The ARN of the one key, when it lives outside the stack."}},
    .make = Make<SharedCmk>,
};

}  // namespace fastcart
