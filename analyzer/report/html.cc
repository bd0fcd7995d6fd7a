// The report as one HTML page for a team lead: nothing is fetched, styles and script are in it, and without a script
// all of it can be read. A stack that is too large for a page is cut, with a count of what was left out.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "analyzer/policy/waiver.h"
#include "analyzer/report/catalogue.h"
#include "analyzer/report/draw.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/format.h"
#include "analyzer/report/listed.h"
#include "page.h"

namespace guardrails {
namespace {

constexpr std::size_t kMostFindings = 2000, kMostRows = 2000;

// No network, no foreign code: the page could not fetch anything if it tried.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

std::string_view VerdictOf(Ending ending) {
  switch (ending) {
    case Ending::kPassed: return "PASS";
    case Ending::kFailed: return "FAIL";
    case Ending::kError: return "ERROR";
  }
  return {};
}

std::string_view ClassOf(Ending ending) {
  switch (ending) {
    case Ending::kPassed: return "pass";
    case Ending::kFailed: return "fail";
    case Ending::kError: return "error";
  }
  return {};
}

// How a rule judged a resource, as a cell of the table of coverage shows it.
struct Cell {
  char letter;            // its class
  std::string_view mark, words;
};
constexpr Cell kCells[] = {{'e', "!", "error"},
                           {'v', "✗", "violation"},
                           {'u', "?", "undecided"},
                           {'k', "K", "known from the baseline"},
                           {'w', "W", "waived"},
                           {'p', "✓", "passed"},
                           {'n', "·", "not applicable"}};
std::size_t Worst(const std::string& cells) {
  for (std::size_t i = 0; i < std::size(kCells); ++i)
    if (cells.find(kCells[i].letter) != std::string::npos) return i;
  return std::size(kCells);
}

std::string StateOf(const Listed& listed) {
  if (listed.finding->verdict == Verdict::kUndecided) return "undecided";
  return listed.waived() ? "waived" : std::string(LevelName(listed.level));
}

class HtmlWriter {
 public:
  explicit HtmlWriter(const Report& report)
      : report_(report), violations_(ByResource(Violations(report))), undecided_(ByResource(Undecided(report))),
        has_errors_(Count(report).errors > 0) {
    for (const Group& group : violations_)
      for (const Listed& v : group.violations) {
        ++(v.waived() ? waived_ : v.level == Level::kMandatory ? mandatory_ : advisory_);
        if (v.finding->resource && v.finding->verdict == Verdict::kViolation && !v.waived())
          wrong_[v.finding->resource].insert(std::string(v.finding->path.root()));
      }
    for (std::size_t i = 0; i < report.pack->rules().size(); ++i)
      if (IsAsked(i)) rules_.push_back(static_cast<std::uint16_t>(i));
  }

  std::string Write() {
    WriteHead();
    WriteHeader();
    out_ += "<main id=\"main\">\n";
    WriteErrors();
    WriteFilters();
    WriteFindings("violations", "Violations", violations_, None("No violation.", "No new violation"));
    WriteFindings("undecided", "Undecided", undecided_,
                  None("Everything could be decided.", "Nothing new is undecided"));
    for (std::size_t i = 0; i < report_.files.size(); ++i)
      if (report_.files[i].stack) WriteStack(report_.files[i], i);
    WriteRules();
    out_ += fmt::format("</main>\n<footer><p>Written by {} {}.</p></footer>\n<script>{}</script>\n</body>\n</html>\n",
                        XmlText(pack().name), XmlText(pack().version), kPageScript);
    return std::move(out_);
  }

 private:
  const Pack& pack() const { return report_.pack->pack(); }
  const Guardrail& RuleAt(std::size_t index) const { return *report_.pack->rules()[index].guardrail; }

  // Somewhere a rule judged something, or found nothing to judge.
  bool IsAsked(std::size_t index) const {
    return std::any_of(report_.files.begin(), report_.files.end(), [&](const FileReport& file) {
      const auto& outcomes = file.results.outcomes;
      const auto& none = file.results.not_applicable;
      return std::any_of(outcomes.begin(), outcomes.end(), [&](const Outcome& o) { return o.rule == index; }) ||
             std::find(none.begin(), none.end(), index) != none.end();
    });
  }

