#include "tests/random/programs.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <future>

#include "tests/cli/program.h"
#include "tests/plugin/process.h"

namespace fastcart::testing {
namespace {

using nlohmann::json;

// gRPC would otherwise wait at each fork until its threads are idle.
[[maybe_unused]] const int kForksFreely = setenv("GRPC_ENABLE_FORK_SUPPORT", "0", 1);

class BootedPlugin final : public Plugin {
 public:
  BootedPlugin() : process_({BINARY_DIR "/fastcart-guardrails", "127.0.0.1:1"}), stub_(Connect(process_.ReadLine())) {}

  ~BootedPlugin() override {
    process_.Signal(SIGINT);
    EXPECT_EQ(process_.Wait(), 0);
    EXPECT_EQ(process_.ReadErrors(), "");
  }

  absl::StatusOr<std::string> Call(std::string_view method, const std::string& request) override {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    const grpc::Slice bytes(request);
    const grpc::ByteBuffer message(&bytes, 1);
    grpc::ByteBuffer reply;
    std::promise<grpc::Status> ended;
    stub_.UnaryCall(&context, "/pulumirpc.Analyzer/" + std::string(method), {}, &message, &reply,
                    [&](const grpc::Status& status) { ended.set_value(status); });
    const grpc::Status status = ended.get_future().get();
    if (!status.ok()) return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
    grpc::Slice whole;
    if (!reply.DumpToSingleSlice(&whole).ok()) return absl::InternalError("the reply cannot be read");
    return std::string(reinterpret_cast<const char*>(whole.begin()), whole.size());
  }

 private:
  static std::shared_ptr<grpc::Channel> Connect(const std::string& port) {
    return grpc::CreateChannel("127.0.0.1:" + port, grpc::InsecureChannelCredentials());
  }

  guardrails::testing::Process process_;
  grpc::GenericStub stub_;
};

}  // namespace

std::unique_ptr<Plugin> Boot() { return std::make_unique<BootedPlugin>(); }

Checked Check(const std::vector<json>& lists, const json& config) {
  const guardrails::testing::Folder folder;
  std::vector<std::string> files;
  for (const json& list : lists)
    files.push_back(folder.Write(std::to_string(files.size()) + ".json", list.dump()));
  std::vector<std::string> args = {"check", "--format", "json", "--input", "resources",
                                   "--policy-config", folder.Write("config", config.dump())};
  args.insert(args.end(), files.begin(), files.end());
  const auto ended = guardrails::testing::RunProgram(args);
  // Where the configuration is refused there is no report.
  return {SaidOf(ended.out.empty() ? json::object() : json::parse(ended.out), files), ended.err};
}

}  // namespace fastcart::testing
