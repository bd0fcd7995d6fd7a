#include "analyzer/plugin/session.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analyzer/model/urn.h"
#include "analyzer/plugin/request.h"
#include "analyzer/plugin/rewrite.h"
#include "analyzer/plugin/struct_json.h"
#include "analyzer/policy/config.h"
#include "analyzer/value/encoding.h"

namespace guardrails {

// The inputs of one resource, owned together with the message that they are views of.
struct Session::Bag {
  explicit Bag(RequestBytes from) : message(std::move(from)) {}
  RequestBytes message;
  Arena arena;
  ResourceMessage resource;
};

// A resource as a stack of its own, and who judges it.
struct Session::Alone {
  std::shared_ptr<Bag> bag;
  SharedReplies replies;
  std::unique_ptr<const Stack> stack;

  const Resource& resource() const { return stack->resources().front(); }
  const ConfiguredPack& pack() const { return replies->pack(); }
};

namespace {

absl::StatusOr<PackSettings> ReadSettings(const pulumirpc::ConfigureAnalyzerRequest& request) {
  PackSettings out;
  for (const auto& [name, config] : request.policyconfig()) {
    if (!pulumirpc::EnforcementLevel_IsValid(config.enforcementlevel()))
      return absl::InvalidArgumentError("policyConfig[" + name + "].enforcementLevel: there is no level " +
                                        std::to_string(static_cast<int>(config.enforcementlevel())));
    out[name] = {static_cast<Level>(config.enforcementlevel()), ToJson(config.properties())};
  }
  return out;
}

// What the rules could not decide, each with what it did say.
std::vector<Deferred> ToDefer(const ConfiguredPack& pack, const Results& results) {
  std::map<const Guardrail*, std::set<std::string>> said;
  std::set<const Guardrail*> undecided;
  for (const Finding& f : results.findings) {
    if (f.verdict == Verdict::kUndecided) undecided.insert(f.guardrail);
    if (f.verdict == Verdict::kViolation || f.verdict == Verdict::kNote) said[f.guardrail].insert(Message(f).str());
  }
  std::vector<Deferred> out;
  if (undecided.empty()) return out;
  for (const Outcome& o : results.outcomes) {
    const Guardrail* guardrail = pack.rules()[o.rule].guardrail;
    if (o.resource && undecided.contains(guardrail))
      out.push_back({std::string(o.resource->urn), o.rule, said[guardrail]});
  }
  return out;
}

std::vector<std::string> DefaultedMembers(const Value& object) {
  std::vector<std::string> out;
  for (const Member& member : object.members())
    if (member.value.defaulted()) out.emplace_back(member.key);
  return out;
}

// The changes of one rule, applied one after another to what the rules before it left. Nothing if none had an effect.
bool Apply(const RemedyOf& remedy, google::protobuf::Struct& properties, std::vector<std::string>& defaults,
           pulumirpc::Remediation& out) {
  std::string words;
  for (const Change& change : remedy.remedy.changes()) {
    if (!ApplyChange(change, properties)) continue;
    std::erase(defaults, change.path.root());
    words += (words.empty() ? "" : "; ") + Text::Where(change.path).str() + ": " + change.why.str();
  }
  if (words.empty()) return false;
  out.set_description(words);
  *out.mutable_properties() = properties;
  return true;
}

}  // namespace

void Session::ConfigureStack(const pulumirpc::AnalyzerStackConfigureRequest& request) {
  auto settings = std::make_shared<const StackSettings>(SettingsOf(request));
  const std::lock_guard lock(mutex_);
  settings_ = std::move(settings);
}

absl::Status Session::Configure(const pulumirpc::ConfigureAnalyzerRequest& request) {
  const auto settings = ReadSettings(request);
  if (!settings.ok()) return settings.status();
  auto replies = MakeReplies(*settings);
  if (!replies.ok()) return replies.status();
  const std::lock_guard lock(mutex_);
  replies_ = *std::move(replies);
  waiver_states_.clear();
  return absl::OkStatus();
}

absl::StatusOr<Session::SharedReplies> Session::MakeReplies(const PackSettings& settings) const {
  auto configured = ConfiguredPack::Make(pack_, settings);
  if (!configured.ok()) return configured.status();
  auto waivers = waivers_();
  if (!waivers.ok()) return waivers.status();
  return std::make_shared<const Replies>(*std::move(configured), *std::move(waivers));
}

absl::StatusOr<Session::SharedSettings> Session::Settings() {
  const std::lock_guard lock(mutex_);
  if (settings_) return settings_;
  auto settings = SettingsFromEnvironment(environment_);
  if (!settings.ok()) return settings.status();
  return settings_ = std::make_shared<const StackSettings>(*std::move(settings));
}

absl::StatusOr<Session::SharedReplies> Session::Configured() {
  const std::lock_guard lock(mutex_);
  if (replies_) return replies_;
  auto replies = MakeReplies({});
  if (!replies.ok()) return replies.status();
  return replies_ = *std::move(replies);
}

WaiverStates Session::Waive(const Replies& replies, const Stack& stack, Results& results) {
  if (!replies.waivers()) return {};
  const WaiverStates states = ApplyWaivers(*replies.waivers(), replies.pack(), stack, {}, results);
  const std::lock_guard lock(mutex_);
  if (replies_.get() != &replies) return states;  // configured anew meanwhile: these are of other waivers
  MergeStates(waiver_states_, states);
  return waiver_states_;
}

// The facts of the stack, completed by what a URN says where nothing else did.
absl::Status Session::Describe(std::string_view urn, StackBuilder& stack) {
  const auto settings = Settings();
  if (!settings.ok()) return settings.status();
  StackFacts& facts = stack.facts();
  (*settings)->Describe(facts);
  stack.KeepAlive(*settings);
  const auto parts = ParseUrn(urn);
  if (!parts) return absl::OkStatus();
  if (facts.name.empty()) facts.name = parts->stack;
  if (facts.project.empty()) facts.project = parts->project;
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<Session::Bag>> Session::ReadBag(const RequestBytes& request) {
  auto bag = std::make_shared<Bag>(request);
  auto resource = ResourceReader(bag->arena).Read(request.bytes);
  if (!resource.ok()) return resource.status();
  bag->resource = *resource;
  return bag;
}

absl::StatusOr<Session::Alone> Session::ReadAlone(const RequestBytes& request, const Memory* memory) {
  auto bag = ReadBag(request);
  if (!bag.ok()) return bag.status();
  auto replies = Configured();
  if (!replies.ok()) return replies.status();
  StackBuilder builder;
  Resource& resource = builder.Add();
  resource = (*bag)->resource.resource;
  const std::vector<std::string> defaults = memory ? memory->Defaults(resource.urn) : std::vector<std::string>();
  resource.inputs = MarkDefaults((*bag)->arena, (*bag)->resource.properties, {defaults.begin(), defaults.end()});
  if (const absl::Status status = Describe(resource.urn, builder); !status.ok()) return status;
  builder.facts().alone = true;
  builder.facts().has_edges = false;
  builder.KeepAlive(*bag);
  return Alone{*std::move(bag), *std::move(replies), builder.Build()};
}

absl::StatusOr<std::string> Session::Remediate(const RequestBytes& request) {
  const auto alone = ReadAlone(request, nullptr);
  if (!alone.ok()) return alone.status();
  const auto remedies = Remedies(alone->pack(), *alone->stack, alone->resource(), /*all_levels=*/false);
  if (!remedies.ok()) return remedies.status();
  google::protobuf::Struct properties;
  const std::string_view raw = alone->bag->resource.properties_bytes;
  if (!remedies->empty() && !properties.ParseFromArray(raw.data(), static_cast<int>(raw.size())))
    return absl::InvalidArgumentError("properties: it is not a google.protobuf.Struct");

  std::vector<std::string> defaults = DefaultedMembers(alone->resource().inputs);
  pulumirpc::RemediateResponse response;
  for (const RemedyOf& remedy : *remedies) {
    pulumirpc::Remediation one = alone->replies->Remediation(remedy);
    if (Apply(remedy, properties, defaults, one)) *response.add_remediations() = std::move(one);
  }
  memory_.RememberDefaults(alone->resource().urn, std::move(defaults));
  return response.SerializeAsString() + alone->replies->NotRemediating(alone->resource());
}

absl::StatusOr<std::string> Session::Analyze(const RequestBytes& request) {
  const auto alone = ReadAlone(request, &memory_);
  if (!alone.ok()) return alone.status();
  const Resource& resource = alone->resource();
  Results results = EvaluateResource(alone->pack(), *alone->stack, resource);
  memory_.RememberInputs(resource.urn, {alone->bag, resource.inputs}, ToDefer(alone->pack(), results));
  Waive(*alone->replies, *alone->stack, results);
  return alone->replies->Analyze(results);
}

absl::StatusOr<std::string> Session::AnalyzeStack(const RequestPieces& request) {
  InFlight call = Begin();
  return AnalyzeStack(request, call);
}

absl::StatusOr<std::string> Session::AnalyzeStack(const RequestPieces& request, InFlight& call) {
  const auto cancelled = [&] { return cancellations_.load() != call.cancellations; };
  const auto replies = Configured();
  if (!replies.ok()) return replies.status();
  StackBuilder builder;
  builder.KeepAlive(request.owner);
  if (const absl::Status status = ReadStackRequest(request.pieces, builder); !status.ok()) return status;
  memory_.GiveInputs(builder);
  const std::string_view urn = builder.resources().empty() ? std::string_view() : builder.resources().front().urn;
  if (const absl::Status status = Describe(urn, builder); !status.ok()) return status;
  const std::shared_ptr<const Stack> stack = builder.Build();
  call.spent = stack;

  if (cancelled()) return absl::CancelledError("the operation was cancelled");
  Results results = EvaluateStackPass((*replies)->pack(), *stack, memory_.AllDeferred());
  if (cancelled()) return absl::CancelledError("the operation was cancelled");
  const WaiverStates waivers = Waive(**replies, *stack, results);
  return (*replies)->AnalyzeStack(results, waivers);
}

}  // namespace guardrails
