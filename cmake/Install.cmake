# What is installed: the analyzer, the launcher, the pack for --policy-pack, completions, the manual page, documents.
set(share ${CMAKE_BINARY_DIR}/share)
set(name ${PROJECT_NAME})

# The newest entry of the changelog is this version, and dates what is generated: "## 1.2.3 - 2026-01-31".
file(STRINGS CHANGELOG.md newest REGEX "^## " LIMIT_COUNT 1)
if(NOT newest MATCHES "^## ${PROJECT_VERSION} - ([0-9]+-[0-9]+-[0-9]+)$")
  message(FATAL_ERROR "CHANGELOG.md begins with '${newest}', not with version ${PROJECT_VERSION} and its date")
endif()
execute_process(COMMAND date --utc --date=${CMAKE_MATCH_1} +%s OUTPUT_VARIABLE release_time
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

# guardrails_generate(FILE COMMAND…): a file below share/, from what a command prints.
function(guardrails_generate file)
  cmake_path(GET file PARENT_PATH folder)
  add_custom_command(
    OUTPUT ${share}/${file}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${share}/${folder}
    COMMAND ${CMAKE_COMMAND} -E env SOURCE_DATE_EPOCH=${release_time} ${ARGN} > ${share}/${file}
    DEPENDS fastcart-guardrails ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/packaging/debian-changelog
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "Writing ${file}" VERBATIM)
  install(FILES ${share}/${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder})
  set_property(GLOBAL APPEND PROPERTY guardrails_generated ${share}/${file})
endfunction()

guardrails_generate(bash-completion/completions/${name} $<TARGET_FILE:fastcart-guardrails> completion bash)
guardrails_generate(zsh/vendor-completions/_${name} $<TARGET_FILE:fastcart-guardrails> completion zsh)
guardrails_generate(fish/vendor_completions.d/${name}.fish $<TARGET_FILE:fastcart-guardrails> completion fish)
guardrails_generate(man/man1/${name}.1.gz $<TARGET_FILE:fastcart-guardrails> man | gzip -9n)
guardrails_generate(doc/${name}/changelog.gz packaging/debian-changelog ${name} CHANGELOG.md | gzip -9n)
get_property(generated GLOBAL PROPERTY guardrails_generated)
add_custom_target(share ALL DEPENDS ${generated})

install(TARGETS fastcart-guardrails RUNTIME)
# Not on PATH: the Pulumi CLI warns of every plugin that it finds there; `pulumi plugin install` takes it from here.
install(TARGETS pulumi-analyzer-policy-cpp RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/${name})

# The folder for --policy-pack, wherever all this is unpacked to.
file(RELATIVE_PATH pack_binary /${CMAKE_INSTALL_DATADIR}/${name} /${CMAKE_INSTALL_BINDIR}/${name})
file(READ PulumiPolicy.yaml policy_yaml)
string(REGEX REPLACE "binary: [^\n]*" "binary: ${pack_binary}" policy_yaml "${policy_yaml}")
file(CONFIGURE OUTPUT ${share}/PulumiPolicy.yaml CONTENT "${policy_yaml}" @ONLY)
install(FILES ${share}/PulumiPolicy.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/${name})

# What a pipeline runs; see docs/ci.md.
install(PROGRAMS scripts/ci/gate scripts/ci/comment DESTINATION ${CMAKE_INSTALL_DATADIR}/${name}/ci)

install(FILES packaging/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name})

# ---- Packages: `make package`
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY TRUE)  # not the tests

# What the Debian packages say whose code is linked into the executables, where these are Debian's; of the rest the
# shared libraries are used.
foreach(package libgrpc-dev libprotobuf-dev libabsl-dev libyaml-cpp-dev nlohmann-json3-dev libcli11-dev libfmt-dev)
  install(FILES /usr/share/doc/${package}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name}/linked
          RENAME ${package} OPTIONAL)
endforeach()
# In the .deb Debian's changelog, generated above, takes the place that Debian gives it.
install(FILES CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DATADIR}/${name})

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_VENDOR FastCart)
set(CPACK_PACKAGE_CONTACT "FastCart Platform Team <platform@fastcart.io>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "policy pack that gates the FastCart platform in Pulumi")
set(CPACK_PACKAGE_DESCRIPTION "Stops a bad deployment of the FastCart order platform before it happens:
in pulumi preview and pulumi up as a policy pack, and in pipelines and
unit tests by the JSON that Pulumi writes.")
set(CPACK_PACKAGE_FILE_NAME ${name}-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libgvc6, python3")  # the HTML report's picture; the comment on a pull request
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# The same commit makes the same package.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/cpack-time.cmake CONTENT "set(ENV{SOURCE_DATE_EPOCH} ${release_time})\n" @ONLY)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_BINARY_DIR}/cpack-time.cmake)
include(CPack)
