#pragma once

// .dockerignore as Docker evaluates it: the rules of Go's filepath.Match with `**`, patterns from the context's root,
// `!` takes back, the last pattern that matches decides, and what lies in an excluded folder is excluded with it.
// Written after moby/patternmatcher 0.6, which Docker uses.
//
// Linear in the text; a match costs patterns x length of the path, bounded by kMaxIgnorePatterns. Thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::lint {

inline constexpr std::size_t kMaxIgnorePatterns = 10'000;

class DockerIgnore {
 public:
  static DockerIgnore parse(std::string_view text);
  // Whether the file at `path` (relative to the context, without "./") stays out of the build context.
  bool excludes(std::string_view path) const;
  // Why docker refuses the file ("a bracket is not closed"); it then excludes nothing here.
  const std::optional<std::string>& error() const { return error_; }

 private:
  struct Token {
    enum class Kind : std::uint8_t { Literal, Any, Star, Folders, Rest, Class } kind = Kind::Literal;
    char literal = 0;
    std::string set;  // of a class: ranges as pairs of bytes
    bool negated = false;
  };
  struct Pattern {
    bool negated = false;
    std::vector<Token> tokens;
    std::string suffix;  // of a pattern that is only compared with the path's end: "**/x"
    bool suffix_only = false;
  };
  static std::optional<std::vector<Token>> tokens_of(std::string_view pattern);
  static bool matches(const Pattern& pattern, std::string_view path);

  std::vector<Pattern> patterns_;
  std::optional<std::string> error_;
};

// What a Dockerfile takes out of its build context into the image: the source of COPY or ADD, as written, and
// whether the instruction's stage is (part of) the image that is shipped.
struct DockerCopy {
  std::string source;
  std::uint32_t line = 0;
  bool ships = true;
};
std::vector<DockerCopy> docker_copies(std::string_view dockerfile);

// Whether the source of a COPY covers the file at `path`, relative to the context: "." covers everything, "apps/"
// what is below, "*.js" by name.
bool copy_covers(std::string_view source, std::string_view path);

}  // namespace tightship::lint
