#include "fuzz/support.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "analyzer/model/urn.h"
#include "analyzer/plugin/struct_json.h"
#include "analyzer/policy/config.h"
#include "analyzer/report/format.h"
#include "policies/pack.h"

namespace guardrails::fuzzing {
namespace {

constexpr char kUrn[] = "urn:pulumi:dev::fastcart::aws:kinesis/stream:Stream::orders-dev";

const char* NoEnvironment(const char*) { return nullptr; }

std::shared_ptr<const ConfiguredPack> DefaultPack() {
  static const auto pack = ConfiguredPack::Make(fastcart::FastCartPack(), {}).value();
  return pack;
}

pulumirpc::ConfigureAnalyzerRequest AllRemediating() {
  pulumirpc::ConfigureAnalyzerRequest out;
  for (const Guardrail* guardrail : fastcart::FastCartPack().guardrails)
    (*out.mutable_policyconfig())[std::string(guardrail->name)].set_enforcementlevel(pulumirpc::REMEDIATE);
  return out;
}

// The one thing that a rule of FastCart's asks of people.
bool IsRefusal(std::string_view reason) { return reason.find("there is no environment suffix") != reason.npos; }

void ExpectNoPart(std::string_view secret, std::string_view text) {
  const bool is_number = std::all_of(secret.begin(), secret.end(), absl::ascii_isdigit);
  const std::size_t part = is_number ? secret.size() : 6;  // digests have digits in a row, too
  for (std::size_t i = 0; i + part <= secret.size(); ++i)
    if (text.find(secret.substr(i, part)) != text.npos) Fault("a part of a secret comes out");
}

template <class Message>
Message Stream() {
  Message out;
  out.set_type("aws:kinesis/stream:Stream");
  out.set_name("orders-dev");
  out.set_urn(kUrn);
  FromJson({{"name", "orders-dev"}, {"shardCount", 1}}, *out.mutable_properties());
  return out;
}

}  // namespace

RequestBytes Bytes(std::string_view bytes) {
  std::shared_ptr<char[]> owner(new char[bytes.size()]);
  if (!bytes.empty()) std::memcpy(owner.get(), bytes.data(), bytes.size());
  const std::string_view view(owner.get(), bytes.size());
  return {std::move(owner), view};
}

RequestBytes SmallStack() {
  pulumirpc::AnalyzeStackRequest out;
  *out.add_resources() = Stream<pulumirpc::AnalyzerResource>();
  return Bytes(out.SerializeAsString());
}

RequestBytes SmallResource() { return Bytes(Stream<pulumirpc::AnalyzeRequest>().SerializeAsString()); }

std::unique_ptr<const Stack> Holding(std::span<const Holder> holders, std::string_view text) {
  StackBuilder builder;
  builder.facts().config["aws:region"] = Value::String("eu-central-1");
  builder.facts().config["fastcart:environmentSuffix"] = Value::String("dev");
  for (const auto& [type, property] : holders) {
    Resource& resource = builder.Add();
    resource.type = type;
    resource.name = property;
    resource.urn = builder.arena().Copy(MakeUrn("dev", "fastcart", "", type, property));
    const std::array members = {Member{property, Value::String(text)}};
    resource.inputs = resource.outputs = Value::Object(builder.arena().Copy(std::span<const Member>(members)));
  }
  return builder.Build();
}

Session& FreshSession() {
  static const auto configuration = AllRemediating();
  static std::optional<Session> session;
  session.emplace(fastcart::FastCartPack(), NoEnvironment);
  if (!session->Configure(configuration).ok()) Fault("the pack cannot be configured");
  return *session;
}

Report Judge(std::unique_ptr<const Stack> stack) {
  Report report{.pack = DefaultPack(), .fix_plan = true};
  FileReport& file = report.files.emplace_back();
  file.file = "FILE";
  file.stack = std::move(stack);
  file.results = EvaluateStack(*report.pack, *file.stack, {});
  for (const Finding& f : file.results.findings)
    if (f.verdict == Verdict::kBroken && !IsRefusal(f.reason.str())) Fault(f.guardrail->name);
  for (const Resource& resource : file.stack->resources()) {
    auto remedies = Remedies(*report.pack, *file.stack, resource, /*all_levels=*/true);
    if (!remedies.ok()) Fault(std::string(remedies.status().message()));
    if (!remedies->empty()) file.fixes.push_back({&resource, *std::move(remedies)});
  }
  return report;
}

std::string Written(const Report& report, std::string_view input) {
  const std::size_t pick = std::hash<std::string_view>()(input);
  const Format& format = Formats()[pick / 2 % Formats().size()];
  const bool terminal = pick % 2 == 0;
  std::string text = format.write(report, {.colour = terminal, .unicode = terminal, .width = terminal ? 60u : 0u});
  if (text.empty()) Fault(format.name);
  return text;
}

void ExpectAnswer(const absl::Status& status) {
  const std::string why(status.message());
  if (!status.ok() && status.code() != absl::StatusCode::kInvalidArgument && !IsRefusal(why)) Fault(why);
}

void ExpectBlame(const absl::Status& status) {
  if (!status.ok() && (status.code() != absl::StatusCode::kInvalidArgument || status.message().empty()))
    Fault("an error that blames nothing");
}

void ExpectNoneOf(std::span<const std::string> secrets, std::string_view text) {
  for (const std::string& secret : secrets) {
    ExpectNoPart(secret, text);
    // Its base64 depends on what stands before it, and at its ends on what stands around it.
    for (const char* before : {"", "a", "ab"}) {
      const std::string encoded = absl::Base64Escape(before + secret);
      ExpectNoPart(std::string_view(encoded).substr(4, encoded.size() - 8), text);
    }
  }
}

void Fault(std::string_view what) {
  std::fprintf(stderr, "fault: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace guardrails::fuzzing
