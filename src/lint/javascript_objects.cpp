#include "lint/javascript_objects.h"

#include <algorithm>
#include <array>

namespace tightship::lint {
namespace {

constexpr std::size_t kMaxTokens = 1'000'000;  // of one file of configuration
constexpr std::size_t kMaxSteps = 64;          // of a path

bool is_open(std::string_view text) { return text == "{" || text == "(" || text == "[" || text == "${"; }
bool is_close(std::string_view text) { return text == "}" || text == ")" || text == "]"; }

}  // namespace

JsFile::JsFile(std::string_view source) : source_(source), tokens_(js_tokens(source, kMaxTokens)), lines_(source) {
  match_brackets();
  read_objects();
}

std::string_view JsFile::text(std::uint32_t token) const {
  return token < tokens_.size() ? js_text(source_, tokens_[token]) : std::string_view();
}

std::string JsFile::value(std::uint32_t token) const {
  return token < tokens_.size() ? js_value(source_, tokens_[token]) : std::string();
}

bool JsFile::is_string(std::uint32_t token) const {
  if (token >= tokens_.size()) return false;
  if (tokens_[token].kind == JsKind::String) return true;
  return tokens_[token].kind == JsKind::Template && !is(token + 1, "${") && (token == 0 || !is(token - 1, "}"));
}

At JsFile::at(std::uint32_t token) const {
  return lines_.at(token < tokens_.size() ? tokens_[token].begin : source_.size());
}

std::uint32_t JsFile::match(std::uint32_t token) const {
  return token < match_.size() ? match_[token] : static_cast<std::uint32_t>(tokens_.size());
}

void JsFile::match_brackets() {
  const auto none = static_cast<std::uint32_t>(tokens_.size());
  match_.assign(tokens_.size(), none);
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < none; ++i) {
    if (tokens_[i].kind != JsKind::Operator) continue;
    const std::string_view now = text(i);
    if (is_open(now)) open.push_back(i);
    if (!is_close(now)) continue;
    // What was guessed wrong (an apostrophe in JSX) may have eaten a bracket: go back to one of this kind, if
    // near.
    const std::string_view wanted = now == "}" ? "{" : now == ")" ? "(" : "[";
    std::size_t depth = open.size();
    while (depth > 0 && depth + 3 > open.size() && text(open[depth - 1]) != wanted &&
           !(wanted == "{" && text(open[depth - 1]) == "${")) {
      --depth;
    }
    if (depth == 0) continue;
    const std::string_view found = text(open[depth - 1]);
    if (found != wanted && !(wanted == "{" && found == "${")) continue;
    match_[open[depth - 1]] = i;
    open.resize(depth - 1);
  }
}

// A brace begins an object where an expression is expected, else a block.
bool JsFile::opens_object(std::uint32_t token) const {
  if (token == 0) return true;
  const JsToken& before = tokens_[token - 1];
  const std::string_view word = text(token - 1);
  if (before.kind == JsKind::Name) {
    return word == "return" || word == "default" || word == "in" || word == "of" || word == "await" || word == "yield";
  }
  if (before.kind != JsKind::Operator) return false;
  constexpr std::array<std::string_view, 11> kBefore = {"(", "[", ",", ":", "=", "?", "&&", "||", "??", "...", "${"};
  return std::find(kBefore.begin(), kBefore.end(), word) != kBefore.end();
}

void JsFile::read_objects() {
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    if (tokens_[i].kind != JsKind::Operator || !is(i, "{") || !opens_object(i)) continue;
    objects_.push_back({i, match(i), kNoJs, {}, kNoJs, {}});
  }
  for (std::uint32_t i = 0; i < objects_.size(); ++i) read_properties(i);
  // Properties of an outer object come before those of the objects in it: the last one that holds it is
  // nearest.
  std::vector<std::uint32_t> enclosing;
  std::uint32_t next = 0;
  std::vector<std::uint32_t> by_begin(properties_.size());
  for (std::uint32_t i = 0; i < by_begin.size(); ++i) by_begin[i] = i;
  std::stable_sort(by_begin.begin(), by_begin.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return properties_[a].begin < properties_[b].begin; });
  for (std::uint32_t i = 0; i < objects_.size(); ++i) {
    while (next < by_begin.size() && properties_[by_begin[next]].begin <= objects_[i].open) {
      enclosing.push_back(by_begin[next++]);
    }
    while (!enclosing.empty() && properties_[enclosing.back()].end <= objects_[i].open) enclosing.pop_back();
    if (!enclosing.empty()) objects_[i].property = enclosing.back();
    name_object(i);
  }
}

// `X({`, `X(a, {` and `x = {`.
void JsFile::name_object(std::uint32_t object) {
  JsObject& it = objects_[object];
  if (it.open >= 2 && is(it.open - 1, "=") && tokens_[it.open - 2].kind == JsKind::Name) it.bound = text(it.open - 2);
  std::uint32_t at = it.open;
  for (unsigned steps = 0; at > 0 && steps < 400; ++steps) {
    --at;
    if (is_close(text(at)) || tokens_[at].kind == JsKind::Template) {
      // Back over what is in brackets; of a call with long arguments before the object no name is wanted.
      return;
    }
    if (is(at, "(")) {
      if (at > 0 && tokens_[at - 1].kind == JsKind::Name) {
        it.callee = text(at - 1);
        it.call = at - 1;
      }
      return;
    }
    if (!is(at, ",") && tokens_[at].kind != JsKind::Name && tokens_[at].kind != JsKind::String && !is(at, ".")) return;
  }
}

