#include "ci/plan.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "support/git_fixture.h"

// Each case is a real clone, as the service makes it, and the environment that it gives.

namespace tightship::ci {
namespace {

using test::GitFixture;
using Scan = Plan::Scan;

const std::string kZero(40, '0');
const std::string kUnknown(40, 'e');

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "@" + name + "@";
    for (std::size_t at; (at = text.find(mark)) != std::string::npos;) text.replace(at, mark.size(), value);
  }
  return text;
}

// main: a b c; feature: from b: d e. `origin` is a bare repository with both; the clone is made by `clone`.
class Shop {
 public:
  Shop() {
    a = make("a");
    b = make("b");
    repository_.git({"branch", "feature"});
    c = make("c");
    repository_.git({"checkout", "-q", "feature"});
    d = make("d");
    e = make("e");
    repository_.git({"checkout", "-q", "main"});
  }

  // A clone with these arguments of git clone, in the state that a service leaves it in.
  std::string clone(std::vector<std::string> arguments, const std::string& at) {
    const std::string path = repository_.root() + "/clone" + std::to_string(++clones_);
    arguments.insert(arguments.begin(), {"clone", "-q"});
    arguments.push_back("file://" + repository_.path());
    arguments.push_back(path);
    repository_.git_in(repository_.root(), arguments);
    if (!at.empty()) repository_.git_in(path, {"checkout", "-q", "--detach", at});
    return path;
  }

  Plan plan(const std::string& clone, const Environment& environment, const std::string& event = {}) {
    const FileReader read = [&](const std::string& path, std::uint64_t) -> Result<std::string> {
      if (path != "event.json" || event.empty()) return fail(ErrorKind::NotFound, "no such file", path);
      return event;
    };
    Ledger ledger;
    const auto repository = git::open_repository(clone, false, ledger);
    if (!repository) throw std::runtime_error(repository.error().what);
    return plan_scan(read_request(environment, read), *repository);
  }

  const GitFixture& repository() const { return repository_; }
  std::string a, b, c, d, e;

 private:
  std::string make(const std::string& name) {
    repository_.write(name, name + "\n");
    return repository_.commit(name);
  }

  GitFixture repository_;
  int clones_ = 0;
};

std::string event_file(const std::string& name, const std::map<std::string, std::string>& values) {
  return filled(test::slurp(std::string(TIGHTSHIP_SOURCE_DIR) + "/fixtures/ci/" + name), values);
}

Environment github(const std::string& event) {
  return {{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", event}, {"GITHUB_EVENT_PATH", "event.json"}};
}

std::string push_event(const std::string& before, const std::string& after, const std::string& ref) {
  return event_file("push.json", {{"BEFORE", before}, {"AFTER", after}, {"REF", ref}});
}

std::vector<std::string> hex(const std::vector<Oid>& oids) {
  std::vector<std::string> out;
  for (const Oid& oid : oids) out.push_back(oid.hex());
  return out;
}

using Hex = std::vector<std::string>;

void expect_range(const Plan& plan, const Hex& wanted, const Hex& known) {
  EXPECT_EQ(plan.scan, Scan::Range) << (plan.remarks.empty() ? "" : plan.remarks.back().text);
  EXPECT_EQ(hex(plan.wanted), wanted);
  EXPECT_EQ(hex(plan.known), known);
  EXPECT_TRUE(plan.losses.empty());
}

// Everything is scanned, and a warning says `why` and what to set.
void expect_everything(const Plan& plan, std::string_view why, std::string_view help) {
  EXPECT_EQ(plan.scan, Scan::Everything);
  EXPECT_TRUE(plan.wanted.empty() && plan.known.empty() && plan.range.empty());
  ASSERT_FALSE(plan.remarks.empty());
  const Remark& last = plan.remarks.back();
  EXPECT_TRUE(last.warning);
  EXPECT_NE(last.text.find(why), std::string::npos) << last.text;
  EXPECT_NE(last.help.find(help), std::string::npos) << last.help;
}

TEST(GitHub, APushIsWhatItAdded) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.c);
  const Plan plan = shop.plan(clone, github("push"), push_event(shop.a, shop.c, "refs/heads/main"));
  expect_range(plan, {shop.c}, {shop.a});
  EXPECT_EQ(plan.range, shop.a.substr(0, 7) + ".." + shop.c.substr(0, 7));
  EXPECT_EQ(plan.what, "push to main");
  EXPECT_TRUE(plan.remarks.empty());
}

TEST(GitHub, ANewBranchIsWhatTheDefaultBranchDoesNotHave) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  const Plan plan = shop.plan(clone, github("push"), push_event(kZero, shop.e, "refs/heads/feature"));
  expect_range(plan, {shop.e}, {shop.c});
  EXPECT_EQ(plan.range, "main.." + shop.e.substr(0, 7));
}

