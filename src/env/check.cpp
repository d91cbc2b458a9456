#include "env/check.h"

#include <algorithm>
#include <chrono>

#include "base/file.h"
#include "env/context.h"

namespace tightship::env {
namespace {

constexpr std::size_t kMaxDocuments = 2'000;
constexpr std::uint64_t kMaxDocument = std::uint64_t{8} << 20;

// Encrypted as a whole, by what the file begins with or says of itself.
bool is_encrypted_file(std::string_view text) {
  return text.starts_with(std::string_view("\0GITCRYPT", 9)) || text.starts_with("age-encryption.org/") ||
         text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----") || text.starts_with("-----BEGIN PGP MESSAGE-----") ||
         text.find("\nsops_mac=ENC[") != std::string_view::npos;
}

void read_documents(Context& context) {
  for (const lint::ProjectFile& file : context.project.files) {
    const auto name = lint::env_name(file.path);
    if (!name || file.symlink) continue;
    if (context.documents.size() >= kMaxDocuments) {
      context.ledger.add(
          {LossKind::LimitExceeded, "more than 2000 env files: the others were not read", context.project.root, {}});
      break;
    }
    auto text = lint::read_project_file(context.project, file.path, context.ledger, kMaxDocument);
    if (!text) continue;
    Document document;
    document.path = file.path;
    document.name = *name;
    document.file = &file;
    document.bytes.assign(text->begin(), text->end());
    document.text = {document.bytes.data(), document.bytes.size()};
    // What holds NUL is no text, whatever its name.
    document.encrypted = is_encrypted_file(document.text) || document.text.find('\0') != std::string_view::npos;
    if (!document.encrypted) document.lines = lint::read_env_text(document.text);
    document.keys = lint::KeyIndex(document.lines.entries);
    document.loaders = context.project.loaders_of(file.path);
    context.documents.push_back(std::move(document));
  }
}

// What a schema says of a value goes before what its name says: nobody knows it better.
lint::Judgement by_schema(const SchemaEntry& entry, const lint::EnvEntry& line, lint::Judgement said) {
  if (entry.is_public && said.kind == lint::ValueKind::NamedSecret) {
    lint::Judgement plain;
    plain.mode = said.mode;
    return plain;
  }
  if (!entry.secret || said.kind != lint::ValueKind::Plain) return said;
  said.kind = lint::ValueKind::NamedSecret;
  said.severity = detect::Severity::Warning;
  said.title = "value of " + line.key;
  said.why = "the schema says that it is a secret";
  said.secret = line.literal;
  return said;
}

void apply_schema(const Schema& schema, Context& context) {
  std::size_t next = 0;
  for (const Document& document : context.documents) {
    for (const lint::EnvEntry& line : document.lines.entries) {
      lint::Judgement& said = context.judged[next++];
      const auto entry = schema.entries.find(line.key);
      if (entry != schema.entries.end()) said = by_schema(entry->second, line, std::move(said));
    }
  }
}

// All files at once: a judge is ten times as fast on many values.
void judge(Context& context) {
  std::vector<lint::ValueJudge::Named> values;
  std::size_t count = 0;
  for (const Document& document : context.documents) count += document.lines.entries.size();
  values.reserve(count);
  for (const Document& document : context.documents) {
    for (const lint::EnvEntry& entry : document.lines.entries) values.push_back({entry.key, entry.literal});
  }
  if (values.empty()) return;
  lint::ValueJudge judge;
  context.judged = judge.judge_all(values);
  std::span<const lint::Judgement> rest = context.judged;
  for (Document& document : context.documents) {
    document.judged = rest.first(document.lines.entries.size());
    rest = rest.subspan(document.lines.entries.size());
  }
}

void read_code(Context& context) {
  std::set<std::string, std::less<>> wanted;
  for (const Document& document : context.documents) {
    if (!document.example()) continue;
    for (const lint::EnvEntry& entry : document.lines.entries) wanted.insert(entry.key);
  }
  context.code = find_code_use(context.project, wanted, context.ledger);
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

void finish(Context& context) {
  std::size_t variables = 0;
  for (const Document& document : context.documents) variables += document.lines.entries.size();
  readiness::Report& report = context.report;
  report.command = "env";
  report.subject = context.options.path;
  report.coverage =
      plural(context.documents.size(), "env file", "env files") + ", " + plural(variables, "variable", "variables");
  if (context.code.files > 0) report.coverage += ", " + plural(context.code.files, "file of code", "files of code");
  report.not_checked.push_back("values that the platform sets (Vercel, Netlify, Fly, GitHub): they are not in files");
  report.losses = context.ledger.entries();
  report.loss_count = context.ledger.total();
  readiness::sort_problems(report.problems);
}

}  // namespace

Result<readiness::Report> check_env(const EnvOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  std::optional<Schema> schema;
  if (!options.schema.empty()) {
    const auto text = read_file(options.schema, kMaxDocument);
    if (!text) return tl::unexpected(text.error());
    auto parsed = parse_schema(*text, options.schema);
    if (!parsed) return tl::unexpected(parsed.error());
    schema = std::move(*parsed);
  }
  Context context{options, {}, {}, {}, {}, {}, {}};
  auto project = lint::open_project(options.path, context.ledger);
  if (!project) return tl::unexpected(project.error());
  context.project = std::move(*project);
  read_documents(context);
  judge(context);
  if (schema) apply_schema(*schema, context);
  read_code(context);
  check_exposure(context);
  check_history(context);
  check_secrets(context);
  check_strength(context);
  check_production(context);
  check_reading(context);
  check_values(context);
  check_drift(context);
  check_declared(context);
  if (options.style || schema) check_form(context, schema ? &*schema : nullptr);
  finish(context);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  context.report.seconds = took.count();
  return std::move(context.report);
}

}  // namespace tightship::env
