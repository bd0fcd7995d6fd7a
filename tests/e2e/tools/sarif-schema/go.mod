// The published JSON Schema of SARIF 2.1.0 (OASIS, errata 01), as a Go module carries it: tests/reports takes it from there.
module fastcart/e2e/tools/sarif-schema

go 1.23

require github.com/owenrumney/go-sarif/v3 v3.1.0
