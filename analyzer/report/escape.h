// Texts made safe for what they are put into. What is no UTF-8 becomes U+FFFD everywhere, and so do characters that
// disturb, but for line breaks and tabs, which each does its own way with.
#pragma once

#include <string>
#include <string_view>

namespace guardrails {

// Whether people would be misled about a text, or a terminal be disturbed: control characters, and those that have no
// looks but turn the direction of what stands around them, or end a line.
bool Disturbs(char32_t code);

// For what programs show as text: the message of a result, a label.
std::string PlainText(std::string_view text);

// For XML 1.0 and HTML, as content and in quoted attributes. Characters that XML does not have become U+FFFD.
std::string XmlText(std::string_view text);

// For GitHub's Markdown, inside of one line: no markup, no HTML, no mention of a person, an issue or a commit.
std::string MarkdownText(std::string_view text);
// The same in code: `text`, also where the text has backticks, and in cells of tables.
std::string MarkdownCode(std::string_view text);
// For HTML that stands in GitHub's Markdown on lines of its own, where no markup is read: only what MarkdownText takes
// for a mention still is.
std::string MarkdownHtml(std::string_view text);

// For GitHub's workflow commands: ::error file=PROPERTY,title=PROPERTY::DATA
// (github.com/actions/toolkit, packages/core/src/command.ts).
std::string CommandData(std::string_view text);
std::string CommandProperty(std::string_view text);

}  // namespace guardrails
