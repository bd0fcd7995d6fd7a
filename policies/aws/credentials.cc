#include "policies/aws/credentials.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "analyzer/model/references.h"
#include "analyzer/policy/json_document.h"
#include "policies/aws/dependencies.h"
#include "policies/aws/kms_keys.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {
namespace {

using namespace guardrails;
using nlohmann::json;

struct DatabaseType {
  std::string_view type;
  std::array<std::string_view, 2> passwords;  // the usual way first
  std::string_view write_only_version, key;
  std::array<std::string_view, 4> sources, restores;  // of a replica, of a copy
};

constexpr std::string_view kKey = "masterUserSecretKmsKeyId";
constexpr auto kDatabases = std::to_array<DatabaseType>({
    {"aws-native:rds:DbCluster", {"masterUserPassword"}, {}, {},
     {"replicationSourceIdentifier"},
     {"snapshotIdentifier", "sourceDbClusterIdentifier", "sourceDbClusterResourceId"}},
    {"aws-native:rds:DbInstance", {"masterUserPassword"}, {}, {},
     {"sourceDbInstanceIdentifier", "sourceDbClusterIdentifier", "dbClusterIdentifier"},
     {"dbSnapshotIdentifier", "dbClusterSnapshotIdentifier", "sourceDbInstanceAutomatedBackupsArn", "sourceDbiResourceId"}},
    {"aws:rds/cluster:Cluster", {"masterPassword", "masterPasswordWo"}, "masterPasswordWoVersion", kKey,
     {"replicationSourceIdentifier"}, {"snapshotIdentifier", "restoreToPointInTime"}},
    {"aws:rds/instance:Instance", {"password", "passwordWo"}, "passwordWoVersion", kKey, {"replicateSourceDb"},
     {"snapshotIdentifier", "restoreToPointInTime"}},
});

const DatabaseType& TypeOf(const Resource& database) {
  return *std::find_if(kDatabases.begin(), kDatabases.end(), [&](const auto& t) { return t.type == database.type; });
}

// The inputs that hold a secret's text.
constexpr std::array<std::string_view, 3> kTexts = {"secretString", "secretStringWo", "secretBinary"};
constexpr std::array<std::string_view, 2> kVersionTypes = {"aws:secretsmanager/secretVersion:SecretVersion",
                                                           "aws-native:secretsmanager:Secret"};

bool IsDatabase(const Resource& r) {
  return std::any_of(kDatabases.begin(), kDatabases.end(), [&r](const auto& t) { return t.type == r.type; });
}

bool IsOfRds(const Resource& r) { return r.type.starts_with("aws:rds/") || r.type.starts_with("aws-native:rds:"); }

// A text and every text in it, as far down as credentials go.
void Collect(const json& part, int depth, std::vector<std::string>& out) {
  if (part.is_string()) out.push_back(part);
  if (part.is_structured() && depth > 0)
    for (const json& inner : part) Collect(inner, depth - 1, out);
}

// The texts in a secret's text, itself among them.
std::vector<std::string> PartsOf(std::string_view text) {
  constexpr int kDepth = 3;
  if (text.empty()) return {};
  std::vector<std::string> out = {std::string(text)};
  const json document = ParseJsonDocument(text).value;
  if (!document.is_discarded()) Collect(document, kDepth, out);
  std::erase(out, "");
  return out;
}

// What a version's property holds in clear, as far as it is known.
std::string ClearText(const Property& at) {
  const std::string_view text = at.value().raw_string();
  std::string out;
  const bool binary = at.path().root() == "secretBinary";
  if (binary && absl::Base64Unescape({text.data(), text.size()}, &out)) return out;
  return std::string(text);
}

// The outputs of one stack reference need have nothing to do with each other.
bool TellsOne(const Stack& stack, std::string_view urn) {
  const Resource* r = stack.Find(urn);
  return r == nullptr || r->type != "pulumi:pulumi:StackReference";
}

// Where a version's secret is named; the version itself where the secret has its text in it.
const Resource* SecretOf(const Stack& stack, const Resource& version) {
  if (version.type != kVersionTypes[0]) return &version;
  const Property id = version["secretId"];
  const Reference to = ResolveOne(stack, version, id, kSecrets);
  return to.state == Reference::State::kOutside ? ReadBy(stack, version, id, kSecrets) : to.resource;
}

// Whether a key of the customer encrypts a secret, also one that is only read, if the source shows what was read.
Certainty HasCustomerKey(const Stack& stack, const Resource* secret) {
  if (secret == nullptr) return Certainty::kUnknown;
  if (!secret->external) return IsCustomerKey(stack, *secret, (*secret)["kmsKeyId"]);
  const Property key = secret->Result("kmsKeyId");
  return key.absent() ? Certainty::kUnknown : IsCustomerKey(stack, *secret, key);
}

}  // namespace

