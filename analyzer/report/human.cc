// The report for people: by file, violations grouped by resource with the worst first, what stays undecided, and
// one line that sums up the run.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "analyzer/report/format.h"
#include "analyzer/report/listed.h"
#include "analyzer/report/source.h"

namespace guardrails {
namespace {

constexpr std::size_t kMostUndecided = 20;

class HumanWriter {
 public:
  HumanWriter(const Report& report, const Look& look) : report_(report), look_(look) {}

  std::string Write() {
    for (const FileReport& file : report_.files)
      if (file.stack) WriteFile(file);
    WriteWaivers();
    WriteSummary();
    return std::move(out_);
  }

 private:
  struct Said {
    const Finding* finding;
    Level level;
    bool waived() const { return finding->waiver != nullptr; }
    auto Rank() const {
      return std::tuple(waived(), level != Level::kMandatory, -static_cast<int>(finding->guardrail->severity));
    }
  };
  struct Group {
    Place place;
    const Resource* resource = nullptr;
    std::vector<Said> said;
  };

  std::string Safe(std::string_view text) const { return Printable(look_, text); }
  void Line(std::size_t indent, std::string_view text) { out_ += Wrapped(look_, indent, Safe(text)); }

  void WriteFile(const FileReport& file) {
    out_ += Paint(look_, Colour::kBold, Safe(NameOf(file)));
    out_ += ": " + Safe(WhatItIs(file)) + "\n\n";
    for (const Group& group : Groups(file)) WriteGroup(group);
    WriteUndecided(file);
    WriteFixes(file);
  }

  static std::string WhatItIs(const FileReport& file) {
    const Stack& stack = *file.stack;
    const std::string of = stack.name().empty() ? "" : fmt::format(" of {}/{}", stack.project(), stack.name());
    return fmt::format("{}{}, {}", file.kind, of, Counted(stack.resources().size(), "resource"));
  }

  // By resource; the one with the worst violation first.
  std::vector<Group> Groups(const FileReport& file) const {
    std::map<std::string, Group> by_urn;
    for (const Finding& f : file.results.findings) {
      if (!IsListed(f)) continue;
      Place place = PlaceOf(*file.stack, f);
      Group& group = by_urn[place.urn];
      group.place = std::move(place);
      group.resource = f.resource;
      group.said.push_back({&f, ListedLevel(*report_.pack, f)});
    }
    std::vector<Group> groups;
    groups.reserve(by_urn.size());
    for (auto& [urn, group] : by_urn) groups.push_back(std::move(group));
    const auto by_rank = [](const Said& a, const Said& b) { return a.Rank() < b.Rank(); };
    for (Group& group : groups) std::stable_sort(group.said.begin(), group.said.end(), by_rank);
    std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
      return by_rank(a.said.front(), b.said.front());
    });
    return groups;
  }

  void WriteGroup(const Group& group) {
    out_ += Title(group.place, group.resource);
    const std::vector<Said>& said = group.said;
    for (std::size_t i = 0; i < said.size(); ++i) {
      if (i == 0 || !SameRule(said[i - 1], said[i])) WriteRule(said[i]);
      WriteViolation(*said[i].finding);
      const bool more = i + 1 < said.size() && SameRule(said[i], said[i + 1]);
      if (!more || Fix(said[i + 1]) != Fix(said[i])) WriteFix(Fix(said[i]));
    }
    out_ += '\n';
  }

  static bool SameRule(const Said& a, const Said& b) {
    return a.finding->guardrail == b.finding->guardrail && a.level == b.level && a.waived() == b.waived();
  }
  static const std::string& Fix(const Said& said) { return said.finding->fix.str(); }

  std::string Named(const Place& place) const { return place.name.empty() ? "the stack" : Safe(place.name); }

  std::string Title(const Place& place, const Resource* resource) const {
    return Paint(look_, Colour::kBold, Named(place)) + "  " + Paint(look_, Colour::kDim, Safe(place.type)) +
           MadeAt(resource) + "\n";
  }

  // "  at fastcart/network.py:74", or nothing.
  std::string MadeAt(const Resource* resource) const {
    const std::vector<SourceLine> source = SourceOf(resource, report_.source_root);
    return source.empty() ? "" : "  " + Paint(look_, Colour::kDim, Safe("at " + ToString(source.front())));
  }

  void WriteRule(const Said& said) {
    const Guardrail& rule = *said.finding->guardrail;
    const bool mandatory = said.level == Level::kMandatory;
    const std::string mark = Safe(mandatory ? "✗" : said.waived() ? "~" : "!");
    const Colour colour = mandatory ? Colour::kRed : said.waived() ? Colour::kCyan : Colour::kYellow;
    const std::string_view level = said.waived() ? "waived" : LevelName(said.level);
    out_ += fmt::format("  {} {}  {}\n", Paint(look_, colour, mark), Paint(look_, Colour::kBold, Safe(rule.name)),
                        Paint(look_, Colour::kDim, fmt::format("{}, severity {}", level, SeverityName(rule.severity))));
  }

