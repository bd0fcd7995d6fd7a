#include "policies/aws/require_key.h"

#include "analyzer/model/references.h"
#include "policies/aws/kms_keys.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

namespace {

bool DependsOnAKey(const Subject& subject, const Property& at) {
  if (subject.stack.facts().alone) return false;
  const Edges edges = EdgeTargets(subject.stack, subject.resource, at.path().root(), kKmsKeysOrAliases);
  return !edges.resources.empty() || edges.dangling;
}

}  // namespace

bool RequireKmsKey(const Subject& subject, Sink& out, const Property& at, AwsManagedKey aws_managed, Text fix) {
  const Text expected = "a customer-managed KMS key";
  const auto wrong = [&] {
    out.Violation(at, expected, std::move(fix));
    return false;
  };
  return std::visit(Overloaded{
                        [&](Absent) { return wrong(); },
                        [&](Unknown) {
                          if (DependsOnAKey(subject, at)) return true;
                          out.Undecided(at, expected);
                          return false;
                        },
                        [&](Mistyped) { return wrong(); },
                        [&](Known<std::string_view> key) {
                          const bool refused = aws_managed == AwsManagedKey::kIsViolation && IsAwsManagedAlias(key.value);
                          return (!key.value.empty() && !refused) || wrong();
                        },
                    },
                    at.ReadString());
}

}  // namespace fastcart
