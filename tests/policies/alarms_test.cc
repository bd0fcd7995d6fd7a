#include "policies/aws/alarms.h"

#include <gtest/gtest.h>

#include <string>

#include "policies/aws/targets.h"
#include "tests/support/builder.h"

namespace fastcart {
namespace {

using namespace guardrails;
using guardrails::testing::TestStack;

constexpr std::string_view kStream = "aws:kinesis/stream:Stream", kAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const MetricOfThing& Age() {
  static const MetricOfThing kAge{
      "AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "StreamName", kKinesisStreams, {"name"}};
  return kAge;
}

void AddAlarm(TestStack& s, std::string_view name, std::string_view region, bool alerts = true) {
  s.Add(kAlarm, name).Input("namespace", s.Text("AWS/Kinesis")).Input("metricName", s.Text(Age().name));
  s.Input("dimensions", s.Object({{"StreamName", s.Text("nobody-yet")}})).Input("actionsEnabled", Value::Bool(alerts));
  s.Input("threshold", Value::Number(1)).Input("region", s.Text(region));
}

void AddStream(TestStack& s, std::string_view name, std::string_view region) {
  s.Add(kStream, name).Input("name", Value::Unknown());
  if (!region.empty()) s.Input("region", s.Text(region));
}

// The alarms that may watch the stream, by their names.
std::string On(const Stack& stack, std::string_view stream) {
  std::string out;
  for (const Watch& watch : FindAlarms(stack, Age()).On(*stack.Find(TestStack::UrnOf(kStream, stream))))
    if (!watch.certain) out += (out.empty() ? "" : " ") + std::string(watch.alarm->name);
  return out;
}

TEST(FindAlarmsTest, OfAlarmsOnANameThatNothingHasYetTheFirstOfTheRegionSpeaksForAll) {
  TestStack s;
  for (const char* name : {"d", "c", "b"}) AddAlarm(s, name, "eu-central-1");
  AddAlarm(s, "a", "eu-central-1", false);
  AddAlarm(s, "e", "eu-west-1");
  AddStream(s, "central", "eu-central-1");
  AddStream(s, "west", "eu-west-1");
  AddStream(s, "south", "eu-south-1");
  AddStream(s, "somewhere", "");
  s.Add(kStream, "named").Input("name", s.Text("named")).Input("region", s.Text("eu-central-1"));
  const auto stack = s.Build();
  EXPECT_EQ(On(*stack, "central"), "b") << "a alerts nobody";
  EXPECT_EQ(On(*stack, "west"), "e");
  EXPECT_EQ(On(*stack, "south"), "");
  EXPECT_EQ(On(*stack, "somewhere"), "b");
  EXPECT_EQ(On(*stack, "named"), "");
}

}  // namespace
}  // namespace fastcart
