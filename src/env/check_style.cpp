// The checks of form, as problems.

#include "env/context.h"
#include "env/style.h"

namespace tightship::env {

void check_form(Context& context, const Schema* schema) {
  for (const Document& document : context.documents) {
    if (document.encrypted || document.file->below_ignored) continue;
    // A schema is of what is read; with an example it would be checked against itself.
    const Schema* for_it = document.example() ? nullptr : schema;
    for (const StyleNote& note :
         check_style(document.text, for_it, context.options.ignore, lint::role_name(document.name.role))) {
      const bool broken = note.check == "SchemaViolation";
      if (!context.options.style && !broken) continue;
      readiness::Problem problem;
      problem.id = note.check;
      problem.severity = detect::Severity::Warning;
      problem.risk_class = broken ? detect::RiskClass::ConversionBlocker : detect::RiskClass::ScaleRisk;
      problem.title = note.message;
      problem.why = broken ? "the schema says otherwise" : "a rule of form for env files";
      problem.breaks =
          broken ? "the program gets a value that it does not expect" : "nothing; the file is harder to read";
      problem.fix =
          broken ? "mend the value, or the schema" : "tightship env --fix mends it, where that changes no value";
      if (!broken) problem.commands = {"tightship env --fix --dry-run"};
      problem.minutes = 1;
      problem.subject = document.path + ":" + std::to_string(note.line);
      problem.spots = {{document.path, note.line, 1}};
      context.add(std::move(problem));
    }
  }
}

}  // namespace tightship::env