  void WriteHead() {
    const std::string verdict(VerdictOf(EndingOf(report_)));
    out_ += fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
        "<title>{}: {}{}</title>\n<style>{}</style>\n</head>\n",
        kPolicy, verdict, XmlText(pack().display_name), XmlText(OfStacks()), kPageStyle);
  }

  // ", shop/dev" where there is one stack.
  std::string OfStacks() const {
    if (report_.files.size() != 1 || !report_.files.front().stack) return {};
    const Stack& stack = *report_.files.front().stack;
    return stack.name().empty() ? "" : fmt::format(", {}/{}", stack.project(), stack.name());
  }

  void WriteHeader() {
    const Ending ending = EndingOf(report_);
    const Summary found = Count(report_);
    out_ += fmt::format(
        "<body class=\"{}\">\n<a class=\"skip\" href=\"#main\">Skip to the findings</a>\n<header>\n"
        "<p class=\"pack\">{} {}{}</p>\n<h1><span class=\"verdict\">{}</span> <span>{}</span></h1>\n",
        ClassOf(ending), XmlText(pack().display_name), XmlText(pack().version), XmlText(OfStacks()), VerdictOf(ending),
        Counted(mandatory_ + advisory_, "violation"));
    out_ += "<ul class=\"counts\" aria-label=\"Summary\">\n";
    const std::pair<std::string_view, std::size_t> counts[] = {
        {"mandatory", mandatory_}, {"advisory", advisory_},   {"undecided", found.undecided},
        {"waived", waived_},       {"passed", found.passed}, {"not applicable", found.not_applicable},
        {"resources", found.resources}};
    for (const auto& [what, count] : counts)
      out_ += fmt::format("<li class=\"{}{}\"><b>{}</b> {}</li>\n", what, count > 0 ? " some" : "", count, what);
    if (!report_.baseline.empty())
      out_ += fmt::format("<li class=\"known\"><b>{}</b> known from {}</li>\n", report_.known,
                          XmlText(report_.baseline));
    out_ += "</ul>\n";
    WriteNavigation();
    out_ += "</header>\n";
  }

  void WriteNavigation() {
    out_ += "<nav aria-label=\"Contents\"><ul>";
    const auto link = [this](std::string_view to, std::string_view words) {
      out_ += fmt::format("<li><a href=\"#{}\">{}</a></li>", to, words);
    };
    link("violations", "Violations");
    link("undecided", "Undecided");
    for (std::size_t i = 0; i < report_.files.size(); ++i) {
      if (!report_.files[i].stack) continue;
      const std::string of = report_.files.size() > 1 ? " of " + XmlText(NameOf(report_.files[i])) : "";
      if (pack().picture) link(fmt::format("picture-{}", i), "Picture" + of);
      link(fmt::format("coverage-{}", i), "Coverage" + of);
    }
    link("rules", "Guardrails");
    out_ += "</ul></nav>\n";
  }

  void WriteErrors() {
    std::string items;
    for (const FileReport& file : report_.files)
      for (const std::string& error : file.errors) items += fmt::format("<li>{}</li>\n", XmlText(error));
    if (!items.empty())
      out_ += fmt::format("<section aria-labelledby=\"errors\"><h2 id=\"errors\">Errors</h2>\n<ul>\n{}</ul></section>\n", items);
  }

  void WriteFilters() {
    out_ +=
        "<form id=\"filters\" role=\"search\" aria-label=\"Filter findings and coverage\" hidden>\n"
        "<label>Guardrail <select id=\"filter-rule\"><option value=\"\">all</option>";
    for (const std::uint16_t rule : rules_) out_ += fmt::format("<option>{}</option>", XmlText(RuleAt(rule).name));
    out_ += "</select></label>\n<label>Severity <select id=\"filter-severity\"><option value=\"\">all</option>";
    for (const Severity s : {Severity::kCritical, Severity::kHigh, Severity::kMedium, Severity::kLow})
      out_ += fmt::format("<option>{}</option>", SeverityName(s));
    out_ +=
        "</select></label>\n<label>Resource <input id=\"filter-resource\" type=\"search\" autocomplete=\"off\"></label>\n"
        "<button type=\"reset\">Show all</button>\n<output id=\"shown\" aria-live=\"polite\"></output>\n</form>\n";
  }

