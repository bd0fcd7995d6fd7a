// The frames of a stack trace, as Pulumi writes them: "project:///fastcart/network.py#74", relative to the program's
// folder (it may begin with "../"), percent-encoded as in a URL.
#pragma once

#include <string_view>

namespace guardrails {

// Whether a frame is the program's own code: not what was installed beside it (site-packages, dist-packages,
// node_modules), not the language's library (lib/python3.11), not Pulumi's language host.
bool IsProgramsOwn(std::string_view frame);

}  // namespace guardrails
