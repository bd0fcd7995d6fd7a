#include "analyzer/report/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/report/fake_pack.h"

namespace guardrails {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using nlohmann::json;

template <class Formats>
auto WriterOf(const Formats& formats, std::string_view name) {
  for (const auto& format : formats)
    if (format.name == name) return format.write;
  throw std::logic_error("no such format");
}

TEST(List, TellsPeopleWhatEachGuardrailIs) {
  EXPECT_THAT(WriterOf(ListFormats(), "human")(kPack, {}), HasSubstr(R"(count        medium    mandatory  resource
    A stream has at least `minimum` shards.
    Config: minimum
    Controls: AWS FSBP Kinesis.0; Checkov CKV_1, CKV_2

)"));
}

TEST(List, TellsProgramsTheSame) {
  const json list = json::parse(WriterOf(ListFormats(), "json")(kPack, {}));
  EXPECT_EQ(list["guardrails"].size(), kRules.size());
  const json& count = list["guardrails"][0];
  EXPECT_EQ(count["name"], "count");
  EXPECT_EQ(count["enforcement"], "mandatory");
  EXPECT_EQ(count["config"]["properties"]["minimum"]["default"], 2);
  EXPECT_EQ(count["frameworks"][2], json::parse(R"({"framework": "Checkov", "id": "CKV_2"})"));
}

TEST(List, IsThePageThatLinksToAllOthers) {
  EXPECT_THAT(WriterOf(ListFormats(), "markdown")(kPack, {}),
              HasSubstr("| [count](count.md) | medium | mandatory | resource | `minimum` | Enough shards |\n"));
}

TEST(Explain, IsAPageInMarkdown) {
  EXPECT_EQ(WriterOf(ExplainFormats(), "markdown")(kCount, {}), R"(# count

**Enough shards.** Severity medium; mandatory by default; judges by resource; remediated with level `remediate`.

## What it decides

A stream has at least `minimum` shards.

## Why

One is slow.

## How to comply

Set `shard_count`.

## Judged types

- `aws:kinesis/stream:Stream`

## Fails

```python
aws.kinesis.Stream("s", shard_count=1)
```

## Passes

```python
aws.kinesis.Stream("s", shard_count=2)
```

## Configuration

- `minimum` (integer, default `2`, at least 1): The fewest.

## As a policy configuration

```json
{
  "count": {
    "enforcementLevel": "mandatory",
    "minimum": 2
  }
}
```

## Framework controls

- AWS FSBP Kinesis.0
- Checkov CKV_1
- Checkov CKV_2

## What stays undecided at preview

A computed number.

See <https://example.com/count>.
)");
}

TEST(Explain, IsReadableInATerminal) {
  const std::string page = WriterOf(ExplainFormats(), "human")(kCount, {.width = 40});
  EXPECT_THAT(page, HasSubstr("count  Enough shards\n"));
  EXPECT_THAT(page, HasSubstr("Fails\n    aws.kinesis.Stream(\"s\", shard_count=1)\n"));
  EXPECT_THAT(page, HasSubstr("  - `minimum` (integer, default `2`, at\n  least 1): The fewest.\n"));
}

}  // namespace
}  // namespace guardrails
