#pragma once

// Dockerfiles as instructions, as BuildKit reads them: continued lines with comments between them, heredocs, the
// escape directive, flags, exec form.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lint/tree.h"

namespace tightship::lint {

struct DockerWord {
  std::string text;  // without quotes; escapes carried out
  At at;
};

struct DockerInstruction {
  std::string name;  // in upper case: "COPY"
  At at;
  std::string rest;               // everything after the name and the flags, continued lines joined by a blank
  std::vector<DockerWord> flags;  // "--from=build"
  std::vector<DockerWord> words;  // of `rest`; of the exec form its texts
  bool exec_form = false;
  std::vector<std::string> heredocs;  // their bodies
  std::uint32_t stage = 0;            // 1-based; 0 before the first FROM

  std::string flag(std::string_view name) const;  // "build" for --from; empty without it
  // Of ENV and ARG (LABEL): name and value; `ENV a b c` gives one pair. A lone name has no value.
  struct Pair {
    DockerWord name, value;
    bool has_value = false;
  };
  std::vector<Pair> pairs() const;
};

struct Dockerfile {
  std::vector<DockerInstruction> instructions;
  std::uint32_t stages = 0;
  // Name or base image of a stage, as FROM says: "node:20", "build".
  struct Stage {
    std::string base, name;
  };
  std::vector<Stage> stage_names;  // of stage i + 1
  // Whether files of the stage end up in the last one as a whole: it is the last, or one that it is built FROM.
  bool ships(std::uint32_t stage) const { return stage != 0 && stage <= shipped.size() && shipped[stage - 1]; }
  std::vector<bool> shipped;  // of stage i + 1
};

inline constexpr std::size_t kMaxDockerfile = 1024 * 1024;
inline constexpr std::size_t kMaxDockerInstructions = 10'000;

// Linear; never fails: what is no instruction is one with an unknown name.
Dockerfile parse_dockerfile(std::string_view text);

}  // namespace tightship::lint
