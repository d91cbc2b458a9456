// Generic candidates in any text: the value lies in the text, the place is read within it, and what a
// window gives does not depend on what lies behind it.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "detect/assigned_value.h"
#include "detect/detector.h"
#include "detect/generic.h"

using namespace tightship;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void judge(std::string_view text, const detect::Candidate& candidate) {
  require(std::uint64_t{candidate.start} + candidate.length <= text.size());
  require(candidate.match_start <= candidate.start);
  for (const char* path : {"", "a.py", "locales/de.json", ".env", "yarn.lock"}) {
    const detect::Site site = detect::read_site(text, path, candidate);
    require(site.value.size() == candidate.length);
    require(site.line.data() >= text.data() && site.line.data() + site.line.size() <= text.data() + text.size());
    detect::generic_fault(site);
  }
}

void read_everywhere(std::string_view text) {
  for (std::size_t at = 0; at < text.size() && at < 64; ++at) {
    const std::string_view rest = text.substr(at);
    const std::string_view value = detect::assigned_value(rest);
    require(value.empty() || (value.data() >= rest.data() && value.data() + value.size() <= text.data() + text.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const std::string_view text = as_text(bytes);
  read_everywhere(text);
  const detect::RuleSet& rules = detect::RuleSet::builtin();
  static match::Engine::Scratch scratch = rules.engine().make_scratch();
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  std::vector<detect::Candidate> found;
  rules.engine().find_anchors(bytes, scratch, anchors);
  for (const match::Anchor& anchor : anchors) {
    found.clear();
    detect::confirm(rules, bytes, anchor, matches, found);
    for (const detect::Candidate& candidate : found) {
      if (rules.rules()[candidate.rule].generic) judge(text, candidate);
    }
  }
  return 0;
}