  // What an empty list means: nothing where not all was judged, or where a baseline took findings out.
  std::string None(std::string_view of_all, std::string_view of_new) const {
    if (has_errors_) return "Not everything could be judged: see the errors.";
    if (report_.known == 0) return std::string(of_all);
    return fmt::format("{}: {} known from {}.", of_new, report_.known, XmlText(report_.baseline));
  }

  void WriteFindings(std::string_view id, std::string_view title, const std::vector<Group>& groups, std::string_view none) {
    out_ += fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n", id, title);
    if (groups.empty()) out_ += fmt::format("<p class=\"hint\">{}</p>\n", none);
    std::size_t written = 0, left_out = 0;
    for (const Group& group : groups) {
      if (written >= kMostFindings) {
        left_out += group.violations.size();
      } else {
        WriteGroup(group);
        written += group.violations.size();
      }
    }
    if (left_out > 0)
      out_ += fmt::format("<p class=\"hint\">{} more left out of this page: the JSON report has all.</p>\n", left_out);
    out_ += "</section>\n";
  }

  // Where the page tells what is wrong with a resource.
  std::string Anchor(const FileReport& file, const Resource& r) const {
    const auto at = wrong_.find(&r);
    if (at == wrong_.end()) return {};
    return fmt::format("r{}-{}", &file - report_.files.data(), &r - file.stack->resources().data());
  }

  void WriteGroup(const Group& group) {
    const Listed& first = group.violations.front();
    const Resource* r = first.finding->resource;
    const std::string anchor = r && first.finding->verdict != Verdict::kUndecided ? Anchor(*first.file, *r) : "";
    out_ += fmt::format("<div class=\"resource\"{}>\n<h3>{}</h3>\n<p><code>{}</code>{}{}</p>\n",
                        anchor.empty() ? "" : fmt::format(" id=\"{}\"", anchor), XmlText(first.name()),
                        XmlText(first.place.type), Source(first.source),
                        report_.files.size() > 1 ? ", in " + XmlText(NameOf(*first.file)) : "");
    for (const Listed& listed : group.violations) WriteFinding(listed);
    out_ += "</div>\n";
  }

  static std::string Source(const std::vector<SourceLine>& source) {
    if (source.empty()) return {};
    std::string out = fmt::format(" at <code>{}</code>", XmlText(ToString(source.front())));
    for (std::size_t i = 1; i < source.size(); ++i)
      out += fmt::format("{} <code>{}</code>", i == 1 ? ", created by" : " from", XmlText(ToString(source[i])));
    return out;
  }

  void WriteFinding(const Listed& listed) {
    const Finding& f = *listed.finding;
    const Guardrail& g = *f.guardrail;
    const std::string state = StateOf(listed);
    out_ += fmt::format(
        "<article class=\"finding {0}\" data-rule=\"{1}\" data-severity=\"{2}\" data-name=\"{3}\">\n"
        "<h4><a href=\"#rule-{1}\">{1}</a> <span class=\"badge {2}\">{2}</span> <span class=\"badge {0}\">{0}</span></h4>\n<dl>\n",
        state, XmlText(g.name), SeverityName(g.severity), XmlText(listed.name()));
    const std::string where = listed.property.empty() ? "" : fmt::format("<code>{}</code> ", XmlText(listed.property));
    if (f.verdict == Verdict::kViolation) {
      Row("Found", where + XmlText(FoundInWords(f).str()));
    } else {
      Row(f.verdict == Verdict::kUndecided ? "Not decided" : "Note", where + XmlText(f.reason.str()));
    }
    Row("Wanted", XmlText(f.expected.str()));
    Row("Fix", XmlText(f.fix.str()));
    if (f.waiver) Row("Waived", XmlText(fmt::format("until {} by {}: {}", f.waiver->expires, f.waiver->owner, f.waiver->reason)));
    Row("Waiver", XmlText(f.lapsed.str()));
    Row("Controls", XmlText(ControlsInWords(g)));
    out_ += "</dl>\n</article>\n";
  }