std::vector<std::string_view> DatabaseTypes() {
  std::vector<std::string_view> out;
  out.reserve(kDatabases.size());
  for (const DatabaseType& t : kDatabases) out.push_back(t.type);
  return out;
}

Certainty IsCustomerKey(const Stack& stack, const Resource& resource, const Property& key) {
  using State = KeyReference::State;
  // A literal is a key of the stack or one outside, whichever of them: a customer's.
  const bool named = key.value().known() && !stack.facts().alone;
  switch (ResolveKey(stack, resource, Asked(stack, resource, key)).state) {
    case State::kStackKey:
    case State::kOutside: return Certainty::kYes;
    case State::kUnknown: return named ? Certainty::kYes : Certainty::kUnknown;
    case State::kAbsent:
    case State::kAwsManaged:
    case State::kMistyped: break;
  }
  return Certainty::kNo;
}

MasterPassword PasswordOf(const Stack& stack, const Resource& database) {
  const DatabaseType& type = TypeOf(database);
  const auto asked = [&](std::string_view name) { return Asked(stack, database, name); };
  const auto any = [&](const auto& names) {
    return std::any_of(names.begin(), names.end(), [&](auto name) { return !name.empty() && !IsBlank(asked(name)); });
  };
  Property password = asked(type.passwords[0]);
  if (IsBlank(password) && !type.passwords[1].empty() && !IsBlank(asked(type.passwords[1])))
    password = asked(type.passwords[1]);
  Property key = type.key.empty() ? asked("masterUserSecret")["kmsKeyId"] : asked(type.key);
  const bool wrote = !type.write_only_version.empty() && !asked(type.write_only_version).absent();
  // The first cluster of a global database has a password, the others have that one's.
  const bool is_secondary = !IsBlank(asked("globalClusterIdentifier"));
  return {.password = password,
          .managed = asked("manageMasterUserPassword"),
          .managed_key = std::move(key),
          .inherited = any(type.sources) || (is_secondary && IsBlank(password)),
          .restored = any(type.restores),
          .write_only = wrote && IsBlank(password)};
}

bool MasterPassword::by_rds() const { return managed.value().kind() == Kind::kBool && managed.value().raw_bool(); }
bool MasterPassword::missing() const { return IsBlank(password) && !restored && !write_only; }

void Passwords::Add(std::string_view password) {
  if (password.size() < kShortest) return;
  all_.insert(password);
  lengths_[password.substr(0, kShortest)].insert(password.size());
}

std::unordered_set<std::string_view> Passwords::In(std::string_view text) const {
  std::unordered_set<std::string_view> out;
  for (std::size_t i = 0; !all_.empty() && i + kShortest <= text.size(); ++i) {
    const auto at = lengths_.find(text.substr(i, kShortest));
    if (at == lengths_.end()) continue;
    for (const std::size_t length : at->second)
      if (const auto found = all_.find(text.substr(i, length)); found != all_.end()) out.insert(*found);
  }
  return out;
}

CredentialHolders::CredentialHolders(const Stack& stack) {
  for (const DatabaseType& type : kDatabases)
    for (const Resource* database : stack.OfType(type.type)) {
      const Property password = PasswordOf(stack, *database).password;
      passwords_.Add(password.value().raw_string());
      ForEdges(*database, password.path().root(), [this](std::string_view urn) { of_passwords_.insert(urn); });
      ForComponentsAround(stack, database->urn, [this](std::string_view urn) { around_databases_.insert(urn); });
    }
  for (const std::string_view type : kVersionTypes)
    for (const Resource* version : stack.OfType(type)) Add(stack, *version);
  AddRead(stack);
  if (!silent_.empty()) FindUnsure(stack);
  FindFirst(stack);
}

// A password that was read from a secret is in there.
void CredentialHolders::AddRead(const Stack& stack) {
  for (const Resource* secret : stack.OfTypes(kSecrets))
    if (secret->external) Hold(by_edge_[secret->urn], secret, HasCustomerKey(stack, secret));
}

void CredentialHolders::Hold(Source& source, const Resource* secret, Certainty of_customer) {
  source.any |= of_customer != Certainty::kUnknown;
  source.open |= of_customer == Certainty::kUnknown;
  if (of_customer == Certainty::kNo) source.unsafe.push_back(secret);
}

