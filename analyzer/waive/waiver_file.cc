#include "analyzer/waive/waiver_file.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/base/yaml_documents.h"
#include "analyzer/policy/config.h"
#include "analyzer/value/utf8.h"

namespace guardrails {
namespace {

constexpr std::size_t kMostFaults = 20;
constexpr auto kFileKeys = std::to_array<std::string_view>({"maximumDays", "waivers"});
constexpr auto kEntryKeys = std::to_array<std::string_view>(
    {"rule", "resource", "resourcePattern", "property", "stack", "owner", "reason", "expires", "value"});

// Written as a number, true, false or null, which are no texts unless they are quoted (yaml-cpp's tag "!").
bool IsText(const YAML::Node& node) {
  if (!node.IsScalar()) return false;
  const auto json = nlohmann::json::parse(node.Scalar(), nullptr, /*allow_exceptions=*/false);
  return node.Tag() == "!" || !(json.is_number() || json.is_boolean());
}

// Without white space around, and with single spaces instead of line breaks and the like.
std::string OneLine(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!space) out += c;
    if (space && !out.empty() && out.back() != ' ') out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

bool HasControls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool IsDigest(std::string_view text) {
  if (!text.starts_with("sha256:") && !text.starts_with("pbkdf2:")) return false;
  text.remove_prefix(7);
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

class Reader {
 public:
  Reader(std::string_view file, const Pack& pack, Date today) : file_(file), pack_(pack), today_(today) {}

  absl::StatusOr<std::shared_ptr<const WaiverBook>> Read(std::string_view text) {
    if (text.size() > kMaxWaiverFileBytes)
      Fault(nullptr, fmt::format("the file is larger than {} bytes; remove what has ended", kMaxWaiverFileBytes));
    else if (!IsUtf8(text))
      Fault(nullptr, "the file is not UTF-8; save it as UTF-8");
    else
      ReadYaml(std::string(text));
    if (faults_.empty()) return std::make_shared<const WaiverBook>(std::string(file_), today_, std::move(entries_));
    if (faults_.size() > kMostFaults) {
      const std::size_t more = faults_.size() - kMostFaults;
      faults_.resize(kMostFaults);
      faults_.push_back(fmt::format("{}: and {} more faults", file_, more));
    }
    return absl::InvalidArgumentError(fmt::format("{}", fmt::join(faults_, "\n")));
  }

 private:
  using Members = std::map<std::string, YAML::Node, std::less<>>;

  void Fault(const YAML::Mark* mark, std::string_view what) {
    faults_.push_back(mark && !mark->is_null() ? fmt::format("{}:{}: {}", file_, mark->line + 1, what)
                                               : fmt::format("{}: {}", file_, what));
  }
  void Fault(const YAML::Node& node, std::string_view what) {
    const YAML::Mark mark = node.Mark();
    Fault(&mark, what);
  }

  void ReadYaml(const std::string& text) {
    try {
      const YAML::Mark second = SecondYamlDocument(text);
      if (!second.is_null()) return Fault(&second, "a second document begins; keep all waivers in one");
      ReadFile(YAML::Load(text));
    } catch (const YAML::Exception& error) {
      Fault(&error.mark, "this is not valid YAML");
    }
  }

  void ReadFile(const YAML::Node& file) {
    if (file.IsNull()) return Fault(file, "the file is empty; write \"waivers: []\" for none");
    const auto members = ReadMembers(file, kFileKeys, "a waiver file is an object with the list waivers");
    if (!members) return;
    if (const auto at = members->find("maximumDays"); at != members->end()) ReadMaximum(at->second);
    const auto at = members->find("waivers");
    if (at == members->end()) return Fault(file, "the list waivers is missing; write \"waivers: []\" for none");
    const YAML::Node& list = at->second;
    if (!list.IsSequence()) return Fault(list, "waivers must be a list; write \"waivers: []\" for none");
    if (list.size() > kMaxWaivers) return Fault(list, fmt::format("there are more than {} waivers", kMaxWaivers));
    for (const YAML::Node& entry : list) ReadEntry(entry);
  }

  void ReadMaximum(const YAML::Node& node) {
    const std::string text = node.IsScalar() && node.Tag() != "!" ? node.Scalar() : std::string();
    int days = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
    const bool number = error == std::errc() && end == text.data() + text.size();
    if (!number || days < 1 || days > kMostDaysAhead)
      return Fault(node, fmt::format("maximumDays must be a whole number from 1 to {}", kMostDaysAhead));
    maximum_ = days;
  }

  // The members of an object, each once and none but these; nothing, and a fault, if it is none.
  std::optional<Members> ReadMembers(const YAML::Node& node, std::span<const std::string_view> known,
                                     std::string_view otherwise) {
    if (!node.IsMap()) {
      Fault(node, otherwise);
      return std::nullopt;
    }
    Members out;
    for (const auto& member : node) {
      const YAML::Node& key = member.first;
      const std::string name = key.IsScalar() ? key.Scalar() : std::string();
      if (std::find(known.begin(), known.end(), name) == known.end())
        Fault(key, UnknownKey(name, known));
      else if (!out.emplace(name, member.second).second)
        Fault(key, fmt::format("{} stands twice; keep one of the two", name));
    }
    return out;
  }

  static std::string UnknownKey(const std::string& name, std::span<const std::string_view> known) {
    return fmt::format("there is no key \"{}\"; allowed: {}{}", CutAt(OneLine(name), 40), fmt::join(known, ", "),
                       Suggestion(name, {known.begin(), known.end()}));
  }

  void ReadEntry(const YAML::Node& node) {
    const auto members = ReadMembers(node, kEntryKeys, "a waiver is an object with rule, resource, owner and more");
    if (!members) return;
    const std::size_t faults = faults_.size();
    WaiverBook::Entry entry;
    entry.line = node.Mark().line + 1;
    entry.waiver.place = fmt::format("{}:{}", BaseName(file_), entry.line);
    ReadRule(node, *members, entry.waiver);
    ReadResource(node, *members, entry);
    entry.waiver.property = Exact(*members, "property");
    ReadStack(*members, entry.waiver);
    entry.waiver.owner = Words(node, *members, "owner", "name who answers for it", 1);
    entry.waiver.reason =
        Words(node, *members, "reason", fmt::format("say why in at least {} characters", kMinReason), kMinReason);
    ReadExpiry(node, *members, entry);
    ReadValues(node, *members, entry.waiver);
    if (faults_.size() == faults) entries_.push_back(std::move(entry));
  }

  const YAML::Node* Needed(const YAML::Node& entry, const Members& members, std::string_view key, std::string_view fix) {
    const auto at = members.find(key);
    if (at != members.end()) return &at->second;
    Fault(entry, fmt::format("{} is missing; {}", key, fix));
    return nullptr;
  }

  // A text as it is; empty, with a fault, if it is none.
  std::string TextOf(const YAML::Node& node, std::string_view key) {
    if (!IsText(node)) {
      Fault(node, fmt::format("{} must be a text; quote what looks like a number", key));
    } else if (node.Scalar().size() > kMaxWaiverText) {
      Fault(node, fmt::format("{} is longer than {} bytes", key, kMaxWaiverText));
    } else {
      return node.Scalar();
    }
    return {};
  }

  // A name of one line, where there is one.
  std::optional<std::string> Exact(const Members& members, std::string_view key) {
    const auto at = members.find(key);
    if (at == members.end()) return std::nullopt;
    std::string text = TextOf(at->second, key);
    if (HasControls(text)) Fault(at->second, fmt::format("{} holds a line break or control character", key));
    return text;
  }

  // What a person wrote, in one line, of at least that many characters.
  std::string Words(const YAML::Node& entry, const Members& members, std::string_view key, std::string_view fix,
                    std::size_t least) {
    const YAML::Node* node = Needed(entry, members, key, fix);
    if (node == nullptr) return {};
    const std::size_t faults = faults_.size();
    std::string text = OneLine(TextOf(*node, key));
    if (faults_.size() > faults) return {};
    if (Characters(text) < least) Fault(*node, fmt::format("{} is too short; {}", key, fix));
    if (HasControls(text)) Fault(*node, fmt::format("{} holds a control character", key));
    return text;
  }

  void ReadRule(const YAML::Node& entry, const Members& members, Waiver& out) {
    const YAML::Node* node = Needed(entry, members, "rule", "name the guardrail");
    if (node == nullptr) return;
    out.rule = TextOf(*node, "rule");
    std::vector<std::string_view> names;
    for (const Guardrail* g : pack_.guardrails) names.push_back(g->name);
    if (out.rule.empty() || std::find(names.begin(), names.end(), out.rule) == names.end())
      Fault(*node, fmt::format("\"{}\" is no guardrail{} (list names them)", CutAt(OneLine(out.rule), 80),
                               Suggestion(out.rule, names)));
  }

  void ReadResource(const YAML::Node& node, const Members& members, WaiverBook::Entry& out) {
    const std::size_t faults = faults_.size();
    const auto exact = Exact(members, "resource"), pattern = Exact(members, "resourcePattern");
    if (faults_.size() > faults) return;
    if (exact.has_value() == pattern.has_value())
      return Fault(node, "give either resource (a URN or a name) or resourcePattern (RE2)");
    out.waiver.resource = exact ? *exact : *pattern;
    out.waiver.is_pattern = pattern.has_value();
    if (out.waiver.resource.empty()) return Fault(node, "the resource is empty; give its URN or name");
    if (!pattern) return;
    out.pattern = std::make_unique<const RE2>(*pattern, RE2::Quiet);
    if (!out.pattern->ok())
      Fault(members.at("resourcePattern"), fmt::format("resourcePattern is no RE2 pattern: {}", out.pattern->error()));
  }

  // An empty name, such as a template makes of nothing, is not read as none: it would hold in every stack.
  void ReadStack(const Members& members, Waiver& out) {
    const std::size_t faults = faults_.size();
    const auto name = Exact(members, "stack");
    if (name && name->empty() && faults_.size() == faults)
      Fault(members.at("stack"), "stack is empty; give its name, or leave it out for any");
    out.stack = name.value_or("");
  }

  void ReadExpiry(const YAML::Node& entry, const Members& members, WaiverBook::Entry& out) {
    const YAML::Node* node = Needed(entry, members, "expires", "give its last day as YYYY-MM-DD");
    if (node == nullptr) return;
    const auto date = ParseDate(node->IsScalar() ? node->Scalar() : std::string());
    if (!date) return Fault(*node, "expires must be a day that exists, as YYYY-MM-DD");
    const Date last = today_ + std::chrono::days(maximum_);
    if (*date > last)
      return Fault(*node, fmt::format("expires is more than {} days ahead; give {} or an earlier day{}", maximum_,
                                      ShowDate(last), maximum_ < kMostDaysAhead ? ", or raise maximumDays" : ""));
    out.expires = *date;
    out.waiver.expires = ShowDate(*date);
  }

  void ReadValues(const YAML::Node& entry, const Members& members, Waiver& out) {
    constexpr std::string_view kFix = "give the valueDigest of the JSON report, or let the command waive write the entry";
    const YAML::Node* node = Needed(entry, members, "value", kFix);
    if (node == nullptr) return;
    const bool list = node->IsSequence();
    if (list && (node->size() == 0 || node->size() > kMaxWaiverValues))
      return Fault(*node, fmt::format("value must hold from 1 to {} digests", kMaxWaiverValues));
    for (std::size_t i = 0; i < (list ? node->size() : 1); ++i) {
      const YAML::Node digest = list ? (*node)[i] : *node;
      if (!digest.IsScalar() || !IsDigest(digest.Scalar()))
        Fault(digest, fmt::format("value is no digest (sha256: and 64 digits); {}", kFix));
      else
        out.values.push_back(digest.Scalar());
    }
  }

  std::string_view file_;
  const Pack& pack_;
  Date today_;
  int maximum_ = kDaysAhead;
  std::vector<WaiverBook::Entry> entries_;
  std::vector<std::string> faults_;
};

}  // namespace

bool WaiverBook::Entry::Names(std::string_view urn, std::string_view name) const {
  const auto matches = [this](std::string_view text) {
    return pattern ? RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *pattern) : text == waiver.resource;
  };
  return matches(urn) || matches(name);
}

absl::StatusOr<std::shared_ptr<const WaiverBook>> ParseWaivers(std::string_view text, std::string_view file,
                                                               const Pack& pack, Date today) {
  return Reader(file, pack, today).Read(text);
}

}  // namespace guardrails
