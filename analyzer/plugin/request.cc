#include "analyzer/plugin/request.h"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "analyzer/base/on_all_cores.h"
#include "analyzer/model/urn.h"
#include "analyzer/value/utf8.h"

namespace guardrails {
namespace {

// Of pulumi/analyzer.proto: AnalyzerResource, whose first six are AnalyzeRequest's too.
enum Field : std::uint32_t {
  kType = 1,
  kProperties,
  kUrn,
  kName,
  kOptions,
  kProvider,
  kParent,
  kDependencies,
  kPropertyDependencies,
};
enum OptionsField : std::uint32_t { kOptionsParent = 8 };
enum ProviderField : std::uint32_t { kProviderType = 1, kProviderProperties, kProviderUrn, kProviderName };
enum EntryField : std::uint32_t { kEntryKey = 1, kEntryValue = 2 };
enum DependenciesField : std::uint32_t { kUrns = 1 };

constexpr std::string_view kProviderPrefix = "pulumi:providers:";

absl::Status Wrong(std::string_view field, std::string_view why) {
  return absl::InvalidArgumentError(std::string(field) + ": " + std::string(why));
}

absl::Status ReadText(const WireField& field, std::string_view name, std::string_view& out) {
  if (field.type != WireType::kBytes) return Wrong(name, "it is not a string");
  if (!IsUtf8(field.bytes)) return Wrong(name, "it is not UTF-8");
  out = field.bytes;
  return absl::OkStatus();
}

// Calls `each` with every field of the message, until one is wrong.
template <class Each>
absl::Status ForEachField(std::string_view message, std::string_view name, Each each) {
  WireReader reader(message);
  for (WireField field; reader.Next(field);)
    if (const absl::Status status = each(field); !status.ok()) return status;
  return reader.malformed() ? Wrong(name, "it is malformed") : absl::OkStatus();
}

absl::Status ReadObject(const WireField& field, std::string_view name, Arena& arena, Value& out) {
  if (field.type != WireType::kBytes) return Wrong(name, "it is not a message");
  if (!out.absent()) return Wrong(name, "it is given twice");
  const absl::StatusOr<Value> value = DecodeStruct(field.bytes, arena);
  if (!value.ok()) return Wrong(name, std::string(value.status().message()));
  if (value->kind() != Kind::kObject) return Wrong(name, "it is not an object of properties");
  out = *value;
  return absl::OkStatus();
}

absl::Status ReadOptions(const WireField& options, std::string_view& parent) {
  if (options.type != WireType::kBytes) return Wrong("options", "it is not a message");
  return ForEachField(options.bytes, "options", [&parent](const WireField& field) {
    return field.number == kOptionsParent ? ReadText(field, "options.parent", parent) : absl::OkStatus();
  });
}

using Urns = absl::InlinedVector<std::string_view, 8>;

absl::Status ReadUrns(std::string_view bytes, Urns& out) {
  return ForEachField(bytes, "propertyDependencies", [&out](const WireField& field) {
    return field.number == kUrns ? ReadText(field, "propertyDependencies", out.emplace_back()) : absl::OkStatus();
  });
}

absl::Status ReadPropertyDependency(const WireField& entry, Arena& arena, PropertyDependency& out) {
  constexpr std::string_view kWhere = "propertyDependencies";
  if (entry.type != WireType::kBytes) return Wrong(kWhere, "it is not a map");
  Urns urns;
  const absl::Status status = ForEachField(entry.bytes, kWhere, [&](const WireField& field) {
    if (field.number == kEntryKey) return ReadText(field, kWhere, out.property);
    if (field.number != kEntryValue) return absl::OkStatus();
    return field.type == WireType::kBytes ? ReadUrns(field.bytes, urns) : Wrong(kWhere, "it is malformed");
  });
  out.urns = arena.Copy(std::span<const std::string_view>(urns));
  return status;
}

// Packages whose resources are components that a provider makes elsewhere: they have a provider of their own package,
// as custom resources do, but nothing in a cloud corresponds to them.
bool IsComponentPackage(std::string_view package) {
  constexpr auto kPackages = std::to_array<std::string_view>({
      "awsx", "eks", "aws-apigateway", "aws-iam", "aws-s3-replicated-bucket", "aws-static-website", "terraform-module",
  });
  return std::find(kPackages.begin(), kPackages.end(), package) != kPackages.end() ||
         package.starts_with("aws-quickstart-");
}

// Requests do not say whether a resource is custom, but those have a provider of their own package. Without any, the
// token tells: only those of real providers look like pkg:module/name:Name.
bool IsCustom(const Resource& r) {
  if (r.is_provider() || r.is_stack() || IsComponentPackage(r.package())) return false;
  if (r.provider.urn.empty() && r.provider.type.empty()) return r.type.find('/') != std::string_view::npos;
  return r.provider.type.substr(kProviderPrefix.size()) == r.package();
}

absl::Status Complete(ResourceMessage& message) {
  Resource& r = message.resource;
  if (r.type.empty()) return Wrong("type", "it is missing");
  if (r.urn.empty()) return Wrong("urn", "it is missing");
  const auto urn = ParseUrn(r.urn);
  if (!urn) return Wrong("urn", "it is not a Pulumi URN");
  if (r.name.empty()) r.name = urn->name;
  if (message.properties.absent()) message.properties = Value::Object({});
  r.custom = IsCustom(r);
  return absl::OkStatus();
}

}  // namespace

absl::Status ResourceReader::ReadProvider(std::string_view bytes, Provider& out) {
  constexpr std::size_t kMostProviders = 1000;
  if (const auto known = providers_.find(bytes); known != providers_.end()) {
    out = known->second;
    return absl::OkStatus();
  }
  Provider read;
  absl::Status status = ForEachField(bytes, "provider", [&](const WireField& field) {
    switch (field.number) {
      case kProviderType: return ReadText(field, "provider.type", read.type);
      case kProviderProperties: return ReadObject(field, "provider.properties", arena_, read.properties);
      case kProviderUrn: return ReadText(field, "provider.urn", read.urn);
      case kProviderName: return ReadText(field, "provider.name", read.name);
      default: return absl::OkStatus();
    }
  });
  // Whose type is another's would be taken for a component's, which nobody judges.
  if (status.ok() && !(read.type.empty() && read.urn.empty()) && !read.type.starts_with(kProviderPrefix))
    status = Wrong("provider.type", "it is not the type of a provider");
  out = read;
  if (status.ok() && providers_.size() < kMostProviders) providers_.emplace(bytes, read);
  return status;
}

absl::Status ResourceReader::Singular(const WireField& field, ResourceMessage& out) {
  Resource& r = out.resource;
  switch (field.number) {
    case kType: return ReadText(field, "type", r.type);
    case kUrn: return ReadText(field, "urn", r.urn);
    case kName: return ReadText(field, "name", r.name);
    case kParent: return ReadText(field, "parent", r.parent);
    case kOptions:
      if (std::exchange(options_given_, true)) return Wrong("options", "it is given twice");
      return r.parent.empty() ? ReadOptions(field, r.parent) : absl::OkStatus();
    case kProperties:
      out.properties_bytes = field.bytes;
      return ReadObject(field, "properties", arena_, out.properties);
    case kProvider:
      if (std::exchange(provider_given_, true)) return Wrong("provider", "it is given twice");
      return field.type == WireType::kBytes ? ReadProvider(field.bytes, r.provider)
                                            : Wrong("provider", "it is not a message");
    default: return absl::OkStatus();
  }
}

absl::Status ResourceReader::Fill(std::string_view message, ResourceMessage& out) {
  return ForEachField(message, "the request", [&](const WireField& field) {
    switch (field.number) {
      case kDependencies: return ReadText(field, "dependencies", dependencies_.emplace_back());
      case kPropertyDependencies:
        return ReadPropertyDependency(field, arena_, property_dependencies_.emplace_back());
      default: return Singular(field, out);
    }
  });
}

absl::StatusOr<ResourceMessage> ResourceReader::Read(std::string_view message) {
  ResourceMessage out;
  options_given_ = provider_given_ = false;
  dependencies_.clear();
  property_dependencies_.clear();
  if (const absl::Status status = Fill(message, out); !status.ok()) return status;
  if (const absl::Status status = Complete(out); !status.ok()) return status;
  out.resource.dependencies = arena_.Copy(dependencies_);
  out.resource.property_dependencies = arena_.Copy(property_dependencies_);
  return out;
}

namespace {

absl::StatusOr<std::vector<std::string_view>> ResourceMessages(std::span<const std::string_view> pieces, Arena& arena) {
  constexpr std::uint32_t kResources = 1;
  std::vector<std::string_view> out;
  PiecewiseReader reader(pieces, arena);
  for (WireField field; reader.Next(field);) {
    if (field.number != kResources) continue;
    if (field.type != WireType::kBytes) return Wrong("resources", "it is not a message");
    out.push_back(field.bytes);
  }
  if (reader.malformed()) return Wrong("resources", "it is malformed");
  return out;
}

// One thread's share of a stack: the messages from `first` on, into the resources of the same places.
absl::Status ReadShare(std::span<const std::string_view> messages, std::span<Resource> resources, std::size_t first,
                       Arena& arena) {
  ResourceReader reader(arena);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const absl::StatusOr<ResourceMessage> read = reader.Read(messages[i]);
    if (!read.ok())
      return Wrong("resources[" + std::to_string(first + i) + "]", std::string(read.status().message()));
    resources[i] = read->resource;
    resources[i].outputs = read->properties;
    resources[i].id = read->properties["id"];
  }
  return absl::OkStatus();
}

std::size_t Shares(std::size_t messages) {
  constexpr std::size_t kWorthAThread = 1000;
  return std::clamp<std::size_t>(messages / kWorthAThread, 1, Cores());
}

}  // namespace

absl::Status ReadStackRequest(std::span<const std::string_view> pieces, StackBuilder& stack) {
  const auto found = ResourceMessages(pieces, stack.arena());
  if (!found.ok()) return found.status();
  const std::span<const std::string_view> messages = *found;
  stack.resources().resize(messages.size());
  const std::span<Resource> resources = stack.resources();
  std::vector<absl::Status> outcomes(Shares(messages.size()));
  std::vector<std::shared_ptr<Arena>> arenas(outcomes.size());
  for (std::shared_ptr<Arena>& arena : arenas) stack.KeepAlive(arena = std::make_shared<Arena>());
  OnAllCores(outcomes.size(), [&](std::size_t share) {
    const std::size_t first = messages.size() * share / outcomes.size();
    const std::size_t size = messages.size() * (share + 1) / outcomes.size() - first;
    outcomes[share] = ReadShare(messages.subspan(first, size), resources.subspan(first, size), first, *arenas[share]);
  });
  for (const absl::Status& outcome : outcomes)
    if (!outcome.ok()) return outcome;
  return absl::OkStatus();
}

}  // namespace guardrails
