// How a stack's databases get their master password, and which secrets hold it.
//
// What holds it: a secret version that depends on the database, or on what the password was made of, or on a component
// around one of them, or whose known text has the password in it, or is the database's address or has it as a part;
// and a secret that the stack reads, and of which the password is made.
// Source: docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html. Valid while the stack lives; the
// holders are immutable, safe to read from many threads.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analyzer/model/stack.h"
#include "policies/aws/certainty.h"
#include "policies/aws/dependencies.h"

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

  bool by_rds() const;    // RDS makes it and keeps it
  bool missing() const;   // there is none, and no other way to one
  bool to_be_held() const { return !by_rds() && !inherited && !missing(); }  // a secret has to hold it
};
MasterPassword PasswordOf(const guardrails::Stack& stack, const guardrails::Resource& database);

// Whether the key that a resource's property names is one of the customer's, of the stack or not.
Certainty IsCustomerKey(const guardrails::Stack& stack, const guardrails::Resource& resource,
                        const guardrails::Property& key);

// Passwords that are looked for inside longer texts, such as the URL of a database. Shorter ones, which RDS does not
// take, stand in texts by chance.
class Passwords {
 public:
  void Add(std::string_view password);

  // Those that stand in the text, each once.
  std::unordered_set<std::string_view> In(std::string_view text) const;

 private:
  static constexpr std::size_t kShortest = 8;
  std::unordered_set<std::string_view> all_;
  std::unordered_map<std::string_view, std::set<std::size_t>> lengths_;  // by how they begin
};

// Once per stack: stack.Knowledge<CredentialHolders>().
class CredentialHolders {
 public:
  explicit CredentialHolders(const guardrails::Stack& stack);

  struct Found {
    bool any = false;   // a secret holds them, of which it is known who has the key
    bool more = false;  // there are others, of which nobody can say what they hold, or with which key
    // The secrets that hold them without a key of the customer. What several databases share is told of the first by URN
    // alone, so that there are no more findings than secrets where all have one password.
    std::vector<const guardrails::Resource*> unsafe;
  };
  Found Of(const guardrails::Stack& stack, const guardrails::Resource& database,
           const MasterPassword& password) const;

 private:
  // What a password is known by, a text or what it was made of: the versions that hold it, judged together.
  struct Source {
    bool any = false, open = false;
    std::vector<const guardrails::Resource*> unsafe;
    const guardrails::Resource* first = nullptr;  // of the databases that have it, by URN
  };
  using Versions = std::vector<const guardrails::Resource*>;
  static void Hold(Source& source, const guardrails::Resource* secret, Certainty of_customer);
  void Add(const guardrails::Stack& stack, const guardrails::Resource& version);
  void AddRead(const guardrails::Stack& stack);
  void FindUnsure(const guardrails::Stack& stack);
  void FindFirst(const guardrails::Stack& stack);
  std::vector<Source*> SourcesOf(const guardrails::Stack& stack, const guardrails::Resource& database,
                                 const MasterPassword& password);

  Passwords passwords_;
  std::unordered_map<std::string_view, Source> by_edge_;  // by what their text was made of, and by themselves
  std::map<std::string, Source, std::less<>> by_text_;
  std::unordered_map<const guardrails::Resource*, std::vector<const Source*>> sources_;  // of each database
  Versions silent_;  // their text is not known, and they depend on no database
  Urns of_passwords_;      // what the databases' passwords are made of, in one step
  Urns near_silent_;       // what silent texts are made of, in one or more steps, and what passwords are of the same
  Urns around_databases_;  // components
  Urns around_sources_;    // components that hold what a version's text was made of
  bool unsure_ = false;
};

}  // namespace fastcart
