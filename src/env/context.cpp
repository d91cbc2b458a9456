#include "env/context.h"

#include <algorithm>

namespace tightship::env {

bool Document::holds_secret() const {
  return std::any_of(judged.begin(), judged.end(), [](const lint::Judgement& said) { return said.secret_like(); });
}

const lint::EnvEntry* Document::find(std::string_view key) const {
  const std::uint32_t entry = keys.last(key);
  return entry == lint::KeyIndex::kNone ? nullptr : &lines.entries[entry];
}

void Context::add(readiness::Problem problem) {
  if (std::find(options.ignore.begin(), options.ignore.end(), problem.id) != options.ignore.end()) return;
  problem.source = "env";
  report.problems.push_back(std::move(problem));
}

void Context::pass(std::string id, std::string text) { report.passed.push_back({std::move(id), std::move(text)}); }

const Document* Context::document(std::string_view path) const {
  const auto at =
      std::lower_bound(documents.begin(), documents.end(), path,
                       [](const Document& document, std::string_view name) { return document.path < name; });
  return at != documents.end() && at->path == path ? &*at : nullptr;
}

readiness::Spot spot_of(const Document& document, const lint::EnvEntry& entry) {
  return {document.path, entry.line, entry.column};
}

readiness::Spot value_spot_of(const Document& document, const lint::EnvEntry& entry) {
  return {document.path, entry.value_line, entry.value_column};
}

std::string name_list(const std::vector<std::string>& names, std::size_t shown) {
  std::string out;
  const std::size_t few = names.size() <= shown + 1 ? names.size() : shown;
  for (std::size_t i = 0; i < few; ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  if (few < names.size()) out += " and " + std::to_string(names.size() - few) + " more";
  return out;
}

std::vector<std::string> secret_names(const Document& document) {
  std::vector<std::string> out;
  for (const bool by_format : {true, false}) {
    for (std::size_t i = 0; i < document.judged.size(); ++i) {
      const lint::Judgement& said = document.judged[i];
      const bool wanted = by_format ? said.kind == lint::ValueKind::Secret : said.kind == lint::ValueKind::NamedSecret;
      const std::string& key = document.lines.entries[i].key;
      if (wanted && std::find(out.begin(), out.end(), key) == out.end()) out.push_back(key);
    }
  }
  return out;
}

std::string shell_word(std::string_view path) {
  const bool plain =
      !path.empty() &&
      path.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+@%,:=") ==
          std::string_view::npos &&
      path.front() != '-';
  if (plain) return std::string(path);
  std::string out = "'";
  for (const char c : path) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

}  // namespace tightship::env