  void Row(std::string_view term, const std::string& html) {
    if (!html.empty()) out_ += fmt::format("<dt>{}</dt><dd>{}</dd>\n", term, html);
  }

  void WriteStack(const FileReport& file, std::size_t index) {
    const std::string of = report_.files.size() > 1 ? " of " + XmlText(NameOf(file)) : "";
    out_ += "<div class=\"stack\">\n";
    if (pack().picture) WritePicture(file, index, of);
    WriteCoverage(file, index, of);
    out_ += "</div>\n";
  }

  Marks MarksOf(const FileReport& file) const {
    return {.wrong =
                [this](const Resource& r, std::string_view property) {
                  const auto at = wrong_.find(&r);
                  return at != wrong_.end() && (property.empty() || at->second.contains(std::string(property)));
                },
            .link = [this, &file](const Resource& r) {
              const std::string anchor = Anchor(file, r);
              return anchor.empty() ? "" : "#" + anchor;
            }};
  }

  void WritePicture(const FileReport& file, std::size_t index, const std::string& of) {
    const Picture picture = pack().picture(*file.stack);
    out_ += fmt::format("<section aria-labelledby=\"picture-{0}\">\n<h2 id=\"picture-{0}\">Picture{1}</h2>\n", index, of);
    const auto svg = Draw(picture, MarksOf(file));
    if (!svg.ok()) {
      out_ += fmt::format("<p class=\"hint\">{}.</p>\n", XmlText(std::string(svg.status().message())));
    } else {
      out_ += fmt::format(
          "<ul class=\"legend\"><li>solid: who may talk to whom, and routes</li><li>dashed: what a key encrypts</li>"
          "<li>dotted: cannot be told yet</li><li><b class=\"v\">red</b> a guardrail is violated</li></ul>\n"
          "<figure class=\"picture scroll\" role=\"group\" tabindex=\"0\" "
          "aria-label=\"The stack: subnets by their routes, traffic, and what each key encrypts\">{}</figure>\n",
          *svg);
    }
    WritePictureInWords(picture);
    out_ += "</section>\n";
  }

  void WritePictureInWords(const Picture& picture) {
    const std::vector<std::string> words = InWords(picture);
    if (words.empty() || words.size() > kMostRows) return;
    out_ += "<details><summary>The same in words</summary>\n<ul>\n";
    for (const std::string& sentence : words) out_ += fmt::format("<li>{}</li>\n", XmlText(sentence));
    out_ += "</ul>\n</details>\n";
  }

  // A resource and, by rule, the letters of its cells; null: the stack itself.
  using Rows = std::vector<std::pair<const Resource*, std::string>>;

  Rows RowsOf(const FileReport& file) const {
    std::unordered_map<const Resource*, std::size_t> index;
    Rows rows;
    const auto add = [&](const Resource* r) {
      if (index.emplace(r, rows.size()).second) rows.emplace_back(r, std::string(rules_.size(), 'n'));
    };
    add(nullptr);
    for (const Resource& r : file.stack->resources())
      if (!r.is_stack()) add(&r);
    Listing listed;
    for (const Finding& f : file.results.findings)
      listed.Add(f);
    for (const Outcome& o : file.results.outcomes) {
      const auto column = std::find(rules_.begin(), rules_.end(), o.rule);
      if (column == rules_.end()) continue;
      add(o.resource);
      rows[index[o.resource]].second[static_cast<std::size_t>(column - rules_.begin())] =
          LetterOf(o, {&RuleAt(o.rule), o.resource}, listed);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return Worst(a.second) < Worst(b.second); });
    return rows;
  }

  // What the report lists of a rule and a resource.
  using Judged = std::pair<const Guardrail*, const Resource*>;
  struct Listing {
    std::set<Judged> open, waived, undecided;

    void Add(const Finding& f) {
      if (f.verdict == Verdict::kViolation) (f.waiver ? waived : open).emplace(f.guardrail, f.resource);
      if (f.verdict == Verdict::kUndecided) undecided.emplace(f.guardrail, f.resource);
    }
    // What is undecided of many things may be said of the stack, once.
    bool IsUndecided(const Judged& judged) const {
      return undecided.contains(judged) || undecided.contains({judged.first, nullptr});
    }
  };

