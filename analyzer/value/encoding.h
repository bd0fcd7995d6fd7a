// Pulumi's own markers inside property values (sdk/go/common/resource/sig, plugin/rpc.go): unknown sentinels,
// and objects that carry a signature: secrets, assets, archives, resource references, output values, byte
// strings and non-finite numbers. Both edges, the wire and the JSON files, decode strings and objects here.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/value/arena.h"
#include "analyzer/value/value.h"

namespace guardrails {

inline constexpr std::string_view kSignatureKey = "4dabf18193072939515e22adb298388d";
inline constexpr std::string_view kSecretSignature = "1b47061264138c4ac30d75fd1eb44270";
inline constexpr std::string_view kAssetSignature = "c44067f5952c0a294b673a41bacd8c17";
inline constexpr std::string_view kArchiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
inline constexpr std::string_view kResourceReferenceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
inline constexpr std::string_view kOutputValueSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
inline constexpr std::string_view kByteStringSignature = "803fd3297a5875dc03ca845dda5d2a98";
inline constexpr std::string_view kFloatSignature = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c";
// What the engine sends today; the decoder takes all seven.
inline constexpr std::string_view kUnknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// True for any of the seven sentinels.
bool IsUnknownSentinel(std::string_view text);

// A string as it stands in a property: a known string, or unknown. `text` must outlive the value.
Value DecodeString(std::string_view text);

// An object as it stands in a property. Without a signature it becomes an object without its "__" keys, in which
// the members that "__defaults" names are marked as filled by the provider. With one it becomes what the
// signature says. `plaintext` parses the JSON text of a secret that `--show-secrets` wrote; null where the
// source has none. An unknown signature, or one without its fields, is InvalidArgument.
using PlaintextParser = std::function<absl::StatusOr<Value>(std::string_view json)>;
absl::StatusOr<Value> DecodeObject(Arena& arena, std::vector<Member> members, const PlaintextParser* plaintext);

// `object` with the members named in `names` marked as filled by the provider.
Value MarkDefaults(Arena& arena, const Value& object, const std::vector<std::string_view>& names);

}  // namespace guardrails
