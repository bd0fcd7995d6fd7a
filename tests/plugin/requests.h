// Requests as the engine makes them, in a few lines.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "analyzer/model/urn.h"
#include "analyzer/plugin/session.h"
#include "analyzer/plugin/struct_json.h"
#include "pulumi/analyzer.pb.h"

namespace guardrails::testing {

inline std::string UrnOf(std::string_view type, std::string_view name) {
  return MakeUrn("dev", "shop", "", type, name);
}

inline google::protobuf::Struct ToStruct(const nlohmann::json& json) {
  google::protobuf::Struct out;
  FromJson(json, out);
  return out;
}

inline nlohmann::json Secret(const nlohmann::json& value) {
  return {{"4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"}, {"value", value}};
}
inline constexpr const char* kUnknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// An AnalyzeRequest or an AnalyzerResource with the provider that the engine would name.
template <class Message>
Message Describe(std::string_view type, std::string_view name, const nlohmann::json& properties) {
  Message out;
  out.set_type(std::string(type));
  out.set_name(std::string(name));
  out.set_urn(UrnOf(type, name));
  *out.mutable_properties() = ToStruct(properties);
  out.mutable_provider()->set_type("pulumi:providers:" + std::string(type.substr(0, type.find(':'))));
  out.mutable_provider()->set_urn(UrnOf(out.provider().type(), "default"));
  out.mutable_provider()->set_name("default");
  return out;
}

inline pulumirpc::AnalyzeRequest Inputs(std::string_view type, std::string_view name, const nlohmann::json& inputs) {
  return Describe<pulumirpc::AnalyzeRequest>(type, name, inputs);
}
inline pulumirpc::AnalyzerResource Outputs(std::string_view type, std::string_view name,
                                           const nlohmann::json& outputs) {
  return Describe<pulumirpc::AnalyzerResource>(type, name, outputs);
}

// The bytes of a message, as a raw method takes them.
inline RequestBytes Bytes(std::string bytes) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  const std::string_view view = *owner;
  return {std::move(owner), view};
}
inline RequestBytes Bytes(const google::protobuf::Message& message) { return Bytes(message.SerializeAsString()); }

}  // namespace guardrails::testing
