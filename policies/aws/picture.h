// A stack as people draw it: subnets by their routes, who may talk to whom, and what each key encrypts.
#pragma once

#include "analyzer/model/stack.h"
#include "analyzer/policy/picture.h"

namespace fastcart {

guardrails::Picture PictureOf(const guardrails::Stack& stack);

}  // namespace fastcart
