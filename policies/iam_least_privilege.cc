#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/model/references.h"
#include "policies/aws/arn.h"
#include "policies/aws/iam_faults.h"
#include "policies/aws/iam_places.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;
using State = PolicyDocument::State;

struct Words {
  Text found, expected, fix;
};

// `action` as it may be shown.
Words WordsFor(PolicyFault::Kind kind, const Text& action) {
  const Text actions = "the needed actions by name", name_actions = "list in Action what has to be done.";
  const Text arns = "the ARNs of what is needed", name_arns = "name in Resource the ARNs that the actions work on.";
  switch (kind) {
    case PolicyFault::Kind::kNoEffect: return {"has no valid Effect", "Allow or Deny", "set Effect in each statement."};
    case PolicyFault::Kind::kNoAction: return {"has no Action that is text", actions, name_actions};
    case PolicyFault::Kind::kNoResource: return {"has no Resource that is text", arns, name_arns};
    case PolicyFault::Kind::kEveryAction: return {Text("allows ") + action, actions, name_actions};
    case PolicyFault::Kind::kNotAction: return {"allows all but the actions of NotAction", actions, name_actions};
    case PolicyFault::Kind::kEveryResource: return {Text("allows ") + action + " on every resource", arns, name_arns};
    case PolicyFault::Kind::kNotResource: return {"allows all but the resources of NotResource", arns, name_arns};
    case PolicyFault::Kind::kAnyone: break;
  }
  return {"lets anyone take the role", "a principal by name, or a condition", "name the service or role in Principal."};
}

class IamLeastPrivilege final : public Rule {
 public:
  explicit IamLeastPrivilege(const Config& config)
      : settings_{config.Strings("unscopedActions"), config.Strings("scopingConditionKeys")},
        banned_(config.Strings("bannedManagedPolicies")) {}

  void CheckResource(const Subject& subject, Sink& out) const override {
    for (const PolicyPlace& place : PolicyPlaces(subject.stack, subject.resource)) JudgeDocument(place, out);
    for (const Property& arn : AttachedPolicies(subject.stack, subject.resource)) JudgeAttachment(subject, arn, out);
  }

 private:
  void JudgeDocument(const PolicyPlace& place, Sink& out) const {
    const PolicyDocument document = ReadPolicy(place.at.value());
    if (document.state == State::kUnknown) return out.Undecided(place.at, "a policy of least privilege");
    const Text wanted = "an IAM policy document in JSON";
    const Text fix = "write it with pulumi.Output.json_dumps, from a dict with Version and Statement.";
    if (document.state == State::kInvalid)
      return out.ViolationInWords(place.at, Text::Setting(document.fault), wanted, fix);
    if (document.state == State::kAbsent && place.required) return out.Violation(place.at, wanted, fix);
    const Value shown = document.secret ? place.at.value().AsSecret() : place.at.value();
    for (const PolicyFault& fault : FaultsOf(document, place.trust, settings_)) Say(fault, place.at, shown, out);
  }

  static void Say(const PolicyFault& fault, const Property& at, const Value& shown, Sink& out) {
    const PolicyStatement& s = *fault.statement;
    const Text sid = s.sid.empty() ? Text() : Text(" (") + Text::Part(shown, s.sid) + ")";
    const Text where = Text(" in statement ") + Text::Number(static_cast<double>(s.number)) + sid;
    const Words words = WordsFor(fault.kind, Text("\"") + Text::Part(shown, fault.action) + "\"");
    if (fault.open) return out.Undecided({at.path(), shown}, words.expected, Text("not all is known yet") + where);
    out.Violation(at.path(), words.found + where, words.expected, words.fix);
  }

