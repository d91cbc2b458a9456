# Checks and compiles rules/*.toml with the program embed_rules and links the result as a library.
# tightship_rules defines the symbols that detect::RuleSet::builtin() reads.
file(GLOB TIGHTSHIP_RULE_FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rules/*.toml)
add_executable(embed_rules src/detect/embed_rules_main.cpp)
target_link_libraries(embed_rules PRIVATE tightship_detect)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/embedded_rules.cpp
  COMMAND embed_rules ${CMAKE_BINARY_DIR}/embedded_rules.cpp ${TIGHTSHIP_RULE_FILES}
  DEPENDS embed_rules ${TIGHTSHIP_RULE_FILES}
  COMMENT "Checking and compiling the built-in rules")
add_library(tightship_rules STATIC ${CMAKE_BINARY_DIR}/embedded_rules.cpp)
target_link_libraries(tightship_rules PUBLIC tightship_detect)
