// JUnit XML, as CI servers read it: a suite for each rule, a case for each thing that it judged. What is undecided is
// skipped, what is waived, advisory or known from a baseline passes with a word; advisory violations fail where
// --fail-on says so.
#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analyzer/policy/waiver.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/format.h"
#include "analyzer/report/listed.h"

namespace guardrails {
namespace {

struct Suite {
  std::string name, cases;
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  Suite& operator+=(const Suite& other) {
    cases += other.cases;
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    return *this;
  }
  std::string Counts() const {
    return fmt::format(R"(name="{}" tests="{}" failures="{}" errors="{}" skipped="{}")", XmlText(name), tests, failures,
                       errors, skipped);
  }
};

// What one rule said of one thing.
struct Said {
  std::string failures, skips, words, errors;
  std::string_view failure_level;
  bool violated = false;  // what was found wrong is told, and not left out as known
};

class JunitWriter {
 public:
  explicit JunitWriter(const Report& report) : report_(report) {
    for (const Listed& violation : Violations(report)) AddViolation(violation);
    for (const Listed& undecided : Undecided(report)) Append(SaidOf(undecided).skips, WhatIsWrong(undecided));
    for (const FileReport& file : report.files)
      for (const Finding& f : file.results.findings)
        if (f.verdict == Verdict::kBroken) Append(said_[&file][Key(f.guardrail, f.resource)].errors, f.reason.str());
  }

  std::string Write() {
    Suite all{.name = std::string(report_.pack->pack().name), .cases = {}};
    for (std::size_t i = 0; i < report_.pack->rules().size(); ++i)
      if (const Suite suite = OfRule(i); suite.tests > 0) Add(all, suite);
    if (const Suite errors = Errors(); errors.tests > 0) Add(all, errors);
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n{}</testsuites>\n", all.Counts(), all.cases);
  }

 private:
  using Key = std::pair<const Guardrail*, const Resource*>;

  Said& SaidOf(const Listed& listed) { return said_[listed.file][Key(listed.finding->guardrail, listed.finding->resource)]; }

  static void Append(std::string& to, std::string_view line) { to += fmt::format("{}{}", to.empty() ? "" : "\n", line); }

  void AddViolation(const Listed& listed) {
    Said& said = SaidOf(listed);
    said.violated = said.violated || listed.finding->verdict == Verdict::kViolation;
    const std::string& fix = listed.finding->fix.str();
    const std::string text = WhatIsWrong(listed) + (fix.empty() ? "" : " Fix: " + fix);
    if (listed.waived()) {
      Append(said.words, fmt::format("{} ({})", WaiverInWords(*listed.finding->waiver), text));
    } else if (listed.level == Level::kMandatory || report_.fail_on == FailOn::kAdvisory) {
      Append(said.failures, text);
      if (said.failure_level != LevelName(Level::kMandatory)) said.failure_level = LevelName(listed.level);
    } else {
      Append(said.words, "Advisory: " + text);
    }
  }

  static void Add(Suite& all, const Suite& suite) {
    Suite counted = suite;
    counted.cases = fmt::format("  <testsuite {}>\n{}  </testsuite>\n", suite.Counts(), suite.cases);
    all += counted;
  }

  Suite OfRule(std::size_t index) const {
    const Guardrail& rule = *report_.pack->rules()[index].guardrail;
    Suite suite{.name = std::string(rule.name), .cases = {}};
    for (const FileReport& file : report_.files) {
      for (const Outcome& outcome : file.results.outcomes)
        if (outcome.rule == index) AddCase(suite, rule, file, outcome);
      for (const std::uint16_t none : file.results.not_applicable)
        if (none == index) AddSkipped(suite, rule, file);
    }
    return suite;
  }

  // Told apart by the file where there are several.
  std::string CaseOf(std::string_view suite, const std::string& name, const FileReport& file,
                     const std::vector<SourceLine>& source) const {
    const std::string of = report_.files.size() > 1 ? fmt::format(" in {}", NameOf(file)) : "";
    const std::string at = source.empty() ? ""
                                          : fmt::format(R"( file="{}" line="{}")", XmlText(source.front().file),
                                                        source.front().line);
    return fmt::format(R"(    <testcase classname="{}" name="{}"{})", XmlText(suite), XmlText(name + of), at);
  }

