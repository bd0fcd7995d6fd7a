#include "policies/aws/require_key.h"

#include "analyzer/model/references.h"
#include "policies/aws/kms_keys.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

namespace {

enum class Whose { kCustomers, kAws, kEither, kNobodyKnows };

// Whose an unknown key is, by what it depends on.
Whose OfEdges(const Subject& subject, const Property& at) {
  if (subject.stack.facts().alone) return Whose::kNobodyKnows;
  const Edges edges = EdgeTargets(subject.stack, subject.resource, at.path().root(), kKmsKeysOrAliases);
  const auto& of_aws = subject.stack.Knowledge<AwsManagedKeys>();
  bool customers = edges.dangling, aws = false;
  for (const auto* keys : {&edges.resources, &edges.some_of})
    for (const Resource* key : *keys) (of_aws.Has(*key) ? aws : customers) = true;
  if (aws) return customers ? Whose::kEither : Whose::kAws;
  return customers ? Whose::kCustomers : Whose::kNobodyKnows;
}

}  // namespace

bool RequireKmsKey(const Subject& subject, Sink& out, const Property& named, AwsManagedKey aws_managed, Text fix) {
  const Property at = Asked(subject.stack, subject.resource, named);
  const Text expected = "a customer-managed KMS key";
  const auto wrong = [&] {
    out.Violation(at, expected, std::move(fix));
    return false;
  };
  const auto open = [&] {
    out.Undecided(at, expected);
    return false;
  };
  const auto may_be = [&](Whose whose) { return whose == Whose::kCustomers || aws_managed == AwsManagedKey::kPasses; };
  return std::visit(Overloaded{
                        [&](Absent) { return wrong(); },
                        [&](Unknown) {
                          const Whose whose = OfEdges(subject, at);
                          if (whose == Whose::kNobodyKnows) return open();
                          if (may_be(whose)) return true;
                          if (whose == Whose::kEither) return open();
                          out.Violation(at.path(), "leads to a key that AWS manages", expected, std::move(fix));
                          return false;
                        },
                        [&](Mistyped) { return wrong(); },
                        [&](Known<std::string_view> key) {
                          if (key.value.empty()) return wrong();
                          // Alone, a resource does not show that the stack reads this key as one of AWS's: over gRPC
                          // shared-cmk says so, with the whole stack. To wait for it here would let no stream pass.
                          const bool of_aws = subject.stack.Knowledge<AwsManagedKeys>().Has(key.value);
                          return may_be(of_aws ? Whose::kAws : Whose::kCustomers) || wrong();
                        },
                    },
                    at.ReadString());
}

}  // namespace fastcart
