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

Text OfKind(Kind kind) {
  switch (kind) {
    case Kind::kBool: return "a boolean";
    case Kind::kNumber: return "a number";
    case Kind::kString: return "a string";
    case Kind::kList: return "a list";
    case Kind::kAsset: return "an asset";
    case Kind::kArchive: return "an archive";
    default: return "an object";
  }
}

Value Inside(const Value& value, const Path::Segment& segment) {
  if (!segment.is_index()) return value[segment.key];
  const auto elements = value.elements();
  if (segment.index < elements.size()) return elements[segment.index];
  return value.absent() || value.kind() == Kind::kList ? Value() : Value::Invalid();
}

// What stands on the way to the place, where nothing of the kind of the place can be in it.
std::optional<Text> InTheWay(const Finding& f) {
  if (f.found.kind() != Kind::kInvalid || !f.resource || f.path.empty()) return std::nullopt;
  const auto segments = f.path.segments();
  Path place(segments.front().key);
  Value at = (*f.resource)[segments.front().key].value();
  for (const Path::Segment& segment : segments.subspan(1)) {
    const Value next = Inside(at, segment);
    if (next.kind() == Kind::kInvalid)
      return Text("cannot be read: ") + Text::Where(place) + " is " + OfKind(at.kind());
    place = segment.is_index() ? place / segment.index : place / segment.key;
    at = next;
  }
  return std::nullopt;
}

}  // namespace

Text FoundInWords(const Finding& f) {
  if (f.found_text) return *f.found_text;
  if (const auto in_the_way = InTheWay(f)) return *in_the_way;
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
