// GitHub Actions: only what gives a secret or the repository away. The whole audit of workflows is zizmor's.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/checks.h"
#include "detect/text_class.h"
#include "lint/yaml.h"

namespace tightship::config {
namespace {

using detect::contains;

// Expressions whose text an outsider writes. The name of a branch is one, too.
bool is_outsiders_text(std::string_view expression) {
  constexpr std::array<std::string_view, 14> kTexts = {"github.event.issue.title",
                                                       "github.event.issue.body",
                                                       "github.event.pull_request.title",
                                                       "github.event.pull_request.body",
                                                       "github.event.comment.body",
                                                       "github.event.review.body",
                                                       "github.event.review_comment.body",
                                                       "github.event.discussion.title",
                                                       "github.event.discussion.body",
                                                       "github.event.pull_request.head.ref",
                                                       "github.event.pull_request.head.label",
                                                       "github.event.pull_request.head.repo.default_branch",
                                                       "github.head_ref",
                                                       "github.event.workflow_run.head_branch"};
  std::string bare(expression);
  std::erase_if(bare, [](char c) { return c == ' '; });
  return std::find(kTexts.begin(), kTexts.end(), bare) != kTexts.end();
}

// Calls f(expression, offset) for every ${{ ... }}.
template <class F>
void for_expressions(std::string_view text, F f) {
  for (std::size_t at = text.find("${{"); at != std::string_view::npos; at = text.find("${{", at + 3)) {
    const std::size_t end = text.find("}}", at);
    if (end == std::string_view::npos) return;
    f(text.substr(at + 3, end - at - 3), at);
  }
}

bool is_outsiders_code(std::string_view ref) {
  return contains(ref, "github.event.pull_request.head.") || contains(ref, "github.head_ref") ||
         contains(ref, "github.event.workflow_run.head_") || contains(ref, "refs/pull/");
}

class Check {
 public:
  Check(Context& context, const File& file) : context_(context), file_(file) {}

  void run(const lint::Node& root) {
    read_triggers(root);
    environment(root, "the workflow");
    workflow_secrets(root);
    const lint::Node* jobs = root.find("jobs");
    if (jobs == nullptr) return;
    for (const lint::Member& one : jobs->members) job(one.key, one.value);
  }

 private:
  // `on: push`, `on: [push, x]`, `on: {push: {...}}`.
  void read_triggers(const lint::Node& root) {
    const lint::Node* on = root.find("on");
    if (on == nullptr) return;
    if (on->is_scalar()) triggers_.insert(on->text);
    for (const lint::Node& one : on->items) triggers_.insert(one.text);
    for (const lint::Member& one : on->members) triggers_.insert(one.key);
  }

  bool trigger(std::string_view name) const { return triggers_.count(std::string(name)) > 0; }

  // Started by outsiders, with the repository's secrets and a token that may write.
  bool privileged() const { return trigger("pull_request_target") || trigger("workflow_run"); }
  bool outsiders_start() const {
    return privileged() || trigger("issues") || trigger("issue_comment") || trigger("discussion") ||
           trigger("discussion_comment");
  }

  Problem problem(At at, std::string_view id, Severity severity, RiskClass risk, std::string subject) const {
    Problem made = context_.problem(file_, at, id, severity, risk);
    made.subject = std::move(subject);
    made.minutes = 20;
    return made;
  }

  void environment(const lint::Node& holder, const std::string& where) {
    LiteralPlace place{"CFG-GHA-SECRET",
                       fmt::format("env of {} in {}", where, file_.name()),
                       "make it a secret of the repository and read it as ${{ secrets.NAME }}; then replace the key",
                       {"gh secret set NAME"}};
    place.names_are_notes = true;
    for (const std::string_view key : {"env", "with"}) {
      const lint::Node* variables = holder.find(key);
      for (std::size_t i = 0; variables != nullptr && i < variables->members.size(); ++i) {
        const lint::Member& one = variables->members[i];
        if (one.value.is_scalar()) context_.literal(file_, place, one.key, one.value.text, one.value.at);
      }
    }
  }

