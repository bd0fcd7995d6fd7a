#include "analyzer/report/draw.h"

#include <fmt/format.h>

#include "absl/status/status.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/graphviz.h"

namespace guardrails {
namespace {

using Group = Picture::Group;
using Thing = Picture::Thing;
using Arrow = Picture::Arrow;

constexpr std::string_view kHead =
    "digraph stack {\n"
    "  graph [rankdir=LR, bgcolor=transparent, fontname=\"Helvetica\", fontsize=12, nodesep=0.18, ranksep=0.9, pad=0.1,\n"
    "         newrank=true, remincross=true]\n"
    "  node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=11, margin=\"0.16,0.07\", height=0.4]\n"
    "  edge [fontname=\"Helvetica\", fontsize=10, arrowsize=0.7]\n";

// In double quotes. Graphviz replaces backslash escapes and HTML entities in labels.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : PlainText(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '&' ? "&amp;" : c == '\n' || c == '\r' ? std::string(" ") : std::string(1, c);
  }
  return out + "\"";
}

std::string_view ToneName(Group::Tone tone) {
  switch (tone) {
    case Group::Tone::kOpen: return "open";
    case Group::Tone::kClosed: return "closed";
    case Group::Tone::kUnknown: return "unknown";
    case Group::Tone::kPlain: break;
  }
  return "plain";
}

std::string_view KindName(Arrow::Kind kind) {
  switch (kind) {
    case Arrow::Kind::kEncrypts: return "encrypts";
    case Arrow::Kind::kRoute: return "route";
    case Arrow::Kind::kTraffic: break;
  }
  return "traffic";
}

std::string_view Verb(const Arrow& arrow) {
  switch (arrow.kind) {
    case Arrow::Kind::kEncrypts: return arrow.certain ? "encrypts" : "perhaps encrypts";
    case Arrow::Kind::kRoute: return "leads to";
    case Arrow::Kind::kTraffic: break;
  }
  return arrow.certain ? "may talk to" : "may perhaps talk to";
}

class DotWriter {
 public:
  DotWriter(const Picture& picture, const Marks& marks) : picture_(picture), marks_(marks) {}

  std::string Write() {
    WriteInside(Picture::kNone, 1);
    for (const Arrow& arrow : picture_.arrows) WriteArrow(arrow);
    return std::string(kHead) + out_ + "}\n";
  }

 private:
  bool Wrong(const Resource* r, std::string_view property = {}) const { return r && marks_.wrong(*r, property); }

  std::string Common(std::string_view classes, bool fault, const Resource* r, std::string_view tooltip) const {
    const std::string link = r ? marks_.link(*r) : "";
    std::string out = fmt::format("class={}, tooltip={}", Quoted(fmt::format("{}{}", classes, fault ? " fault" : "")),
                                  Quoted(fmt::format("{}{}", tooltip, fault ? ": a guardrail is violated" : "")));
    return link.empty() ? out : out + fmt::format(", URL={}", Quoted(link));
  }

  void WriteInside(std::size_t group, std::size_t depth) {
    const std::string margin(2 * depth, ' ');
    for (std::size_t i = 0; i < picture_.things.size(); ++i)
      if (picture_.things[i].group == group) out_ += margin + ThingText(i);
    for (std::size_t i = 0; i < picture_.groups.size(); ++i) {
      if (picture_.groups[i].parent != group) continue;
      const Group& g = picture_.groups[i];
      out_ += fmt::format("{}subgraph cluster_{} {{ label={}; style=rounded; {}\n", margin, i, Quoted(g.label.str()),
                          Semicolons(Common(ToneName(g.tone), Wrong(g.resource), g.resource, g.label.str())));
      WriteInside(i, depth + 1);
      out_ += margin + "}\n";
    }
  }

  static std::string Semicolons(const std::string& attributes) { return "graph [" + attributes + "];"; }

  std::string ThingText(std::size_t index) const {
    const Thing& thing = picture_.things[index];
    bool fault = Wrong(thing.resource);
    for (const Resource* part : thing.parts) fault = fault || Wrong(part);
    const std::string label = Quoted(thing.label.str()), kind = Quoted(thing.kind.str());
    return fmt::format("n{} [label={}, {}]\n", index,
                       label.substr(0, label.size() - 1) + "\\n" + kind.substr(1),
                       Common("thing", fault, thing.resource, thing.label.str()));
  }

  void WriteArrow(const Arrow& arrow) {
    const std::string words = fmt::format("{} {} {}", picture_.things[arrow.from].label.str(), Verb(arrow),
                                          picture_.things[arrow.to].label.str());
    out_ += fmt::format("  n{} -> n{} [label={}, style={}, {}]\n", arrow.from, arrow.to, Quoted(arrow.label.str()),
                        !arrow.certain ? "dotted" : arrow.kind == Arrow::Kind::kEncrypts ? "dashed" : "solid",
                        Common(KindName(arrow.kind), Wrong(arrow.by, arrow.property), nullptr, words));
  }

  const Picture& picture_;
  const Marks& marks_;
  std::string out_;
};

// "151 things or more", for who makes the picture may have ended there; empty: it can be looked at.
std::string TooMany(const Picture& picture) {
  std::string out;
  const auto add = [&out](std::size_t count, std::size_t most, std::string_view what) {
    if (count > most) out += fmt::format("{}{} {} or more", out.empty() ? "" : " and ", count, what);
  };
  add(picture.things.size(), kMostThings, "things");
  add(picture.arrows.size(), kMostArrows, "arrows");
  return out;
}

}  // namespace

std::string AsDot(const Picture& picture, const Marks& marks) { return DotWriter(picture, marks).Write(); }

absl::StatusOr<std::string> Draw(const Picture& picture, const Marks& marks) {
  if (const std::string too_many = TooMany(picture); !too_many.empty())
    return absl::OutOfRangeError("The stack is too large for a picture: it would have " + too_many);
  return LayoutAsSvg(AsDot(picture, marks));
}

std::vector<std::string> InWords(const Picture& picture) {
  std::vector<std::string> out;
  for (const Arrow& arrow : picture.arrows)
    out.push_back(fmt::format("{} {} {}{}{}", picture.things[arrow.from].label.str(), Verb(arrow),
                              picture.things[arrow.to].label.str(), arrow.label.empty() ? "" : ": ", arrow.label.str()));
  return out;
}

}  // namespace guardrails