  static char LetterOf(const Outcome& outcome, const Judged& judged, const Listing& listed) {
    switch (outcome.verdict) {
      // Of what the baseline knows only the outcome is left.
      case Verdict::kViolation: return listed.open.contains(judged) ? 'v' : listed.waived.contains(judged) ? 'w' : 'k';
      case Verdict::kUndecided: return listed.IsUndecided(judged) ? 'u' : 'k';
      case Verdict::kBroken: return 'e';
      case Verdict::kNotApplicable: return 'n';
      case Verdict::kPass:
      case Verdict::kNote: break;
    }
    return 'p';
  }

  void WriteCoverage(const FileReport& file, std::size_t index, const std::string& of) {
    out_ += fmt::format("<section aria-labelledby=\"coverage-{0}\">\n<h2 id=\"coverage-{0}\">Coverage{1}</h2>\n", index, of);
    out_ += "<ul class=\"legend\">";
    for (const Cell& cell : kCells) out_ += fmt::format("<li><b class=\"{}\">{}</b> {}</li>", cell.letter, cell.mark, cell.words);
    out_ += fmt::format("</ul>\n<div class=\"coverage scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"coverage-{}\">\n"
                        "<table>\n<thead><tr><th scope=\"col\">Resource</th>", index);
    for (const std::uint16_t rule : rules_)
      out_ += fmt::format("<th scope=\"col\" data-rule=\"{0}\"><a href=\"#rule-{0}\">{0}</a></th>", XmlText(RuleAt(rule).name));
    out_ += "</tr></thead>\n<tbody>\n";
    const Rows rows = RowsOf(file);
    for (std::size_t i = 0; i < std::min(rows.size(), kMostRows); ++i) WriteCoverageRow(rows[i].first, rows[i].second);
    out_ += "</tbody>\n</table>\n</div>\n";
    if (rows.size() > kMostRows)
      out_ += fmt::format("<p class=\"hint\">{} more resources left out of this page, none worse than the last one here.</p>\n",
                          rows.size() - kMostRows);
    out_ += "</section>\n";
  }

  void WriteCoverageRow(const Resource* r, const std::string& cells) {
    const std::string name = r ? XmlText(r->name) : "the stack";
    out_ += fmt::format("<tr data-name=\"{0}\"><th scope=\"row\">{0}{1}</th>", name,
                        r ? fmt::format("<small>{}</small>", XmlText(r->type)) : "");
    for (const char letter : cells) {
      const Cell& cell = *std::find_if(std::begin(kCells), std::end(kCells), [&](const Cell& c) { return c.letter == letter; });
      out_ += fmt::format("<td class=\"{}\" aria-label=\"{}\">{}</td>", cell.letter, cell.words, cell.mark);
    }
    out_ += "</tr>\n";
  }

  void WriteRules() {
    out_ += "<section aria-labelledby=\"rules\">\n<h2 id=\"rules\">Guardrails</h2>\n";
    for (const std::uint16_t index : rules_) {
      const Guardrail& g = RuleAt(index);
      out_ += fmt::format(
          "<div class=\"rule\" id=\"rule-{0}\">\n<h3>{0} <span class=\"badge {1}\">{1}</span></h3>\n<p>{2}</p>\n<dl>\n",
          XmlText(g.name), SeverityName(g.severity), XmlText(g.description));
      Row("Why", XmlText(g.why));
      Row("How to comply", XmlText(g.how_to_fix));
      Row("Controls", XmlText(ControlsInWords(g)));
      out_ += "</dl>\n</div>\n";
    }
    out_ += "</section>\n";
  }

  const Report& report_;
  const std::vector<Group> violations_, undecided_;
  const bool has_errors_;
  std::size_t mandatory_ = 0, advisory_ = 0, waived_ = 0;
  std::unordered_map<const Resource*, std::set<std::string>> wrong_;  // by top-level property
  std::vector<std::uint16_t> rules_;                                  // that were asked, as indexes
  std::string out_;
};

}  // namespace

std::string WriteHtml(const Report& report, const Look&) { return HtmlWriter(report).Write(); }

}  // namespace guardrails
