// The reader keeps its own stack of open groups, so that depth costs memory and not the call stack,
// and builds nodes bottom-up: whoever analyses the tree walks the vector once, children first.
#include "match/regex.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "match/regex_class.h"

namespace tightship::match::regex {
namespace {

struct Flags {
  bool caseless = false, dot_newline = false;
};

struct Group {
  std::size_t byte = 0;  // of the opening parenthesis
  Flags outer;           // what holds again when it closes
  std::vector<std::uint32_t> alternatives, sequence;
};

struct Splice {
  std::size_t begin = 0, end = 0;
  std::string text;
};

class Parser {
 public:
  Parser(std::string_view text, Bounds bounds) : text_(text), bounds_(bounds) { groups_.emplace_back(); }

  Result<Tree> run();

 private:
  Result<void> step();
  Result<void> parse_backslash();
  Result<void> parse_repeat();
  Result<void> parse_open();
  Result<void> parse_flags();
  Result<void> parse_close();
  Result<void> parse_name();
  Result<void> open_group(std::size_t byte, Flags outer, bool captures);
  Result<void> apply_repeat(std::size_t byte, std::uint32_t min, std::uint32_t max);
  Result<void> cut_repeat(std::size_t byte, std::uint32_t min);
  void splice_repeat(std::size_t byte, std::uint32_t min, std::uint32_t max, std::uint32_t piece,
                     std::string_view more = {});
  void loosen_repeat(std::size_t byte, std::uint32_t min, std::uint32_t max);
  std::string_view atom_before(std::size_t byte) const { return text_.substr(atom_begin_, byte - atom_begin_); }
  std::string_view lazy_sign(std::size_t byte) const { return at_ > byte + 1 && text_[at_ - 1] == '?' ? "?" : ""; }
  bool last_is_single() const;
  std::string splice_all(const std::vector<Splice>& splices) const;
  Result<void> split_repeat(std::size_t byte, std::uint32_t min, std::uint32_t max);
  bool parse_counts(std::uint32_t& min, std::optional<std::uint32_t>& max);
  bool parse_number(std::uint32_t& value);

  std::uint32_t add(Node node);
  void add_atom(Node node);
  void add_byte(std::size_t byte, std::uint8_t value);
  std::uint32_t close_sequence(Group& group);
  std::uint32_t close_alternatives(Group& group);
  bool at_end() const { return at_ >= text_.size(); }
  bool take(char c);

