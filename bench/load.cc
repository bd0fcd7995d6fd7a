// Boots an analyzer as the engine does, sends it a stack, and tells as JSON what that took and what it said.
//
//   bench-load [--calls N] [--dry-run] RESOURCES.ndjson COMMAND [ARG…]
//
// {engine} among the arguments stands for the engine's address. Remediate and Analyze are called for each of the first
// N resources (default: for all), one at a time, AnalyzeStack once for all. Messages are made before the clock runs.
// Times are medians, in the units of their names.
#include <fcntl.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "analyzer/plugin/struct_json.h"
#include "pulumi/analyzer.grpc.pb.h"

namespace {

using guardrails::FromJson;
using nlohmann::json;
using Clock = std::chrono::steady_clock;
using std::chrono::duration;

constexpr int kLargestMessage = 400 * 1024 * 1024;  // as the engine and the SDKs have it
constexpr std::chrono::minutes kLongestCall(4);

double Milliseconds(Clock::duration time) { return duration<double, std::milli>(time).count(); }

// Messages, as they go over the wire.
struct Load {
  std::vector<std::string> urns;  // of those below
  std::vector<grpc::ByteBuffer> remediate, analyze;
  grpc::ByteBuffer stack;
  std::size_t resources = 0;
};

grpc::ByteBuffer Buffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

// The provider's own bookkeeping, which Remediate brings along and Analyze does not.
json WithoutDefaults(const json& value) {
  json out = value;
  if (out.is_object()) out.erase("__defaults");
  for (json& member : out)
    if (member.is_structured()) member = WithoutDefaults(member);
  return out;
}

template <class Message>
Message Named(const json& resource) {
  Message out;
  out.set_urn(resource.at("urn").get<std::string>());
  out.set_type(resource.at("type").get<std::string>());
  out.set_name(resource.at("name").get<std::string>());
  out.mutable_options();  // the engine always sends them, and the SDKs insist
  if (const auto provider = resource.find("provider"); provider != resource.end()) {
    out.mutable_provider()->set_urn(provider->at("urn").template get<std::string>());
    out.mutable_provider()->set_type(provider->at("type").template get<std::string>());
    out.mutable_provider()->set_name(provider->at("name").template get<std::string>());
    FromJson(provider->at("properties"), *out.mutable_provider()->mutable_properties());
  }
  return out;
}

pulumirpc::AnalyzerResource Result(const json& resource) {
  auto out = Named<pulumirpc::AnalyzerResource>(resource);
  FromJson(resource.value("outputs", json::object()), *out.mutable_properties());
  out.set_parent(resource.value("parent", ""));
  for (const json& urn : resource.value("dependencies", json::array())) out.add_dependencies(urn.get<std::string>());
  const json edges = resource.value("propertyDependencies", json::object());
  for (const auto& [property, urns] : edges.items())
    for (const json& urn : urns) (*out.mutable_propertydependencies())[property].add_urns(urn.get<std::string>());
  return out;
}

void AddCalls(const json& resource, Load& load) {
  auto request = Named<pulumirpc::AnalyzeRequest>(resource);
  const json inputs = resource.value("inputs", json::object());
  FromJson(inputs, *request.mutable_properties());
  load.remediate.push_back(Buffer(request.SerializeAsString()));
  load.urns.push_back(request.urn());
  request.clear_properties();
  FromJson(WithoutDefaults(inputs), *request.mutable_properties());
  load.analyze.push_back(Buffer(request.SerializeAsString()));
}

std::string StackMessage(const char* path) {
  std::string bytes;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    pulumirpc::AnalyzeStackRequest one;  // messages in a row are one message
    *one.add_resources() = Result(json::parse(line));
    one.AppendToString(&bytes);
  }
  return bytes;
}

