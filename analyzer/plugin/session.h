// One operation of the engine, from its first call to its last: what the calls of pulumirpc.Analyzer do, without gRPC.
//
// Safe under concurrent calls. Errors are those of the RPC: InvalidArgument names the field that is wrong; Internal
// names the rule that broke and the resource.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/plugin/memory.h"
#include "analyzer/plugin/reply.h"
#include "analyzer/plugin/stack_settings.h"
#include "analyzer/policy/guardrail.h"
#include "analyzer/waive/apply.h"
#include "pulumi/analyzer.pb.h"

namespace guardrails {

// A serialized request; `bytes` live as long as `owner`.
struct RequestBytes {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
};

// The same, as it was received: in pieces that follow each other.
struct RequestPieces {
  RequestPieces(const RequestBytes& whole) : owner(whole.owner), pieces{whole.bytes} {}  // NOLINT: it is one piece
  RequestPieces(std::shared_ptr<const void> keeps, std::vector<std::string_view> parts)
      : owner(std::move(keeps)), pieces(std::move(parts)) {}
  std::shared_ptr<const void> owner;
  std::vector<std::string_view> pieces;
};

// A call from when it came until it is answered.
struct InFlight {
  std::uint64_t cancellations = 0;    // that had come before it
  std::shared_ptr<const void> spent;  // what need not be freed before the answer is sent, which of a large stack is much
};

// The waivers that hold; null: there are none.
using WaiverSource = std::function<absl::StatusOr<std::shared_ptr<const WaiverBook>>()>;

class Session {
 public:
  // Costs nothing yet: rules are made with the first Configure, or when one is first needed. `pack` must outlive the
  // session.
  Session(const Pack& pack, EnvironmentLookup environment, WaiverSource waivers = [] { return nullptr; })
      : pack_(pack), environment_(environment), waivers_(std::move(waivers)) {}

  const Pack& pack() const { return pack_; }
  void ConfigureStack(const pulumirpc::AnalyzerStackConfigureRequest& request);
  // Calls in flight go on with the configuration that they began with.
  absl::Status Configure(const pulumirpc::ConfigureAnalyzerRequest& request);

  // These take and give serialized messages: requests are read straight into the model.
  absl::StatusOr<std::string> Remediate(const RequestBytes& request);
  absl::StatusOr<std::string> Analyze(const RequestBytes& request);
  absl::StatusOr<std::string> AnalyzeStack(const RequestPieces& request, InFlight& call);
  absl::StatusOr<std::string> AnalyzeStack(const RequestPieces& request);  // that came just now

  // Of a call that has just come.
  InFlight Begin() const { return {cancellations_.load(), nullptr}; }

  // Calls of AnalyzeStack in flight, waiting ones among them, end with Cancelled as soon as they can.
  void Cancel() { cancellations_.fetch_add(1); }

 private:
  using SharedSettings = std::shared_ptr<const StackSettings>;
  using SharedReplies = std::shared_ptr<const Replies>;

  absl::StatusOr<SharedReplies> MakeReplies(const PackSettings& settings) const;
  // Applies the configured waivers; the states so far, those of these results among them.
  WaiverStates Waive(const Replies& replies, const Stack& stack, Results& results);

  struct Bag;
  struct Alone;

  absl::StatusOr<SharedSettings> Settings();
  absl::StatusOr<SharedReplies> Configured();
  absl::Status Describe(std::string_view urn, StackBuilder& stack);
  static absl::StatusOr<std::shared_ptr<Bag>> ReadBag(const RequestBytes& request);
  // With a memory, the inputs are marked as it remembers them: only Remediate's requests say it themselves.
  absl::StatusOr<Alone> ReadAlone(const RequestBytes& request, const Memory* memory);

  const Pack& pack_;
  const EnvironmentLookup environment_;
  const WaiverSource waivers_;
  std::atomic<std::uint64_t> cancellations_ = 0;
  Memory memory_;
  std::mutex mutex_;            // guards those below
  SharedSettings settings_;     // null until known
  SharedReplies replies_;       // null until the rules are made
  WaiverStates waiver_states_;  // what the calls so far made of the waivers
};

}  // namespace guardrails
