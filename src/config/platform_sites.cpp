// Vercel, Netlify: hosts of sites.

#include <fmt/format.h>

#include <algorithm>

#include "config/checks.h"
#include "detect/text_class.h"
#include "lint/json.h"
#include "lint/toml.h"

namespace tightship::config {
namespace {

void check_variables(Context& context, const File& file, const lint::Node* map, const LiteralPlace& place) {
  if (map == nullptr) return;
  for (const lint::Member& one : map->members) {
    if (one.value.is_scalar()) context.literal(file, place, one.key, one.value.text, one.value.at);
  }
}

LiteralPlace netlify_place(std::string where) {
  return {"CFG-NETLIFY",
          std::move(where),
          "take it out of the file and set it with the CLI or the dashboard, then replace the key",
          {"netlify env:set NAME"}};
}

void weak_scan(Context& context, const File& file, const lint::Member& one) {
  const std::string key = one.key, value = one.value.text;
  const bool off = key == "SECRETS_SCAN_ENABLED" && detect::lowered(value) == "false";
  bool omits = false;
  if (key == "SECRETS_SCAN_OMIT_KEYS") {
    std::size_t begin = 0;
    while (begin <= value.size()) {
      const std::size_t end = std::min(value.find(',', begin), value.size());
      std::string name = value.substr(begin, end - begin);
      std::erase_if(name, [](char c) { return c == ' '; });
      omits = omits || (lint::is_secret_name(name) && context.project().public_prefix_of(name) == nullptr);
      begin = end + 1;
    }
  }
  if (!off && !omits) return;
  Problem problem = context.problem(file, one.at, "CFG-NETLIFY-SCAN", Severity::Warning, RiskClass::ScaleRisk);
  problem.title = off ? "Netlify's search for leaked secrets is switched off"
                      : "Netlify's search for leaked secrets skips a secret";
  problem.why = fmt::format("{} = \"{}\"", key, value);
  problem.breaks = "a build that puts a secret into the site is published without a word";
  problem.fix = "take the line out; for a false alarm omit the one path with SECRETS_SCAN_OMIT_PATHS";
  problem.minutes = 10;
  problem.subject = key;
  context.add(file, std::move(problem));
}

void netlify_environment(Context& context, const File& file, const lint::Node* environment, const std::string& where) {
  if (environment == nullptr) return;
  check_variables(context, file, environment, netlify_place(where));
  for (const lint::Member& one : environment->members) weak_scan(context, file, one);
}

// "/old /new 301!" of _redirects and [[redirects]]: a rule that leads to itself.
void check_redirect(Context& context, const File& file, At at, const std::string& from, const std::string& to,
                    const std::string& status, bool forced, bool conditional) {
  const bool moves = status.empty() || status[0] == '3';
  if (from != to || !moves || conditional || (!forced && from.find('*') == std::string::npos)) return;
  Problem problem = context.problem(file, at, "CFG-REDIRECT-LOOP", Severity::Error, RiskClass::LaunchBlocker);
  problem.exposure = Exposure::Web;
  problem.title = fmt::format("{} redirects to itself", from);
  problem.why = fmt::format("the rule answers {} with a redirect to {}", from, to);
  problem.breaks = "visitors get \"too many redirects\" instead of the page";
  problem.fix = "give the rule the status 200 (a rewrite), or take it out";
  problem.minutes = 5;
  problem.subject = from;
  context.add(file, std::move(problem));
}

HeaderRule header_rule(const lint::Node& node, std::string path, const lint::Node* values) {
  HeaderRule rule{std::move(path), {}, node.at};
  if (values == nullptr) return rule;
  for (const lint::Member& one : values->members) rule.headers.emplace_back(detect::lowered(one.key), one.value.text);
  for (const lint::Node& one : values->items) {
    rule.headers.emplace_back(detect::lowered(one.text_of("key")), one.text_of("value"));
  }
  return rule;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos) {
    const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    words.emplace_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

template <class F>
void for_lines(std::string_view text, F f) {
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    f(text.substr(at, end - at), ++number);
    at = end + 1;
  }
}

}  // namespace

void check_vercel(Context& context, const File& file) {
  const auto root = lint::parse_json(file.text);
  if (!root) return context.loss(file, root.error());
  const LiteralPlace place{"CFG-VERCEL",
                           "env of vercel.json",
                           "take it out of the file, add it as a sensitive variable, then replace the key",
                           {"vercel env add NAME production --sensitive"}};
  check_variables(context, file, root->find("env"), place);
  check_variables(context, file, root->at_path("build/env"), place);
  const lint::Node* headers = root->find("headers");
  for (std::size_t i = 0; headers != nullptr && i < headers->items.size(); ++i) {
    const lint::Node& one = headers->items[i];
    check_header_rule(context, file, header_rule(one, one.text_of("source"), one.find("headers")));
  }
  const lint::Node* redirects = root->find("redirects");
  for (std::size_t i = 0; redirects != nullptr && i < redirects->items.size(); ++i) {
    const lint::Node& one = redirects->items[i];
    const bool conditional = one.find("has") != nullptr || one.find("missing") != nullptr;
    check_redirect(context, file, one.at, one.text_of("source"), one.text_of("destination"), "308", true, conditional);
  }
}

void check_netlify(Context& context, const File& file) {
  const auto root = lint::parse_toml(file.text);
  if (!root) return context.loss(file, root.error());
  netlify_environment(context, file, root->at_path("build/environment"), "[build.environment] of netlify.toml");
  if (const lint::Node* contexts = root->find("context")) {
    for (const lint::Member& one : contexts->members) {
      netlify_environment(context, file, one.value.find("environment"),
                          fmt::format("[context.{}.environment] of netlify.toml", one.key));
    }
  }
  if (const lint::Node* headers = root->find("headers")) {
    for (const lint::Node& one : headers->items) {
      check_header_rule(context, file, header_rule(one, one.text_of("for"), one.find("values")));
    }
  }
  if (const lint::Node* redirects = root->find("redirects")) {
    for (const lint::Node& one : redirects->items) {
      const bool conditional = one.find("conditions") != nullptr || one.find("query") != nullptr;
      check_redirect(context, file, one.at, one.text_of("from"), one.text_of("to"), one.text_of("status"),
                     one.text_of("force") == "true", conditional);
    }
  }
}

void check_netlify_redirects(Context& context, const File& file) {
  for_lines(file.text, [&](std::string_view line, std::uint32_t number) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 2 || words[0][0] == '#') return;
    std::string status = words.size() > 2 ? words[2] : std::string();
    const bool forced = !status.empty() && status.back() == '!';
    if (forced) status.pop_back();
    check_redirect(context, file, {number, 1}, words[0], words[1], status, forced, words.size() > 3);
  });
}

void check_headers_file(Context& context, const File& file) {
  HeaderRule rule;
  const auto flush = [&] {
    if (!rule.path.empty()) check_header_rule(context, file, rule);
    rule = {};
  };
  for_lines(file.text, [&](std::string_view line, std::uint32_t number) {
    const std::vector<std::string> words = words_of(line);
    if (words.empty() || words[0][0] == '#') return;
    const std::size_t colon = line.find(':');
    if (line[0] != ' ' && line[0] != '\t') {
      flush();
      rule.path = words[0];
      rule.at = {number, 1};
    } else if (colon != std::string_view::npos) {
      const std::vector<std::string> name = words_of(line.substr(0, colon));
      std::string value;
      for (const std::string& word : words_of(line.substr(colon + 1))) value += (value.empty() ? "" : " ") + word;
      if (!name.empty()) rule.headers.emplace_back(detect::lowered(name[0]), value);
    }
  });
  flush();
}

}  // namespace tightship::config
