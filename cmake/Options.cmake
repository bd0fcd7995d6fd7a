# What every target of the project is compiled with.
add_library(guardrails_options INTERFACE)
target_compile_options(guardrails_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # Warns falsely of "text" + std::string when it optimizes (GCC bug 105651).
  target_compile_options(guardrails_options INTERFACE -Wno-restrict)
endif()

set(GUARDRAILS_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
if(GUARDRAILS_SANITIZE)
  target_compile_options(guardrails_options INTERFACE -fsanitize=${GUARDRAILS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(guardrails_options INTERFACE -fsanitize=${GUARDRAILS_SANITIZE})
endif()

if(GUARDRAILS_FUZZ)
  target_compile_options(guardrails_options INTERFACE -fsanitize=fuzzer-no-link)  # counts what is reached
endif()

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(guardrails_options INTERFACE -fstack-protector-strong -D_FORTIFY_SOURCE=2)
  target_link_options(guardrails_options INTERFACE -Wl,-z,relro,-z,now)
endif()
include(CheckPIESupported)
check_pie_supported()
