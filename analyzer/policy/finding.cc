#include "analyzer/policy/finding.h"

#include "analyzer/policy/waiver.h"

namespace guardrails {
namespace {

Text Subject(const Finding& f) {
  const Text who = f.resource ? Text::Name(*f.resource) : Text("the stack");
  return f.path.empty() ? who : who + ": " + Text::Where(f.path);
}

Text WordsOfWaiver(const Finding& f) {
  Text out;
  if (f.waiver)
    out += Text(" Waived until ") + Text::Setting(f.waiver->expires) + " by " + Text::Setting(f.waiver->owner) + " (" +
           Text::Setting(f.waiver->reason) + ").";
  if (!f.lapsed.empty()) out += Text(" ") + f.lapsed;
  return out;
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
      return Subject(f) + ": " + f.reason + WordsOfWaiver(f);
    case Verdict::kNotApplicable:
    case Verdict::kBroken:
      return Subject(f) + ": " + f.reason;
    case Verdict::kPass:
    case Verdict::kViolation: break;
  }
  Text out = Subject(f) + " " + FoundInWords(f) + "; wanted: " + f.expected + ".";
  if (!f.fix.empty()) out += Text(" Fix: ") + f.fix;
  return out + WordsOfWaiver(f);
}

}  // namespace guardrails