// The message is kept beside the file: to make one of 100,000 resources takes longer than to judge them.
grpc::ByteBuffer KeptStackMessage(const char* path) {
  const std::string kept = std::string(path) + ".stack";
  if (!std::filesystem::exists(kept)) {
    const std::string bytes = StackMessage(path), unfinished = kept + "." + std::to_string(getpid());
    std::ofstream(unfinished, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    std::filesystem::rename(unfinished, kept);
  }
  std::string bytes(std::filesystem::file_size(kept), '\0');
  std::ifstream(kept, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return Buffer(bytes);
}

Load Read(const char* path, std::size_t calls) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string(path) + " cannot be read");
  Load load;
  for (std::string line; std::getline(file, line); ++load.resources)
    if (load.analyze.size() < calls) AddCalls(json::parse(line), load);
  load.stack = KeptStackMessage(path);
  return load;
}

// What the SDKs' packs call back: it is there, and implements nothing.
class Engine {
 public:
  Engine() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterCallbackGenericService(&nothing_);
    server_ = builder.BuildAndStart();
    if (!server_) throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  std::string Address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  grpc::CallbackGenericService nothing_;
  std::unique_ptr<grpc::Server> server_;
};

// The analyzer's process.
class Analyzer {
 public:
  explicit Analyzer(char** command) {
    std::array<int, 2> in{}, out{};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
    const int failed = posix_spawnp(&pid_, command[0], &files, nullptr, command, environ);
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    stdin_ = in[1];
    stdout_ = out[0];
    if (failed != 0) throw std::runtime_error(std::string(command[0]) + " cannot be started");
  }
  Analyzer(const Analyzer&) = delete;
  Analyzer& operator=(const Analyzer&) = delete;
  ~Analyzer() { End(); }

  // The line that tells the port.
  std::string Port() const {
    std::string line;
    for (char c = 0; read(stdout_, &c, 1) == 1 && c != '\n';) line += c;
    if (line.empty()) throw std::runtime_error("the analyzer told no port");
    return line;
  }

  long PeakKib() const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
    return 0;
  }

  // As the engine ends it: SIGINT, and SIGKILL where that does not suffice.
  void End() {
    if (pid_ == 0) return;
    kill(pid_, SIGINT);
    const auto latest = Clock::now() + std::chrono::seconds(5);
    while (waitpid(pid_, nullptr, WNOHANG) == 0) {
      if (Clock::now() > latest) kill(pid_, SIGKILL);
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    pid_ = 0;
    close(stdin_);
    close(stdout_);
  }

 private:
  pid_t pid_ = 0;
  int stdin_ = -1, stdout_ = -1;
};

// Calls with messages that are already made.
class Caller {
 public:
  explicit Caller(const std::string& port) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kLargestMessage);
    arguments.SetMaxSendMessageSize(kLargestMessage);
    channel_ = grpc::CreateCustomChannel("127.0.0.1:" + port, grpc::InsecureChannelCredentials(), arguments);
    generic_ = std::make_unique<grpc::GenericStub>(channel_);
  }

  std::unique_ptr<pulumirpc::Analyzer::Stub> Stub() const { return pulumirpc::Analyzer::NewStub(channel_); }

  template <class Response>
  Response Call(const std::string& method, const grpc::ByteBuffer& request, Clock::duration& took) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kLongestCall);
    grpc::ByteBuffer bytes;
    grpc::Status status;
    void* tag = nullptr;
    bool ok = false;
    const auto began = Clock::now();
    const auto call = generic_->PrepareUnaryCall(&context, "/pulumirpc.Analyzer/" + method, request, &queue_);
    call->StartCall();
    call->Finish(&bytes, &status, this);
    queue_.Next(&tag, &ok);
    took = Clock::now() - began;
    if (!status.ok()) throw std::runtime_error(method + ": " + status.error_message());
    Response response;
    if (!grpc::SerializationTraits<Response>::Deserialize(&bytes, &response).ok())
      throw std::runtime_error(method + ": the answer is none");
    return response;
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<grpc::GenericStub> generic_;
  grpc::CompletionQueue queue_;
};