// Two branches of the same commits that are pushed at once must not excuse each other.
TEST(GitHub, AnotherNewBranchExcusesNothing) {
  Shop shop;
  shop.repository().git({"branch", "twin", "feature"});
  const std::string clone = shop.clone({}, shop.e);
  expect_range(shop.plan(clone, github("push"), push_event(kZero, shop.e, "refs/heads/twin")), {shop.e}, {shop.c});
}

TEST(GitHub, TheFirstPushOfTheDefaultBranchIsEverything) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.c);
  expect_everything(shop.plan(clone, github("push"), push_event(kZero, shop.c, "refs/heads/main")),
                    "main is new, and it is the default branch", "");
}

TEST(GitHub, AForcedPushOverAnUnknownTipFallsBack) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  const Plan plan = shop.plan(clone, github("push"), push_event(kUnknown, shop.e, "refs/heads/feature"));
  expect_range(plan, {shop.e}, {shop.c});
  ASSERT_EQ(plan.remarks.size(), 1u);
  EXPECT_TRUE(plan.remarks[0].warning);
  EXPECT_NE(plan.remarks[0].text.find(kUnknown), std::string::npos);
  expect_everything(shop.plan(clone, github("push"), push_event(kUnknown, shop.c, "refs/heads/main")),
                    "a forced push may have replaced it", "");
}

TEST(GitHub, ADeletedBranchIsNothing) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.c);
  EXPECT_EQ(shop.plan(clone, github("push"), push_event(shop.c, kZero, "refs/heads/x")).scan, Scan::Nothing);
}

TEST(GitHub, APullRequestIsWhatItBrings) {
  Shop shop;
  const std::string clone = shop.clone({}, "");
  shop.repository().git_in(clone, {"checkout", "-q", "-b", "merged", shop.c});
  shop.repository().git_in(clone, {"merge", "-q", "--no-edit", shop.e});
  const std::string event = event_file("pull_request.json", {{"BASE", shop.c}, {"HEAD", shop.e}});
  const Plan plan = shop.plan(clone, github("pull_request"), event);
  expect_range(plan, {shop.e}, {shop.c});
  EXPECT_EQ(plan.what, "pull request 12 into main");
}

TEST(GitHub, APullRequestWhoseBaseMovedFallsBackToItsTarget) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  const std::string event = event_file("pull_request.json", {{"BASE", kUnknown}, {"HEAD", shop.e}});
  expect_range(shop.plan(clone, github("pull_request"), event), {shop.e}, {shop.c});
}

TEST(GitHub, PullRequestTargetWithoutTheCommitsIsALoss) {
  Shop shop;
  const std::string clone = shop.clone({"--single-branch"}, shop.c);
  const std::string event = event_file("pull_request.json", {{"BASE", shop.c}, {"HEAD", shop.e}});
  const Plan plan = shop.plan(clone, github("pull_request_target"), event);
  expect_everything(plan, "the commits to scan are not in this clone", "fetch-depth: 0");
  ASSERT_EQ(plan.losses.size(), 1u);
  EXPECT_EQ(plan.losses[0].kind, LossKind::MissingObject);
  EXPECT_EQ(plan.losses[0].where, shop.e);
}

TEST(GitHub, AMergeGroupIsWhatItBrings) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  const std::string event = event_file("merge_group.json", {{"BASE", shop.b}, {"HEAD", shop.e}});
  expect_range(shop.plan(clone, github("merge_group"), event), {shop.e}, {shop.b});
}

TEST(GitHub, EventsWithoutARangeAreEverything) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.c);
  for (const std::string name : {"schedule", "workflow_dispatch", "release", ""}) {
    const Plan plan = shop.plan(clone, github(name), event_file("schedule.json", {}));
    EXPECT_EQ(plan.scan, Scan::Everything);
    EXPECT_FALSE(plan.remarks.back().warning);
  }
}

TEST(GitHub, TheUsualShallowCloneIsSaid) {
  Shop shop;
  const std::string clone = shop.clone({"--depth", "1"}, "");
  const Plan plan = shop.plan(clone, github("push"), push_event(shop.b, shop.c, "refs/heads/main"));
  expect_everything(plan, "it is shallow", "");
  const std::string event = event_file("pull_request.json", {{"BASE", shop.c}, {"HEAD", shop.e}});
  const Plan pull = shop.plan(clone, github("pull_request"), event);
  expect_everything(pull, "not in this clone", "set fetch-depth: 0 at actions/checkout");
  EXPECT_EQ(pull.losses.size(), 1u);
}

TEST(GitHub, AShallowCloneThatHoldsTheRangeIsEnough) {
  Shop shop;
  const std::string clone = shop.clone({"--depth", "2"}, "");
  expect_range(shop.plan(clone, github("push"), push_event(shop.b, shop.c, "refs/heads/main")), {shop.c}, {shop.b});
}

