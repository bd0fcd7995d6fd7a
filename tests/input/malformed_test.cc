// Real files, spoilt in every way that can be generated: each is refused with its place, or means what it meant.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analyzer/input/files.h"
#include "tests/input/describe.h"

namespace guardrails {
namespace {

using nlohmann::json;
using testing::Describe;
using testing::Fixture;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using ::testing::TestWithParam;

// What a text is read as: its stack in words, or "refused". Anything else is a fault of the reader.
std::string Reading(std::string_view text) {
  const auto read = ReadStack(text, "FILE", {});
  if (read.ok()) return Describe(*read->stack);
  EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(read.status().message()), StartsWith("FILE: "));
  EXPECT_LT(read.status().message().size(), 1000u);
  EXPECT_EQ(read.status().message().find("hunter2"), absl::string_view::npos) << read.status();
  return "refused";
}

// --- Truncations of the real recordings: behind every bracket, comma, colon and quote.

std::vector<std::size_t> StructuralBytes(std::string_view text) {
  std::vector<std::size_t> out;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\') {
      ++i;
      continue;
    }
    if (text[i] == '"') in_string = !in_string;
    if (text[i] == '"' || (!in_string && std::string_view("{}[],:").find(text[i]) != std::string_view::npos)) out.push_back(i);
  }
  return out;
}

class CutRecording : public TestWithParam<const char*> {};

// Every 97th structural byte of the large ones, which have 20,000, and every 7th of the small: primes, so that each kind
// comes. The fixtures of truncation_test.cc are cut at every byte.
TEST_P(CutRecording, IsRefusedBehindStructuralBytes) {
  const std::string text = Fixture(std::string("real/") + GetParam());
  const std::vector<std::size_t> cuts = StructuralBytes(text);
  const std::size_t step = cuts.size() > 5000 ? 97 : 7;
  const std::size_t whole = text.find_last_not_of(" \n");
  for (std::size_t i = 0; i < cuts.size() && cuts[i] < whole; i += step)
    ASSERT_EQ(Reading(std::string_view(text).substr(0, cuts[i] + 1)), "refused") << "cut behind byte " << cuts[i];
}

INSTANTIATE_TEST_SUITE_P(Malformed, CutRecording,
                         ::testing::Values("preview-create.json.gz", "preview-update.json.gz", "preview-update-show-sames.json.gz",
                                           "export.json.gz", "export-show-secrets.json.gz", "checkpoint.json.gz",
                                           "up-create.events.jsonl.gz"));

// --- Other values at every path.

void ForEachPath(const json& at, const json::json_pointer& path, const std::function<void(const json::json_pointer&)>& visit) {
  visit(path);
  if (at.is_object())
    for (const auto& [key, value] : at.items()) ForEachPath(value, path / key, visit);
  if (at.is_array())
    for (std::size_t i = 0; i < at.size(); ++i) ForEachPath(at[i], path / i, visit);
}

class SpoiltFixture : public TestWithParam<const char*> {
 protected:
  const std::string text_ = Fixture(std::string("input/") + GetParam());
  const json file_ = json::parse(text_);
};

// What the model is made of never comes from a value of another kind; what nobody reads may be anything.
TEST_P(SpoiltFixture, AValueOfAnotherKindIsRefusedOrReadAsItself) {
  const json others[] = {nullptr, true, -1, 1e300, "", "hunter2", json::array(), json::object(), json::array({json::object()})};
  std::size_t refused = 0, read = 0;
  ForEachPath(file_, json::json_pointer(), [&](const json::json_pointer& path) {
    for (const json& other : others) {
      json spoilt = file_;
      spoilt[path] = other;
      ++(Reading(spoilt.dump()) == "refused" ? refused : read);
    }
  });
  EXPECT_GT(refused, 50u);
  EXPECT_GT(read, 50u);
}

