// JSON written as it is made, in the bytes of nlohmann's dump(2): a report of many findings stands in memory as text
// alone, not as values of several times that size as well.
//
// Not thread-safe. Every Open needs its Close.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  // Makes room for that many bytes more, so that a long text does not have to move as it grows.
  void Reserve(std::size_t bytes) { out_.reserve(out_.size() + bytes); }

  // An object '{' or a list '[': the whole, or the next entry of a list.
  void Open(char bracket);
  // The same as a member of an object. Here and below, a key is a name of the schema: nothing in it is escaped.
  void Open(std::string_view key, char bracket);
  void Close(char bracket);

  void Text(std::string_view key, std::string_view text);
  void Value(std::string_view key, const nlohmann::ordered_json& value);
  // The next entry of a list.
  void Value(const nlohmann::ordered_json& value);

 private:
  void Next();
  void Key(std::string_view key);
  void BreakLine();
  void Write(const nlohmann::ordered_json& value);
  void WriteText(std::string_view text);
  void WriteLines(std::string_view dumped);

  std::string& out_;
  std::size_t depth_ = 0;
  bool is_first_ = true;  // of what stands in the innermost object or list
};

}  // namespace guardrails
