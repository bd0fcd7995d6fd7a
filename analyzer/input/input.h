// Each JSON form of a stack to a Stack.
//
// Pure: no file is opened here (see files.h). Every error is InvalidArgument with a message of one or two lines that
// names the file, the place (line:column, or a JSON path such as deployment.resources[3].inputs) and the remedy, and
// that never repeats a value of the file. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "analyzer/input/file_text.h"
#include "analyzer/input/stack_config.h"
#include "analyzer/model/stack.h"

namespace guardrails {

enum class InputKind {
  kAuto,       // told apart by the content
  kPreview,    // pulumi preview --json
  kExport,     // pulumi stack export, the file of a DIY backend, or the bare deployment in either
  kEvents,     // the engine's event log
  kResources,  // the plain list: an object, an array, or one resource a line
};

// "auto", "preview", "export", "events", "resources".
std::string_view InputKindName(InputKind kind);
absl::StatusOr<InputKind> ParseInputKind(std::string_view name);

struct InputOptions {
  InputKind kind = InputKind::kAuto;
  std::string stack, project;  // override what the file says
  StackConfig config;          // for the keys that the file has no value of
};

struct StackInput {
  std::unique_ptr<const Stack> stack;
  InputKind kind;  // what it was; never kAuto
};

// The text of one file to a stack. `name` is the file's name for messages.
absl::StatusOr<StackInput> ReadStack(FileText text, std::string_view name, const InputOptions& options);
// The same for a text that comes from elsewhere; it is copied.
absl::StatusOr<StackInput> ReadStack(std::string_view text, std::string_view name, const InputOptions& options);

}  // namespace guardrails
