// What a project declares of its variables with t3-env against what the frameworks do.

#include "env/context.h"
#include "lint/declared_env.h"

namespace tightship::env {
namespace {

using detect::RiskClass;
using detect::Severity;
using lint::DeclaredEnv;
using lint::DeclaredVariable;
using readiness::Problem;

Problem draft(const DeclaredEnv& env, const DeclaredVariable& variable, RiskClass risk_class) {
  Problem problem;
  problem.id = "ENV-DECLARED-SIDE";
  problem.severity = Severity::Error;
  problem.risk_class = risk_class;
  problem.subject = variable.name;
  problem.spots = {{env.path, variable.at.line, variable.at.column}};
  problem.minutes = 10;
  return problem;
}

// t3-env's types refuse both; code that is not checked by types, or skips it, gets to users.
void check_variable(Context& context, const DeclaredEnv& env, const DeclaredVariable& variable) {
  const bool prefixed = variable.name.starts_with(env.client_prefix);
  if (variable.side == lint::Side::Client && !prefixed) {
    Problem problem = draft(env, variable, RiskClass::ConversionBlocker);
    problem.title = variable.name + " is declared for browsers, and no browser gets it";
    problem.why = "it stands under client of createEnv without " + env.client_prefix + " in front";
    problem.breaks = "the build stops at it, or every page that reads it does";
    problem.fix = "name it " + env.client_prefix + variable.name + ", or move it to server";
    context.add(std::move(problem));
  } else if (variable.side == lint::Side::Server && prefixed) {
    Problem problem = draft(env, variable, RiskClass::LaunchBlocker);
    problem.title = variable.name + " is declared for the server, and goes to every visitor";
    problem.why = "it stands under server of createEnv, but " + env.client_prefix +
                  " makes the framework build its value into pages that read it";
    problem.breaks = "what was meant to stay on the server can be read in the page's scripts";
    problem.fix = "take the prefix off the name, or move it to client";
    context.add(std::move(problem));
  }
}

}  // namespace

void check_declared(Context& context) {
  for (const DeclaredEnv& env : lint::find_declared_env(context.project, context.ledger)) {
    const auto name = lint::env_name(env.path.substr(0, env.path.rfind('/') + 1) + ".env");
    if (env.client_prefix.empty() || (name && name->test_path)) continue;
    for (const DeclaredVariable& variable : env.variables) check_variable(context, env, variable);
  }
}

}  // namespace tightship::env
