# tightship_module(NAME [DEPENDS module...]): the static library tightship_NAME of src/NAME/*.cpp.
# Files named *_main.cpp and main.cpp are programs, not part of the module.
function(tightship_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "(_|/)main\\.cpp$")
  add_library(tightship_${name} STATIC ${sources})
  target_include_directories(tightship_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_compile_options(tightship_${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
  foreach(dependency ${ARG_DEPENDS})
    target_link_libraries(tightship_${name} PUBLIC tightship_${dependency})
  endforeach()
endfunction()
