// google.protobuf.Struct to JSON and back, for configuration and schemas.
//
// Pure and thread-safe. Recursive: the depth is limited by whoever parsed the input.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <nlohmann/json.hpp>

namespace guardrails {

// Whole numbers become integers, as the text of a configuration file would give.
nlohmann::json ToJson(const google::protobuf::Struct& object);

// `json` must be an object.
void FromJson(const nlohmann::json& json, google::protobuf::Struct& out);

}  // namespace guardrails