  void workflow_secrets(const lint::Node& root) {
    const lint::Node* env = root.find("env");
    for (std::size_t i = 0; env != nullptr && i < env->members.size(); ++i) {
      const lint::Member& one = env->members[i];
      if (!contains(one.value.text, "secrets.") || contains(one.value.text, "secrets.GITHUB_TOKEN")) continue;
      Problem it = problem(one.at, "CFG-GHA-WIDE", Severity::Note, RiskClass::ScaleRisk, one.key);
      it.title = fmt::format("Every step of the workflow gets {}", one.key);
      it.why = "a secret is set in env of the whole workflow";
      it.breaks = "one bad action in any job reads it";
      it.fix = "set it in env of the one step that needs it";
      context_.add(file_, std::move(it));
      return;  // one says it all
    }
  }

  void job(const std::string& name, const lint::Node& job) {
    environment(job, fmt::format("job {}", name));
    if (const lint::Node* secrets = job.find("secrets"); secrets != nullptr && secrets->text == "inherit") {
      Problem it = problem(secrets->at, "CFG-GHA-WIDE", Severity::Note, RiskClass::ScaleRisk, name);
      it.title = fmt::format("The called workflow gets all secrets of the repository (job {})", name);
      it.why = "secrets: inherit";
      it.breaks = "a change of the called workflow reaches every secret";
      it.fix = "name the secrets that it needs under secrets:";
      context_.add(file_, std::move(it));
    }
    const lint::Node* steps = job.find("steps");
    if (steps == nullptr) return;
    const bool guarded =
        job.find("if") != nullptr || job.find("environment") != nullptr || job.find("needs") != nullptr;
    const lint::Node* checkout = nullptr;
    bool checkout_guarded = guarded;
    for (const lint::Node& step : steps->items) {
      environment(step, fmt::format("job {}", name));
      step_scripts(step, guarded || step.find("if") != nullptr);
      unpinned(step);
      if (checkout != nullptr && runs_code(step)) {
        foreign_code(name, *checkout, checkout_guarded);
        checkout = nullptr;
      }
      if (checks_out_foreign_code(step)) {
        checkout = &step;
        checkout_guarded = guarded || step.find("if") != nullptr;
      }
    }
  }

  bool checks_out_foreign_code(const lint::Node& step) const {
    if (!privileged()) return false;
    const bool action = step.text_of("uses").rfind("actions/checkout", 0) == 0;
    const lint::Node* ref = action ? step.at_path("with/ref") : nullptr;
    const lint::Node* repository = action ? step.at_path("with/repository") : nullptr;
    // A merge commit's number alone (github.event.number) is a fork's code too, but is written many ways.
    const bool foreign = (ref != nullptr && is_outsiders_code(ref->text)) ||
                         (repository != nullptr && is_outsiders_code(repository->text));
    return foreign || contains(step.text_of("run"), "gh pr checkout");
  }

  // A script that builds, or an action of the checked-out tree. A script that only prints runs nothing of it.
  static bool runs_code(const lint::Node& step) {
    if (step.text_of("uses").rfind("./", 0) == 0) return true;
    const std::string run = step.text_of("run");
    constexpr std::array<std::string_view, 16> kTools = {"npm ",     "yarn",  "pnpm",   "npx ",   "make", "bundle",
                                                         "pip ",     "pip3 ", "cargo ", "gradle", "mvn ", "go ",
                                                         "composer", "./",    "bun ",   "python"};
    return std::any_of(kTools.begin(), kTools.end(), [&](std::string_view tool) { return contains(run, tool); });
  }

  void foreign_code(const std::string& name, const lint::Node& checkout, bool guarded) {
    Problem it = problem(checkout.at, "CFG-GHA-PRT", guarded ? Severity::Warning : Severity::Error,
                         RiskClass::LaunchBlocker, name);
    it.exposure = Exposure::Web;
    it.title = guarded ? "A stranger's pull request may run code with your secrets"
                       : "A stranger's pull request runs code with your secrets";
    it.why = fmt::format("{} checks out the pull request's code and job {} runs it{}",
                         trigger("pull_request_target") ? "pull_request_target" : "workflow_run", name,
                         guarded ? "; a condition stands before it, which must really keep strangers out" : "");
    it.breaks = "anyone with an account at GitHub can read the secrets and push to the repository";
    it.fix =
        "use on: pull_request for what builds code, and a second workflow without a checkout for what needs "
        "secrets";
    it.minutes = 45;
    context_.add(file_, std::move(it));
  }

