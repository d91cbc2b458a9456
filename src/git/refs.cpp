#include "git/refs_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "git/repository.h"

namespace tightship::git {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxRefFile = 64u << 10;
constexpr std::uint64_t kMaxPackedRefs = 1u << 30;
constexpr std::uint64_t kMaxPseudoRef = 256u << 20;
constexpr int kMaxSymbolicDepth = 5;  // as git

// gitglossary(7) "pseudoref", and what else git keeps beside HEAD. They may name several objects.
constexpr std::array<std::string_view, 12> kPseudoRefs = {
    "AUTO_MERGE", "BISECT_EXPECTED_REV", "BISECT_HEAD",     "CHERRY_PICK_HEAD", "FETCH_HEAD",  "MERGE_AUTOSTASH",
    "MERGE_HEAD", "NOTES_MERGE_PARTIAL", "NOTES_MERGE_REF", "ORIG_HEAD",        "REBASE_HEAD", "REVERT_HEAD"};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

void lose(Ledger& ledger, LossKind kind, std::string what, std::string where) {
  ledger.add({kind, std::move(what), std::move(where), {}});
}

struct RawRef {
  Oid target;
  std::string symbolic;
  std::string prefix;  // of the store it was found in
};

// "ref: refs/heads/main\n", with any space after the colon and at the end.
std::optional<std::string> symbolic_target(std::string_view content) {
  if (!content.starts_with("ref:")) return std::nullopt;
  content.remove_prefix(4);
  while (!content.empty() && is_space(content.front())) content.remove_prefix(1);
  while (!content.empty() && is_space(content.back())) content.remove_suffix(1);
  return std::string(content);
}

// The text of a symbolic link such as git of 2005 made for HEAD; empty when `path` is none.
std::string linked_ref(const std::string& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return {};
  std::string target = fs::read_symlink(path, error).string();
  return !error && target.starts_with("refs/") ? target : std::string{};
}

class Reader {
 public:
  Reader(const Repository& repository, Ledger& ledger) : repository_(repository), ledger_(ledger) {}

  std::vector<Ref> run() {
    const auto common = files_below(repository_.common_dir + "/refs", ledger_);
    for (const FileBelow& file : common) {
      if (!is_per_worktree("refs/" + file.name)) read_loose_ref("refs/" + file.name, file.path, "");
    }
    for (const RefStore& store : ref_stores(repository_)) {
      const bool shared = store.dir == repository_.common_dir;
      read_store(store, shared ? common : files_below(store.dir + "/refs", ledger_));
    }
    read_packed();
    resolve_all();
    std::sort(result_.begin(), result_.end(),
              [](const Ref& a, const Ref& b) { return a.name != b.name ? a.name < b.name : a.target < b.target; });
    return std::move(result_);
  }

 private:
  void read_store(const RefStore& store, const std::vector<FileBelow>& files) {
    read_loose_ref("HEAD", store.dir + "/HEAD", store.prefix);
    for (const std::string_view name : kPseudoRefs) read_pseudo_ref(std::string(name), store);
    for (const FileBelow& file : files) {
      const std::string name = "refs/" + file.name;
      if (is_per_worktree(name)) read_loose_ref(name, file.path, store.prefix);
    }
  }

  void read_loose_ref(const std::string& name, const std::string& path, const std::string& prefix) {
    if (std::string target = linked_ref(path); !target.empty()) {
      refs_.try_emplace(prefix + name, RawRef{{}, std::move(target), prefix});
      return;
    }
    const auto content = read_file(path, kMaxRefFile);
    if (!content) return ledger_.add(loss_of(content.error(), path));
    std::string_view text = *content;
    if (auto target = symbolic_target(text)) {
      refs_.try_emplace(prefix + name, RawRef{{}, std::move(*target), prefix});
      return;
    }
    const auto oid = take_oid(text, repository_.hash);
    if (!oid || oid->is_zero() || !(text.empty() || is_space(text[0]) || text[0] == '\0')) {
      return lose(ledger_, LossKind::CorruptIndex, "ref holds no object id", path);
    }
    refs_.try_emplace(prefix + name, RawRef{*oid, {}, prefix});
  }

