#include "match/tables.h"

#include <algorithm>
#include <limits>

#include "match/hash.h"

namespace tightship::match {
namespace {

std::vector<Literal> collect_literals(const std::vector<PatternInfo>& patterns) {
  std::vector<Literal> literals;
  for (const PatternInfo& pattern : patterns) {
    for (const AnchorLiteral& anchor : pattern.anchors) literals.push_back({anchor.bytes, anchor.caseless});
  }
  std::sort(literals.begin(), literals.end());
  literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
  return literals;
}

// One byte of look-around on both sides of the widest match that can have the literal.
void widen(Reach& reach, const PatternInfo& pattern, const AnchorLiteral& anchor) {
  reach.before = std::max(reach.before, anchor.max_offset + 1);
  reach.after = std::max(reach.after, pattern.max_width - anchor.min_offset + 1);
}

}  // namespace

Result<Tables> build_tables(std::vector<PatternInfo> patterns) {
  Tables tables;
  tables.patterns = std::move(patterns);
  tables.literals = collect_literals(tables.patterns);
  if (tables.literals.size() > std::numeric_limits<std::uint16_t>::max()) {
    return fail(ErrorKind::Limit, "more than 65535 literals");
  }
  tables.uses.resize(tables.literals.size());
  tables.reach.resize(tables.literals.size());
  for (std::uint32_t index = 0; index < tables.patterns.size(); ++index) {
    const PatternInfo& pattern = tables.patterns[index];
    for (const AnchorLiteral& anchor : pattern.anchors) {
      const Literal literal{anchor.bytes, anchor.caseless};
      const auto place = std::lower_bound(tables.literals.begin(), tables.literals.end(), literal);
      const auto id = static_cast<std::size_t>(place - tables.literals.begin());
      tables.uses[id].push_back(Use{index, anchor.min_offset, anchor.max_offset});
      widen(tables.reach[id], pattern, anchor);
    }
  }
  return tables;
}

std::uint64_t hash_specs(const std::vector<PatternSpec>& specs) {
  std::string text;
  const auto append = [&text](std::string_view part) {
    text.append(std::to_string(part.size())).append(1, ':').append(part);
  };
  for (const PatternSpec& spec : specs) {
    append(spec.id);
    append(spec.regex);
    append(std::to_string(spec.secret_group));
    append(std::to_string(spec.anchors.size()));
    for (const std::string& anchor : spec.anchors) append(anchor);
  }
  return hash_bytes(as_bytes(text));
}

}  // namespace tightship::match
