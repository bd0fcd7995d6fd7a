// A stack in the one form that the engine and `check` are both given.
//
// The plain resource list of the command line, written out as the engine would hold it:
//   {"project", "stack", "config": {key: text}, "outputs",
//    "resources": [{"urn", "type", "name", "custom", "parent", "provider": URN, "inputs", "outputs", "dependencies",
//                   "propertyDependencies"}]}
// with the stack itself and every provider among the resources, edges only to what is there, `id` among the outputs,
// and outputs of secret inputs secret. What the protocol cannot say is left out or replaced: resources that are only
// read, withheld secrets (the wire has their values), and settings that are secret.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace fastcart::testing {

nlohmann::json Normal(nlohmann::json list);

nlohmann::json Secret(nlohmann::json value);
bool IsSecret(const nlohmann::json& value);
// Whether one of Pulumi's unknown values stands anywhere in it.
bool HasUnknown(const nlohmann::json& value);

}  // namespace fastcart::testing
