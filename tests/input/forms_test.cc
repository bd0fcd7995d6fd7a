// The same small stack in every form gives the same model.
#include <gtest/gtest.h>

#include "tests/input/describe.h"

namespace guardrails {
namespace {

using testing::Describe;
using testing::Describing;
using testing::Fixture;

struct FormCase {
  const char* file;
  InputKind kind;
  bool edges = true;    // the form tells them
  bool config = true;
};

std::ostream& operator<<(std::ostream& out, const FormCase& c) { return out << c.file; }

class SameStackInAllForms : public ::testing::TestWithParam<FormCase> {};

TEST_P(SameStackInAllForms, GivesTheSameModel) {
  const auto read = ReadStack(Fixture(std::string("input/") + GetParam().file), GetParam().file, {});
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(read->kind, GetParam().kind);
  const Describing how{.secrets_alike = true, .edges = GetParam().edges};
  EXPECT_EQ(Describe(*read->stack, how), Describe(*testing::ReadOk(Fixture("input/export.json")), how));
}

TEST_P(SameStackInAllForms, SaysWhatTheFormTells) {
  const auto stack = testing::ReadOk(Fixture(std::string("input/") + GetParam().file));
  ASSERT_NE(stack, nullptr);
  EXPECT_EQ(stack->facts().has_edges, GetParam().edges);
  EXPECT_EQ(stack->facts().preview, GetParam().kind == InputKind::kPreview);
  EXPECT_FALSE(stack->facts().partial);
  EXPECT_EQ(Describe(stack->Config("aws:region")), GetParam().config ? "'eu-central-1'" : "absent");
  EXPECT_EQ(stack->Config("shop:password").secret(), GetParam().config);
  EXPECT_EQ(stack->facts().has_config, GetParam().config);
}

TEST_P(SameStackInAllForms, IsReadWhenItsKindIsNamed) {
  const std::string text = Fixture(std::string("input/") + GetParam().file);
  for (const InputKind kind : {InputKind::kPreview, InputKind::kExport, InputKind::kEvents, InputKind::kResources})
    EXPECT_EQ(ReadStack(text, "FILE", {.kind = kind, .stack = {}, .project = {}, .config = {}}).ok(),
              kind == GetParam().kind)
        << InputKindName(kind);
}

TEST_P(SameStackInAllForms, TakesNamesAndConfigFromTheOptions) {
  InputOptions options;
  options.stack = "prod";
  options.project = "other";
  options.config = {{"aws:region", {"us-east-1", false}}, {"suffix", {"x", false}}, {"other:token", {"", true}}};
  const auto stack = testing::ReadOk(Fixture(std::string("input/") + GetParam().file), options);
  ASSERT_NE(stack, nullptr);
  EXPECT_EQ(stack->name(), "prod");
  EXPECT_EQ(stack->project(), "other");
  EXPECT_EQ(Describe(stack->Config("aws:region")), GetParam().config ? "'eu-central-1'" : "'us-east-1'");
  EXPECT_EQ(Describe(stack->Config("other:suffix")), "'x'");
  EXPECT_EQ(Describe(stack->Config("other:token")), "secret(hidden)");
}

INSTANTIATE_TEST_SUITE_P(
    Input, SameStackInAllForms,
    ::testing::Values(FormCase{"export.json", InputKind::kExport, true, false},
                      FormCase{"export-show-secrets.json", InputKind::kExport, true, false},
                      FormCase{"checkpoint.json", InputKind::kExport, true, false},
                      FormCase{"deployment.json", InputKind::kExport, true, false},
                      FormCase{"preview.json", InputKind::kPreview}, FormCase{"events.jsonl", InputKind::kEvents, false},
                      FormCase{"events.json", InputKind::kEvents, false}, FormCase{"list.json", InputKind::kResources},
                      FormCase{"array.json", InputKind::kResources, true, false},
                      FormCase{"list.ndjson", InputKind::kResources, true, false}));

TEST(SmallStack, IsReadInFull) {
  const std::string urn = "urn:pulumi:dev::shop::";
  const std::string provider = urn + "pulumi:providers:aws::eu-dev", component = urn + "shop:app:Store::store-dev";
  const std::string key = urn + "shop:app:Store$aws:kms/key:Key::key-dev";
  const std::string arn = "arn:aws:kms:eu-central-1:123456789012:key/11112222-3333-4444-5555-666677778888";
  const std::string root = urn + "pulumi:pulumi:Stack::shop-dev";
  const std::string by = "  by " + provider + " pulumi:providers:aws eu-dev linked\n";
  const std::string exports = "{databaseArn: 'arn:aws:rds:eu-central-1:123456789012:db:orders-dev', token: secret(hidden)}\n";
  EXPECT_EQ(
      Describe(*testing::ReadOk(Fixture("input/export.json"))),
      "shop/dev\n" +
      root + "\n  pulumi:pulumi:Stack shop-dev component id absent\n  in {}\n  out " + exports +
      provider + "\n  pulumi:providers:aws eu-dev custom in " + root + " id '0f6a1a6e-1111-4222-8333-444455556666'\n"
      "  in {region: 'eu-central-1'}\n  out {region: 'eu-central-1'}\n" +
      component + "\n  shop:app:Store store-dev component in " + root + " id absent\n  in {}\n  out absent\n" +
      key + "\n  aws:kms/key:Key key-dev custom in " + component + " id '11112222-3333-4444-5555-666677778888'\n"
      "  in {enableKeyRotation: true}\n"
      "  out {arn: '" + arn + "', enableKeyRotation: true, keyId: '11112222-3333-4444-5555-666677778888'}\n" + by +
      urn + "aws:ec2/vpc:Vpc::shared\n  aws:ec2/vpc:Vpc shared custom external in " + root + " id 'vpc-1'\n"
      "  in absent\n  out {cidrBlock: '10.0.0.0/16'}\n" + by +
      urn + "shop:app:Store$aws:rds/instance:Instance::orders-dev\n"
      "  aws:rds/instance:Instance orders-dev custom in " + component + " id 'db-ABC'\n"
      "  in {identifier: 'orders-dev', kmsKeyId: '" + arn + "', monitoringInterval: default(0), "
      "password: secret(hidden), storageEncrypted: true, tags: {Environment: 'dev'}, vpcSecurityGroupIds: ['sg-1']}\n"
      "  out {arn: 'arn:aws:rds:eu-central-1:123456789012:db:orders-dev', id: 'db-ABC', identifier: 'orders-dev', "
      "kmsKeyId: '" + arn + "', password: secret(hidden), storageEncrypted: true}\n" + by +
      "  needs " + key + "\n  kmsKeyId -> " + key + "\n"
      "exports " + exports);
}

TEST(Checkpoint, NamesAStackThatHasNoResources) {
  const auto named = [](const std::string& stack) {
    const auto read = testing::ReadOk(R"({"version": 3, "checkpoint": {"stack": )" + stack + "}}");
    return read ? std::string(read->project()) + "/" + std::string(read->name()) : "unreadable";
  };
  EXPECT_EQ(named(R"("organization/fastcart/dev")"), "fastcart/dev");
  EXPECT_EQ(named(R"("fastcart/dev")"), "/dev");
  EXPECT_EQ(named(R"("dev")"), "/dev");
  EXPECT_EQ(named(R"("")"), "/");
  EXPECT_EQ(named("null"), "/");
}

TEST(InputKinds, HaveNames) {
  for (const InputKind kind :
       {InputKind::kAuto, InputKind::kPreview, InputKind::kExport, InputKind::kEvents, InputKind::kResources})
    EXPECT_EQ(*ParseInputKind(InputKindName(kind)), kind);
  EXPECT_FALSE(ParseInputKind("plan").ok());
}

}  // namespace
}  // namespace guardrails
