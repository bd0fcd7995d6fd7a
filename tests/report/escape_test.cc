#include <gtest/gtest.h>

#include "analyzer/report/escape.h"

namespace guardrails {
namespace {

struct Case {
  std::string_view text, escaped;
};

TEST(XmlText, IsContentAndQuotedAttribute) {
  const Case cases[] = {
      {"", ""},
      {"plain ä → 日", "plain ä → 日"},
      {"a < b && c > \"d'\"", "a &lt; b &amp;&amp; c &gt; &quot;d&#39;&quot;"},
      {"]]><script>", "]]&gt;&lt;script&gt;"},
      {"line\n\ttab", "line\n\ttab"},
      {std::string_view("nul\0", 4), "nul\uFFFD"},
      {"bell\a, escape\x1b, delete\x7f", "bell\uFFFD, escape\uFFFD, delete\uFFFD"},
      {"no\xff utf-8\xc3", "no\uFFFD utf-8\uFFFD"},
      {"\uFFFE", "\uFFFD"},
      {"a\u202Eb\u2066c", "a\uFFFDb\uFFFDc"},
  };
  for (const Case& c : cases) EXPECT_EQ(XmlText(c.text), c.escaped) << c.text;
}

TEST(MarkdownText, IsNoMarkup) {
  const Case cases[] = {
      {"orders-dev is 1.", "orders-dev is 1."},
      {"*bold* _it_ ~no~ `code`", "\\*bold\\* \\_it\\_ \\~no\\~ \\`code\\`"},
      {"[text](http://a)", "\\[text\\](http&#58;<!-- -->//a)"},
      {"see www.evil.example, ww.w. wwww.x", "see www<!-- -->.evil.example, ww.w. wwww<!-- -->.x"},
      {"GH-12 gh-3 GH- 4 GHz-5", "GH-<!-- -->12 gh-<!-- -->3 GH- 4 GHz-5"},
      {"16c999e8c71134401a78 feed-face 123456 x1234567",
       "16c999<!-- -->e8c711<!-- -->34401a<!-- -->78 feed-face 123456 x123456<!-- -->7"},
      {"a\u202Eb\u2066c", "a\uFFFDb\uFFFDc"},
      {"![image](x)", "\\!\\[image\\](x)"},
      {"<img src=x> &lt;", "&lt;img src=x&gt; &amp;lt;"},
      {"@team #12 :tada:", "@<!-- -->team #<!-- -->12 &#58;tada<!-- -->&#58;"},
      {"a::b: c:d/e:f:", "a&#58;&#58;b<!-- -->&#58; c&#58;d/e&#58;f<!-- -->&#58;"},
      {"a|b\nc\\|", "a\\|b c\\\\\\|"},
      {"$x$", "\\$x\\$"},
      {"\x1b[31m \xff", "\uFFFD\\[31m \uFFFD"},
  };
  for (const Case& c : cases) EXPECT_EQ(MarkdownText(c.text), c.escaped) << c.text;
  EXPECT_EQ(MarkdownCode("a`b|c"), "<code>a\\`b\\|c</code>");
}

TEST(MarkdownHtml, IsHtmlThatMentionsNobody) {
  const Case cases[] = {
      {"<b>*a_b*</b> @team\n#12", "&lt;b&gt;*a_b*&lt;/b&gt; @<!-- -->team #<!-- -->12"},
      {"www.evil.example GH-12 :tada: http://a",
       "www<!-- -->.evil.example GH-<!-- -->12 :tada<!-- -->: http:<!-- -->//a"},
      {"aws:kinesis/stream:Stream", "aws:kinesis/stream:Stream"},
      {"1234567 a\u202Eb", "123456<!-- -->7 a\uFFFDb"},
  };
  for (const Case& c : cases) EXPECT_EQ(MarkdownHtml(c.text), c.escaped) << c.text;
}

TEST(PlainText, LeavesOutWhatDisturbs) {
  const Case cases[] = {
      {"plain ä → 日\n\t:*<", "plain ä → 日\n\t:*<"},
      {"\u202A\u202B\u202C\u202D\u202E", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\u2066\u2067\u2068\u2069", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\x1b[31m\r \u200F\u2028\uFEFF \xff", "\uFFFD[31m\uFFFD \uFFFD\uFFFD\uFFFD \uFFFD"},
  };
  for (const Case& c : cases) EXPECT_EQ(PlainText(c.text), c.escaped) << c.text;
}

TEST(Command, CannotBeEndedByItsText) {
  EXPECT_EQ(CommandData("50% of a:b,c\r\n::error::x"), "50%25 of a:b,c%0D%0A::error::x");
  EXPECT_EQ(CommandData("a\u202Eb \x1b[1m"), "a\uFFFDb \uFFFD[1m");
  EXPECT_EQ(CommandProperty("a\u202Eb"), "a\uFFFDb");
  EXPECT_EQ(CommandProperty("50% of a:b,c\r\n::error::x"), "50%25 of a%3Ab%2Cc%0D%0A%3A%3Aerror%3A%3Ax");
}

}  // namespace
}  // namespace guardrails
