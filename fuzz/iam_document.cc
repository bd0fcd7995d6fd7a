// The JSON text of an IAM document, in each of the places that hold one, and of the other documents that rules parse.
#include "policies/aws/iam.h"

#include "fuzz/support.h"
#include "policies/aws/iam_faults.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr fuzzing::Holder kHolders[] = {
      {"aws:iam/policy:Policy", "policy"},
      {"aws:iam/role:Role", "assumeRolePolicy"},
      {"aws:kms/key:Key", "policy"},
      {"aws:ecr/repositoryPolicy:RepositoryPolicy", "policy"},
      {"aws:ecr/lifecyclePolicy:LifecyclePolicy", "policy"},
      {"aws:secretsmanager/secretVersion:SecretVersion", "secretString"},
      {"aws:ecs/taskDefinition:TaskDefinition", "containerDefinitions"},
  };
  const std::string_view text = fuzzing::Text(data, size);
  const auto document = fastcart::ReadPolicy(Value::String(text));
  for (const bool trust : {false, true}) fastcart::FaultsOf(document, trust, {{"s3:List*"}, {"aws:SourceVpc*"}});
  fuzzing::Judge(fuzzing::Holding(kHolders, text));
  return 0;
}