  void step_scripts(const lint::Node& step, bool guarded) {
    const lint::Node* run = step.find("run");
    if (run != nullptr) script(*run, guarded, "run");
    if (run != nullptr) traced(step, *run);
    if (step.text_of("uses").rfind("actions/github-script", 0) != 0) return;
    const lint::Node* code = step.at_path("with/script");
    if (code != nullptr) script(*code, guarded, "script");
  }

  // Secrets that the script of a step works with: written into it, or taken from the step's env.
  static bool uses_secrets(const lint::Node& step, std::string_view script) {
    bool found = false;
    for_expressions(
        script, [&](std::string_view expression, std::size_t) { found = found || contains(expression, "secrets."); });
    const lint::Node* env = step.find("env");
    for (std::size_t i = 0; env != nullptr && i < env->members.size() && !found; ++i) {
      const lint::Member& one = env->members[i];
      const bool used = contains(script, "$" + one.key) || contains(script, "${" + one.key);
      found = used && contains(one.value.text, "secrets.");
    }
    return found;
  }

  // set -x prints every command with the values in it; of a value that a command changed nothing is masked.
  void traced(const lint::Node& step, const lint::Node& run) {
    constexpr std::array<std::string_view, 6> kOn = {"set -x",  "set -ex",   "set -eux",
                                                     "set -xe", "-o xtrace", "bash -x"};
    const std::string_view text = run.text;
    const auto on = std::find_if(kOn.begin(), kOn.end(), [&](std::string_view word) { return contains(text, word); });
    // Switched off again, somebody has thought of it.
    if (on == kOn.end() || contains(text, "set +x") || !uses_secrets(step, text)) return;
    Problem it = problem(run.at, "CFG-GHA-ECHO", Severity::Warning, RiskClass::LaunchBlocker, std::string(*on));
    it.title = "A script prints its commands, with secrets in them, into the log of the workflow";
    it.why = fmt::format("{} is on in a step that works with secrets; GitHub masks their exact text only", *on);
    it.breaks = "what a command makes of a secret (base64, a part, a URL with it) stands in a log that others can read";
    it.fix = "take it out, or put set +x before the commands that use the secret";
    it.minutes = 5;
    context_.add(file_, std::move(it));
  }

  void script(const lint::Node& node, bool guarded, std::string_view what) {
    for_expressions(node.text, [&](std::string_view expression, std::size_t at) {
      if (is_outsiders_text(expression)) injection(node, expression, guarded);
      std::string bare(expression);
      std::erase_if(bare, [](char c) { return c == ' '; });
      if (bare == "toJSON(secrets)" || bare == "toJson(secrets)") all_secrets(node);
      if (bare.rfind("secrets.", 0) == 0 && what == "run") echoed(node, bare, at);
    });
  }

  void injection(const lint::Node& node, std::string_view expression, bool guarded) {
    std::string bare(expression);
    std::erase_if(bare, [](char c) { return c == ' '; });
    const bool open = outsiders_start();
    const bool pull = trigger("pull_request");
    if (!open && !pull) return;
    // On pull_request a stranger's run has neither secrets nor a token that may write.
    const Severity severity = !open ? Severity::Note : guarded ? Severity::Warning : Severity::Error;
    Problem it =
        problem(node.at, "CFG-GHA-INJECTION", severity, open ? RiskClass::LaunchBlocker : RiskClass::ScaleRisk, bare);
    if (open) it.exposure = Exposure::Web;
    it.title = "A stranger's text is run as a command in your workflow";
    it.why = fmt::format("${{{{ {} }}}} is put into the script before the shell reads it", bare);
    it.breaks = open ? "a title such as $(curl ...) runs with the workflow's secrets"
                     : "a branch name such as $(curl ...) runs on the runner, without secrets";
    it.fix =
        fmt::format("set it in env of the step and use the variable: env: TEXT: ${{{{ {} }}}}, then \"$TEXT\"", bare);
    it.minutes = 10;
    context_.add(file_, std::move(it));
  }

  void all_secrets(const lint::Node& node) {
    Problem it = problem(node.at, "CFG-GHA-ECHO", Severity::Warning, RiskClass::LaunchBlocker, "toJSON(secrets)");
    it.title = "A script gets every secret of the repository";
    it.why = "toJSON(secrets) is put into a script";
    it.breaks = "one line of output that is not masked, or one bad tool, gives all of them away";
    it.fix = "name the secrets that the step needs, in its env";
    context_.add(file_, std::move(it));
  }