void Introduce(const Caller& caller, bool dry_run) {
  const auto stub = caller.Stub();
  const auto call = [](const char* name, const auto& make) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + kLongestCall);
    const grpc::Status status = make(&context);
    if (!status.ok() && status.error_code() != grpc::StatusCode::UNIMPLEMENTED)
      throw std::runtime_error(std::string(name) + ": " + status.error_message());
  };
  pulumirpc::AnalyzerHandshakeResponse hello;
  pulumirpc::AnalyzerStackConfigureRequest stack;
  pulumirpc::AnalyzerStackConfigureResponse configured;
  pulumirpc::AnalyzerInfo info;
  stack.set_stack("dev");
  stack.set_project("fastcart");
  stack.set_dry_run(dry_run);
  call("Handshake", [&](auto* context) { return stub->Handshake(context, {}, &hello); });
  call("ConfigureStack", [&](auto* context) { return stub->ConfigureStack(context, stack, &configured); });
  call("GetAnalyzerInfo", [&](auto* context) { return stub->GetAnalyzerInfo(context, {}, &info); });
}

double MedianMicroseconds(std::vector<Clock::duration> times) {
  if (times.empty()) return 0;
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return duration<double, std::micro>(*middle).count();
}

// `urn`: of the resource that was asked about, which analyzers need not repeat.
void AddDiagnostics(const pulumirpc::AnalyzeResponse& response, const std::string& urn, json& out) {
  for (const auto& diagnostic : response.diagnostics()) {
    if (diagnostic.enforcementlevel() == pulumirpc::ADVISORY) {
      out["advisories"] = out["advisories"].get<int>() + 1;
    } else {
      const std::string& at = diagnostic.urn().empty() ? urn : diagnostic.urn();
      out["violations"].push_back({{"policy", diagnostic.policyname()}, {"urn", at}});
    }
  }
}

json Measure(const Load& load, bool dry_run, std::span<char*> command) {
  const Engine engine;
  std::string address = engine.Address();
  std::vector<char*> arguments;
  for (char* argument : command)
    arguments.push_back(std::string_view(argument) == "{engine}" ? address.data() : argument);
  arguments.push_back(nullptr);
  const auto began = Clock::now();
  Analyzer analyzer(arguments.data());
  Caller caller(analyzer.Port());
  Introduce(caller, dry_run);
  json out = {{"resources", load.resources}, {"cold_ms", Milliseconds(Clock::now() - began)},
              {"boot_kib", analyzer.PeakKib()}, {"violations", json::array()}, {"advisories", 0}};
  std::vector<Clock::duration> remediate(load.remediate.size()), analyze(load.analyze.size());
  for (std::size_t i = 0; i < load.analyze.size(); ++i) {
    caller.Call<pulumirpc::RemediateResponse>("Remediate", load.remediate[i], remediate[i]);
    AddDiagnostics(caller.Call<pulumirpc::AnalyzeResponse>("Analyze", load.analyze[i], analyze[i]), load.urns[i], out);
  }
  Clock::duration stack{};
  AddDiagnostics(caller.Call<pulumirpc::AnalyzeResponse>("AnalyzeStack", load.stack, stack), "", out);
  out["remediate_us"] = MedianMicroseconds(std::move(remediate));
  out["analyze_us"] = MedianMicroseconds(std::move(analyze));
  out["stack_ms"] = Milliseconds(stack);
  out["stack_bytes"] = load.stack.Length();
  out["peak_kib"] = analyzer.PeakKib();
  const auto ending = Clock::now();
  analyzer.End();
  out["end_ms"] = Milliseconds(Clock::now() - ending);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t calls = ~std::size_t{0};
  bool dry_run = false;
  int at = 1;
  for (; at < argc && std::string_view(argv[at]).starts_with("--"); ++at) {
    if (std::string_view(argv[at]) == "--dry-run") dry_run = true;
    if (std::string_view(argv[at]) == "--calls" && at + 1 < argc) calls = std::stoul(argv[++at]);
  }
  if (argc - at < 2) return 2;
  signal(SIGPIPE, SIG_IGN);
  try {
    const Load load = Read(argv[at], calls);
    const auto command = std::span(argv, static_cast<std::size_t>(argc)).subspan(static_cast<std::size_t>(at) + 1);
    std::cout << Measure(load, dry_run, command).dump() << std::endl;
  } catch (const std::exception& e) {
    std::cerr << "bench-load: " << e.what() << std::endl;
    return 1;
  }
}
