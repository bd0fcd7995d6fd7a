#include "analyzer/waive/waiver_file.h"

namespace guardrails {

// Printed by `waive --schema`; docs/waivers.schema.json is the same, and a test holds it against what the reader takes.
std::string_view WaiverSchema() {
  return R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Waivers of guardrails",
  "description": "Exceptions from guardrails: who accepted what, why, and until when.",
  "type": "object",
  "required": ["waivers"],
  "additionalProperties": false,
  "properties": {
    "maximumDays": {
      "description": "How many days ahead a waiver may end.",
      "type": "integer",
      "minimum": 1,
      "maximum": 365,
      "default": 90
    },
    "waivers": {
      "type": "array",
      "maxItems": 1000,
      "items": {"$ref": "#/$defs/waiver"}
    }
  },
  "$defs": {
    "name": {"type": "string", "maxLength": 1000, "pattern": "^[^\\u0000-\\u001f\\u007f]*$"},
    "digest": {"type": "string", "pattern": "^(sha256|pbkdf2):[0-9a-f]{64}$"},
    "waiver": {
      "type": "object",
      "required": ["rule", "owner", "reason", "expires", "value"],
      "oneOf": [{"required": ["resource"]}, {"required": ["resourcePattern"]}],
      "additionalProperties": false,
      "properties": {
        "rule": {
          "description": "The guardrail.",
          "type": "string",
          "minLength": 1,
          "maxLength": 1000
        },
        "resource": {
          "description": "The URN or the name of the resource. Of what concerns the whole stack: of the stack's own resource.",
          "$ref": "#/$defs/name",
          "minLength": 1
        },
        "resourcePattern": {
          "description": "An RE2 pattern of the whole URN or the whole name.",
          "$ref": "#/$defs/name",
          "minLength": 1
        },
        "property": {
          "description": "Only what was found at this property, as the report writes it; empty: on the resource as a whole.",
          "$ref": "#/$defs/name"
        },
        "stack": {
          "description": "Only in the stack of this name.",
          "$ref": "#/$defs/name",
          "minLength": 1
        },
        "owner": {
          "description": "Who answers for it.",
          "type": "string",
          "maxLength": 1000,
          "pattern": "\\S"
        },
        "reason": {
          "description": "Why it is accepted, in at least 10 characters.",
          "type": "string",
          "maxLength": 1000,
          "pattern": "\\S[\\s\\S]{8,}\\S"
        },
        "expires": {
          "description": "The last day it holds, in UTC. At most maximumDays ahead.",
          "type": "string",
          "format": "date",
          "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        },
        "value": {
          "description": "The digest of the value it was granted for, or of each: valueDigest in the JSON report; the command waive writes it.",
          "oneOf": [
            {"$ref": "#/$defs/digest"},
            {"type": "array", "minItems": 1, "maxItems": 100, "items": {"$ref": "#/$defs/digest"}}
          ]
        }
      }
    }
  }
}
)";
}

}  // namespace guardrails
