#include "analyzer/policy/finding.h"

namespace guardrails {
namespace {

Text Subject(const Finding& f) {
  const Text who = f.resource ? Text::Name(*f.resource) : Text("the stack");
  return f.path.empty() ? who : who + ": " + Text::Where(f.path);
}

}  // namespace

Text FoundInWords(const Finding& f) {
  if (f.found_text) return *f.found_text;
  const bool set = !f.found.absent() && !f.found.defaulted();
  if (!set && f.absent_means) return Text("is not set (AWS uses ") + *f.absent_means + ")";
  if (!set) return "is not set";
  return Text("is ") + Text::Of(f.found);
}

Text Message(const Finding& f) {
  switch (f.verdict) {
    case Verdict::kUndecided:
      return Subject(f) + ": not decided: " + f.reason + "; wanted: " + f.expected + ".";
    case Verdict::kNote:
    case Verdict::kNotApplicable:
    case Verdict::kBroken:
      return Subject(f) + ": " + f.reason;
    case Verdict::kPass:
    case Verdict::kViolation: break;
  }
  Text out = Subject(f) + " " + FoundInWords(f) + "; wanted: " + f.expected + ".";
  return f.fix.empty() ? out : out + " Fix: " + f.fix;
}

}  // namespace guardrails