// JSON leaves open which of two values a key has: a reader that takes either would depend on their order.
TEST_P(SpoiltFixture, AKeyThatStandsTwiceIsRefusedOrChangesNothing) {
  std::size_t refused = 0;
  const std::string meant = Reading(text_);
  ForEachPath(file_, json::json_pointer(), [&](const json::json_pointer& path) {
    const json& object = file_[path];
    if (!object.is_object()) return;
    for (const auto& [key, value] : object.items()) {
      const std::string quoted = json(key).dump() + ":", same = quoted + value.dump(), other = quoted + "\"hunter2\"";
      json rest = object;
      rest.erase(key);
      const std::string others = rest.empty() ? "" : "," + rest.dump().substr(1, rest.dump().size() - 2);
      for (const std::string& both : {same + "," + other, other + "," + same}) {
        json spoilt = file_;
        spoilt[path] = "<here>";
        std::string text = spoilt.dump();
        text.replace(text.find("\"<here>\""), 8, "{" + both + others + "}");
        const std::string got = Reading(text);
        refused += got == "refused" ? 1 : 0;
        ASSERT_THAT(got, AnyOf("refused", meant)) << path << " " << both;
      }
    }
  });
  EXPECT_GT(refused, 50u);
}

TEST_P(SpoiltFixture, AKeyMoreIsReadOver) {
  const std::string meant = Reading(text_);
  ForEachPath(file_, json::json_pointer(), [&](const json::json_pointer& path) {
    // Their keys are data: names of properties and settings, and operations, each with its count.
    const std::string text = path.to_string();
    const bool bag = std::ranges::any_of(std::to_array({"puts", "onfig", "rovider", "ependencies", "changeSummary", "resourceChanges"}),
                                         [&](const char* part) { return text.find(part) != std::string::npos; });
    if (!file_[path].is_object() || bag) return;
    json more = file_;
    more[path]["keyOfTheFuture"] = {{"a", {1, 2}}};
    ASSERT_EQ(Reading(more.dump()), meant) << path;
  });
}

INSTANTIATE_TEST_SUITE_P(Malformed, SpoiltFixture,
                         ::testing::Values("preview.json", "export.json", "events.json", "list.json"));

// --- Bytes that are no text, numbers that are none, depth, at every property value.

std::string InProperty(std::string_view value) {
  return R"({"project": "shop", "stack": "dev", "resources": [{"type": "a:b:C", "name": "x", "properties": {"p": )" +
         std::string(value) + "}}]}";
}

struct Odd {
  const char* what;
  std::string value;
  const char* read;  // as the property is described; null: refused
};

class OddValue : public TestWithParam<Odd> {};

TEST_P(OddValue, IsReadAsItselfOrRefused) {
  const std::string got = Reading(InProperty(GetParam().value));
  if (GetParam().read) {
    EXPECT_THAT(got, HasSubstr(std::string("{p: ") + GetParam().read + "}")) << GetParam().what;
  } else {
    EXPECT_EQ(got, "refused") << GetParam().what;
  }
}

std::string Nested(std::size_t depth, const std::string& open, const std::string& close) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += open;
  out += "1";
  for (std::size_t i = 0; i < depth; ++i) out += close;
  return out;
}

using namespace std::string_literals;

