#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "allow/allowances.h"
#include "base/terminal_text.h"
#include "cli/allow_target.h"
#include "cli/allowance_source.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/stream.h"
#include "git/repository.h"

namespace tightship::cli {
namespace {

struct AllowFlags {
  std::vector<std::string> ids, removed;
  std::string reason, until, by, rule, folder;
  bool list = false;
};

Command allow_record(AllowFlags& flags) {
  Command command;
  command.name = "allow";
  command.usage = "tightship allow [FLAGS] ID --reason TEXT";
  command.brief = "Accepts a finding, with a reason, in a line of .tightship/allow.toml.";
  command.detail =
      "ID is what the report shows after \"id:\": 16 hexadecimal digits made of rule and value, which tell nothing "
      "of the value and stay the same wherever it stands. The file belongs into the repository, so that the line is "
      "reviewed like code; a scan says that it took part. Saying it again changes only what is said otherwise.";
  command.examples =
      "  tightship allow 5d0c9a3e71b2f640 --reason \"example of the documentation\"\n"
      "  tightship allow 5d0c9a3e71b2f640 --reason \"rotated on Monday\" --until 2027-01-31\n"
      "  tightship allow --list\n"
      "  tightship allow --remove 5d0c9a3e71b2f640\n";
  constexpr std::string_view kEntry = "entry", kFile = "file";
  command.flags = {
      {"reason", 0, "TEXT", kEntry, "why it is no secret, or why it may stay", "", set_text(flags.reason)},
      {"until", 0, "DATE", kEntry, "the last day on which it holds, as 2027-01-31; never: no end", "",
       set_text(flags.until)},
      {"by", 0, "NAME", kEntry, "who decided it (default: the name that git would use)",
       "GIT_AUTHOR_NAME, or user.name in the repository's own configuration.", set_text(flags.by)},
      {"rule", 0, "RULE", kEntry, "the rule of the finding (default: looked up in the work tree)", "",
       set_text(flags.rule)},
      {"in", 0, "FOLDER", kFile, "keep it in FOLDER/.tightship/allow.toml, which speaks of FOLDER only",
       "That file counts from the moment it is added to git.", set_text(flags.folder)},
      {"list", 0, "", kFile, "print all entries, and where they stand", "", set_true(flags.list)},
      {"remove", 0, "ID", kFile, "remove the entry of ID", "", append_text(flags.removed)},
  };
  command.operands = {"ID", 0, 1000, &flags.ids};
  return command;
}

Result<void> check_id(const std::string& id) {
  if (allow::is_id(id)) return {};
  // What was given is not repeated: it may be the secret.
  return fail(ErrorKind::Usage, "that is not the id of a finding: an id has 16 hexadecimal digits", {},
              "tightship scan shows it after \"id:\"");
}

// As far as it is told here: no program is run, and nothing in the home folder is read.
std::string git_name(const std::string& root) {
  const char* given = std::getenv("GIT_AUTHOR_NAME");
  if (given != nullptr && *given != '\0') return given;
  Ledger unused;
  const auto repository = git::open_repository(root, false, unused);
  return repository ? std::string(repository->config_value("user.name").value_or("")) : std::string();
}

Result<std::optional<allow::Day>> parse_until(const std::string& text) {
  if (text.empty() || text == "never") return std::nullopt;
  const auto day = allow::parse_day(text);
  if (!day)
    return fail(ErrorKind::Usage, fmt::format("invalid value '{}' for --until", text), {},
                "--until takes a day such as 2027-01-31, or never");
  if (*day < allow::today()) {
    return fail(ErrorKind::Usage, fmt::format("--until {} is over: the entry would accept nothing", text));
  }
  return std::optional<allow::Day>(day);
}

// Everything about the entries that is not their id.
struct Wanted {
  std::string reason, by, default_by, rule;
  std::string until_text;
  std::optional<allow::Day> until;
};

// What becomes of the entry that is there, if any. An entry that says the same stays as it is, with its
// date and name.
allow::Entry entry_for(const std::string& id, const allow::Entry* old, const Wanted& wanted) {
  allow::Entry entry = old != nullptr ? *old : allow::Entry{};
  entry.id = id;
  entry.reason = wanted.reason;
  if (!wanted.until_text.empty()) entry.until = wanted.until;
  if (!wanted.rule.empty()) entry.rule = wanted.rule;
  if (old == nullptr) entry.added = allow::today();
  const bool changed = old == nullptr || !entry.same_as(*old);
  if (!wanted.by.empty())
    entry.by = wanted.by;
  else if (changed && !wanted.default_by.empty())
    entry.by = wanted.default_by;
  return entry;
}

std::string place_of(const std::string& id, const std::vector<KnownFinding>& known) {
  const auto at = std::find_if(known.begin(), known.end(), [&](const KnownFinding& k) { return k.id == id; });
  return at == known.end() ? "" : fmt::format("{} at {}", at->rule, at->place);
}

void say_written(const std::string& id, const AllowTarget& target, bool changed,
                 const std::vector<KnownFinding>& known) {
  const std::string path = terminal_text(target.file.source.path);
  if (!changed) return write_stderr(fmt::format("{} is allowed already in {}\n", id, path));
  const std::string place = place_of(id, known);
  write_stderr(fmt::format("allowed {}{} in {}\n", id, place.empty() ? "" : ": " + place, path));
  if (place.empty())
    print_warning("no finding of the work tree has this id", "tightship audit shows those of the history");
}

Result<int> add_entries(const AllowFlags& flags, const Wanted& given) {
  auto target = open_allow_target(flags.folder);
  if (!target) return tl::unexpected(target.error());
  const auto known = known_findings(target->root);
  if (!known) return tl::unexpected(known.error());
  // Read again under the lock: while the tree was scanned somebody may have written.
  const auto lock = ConfigLock::take(target->root, target->name);
  if (!lock) return tl::unexpected(lock.error());
  target = open_allow_target(flags.folder);
  if (!target) return tl::unexpected(target.error());
  Wanted wanted = given;
  wanted.default_by = git_name(target->root);
  if (auto checked = check_written_text("by", wanted.default_by); !checked) return tl::unexpected(checked.error());
  for (const std::string& id : flags.ids) {
    const auto found = std::find_if(known->begin(), known->end(), [&](const KnownFinding& k) { return k.id == id; });
    wanted.rule = !flags.rule.empty() || found == known->end() ? flags.rule : found->rule;
    const allow::Entry* old = target->file.find(id);
    const allow::Entry entry = entry_for(id, old, wanted);
    const bool changed = old == nullptr || !entry.same_as(*old);
    if (changed) {
      const auto text = allow::with_entry(target->file, entry);
      if (!text) return tl::unexpected(text.error());
      if (auto written = write_allow_target(*target, *text); !written) return tl::unexpected(written.error());
      target->file = allow::parse_allow_file(*text, target->file.source.path);
    }
    say_written(id, *target, changed, *known);
  }
  return static_cast<int>(ExitCode::Clean);
}

Result<int> remove_entries(const AllowFlags& flags) {
  auto target = open_allow_target(flags.folder);
  if (!target) return tl::unexpected(target.error());
  if (target->file.source.text.empty())
    return fail(ErrorKind::NotFound, "no entry has this id", target->file.source.path);
  const auto lock = ConfigLock::take(target->root, target->name);
  if (!lock) return tl::unexpected(lock.error());
  target = open_allow_target(flags.folder);
  if (!target) return tl::unexpected(target.error());
  for (const std::string& id : flags.removed) {
    const auto text = allow::without_entry(target->file, id);
    if (!text) return tl::unexpected(text.error());
    if (auto written = write_allow_target(*target, *text); !written) return tl::unexpected(written.error());
    target->file = allow::parse_allow_file(*text, target->file.source.path);
    write_stderr(fmt::format("removed {} from {}\n", id, terminal_text(target->file.source.path)));
  }
  return static_cast<int>(ExitCode::Clean);
}

std::string dates_text(const allow::Entry& entry) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (!entry.by.empty()) add(terminal_text(entry.by));
  if (entry.added) add("added " + allow::day_text(*entry.added));
  if (entry.until) add((entry.expired(allow::today()) ? "expired on " : "until ") + allow::day_text(*entry.until));
  return text.empty() ? text : " (" + text + ")";
}

Result<int> list_entries(const AllowFlags& flags) {
  const auto source = load_allowances({}, false, {flags.folder.empty() ? "." : flags.folder}, PathSpace::Repository);
  if (!source) return tl::unexpected(source.error());
  std::string text;
  for (const allow::AllowFile& file : source->allowances.files) {
    for (const allow::Entry& entry : file.entries) {
      text += fmt::format("{}:{}: {} {}: {}{}\n", terminal_text(file.source.path), entry.place.line, entry.id,
                          entry.rule.empty() ? "-" : terminal_text(entry.rule), terminal_text(entry.reason),
                          dates_text(entry));
    }
  }
  const auto written = write_stdout(text);
  if (!written) return tl::unexpected(written.error());
  return static_cast<int>(ExitCode::Clean);
}

Result<int> accept(const AllowFlags& flags) {
  if (flags.ids.empty())
    return fail(ErrorKind::Usage, "ID is missing", {}, "usage: tightship allow ID --reason \"...\"");
  for (const std::string& id : flags.ids) {
    if (auto checked = check_id(id); !checked) return tl::unexpected(checked.error());
  }
  if (flags.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return fail(ErrorKind::Usage, "a finding is accepted for a reason", {},
                fmt::format("tightship allow {} --reason \"...\"", flags.ids.front()));
  }
  for (const auto& [name, text] : {std::pair("reason", &flags.reason), {"by", &flags.by}, {"rule", &flags.rule}}) {
    if (auto checked = check_written_text(name, *text); !checked) return tl::unexpected(checked.error());
  }
  const auto until = parse_until(flags.until);
  if (!until) return tl::unexpected(until.error());
  return add_entries(flags, {flags.reason, flags.by, {}, {}, flags.until, *until});
}

}  // namespace

Result<int> allow_command(Arguments arguments) {
  AllowFlags flags;
  const auto go = ready(allow_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const bool adds = !flags.ids.empty() || !flags.reason.empty();
  if (adds + flags.list + !flags.removed.empty() > 1) {
    return fail(ErrorKind::Usage, "ID --reason, --list and --remove are three different things", {},
                "tightship allow -h");
  }
  if (flags.list) return list_entries(flags);
  if (flags.removed.empty()) return accept(flags);
  for (const std::string& id : flags.removed) {
    if (auto checked = check_id(id); !checked) return tl::unexpected(checked.error());
  }
  return remove_entries(flags);
}

}  // namespace tightship::cli
