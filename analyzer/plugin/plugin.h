// A policy pack as a Pulumi analyzer plugin: how the engine boots it, and how it ends.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/plugin/session.h"
#include "analyzer/policy/guardrail.h"

namespace guardrails {

// True for HOST:PORT: what the engine gives as its address, and no subcommand or option is. (What only looks like one, as
// its port is none, the command line explains.)
bool LooksLikeEngineAddress(std::string_view argument);

// What the engine's arguments say of the pack.
struct PackArguments {
  std::string folder;   // where its PulumiPolicy.yaml is; empty: the engine did not say
  std::string waivers;  // of -waivers=PATH, as PulumiPolicy.yaml's runtime.options has it; empty: none
};

// Nothing unless the first of them that is no flag is the engine's address: then it is not the engine that asks. The
// arguments are those behind the program's name, as the engine writes them: flags first (--logtostderr, -v=N, --tracing
// ENDPOINT, and others, which are ignored), then its address, the pack's folder, and options as -key=value.
std::optional<PackArguments> ParsePackArguments(std::span<char* const> args);

using WaiverLoader = absl::StatusOr<std::shared_ptr<const WaiverBook>> (*)(const Pack& pack, const PackArguments& arguments);

// Serves the pack until the engine is done.
//
// Prints the port, and nothing else, on stdout. Listens on the loopback interface only. Ends the process with 0 on
// SIGINT, SIGTERM and, if stdin is a pipe or a socket, at its end (the engine is gone), at once: calls in flight are
// dropped. Returns 2, after a line on stderr, when there is no port to be had, or nobody to tell it to.
// Call it once, from the main thread, before other threads are started: it blocks those signals.
//
// `waivers` is asked whenever the engine configures the pack; its error is that of the RPC. Null: there are none.
int RunPlugin(const Pack& pack, const PackArguments& arguments, WaiverLoader waivers = nullptr);

}  // namespace guardrails
