#include "analyzer/report/json_writer.h"

namespace guardrails {

namespace {

using nlohmann::ordered_json;

constexpr int kIndent = 2;

// Without a branch, and to the end of a text: so the compiler compares many characters at once.
int IsEscaped(char c) { return (c == '"') | (c == '\\'); }
int IsUnprintable(char c) { return (c < ' ') | (c > '~'); }

template <class Is>
bool HasAny(std::string_view text, Is is) {
  unsigned char out = 0;
  for (const char c : text) out = static_cast<unsigned char>(out | is(c));
  return out != 0;
}

// What is no UTF-8 becomes U+FFFD.
std::string Dumped(const ordered_json& value) {
  return value.dump(kIndent, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

void JsonWriter::Open(char bracket) {
  if (depth_ > 0) Next();
  out_ += bracket;
  ++depth_;
  is_first_ = true;
}

void JsonWriter::Open(std::string_view key, char bracket) {
  Key(key);
  out_ += bracket;
  ++depth_;
  is_first_ = true;
}

void JsonWriter::Close(char bracket) {
  --depth_;
  if (!is_first_) BreakLine();
  out_ += bracket;
  is_first_ = false;
}

void JsonWriter::Text(std::string_view key, std::string_view text) {
  Key(key);
  WriteText(text);
}

void JsonWriter::Value(std::string_view key, const ordered_json& value) {
  Key(key);
  Write(value);
}

void JsonWriter::Value(const ordered_json& value) {
  Next();
  Write(value);
}

void JsonWriter::Next() {
  if (!is_first_) out_ += ',';
  BreakLine();
  is_first_ = false;
}

void JsonWriter::Key(std::string_view key) {
  Next();
  ((out_ += '"') += key) += "\": ";
}

void JsonWriter::BreakLine() {
  out_ += '\n';
  out_.append(depth_ * kIndent, ' ');
}

void JsonWriter::Write(const ordered_json& value) {
  if (value.is_string()) return WriteText(value.get_ref<const std::string&>());
  WriteLines(Dumped(value));
}

void JsonWriter::WriteText(std::string_view text) {
  if (HasAny(text, IsUnprintable)) return WriteLines(Dumped(text));
  out_ += '"';
  if (!HasAny(text, IsEscaped)) {
    out_ += text;
  } else {
    for (const char c : text) {
      if (IsEscaped(c) != 0) out_ += '\\';
      out_ += c;
    }
  }
  out_ += '"';
}

// A value inside of others: texts have no line breaks, which are escaped there, so each one is followed by an indent.
void JsonWriter::WriteLines(std::string_view dumped) {
  for (std::size_t end = dumped.find('\n'); end != std::string_view::npos; end = dumped.find('\n')) {
    out_ += dumped.substr(0, end);
    BreakLine();
    dumped.remove_prefix(end + 1);
  }
  out_ += dumped;
}

}  // namespace guardrails
