#include "ci/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace tightship::ci {
namespace {

constexpr std::array<std::string_view, 14> kTaken = {
    "after",
    "before",
    "deleted",
    "ref",
    "repository.default_branch",
    "number",
    "pull_request.base.ref",
    "pull_request.base.sha",
    "pull_request.head.sha",
    "merge_group.base_ref",
    "merge_group.base_sha",
    "merge_group.head_ref",
    "merge_group.head_sha",
    "pull_request.number",
};

// Called by the parser for every token, so that no tree of a hostile file is ever built.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return drop(); }
  bool boolean(bool value) override { return taken_path() == "deleted" ? take(value ? "true" : "false") : drop(); }
  bool number_integer(std::int64_t) override { return drop(); }
  bool number_unsigned(std::uint64_t value) override {
    return taken_path().ends_with("number") ? take(std::to_string(value)) : drop();
  }
  bool number_float(double, const std::string&) override { return drop(); }
  bool string(std::string& value) override { return take(value); }
  bool binary(nlohmann::json::binary_t&) override { return drop(); }
  bool key(std::string& name) override {
    path_.back() = name.size() <= kMaxEventText ? name : std::string();
    return true;
  }
  bool start_object(std::size_t) override { return enter(""); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter("[]"); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    error_at = position;
    return false;
  }

  Event event;
  std::size_t error_at = 0;
  bool too_deep = false, is_object = false;

 private:
  bool enter(std::string_view element) {
    if (path_.empty()) is_object = element.empty();
    if (path_.size() >= kMaxEventDepth) {
      too_deep = true;
      return false;
    }
    path_.emplace_back(element);
    return true;
  }
  bool leave() {
    path_.pop_back();
    return true;
  }
  // "pull_request.base.sha", or empty when it is none that is taken.
  std::string_view taken_path() const {
    if (path_.empty() || path_.size() > 3) return {};
    const std::string path = fmt::format("{}", fmt::join(path_, "."));
    const auto found = std::find(kTaken.begin(), kTaken.end(), path);
    return found == kTaken.end() ? std::string_view{} : *found;
  }
  bool take(std::string_view value) {
    const std::string_view path = taken_path();
    if (path.empty()) return true;
    if (value.size() > kMaxEventText) return drop();
    event.insert_or_assign(std::string(path), std::string(value));
    return true;
  }
  bool drop() {
    if (const auto known = event.find(taken_path()); known != event.end()) event.erase(known);
    return true;
  }

  std::vector<std::string> path_;  // the key at each level
};

}  // namespace

Result<Event> parse_event(std::string_view json) {
  if (json.size() > kMaxEventSize) {
    return fail(ErrorKind::Limit, fmt::format("the event file is larger than {} MB", kMaxEventSize >> 20));
  }
  Reader reader;
  bool read = false;
  try {
    read = nlohmann::json::sax_parse(json.begin(), json.end(), &reader);
  } catch (const std::exception& error) {  // a number out of range, or no memory
    return fail(ErrorKind::Corrupt, fmt::format("the event file cannot be read: {}", error.what()));
  }
  if (reader.too_deep) {
    return fail(ErrorKind::Limit, fmt::format("the event file is nested more than {} deep", kMaxEventDepth));
  }
  if (!read)
    return fail(ErrorKind::Corrupt, fmt::format("the event file is no JSON: broken at byte {}", reader.error_at));
  if (!reader.is_object) return fail(ErrorKind::Corrupt, "the event file holds no JSON object");
  return std::move(reader.event);
}

}  // namespace tightship::ci