  void JudgeAttachment(const Subject& subject, const Property& arn, Sink& out) const {
    const Text wanted = "a policy that names its actions";
    const Value& value = arn.value();
    if (value.unknown()) {
      const References to = ResolveAll(subject.stack, subject.resource, arn, kIamPolicies);
      if (to.unknown || !to.outside.empty()) out.Undecided(arn, wanted);
    } else if (IsBlank(arn) || value.kind() != Kind::kString) {
      out.Violation(arn, "the ARN of a policy", "pass the arn of an aws.iam.Policy.");
    } else if (IsBanned(value.raw_string())) {
      out.Violation(arn, wanted, "attach an aws.iam.Policy of your own, with the needed actions.");
    }
  }

  // By name among AWS's own policies, or by its ARN.
  bool IsBanned(std::string_view text) const {
    const auto arn = ParseArn(text);
    const bool of_aws = arn && arn->account == "aws";
    const std::string_view name = of_aws ? arn->resource.substr(arn->resource.rfind('/') + 1) : text;
    return std::any_of(banned_.begin(), banned_.end(), [&](const auto& b) { return b == name || b == text; });
  }

  const LeastPrivilege settings_;
  const std::vector<std::string> banned_;
};

}  // namespace

const Guardrail kIamLeastPrivilege{
    .name = "iam-least-privilege",
    .display_name = "IAM policies give no more than is needed",
    .severity = Severity::kHigh,
    .types = PolicyTypes(),
    .subject = "IAM policy",
    .description = "No Allow statement has the action `*` or `service:*`, or the resource `*` for actions that AWS can "
                   "scope, unless a condition scopes it; none has NotAction or NotResource; nobody attaches an "
                   "administrator's policy; no role can be taken by anyone. A condition that every value meets is none. "
                   "A document must be there, and be JSON with an Effect.",
    .why = "What a stolen credential can do is what its policies allow. A wildcard allows what nobody thought of, and "
           "what AWS will add next year.",
    .how_to_fix = "List the actions and the ARNs: `\"Action\": [\"kinesis:GetRecords\"], \"Resource\": [stream.arn]`. "
                  "Where AWS has no ARN to give, `\"Resource\": \"*\"` is right.",
    .undecided = "A document or a part of it that is computed from what does not exist yet; an attached policy that is "
                 "neither known nor a resource of the stack. Documents that cite names instead of ARNs are decided.",
    .failing = R"py(
import json
import pulumi_aws as aws

document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
aws.iam.Policy("reader-dev", policy=json.dumps(document))
)py",
    .passing = R"py(
import json
import pulumi_aws as aws

read = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::orders-dev/*"}
token = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
aws.iam.Policy("reader-dev", policy=json.dumps({"Version": "2012-10-17", "Statement": [read, token]}))
)py",
    .url = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    .controls = {Fsbp("IAM.1"), Fsbp("IAM.21"), Cis3("1.16"), Cis5("1.15"),
                 Checkov("CKV_AWS_60"), Checkov("CKV_AWS_62"), Checkov("CKV_AWS_63"), Checkov("CKV_AWS_274"), Checkov("CKV_AWS_355")},
    .config = {{.name = "unscopedActions", .type = ConfigKey::Type::kStrings, .default_json = "[]",
                .description = "More actions that AWS cannot scope to a resource; * and ? are wildcards.",
                .may_be_empty = true},
               {.name = "scopingConditionKeys", .type = ConfigKey::Type::kStrings,
                .default_json = R"(["*:ResourceTag/*", "ecs:cluster", "ecs:service", "kms:ViaService",
                    "kms:ResourceAliases", "kms:RequestAlias", "kms:EncryptionContext:*", "ec2:Vpc", "ec2:Subnet",
                    "rds:db-tag/*", "rds:cluster-tag/*", "secretsmanager:SecretId", "lambda:FunctionArn",
                    "s3:DataAccessPointArn", "elasticfilesystem:AccessPointArn"])",
                .description = "Condition keys that scope a statement on every resource; * and ? are wildcards."},
               {.name = "bannedManagedPolicies", .type = ConfigKey::Type::kStrings,
                .default_json = R"(["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"])",
                .description = "AWS's policies, by name, and others, by ARN, that nobody may attach.",
                .may_be_empty = true}},
    .make = Make<IamLeastPrivilege>,
};

}  // namespace fastcart
