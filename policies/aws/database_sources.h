// Which database another one is a copy of.
#pragma once

#include "analyzer/model/stack.h"
#include "analyzer/policy/text.h"
#include "policies/aws/certainty.h"

namespace fastcart {

struct CopySource {
  enum class Is {
    kNone,      // it is no copy
    kManaged,   // of `resource`, which the stack manages
    kRead,      // of `resource`, which the stack only reads
    kPerhaps,   // of a literal that may be a database of the stack which has no name yet
    kOutside,   // of none that the stack shows
    kMissing,   // of none that the file, a partial preview, shows
    kMistyped,  // what names it is no text
    kUnknown,
  } is = Is::kNone;
  guardrails::Property at;  // what names it
  const guardrails::Resource* resource = nullptr;
  Certainty same_region = Certainty::kUnknown;  // as the copy
};

// What an instance is a read replica of; also of a cluster, which is none: one that names a source is restored from it.
CopySource ReplicaSourceOf(const guardrails::Stack& stack, const guardrails::Resource& database);

// The instance from which one is restored to a point in time.
CopySource RestoredSourceOf(const guardrails::Stack& stack, const guardrails::Resource& instance);

// An instance of the stack is judged itself for how it is run, a cluster and what is only read are not.
bool IsInstanceOfStack(const CopySource& source);

// Why nobody can tell what a replica has from its source, which the stack does not show.
guardrails::Text WhyOpen(const CopySource& source);

}  // namespace fastcart
