// The engine's requests about resources, from their bytes to the model.
//
// AnalyzeRequest and AnalyzerResource have the same first fields, so one reader serves both. Everything read is a view
// into the message or lies in the arena. Errors are InvalidArgument and name the field.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/model/resource.h"
#include "analyzer/model/stack.h"
#include "analyzer/plugin/wire.h"
#include "analyzer/value/arena.h"

namespace guardrails {

struct ResourceMessage {
  Resource resource;                 // without inputs, outputs and id
  Value properties;                  // an object: the inputs of Analyze and Remediate, the outputs of AnalyzeStack
  std::string_view properties_bytes;  // as they came
};

// Reads many resources of one sender; what neighbours have in common is decoded once. Not thread-safe.
class ResourceReader {
 public:
  explicit ResourceReader(Arena& arena) : arena_(arena) {}

  // `message` is an AnalyzeRequest or an AnalyzerResource.
  absl::StatusOr<ResourceMessage> Read(std::string_view message);

 private:
  absl::Status Fill(std::string_view message, ResourceMessage& out);
  absl::Status Singular(const WireField& field, ResourceMessage& out);
  absl::Status ReadProvider(std::string_view bytes, Provider& out);

  Arena& arena_;
  // By their bytes: the order of a map's entries differs from message to message.
  absl::flat_hash_map<std::string_view, Provider> providers_;
  // Of the message at hand.
  bool options_given_ = false, provider_given_ = false;
  std::vector<std::string_view> dependencies_;
  std::vector<PropertyDependency> property_dependencies_;
};

// Adds the resources of an AnalyzeStackRequest, with their outputs and ids, to `stack`, which keeps views of `pieces`:
// the message, in parts that follow each other. Uses several threads where there is enough to read. An error names the
// resource by its place: "resources[3]: urn: …".
absl::Status ReadStackRequest(std::span<const std::string_view> pieces, StackBuilder& stack);

}  // namespace guardrails
