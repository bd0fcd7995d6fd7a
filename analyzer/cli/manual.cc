#include "analyzer/cli/manual.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "analyzer/report/look.h"

namespace guardrails {
namespace {

// A line of text that is no request, with its hyphens as they are typed.
std::string Escaped(std::string_view text) {
  std::string out = absl::StrReplaceAll({text.data(), text.size()}, {{"\\", "\\e"}, {"-", "\\-"}});
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

// A paragraph in lines of a usual length.
std::string Filled(std::string_view text) {
  std::string out;
  const std::string wrapped = Wrapped({.width = 70}, 0, text);
  for (const auto& line : absl::StrSplit(wrapped, '\n', absl::SkipEmpty())) out += Escaped({line.data(), line.size()}) + "\n";
  return out;
}

std::string Bold(std::string_view text) { return "\\fB" + Escaped(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Escaped(text) + "\\fR"; }

// "--output FILE", "FILE ...".
std::string Term(const OptionInfo& option) {
  if (option.operand) return Italic(option.names[0]) + (option.repeats ? " ..." : "");
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back(Bold(name));
  return fmt::format("{}", fmt::join(names, ", ")) + (option.value.empty() ? "" : " " + Italic(option.value));
}

std::string Options(const CommandInfo& command) {
  std::string out;
  for (const OptionInfo& option : command.options)
    out += fmt::format(".TP\n{}\n{}", Term(option), Filled(option.description));
  return out;
}

constexpr std::string_view kExample = ".RS 4\n.EX\n", kExampleEnd = ".EE\n.RE\n";

// Lines that begin with two blanks stand as they are.
std::string Notes(std::string_view notes) {
  std::string out;
  bool example = false, fresh = false;
  for (const auto& part : absl::StrSplit(absl::string_view(notes.data(), notes.size()), '\n')) {
    const std::string_view line(part.data(), part.size());
    const bool now = line.starts_with("  ");
    if (example && !now) out += kExampleEnd;
    if (line.empty()) {
      fresh = true;
    } else {
      if (fresh) out += ".PP\n";
      if (now && !example) out += kExample;
      out += now ? Escaped(line.substr(2)) + "\n" : Filled(line);
      fresh = false;
    }
    example = now;
  }
  return example ? out.append(kExampleEnd) : out;
}

// fastcart-guardrails check [OPTION]... [FILE ...]
std::string Synopsis(const Interface& interface, const CommandInfo& command) {
  std::string out = Bold(interface.program.name) + " " + Bold(command.name) + " [" + Italic("OPTION") + "]...";
  for (const OptionInfo& option : command.options)
    if (option.operand) out += option.repeats ? " [" + Term(option) + "]" : " " + Term(option);
  return out + "\n";
}

std::string Commands(const Interface& interface) {
  std::string out;
  for (const CommandInfo& command : interface.commands)
    out += fmt::format(".SS {}\n{}{}{}{}", command.name, Filled(command.description + "."), Options(command),
                       command.notes.empty() ? "" : ".PP\n", Notes(command.notes));
  return out;
}

}  // namespace

std::string ManualPage(const Interface& interface, std::string_view date) {
  const CommandInfo& program = interface.program;
  std::string synopses;
  for (const CommandInfo& command : interface.commands)
    synopses += (synopses.empty() ? "" : ".br\n") + Synopsis(interface, command);
  return fmt::format(".TH {0} 1 {1} \"{2} {3}\" \"User Commands\"\n"
                     ".SH NAME\n{4} \\- {5}\n.SH SYNOPSIS\n{6}.SH DESCRIPTION\n{7}.SH OPTIONS\n{8}.SH COMMANDS\n{9}",
                     absl::AsciiStrToUpper(program.name), date, program.name, interface.version,
                     Escaped(program.name), Escaped(program.description), synopses, Notes(program.notes),
                     Options(program), Commands(interface));
}

}  // namespace guardrails
