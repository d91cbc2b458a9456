#include "lint/dotenv.h"

#include <algorithm>

#include "lint/dotenv_parts.h"
#include "lint/key_index.h"

namespace tightship::lint {
namespace {

struct LoaderRow {
  std::string_view id, name;
  Grammar grammar;
};

using Shape = Grammar::Shape;
//                                                   hash   expands single runs   quotes
constexpr std::array<LoaderRow, 11> kRows = {{
    {"node-dotenv", "node dotenv", {Shape::DotenvLine, true, false, false, false, false}},
    {"node-env-file", "node --env-file", {Shape::NodeBuiltin, true, false, false, false, false}},
    {"next", "Next.js", {Shape::DotenvLine, true, true, true, false, false}},
    {"vite", "Vite", {Shape::NodeBuiltin, true, true, true, false, false}},
    {"dotenvx", "dotenvx", {Shape::DotenvLine, true, true, false, true, false}},
    {"python-dotenv", "python-dotenv", {Shape::Python, false, false, false, false, false}},
    {"ruby-dotenv", "ruby dotenv", {Shape::Ruby, true, true, false, true, false}},
    {"compose", "Docker Compose", {Shape::Compose, false, true, false, false, false}},
    {"docker-run", "docker run --env-file", {Shape::DockerRun, false, false, false, false, true}},
    {"godotenv", "godotenv", {Shape::Go, false, true, false, false, false}},
    {"bash", "a shell", {Shape::Shell, false, true, false, true, false}},
}};

const LoaderRow& row(Loader loader) { return kRows[static_cast<std::size_t>(loader)]; }

bool starts_with_mark(std::string_view text) { return text.starts_with("\xEF\xBB\xBF"); }

Source source_for(std::string_view text, Loader loader) {
  switch (grammar(loader).shape) {
    case Shape::DotenvLine: return Source::with_newlines(text);
    case Shape::NodeBuiltin: return Source::without_cr(text);
    case Shape::Go:
    case Shape::Compose: return Source::without_crlf(text);
    default: return Source(text);
  }
}

// The mark is dropped by what these programs read files with; the others treat it as white space or as a letter.
bool drops_mark(Loader loader) {
  return loader == Loader::PythonDotenv || loader == Loader::RubyDotenv || loader == Loader::Compose ||
         loader == Loader::DockerRun;
}

void read_with(Collector& out, Loader loader) {
  switch (grammar(loader).shape) {
    case Shape::DotenvLine: return read_dotenv_lines(out, loader);
    case Shape::NodeBuiltin: return read_node_builtin(out);
    case Shape::Python: return read_python(out);
    case Shape::Ruby: return read_ruby(out);
    case Shape::Go: return read_godotenv(out);
    case Shape::Compose: return read_compose(out);
    case Shape::DockerRun: return read_docker_run(out);
    case Shape::Shell: return read_shell(out);
  }
}

// Entries come with offsets in ascending order, so that one pass over the text gives all lines.
class Placer {
 public:
  explicit Placer(std::string_view text) : text_(text) {}
  void place(std::size_t offset, std::uint32_t& line, std::uint32_t& column) {
    offset = std::min(offset, text_.size());
    if (offset < at_) *this = Placer(text_);
    for (; at_ < offset; ++at_) {
      if (text_[at_] != '\n') continue;
      ++line_;
      line_start_ = at_ + 1;
    }
    line = line_;
    column = static_cast<std::uint32_t>(offset - line_start_) + 1;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0, line_start_ = 0;
  std::uint32_t line_ = 1;
};

void place_entries(std::string_view text, EnvFile& file) {
  Placer placer(text);
  for (EnvEntry& entry : file.entries) {
    placer.place(entry.offset, entry.line, entry.column);
    placer.place(entry.value_offset, entry.value_line, entry.value_column);
  }
  if (!file.error) return;
  std::uint32_t column = 0;
  Placer(text).place(file.error_line, file.error_line, column);
}

void choose_effective(EnvFile& file) {
  const KeyIndex keys(file.entries);
  std::vector<std::uint32_t> place(file.entries.size());  // in `effective`, of each entry's key
  file.effective.reserve(file.entries.size());
  for (std::uint32_t i = 0; i < file.entries.size(); ++i) {
    const bool first = keys.before(i) == KeyIndex::kNone;
    place[i] = first ? static_cast<std::uint32_t>(file.effective.size()) : place[keys.before(i)];
    if (first)
      file.effective.push_back(i);
    else
      file.effective[place[i]] = i;
  }
}

}  // namespace

std::string_view loader_id(Loader loader) { return row(loader).id; }
std::string_view loader_name(Loader loader) { return row(loader).name; }
const Grammar& grammar(Loader loader) { return row(loader).grammar; }

const EnvEntry* EnvFile::find(std::string_view key) const {
  for (const std::uint32_t i : effective) {
    if (entries[i].key == key) return &entries[i];
  }
  return nullptr;
}

EnvFile read_env(std::string_view text, Loader loader, const ReadOptions& options) {
  EnvFile file;
  if (text.size() > kMaxEnvFile) {
    file.error = "too large for an env file";
    return file;
  }
  const std::size_t mark = drops_mark(loader) && starts_with_mark(text) ? 3 : 0;
  const Source source = source_for(text.substr(mark), loader);
  file.entries.reserve(expected_entries(source.text));
  Collector out(source, options, file);
  read_with(out, loader);
  for (EnvEntry& entry : file.entries) {
    // `raw` must outlive the source's copy: the same bytes of the original, but for what was left out in them.
    const std::size_t begin = entry.value_offset + mark;
    entry.offset += static_cast<std::uint32_t>(mark);
    entry.value_offset = static_cast<std::uint32_t>(begin);
    const std::size_t end = std::min(
        source.original_offset(entry.raw.empty() ? 0
                                                 : static_cast<std::size_t>(entry.raw.data() - source.text.data()) +
                                                       entry.raw.size()) +
            mark,
        text.size());
    entry.raw = entry.raw.empty() ? text.substr(begin, 0) : text.substr(begin, end - begin);
  }
  choose_effective(file);
  if (loader == Loader::Next) expand_next(file, options);
  if (loader == Loader::Vite) expand_vite(file, options);
  place_entries(text, file);
  return file;
}

}  // namespace tightship::lint
