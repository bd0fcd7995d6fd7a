// A text as an ARN, a zone, a CIDR and an id, by itself and where resources hold such.
#include "fuzz/support.h"
#include "policies/aws/arn.h"
#include "policies/aws/cidr.h"
#include "policies/aws/iam.h"

using namespace guardrails;

namespace {

bool IsWithin(std::string_view part, std::string_view text) {
  return part.empty() || (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr fuzzing::Holder kHolders[] = {
      {"aws:kinesis/stream:Stream", "kmsKeyId"},
      {"aws:rds/instance:Instance", "kmsKeyId"},
      {"aws:lambda/function:Function", "role"},
      {"aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn"},
      {"aws:ec2/route:Route", "destinationCidrBlock"},
      {"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "cidrIpv4"},
      {"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "cidrIpv6"},
      {"aws:ec2/subnet:Subnet", "availabilityZone"},
      {"aws:ec2/subnet:Subnet", "cidrBlock"},
      {"aws:cloudwatch/metricAlarm:MetricAlarm", "namespace"},
  };
  const std::string_view text = fuzzing::Text(data, size);
  const auto arn = fastcart::ParseArn(text);
  if (arn && !IsWithin(arn->resource, text)) fuzzing::Fault("a view beyond the text");
  for (const fastcart::Arn& found : fastcart::FindArns(text))
    if (!IsWithin(found.resource, text)) fuzzing::Fault("a view beyond the text");
  fastcart::ZoneIsIn(text, "eu-central-1");
  const Property range(Path("cidrBlocks"), Value::String(text));
  fastcart::HoldEveryAddress({range, range});
  fastcart::IsEveryResource(text);
  fastcart::IsEveryAction(text);
  fuzzing::Judge(fuzzing::Holding(kHolders, text));
  return 0;
}
