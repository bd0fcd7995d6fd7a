#include "analyzer/cli/main.h"
#include "policies/pack.h"

int main(int argc, char** argv) { return guardrails::Main(fastcart::FastCartPack(), argc, argv); }
