#include <gtest/gtest.h>

#include "golden.h"
#include "report/report.h"

namespace tightship::report {
namespace {

// The diagnostic of `focus` in before + focus + after.
Diagnostic at(const std::string& before, const std::string& focus, const std::string& after) {
  Diagnostic d;
  d.level = "error";
  d.code = "stripe-secret-key";
  d.message = "Stripe live secret key";
  d.path = "api/billing.py";
  d.line = 31;
  d.column = static_cast<std::uint32_t>(before.size() + 1);
  d.source = before + focus + after;
  d.begin = static_cast<std::uint32_t>(before.size());
  d.end = static_cast<std::uint32_t>(before.size() + focus.size());
  d.label = "format valid";
  d.notes = {{"fix", "roll the key"}, {"id", "5d0c"}};
  return d;
}

const std::string kShown = "sk_live_…Qw8z";

Diagnostic config_error() {
  Diagnostic d = at("pattern = '", "(", "acme_[0-9a-f]{40}'");
  d.code.clear();
  d.message = "cannot compile the pattern of rule 'acme-token'";
  d.path = ".tightship/rules.toml";
  d.line = 14;
  d.label = "group is not closed";
  d.notes.clear();
  d.help = "close it, then run: tightship rules check .tightship/rules.toml";
  return d;
}

template <class Edit>
Diagnostic edited(Diagnostic d, Edit edit) {
  edit(d);
  return d;
}

struct Shape {
  std::string name;
  Diagnostic diagnostic;
  unsigned width = 100;
  bool color = false;
};

class Diagnostics : public testing::TestWithParam<Shape> {};

TEST_P(Diagnostics, AreDrawnAsTheGoldenFile) {
  const Shape& shape = GetParam();
  expect_golden("diagnostic_" + shape.name + ".txt", render_diagnostic(shape.diagnostic, shape.color, shape.width));
}

INSTANTIATE_TEST_SUITE_P(
    Report, Diagnostics,
    testing::Values(
        Shape{"plain", at("key = \"", kShown, "\"")}, Shape{"config_error", config_error()},
        Shape{"color", at("key = \"", kShown, "\""), 100, true}, Shape{"color_config", config_error(), 100, true},
        Shape{"long_line", at(std::string(300, 'a') + "=", kShown, std::string(300, 'b')), 80},
        Shape{"tab", at("\t\tkey\t= ", kShown, ";")}, Shape{"wide", at("密钥 = 🔑", kShown, "。")},
        Shape{"combining", at("cle\u0301 = ", kShown, "")},
        Shape{"control", at("\x1b[2J\x07\r\x7f = ", kShown, "\u202e\u200b")},
        Shape{"not_utf8", at("caf\xe9\xff = ", kShown, "\xc3")}, Shape{"line_start", at("", kShown, " # key")},
        Shape{"line_end", at("key: ", kShown, "\r\n")},
        Shape{"caret_far_right", at(std::string(55, ' '), kShown, ""), 80},
        Shape{"line_1", edited(at("", kShown, ""), [](Diagnostic& d) { d.line = 1; })},
        Shape{"line_123456", edited(at("", kShown, ""), [](Diagnostic& d) { d.line = 123456; })},
        Shape{"no_line", edited(at("", "", ""),
                                [](Diagnostic& d) {
                                  d.line = 0;
                                  d.path = "logo.bin";
                                })},
        Shape{"no_path", edited(at("k=", kShown, ""), [](Diagnostic& d) { d.path.clear(); })},
        Shape{"no_notes", edited(at("k=", kShown, ""), [](Diagnostic& d) { d.notes.clear(); })},
        Shape{"empty_source", edited(at("", "", ""), [](Diagnostic& d) { d.label = "a value is expected"; })},
        Shape{"path_with_newline",
              edited(at("k=", kShown, ""), [](Diagnostic& d) { d.path = "a\nerror[x]: b\x1b[0m.py"; })},
        Shape{"path_not_utf8", edited(at("k=", kShown, ""), [](Diagnostic& d) { d.path = "caf\xe9/密.py"; })},
        Shape{"history", edited(at("k=", kShown, ""), [](Diagnostic& d) { d.at = "@8c1d2e3"; })},
        Shape{"notes_of_several_lines", edited(at("k=", kShown, ""),
                                               [](Diagnostic& d) {
                                                 d.level = "warning";
                                                 d.notes = {{"seen", "once\ntwice\x1b"}, {"id", "1"}};
                                                 d.help = "first\nsecond";
                                               })}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(Diagnostic, CaretStandsUnderTheFocusHoweverNarrowTheTerminal) {
  for (unsigned width = 0; width < 200; width += 7) {
    const std::string text = render_diagnostic(at(std::string(90, 'x'), "KEY", std::string(90, 'y')), false, width);
    const std::size_t source = text.find("31 | "), key = text.find("KEY"), caret = text.find("^^^");
    ASSERT_NE(key, std::string::npos) << width;
    ASSERT_NE(caret, std::string::npos) << width;
    const std::size_t caret_line = text.rfind('\n', caret) + 1;
    const bool cut = text.substr(source, key - source).find("…") != std::string::npos;  // 3 bytes, 1 column
    EXPECT_EQ(key - source - (cut ? 2 : 0), caret - caret_line) << width;
  }
}

}  // namespace
}  // namespace tightship::report
