#include "cli/help_topics.h"

#include <array>

namespace tightship::cli {
namespace {

constexpr std::string_view kExitCodes =
    R"(exit codes of scan and audit

                     findings at or over --severity    none
  complete           1                                 0
  incomplete         1, with --require-complete 3      3
  could not run      2
  interrupted        130

  0    everything was read, and nothing at or over the threshold was found
  1    at least one finding at or over the threshold (default: warning)
  2    nothing was scanned: usage, configuration, no such path or repository; or
       a report could not be written
  3    nothing was found, but not everything could be read: what is said on
       standard error and in the report
  130  interrupted; what was found until then is in the report

--exit-code N replaces the 1. --exit-zero makes findings count as none.
rules check: 0 usable, 2 not. hook status: 0 every hook that is there is run by
git, 1 not so or none is there. hook install and uninstall: 0 done, 1 something
is left to be done by hand, 2 refused. All other commands: 0 done, 2 not.
)";

constexpr std::string_view kConfig =
    R"(configuration

.tightship/rules.toml at the root of the scanned work tree (or of the scanned
folder, when it is in no repository) adds rules to the built-in ones, changes
them by id, or allows what you have decided to live with. It takes part by
itself, and the summary says so: "repository rules took part: ...". In a folder
below it adds rules, switches rules off and allows things for that folder.

.tightship/allow.toml beside it accepts findings, each with a reason and one line
(tightship allow writes it); in a folder below it speaks of that folder only.
.gitleaksignore is honoured. What took part, how much it accepted and what has
expired is said; -v lists what was accepted.

--no-repo-config leaves them out: for repositories that you do not trust.
--rules FILE adds another file of rules; it wins over the repository's.
--baseline FILE passes over what was there before (tightship baseline), or what
a JSON report of gitleaks lists.

tightship reads no other configuration: nothing from the home folder, no git
configuration but the repository's own, no environment but help environment.

a line with the words tightship:allow or gitleaks:allow is not reported;
tightship:allow RULE, RULE why not: of these rules only.
)";

constexpr std::string_view kEnvironment =
    R"(environment

  NO_COLOR         any value: no colour
  CLICOLOR_FORCE   any value but 0: colour also where there is no terminal
  TERM             dumb: no colour, no progress
  COLUMNS          width of what is drawn for a terminal

  GIT_DIR, GIT_COMMON_DIR, GIT_OBJECT_DIRECTORY,
  GIT_ALTERNATE_OBJECT_DIRECTORIES
                   as in git, for audit
  XDG_CACHE_HOME   where answers of earlier audits are kept: tightship in it, else
                   ~/.cache/tightship (tightship cache)
  TIGHTSHIP_CACHE  off: nothing is kept, and nothing that was kept is used

  SOURCE_DATE_EPOCH
                   the time that a gitlab report says, in seconds since 1970

--color goes before all of them. No variable changes what is found.
)";

constexpr std::string_view kRules =
    R"(rule files

A rule file is TOML; its keys are a superset of gitleaks', so that a
.gitleaks.toml can be used as it is: tightship scan --rules .gitleaks.toml

  [[rules]]
  id = "acme-token"
  description = "Acme access token"
  regex = '\b(acme_[0-9a-f]{40})\b'
  examples = ["acme_{hex:40}"]
  counterexamples = ["acme_{hex:39}"]
  rotate = "Revoke it under Settings, Tokens, in Acme's console."

Expressions are RE2's. They must be bounded ({20,200} rather than +) and hold a
fixed piece of at least three bytes; rules check says which one does not and why.
Examples are templates, never real tokens: tightship rules expand TEMPLATE

  tightship rules check FILE   all problems of a file
  tightship rules list         every rule that takes part
  tightship rules bench PATH   what each rule costs on your own files

All keys: docs/formats/rules.md. Templates: docs/formats/templates.md.
)";

constexpr std::string_view kFormats =
    R"(report formats

  text      for people: every finding with its line, an audit as a worklist
  concise   one line a finding: path:line:column: severity[rule] title secret id
  json      one document: findings, what was covered, what could not be read
  jsonl     the same, one object a line
  sarif     SARIF 2.1.0, for code scanning services
  github    annotations of GitHub Actions
  gitlab    gl-secret-detection-report.json
  junit     JUnit XML: a test case for each finding, and one for what was covered

-o FILE writes a report to FILE (mode 0600, replaced as a whole) instead of
standard output, and can be given several times:

  tightship audit -o audit.json -o sarif:results.txt -o -

Secrets are never in a report, unless --show-secrets says so: the fixed prefix of
the format, and the last 4 characters of a long one. The id of a finding depends
on rule and value only, so it survives moves, rebases and new lines.
)";

constexpr std::array<HelpTopic, 5> kTopics{{
    {"exit-codes", "what the status says", kExitCodes},
    {"config", "what is read from the repository", kConfig},
    {"environment", "variables that are honoured", kEnvironment},
    {"rules", "rules of your own", kRules},
    {"formats", "forms of the report", kFormats},
}};

}  // namespace

std::span<const HelpTopic> help_topics() { return kTopics; }

}  // namespace tightship::cli
