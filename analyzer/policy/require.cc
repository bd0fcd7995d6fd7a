#include "analyzer/policy/require.h"

#include <algorithm>
#include <cmath>

namespace guardrails {
namespace {

Text Word(bool value) { return value ? Text("true") : Text("false"); }

// Infinity, which Pulumi can say, is not whole, though cutting off its fraction leaves it as it is.
bool IsWholeAndAtLeast(double number, double minimum) {
  return std::isfinite(number) && std::trunc(number) == number && number >= minimum;
}

}  // namespace

bool RequireBool(Sink& out, const Property& at, bool wanted, AwsUses absent, Text fix) {
  const bool otherwise = absent == AwsUses::kTrue;
  const auto wrong = [&] {
    out.Violation(at, Word(wanted), std::move(fix), Word(otherwise));
    return false;
  };
  return std::visit(Overloaded{
                        [&](Absent) { return otherwise == wanted || wrong(); },
                        [&](Unknown) {
                          out.Undecided(at, Word(wanted));
                          return false;
                        },
                        [&](Mistyped) { return wrong(); },
                        [&](Known<bool> is) { return is.value == wanted || wrong(); },
                    },
                    at.ReadBool());
}

bool RequireOneOf(Sink& out, const Property& at, std::span<const std::string_view> wanted, const char* absent, Text fix) {
  const auto fits = [wanted](std::string_view text) { return std::find(wanted.begin(), wanted.end(), text) != wanted.end(); };
  const auto expected = [wanted] {
    Text list = JoinText(wanted, [](std::string_view w) { return Text::Setting(w); });
    return wanted.size() == 1 ? list : Text("one of ") + list;
  };
  const auto wrong = [&] {
    out.Violation(at, expected(), std::move(fix), absent ? std::optional(Text::Setting(absent)) : std::nullopt);
    return false;
  };
  return std::visit(Overloaded{
                        [&](Absent) { return (absent && fits(absent)) || wrong(); },
                        [&](Unknown) {
                          out.Undecided(at, expected());
                          return false;
                        },
                        [&](Mistyped) { return wrong(); },
                        [&](Known<std::string_view> is) { return fits(is.value) || wrong(); },
                    },
                    at.ReadString());
}

bool RequireAtLeast(Sink& out, const Property& at, double minimum, double absent, Text fix) {
  const auto fits = [minimum](double n) { return IsWholeAndAtLeast(n, minimum); };
  const Text expected = Text("a whole number of at least ") + Text::Number(minimum);
  const auto wrong = [&] {
    out.Violation(at, expected, std::move(fix), Text::Number(absent));
    return false;
  };
  return std::visit(Overloaded{
                        [&](Absent) { return fits(absent) || wrong(); },
                        [&](Unknown) {
                          out.Undecided(at, expected);
                          return false;
                        },
                        [&](Mistyped) { return wrong(); },
                        [&](Known<double> is) { return fits(is.value) || wrong(); },
                    },
                    at.ReadNumber());
}

bool IsAtLeast(const Property& at, double minimum, double absent) {
  return std::visit(Overloaded{
                        [&](Absent) { return IsWholeAndAtLeast(absent, minimum); },
                        [](Unknown) { return false; },
                        [](Mistyped) { return false; },
                        [&](Known<double> is) { return IsWholeAndAtLeast(is.value, minimum); },
                    },
                    at.ReadNumber());
}

}  // namespace guardrails