void CredentialHolders::Add(const Stack& stack, const Resource& version) {
  const Resource* secret = SecretOf(stack, version);
  const Certainty of_customer = HasCustomerKey(stack, secret);
  const auto holds = [&](Source& source) { Hold(source, secret, of_customer); };
  bool known = true, of_database = false;
  for (const std::string_view property : kTexts) {
    const Property text = version[property];
    known &= !text.unknown();
    for (std::string& part : PartsOf(ClearText(text))) {
      for (const std::string_view password : passwords_.In(part)) holds(by_text_[std::string(password)]);
      holds(by_text_[std::move(part)]);
    }
    ForEdges(version, property, [&](std::string_view urn) {
      holds(by_edge_[urn]);
      ForComponentsAround(stack, urn, [this](std::string_view component) { around_sources_.insert(component); });
      const Resource* from = stack.Find(urn);
      of_database |= around_databases_.contains(urn) || (from && IsDatabase(*from));
    });
  }
  if (version.type == kVersionTypes[0]) holds(by_edge_[version.urn]);
  if (!known && !of_database) silent_.push_back(&version);
}

// A version whose unknown text depends on other things alone, none of which has to do with a database, is about those.
void CredentialHolders::FindUnsure(const Stack& stack) {
  Urns made_of;
  for (const Resource* version : silent_) {
    bool any = false;
    for (const std::string_view property : kTexts)
      ForEdges(*version, property, [&](std::string_view urn) {
        any = true;
        unsure_ |= !TellsOne(stack, urn);
        if (TellsOne(stack, urn)) made_of.insert(urn);
      });
    unsure_ |= !any;
  }
  near_silent_ = AllSourcesOf(stack, made_of);
  unsure_ |= std::any_of(near_silent_.begin(), near_silent_.end(), [&](std::string_view urn) {
    const Resource* r = stack.Find(urn);
    return r && IsOfRds(*r);
  });
  near_silent_.merge(DependentsAmong(stack, of_passwords_, made_of));
}

void CredentialHolders::FindFirst(const Stack& stack) {
  for (const DatabaseType& type : kDatabases)
    for (const Resource* database : stack.OfType(type.type)) {
      const MasterPassword password = PasswordOf(stack, *database);
      if (database->external || !password.to_be_held()) continue;
      for (Source* source : SourcesOf(stack, *database, password)) {
        if (source->first == nullptr || database->urn < source->first->urn) source->first = database;
        sources_[database].push_back(source);
      }
    }
}

std::vector<CredentialHolders::Source*> CredentialHolders::SourcesOf(const Stack& stack, const Resource& database,
                                                                     const MasterPassword& password) {
  std::vector<Source*> out;
  const auto add = [&out](auto& sources, std::string_view by) {
    if (const auto at = sources.find(by); at != sources.end()) out.push_back(&at->second);
  };
  const auto add_edges_to = [&](std::string_view urn) {
    add(by_edge_, urn);
    ForComponentsAround(stack, urn, [&](std::string_view component) { add(by_edge_, component); });
  };
  add_edges_to(database.urn);
  ForEdges(database, password.password.path().root(), [&](std::string_view urn) {
    if (TellsOne(stack, urn)) add_edges_to(urn);
  });
  add(by_text_, password.password.value().raw_string());
  for (const std::string_view output : {"address", "endpoint", "arn"}) add(by_text_, database.outputs[output].raw_string());
  return out;
}

CredentialHolders::Found CredentialHolders::Of(const Stack& stack, const Resource& database,
                                               const MasterPassword& password) const {
  Found out;
  out.more = unsure_;
  bool any_edge = false;
  ForEdges(database, password.password.path().root(), [&](std::string_view urn) {
    any_edge = true;
    out.more |= TellsOne(stack, urn) && (near_silent_.contains(urn) || around_sources_.contains(urn));
    out.more |= stack.Find(urn) == nullptr && urn.find(kVersionTypes[0]) != std::string_view::npos;
  });
  // A password that comes from nothing in the stack may stand in any text, whatever else that is made of.
  out.more |= !any_edge && !silent_.empty();
  const auto at = sources_.find(&database);
  if (at == sources_.end()) return out;
  for (const Source* source : at->second) {
    out.any |= source->any;
    out.more |= source->open;
    if (source->first == &database) out.unsafe.insert(out.unsafe.end(), source->unsafe.begin(), source->unsafe.end());
  }
  std::sort(out.unsafe.begin(), out.unsafe.end());
  out.unsafe.erase(std::unique(out.unsafe.begin(), out.unsafe.end()), out.unsafe.end());
  return out;
}

}  // namespace fastcart
