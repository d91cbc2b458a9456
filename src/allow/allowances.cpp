#include "allow/allowances.h"

#include <sys/stat.h>

#include "base/file.h"

namespace tightship::allow {
namespace {

// Nothing when there is no such file.
Result<std::optional<std::string>> read_if_there(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  if (S_ISLNK(status.st_mode)) return fail(ErrorKind::Config, "is a symbolic link", path, "make it a file");
  auto text = read_file(path, kMaxFile);
  if (text) return std::optional<std::string>(std::move(*text));
  if (text.error().kind == ErrorKind::NotFound) return std::nullopt;
  return tl::unexpected(text.error());
}

}  // namespace

Result<Allowances> parse(std::string text, std::string name) {
  Allowances allowances;
  allowances.files.push_back(parse_allow_file(std::move(text), std::move(name)));
  const Source& source = allowances.files.back().source;
  if (!source.ok()) return tl::unexpected(first_error(source));
  return allowances;
}

Result<Allowances> load(const std::string& root, const std::string& shown) {
  Allowances allowances;
  auto text = read_if_there(root + "/" + std::string(kAllowFile));
  if (!text) return tl::unexpected(text.error());
  if (*text) {
    auto parsed = parse(std::move(**text), shown + std::string(kAllowFile));
    if (!parsed) return parsed;
    allowances = std::move(*parsed);
  }
  auto ignore = read_if_there(root + "/" + std::string(kGitleaksIgnore));
  if (!ignore) return tl::unexpected(ignore.error());
  if (*ignore)
    allowances.placed.push_back(parse_gitleaks_ignore(std::move(**ignore), shown + std::string(kGitleaksIgnore)));
  return allowances;
}

}  // namespace tightship::allow
