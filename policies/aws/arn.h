// Amazon resource names and the regions that they and availability zones name.
//
// arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE; region and account may be empty (IAM, S3, Route 53), and in policies
// hold wildcards. Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html. All views are into the text.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace fastcart {

struct Arn {
  std::string_view partition, service, region, account, resource;
};

// Nothing when the text as a whole is no ARN.
std::optional<Arn> ParseArn(std::string_view text);

// Every ARN that stands anywhere in the text: a JSON document, an environment variable, a list joined with commas.
std::vector<Arn> FindArns(std::string_view text);

// A region field that matches several regions.
bool IsWildcard(std::string_view region);

// eu-central-1a, and eu-central-1-ham-1a (a local zone) are in eu-central-1; eu-central-10a is not.
bool ZoneIsIn(std::string_view zone, std::string_view region);

}  // namespace fastcart