INSTANTIATE_TEST_SUITE_P(
    Malformed, OddValue,
    ::testing::Values(
        Odd{"the largest integer", "18446744073709551615", "1.8446744073709552e+19"}, Odd{"one more", "18446744073709551616", "1.8446744073709552e+19"},
        Odd{"400 digits", std::string(400, '9'), nullptr}, Odd{"beyond doubles", "1e999", nullptr},
        Odd{"minus beyond doubles", "-1e999", nullptr}, Odd{"an exponent of 20 digits", "1e99999999999999999999", nullptr},
        Odd{"a leading zero", "01", nullptr}, Odd{"a leading plus", "+1", nullptr}, Odd{"hexadecimal", "0x10", nullptr},
        Odd{"NaN", "NaN", nullptr}, Odd{"Infinity", "-Infinity", nullptr}, Odd{"a lone minus", "-", nullptr},
        Odd{"a NUL in a string", "\"a\0b\""s, nullptr}, Odd{"a NUL between values", "\0\"a\""s, nullptr},
        Odd{"a raw line break", "\"a\nb\"", nullptr}, Odd{"an unknown escape", R"("\x41")", nullptr},
        Odd{"half an escape", R"("\u00")", nullptr}, Odd{"half a pair", R"("\ud83d")", nullptr},
        Odd{"a pair the wrong way", R"("\ude00\ud83d")", nullptr}, Odd{"overlong UTF-8", "\"\xc0\xaf\"", nullptr},
        Odd{"a surrogate in UTF-8", "\"\xed\xa0\x80\"", nullptr}, Odd{"beyond Unicode", "\"\xf4\x90\x80\x80\"", nullptr},
        Odd{"half a character", "\"\xe2\x82\"", nullptr}, Odd{"Latin-1", "\"gr\xfc\xdf\"", nullptr},
        Odd{"a BOM within", "\xef\xbb\xbf\"a\"", nullptr}, Odd{"a comment", "/* x */ 1", nullptr},
        Odd{"a million brackets", Nested(1'000'000, "[", "]"), nullptr}, Odd{"a million braces", Nested(1'000'000, "{\"a\":", "}"), nullptr},
        Odd{"a million open brackets", std::string(1'000'000, '['), nullptr},
        Odd{"a million closed brackets", std::string(1'000'000, ']'), nullptr},
        Odd{"a million quotes", std::string(999'999, '"'), nullptr},
        Odd{"a secret in a secret, a hundred times",
            Nested(100, R"({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": )", "}"), "secret(1)"}));

TEST(ByteOrderMark, OfUtf8IsReadOver) {
  EXPECT_EQ(Reading("\xef\xbb\xbf" + InProperty("1")), Reading(InProperty("1")));
  EXPECT_EQ(Reading("\xef\xbb\xbf\xef\xbb\xbf" + InProperty("1")), "refused");
}

// --- Size: a bomb, a long line, many parts. The limits are given, so that no machine needs gigabytes for the test.

std::string Gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(compressBound(text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class Packed : public ::testing::Test {
 protected:
  // The error of reading those bytes as a file, "OK" if there is none.
  static std::string Outcome(const std::string& bytes, std::size_t limit = kMaxInputBytes) {
    const std::string path = ::testing::TempDir() + "malformed." + std::to_string(getpid());
    std::ofstream(path, std::ios::binary) << bytes;
    const auto text = ReadFile(path, limit);
    unlink(path.c_str());
    return text.ok() ? "OK" : std::string(text.status().message());
  }
};

TEST_F(Packed, ABombIsStoppedAtTheLimit) {
  constexpr std::size_t kLimit = 1 << 20;
  const std::string bomb = Gzip(std::string(64 << 20, ' '));
  ASSERT_LT(bomb.size(), 100'000u);
  EXPECT_THAT(Outcome(bomb, kLimit), HasSubstr("larger than 1 MiB, unpacked"));
  std::string many;  // each of them small
  for (int i = 0; i < 40; ++i) many += Gzip(std::string(60'000, ' '));
  EXPECT_THAT(Outcome(many, kLimit), HasSubstr("larger than 1 MiB, unpacked"));
  EXPECT_EQ(Outcome(Gzip(std::string(kLimit, ' ')), kLimit), "OK");
}

TEST_F(Packed, CutAnywhereItIsRefused) {
  const std::string whole = Gzip(InProperty("1"));
  EXPECT_EQ(Outcome(whole), "OK");
  for (std::size_t size = 2; size < whole.size(); ++size)
    ASSERT_THAT(Outcome(whole.substr(0, size)), HasSubstr("gzip")) << "cut at byte " << size;
}

TEST_F(Packed, WithAnyBitTurnedItIsRefusedOrTheSame) {
  const std::string whole = Gzip(InProperty("1"));
  for (std::size_t at = 2; at < whole.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      const std::string path = ::testing::TempDir() + "damaged." + std::to_string(getpid());
      std::ofstream(path, std::ios::binary) << damaged;
      const auto text = ReadFile(path);
      unlink(path.c_str());
      if (text.ok()) {
        ASSERT_EQ(*text, InProperty("1")) << "bit " << bit << " of byte " << at;
      }
    }
}

TEST(LongLine, IsReadInMemoryOfItsOwnSize) {
  const std::string text = InProperty("\"" + std::string(32 << 20, 'x') + "\"");
  EXPECT_TRUE(ReadStack(text, "FILE", {}).ok());
  EXPECT_EQ(Reading(std::string_view(text).substr(0, text.size() - 5)), "refused");
}

TEST(ManyParts, AreReadOrRefused) {
  std::string list = "[";
  for (int i = 0; i < 200'000; ++i) list += "{},";
  EXPECT_EQ(Reading(list + "{}]"), "refused");
  std::string members = "{\"resources\": [], \"config\": {";
  for (int i = 0; i < 200'000; ++i) members += "\"k" + std::to_string(i) + "\": 1,";
  EXPECT_NE(Reading(members + "\"k\": 1}}"), "refused");
  EXPECT_EQ(Reading(members + "\"k7\": 1}}"), "refused");
}

}  // namespace
}  // namespace guardrails