std::uint32_t JsFile::value_end(std::uint32_t token, std::uint32_t close) const {
  while (token < close && !is(token, ",")) {
    if (tokens_[token].kind == JsKind::Operator && is_open(text(token))) {
      const std::uint32_t end = match(token);
      if (end >= close) return close;
      token = end;
    }
    ++token;
  }
  return token;
}

void JsFile::read_properties(std::uint32_t object) {
  const std::uint32_t close = objects_[object].close;
  std::uint32_t at = objects_[object].open + 1;
  while (at < close) {
    if (is(at, ",")) {
      ++at;
      continue;
    }
    JsProperty property;
    property.object = object;
    property.key_token = at;
    if (is(at, "...")) {
      property.spread = true;
      property.begin = at + 1;
    } else if (is(at + 1, ":") &&
               (is_string(at) || tokens_[at].kind == JsKind::Name || tokens_[at].kind == JsKind::Number)) {
      property.key = value(at);
      property.begin = at + 2;
    } else if (tokens_[at].kind == JsKind::Name && (is(at + 1, ",") || at + 1 == close)) {
      property.key = text(at);
      property.shorthand = true;
      property.begin = at;
    } else if (is(at, "[") && is(match(at) + 1, ":")) {
      property.begin = match(at) + 2;
      if (match(at) == at + 2 && is_string(at + 1)) property.key = value(at + 1);
    } else {  // a method, or not an object after all: `get x() {...}`
      if (tokens_[at].kind == JsKind::Name) property.key = text(at);
      property.begin = std::min(at + 1, close);
    }
    property.end = value_end(std::min(property.begin, close), close);
    at = std::max(property.end, at + 1);
    properties_.push_back(std::move(property));
  }
}

std::string JsFile::path(const JsProperty& property) const {
  std::vector<std::string> steps{property.key};
  std::uint32_t object = property.object;
  while (steps.size() < kMaxSteps) {
    const JsObject& it = objects_[object];
    if (!it.callee.empty()) steps.push_back(it.callee + "()");
    if (it.property == kNoJs) break;
    steps.push_back(properties_[it.property].key);
    object = properties_[it.property].object;
  }
  std::string out;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (!out.empty()) out += '/';
    out += *step;
  }
  return out;
}

const JsObject* JsFile::object_of(const JsProperty& property) const {
  if (!is(property.begin, "{")) return nullptr;
  const auto at = std::lower_bound(objects_.begin(), objects_.end(), property.begin,
                                   [](const JsObject& object, std::uint32_t open) { return object.open < open; });
  return at != objects_.end() && at->open == property.begin ? &*at : nullptr;
}

std::vector<const JsProperty*> JsFile::properties_of(const JsObject& object) const {
  const auto index = static_cast<std::uint32_t>(&object - objects_.data());
  std::vector<const JsProperty*> found;
  auto at = std::lower_bound(properties_.begin(), properties_.end(), index,
                             [](const JsProperty& property, std::uint32_t of) { return property.object < of; });
  for (; at != properties_.end() && at->object == index; ++at) found.push_back(&*at);
  return found;
}

const JsProperty* JsFile::find(const JsObject& object, std::string_view key) const {
  for (const JsProperty* property : properties_of(object)) {
    if (!property->spread && property->key == key) return property;
  }
  return nullptr;
}

std::vector<const JsProperty*> JsFile::find_path(std::string_view wanted) const {
  const std::string_view last = wanted.substr(wanted.rfind('/') + 1);
  std::vector<const JsProperty*> found;
  for (const JsProperty& property : properties_) {
    if (property.key != last) continue;
    const std::string whole = path(property);
    const bool ends =
        whole.size() >= wanted.size() && whole.compare(whole.size() - wanted.size(), wanted.size(), wanted) == 0;
    if (ends && (whole.size() == wanted.size() || whole[whole.size() - wanted.size() - 1] == '/'))
      found.push_back(&property);
  }
  return found;
}

std::string JsFile::dotted(std::uint32_t token, std::uint32_t* next) const {
  std::string out;
  std::uint32_t at = token;
  if (at < tokens_.size() && tokens_[at].kind == JsKind::Name) {
    out = text(at++);
    for (;;) {
      const bool dot = is(at, ".") || is(at, "?.");
      if (dot && at + 1 < tokens_.size() && tokens_[at + 1].kind == JsKind::Name) {
        out += '.';
        out += text(at + 1);
        at += 2;
      } else if (is(at, "[") && is_string(at + 1) && is(at + 2, "]")) {
        out += '.' + value(at + 1);
        at += 3;
      } else if (is(at, "!") && (is(at + 1, ".") || is(at + 1, "["))) {
        ++at;
      } else {
        break;
      }
    }
  }
  if (next != nullptr) *next = at;
  return out;
}

}  // namespace tightship::lint
