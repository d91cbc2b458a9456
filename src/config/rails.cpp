// Rails keeps production's secrets in files of config/: encrypted ones are safe, what opens them and plain ones are not.

#include "config/checks.h"
#include "config/commands.h"
#include "detect/text_class.h"
#include "lint/yaml.h"

namespace tightship::config {
namespace {

void production_values(Context& context, const File& file, const LiteralPlace& place, const lint::Node& node,
                       unsigned depth) {
  for (const lint::Member& one : node.members) {
    if (one.value.is_map() && depth < 4) production_values(context, file, place, one.value, depth + 1);
    if (one.value.is_scalar()) context.literal(file, place, one.key, one.value.text, one.value.at);
  }
}

}  // namespace

// Values of development and test are shared by everybody who works on it, on purpose.
void check_rails_settings(Context& context, const File& file) {
  const auto documents = lint::parse_yaml(file.text);
  if (!documents) return;  // a template of its own, with code between the lines
  const LiteralPlace place{"CFG-RAILS-SECRET", std::string(file.path),
                           "write <%= ENV.fetch(\"NAME\") %> instead, or keep it in bin/rails credentials:edit"};
  for (const lint::Node& root : *documents) {
    const lint::Node* production = root.find("production");
    if (production != nullptr && production->is_map()) production_values(context, file, place, *production, 0);
  }
}

void check_rails_key(Context& context, const File& file) {
  std::string_view text = file.text;
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  if (text.size() != 32 || !detect::all(text, detect::is_hex)) return;
  const bool everyday = detect::contains(file.name(), "test") || detect::contains(file.name(), "development");
  Problem it = context.problem(file, {1, 1}, "CFG-RAILS-KEY", everyday ? Severity::Warning : Severity::Error,
                               RiskClass::LaunchBlocker);
  it.exposure = Exposure::PrivateRepository;
  it.title = "The key that opens Rails' credentials is in the repository";
  it.why = file.path + (file.tracked ? " is tracked by git" : " is not ignored by git");
  it.breaks = "with it the encrypted credentials are as good as plain text, and logins can be forged";
  it.fix = "stop tracking it, make a new key by encrypting the credentials anew, and replace what they hold";
  it.commands = untrack(file.path);
  it.minutes = 40;
  it.subject = file.path;
  it.value_id = readiness::value_id(text);
  context.add(file, std::move(it));
}

}  // namespace tightship::config
