#include "bundle/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "bundle/layout.h"
#include "bundle/marker.h"
#include "bundle/unescape.h"
#include "bundle/value_rule.h"
#include "bundle/wording.h"

namespace tightship::bundle {
namespace {

using detect::RiskClass;
using detect::Severity;
using readiness::Problem;

bool before(const Sighting& a, const Sighting& b) {
  return std::tie(a.spot.path, a.spot.line, a.spot.column, a.original) <
         std::tie(b.spot.path, b.spot.line, b.spot.column, b.original);
}

Problem start(std::string id, Severity severity, RiskClass risk_class) {
  Problem problem;
  problem.id = std::move(id);
  problem.source = "bundle";
  problem.severity = severity;
  problem.risk_class = risk_class;
  problem.exposure = readiness::Exposure::Web;
  return problem;
}

void add_spots(Problem& problem, const std::vector<const Sighting*>& sightings) {
  for (const Sighting* sighting : sightings) {
    if (problem.spots.size() >= kMaxSpots) break;
    const readiness::Spot& spot = sighting->spot;
    const auto same = [&](const readiness::Spot& other) {
      return other.path == spot.path && other.line == spot.line && other.column == spot.column;
    };
    if (std::none_of(problem.spots.begin(), problem.spots.end(), same)) problem.spots.push_back(spot);
  }
}

using Group = std::vector<const Sighting*>;

const Sighting* first_of(const Group& group, Sight sight) {
  const auto at = std::find_if(group.begin(), group.end(), [&](const Sighting* s) { return s->sight == sight; });
  return at == group.end() ? nullptr : *at;
}

// ", from src/pay.js:4:27" of the first sighting whose source is known.
std::string origin_text(const Group& group) {
  for (const Sighting* sighting : group) {
    if (!sighting->original.empty()) return fmt::format("; from {}", sighting->original);
  }
  return {};
}

std::string assigned_at(const TracedValue& value) {
  if (value.spot.path.empty()) return {};
  return value.spot.line == 0 ? fmt::format(" ({})", value.spot.path)
                              : fmt::format(" ({}:{})", value.spot.path, value.spot.line);
}

std::string name_of(const TracedValue& value) {
  return value.part.empty() ? value.name : fmt::format("{} of {}", value.part, value.name);
}

// One that is as public by design as the format says it is, wherever it is set.
bool is_harmless(const Known& known) {
  return known.kind == detect::Kind::PublicByDesign || known.kind == detect::Kind::Identifier;
}

Problem note_problem(const Known& known, std::string_view value) {
  Problem problem = start("BND-PUBLIC-KEY", Severity::Note, RiskClass::ScaleRisk);
  problem.title =
      fmt::format("{} in the site code{}", known.rule->title,
                  known.kind == detect::Kind::PublicByDesign ? ": public by design" : ": no secret by itself");
  problem.why = known.why;
  problem.breaks = "nothing by itself";
  problem.fix = std::string(known.rule->rotate);
  problem.subject = known.rule->id;
  problem.value_id = readiness::value_id(value);
  return problem;
}

bool is_google_key(const detect::Rule& rule) { return rule.prefix == "AIza"; }

// Only of use to a browser when it is restricted; with the Gemini API in the same build it is the key that pays.
Problem google_problem(const Known& known, bool gemini) {
  Problem problem = start("BND-GOOGLE-KEY", gemini ? Severity::Error : Severity::Warning,
                          gemini ? RiskClass::LaunchBlocker : RiskClass::ConversionBlocker);
  problem.title =
      gemini ? "Google API key that calls Gemini is public in your site code" : "Google API key in your site code";
  problem.why = gemini
                    ? "the site calls Google's Generative Language API with a key that every visitor can copy"
                    : "such a key is safe in a page only when it is restricted to your site and to the APIs it needs";
  problem.breaks = "whoever copies it uses paid APIs on your bill, unless its restrictions forbid that";
  problem.fix =
      gemini ? "call Gemini from your server; then make a new key, and delete this one"
             : "in the Google Cloud console, Credentials: restrict it to your site's addresses and to the APIs in use";
  problem.minutes = gemini ? 60 : 10;
  problem.subject = known.rule->id;
  return problem;
}

Problem rule_problem(const Known& known, bool gemini) {
  const detect::Rule& rule = *known.rule;
  if (is_google_key(rule)) return google_problem(known, gemini);
  const bool test = known.kind == detect::Kind::Test;
  if (!test && known.severity == Severity::Note) {
    Problem problem = start("BND-SECRET", Severity::Note, RiskClass::ScaleRisk);
    problem.title = fmt::format("{} in the site code", rule.title);
    problem.why = known.why;
    problem.subject = rule.id;
    return problem;
  }
  Problem problem = test ? start("BND-TEST-KEY", Severity::Warning, RiskClass::ConversionBlocker)
                         : start("BND-SECRET", known.severity, RiskClass::LaunchBlocker);
  problem.title = fmt::format("{} is public in your site code", rule.title);
  problem.why = known.why;
  problem.breaks = test ? "a build with test keys takes no real payments and sends no real messages"
                        : fmt::format("any visitor can copy it: {}", rule.impact);
  problem.subject = rule.id;
  problem.minutes = 30;
  return problem;
}

std::string value_fix(const Known* known, const Sighting& place, bool deployed) {
  std::string first = known != nullptr && !known->rule->rotate.empty()
                          ? std::string(known->rule->rotate)
                          : std::string("replace the value where it is issued, and take the old one as known");
  return fmt::format("{}; {}", first, cause_of(place, deployed));
}

Problem value_problem(const Group& group, const ProblemContext& context) {
  const Sighting& seen = *first_of(group, Sight::Value);
  const TracedValue& value = context.values[seen.index];
  const auto known = known_value(context.rules, value.name, value.value);
  if (known && is_harmless(*known)) return note_problem(*known, value.value);
  const bool exact =
      std::any_of(group.begin(), group.end(), [](const Sighting* s) { return s->sight == Sight::Value && s->exact; });
  const bool certain = exact && value.weight == Weight::Certain;
  Problem problem = start(exact ? "BND-ENV-VALUE" : "BND-ENV-PART", certain ? Severity::Error : Severity::Warning,
                          RiskClass::LaunchBlocker);
  const bool test = known && known->kind == detect::Kind::Test;
  if (test) problem.severity = Severity::Warning;
  if (test) problem.risk_class = RiskClass::ConversionBlocker;
  const std::string what = known ? std::string(known->rule->title) : name_of(value);
  problem.title = exact ? fmt::format("{} is public in your site code", what)
                        : fmt::format("a part of {} is public in your site code", name_of(value));
  problem.why = fmt::format("{} of {}{}{}{}", exact ? "the exact value" : "a long piece", name_of(value),
                            assigned_at(value), seen.how.empty() ? "" : ", " + seen.how, origin_text(group));
  problem.breaks = known ? fmt::format("any visitor can copy it: {}", known->rule->impact)
                         : "any visitor can copy it from the page's files and use it";
  problem.fix = value_fix(known ? &*known : nullptr, seen, context.deployed);
  problem.minutes = 30;
  problem.subject = value.name;
  problem.value_id = readiness::value_id(value.value);
  return problem;
}

Problem token_problem(const Group& group, const ProblemContext& context, bool gemini) {
  const Sighting& seen = *group.front();
  const Known known = known_by(context.rules.rules()[seen.index], seen.secret, seen.match);
  if (is_harmless(known)) return note_problem(known, seen.secret);
  Problem problem = rule_problem(known, gemini);
  problem.why += origin_text(group);
  if (problem.fix.empty()) problem.fix = value_fix(&known, seen, context.deployed);
  problem.value_id = readiness::value_id(seen.secret);
  return problem;
}

// The id of the rule tells keys of one kind apart by no more than their places: the value's id takes part.
std::string group_key(const Sighting& sighting, const ProblemContext& context) {
  switch (sighting.sight) {
    case Sight::Value: return "v" + context.values[sighting.index].value;
    case Sight::Rule: return "v" + sighting.secret;
    case Sight::Marker: return fmt::format("m{}:{}", sighting.index, sighting.subject);
    case Sight::Mixed: return fmt::format("x{}:{}", sighting.exact, sighting.subject);
    case Sight::File: return "f" + sighting.subject + sighting.spot.path;
    case Sight::Map: return "map";
    case Sight::InlineMap: return "inline";
    case Sight::Names: break;
  }
  return "names";
}

bool is_gemini(const Sighting& sighting) {
  return sighting.sight == Sight::Marker && static_cast<MarkerKind>(sighting.index) == MarkerKind::Gemini;
}

// The password of a URL that stands there as a whole is told by the URL.
bool is_inside_of_whole(const Sighting& part, const std::vector<Sighting>& sightings, const ProblemContext& context) {
  const TracedValue& value = context.values[part.index];
  if (value.part.empty()) return false;
  return std::any_of(sightings.begin(), sightings.end(), [&](const Sighting& other) {
    if (other.sight != Sight::Value || !other.exact || other.spot.path != part.spot.path) return false;
    const TracedValue& whole = context.values[other.index];
    if (!whole.part.empty() || whole.name != value.name || other.spot.line != part.spot.line) return false;
    return other.spot.column <= part.spot.column && part.spot.column - other.spot.column < 8 * whole.value.size();
  });
}

bool is_a_value(const Sighting& token, const ProblemContext& context) {
  return std::any_of(context.values.begin(), context.values.end(),
                     [&](const TracedValue& value) { return value.value == token.secret; });
}

// The password that a rule finds in a URL with its escapes still in it, where the URL's value is told already.
bool is_inside_of_value(const Sighting& token, const std::vector<Sighting>& sightings, const ProblemContext& context) {
  return std::any_of(sightings.begin(), sightings.end(), [&](const Sighting& other) {
    if (other.sight != Sight::Value || !other.exact || other.spot.path != token.spot.path ||
        other.spot.line != token.spot.line) {
      return false;
    }
    const TracedValue& whole = context.values[other.index];
    if (token.spot.column < other.spot.column || token.spot.column - other.spot.column >= 8 * whole.value.size())
      return false;
    if (other.how.starts_with("base64")) return true;  // of a Basic header, say: the token is the encoded text
    return whole.value.find(unescape_js(unescape_js(token.secret))) != std::string::npos;
  });
}

}  // namespace

std::vector<Problem> build_problems(std::vector<Sighting> sightings, const ProblemContext& context) {
  std::stable_sort(sightings.begin(), sightings.end(), before);
  const bool gemini = std::any_of(sightings.begin(), sightings.end(), is_gemini);
  std::map<std::string, Group> groups;
  for (const Sighting& sighting : sightings) {
    if (sighting.sight == Sight::Value && is_inside_of_whole(sighting, sightings, context)) continue;
    if (sighting.sight == Sight::Rule && is_inside_of_value(sighting, sightings, context) &&
        !is_a_value(sighting, context))
      continue;
    if (!is_gemini(sighting)) groups[group_key(sighting, context)].push_back(&sighting);
  }
  std::vector<Problem> problems;
  for (const auto& [key, group] : groups) {
    Problem problem;
    if (first_of(group, Sight::Value) != nullptr) {
      problem = value_problem(group, context);
    } else if (group.front()->sight == Sight::Rule) {
      problem = token_problem(group, context, gemini);
    } else {
      problem = describe(*group.front(), group.size());
    }
    add_spots(problem, group);
    problems.push_back(std::move(problem));
  }
  readiness::sort_problems(problems);
  return problems;
}

}  // namespace tightship::bundle
