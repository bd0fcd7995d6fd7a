// Built with every protection off, so that the checks of elf_test.cc are seen to fail.
#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
  char name[16];
  std::strcpy(name, argv[argc - 1]);
  return std::printf("%s\n", name) < 0;
}
