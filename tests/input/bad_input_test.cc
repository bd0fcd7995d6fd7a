// Every bad input with its message: which file, where, what, and the remedy.
#include <gtest/gtest.h>

#include "tests/input/describe.h"

namespace guardrails {
namespace {

using namespace std::string_literals;

struct BadInput {
  const char* name;
  std::string text;
  std::string message;  // behind "FILE: "
};

std::ostream& operator<<(std::ostream& out, const BadInput& c) { return out << c.name; }

std::string NameOf(const ::testing::TestParamInfo<BadInput>& of) { return of.param.name; }

std::string Nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string InExport(const std::string& resource) { return R"({"version": 3, "deployment": {"resources": [)" + resource + "]}}"; }

const std::string kNothing =
    "this is none of the forms that can be checked: pulumi preview --json, pulumi stack export, an event log, or a list of resources";
const std::string kEmpty = "the file is empty; write it again, for example with: pulumi preview --json --show-sames > FILE";
const std::string kUtf16 = "this is UTF-16 text; save it as UTF-8 (in PowerShell: pulumi … | Out-File -Encoding utf8 FILE)";
const std::string kTruncated = "the file ends in the middle of a value: it is truncated; write it again";
const std::string kInvalid = "this is not valid JSON; write the file again with Pulumi, or correct it here";
const std::string kNoForm =
    "this is none of the forms that can be checked: pulumi preview --json, pulumi stack export, an event log, or a list of resources";
const std::string kForeign =
    "no preview has this key, and this one has no steps; a list of resources has them under the key resources";
const std::string kTwice = "this key stands twice in its object; keep one of the two";
const std::string kDeep = "values are nested deeper than 128 levels; no Pulumi stack is";
const std::string kNoMoreEvents =
    "the log ends without its summaryEvent: it is truncated, or the operation was not over; write it again";

class BadInputs : public ::testing::TestWithParam<BadInput> {};

TEST_P(BadInputs, AreNamedWithPlaceAndRemedy) { EXPECT_EQ(testing::ErrorOf(GetParam().text), "FILE: " + GetParam().message); }

INSTANTIATE_TEST_SUITE_P(
    Text, BadInputs,
    ::testing::Values(
        BadInput{"Empty", "", kEmpty}, BadInput{"Blank", " \n\t\r\n", kEmpty}, BadInput{"OnlyAByteOrderMark", "\xef\xbb\xbf", kEmpty},
        BadInput{"Utf16LittleEndian", "\xff\xfe{\0}\0"s, kUtf16}, BadInput{"Utf16BigEndian", "\xfe\xff\0{\0}"s, kUtf16},
        BadInput{"Utf16WithoutMark", "{\0\"\0"s, kUtf16},
        BadInput{"Binary", "\x7f" "ELF\0\0\0\0"s, "line 1, column 1: " + kInvalid},
        BadInput{"NulAfterTheValue", "{\"steps\": []}\0"s, "there is more behind the first value; a file holds one preview or one export"},
        BadInput{"NulInTheValue", "{\"steps\": [\0]}"s, "line 1, column 12: " + kInvalid},
        BadInput{"ControlCharacterInAString", "{\"steps\":\n [\"a\1b\"]}", "line 2, column 5: " + kInvalid},
        BadInput{"InvalidUtf8", "{\"steps\":\n  [\"\xc3(\"]}", "line 2, column 6: " + kInvalid},
        BadInput{"InvalidUtf8InAKey", "{\"\xff\": 1, \"steps\": []}", "line 1, column 3: " + kInvalid},
        BadInput{"LoneSurrogate", R"({"steps": ["\ud800"]})", "line 1, column 19: " + kInvalid},
        BadInput{"Words", "hello", "line 1, column 1: " + kInvalid},
        BadInput{"Yaml", "config:\n  aws:region: eu-central-1\n", "line 1, column 1: " + kInvalid},
        BadInput{"Truncated", "{\"steps\": [\n  {\"op\": \"create\"", "line 2, column 18: " + kTruncated},
        BadInput{"TruncatedInAString", "{\"steps\": [\"crea", "line 1, column 17: " + kTruncated},
        BadInput{"TruncatedInAWord", "{\"steps\": nul", "line 1, column 14: " + kTruncated},
        BadInput{"TruncatedBehindAnElement", "[{},", "line 1, column 5: " + kTruncated},
        BadInput{"MissingComma", "{\"steps\": [1 2]}", "line 1, column 14: " + kInvalid},
        BadInput{"TrailingComma", "{\"steps\": [],}", "line 1, column 14: " + kInvalid},
        BadInput{"WrongBracket", "{\"steps\": [}", "line 1, column 12: " + kInvalid},
        BadInput{"StrayBracket", "{\"steps\": []}}", "line 1, column 14: " + kInvalid},
        BadInput{"SingleQuotes", "{'steps': []}", "line 1, column 2: " + kInvalid},
        BadInput{"DamagedMemberThatNobodyReads", "{\"duration\": 1x, \"steps\": []}", "line 1, column 15: " + kInvalid},
        BadInput{"NestedTooDeeply", "{\"steps\": " + Nested(200) + "}", "line 1, column 140: " + kDeep},
        BadInput{"NestedMuchTooDeeply", Nested(2'000'000), "line 1, column 130: " + kDeep},
        BadInput{"OpenedMuchTooDeeply", std::string(2'000'000, '['), "line 1, column 129: " + kDeep},
        BadInput{"NumberTooLarge", "{\"steps\": [1e400]}", "line 1, column 16: a number is too large"},
        BadInput{"APackageThatHasAType", R"({"name": "web-dev", "type": "module", "version": "1"})", kNothing},
        BadInput{"AManifestOfSomethingElse", R"({"manifest": {}, "name": "web"})", kNothing},
        BadInput{"KeyTwiceAtTheTop", R"({"steps": [], "steps": []})", "steps: " + kTwice},
        BadInput{"KeyTwiceInAResource", InExport(R"({"urn": "urn:pulumi:a::b::c::d", "inputs": {}, "inputs": {}})"),
                 "deployment.resources[0].inputs: " + kTwice},
        BadInput{"KeyTwiceInInputs", InExport(R"({"urn": "urn:pulumi:a::b::c::d", "inputs": {"a.b": [{"c": 1, "c": 2}]}})"),
                 "deployment.resources[0].inputs[\"a.b\"][0].c: " + kTwice}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Forms, BadInputs,
    ::testing::Values(
        BadInput{"Number", "12", kNoForm}, BadInput{"String", "\"x\"", kNoForm}, BadInput{"Null", "null", kNoForm},
        BadInput{"EmptyObject", "{}", kNoForm}, BadInput{"OtherObject", R"({"a": 1})", kNoForm},
        BadInput{"ConfigAlone", R"({"config": {"aws:region": "eu-central-1"}})", kNoForm},
        BadInput{"DurationAlone", R"({"duration": 3})", kNoForm},
        BadInput{"TwoMembersOfOtherKinds", R"({"config": {}, "duration": "3 s"})", kNoForm},
        BadInput{"Package", R"({"name": "shop", "config": {"port": 80}})", "name: " + kForeign},
        BadInput{"PackageWithSteps", R"({"name": "shop", "steps": [], "diagnostics": []})", "name: " + kForeign},
        BadInput{"StackConfig", R"({"encryptionsalt": "v1:x", "config": {"aws:region": "eu-central-1"}})",
                 "encryptionsalt: " + kForeign},
        BadInput{"ListUnderAnotherKey", R"({"config": {}, "resource": [{"type": "a:b:C", "name": "x"}]})", "resource: " + kForeign},
        BadInput{"ListUnderAnotherKeyBesideAPreview", R"({"config": {}, "duration": 3, "resource": []})", "resource: " + kForeign},
        BadInput{"TwoPreviews", R"({"steps": []} {"steps": []})",
                 "there is more behind the first value; a file holds one preview or one export"},
        BadInput{"UpdatePlan", R"({"manifest": {}, "resourcePlans": {}})",
                 "this is an update plan, which holds changes only; check the output of pulumi preview --json"},
        BadInput{"Summary", R"({"result": "succeeded", "duration": 1, "summary": {}, "resources": []})",
                 "this is a summary without properties; check the output of pulumi preview --json"},
        BadInput{"NewerDeployment", R"({"version": 5, "deployment": {}})",
                 "version: this deployment is newer than version 4; update this tool"},
        BadInput{"VersionOfAnotherKind", R"({"version": "3", "deployment": {}})", "version: a string, where a number belongs"},
        BadInput{"DeploymentOfAnotherKind", R"({"version": 3, "deployment": []})",
                 "deployment: a list, where a deployment (an object) belongs"},
        BadInput{"LatestOfAnotherKind", R"({"version": 3, "checkpoint": {"latest": "x"}})",
                 "checkpoint.latest: a string, where a deployment (an object) belongs"},
        BadInput{"CheckpointsStackOfAnotherKind", R"({"version": 3, "checkpoint": {"stack": 7}})",
                 "checkpoint.stack: a number, where a string belongs"},
        BadInput{"ResourcesOfAnotherKind", R"({"version": 3, "deployment": {"resources": {}}})",
                 "deployment.resources: an object, where a list of resources belongs"},
        BadInput{"ResourceOfAnotherKind", InExport("3"),
                 "deployment.resources[0]: a number, where a resource (an object with type and name) belongs"},
        BadInput{"NoUrn", InExport("{}"), "deployment.resources[0]: the resource has no type; give it one, such as aws:kinesis/stream:Stream"},
        BadInput{"NoName", InExport(R"({"type": "a:b:C"})"), "deployment.resources[0]: the resource has no name; give it its logical name"},
        BadInput{"BadUrn", InExport(R"({"urn": "x", "type": "a:b:C"})"),
                 "deployment.resources[0].urn: this is no URN; one begins with urn:pulumi:"},
        BadInput{"UrnOfAnotherKind", InExport(R"({"urn": 7})"), "deployment.resources[0].urn: a number, where a string belongs"},
        BadInput{"InputsOfAnotherKind", InExport(R"({"urn": "urn:pulumi:a::b::c::d", "inputs": [1]})"),
                 "deployment.resources[0].inputs: a list, where an object of properties belongs"},
        BadInput{"CustomOfAnotherKind", InExport(R"({"urn": "urn:pulumi:a::b::c::d", "custom": "yes"})"),
                 "deployment.resources[0].custom: a string, where true or false belongs"},
        BadInput{"IdOfAnotherKind", InExport(R"({"urn": "urn:pulumi:a::b::c::d", "id": 7})"),
                 "deployment.resources[0].id: a number, where a string belongs"},
        BadInput{"DependenciesOfAnotherKind", InExport(R"({"urn": "urn:pulumi:a::b::c::d", "dependencies": "x"})"),
                 "deployment.resources[0].dependencies: a string, where a list of URNs belongs"},
        BadInput{"DependencyThatIsNoUrn", InExport(R"({"urn": "urn:pulumi:a::b::c::d", "propertyDependencies": {"k": ["key"]}})"),
                 "deployment.resources[0].propertyDependencies.k[0]: this is no URN; one begins with urn:pulumi:"},
        BadInput{"ProviderThatIsNone", InExport(R"({"urn": "urn:pulumi:a::b::c::d", "provider": "aws"})"),
                 "deployment.resources[0].provider: this is no provider reference; write URN::ID, or an object with type and name"},
        BadInput{"SecretWithoutContent",
                 InExport(R"({"urn": "urn:pulumi:a::b::c::d",
                     "inputs": {"p": [{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}]}})"),
                 "deployment.resources[0].inputs.p[0]: a secret without value, plaintext or ciphertext"},
        BadInput{"SecretWithDamagedPlaintext",
                 InExport(R"({"urn": "urn:pulumi:a::b::c::d", "inputs": {"p":
                     {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "hunter2"}}})"),
                 "deployment.resources[0].inputs.p: a secret whose plaintext is not valid JSON"},
        BadInput{"UnknownSignature",
                 InExport(R"({"urn": "urn:pulumi:a::b::c::d", "inputs": {"p": {"4dabf18193072939515e22adb298388d": "hunter2"}}})"),
                 "deployment.resources[0].inputs.p: an object with an unknown Pulumi signature"},
        BadInput{"SameUrnTwice", InExport(R"({"urn": "urn:pulumi:a::b::c::d"}, {"urn": "urn:pulumi:a::b::c::d"})"),
                 "two resources have the URN urn:pulumi:a::b::c::d; give one of them another name"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Lists, BadInputs,
    ::testing::Values(
        BadInput{"NoResources", R"({"project": "shop"})", "resources is missing; a list of resources belongs there"},
        BadInput{"NoList", R"({"resources": "x"})", "resources: a string, where a list of resources belongs"},
        BadInput{"NoTypeInAList", R"([{"type": "a:b:C", "name": "x"}, {"name": "y"}])",
                 "[1]: the resource has no type; give it one, such as aws:kinesis/stream:Stream"},
        BadInput{"NoNameInLines", "{\"type\": \"a:b:C\", \"name\": \"x\"}\n\n{\"type\": \"a:b:C\"}\n",
                 "line 3: the resource has no name; give it its logical name"},
        BadInput{"BadValueInLines", "{\"type\": \"a:b:C\", \"name\": \"x\"}\n{\"type\": \"a:b:C\", \"name\": 1}\n",
                 "line 2, name: a number, where a string belongs"},
        BadInput{"DamagedLine", "{\"type\": \"a:b:C\", \"name\": \"x\"}\n{\"type\" \"a:b:C\"}\n{}\n", "line 2, column 15: " + kInvalid},
        BadInput{"TruncatedLine", "{\"type\": \"a:b:C\", \"name\": \"x\"}\n{\"type\": ", "line 2, column 10: " + kTruncated},
        BadInput{"ConfigOfAnotherKind", R"({"config": [], "resources": []})",
                 "config: a list, where an object of configuration values belongs"},
        BadInput{"OutputsOfAnotherKind", R"({"outputs": 1, "resources": []})", "outputs: a number, where an object of outputs belongs"},
        BadInput{"StackOfAnotherKind", R"({"stack": {}, "resources": []})", "stack: an object, where a string belongs"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    PreviewsAndEvents, BadInputs,
    ::testing::Values(
        BadInput{"StepsOfAnotherKind", R"({"steps": 1})", "steps: a number, where a list of steps belongs"},
        BadInput{"StepOfAnotherKind", R"({"steps": ["x"]})", "steps[0]: a string, where a step (an object with op and urn) belongs"},
        BadInput{"StepWithoutOp", R"({"steps": [{"urn": "x"}]})", "steps[0]: op is missing; this is no step"},
        BadInput{"StateWithoutUrn", R"({"steps": [{"op": "create", "urn": "x", "newState": {}}]})",
                 "steps[0].newState: the resource has no type; give it one, such as aws:kinesis/stream:Stream"},
        BadInput{"CountOfAnotherKind", R"({"changeSummary": {"create": "1"}})", "changeSummary.create: a string, where a count belongs"},
        BadInput{"CountBelowZero", R"({"steps": [], "changeSummary": {"same": -9223372036854775808}})",
                 "changeSummary.same: a number below zero, where a count belongs"},
        BadInput{"CountsOfAnotherKind", R"({"events": [{"sequence": 0, "timestamp": 1, "summaryEvent": {"resourceChanges": 1}}]})",
                 "events[0].summaryEvent.resourceChanges: a number, where an object of counts belongs"},
        BadInput{"FailedPreview",
                 R"({"steps": [], "diagnostics": [{"message": "hint", "severity": "info"},
                     {"message": "error: no credentials hunter2\n", "severity": "error"}]})",
                 "diagnostics[1]: the preview failed, so resources are missing; correct that error and preview again"},
        BadInput{"EventLogWithoutEnd", R"({"sequence": 0, "timestamp": 1, "preludeEvent": {"config": {}}})", kNoMoreEvents},
        BadInput{"EventLogWhoseLastOperationHasNoEnd",
                 "{\"sequence\": 0, \"timestamp\": 1, \"summaryEvent\": {}}\n"
                 "{\"sequence\": 0, \"timestamp\": 1, \"preludeEvent\": {}}\n",
                 kNoMoreEvents},
        BadInput{"FailedOperation",
                 "{\"sequence\": 0, \"timestamp\": 1, \"diagnosticEvent\": {\"severity\": \"error\", \"message\": \"hunter2\"}}\n"
                 "{\"sequence\": 1, \"timestamp\": 1, \"summaryEvent\": {}}\n",
                 "the logged operation failed, so resources are missing; correct its error and write the log again"},
        BadInput{"EventWithoutMetadata", R"({"events": [{"sequence": 0, "timestamp": 1, "resourcePreEvent": {}}]})",
                 "events[0].resourcePreEvent.metadata: this object is missing; the event is damaged"},
        BadInput{"EventsOfAnotherKind", R"({"events": {}})", "events: an object, where a list of events belongs"}),
    NameOf);

TEST(WrongKind, SaysWhatItLooksLike) {
  InputOptions options;
  options.kind = InputKind::kPreview;
  EXPECT_EQ(testing::ErrorOf(R"({"version": 3, "deployment": {}})", options),
            "FILE: this looks like a stack export, not like --input preview; use --input export or leave it out");
  options.kind = InputKind::kExport;
  EXPECT_EQ(testing::ErrorOf(R"([])", options),
            "FILE: this looks like a list of resources, not like --input export; use --input resources or leave it out");
}

TEST(GoodInput, WithAByteOrderMarkOrCarriageReturnsIsRead) {
  EXPECT_NE(testing::ReadOk("\xef\xbb\xbf[]\r\n"), nullptr);
  EXPECT_NE(testing::ReadOk("\r\n {\"steps\": [],\r\n \"config\": {}}\r\n"), nullptr);
}

TEST(GoodInput, WithoutResourcesIsAStack) {
  for (const char* text :
       {R"({"version": 3, "deployment": {"manifest": {}}})", R"({"version": 3, "deployment": null})", R"({"manifest": {}, "resources": []})",
        R"({"version": 3, "deployment": {"resources": null}})", R"({"version": 3, "checkpoint": {"stack": "a/b/c"}})",
        R"({"steps": null, "config": null})", R"({"changeSummary": {}})", R"({"config": {"a:b": "c"}, "duration": 3})",
        R"({"duration": 3, "maybeCorrupt": false})", R"({"config": {}, "diagnostics": [], "duration": 3, "changeSummary": {}})", "[]", R"({"resources": []})",
        R"({"events": [{"sequence": 0, "timestamp": 1, "summaryEvent": {}}]})"}) {
    const auto stack = testing::ReadOk(text);
    ASSERT_NE(stack, nullptr) << text;
    EXPECT_TRUE(stack->resources().empty());
  }
}

TEST(GoodInput, MayHaveIntegersBeyond64Bits) {
  const auto stack = testing::ReadOk(
      R"([{"type": "a:b:C", "name": "x", "inputs": {"n": 100000000000000000000, "m": -18446744073709551616, "s": "99999999999999999999"}}])");
  ASSERT_NE(stack, nullptr);
  EXPECT_EQ(stack->resources()[0].inputs["n"].raw_number(), 1e20);
  EXPECT_EQ(stack->resources()[0].inputs["m"].raw_number(), -18446744073709551616.0);
  EXPECT_EQ(stack->resources()[0].inputs["s"].raw_string(), "99999999999999999999");
}

TEST(GoodInput, MayBeNestedAsDeeplyAsTheLimit) {
  const std::string list = R"([{"type": "a:b:C", "name": "x", "inputs": {"v": )" + Nested(126) + "}}]";
  EXPECT_NE(testing::ReadOk(list), nullptr);
}

}  // namespace
}  // namespace guardrails
