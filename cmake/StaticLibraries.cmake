# Links the archives of Debian's development packages instead of their shared libraries, where there are any.
#
# The engine starts a policy pack twice in every `pulumi up`. Most of that time the dynamic linker would spend on gRPC,
# Protobuf and 60 libraries of Abseil: from exec to the port line it takes 4 ms with archives and 12 ms without.
# All users of a library must agree, so this is decided once, for the targets that find_package has made here.
function(guardrails_link_archives)
  get_property(targets DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTY IMPORTED_TARGETS)
  list(FILTER targets INCLUDE REGEX "^(absl|gRPC|protobuf|c-ares)::|^yaml-cpp$")
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    if(NOT type MATCHES "SHARED_LIBRARY|UNKNOWN_LIBRARY")
      continue()
    endif()
    get_target_property(shared ${target} LOCATION)
    string(REGEX REPLACE "\\.so[.0-9]*$" ".a" archive "${shared}")
    if(NOT EXISTS "${archive}")
      continue()
    endif()
    get_target_property(configurations ${target} IMPORTED_CONFIGURATIONS)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${archive}")
    if(configurations)
      foreach(configuration ${configurations})
        set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_${configuration} "${archive}")
      endforeach()
    endif()
  endforeach()
endfunction()
