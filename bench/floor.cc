// The floor of JSON mode: reads a file, parses it whole, and counts the resources.
//
//   bench-floor nlohmann|simdjson FILE
#include <simdjson.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace {

std::string ReadAll(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::string text(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

std::size_t CountWithNlohmann(const char* path) {
  return nlohmann::json::parse(ReadAll(path))["deployment"]["resources"].size();
}

std::size_t CountWithSimdjson(const char* path) {
  simdjson::dom::parser parser;
  std::size_t count = 0;
  for (const auto resource : parser.load(path)["deployment"]["resources"].get_array())
    count += resource.is_object() ? 1 : 0;
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view with = argc == 3 ? argv[1] : "";
  try {
    if (with == "nlohmann") std::cout << CountWithNlohmann(argv[2]) << std::endl;
    if (with == "simdjson") std::cout << CountWithSimdjson(argv[2]) << std::endl;
  } catch (const std::exception& e) {
    std::cerr << argv[2] << ": " << e.what() << std::endl;
    return 2;
  }
  return with == "nlohmann" || with == "simdjson" ? 0 : 2;
}
