#pragma once

// What a path tells of a file: the language it is written in, and who wrote it. Names only; nothing is
// opened.

#include <cstdint>
#include <string_view>

namespace tightship::detect {

// What files are written in, as far as it matters for what a bare word on the right side means.
enum class FileKind : std::uint8_t {
  Unknown,
  Environment,
  Yaml,
  Properties,
  Json,
  Prose,
  Shell,
  Markup,
  Sql,
  Infrastructure,
  Script,
  JavaScript,
  Native,
  Managed,
  Other
};
FileKind file_kind(std::string_view path);

// Whether the path is one of tests, examples, fixtures or documentation.
bool is_test_path(std::string_view path);

// The same told strictly, by whole names of folders ("tests/", "__mocks__/") and by the forms that test runners
// look for ("pay.spec.ts", "test_pay.py", "pay_test.go").
bool is_in_tests(std::string_view path);

// Told by whole words of the path, of folders and of names: tests, examples, templates, demonstrations and
// documentation ("docs/a.md", "compose.example.yml"); not "docker/".
bool is_sample_path(std::string_view path);

// Whether a package manager wrote it ("package-lock.json"); whether it holds interface texts of a
// language ("locales/de.json", "messages_pt_BR.properties"); whether it holds the looks of a page ("app.css.scss").
bool is_lock_file(std::string_view path);
bool is_translation(std::string_view path);
bool is_style_sheet(std::string_view path);

}  // namespace tightship::detect