  // Lines between "{" and "} > file" write to the file.
  static bool in_group_to_file(std::string_view text, std::size_t at) {
    std::size_t depth = 0;
    while (at < text.size()) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      std::string_view line = text.substr(at, end - at);
      while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
      if (line == "{" || line == "(") ++depth;
      if (line.rfind('}', 0) == 0 || line.rfind(')', 0) == 0) {
        if (depth == 0) return contains(line, ">") || contains(line, "|");
        --depth;
      }
      at = end + 1;
    }
    return false;
  }

  // echo ${{ secrets.X }} to the log; not into a file or another program. GitHub masks the exact value only.
  void echoed(const lint::Node& node, const std::string& secret, std::size_t at) {
    const std::string_view text = node.text;
    const std::size_t begin = text.rfind('\n', at) == std::string_view::npos ? 0 : text.rfind('\n', at) + 1;
    const std::string_view line = text.substr(begin, std::min(text.find('\n', at), text.size()) - begin);
    const std::size_t word = line.find_first_not_of(" \t");
    const std::string_view command = word == std::string_view::npos ? line : line.substr(word);
    const bool prints = command.rfind("echo ", 0) == 0 || command.rfind("printf ", 0) == 0;
    if (!prints && word != std::string_view::npos && command.front() != '#') return on_command_line(node, secret);
    if (!prints || contains(line, ">") || contains(line, "|") || contains(line, "::add-mask::")) return;
    if (in_group_to_file(text, begin + line.size() + 1)) return;
    Problem it = problem(node.at, "CFG-GHA-ECHO", Severity::Warning, RiskClass::LaunchBlocker, secret);
    it.title = fmt::format("{} is printed into the log of the workflow", secret);
    it.why = "a run step echoes it; only its exact text is masked";
    it.breaks = "in another form (base64, cut, part of a JSON) it stands in a log that others can read";
    it.fix = "take the line out; test whether a secret is set with if: env.NAME != ''";
    it.minutes = 5;
    context_.add(file_, std::move(it));
  }

  // One note a file: the value becomes part of the script, quotes and all.
  void on_command_line(const lint::Node& node, const std::string& secret) {
    if (told_argument_) return;
    told_argument_ = true;
    Problem it = problem(node.at, "CFG-GHA-ARGUMENT", Severity::Note, RiskClass::ScaleRisk, secret);
    it.title = fmt::format("{} is written into a command", secret);
    it.why = "the runner puts the value into the script before the shell reads it";
    it.breaks =
        "other processes of the runner see it in the list of processes, and a quote or $ in it breaks the script";
    it.fix = fmt::format("hand it over by env of the step: env: VALUE: ${{{{ {} }}}}, then \"$VALUE\"", secret);
    it.minutes = 5;
    context_.add(file_, std::move(it));
  }

  // One note a file: the rest is told by tools for that.
  void unpinned(const lint::Node& step) {
    const lint::Node* uses = step.find("uses");
    if (uses == nullptr || told_unpinned_) return;
    const std::string& text = uses->text;
    const std::size_t at = text.find('@');
    const bool own = text.rfind("actions/", 0) == 0 || text.rfind("github/", 0) == 0 || text.rfind("./", 0) == 0 ||
                     text.rfind("docker://", 0) == 0;
    if (own || at == std::string::npos) return;
    const std::string ref = text.substr(at + 1);
    if (ref.size() == 40 && std::all_of(ref.begin(), ref.end(), detect::is_hex)) return;
    told_unpinned_ = true;
    Problem it = problem(uses->at, "CFG-GHA-UNPINNED", Severity::Note, RiskClass::ScaleRisk, text.substr(0, at));
    it.title = fmt::format("An action of others can change under you: {}", text);
    it.why = "it is named by a tag, which its owner can move";
    it.breaks = "a taken-over action runs with the job's secrets";
    it.fix = "pin actions to a commit; zizmor --fix does it for all workflows";
    context_.add(file_, std::move(it));
  }

  Context& context_;
  const File& file_;
  std::set<std::string> triggers_;
  bool told_unpinned_ = false, told_argument_ = false;
};

}  // namespace

void check_workflow(Context& context, const File& file) {
  const auto documents = lint::parse_yaml(file.text);
  if (!documents) return context.loss(file, documents.error());
  for (const lint::Node& root : *documents) Check(context, file).run(root);
}

}  // namespace tightship::config
