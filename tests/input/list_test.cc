// The plain resource list: what a hand-written one leaves to be understood.
#include <gtest/gtest.h>

#include "tests/input/describe.h"

namespace guardrails {
namespace {

using testing::Describe;
using testing::ReadOk;

constexpr char kStream[] = R"({"type": "aws:kinesis/stream:Stream", "name": "orders-dev", "properties": {"shardCount": 2, "id": "s-1"}})";

TEST(ResourceList, OfOneResourceIsTheSameInEverySpelling) {
  const std::string stream = kStream;
  const std::string expected =
      "/\nurn:pulumi:stack::project::aws:kinesis/stream:Stream::orders-dev\n"
      "  aws:kinesis/stream:Stream orders-dev custom id 's-1'\n"
      "  in {shardCount: 2, id: 's-1'}\n  out {shardCount: 2, id: 's-1'}\n"
      "  by urn:pulumi:stack::project::pulumi:providers:aws::default pulumi:providers:aws default\n"
      "exports absent\n";
  for (const std::string& text : {"[" + stream + "]", "{\"resources\": [" + stream + "]}", stream, stream + "\n"})
    EXPECT_EQ(Describe(*ReadOk(text)), expected) << text;
}

TEST(ResourceList, NamesOfTheFileMakeTheUrns) {
  const auto stack = ReadOk(R"({"project": "shop", "stack": "dev", "resources": [{"type": "a:b:C", "name": "x",
      "parent": "urn:pulumi:dev::shop::p:q:R$s:t:U::y"}, {"type": "a:b:C", "name": "x",
      "parent": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"}]})");
  EXPECT_EQ(stack->resources()[0].urn, "urn:pulumi:dev::shop::p:q:R$s:t:U$a:b:C::x");
  EXPECT_EQ(stack->resources()[1].urn, "urn:pulumi:dev::shop::a:b:C::x");
  EXPECT_EQ(stack->project(), "shop");
  EXPECT_EQ(stack->name(), "dev");
}

TEST(ResourceList, NamesComeFromUrnsToo) {
  const auto stack = ReadOk(R"([{"urn": "urn:pulumi:dev::shop::a:b:C$d:e:F::x::y"}])");
  EXPECT_EQ(stack->resources()[0].type, "d:e:F");
  EXPECT_EQ(stack->resources()[0].name, "x::y");
  EXPECT_EQ(stack->project(), "shop");
  EXPECT_EQ(stack->name(), "dev");
}

TEST(ResourceList, OneResourceThatHasOnlyItsUrnIsOne) {
  const std::string resource = R"({"urn": "urn:pulumi:dev::shop::a:b:C::x"})", other = R"({"urn": "urn:pulumi:dev::shop::a:b:C::y"})";
  EXPECT_EQ(ReadOk(resource)->resources().size(), 1U);
  EXPECT_EQ(ReadOk(resource + "\n" + other)->resources().size(), 2U);
}

TEST(ResourceList, AConfigIsText) {
  const auto stack = ReadOk(R"({"project": "shop", "stack": "dev", "config": {"shop:a": 7, "shop:b": true, "shop:c": "x"},
      "resources": []})");
  EXPECT_EQ(stack->Config("shop:a").raw_string(), "7");
  EXPECT_EQ(stack->Config("shop:b").raw_string(), "true");
  EXPECT_EQ(stack->Config("shop:c").raw_string(), "x");
}

TEST(ResourceList, OnlyTheEnginesOwnProvidersAreDefault) {
  const auto stack = ReadOk(R"({"project": "shop", "stack": "dev", "resources": [
      {"type": "aws:a:A", "name": "1", "provider": "urn:pulumi:dev::shop::pulumi:providers:aws::default_7_51_1::id"},
      {"type": "aws:a:A", "name": "2", "provider": "urn:pulumi:dev::shop::pulumi:providers:aws::default::id"},
      {"type": "aws:a:A", "name": "3", "provider": "urn:pulumi:dev::shop::pulumi:providers:aws::default_eu::id"},
      {"type": "aws:a:A", "name": "4", "provider": "urn:pulumi:dev::shop::pulumi:providers:aws::default_::id"},
      {"type": "aws:a:A", "name": "5", "provider": "urn:pulumi:dev::shop::pulumi:providers:gcp::default::id"},
      {"type": "pulumi:providers:gcp", "name": "default", "parent": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"}]})");
  const auto is_default = [&](std::size_t i) { return stack->resources()[i].provider.is_default(); };
  for (const std::size_t engines : {0U, 1U}) EXPECT_TRUE(is_default(engines)) << engines;
  for (const std::size_t programs : {2U, 3U, 4U}) EXPECT_FALSE(is_default(programs)) << programs;
}

TEST(ResourceList, AProviderIsAReferenceOrAnObject) {
  const auto stack = ReadOk(R"({"project": "shop", "stack": "dev", "resources": [
      {"type": "aws:a:A", "name": "1", "provider": "urn:pulumi:dev::shop::pulumi:providers:aws::eu::id"},
      {"type": "aws:a:A", "name": "2", "provider": {"type": "pulumi:providers:aws", "name": "us", "properties": {"region": "us-east-1"}}},
      {"type": "aws:a:A", "name": "3", "provider": ""},
      {"type": "pulumi:providers:aws", "name": "eu", "inputs": {"region": "eu-central-1"}},
      {"type": "my:own:Component", "name": "5", "custom": false},
      {"type": "pulumi:pulumi:Stack", "name": "shop-dev"}]})");
  const auto provider = [&](std::size_t i) { return stack->resources()[i].provider; };
  EXPECT_EQ(provider(0).resource, &stack->resources()[3]);
  EXPECT_EQ(Describe(provider(0).properties), "{region: 'eu-central-1'}");
  EXPECT_EQ(provider(1).urn, "urn:pulumi:dev::shop::pulumi:providers:aws::us");
  EXPECT_EQ(Describe(provider(1).properties), "{region: 'us-east-1'}");
  EXPECT_TRUE(provider(2).is_default());
  EXPECT_FALSE(provider(1).is_default());
  for (const std::size_t none : {3U, 4U, 5U}) EXPECT_EQ(provider(none).urn, "");
  EXPECT_FALSE(stack->resources()[5].custom);
}

