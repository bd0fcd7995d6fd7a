#include "policies/aws/iam_places.h"

#include <array>
#include <utility>

#include "analyzer/model/references.h"

namespace fastcart {
namespace {

using namespace guardrails;

enum class Holds : std::uint8_t { kDocument, kTrust, kAttachment };

struct Row {
  std::string_view type, list, member;  // `list` is empty where the member is a property of the resource
  Holds holds = Holds::kDocument;
  bool optional = false;  // the member, where its resource or element is there
};

// Source: the schemas of pulumi_aws 7 and of CloudFormation. By type.
constexpr auto kRows = std::to_array<Row>({
    {"aws-native:iam:Group", "policies", "policyDocument"},
    {"aws-native:iam:Group", "managedPolicyArns", {}, Holds::kAttachment},
    {"aws-native:iam:GroupPolicy", {}, "policyDocument", Holds::kDocument, true},
    {"aws-native:iam:ManagedPolicy", {}, "policyDocument"},
    {"aws-native:iam:Policy", {}, "policyDocument"},
    {"aws-native:iam:Role", {}, "assumeRolePolicyDocument", Holds::kTrust},
    {"aws-native:iam:Role", "policies", "policyDocument"},
    {"aws-native:iam:Role", "managedPolicyArns", {}, Holds::kAttachment},
    {"aws-native:iam:RolePolicy", {}, "policyDocument", Holds::kDocument, true},
    {"aws-native:iam:User", "policies", "policyDocument"},
    {"aws-native:iam:User", "managedPolicyArns", {}, Holds::kAttachment},
    {"aws-native:iam:UserPolicy", {}, "policyDocument", Holds::kDocument, true},
    {"aws-native:sso:PermissionSet", {}, "inlinePolicy", Holds::kDocument, true},
    {"aws-native:sso:PermissionSet", "managedPolicies", {}, Holds::kAttachment},
    {"aws:iam/groupPolicy:GroupPolicy", {}, "policy"},
    {"aws:iam/groupPolicyAttachment:GroupPolicyAttachment", {}, "policyArn", Holds::kAttachment},
    {"aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive", "policyArns", {}, Holds::kAttachment},
    {"aws:iam/policy:Policy", {}, "policy"},
    {"aws:iam/policyAttachment:PolicyAttachment", {}, "policyArn", Holds::kAttachment},
    {"aws:iam/role:Role", {}, "assumeRolePolicy", Holds::kTrust},
    {"aws:iam/role:Role", "inlinePolicies", "policy", Holds::kDocument, true},
    {"aws:iam/role:Role", "managedPolicyArns", {}, Holds::kAttachment},
    {"aws:iam/rolePolicy:RolePolicy", {}, "policy"},
    {"aws:iam/rolePolicyAttachment:RolePolicyAttachment", {}, "policyArn", Holds::kAttachment},
    {"aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "policyArns", {}, Holds::kAttachment},
    {"aws:iam/userPolicy:UserPolicy", {}, "policy"},
    {"aws:iam/userPolicyAttachment:UserPolicyAttachment", {}, "policyArn", Holds::kAttachment},
    {"aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", "policyArns", {}, Holds::kAttachment},
    {"aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", {}, "managedPolicyArn", Holds::kAttachment},
    {"aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", {}, "inlinePolicy"},
});

// The property that the row speaks of, in each element of its list. A list that is not known, or none, is itself one.
std::vector<Property> Find(const Stack& stack, const Resource& resource, const Row& row) {
  if (row.list.empty()) return {row.optional ? Asked(stack, resource, row.member) : resource[row.member]};
  const Property list = Asked(stack, resource, row.list);
  const auto read = list.ReadList();
  const auto* elements = IfKnown(read);
  std::vector<Property> out;
  if (elements == nullptr && !list.absent()) out.push_back(list);
  for (const Property& element : elements ? *elements : std::vector<Property>())
    if (!element.absent()) out.push_back(row.member.empty() ? element : element[row.member]);
  return out;
}

}  // namespace

std::vector<PolicyPlace> PolicyPlaces(const Stack& stack, const Resource& resource) {
  std::vector<PolicyPlace> out;
  for (const Row& row : kRows)
    if (row.type == resource.type && row.holds != Holds::kAttachment)
      for (Property& at : Find(stack, resource, row))
        out.push_back({std::move(at), row.holds == Holds::kTrust, !row.optional});
  return out;
}

std::vector<Property> AttachedPolicies(const Stack& stack, const Resource& resource) {
  std::vector<Property> out;
  for (const Row& row : kRows)
    if (row.type == resource.type && row.holds == Holds::kAttachment)
      for (Property& at : Find(stack, resource, row)) out.push_back(std::move(at));
  return out;
}

std::vector<std::string_view> PolicyTypes() {
  std::vector<std::string_view> out;
  for (const Row& row : kRows)
    if (out.empty() || out.back() != row.type) out.push_back(row.type);
  return out;
}

}  // namespace fastcart