  void AddCase(Suite& suite, const Guardrail& rule, const FileReport& file, const Outcome& outcome) const {
    Finding about;
    about.resource = outcome.resource;
    const Place place = PlaceOf(*file.stack, about);
    const std::string name = place.name.empty() ? "the stack" : fmt::format("{} ({})", place.name, place.type);
    const std::string body = Body(suite, rule, file, outcome);
    suite.cases += CaseOf(rule.name, name, file, SourceOf(outcome.resource, report_.source_root));
    suite.cases += body.empty() ? "/>\n" : fmt::format(">\n{}    </testcase>\n", body);
    ++suite.tests;
  }

  std::string Body(Suite& suite, const Guardrail& rule, const FileReport& file, const Outcome& outcome) const {
    if (outcome.verdict == Verdict::kNotApplicable) return Skip(suite, "not applicable");
    Said said = SaidOf(rule, file, outcome.resource);
    if (outcome.verdict == Verdict::kBroken) {
      ++suite.errors;
      return fmt::format("      <error message=\"{}\"/>\n", XmlText(said.errors));
    }
    if (outcome.verdict == Verdict::kUndecided && said.skips.empty()) said.skips = WhyUndecided(rule, file);
    if (outcome.verdict == Verdict::kViolation && !said.violated) Append(said.words, KnownFrom());
    return Body(suite, said);
  }

  Said SaidOf(const Guardrail& rule, const FileReport& file, const Resource* resource) const {
    const auto of_file = said_.find(&file);
    if (of_file == said_.end()) return {};
    const auto at = of_file->second.find(Key(&rule, resource));
    return at == of_file->second.end() ? Said() : at->second;
  }

  // Where nothing is said of the thing: what is said of the stack, once for all things; or it is known.
  std::string WhyUndecided(const Guardrail& rule, const FileReport& file) const {
    const std::string of_stack = SaidOf(rule, file, nullptr).skips;
    return of_stack.empty() ? "not decided: " + KnownFrom() : of_stack;
  }

  // Of what the baseline knows only the outcome is left.
  std::string KnownFrom() const { return "known from " + report_.baseline; }

  static std::string Body(Suite& suite, const Said& said) {
    std::string out;
    if (!said.failures.empty()) {
      ++suite.failures;
      out = fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", said.failure_level,
                        XmlText(said.failures.substr(0, said.failures.find('\n'))), XmlText(said.failures));
    } else if (!said.skips.empty()) {
      out = Skip(suite, said.skips);
    }
    return said.words.empty() ? out : out + fmt::format("      <system-out>{}</system-out>\n", XmlText(said.words));
  }

  static std::string Skip(Suite& suite, std::string_view reason) {
    ++suite.skipped;
    return fmt::format("      <skipped message=\"{}\"/>\n", XmlText(reason));
  }

  void AddSkipped(Suite& suite, const Guardrail& rule, const FileReport& file) const {
    suite.cases += CaseOf(rule.name, "the stack", file, {}) + ">\n";
    suite.cases += Skip(suite, "not applicable: " + NotApplicableReason(rule).str()) + "    </testcase>\n";
    ++suite.tests;
  }

  // Of the files that could not be judged. Rules that broke have cases of their own.
  Suite Errors() const {
    Suite suite{.name = "errors", .cases = {}};
    for (const FileReport& file : report_.files) {
      const std::set<std::string> broken = BrokenRules(file);
      for (const std::string& error : file.errors) {
        if (broken.contains(error)) continue;
        suite.cases += fmt::format("    <testcase classname=\"errors\" name=\"{}\">\n      <error message=\"{}\"/>\n    </testcase>\n",
                                   XmlText(NameOf(file)), XmlText(error));
        ++suite.tests;
        ++suite.errors;
      }
    }
    return suite;
  }

  static std::set<std::string> BrokenRules(const FileReport& file) {
    std::set<std::string> out;
    for (const Finding& f : file.results.findings)
      if (f.verdict == Verdict::kBroken) out.insert(BrokenInWords(file, f));
    return out;
  }

  const Report& report_;
  std::map<const FileReport*, std::map<Key, Said>> said_;
};

}  // namespace

std::string WriteJunit(const Report& report, const Look&) { return JunitWriter(report).Write(); }

}  // namespace guardrails
