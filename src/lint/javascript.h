#pragma once

// JavaScript and TypeScript as tokens: enough to know what is code, text, comment or regular expression, without
// a grammar. Minified files of many megabytes are welcome.
//
// Where a grammar would be needed to tell (is `/` a division, does JSX text hold an apostrophe) the token before
// decides, and a text or regular expression that does not end on its line is taken for a single character: a
// wrong guess costs the rest of a line, never the rest of the file.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::lint {

enum class JsKind : std::uint8_t {
  Name,  // identifiers, keywords, `#private`
  Number,
  String,    // with its quotes
  Template,  // a piece of a template literal, without what encloses it: `, ${ and }
  Regex,
  Operator,  // punctuation; of several characters only: => ... ?. ?? && || == === != !== ${
  End,
};

struct JsToken {
  JsKind kind = JsKind::End;
  std::uint32_t begin = 0, end = 0;  // bytes of the source
};

// Texts over 4 GiB are cut. Linear; keeps one byte for every open brace.
class JsLexer {
 public:
  explicit JsLexer(std::string_view source);
  JsToken next();  // End at the end, and ever after

 private:
  JsToken make(JsKind kind, std::size_t begin, std::size_t end);
  void skip_blanks();
  bool skip_comment();
  bool regex_may_follow() const;
  JsToken name();
  JsToken number();
  JsToken string(char quote);
  JsToken template_piece();
  JsToken slash();
  JsToken punctuation();

  std::string_view source_;
  std::size_t at_ = 0;
  JsToken last_;
  std::vector<char> braces_;  // '{' or '$': which closes at the next '}'
  bool in_template_ = false, in_substitution_ = false;
  // Up to here no text in ' or ", and no regular expression, ends: it was looked for once, and the next one of the
  // same line need not be.
  std::size_t no_single_ = 0, no_double_ = 0, no_regex_ = 0;
};

// All tokens but the End; at most `max`.
std::vector<JsToken> js_tokens(std::string_view source, std::size_t max = 4'000'000);

inline std::string_view js_text(std::string_view source, const JsToken& token) {
  return source.substr(token.begin, token.end - token.begin);
}

// What a String or Template means: without quotes, escapes carried out. Of any other token its text.
std::string js_value(std::string_view source, const JsToken& token);

}  // namespace tightship::lint
