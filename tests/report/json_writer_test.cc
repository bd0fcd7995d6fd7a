#include "analyzer/report/json_writer.h"

#include <gtest/gtest.h>

namespace guardrails {
namespace {

using nlohmann::ordered_json;

std::string Dumped(const ordered_json& value) {
  return value.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

TEST(JsonWriter, WritesTheBytesOfADump) {
  const ordered_json nested = {{"list", {1, 2.5, nullptr}}, {"empty", ordered_json::array()}, {"object", {{"a", true}}}};
  std::string text;
  JsonWriter out(text);
  out.Open('{');
  out.Value("number", 1);
  out.Open("none", '[');
  out.Close(']');
  out.Open("entries", '[');
  out.Open('{');
  out.Text("name", "orders");
  out.Value("nested", nested);
  out.Close('}');
  out.Value(nested);
  out.Open('{');
  out.Close('}');
  out.Close(']');
  out.Value("last", "x");
  out.Close('}');
  const ordered_json entries = {{{"name", "orders"}, {"nested", nested}}, nested, ordered_json::object()};
  EXPECT_EQ(text, Dumped({{"number", 1}, {"none", ordered_json::array()}, {"entries", entries}, {"last", "x"}}));
}

TEST(JsonWriter, EscapesTextsAsADumpDoes) {
  using namespace std::string_view_literals;
  for (const std::string_view hard : {R"("quoted")"sv, R"(C:\temp\)"sv, "two\nlines\t"sv, "\x01\x1f\x7f"sv, "größer"sv,
                                      "cut \xc3"sv, "\xff\xfe both"sv, ""sv, "\"\\\""sv, "null\0byte"sv}) {
    std::string text;
    JsonWriter out(text);
    out.Open('{');
    out.Text("text", hard);
    out.Value("value", hard);
    out.Close('}');
    EXPECT_EQ(text, Dumped({{"text", hard}, {"value", hard}}));
  }
}

}  // namespace
}  // namespace guardrails
