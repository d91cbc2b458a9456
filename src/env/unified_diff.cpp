#include "env/unified_diff.h"

#include <algorithm>
#include <map>

#include "env/style_lines.h"
#include "lint/dotenv.h"

namespace tightship::env {
namespace {

constexpr std::size_t kContext = 3;

// A line as it may be shown.
std::string masked(const StyleLine& line) {
  if (line.kind != StyleLine::Kind::Assignment) return std::string(line.text);
  if (line.value.empty()) return std::string(line.text);
  const char* begin = line.value.data();
  const bool quoted = line.value.size() >= 2 && (line.value.front() == '"' || line.value.front() == '\'') &&
                      line.value.back() == line.value.front();
  const std::string quote = quoted ? std::string(1, line.value.front()) : "";
  std::string out(line.text.data(), static_cast<std::size_t>(begin - line.text.data()));
  out += quote + "…(" + std::to_string(line.value.size() - (quoted ? 2 : 0)) + ")" + quote;
  const char* end = begin + line.value.size();
  return out.append(end, static_cast<std::size_t>(line.text.data() + line.text.size() - end));
}

// A commented-out assignment and prose are told apart by nothing: comments with an = are masked behind it.
std::string shown(const StyleLine& line) {
  std::string text = masked(line);
  if (line.kind == StyleLine::Kind::Comment) {
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos && equals + 1 < text.size()) text = text.substr(0, equals + 1) + "…";
  }
  return text;
}

struct Edit {
  char sign;  // ' ', '-', '+'
  const StyleLine* line;
};

// Longest common subsequence of what lies between the equal begin and end.
std::vector<Edit> edits(const std::vector<StyleLine>& a, const std::vector<StyleLine>& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head].text == b[head].text) ++head;
  std::size_t a_end = a.size(), b_end = b.size();
  while (a_end > head && b_end > head && a[a_end - 1].text == b[b_end - 1].text) --a_end, --b_end;
  std::vector<Edit> out;
  for (std::size_t i = 0; i < head; ++i) out.push_back({' ', &a[i]});
  const std::size_t rows = a_end - head, columns = b_end - head;
  if (rows > kMaxDiffLines || columns > kMaxDiffLines) {
    for (std::size_t i = head; i < a_end; ++i) out.push_back({'-', &a[i]});
    for (std::size_t i = head; i < b_end; ++i) out.push_back({'+', &b[i]});
  } else {
    std::vector<std::vector<std::uint16_t>> length(rows + 1, std::vector<std::uint16_t>(columns + 1, 0));
    for (std::size_t i = rows; i-- > 0;) {
      for (std::size_t j = columns; j-- > 0;) {
        length[i][j] = a[head + i].text == b[head + j].text ? static_cast<std::uint16_t>(length[i + 1][j + 1] + 1)
                                                            : std::max(length[i + 1][j], length[i][j + 1]);
      }
    }
    std::size_t i = 0, j = 0;
    while (i < rows || j < columns) {
      if (i < rows && j < columns && a[head + i].text == b[head + j].text)
        out.push_back({' ', &a[head + i++]}), ++j;
      else if (i < rows && (j == columns || length[i + 1][j] >= length[i][j + 1]))
        out.push_back({'-', &a[head + i++]});
      else
        out.push_back({'+', &b[head + j++]});
    }
  }
  for (std::size_t i = a_end; i < a.size(); ++i) out.push_back({' ', &a[i]});
  return out;
}

std::string range(std::size_t start, std::size_t count) {
  return std::to_string(count == 0 ? start : start + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

}  // namespace

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const std::vector<StyleLine> a = style_lines(before), b = style_lines(after);
  const std::vector<Edit> all = edits(a, b);
  std::string out = "--- a/" + std::string(path) + "\n+++ b/" + std::string(path) + "\n";
  std::size_t old_line = 0, new_line = 0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t first = i;
    while (first < all.size() && all[first].sign == ' ') ++first;
    if (first == all.size()) break;
    const std::size_t begin = first - std::min(kContext, first - i);
    for (; i < begin; ++i) ++old_line, ++new_line;
    std::size_t end = first, quiet = 0;
    for (std::size_t k = first; k < all.size() && quiet <= 2 * kContext; ++k) {
      quiet = all[k].sign == ' ' ? quiet + 1 : 0;
      if (quiet == 0) end = k + 1;
    }
    end = std::min(end + kContext, all.size());
    std::string body;
    std::size_t olds = 0, news = 0;
    for (std::size_t k = begin; k < end; ++k) {
      olds += all[k].sign != '+';
      news += all[k].sign != '-';
      body += all[k].sign + shown(*all[k].line) + "\n";
    }
    out += "@@ -" + range(old_line, olds) + " +" + range(new_line, news) + " @@\n" + body;
    old_line += olds;
    new_line += news;
    i = end;
  }
  // The last line alone may differ by its line end.
  if (!before.empty() && before.back() != '\n' && a.size() == b.size())
    out += "\\ a line end is added at the end of the file\n";
  return out;
}

std::vector<KeyDifference> compare_keys(std::string_view first, std::string_view second) {
  const lint::EnvText a = lint::read_env_text(first), b = lint::read_env_text(second);
  std::map<std::string, std::pair<const lint::EnvEntry*, const lint::EnvEntry*>> keys;
  for (const auto& entry : a.entries) keys[entry.key].first = &entry;
  for (const auto& entry : b.entries) keys[entry.key].second = &entry;
  std::vector<KeyDifference> out;
  using Kind = KeyDifference::Kind;
  for (const auto& [key, pair] : keys) {
    if (pair.first != nullptr && pair.second != nullptr) {
      if (pair.first->literal != pair.second->literal) out.push_back({key, Kind::Differs, pair.first->line});
    } else if (pair.first != nullptr) {
      out.push_back({key, Kind::OnlyInFirst, pair.first->line});
    } else {
      out.push_back({key, Kind::OnlyInSecond, pair.second->line});
    }
  }
  return out;
}

}  // namespace tightship::env
