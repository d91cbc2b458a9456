# The scripts of hooks/ as C++ literals, part of tightship_hook: an installed binary needs no other
# file. Written when CMake runs, which it does again when a script changes.
file(GLOB TIGHTSHIP_HOOK_FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/hooks/*)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${TIGHTSHIP_HOOK_FILES})
set(TIGHTSHIP_HOOK_ROWS "")
foreach(file ${TIGHTSHIP_HOOK_FILES})
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  string(APPEND TIGHTSHIP_HOOK_ROWS "    {\"${name}\", R\"script(${text})script\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/hook_scripts.cpp @ONLY CONTENT
"#include \"hook/embedded_scripts.h\"

#include <utility>

namespace tightship::hook {

std::string_view embedded_script(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kScripts[] = {
@TIGHTSHIP_HOOK_ROWS@  };
  for (const auto& [key, text] : kScripts) {
    if (key == name) return text;
  }
  return {};
}

}  // namespace tightship::hook
")
target_sources(tightship_hook PRIVATE ${CMAKE_BINARY_DIR}/hook_scripts.cpp)