// Both ends are here, and what lies between them is not.
TEST(GitHub, AShallowCloneThatCutsTheRangeIsSaid) {
  Shop shop;
  const std::string clone = shop.clone({"--depth", "1", "--no-single-branch"}, "");
  const std::string event = event_file("pull_request.json", {{"BASE", shop.c}, {"HEAD", shop.e}});
  expect_everything(shop.plan(clone, github("pull_request"), event), "cut off inside", "fetch-depth: 0");
}

TEST(GitHub, HostileEventFilesMakeItEverything) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.c);
  const std::string ref = "refs/heads/main";
  for (const std::string& event :
       std::vector<std::string>{"", "[]", "{", "{}", std::string(200'000, '['), R"({"before": 1, "after": []})"}) {
    expect_everything(shop.plan(clone, github("push"), event), ": everything that is here is scanned", "");
  }
  for (const std::string& odd :
       std::vector<std::string>{"--all", "HEAD", "main", "../../x", "-", std::string(39, 'a')}) {
    const Plan head = shop.plan(clone, github("push"), push_event(shop.a, odd, ref));
    EXPECT_EQ(head.scan, Scan::Everything) << odd;
    EXPECT_EQ(head.losses.size(), 1u) << odd;
    EXPECT_EQ(shop.plan(clone, github("push"), push_event(odd, shop.c, ref)).scan, Scan::Everything) << odd;
  }
}

TEST(GitHub, AMissingTagObjectIsSaid) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.c);
  Environment environment = github("push");
  environment["GITHUB_SHA"] = shop.c;
  const Plan plan = shop.plan(clone, environment, push_event(shop.b, kUnknown, "refs/tags/v1"));
  expect_range(plan, {shop.c}, {shop.b});
  ASSERT_EQ(plan.remarks.size(), 1u);
  EXPECT_TRUE(plan.remarks[0].warning);
}

