#pragma once

// The object literals of a JavaScript file and what their keys are given, for configuration that is code:
// `export default defineConfig({ build: { sourcemap: true } })`. Nothing is evaluated.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lint/javascript.h"
#include "lint/lines.h"

namespace tightship::lint {

inline constexpr std::uint32_t kNoJs = 0xffffffff;

struct JsProperty {
  std::string key;           // escapes carried out; empty for a spread and for a computed key
  std::uint32_t object = 0;  // index of the object it is in
  std::uint32_t key_token = 0;
  std::uint32_t begin = 0,
                end = 0;  // tokens of the value; of a shorthand the name itself, of a spread what follows ...
  bool spread = false, shorthand = false;
};

struct JsObject {
  std::uint32_t open = 0, close = 0;  // tokens of the braces; close is the number of tokens when it is missing
  std::uint32_t property = kNoJs;     // whose value it is in, directly or in lists and calls
  std::string callee;                 // of the call that it is an argument of: "DefinePlugin"; empty for none
  std::uint32_t call = kNoJs;         // token of the callee's last name
  std::string bound;                  // "x" of `x = {`; empty for none
};

class JsFile {
 public:
  // Keeps a view of `source`.
  explicit JsFile(std::string_view source);

  std::string_view source() const { return source_; }
  const std::vector<JsToken>& tokens() const { return tokens_; }
  const std::vector<JsObject>& objects() const { return objects_; }
  const std::vector<JsProperty>& properties() const { return properties_; }

  std::string_view text(std::uint32_t token) const;  // empty behind the end
  std::string value(std::uint32_t token) const;      // js_value
  bool is(std::uint32_t token, std::string_view text) const { return this->text(token) == text; }
  bool is_string(std::uint32_t token) const;  // a String, or a Template without substitutions
  At at(std::uint32_t token) const;
  // The bracket that closes the one at `token`, or the number of tokens.
  std::uint32_t match(std::uint32_t token) const;

  // Keys from the outermost object to the property, joined by '/': "build/sourcemap". A call on the way
  // stands as "DefinePlugin()": "plugins/DefinePlugin()/process.env".
  std::string path(const JsProperty& property) const;
  // The object literal that is the whole value of the property, or nullptr.
  const JsObject* object_of(const JsProperty& property) const;
  std::vector<const JsProperty*> properties_of(const JsObject& object) const;
  const JsProperty* find(const JsObject& object, std::string_view key) const;
  // The property whose path is `path` or ends with '/' and it.
  std::vector<const JsProperty*> find_path(std::string_view path) const;
  // `a.b.c` beginning at `token`: "a.b.c", also for a["b"]; `next` is behind it. Empty when it is no name.
  std::string dotted(std::uint32_t token, std::uint32_t* next = nullptr) const;

 private:
  void match_brackets();
  void read_objects();
  bool opens_object(std::uint32_t token) const;
  void read_properties(std::uint32_t object);
  std::uint32_t value_end(std::uint32_t token, std::uint32_t close) const;
  void name_object(std::uint32_t object);

  std::string_view source_;
  std::vector<JsToken> tokens_;
  std::vector<std::uint32_t> match_;
  std::vector<JsObject> objects_;
  std::vector<JsProperty> properties_;
  Lines lines_;
};

}  // namespace tightship::lint
