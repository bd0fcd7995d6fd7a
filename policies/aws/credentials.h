// How a stack's databases get their master password, and which secrets hold it.
//
// What holds it: a secret version that depends on the database, or on what the password was made of, or whose known
// text has the password or the database's address in it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/model/stack.h"

namespace fastcart {

// The RDS databases with a master password, of the providers aws and aws-native.
std::vector<std::string_view> DatabaseTypes();

// What the program says of a database's password.
struct MasterPassword {
  guardrails::Property password;         // the first that is set of the ways to give one; else the usual one, absent
  guardrails::Property managed;          // whether RDS makes and keeps it
  guardrails::Property managed_key;      // the key that then encrypts it
  bool inherited = false;                // a replica: it has its source's
  bool restored = false;                 // from a snapshot: it has the snapshot's
  bool write_only = false;               // given, but never in the state
};
MasterPassword PasswordOf(const guardrails::Stack& stack, const guardrails::Resource& database);

// Once per stack: stack.Knowledge<CredentialHolders>().
class CredentialHolders {
 public:
  explicit CredentialHolders(const guardrails::Stack& stack);

  struct Found {
    std::vector<const guardrails::Resource*> versions;  // proved
    bool more = false;                                  // there are others, of which nobody can say what they hold
  };
  Found Of(const guardrails::Stack& stack, const guardrails::Resource& database,
           const MasterPassword& password) const;

  // Where a version's secret is named; the version itself where the secret has its text in it.
  static const guardrails::Resource* SecretOf(const guardrails::Stack& stack, const guardrails::Resource& version);

 private:
  using Versions = std::vector<const guardrails::Resource*>;
  void Add(const guardrails::Stack& stack, const guardrails::Resource& version);
  void AddTexts(const guardrails::Resource& version, std::string_view text);
  void FindUnsure(const guardrails::Stack& stack);

  std::unordered_map<std::string_view, Versions> by_edge_;  // by what their text was made of
  std::map<std::string, Versions, std::less<>> by_text_;
  Versions silent_;  // their text is not known, and they depend on no database
  bool unsure_ = false;
};

}  // namespace fastcart