  // Each line begins with an object id; an empty file (after a fetch of nothing) is none.
  void read_pseudo_ref(const std::string& name, const RefStore& store) {
    const std::string path = store.dir + "/" + name;
    const auto content = read_file(path, kMaxPseudoRef);
    if (!content) {
      if (content.error().kind != ErrorKind::NotFound) ledger_.add(loss_of(content.error(), path));
      return;
    }
    if (auto target = symbolic_target(*content)) {
      refs_.try_emplace(store.prefix + name, RawRef{{}, std::move(*target), store.prefix});
      return;
    }
    std::vector<Oid> oids;
    std::string_view rest = *content;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (const auto oid = take_oid(line, repository_.hash))
        oids.push_back(*oid);
      else
        lose(ledger_, LossKind::CorruptIndex, "line holds no object id", path);
    }
    std::sort(oids.begin(), oids.end());
    oids.erase(std::unique(oids.begin(), oids.end()), oids.end());
    for (const Oid& oid : oids) result_.push_back({store.prefix + name, oid, {}});
  }

  void read_packed() {
    const std::string path = repository_.common_dir + "/packed-refs";
    const auto content = read_file(path, kMaxPackedRefs);
    if (!content) {
      if (content.error().kind != ErrorKind::NotFound) ledger_.add(loss_of(content.error(), path));
      return;
    }
    for (Ref& ref : parse_packed_refs(*content, repository_.hash, ledger_)) {
      refs_.try_emplace(std::move(ref.name), RawRef{ref.target, {}, {}});
    }
  }

  const RawRef* find(const std::string& name, const std::string& prefix) const {
    auto it = refs_.find(prefix + name);
    if (it == refs_.end()) it = refs_.find(name);
    return it == refs_.end() ? nullptr : &it->second;
  }

  void resolve_all() {
    for (const auto& [name, raw] : refs_) {
      const RawRef* at = &raw;
      for (int depth = 0; at != nullptr && !at->symbolic.empty(); ++depth) {
        if (depth == kMaxSymbolicDepth) {
          lose(ledger_, LossKind::CorruptIndex, "symbolic refs form a circle or too long a chain", name);
          at = nullptr;
          break;
        }
        at = find(at->symbolic, at->prefix);
      }
      if (at != nullptr) result_.push_back({name, at->target, raw.symbolic});
    }
  }

  const Repository& repository_;
  Ledger& ledger_;
  std::map<std::string, RawRef> refs_;
  std::vector<Ref> result_;
};

}  // namespace

std::vector<Ref> read_refs(const Repository& repository, Ledger& ledger) { return Reader(repository, ledger).run(); }

std::vector<Ref> parse_packed_refs(std::string_view content, HashKind hash, Ledger& ledger) {
  std::vector<Ref> refs;
  std::size_t line_number = 0;
  while (!content.empty()) {
    ++line_number;
    const std::size_t end = content.find('\n');
    const bool cut = end == std::string_view::npos;
    std::string_view line = content.substr(0, end);
    content.remove_prefix(cut ? content.size() : end + 1);
    if (line.starts_with('#') && line_number == 1) continue;
    const bool peeled = line.starts_with('^') && !refs.empty();
    if (peeled) line.remove_prefix(1);
    const auto oid = take_oid(line, hash);
    const bool whole = oid && (peeled ? line.empty() : line.size() > 1 && line[0] == ' ');
    // A last line without its newline is kept: the id is whole, only the name may be cut.
    if (!whole || cut) {
      lose(ledger, LossKind::CorruptIndex, "damaged line in packed-refs",
           "packed-refs, line " + std::to_string(line_number));
    }
    if (whole && !peeled) refs.push_back({std::string(line.substr(1)), *oid, {}});
  }
  return refs;
}

}  // namespace tightship::git