  std::string_view text_;
  Bounds bounds_;
  std::size_t at_ = 0;
  Flags flags_;
  std::vector<Group> groups_;
  std::vector<Splice> splices_;  // for Tree::re2
  std::vector<Splice> loose_;    // for Tree::loose
  Tree tree_;
  enum class Last : std::uint8_t { Nothing, Atom, WideAtom, Repeat } last_ = Last::Nothing;
  std::size_t atom_begin_ = 0;
};

bool Parser::take(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

std::uint32_t Parser::add(Node node) {
  tree_.nodes.push_back(std::move(node));
  return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
}

void Parser::add_atom(Node node) {
  atom_begin_ = node.byte;
  groups_.back().sequence.push_back(add(std::move(node)));
  last_ = Last::Atom;
}

void Parser::add_byte(std::size_t byte, std::uint8_t value) {
  Node node{Kind::Class, static_cast<std::uint32_t>(byte), {}, 0, 0, {}};
  insert_range(node.set, value, value, flags_.caseless);
  add_atom(std::move(node));
}

// A sequence inside a sequence is dissolved, so that literals grow across the edges of groups.
std::uint32_t Parser::close_sequence(Group& group) {
  std::vector<std::uint32_t> sequence = std::exchange(group.sequence, {});
  if (sequence.size() == 1) return sequence.front();
  Node node{Kind::Concat, static_cast<std::uint32_t>(group.byte), {}, 0, 0, {}};
  for (const std::uint32_t child : sequence) {
    if (tree_.nodes[child].kind != Kind::Concat) {
      node.children.push_back(child);
      continue;
    }
    const auto inner = std::exchange(tree_.nodes[child].children, {});
    tree_.nodes[child].kind = Kind::Empty;
    node.children.insert(node.children.end(), inner.begin(), inner.end());
  }
  if (node.children.empty()) node.kind = Kind::Empty;
  return add(std::move(node));
}

std::uint32_t Parser::close_alternatives(Group& group) {
  group.alternatives.push_back(close_sequence(group));
  if (group.alternatives.size() == 1) return group.alternatives.front();
  return add(Node{Kind::Alternate, static_cast<std::uint32_t>(group.byte), {}, 0, 0, group.alternatives});
}

bool Parser::parse_number(std::uint32_t& value) {
  const std::size_t start = at_;
  value = 0;
  while (!at_end() && text_[at_] >= '0' && text_[at_] <= '9') {
    if (value < 1'000'000) value = value * 10 + static_cast<std::uint32_t>(text_[at_] - '0');
    ++at_;
  }
  const bool canonical = at_ == start + 1 || (at_ > start && text_[start] != '0');
  if (!canonical) at_ = start;
  return canonical;
}

// {n}, {n,} or {n,m}; anything else is a literal brace and leaves the position alone. So are counts with
// a leading zero: RE2 reads {01} as four characters of text.
bool Parser::parse_counts(std::uint32_t& min, std::optional<std::uint32_t>& max) {
  const std::size_t start = at_;
  std::uint32_t last = 0;
  if (take('{') && parse_number(min)) {
    max = min;
    if (take(',')) max = parse_number(last) ? std::optional(last) : std::nullopt;
    if (take('}')) return true;
  }
  at_ = start;
  return false;
}

Result<void> Parser::parse_repeat() {
  const std::size_t byte = at_;
  std::uint32_t min = 0;
  std::optional<std::uint32_t> max;
  const char symbol = text_[at_];
  if (symbol == '{') {
    if (!parse_counts(min, max)) {
      ++at_;
      add_byte(byte, '{');
      return {};
    }
  } else {
    ++at_;
    min = symbol == '+' ? 1 : 0;
    if (symbol == '?') max = 1;
  }
  if (last_ == Last::Nothing) return fail_at(byte, "nothing to repeat");
  if (last_ == Last::Repeat) return fail_at(byte, "repeat of a repeat");
  if (last_ == Last::WideAtom) {
    return fail_at(byte, "repeat of a character beyond ASCII", "put it into a group: (?:...)");
  }
  if (!max && bounds_ == Bounds::Required) {
    return fail_at(byte, fmt::format("repeat '{}' has no upper bound", text_.substr(byte, at_ - byte)),
                   fmt::format("write {{{},m}} with the most that a match needs", min));
  }
  take('?');
  return max ? apply_repeat(byte, min, *max) : cut_repeat(byte, min);
}

// Whether the last atom is a character or a class, in no group.
bool Parser::last_is_single() const {
  return tree_.nodes[groups_.back().sequence.back()].kind == Kind::Class && text_[atom_begin_] != '(';
}

Result<void> Parser::cut_repeat(std::size_t byte, std::uint32_t min) {
  const bool single = last_is_single();
  const std::uint32_t max = min + (single ? kLoopExtra : kGroupLoopExtra);
  if (max > kMaxMatchWidth || (min > kRe2MaxRepeat && !single)) {
    return fail_at(byte, "lower bound of a repeat is too large");
  }
  if (min > kRe2MaxRepeat) splice_repeat(byte, min, min, kRe2MaxRepeat, "*");
  std::uint32_t& last = groups_.back().sequence.back();
  last = add(Node{Kind::Repeat, static_cast<std::uint32_t>(byte), {}, min, max, {last}});
  tree_.loops.push_back(last);
  last_ = Last::Repeat;
  return {};
}

Result<void> Parser::apply_repeat(std::size_t byte, std::uint32_t min, std::uint32_t max) {
  if (max < min) return fail_at(byte, "upper bound of a repeat is below its lower bound");
  if (max > kRe2MaxRepeat) {
    if (const auto split = split_repeat(byte, min, max); !split) return split;
  }
  if (max >= kWideRepeat && max > min && last_is_single()) loosen_repeat(byte, min, max);
  std::uint32_t& last = groups_.back().sequence.back();
  last = add(Node{Kind::Repeat, static_cast<std::uint32_t>(byte), {}, min, max, {last}});
  last_ = Last::Repeat;
  return {};
}

Result<void> Parser::split_repeat(std::size_t byte, std::uint32_t min, std::uint32_t max) {
  if (max > kMaxMatchWidth) return fail_at(byte, fmt::format("repeat count is over {}", kMaxMatchWidth));
  if (!last_is_single()) {
    return fail_at(byte, fmt::format("only a single character or class can be repeated over {} times", kRe2MaxRepeat));
  }
  splice_repeat(byte, min, max, kRe2MaxRepeat);
  return {};
}

// Writes the repeat at `byte` of the last atom, one character, as repeats of at most `piece`, and `more`.
void Parser::splice_repeat(std::size_t byte, std::uint32_t min, std::uint32_t max, std::uint32_t piece,
                           std::string_view more) {
  const std::string_view atom = atom_before(byte), lazy = lazy_sign(byte);
  Splice splice{atom_begin_, at_, {}};
  while (max > 0) {
    const std::uint32_t low = std::min(min, piece), high = std::min(max, piece);
    splice.text += fmt::format("{}{{{},{}}}{}", atom, low, high, lazy);
    min -= low;
    max -= high;
  }
  if (!more.empty()) splice.text += fmt::format("{}{}{}", atom, more, lazy);
  splices_.push_back(std::move(splice));
}

// Writes it without its upper bound.
void Parser::loosen_repeat(std::size_t byte, std::uint32_t min, std::uint32_t max) {
  const std::string_view atom = atom_before(byte), lazy = lazy_sign(byte);
  Splice splice{atom_begin_, at_, {}};
  for (; min > kRe2MaxRepeat; min -= kRe2MaxRepeat) splice.text += fmt::format("{}{{{}}}", atom, kRe2MaxRepeat);
  splice.text += fmt::format("{}{{{},}}{}", atom, min, lazy);
  loose_.push_back(std::move(splice));
  tree_.too_long.push_back({tree_.nodes[groups_.back().sequence.back()].set, max + 1});
}

Result<void> Parser::parse_backslash() {
  const std::size_t start = at_;
  const char letter = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  Node node{Kind::Class, static_cast<std::uint32_t>(start), {}, 0, 0, {}};
  if (letter == 'p' || letter == 'P') return fail_at(start, "Unicode classes are not supported: bytes are matched");
  if (letter == 'Q') return fail_at(start, "\\Q is not supported", "escape each character");
  if (letter == 'b' || letter == 'B' || letter == 'A' || letter == 'z') {
    node.kind = Kind::Empty;
  } else if (letter == 'C') {
    node.set = complement({});
  } else if (const auto perl = perl_class(letter)) {
    node.set = *perl;
  } else {
    const auto byte = parse_escape(text_, at_);
    if (!byte) return tl::unexpected(byte.error());
    add_byte(start, *byte);
    return {};
  }
  at_ += 2;
  add_atom(std::move(node));
  return {};
}

Result<void> Parser::parse_name() {
  const std::size_t start = at_;
  const std::size_t close = text_.find('>', at_);
  if (close == std::string_view::npos || close == start) return fail_at(start, "group name is not closed");
  for (const char c : text_.substr(start, close - start)) {
    const bool word = (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_';
    if (!word) return fail_at(start, "group name has a character that is not a letter, digit or underscore");
  }
  at_ = close + 1;
  return {};
}

Result<void> Parser::open_group(std::size_t byte, Flags outer, bool captures) {
  if (groups_.size() > kMaxNesting) return fail_at(byte, fmt::format("groups are nested over {} deep", kMaxNesting));
  if (captures && ++tree_.groups > kMaxGroups) return fail_at(byte, fmt::format("more than {} groups", kMaxGroups));
  groups_.push_back(Group{byte, outer, {}, {}});
  last_ = Last::Nothing;
  return {};
}

// Behind "(?": flags up to ':' (a group) or ')' (for the rest of the group around it).
Result<void> Parser::parse_flags() {
  const std::size_t open = at_ - 2;
  Flags flags = flags_;
  bool on = true;
  for (; !at_end(); ++at_) {
    switch (text_[at_]) {
      case 'i': flags.caseless = on; continue;
      case 's': flags.dot_newline = on; continue;
      case 'm':
      case 'U': continue;  // what has no width, and which match is preferred, is RE2's affair
      case '-':
        if (!on) return fail_at(at_, "flags are switched off twice");
        on = false;
        if (at_ + 1 < text_.size() && (text_[at_ + 1] == ':' || text_[at_ + 1] == ')')) {
          return fail_at(at_, "no flag after '-'");
        }
        continue;
      case ':': {
        ++at_;
        const Flags outer = std::exchange(flags_, flags);
        return open_group(open, outer, false);
      }
      case ')':
        ++at_;
        flags_ = flags;
        last_ = Last::Nothing;
        return {};
      default: return fail_at(at_, "unknown flag or kind of group");
    }
  }
  return fail_at(open, "group is not closed");
}

Result<void> Parser::parse_open() {
  const std::size_t byte = at_++;
  if (!take('?')) return open_group(byte, flags_, true);
  if (text_.substr(at_, 2) != "P<") return parse_flags();
  at_ += 2;
  if (const auto name = parse_name(); !name) return name;
  return open_group(byte, flags_, true);
}

Result<void> Parser::parse_close() {
  if (groups_.size() == 1) return fail_at(at_, "')' closes no group");
  Group group = std::move(groups_.back());
  groups_.pop_back();
  flags_ = group.outer;
  groups_.back().sequence.push_back(close_alternatives(group));
  atom_begin_ = group.byte;
  last_ = Last::Atom;
  ++at_;
  return {};
}

Result<void> Parser::step() {
  const char symbol = text_[at_];
  switch (symbol) {
    case '(': return parse_open();
    case ')': return parse_close();
    case '*':
    case '+':
    case '?':
    case '{': return parse_repeat();
    case '^':
    case '$': add_atom(Node{Kind::Empty, static_cast<std::uint32_t>(at_++), {}, 0, 0, {}}); return {};
    case '\\': return parse_backslash();
    case '|':
      groups_.back().alternatives.push_back(close_sequence(groups_.back()));
      last_ = Last::Nothing;
      ++at_;
      return {};
    case '[': {
      Node node{Kind::Class, static_cast<std::uint32_t>(at_), {}, 0, 0, {}};
      const auto set = parse_class(text_, at_, flags_.caseless);
      if (!set) return tl::unexpected(set.error());
      node.set = *set;
      add_atom(std::move(node));
      return {};
    }
    case '.': {
      Node node{Kind::Class, static_cast<std::uint32_t>(at_++), {}, 0, 0, {}};
      if (!flags_.dot_newline) insert(node.set, '\n');
      node.set = complement(node.set);
      add_atom(std::move(node));
      return {};
    }
    default:
      add_byte(at_, static_cast<std::uint8_t>(symbol));
      if (static_cast<std::uint8_t>(symbol) >= 0x80) last_ = Last::WideAtom;
      ++at_;
      return {};
  }
}

Result<Tree> Parser::run() {
  if (text_.size() > kMaxExpression) return fail_at(0, fmt::format("expression is over {} bytes", kMaxExpression));
  while (!at_end()) {
    if (const auto done = step(); !done) return tl::unexpected(done.error());
  }
  if (groups_.size() > 1) return fail_at(groups_.back().byte, "group is not closed");
  const std::uint32_t root = close_alternatives(groups_.back());
  if (root + 1 != tree_.nodes.size()) add(Node{Kind::Concat, 0, {}, 0, 0, {root}});
  tree_.re2 = splice_all(splices_);
  if (!loose_.empty()) {
    // What is split for RE2 is loose, but for endless repeats with a large lower bound.
    for (const Splice& splice : splices_) {
      const auto same = [&](const Splice& loose) { return loose.begin == splice.begin; };
      if (std::none_of(loose_.begin(), loose_.end(), same)) loose_.push_back(splice);
    }
    std::sort(loose_.begin(), loose_.end(), [](const Splice& a, const Splice& b) { return a.begin < b.begin; });
    tree_.loose = splice_all(loose_);
  }
  return std::move(tree_);
}

std::string Parser::splice_all(const std::vector<Splice>& splices) const {
  std::string out;
  std::size_t copied = 0;
  for (const Splice& splice : splices) {
    out.append(text_.substr(copied, splice.begin - copied)).append(splice.text);
    copied = splice.end;
  }
  return out.append(text_.substr(copied));
}

}  // namespace

tl::unexpected<Error> fail_at(std::size_t byte, std::string what, std::string help) {
  return fail(ErrorKind::Config, std::move(what), fmt::format("byte {}", byte), std::move(help));
}

Result<Tree> parse(std::string_view expression, Bounds bounds) { return Parser(expression, bounds).run(); }

}  // namespace tightship::match::regex
