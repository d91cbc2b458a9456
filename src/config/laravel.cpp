// Laravel's config/*.php: arrays of literals and of env(). A literal there holds wherever the code runs, in production
// as well.

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "config/checks.h"
#include "detect/text_class.h"
#include "lint/lines.h"

namespace tightship::config {
namespace {

constexpr std::size_t kMaxValue = 300;  // bytes of a value that are looked at

struct Setting {
  std::string key, value;  // the value without blanks and comments, quotes are '
  std::size_t offset = 0;  // of the key
};

// Reads 'key' => value, at any depth.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<Setting> run() {
    std::vector<Setting> found;
    for (std::size_t i = skip(0); i < text_.size(); i = skip(i)) {
      if (text_[i] != '\'' && text_[i] != '"') {
        ++i;
        continue;
      }
      const std::size_t begin = i, end = string_end(i);
      i = skip(end);
      if (text_.substr(std::min(i, text_.size())).substr(0, 2) != "=>") continue;
      i += 2;
      found.push_back({std::string(text_.substr(begin + 1, end - begin - 2)), value_at(i), begin});
    }
    return found;
  }

 private:
  // Past blanks and comments.
  std::size_t skip(std::size_t i) const {
    while (i < text_.size()) {
      const std::string_view rest = text_.substr(i);
      if (static_cast<unsigned char>(rest[0]) <= ' ')
        ++i;
      else if (rest.starts_with("//") || (rest[0] == '#' && !rest.starts_with("#[")))
        i = std::min(text_.find('\n', i), text_.size());
      else if (rest.starts_with("/*"))
        i = text_.find("*/", i + 2) == std::string_view::npos ? text_.size() : text_.find("*/", i + 2) + 2;
      else
        break;
    }
    return i;
  }

  // Past the quote that closes the one at `i`.
  std::size_t string_end(std::size_t i) const {
    const char quote = text_[i++];
    while (i < text_.size() && text_[i] != quote) i += text_[i] == '\\' ? 2 : 1;
    return std::min(i + 1, text_.size());
  }

  std::string value_at(std::size_t i) const {
    std::string out;
    std::size_t depth = 0;
    for (i = skip(i); i < text_.size() && out.size() < kMaxValue; i = skip(i)) {
      const char c = text_[i];
      if (c == '\'' || c == '"') {
        const std::size_t end = string_end(i);
        const std::size_t inner = end - i >= 2 ? end - i - 2 : 0;
        out.append("'").append(text_.substr(i + 1, inner)).append("'");
        i = end;
        continue;
      }
      if (c == '[' || c == '(') ++depth;
      if ((c == ',' || c == ';') && depth == 0) break;
      if (c == ']' || c == ')') {
        if (depth == 0) break;
        --depth;
      }
      out += c;
      ++i;
    }
    return out;
  }

  std::string_view text_;
};

const Setting* find(const std::vector<Setting>& settings, std::string_view key) {
  for (const Setting& one : settings) {
    if (one.key == key) return &one;
  }
  return nullptr;
}

Problem start(Context& context, const File& file, const Setting& setting, std::string_view id, Severity severity,
              RiskClass risk) {
  Problem made = context.problem(file, lint::Lines(file.text).at(setting.offset), id, severity, risk);
  made.exposure = Exposure::Web;
  made.subject = setting.key;
  made.minutes = 10;
  return made;
}

void session(Context& context, const File& file, const std::vector<Setting>& settings) {
  for (const auto& [key, breaks, fix] :
       {std::tuple("secure", "the session can be taken over on open networks",
                   "'secure' => env('SESSION_SECURE_COOKIE', true)"),
        std::tuple("http_only", "any script on the page reads the session", "'http_only' => true")}) {
    const Setting* one = find(settings, key);
    if (one == nullptr || detect::lowered(one->value) != "false") continue;
    Problem it = start(context, file, *one, "CFG-COOKIE", Severity::Warning, RiskClass::ScaleRisk);
    it.title = "The login cookie is not protected";
    it.why = fmt::format("'{}' is false for every environment", key);
    it.breaks = breaks;
    it.fix = fmt::format("write {}", fix);
    context.add(file, std::move(it));
  }
}

void cors(Context& context, const File& file, const std::vector<Setting>& settings) {
  const Setting *origins = find(settings, "allowed_origins"), *credentials = find(settings, "supports_credentials");
  if (origins == nullptr || credentials == nullptr || detect::lowered(credentials->value) != "true") return;
  if (!detect::contains(origins->value, "'*'")) return;
  Problem it = start(context, file, *origins, "CFG-CORS", Severity::Error, RiskClass::LaunchBlocker);
  it.title = "Every website can act as your signed-in users";
  it.why = "allowed_origins is * and supports_credentials is true: whatever origin asks is allowed with its cookies";
  it.breaks = "a page that a user visits reads and changes their data on your site";
  it.fix = "name your own sites: 'allowed_origins' => [env('FRONTEND_URL')]";
  context.add(file, std::move(it));
}

void app(Context& context, const File& file, const std::vector<Setting>& settings) {
  const Setting* debug = find(settings, "debug");
  if (debug == nullptr || detect::lowered(debug->value) != "true") return;
  Problem it = start(context, file, *debug, "CFG-DEBUG", Severity::Error, RiskClass::LaunchBlocker);
  it.title = "Error pages show your code and settings to visitors";
  it.why = "'debug' is true for every environment";
  it.breaks = "every error page shows code, queries and variables";
  it.fix = "write 'debug' => (bool) env('APP_DEBUG', false)";
  context.add(file, std::move(it));
}

}  // namespace

void check_laravel(Context& context, const File& file) {
  const std::vector<Setting> settings = Reader(file.text).run();
  if (file.name() == "session.php") session(context, file, settings);
  if (file.name() == "cors.php") cors(context, file, settings);
  if (file.name() == "app.php") app(context, file, settings);
}

}  // namespace tightship::config
