# What most files include takes longer to read than the files themselves. tightship_precompile(TARGET HEADER...)
# reads it once for all targets that are compiled alike; the options of TARGET must be set before.
# On in the presets release and fuzz; off in the others, which so prove that every file includes what it needs.
option(TIGHTSHIP_PCH "Precompile headers for src, too, not for the tests only" OFF)
set(TIGHTSHIP_COMMON_HEADERS <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set>
    <string> <string_view> <unordered_map> <utility> <vector> <fmt/format.h>)

function(tightship_precompile target)
  get_target_property(options ${target} COMPILE_OPTIONS)
  string(SHA1 kind "${options}|${ARGN}")
  string(SUBSTRING ${kind} 0 8 kind)
  # A library of its own: a header that was read with a definition of one module would not do for the others.
  set(owner tightship_headers_${kind})
  if(NOT TARGET ${owner})
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/headers.cpp CONTENT "")
    add_library(${owner} OBJECT ${CMAKE_BINARY_DIR}/headers.cpp)
    target_compile_options(${owner} PRIVATE ${options})
    target_link_libraries(${owner} PRIVATE deps::expected deps::fmt Threads::Threads)
    if("${ARGN}" MATCHES "gtest")
      target_link_libraries(${owner} PRIVATE GTest::gtest)
    endif()
    target_precompile_headers(${owner} PRIVATE ${ARGN})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${owner})
endfunction()

# tightship_module(NAME [DEPENDS module...]): the static library tightship_NAME of src/NAME/*.cpp.
# Files named *_main.cpp and main.cpp are programs, not part of the module.
function(tightship_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "(_|/)main\\.cpp$")
  add_library(tightship_${name} STATIC ${sources})
  target_include_directories(tightship_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  # What runs once, or waits for the network, is compiled for size: it compiles in two thirds of the time, and a
  # start reads less of the program. No fuzz target spends its time there, nor in the two that are added to them.
  if(name MATCHES "^(git|scan|match)$")
    target_compile_options(tightship_${name} PRIVATE $<$<CONFIG:Release>:-O3>)
  elseif(name MATCHES "^(cli|hook|push|report|allow|ci|convert|readiness|config|launch|net)$")
    target_compile_options(tightship_${name} PRIVATE $<IF:$<BOOL:${TIGHTSHIP_FUZZ}>,-O0,$<$<CONFIG:Release>:-Os>>)
  elseif(name MATCHES "^(env|bundle)$")
    target_compile_options(tightship_${name} PRIVATE $<$<BOOL:${TIGHTSHIP_FUZZ}>:-O0>)
  endif()
  target_compile_options(tightship_${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
  if(TIGHTSHIP_PCH)
    tightship_precompile(tightship_${name} ${TIGHTSHIP_COMMON_HEADERS})
  endif()
  foreach(dependency ${ARG_DEPENDS})
    target_link_libraries(tightship_${name} PUBLIC tightship_${dependency})
  endforeach()
endfunction()