  void WriteViolation(const Finding& f) {
    const std::string where = f.path.ToString();
    if (f.verdict == Verdict::kNote) {
      Line(4, where.empty() ? f.reason.str() : where + ": " + f.reason.str());
    } else {
      Line(4, fmt::format("{}{}{} → {}", where, where.empty() ? "" : " ", FoundInWords(f).str(), f.expected.str()));
    }
    if (f.waiver)
      Line(4, fmt::format("Waived until {} by {} ({}): {}", f.waiver->expires, f.waiver->owner, f.waiver->place,
                          f.waiver->reason));
    if (!f.lapsed.empty()) Line(4, f.lapsed.str());
  }

  void WriteFix(const std::string& fix) {
    if (!fix.empty()) Line(4, "Fix: " + fix);
  }

  void WriteUndecided(const FileReport& file) {
    std::size_t count = 0;
    for (const Finding& f : file.results.findings) {
      if (f.verdict != Verdict::kUndecided) continue;
      if (count++ == 0) out_ += Paint(look_, Colour::kBold, "Undecided") + "\n";
      if (count <= kMostUndecided) WriteUndecided(f, PlaceOf(*file.stack, f));
    }
    if (count > kMostUndecided)
      Line(2, fmt::format("… and {} more; --format json lists all", count - kMostUndecided));
    if (count > 0) out_ += '\n';
  }

  void WriteUndecided(const Finding& f, const Place& place) {
    const std::string where = f.path.ToString();
    out_ += fmt::format("  {} {}  {}{}\n", Paint(look_, Colour::kCyan, "?"), Named(place), Safe(f.guardrail->name),
                        MadeAt(f.resource));
    Line(4, fmt::format("{}{}{}; wanted: {}", where, where.empty() ? "" : ": ", f.reason.str(), f.expected.str()));
  }

  void WriteFixes(const FileReport& file) {
    if (!report_.fix_plan) return;
    out_ += Paint(look_, Colour::kBold, "Fix plan") + "\n";
    if (file.fixes.empty()) out_ += "  nothing that a change of inputs alone would mend\n";
    for (const ResourceFix& fix : file.fixes) {
      out_ += "  " + Title({"", std::string(fix.resource->type), std::string(fix.resource->name)}, fix.resource);
      for (const RemedyOf& remedy : fix.remedies)
        for (const Change& change : remedy.remedy.changes()) WriteChange(*remedy.rule->guardrail, change);
    }
    out_ += '\n';
  }

  void WriteChange(const Guardrail& guardrail, const Change& change) {
    Line(4, fmt::format("{} = {}", change.path.ToString(), InWords(change.value)));
    Line(6, fmt::format("{}: {}", guardrail.name, change.why.str()));
  }

  static std::string InWords(const NewValue& value) {
    if (const bool* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
    if (const double* number = std::get_if<double>(&value)) return Text::Number(*number).str();
    if (const auto* text = std::get_if<std::string>(&value)) return fmt::format("\"{}\"", *text);
    const auto& list = std::get<std::vector<std::string>>(value);
    return list.empty() ? "[]" : fmt::format("[\"{}\"]", fmt::join(list, "\", \""));
  }

  // Those that are fine stand beside what they cover.
  void WriteWaivers() {
    bool any = false;
    for (std::size_t i = 0; i < report_.waiver_states.size(); ++i) {
      if (!NeedsAttention(report_.waiver_states[i])) continue;
      if (!std::exchange(any, true)) out_ += Paint(look_, Colour::kBold, "Waivers") + "\n";
      const Waiver& waiver = report_.waivers->entries()[i].waiver;
      out_ += fmt::format("  {} {}\n", Paint(look_, Colour::kYellow, "!"),
                          Safe(fmt::format("{} on {}", waiver.rule, waiver.resource)));
      Line(4, AboutWaiver(report_.waiver_states[i], waiver).str());
    }
    if (any) out_ += '\n';
  }

  void WriteSummary() {
    out_ += Verdict(EndingOf(report_)) + "  " + Safe(SummaryInWords(report_)) + "\n";
  }

  std::string Verdict(Ending ending) const {
    switch (ending) {
      case Ending::kPassed: return Paint(look_, Colour::kGreen, "PASS");
      case Ending::kFailed: return Paint(look_, Colour::kRed, "FAIL");
      case Ending::kError: return Paint(look_, Colour::kRed, "ERROR");
    }
    return {};
  }

  const Report& report_;
  const Look look_;
  std::string out_;
};

}  // namespace

std::string WriteHuman(const Report& report, const Look& look) { return HumanWriter(report, look).Write(); }

}  // namespace guardrails
