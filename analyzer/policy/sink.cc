#include "analyzer/policy/sink.h"

namespace guardrails {

Finding& Sink::Add(Verdict verdict, Path path) {
  Finding& f = findings_.emplace_back();
  f.verdict = verdict;
  f.guardrail = guardrail_;
  f.resource = resource_;
  f.path = std::move(path);
  return f;
}

void Sink::Violation(const Property& at, Text expected, Text fix, std::optional<Text> absent_means) {
  Finding& f = Add(Verdict::kViolation, at.path());
  f.found = at.value();
  f.absent_means = std::move(absent_means);
  f.expected = std::move(expected);
  f.fix = std::move(fix);
}

void Sink::Violation(Path path, Text found, Text expected, Text fix) {
  Finding& f = Add(Verdict::kViolation, std::move(path));
  f.found_text = std::move(found);
  f.expected = std::move(expected);
  f.fix = std::move(fix);
}

void Sink::ViolationInWords(const Property& at, Text found, Text expected, Text fix) {
  Violation(at.path(), std::move(found), std::move(expected), std::move(fix));
  findings_.back().behind = at.value();
}

void Sink::Undecided(const Property& at, Text expected, Text why) {
  Finding& f = Add(Verdict::kUndecided, at.path());
  f.found = at.value();
  f.expected = std::move(expected);
  f.reason = std::move(why);
}

void Sink::Undecided(const Property& at, Text expected) {
  Undecided(at, std::move(expected),
            at.value().kind() == Kind::kHidden ? Text("its value is a secret that the file withholds")
                                               : Text("its value is not known before the update, which decides it"));
}

void Sink::Missing(Text expected) {
  Finding& f = On(nullptr).Add(Verdict::kUndecided, {});
  f.missing = true;
  f.waits = resource_;
  f.expected = std::move(expected);
  f.reason = "the file leaves out resources that it counts (run the preview with --show-sames)";
}

void Sink::NotApplicable(Text reason) { Add(Verdict::kNotApplicable, {}).reason = std::move(reason); }
void Sink::Note(const Property& at, Text message) {
  Finding& f = Add(Verdict::kNote, at.path());
  f.found = at.value();
  f.reason = std::move(message);
}
void Sink::Judged() { Add(Verdict::kPass, {}); }
void Sink::Broken(Text why) { Add(Verdict::kBroken, {}).reason = std::move(why); }

}  // namespace guardrails