TEST(ResourceList, OutputsAloneAreReadAsTheResource) {
  const auto stack = ReadOk(R"([{"type": "a:b:C", "name": "x", "outputs": {"n": 1}}])");
  EXPECT_EQ(Describe(stack->resources()[0]["n"].value()), "1");
  EXPECT_TRUE(stack->resources()[0].inputs.absent());
}

TEST(ResourceList, InputsOfSomeMeanThatTheOthersHaveNone) {
  const auto stack = ReadOk(R"([{"type": "a:b:C", "name": "x", "outputs": {"n": 1}}, {"type": "a:b:C", "name": "y", "inputs": {"n": 2}}])");
  EXPECT_EQ(Describe(stack->resources()[0]["n"].value()), "absent");
}

TEST(ResourceList, UnknownsMakeAPreviewAndEdgesAreCounted) {
  EXPECT_FALSE(ReadOk(R"([{"type": "a:b:C", "name": "x", "inputs": {"k": "v"}}])")->facts().preview);
  for (const char* unknown : {R"("04da6b54-80e4-46f7-96ec-b56ff0331ba9")",
                              R"({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                                  "value": "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"})"}) {
    const auto stack = ReadOk(std::string(R"([{"type": "a:b:C", "name": "x", "inputs": {"k": )") + unknown + "}}]");
    EXPECT_TRUE(stack->facts().preview) << unknown;
    EXPECT_TRUE(stack->resources()[0].inputs["k"].unknown()) << unknown;
  }
  EXPECT_FALSE(ReadOk(R"([{"type": "a:b:C", "name": "x", "dependencies": []}])")->facts().has_edges);
  EXPECT_TRUE(ReadOk(R"([{"type": "a:b:C", "name": "x", "propertyDependencies": {}}])")->facts().has_edges);
}

TEST(ResourceList, SecretsInEverySpellingAreSecret) {
  const auto stack = ReadOk(R"([{"type": "a:b:C", "name": "x", "inputs": {
      "bare": "[secret]",
      "value": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": {"a": [1]}},
      "shown": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "{\"a\": \"b\"}"},
      "hidden": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AAAA"},
      "output": {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "v", "secret": true}}}])");
  EXPECT_EQ(Describe(stack->resources()[0].inputs),
            "{bare: secret(hidden), value: secret({a: [1]}), shown: secret({a: 'b'}), hidden: secret(hidden), output: secret('v')}");
}

TEST(ResourceList, PulumisOtherMarkersAreRead) {
  const auto stack = ReadOk(R"([{"type": "a:b:C", "name": "x", "inputs": {
      "asset": {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "t"},
      "reference": {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:pulumi:a::b::c::d", "id": "i-1"},
      "bytes": {"4dabf18193072939515e22adb298388d": "803fd3297a5875dc03ca845dda5d2a98", "value": "aGk="},
      "infinite": {"4dabf18193072939515e22adb298388d": "8ad145fe-0d11-4827-bfd7-1abcbf086f5c", "value": "7ff0000000000000"},
      "null": null, "__internal": 1}}])");
  EXPECT_EQ(Describe(stack->resources()[0].inputs),
            "{asset: asset{4dabf18193072939515e22adb298388d: 'c44067f5952c0a294b673a41bacd8c17', text: 't'}, "
            "reference: 'i-1', bytes: 'hi', infinite: inf, null: absent}");
}

TEST(ResourceList, ResourcesMarkedForDeletionAreLeftOut) {
  EXPECT_TRUE(ReadOk(R"([{"type": "a:b:C", "name": "x", "delete": true}])")->resources().empty());
}

TEST(ResourceList, ManyLinesAreReadByManyThreadsInTheirOrder) {
  std::string text;
  constexpr int kLines = 40'000;
  for (int i = 0; i < kLines; ++i)
    text += R"({"type": "a:b:C", "name": "x)" + std::to_string(i) + R"(", "inputs": {"number": )" + std::to_string(i) + "}}\n";
  const auto stack = ReadOk(text);
  ASSERT_EQ(stack->resources().size(), kLines);
  for (int i = 0; i < kLines; ++i) {
    const Resource& r = stack->resources()[static_cast<std::size_t>(i)];
    ASSERT_EQ(r.name, "x" + std::to_string(i));
    ASSERT_EQ(r.inputs["number"].raw_number(), i);
  }
  EXPECT_EQ(testing::ErrorOf(text + "{}\n" + text + "7\n"),
            "FILE: line 40001: the resource has no type; give it one, such as aws:kinesis/stream:Stream");
}

}  // namespace
}  // namespace guardrails