TEST(GitLab, Ranges) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  const auto with = [&](Environment more) {
    more.insert({{"GITLAB_CI", "true"}, {"CI_DEFAULT_BRANCH", "main"}, {"CI_COMMIT_SHA", shop.e}});
    return shop.plan(clone, more);
  };
  expect_range(
      with({{"CI_PIPELINE_SOURCE", "push"}, {"CI_COMMIT_BRANCH", "feature"}, {"CI_COMMIT_BEFORE_SHA", shop.d}}),
      {shop.e}, {shop.d});
  expect_range(with({{"CI_PIPELINE_SOURCE", "push"}, {"CI_COMMIT_BRANCH", "feature"}, {"CI_COMMIT_BEFORE_SHA", kZero}}),
               {shop.e}, {shop.c});
  expect_range(with({{"CI_PIPELINE_SOURCE", "merge_request_event"},
                     {"CI_MERGE_REQUEST_IID", "7"},
                     {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"},
                     {"CI_COMMIT_BEFORE_SHA", kZero},
                     {"CI_MERGE_REQUEST_DIFF_BASE_SHA", shop.b},
                     {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA", shop.c}}),
               {shop.e}, {shop.b, shop.c});
  expect_range(with({{"CI_PIPELINE_SOURCE", "merge_request_event"},
                     {"CI_MERGE_REQUEST_IID", "7"},
                     {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"},
                     {"CI_MERGE_REQUEST_DIFF_BASE_SHA", kUnknown}}),
               {shop.e}, {shop.c});
  for (const std::string source : {"schedule", "web", "api"}) {
    EXPECT_EQ(with({{"CI_PIPELINE_SOURCE", source}}).scan, Scan::Everything);
  }
  const std::string shallow = shop.clone({"--depth", "1", "--branch", "feature"}, "");
  const Plan plan = shop.plan(shallow, {{"GITLAB_CI", "true"},
                                        {"CI_DEFAULT_BRANCH", "main"},
                                        {"CI_COMMIT_SHA", shop.e},
                                        {"CI_COMMIT_BRANCH", "feature"},
                                        {"CI_COMMIT_BEFORE_SHA", shop.d}});
  expect_everything(plan, "it is shallow", "GIT_DEPTH: 0");
}

TEST(Bitbucket, Ranges) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  expect_range(shop.plan(clone, {{"BITBUCKET_COMMIT", shop.e},
                                 {"BITBUCKET_PR_ID", "3"},
                                 {"BITBUCKET_PR_DESTINATION_BRANCH", "main"},
                                 {"BITBUCKET_PR_DESTINATION_COMMIT", shop.c.substr(0, 12)}}),
               {shop.e}, {shop.c});
  expect_range(shop.plan(clone, {{"BITBUCKET_COMMIT", shop.e}, {"BITBUCKET_BRANCH", "feature"}}), {shop.e}, {shop.c});
  expect_everything(shop.plan(clone, {{"BITBUCKET_COMMIT", shop.c}, {"BITBUCKET_BRANCH", "main"}}),
                    "Bitbucket Pipelines does not say what was there before", "TIGHTSHIP_BASE");
  const std::string shallow = shop.clone({"--depth", "1", "--branch", "feature"}, "");
  expect_everything(shop.plan(shallow, {{"BITBUCKET_COMMIT", shop.e}, {"BITBUCKET_BRANCH", "feature"}}),
                    "does not say what was there before", "clone: depth: full");
}

TEST(CircleCi, Ranges) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  const Environment environment = {{"CIRCLECI", "true"}, {"CIRCLE_SHA1", shop.e}, {"CIRCLE_BRANCH", "feature"}};
  expect_range(shop.plan(clone, environment), {shop.e}, {shop.c});
  Environment told = environment;
  told["TIGHTSHIP_BASE"] = shop.d;
  expect_range(shop.plan(clone, told), {shop.e}, {shop.d});
  told["TIGHTSHIP_BASE"] = "";
  expect_range(shop.plan(clone, told), {shop.e}, {shop.c});
}

TEST(Jenkins, Ranges) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  const auto with = [&](Environment more) {
    more.insert({{"JENKINS_URL", "http://ci.example/"}, {"GIT_COMMIT", shop.e}});
    return shop.plan(clone, more);
  };
  expect_range(with({{"GIT_BRANCH", "origin/feature"}, {"GIT_PREVIOUS_SUCCESSFUL_COMMIT", shop.d}}), {shop.e},
               {shop.d});
  expect_range(with({{"GIT_BRANCH", "origin/feature"}}), {shop.e}, {shop.c});
  expect_range(with({{"CHANGE_ID", "4"}, {"CHANGE_TARGET", "main"}, {"BRANCH_NAME", "PR-4"}}), {shop.e}, {shop.c});
  expect_everything(with({{"GIT_BRANCH", "origin/main"}}), "Jenkins does not say", "TIGHTSHIP_BASE");
}

TEST(Azure, Ranges) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  const auto with = [&](Environment more) {
    more.insert({{"TF_BUILD", "True"}, {"BUILD_SOURCEVERSION", shop.e}});
    return shop.plan(clone, more);
  };
  for (const std::string target : {"refs/heads/main", "main"}) {
    expect_range(with({{"BUILD_REASON", "PullRequest"}, {"SYSTEM_PULLREQUEST_TARGETBRANCH", target}}), {shop.e},
                 {shop.c});
  }
  expect_range(with({{"BUILD_REASON", "IndividualCI"}, {"BUILD_SOURCEBRANCH", "refs/heads/feature"}}), {shop.e},
               {shop.c});
  expect_everything(with({{"BUILD_REASON", "IndividualCI"}, {"BUILD_SOURCEBRANCH", "refs/heads/main"}}),
                    "Azure Pipelines does not say", "TIGHTSHIP_BASE");
  EXPECT_EQ(with({{"BUILD_REASON", "Schedule"}}).scan, Scan::Everything);
}

TEST(AnyService, IsToldTheBase) {
  Shop shop;
  const std::string clone = shop.clone({}, shop.e);
  expect_range(shop.plan(clone, {}), {shop.e}, {shop.c});
  // On main itself nothing would be left to scan.
  expect_everything(shop.plan(shop.clone({}, shop.c), {}), "main has it already", "TIGHTSHIP_BASE");
  expect_range(shop.plan(clone, {{"TIGHTSHIP_BASE", "origin/main~1"}}), {shop.e}, {shop.b});
  expect_range(shop.plan(clone, {{"TIGHTSHIP_BASE", shop.a}, {"TIGHTSHIP_HEAD", "origin/main"}}), {shop.c}, {shop.a});
  const Plan nowhere = shop.plan(clone, {{"TIGHTSHIP_HEAD", "no-such-branch"}});
  EXPECT_EQ(nowhere.scan, Scan::Everything);
  EXPECT_EQ(nowhere.losses.size(), 1u);
}

// A branch that is named like an abbreviated id is no commit of that id.
TEST(AnyService, ABranchCannotPassForAnId) {
  Shop shop;
  const std::string name = shop.b.substr(0, 11) + (shop.b[11] == '0' ? "1" : "0");
  const std::string clone = shop.clone({}, shop.e);
  shop.repository().git_in(clone, {"branch", name, shop.e});
  const Plan plan = shop.plan(clone, {{"BITBUCKET_COMMIT", shop.e},
                                      {"BITBUCKET_PR_ID", "3"},
                                      {"BITBUCKET_PR_DESTINATION_BRANCH", "main"},
                                      {"BITBUCKET_PR_DESTINATION_COMMIT", name}});
  expect_range(plan, {shop.e}, {shop.c});
}

}  // namespace
}  // namespace tightship::ci
