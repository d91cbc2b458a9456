#include "cli/log_options.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ledger.h"
#include "git/object.h"
#include "git/revision.h"

namespace tightship::cli {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 ? c == quote : (c == '"' || c == '\'')) {
      quote = quote != 0 ? '\0' : c;
      in_word = true;
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

// The refs that --all and its kin name.
std::optional<std::string_view> prefix_of(std::string_view option) {
  if (option == "--all") return "";
  if (option == "--branches") return "refs/heads/";
  if (option == "--tags") return "refs/tags/";
  if (option == "--remotes") return "refs/remotes/";
  return std::nullopt;
}

// -3, -n3, --max-count=3.
std::optional<unsigned> count_of(std::string_view option) {
  for (const std::string_view prefix : {"--max-count=", "-n", "-"}) {
    if (!option.starts_with(prefix)) continue;
    const std::string_view digits = option.substr(prefix.size());
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc{} && end == digits.data() + digits.size() && !digits.empty()) return value;
  }
  return std::nullopt;
}

class Parser {
 public:
  Parser(const git::Repository& repository, git::ObjectReader& objects) : repository_(repository), objects_(objects) {}

  Result<LogOptions> run(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "--") {  // paths
        out_.ignored.insert(out_.ignored.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
        break;
      }
      if ((word == "-n" || word == "--max-count") && i + 1 < words.size()) {
        count_ = count_of("-" + words[++i]);
      } else if (const auto taken = take(word); !taken) {
        return tl::unexpected(taken.error());
      }
    }
    if (const auto counted = apply_count(); !counted) return tl::unexpected(counted.error());
    return std::move(out_);
  }

 private:
  Result<void> take(const std::string& word) {
    if (word == "--not") {
      not_ = !not_;
    } else if (const auto prefix = prefix_of(word)) {
      add_refs(*prefix);
    } else if (const auto count = count_of(word)) {
      count_ = count;
    } else if (word == "--full-history" || word == "-p" || word == "-U0" || word.starts_with("--diff-filter")) {
      return {};  // what every version of every file is anyway
    } else if (word.starts_with('-')) {
      out_.ignored.push_back(word);
    } else {
      return add_range(word);
    }
    return {};
  }

  Result<void> add_range(const std::string& word) {
    const bool without = word.starts_with('^') != not_;
    const auto range = git::resolve_range(repository_, objects_, word.starts_with('^') ? word.substr(1) : word);
    if (!range) return tl::unexpected(range.error());
    std::vector<Oid>& to = without ? out_.known : out_.wanted;
    std::vector<Oid>& from = without ? out_.wanted : out_.known;
    to.insert(to.end(), range->wanted.begin(), range->wanted.end());
    from.insert(from.end(), range->known.begin(), range->known.end());
    return {};
  }

  void add_refs(std::string_view prefix) {
    Ledger unused;
    for (const git::Ref& ref : git::read_refs(repository_, unused)) {
      const bool named =
          prefix.empty() ? ref.name.starts_with("refs/") || ref.name == "HEAD" : ref.name.starts_with(prefix);
      if (named && !ref.target.is_zero()) (not_ ? out_.known : out_.wanted).push_back(ref.target);
    }
  }

  // The newest N commits of the first parents: what lies behind them is known. Where there are merges, more
  // than N commits are left, and git would leave other ones.
  Result<void> apply_count() {
    if (!count_) return {};
    if (out_.wanted.empty()) {
      auto head = git::resolve_revision(repository_, objects_, "HEAD");
      if (!head) return tl::unexpected(head.error());
      out_.wanted.push_back(*head);
    }
    for (const Oid& tip : out_.wanted) {
      Oid at = tip;
      for (unsigned i = 0; i < *count_; ++i) {
        const auto object = objects_.read(at);
        const auto commit = object ? git::parse_commit(object->bytes, objects_.hash()) : Result<git::Commit>{};
        if (!object || !commit || commit->parents.empty()) {
          at = Oid{};
          break;
        }
        at = commit->parents.front();
      }
      if (!at.is_zero()) out_.known.push_back(at);
    }
    return {};
  }

  const git::Repository& repository_;
  git::ObjectReader& objects_;
  LogOptions out_;
  std::optional<unsigned> count_;
  bool not_ = false;
};

}  // namespace

Result<LogOptions> parse_log_options(const std::string& text, const git::Repository& repository,
                                     git::ObjectReader& objects) {
  auto options = Parser(repository, objects).run(split(text));
  if (options && options->wanted.empty() && !options->known.empty()) {
    auto head = git::resolve_revision(repository, objects, "HEAD");
    if (!head) return tl::unexpected(head.error());
    options->wanted.push_back(*head);
  }
  return options;
}

}  // namespace tightship::cli
