// A comment for a pull request: the verdict, a table of the files, violations folded by resource. It stays below
// GitHub's limit of 65,536 characters for a comment, and says how much it left out.
#include <fmt/format.h>

#include <algorithm>

#include "analyzer/policy/waiver.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/format.h"
#include "analyzer/report/listed.h"

namespace guardrails {
namespace {

// In bytes, which are never fewer than characters; with room for the closing words.
constexpr std::size_t kLimit = 65'536 - 1024;
constexpr std::size_t kShareOfUndecided = kLimit / 4, kLongestBlock = kLimit / 4;

std::string_view Verdict(Ending ending) {
  switch (ending) {
    case Ending::kPassed: return "PASS";
    case Ending::kFailed: return "FAIL";
    case Ending::kError: return "ERROR";
  }
  return {};
}

// Blocks, as many as there is room for.
class Blocks {
 public:
  explicit Blocks(std::size_t room) : room_(room) {}
  void Add(const std::string& block, std::size_t findings) {
    full_ = full_ || out_.size() + block.size() > room_;
    if (full_) {
      left_out_ += findings;
    } else {
      out_ += block;
    }
  }
  std::string Text(std::string_view what) const {
    if (left_out_ == 0) return out_;
    return out_ + fmt::format("\n_{} left out of this comment: the other formats have all._\n", Counted(left_out_, what));
  }

 private:
  std::size_t room_, left_out_ = 0;
  bool full_ = false;
  std::string out_;
};

class MarkdownWriter {
 public:
  explicit MarkdownWriter(const Report& report)
      : report_(report), groups_(ByResource(Violations(report))), undecided_(Undecided(report)) {}

  std::string Write() {
    const Pack& pack = report_.pack->pack();
    std::string out = fmt::format("<!-- {} -->\n## {}: {}\n\n{}\n", pack.name, pack.display_name, Verdict(EndingOf(report_)),
                                  MarkdownText(SummaryInWords(report_)));
    out += Table();
    out += Errors();
    const std::string undecided = UndecidedBlocks();
    out += ViolationBlocks(kLimit - out.size() - undecided.size());
    return out + undecided;
  }

 private:
  std::string Table() const {
    const std::string out = "\n| file | stack | resources | mandatory | advisory | waived | undecided |\n|---|---|---:|---:|---:|---:|---:|\n";
    Blocks rows(kLimit / 4);
    for (const FileReport& file : report_.files)
      if (file.stack) rows.Add(Row(file), 1);
    return out + rows.Text("file");
  }

  std::string Row(const FileReport& file) const {
    std::size_t mandatory = 0, advisory = 0, waived = 0, undecided = 0;
    for (const Group& group : groups_)
      for (const Listed& v : group.violations)
        if (v.file == &file) ++(v.waived() ? waived : v.level == Level::kMandatory ? mandatory : advisory);
    for (const Listed& u : undecided_)
      if (u.file == &file) ++undecided;
    return fmt::format("| {} | {}/{} | {} | {} | {} | {} | {} |\n", MarkdownCode(NameOf(file)),
                       MarkdownText(file.stack->project()), MarkdownText(file.stack->name()),
                       file.stack->resources().size(), mandatory, advisory, waived, undecided);
  }

  std::string Errors() const {
    Blocks out(kLimit / 8);
    for (const FileReport& file : report_.files)
      for (const std::string& error : file.errors) out.Add(fmt::format("- **Error:** {}\n", MarkdownText(error)), 1);
    const std::string text = out.Text("error");
    return text.empty() ? "" : "\n" + text;
  }

  std::string ViolationBlocks(std::size_t room) const {
    if (groups_.empty()) return {};
    Blocks out(room);
    for (const Group& group : groups_) out.Add(Block(group), group.violations.size());
    return "\n### Violations\n\n" + out.Text("violation");
  }

  static std::string Block(const Group& group) {
    const Listed& first = group.violations.front();
    Blocks items(kLongestBlock);
    for (const Listed& violation : group.violations) items.Add(Item(violation), 1);
    return fmt::format("<details><summary><b>{}</b> <code>{}</code>: {}</summary>\n\n{}\n</details>\n",
                       MarkdownHtml(first.name()), MarkdownHtml(first.place.type), Counts(group), items.Text("violation"));
  }

  static std::string Counts(const Group& group) {
    std::size_t mandatory = 0, advisory = 0, waived = 0;
    for (const Listed& v : group.violations) ++(v.waived() ? waived : v.level == Level::kMandatory ? mandatory : advisory);
    std::string out;
    const auto add = [&out](std::size_t count, std::string_view what) {
      if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, what);
    };
    add(mandatory, "mandatory");
    add(advisory, "advisory");
    add(waived, "waived");
    return out;
  }

  static std::string Item(const Listed& v) {
    const Guardrail& rule = *v.finding->guardrail;
    std::string out = fmt::format("- **{}** ({}, severity {}){}  \n  {}\n", MarkdownText(rule.name),
                                  v.waived() ? "waived" : LevelName(v.level), SeverityName(rule.severity),
                                  v.source.empty() ? "" : ", at " + MarkdownCode(ToString(v.source.front())),
                                  MarkdownText(WhatIsWrong(v)));
    if (!v.finding->fix.empty()) out += fmt::format("  **Fix:** {}\n", MarkdownText(v.finding->fix.str()));
    if (v.waived()) out += fmt::format("  **{}**\n", MarkdownText(WaiverInWords(*v.finding->waiver)));
    return out;
  }

  std::string UndecidedBlocks() const {
    if (undecided_.empty()) return {};
    Blocks items(kShareOfUndecided);
    for (const Listed& u : undecided_)
      items.Add(fmt::format("- **{}** {}: {}\n", MarkdownText(u.finding->guardrail->name), MarkdownText(u.name()),
                            MarkdownText(WhatIsWrong(u))),
                1);
    return fmt::format("\n<details><summary>{} undecided</summary>\n\n{}\n</details>\n", undecided_.size(),
                       items.Text("undecided finding"));
  }

  const Report& report_;
  const std::vector<Group> groups_;
  const std::vector<Listed> undecided_;
};

}  // namespace

std::string WriteMarkdown(const Report& report, const Look&) { return MarkdownWriter(report).Write(); }

}  // namespace guardrails
