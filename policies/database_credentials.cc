#include <string_view>

#include "analyzer/model/references.h"
#include "policies/aws/credentials.h"
#include "policies/aws/reads.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

constexpr char kWanted[] = "a Secrets Manager secret with a customer-managed key that holds the credentials";

class DatabaseCredentials final : public Rule {
 public:
  void CheckResource(const Subject& database, Sink& out) const override {
    const MasterPassword password = PasswordOf(database.stack, database.resource);
    const bool right = IsBlank(password.password) || JudgeValue(password.password, out);
    if (password.by_rds()) return JudgeManaged(database, password.managed_key, out);
    if (password.inherited) {
      if (right) out.NotApplicable("a replica has the master password of its source");
      return;
    }
    if (password.missing()) return Missing(password, out);
    JudgeHolders(database, password, out);
  }

  void CheckStack(const Stack& stack, Sink& out) const override {
    if (stack.facts().partial) out.Missing(kWanted);
  }

 private:
  // Returns whether it passed.
  static bool JudgeValue(const Property& password, Sink& out) {
    const Text wanted = "a secret", fix = "pass pulumi.Output.secret(...) or config.require_secret(...).";
    if (password.secret()) return true;
    if (password.unknown()) {
      out.Undecided(password, wanted, "whether it is a secret is not known yet");
    } else {
      // No digest that is made in haste: passwords are found by trying.
      out.ViolationInWords({password.path(), password.value().AsSecret()}, "is plain text", wanted, fix);
    }
    return false;
  }

  static void JudgeManaged(const Subject& database, const Property& key, Sink& out) {
    const Text wanted = "a customer-managed KMS key, for the secret that RDS makes";
    const Certainty is = IsCustomerKey(database.stack, database.resource, key);
    if (is == Certainty::kUnknown) out.Undecided(key, wanted);
    if (is == Certainty::kNo)
      out.Violation(key, wanted, "set master_user_secret_kms_key_id to the key's ARN.", Text("aws/secretsmanager"));
  }

  static void Missing(const MasterPassword& password, Sink& out) {
    const Text wanted = "a secret, or one that RDS manages";
    if (password.managed.unknown()) return out.Undecided(password.managed, wanted);
    out.Violation(password.password, wanted, "pass a secret, or set manage_master_user_password=True.");
  }

  static void JudgeHolders(const Subject& database, const MasterPassword& password, Sink& out) {
    const Stack& stack = database.stack;
    const auto found = stack.Knowledge<CredentialHolders>().Of(stack, database.resource, password);
    for (const Resource* secret : found.unsafe) JudgeUnsafe(database, *secret, out);
    // What the file leaves out may hold them.
    if (found.any || stack.facts().partial) return;
    if (found.more)
      return out.Undecided({{}, {}}, kWanted, "no secret shows yet that it holds them, and with which key");
    out.Violation(Path(), "has credentials that no secret version of the stack holds", kWanted,
                  "write them into an aws.secretsmanager.SecretVersion, or set manage_master_user_password=True.");
  }

  // A secret that is only read is not judged itself.
  static void JudgeUnsafe(const Subject& database, const Resource& secret, Sink& out) {
    const Text fix = "set kms_key_id to the key's ARN.", aws = "aws/secretsmanager";
    const Text wanted = Text("a customer-managed KMS key for the credentials of ") + Text::Name(database.resource);
    if (!secret.external) return out.On(&secret).Violation(Asked(database.stack, secret, "kmsKeyId"), wanted, fix, aws);
    out.Violation(Path(), Text("has its credentials in ") + Text::Name(secret) + ", which no customer-managed KMS key encrypts",
                  kWanted, "encrypt that secret with one.");
  }
};

}  // namespace

const Guardrail kDatabaseCredentials{
    .name = "database-credentials",
    .display_name = "Database credentials are kept in a secret",
    .severity = Severity::kCritical,
    .scope = Scope::kStack,
    .types = DatabaseTypes(),
    .subject = "RDS database",
    .description = "The master password of an RDS instance or cluster is a secret or managed by RDS, never plain text, "
                   "and a Secrets Manager secret with a customer-managed key holds it: a secret version of the stack "
                   "depends on the same password or on the database, or has the password in its text, or the password "
                   "comes from a secret that the stack reads. A read replica has its source's.",
    .why = "A plain password is in the state, in every preview and in every log of them. In a secret, only who may "
           "decrypt with the key can read it, and CloudTrail says who did.",
    .how_to_fix = "Take the password from `config.require_secret` or a `pulumi_random.RandomPassword`, and write it "
                  "with the address into an `aws.secretsmanager.SecretVersion` whose secret has `kms_key_id`; or set "
                  "`manage_master_user_password=True` and `master_user_secret_kms_key_id`.",
    .undecided = "A secret version whose text is withheld or unknown and depends on nothing that tells what it holds, or "
                 "on other things while the password comes from none of the stack, or on what is made of the same as "
                 "the password; a secret outside the stack whose key it does not show; a preview that leaves out "
                 "unchanged resources.",
    .failing = R"py(
import pulumi
import pulumi_aws as aws

word = pulumi.Output.secret("s3cret-word")
aws.rds.Instance("orders-dev", instance_class="db.t3.micro", username="app", password=word)
)py",
    .passing = R"py(
import pulumi
import pulumi_aws as aws

key = aws.kms.Key("fastcart-dev", enable_key_rotation=True)
word = pulumi.Output.secret("s3cret-word")
aws.rds.Instance("orders-dev", instance_class="db.t3.micro", username="app", password=word)
secret = aws.secretsmanager.Secret("credentials-dev", kms_key_id=key.arn)
text = pulumi.Output.json_dumps({"username": "app", "password": word})
aws.secretsmanager.SecretVersion("credentials-dev", secret_id=secret.id, secret_string=text)
)py",
    .url = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
    .controls = {Pci("8.6.2"), Checkov("CKV_AWS_149")},
    .make = Make<DatabaseCredentials>,
};

}  // namespace fastcart
