// Every value under every encoding is found by its needles and told exactly; the search that build hosts make (the
// whole value plain, in base64, percent-encoded) is run beside it as a control.

#include "bundle/trace.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "bundle/sweep.h"
#include "detect/codec.h"
#include "detect/token_template.h"

namespace tightship::bundle {
namespace {

std::string token(std::string_view text, std::uint64_t seed) {
  return detect::expand_template(text, seed).value_or("");
}

using Encode = std::function<std::string(std::string_view)>;

std::string json(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

std::string script(std::string_view text) {
  std::string out;
  for (const char c : json(text))
    out += c == '<' || c == '>' || c == '&' ? fmt::format("\\u{:04x}", static_cast<unsigned>(c)) : std::string(1, c);
  return out;
}

std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '"' ? "&quot;" : c == '<' ? "&lt;" : c == '&' ? "&amp;" : c == '\'' ? "&#x27;" : std::string(1, c);
  }
  return out;
}

std::string percent(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool kept = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
    out += kept ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string base64_behind(std::string_view text, std::size_t shift, detect::Base64 alphabet) {
  return detect::encode_base64(std::string(shift, 'k') + std::string(text) + ":x", alphabet, false);
}

std::string spelled(std::string_view text, const char* form) {
  std::string out;
  for (const char c : text) out += fmt::format(fmt::runtime(form), static_cast<unsigned char>(c));
  return out;
}

std::string halves(std::string_view text) {
  return fmt::format("{}\"+\"{}", json(text.substr(0, text.size() / 2)), json(text.substr(text.size() / 2)));
}

const std::vector<std::pair<std::string, Encode>>& encodings() {
  static const std::vector<std::pair<std::string, Encode>> all = {
      {"plain", [](auto v) { return std::string(v); }},
      {"json", json},
      {"script", script},
      {"html", html},
      {"percent", percent},
      {"json twice", [](auto v) { return json(json(v)); }},
      {"script in a string", [](auto v) { return json(script(v)); }},
      {"json three times", [](auto v) { return json(json(json(v))); }},
      {"json in an attribute", [](auto v) { return html(json(v)); }},
      {"percent in json", [](auto v) { return json(percent(v)); }},
      {"percent twice", [](auto v) { return percent(percent(v)); }},
      {"pieces", halves},
      {"base64 0", [](auto v) { return base64_behind(v, 0, detect::Base64::Standard); }},
      {"base64 1", [](auto v) { return base64_behind(v, 4, detect::Base64::Standard); }},
      {"base64 2", [](auto v) { return base64_behind(v, 5, detect::Base64::Standard); }},
      {"base64url 0", [](auto v) { return base64_behind(v, 3, detect::Base64::UrlSafe); }},
      {"base64url 1", [](auto v) { return base64_behind(v, 1, detect::Base64::UrlSafe); }},
      {"base64url 2", [](auto v) { return base64_behind(v, 2, detect::Base64::UrlSafe); }},
      {"base64 of json", [](auto v) { return base64_behind("{\"k\":\"" + json(v), 1, detect::Base64::Standard); }},
      {"hex", [](auto v) { return spelled(v, "{:02x}"); }},
      {"HEX", [](auto v) { return spelled(v, "{:02X}"); }},
      {"\\x", [](auto v) { return spelled(v, "\\x{:02x}"); }},
      {"\\u", [](auto v) { return spelled(v, "\\u{:04X}"); }},
      {"%", [](auto v) { return spelled(v, "%{:02x}"); }},
  };
  return all;
}

std::vector<std::string> values() {
  std::string pem = "-----BEGIN EC PRIVATE KEY-----\n";
  for (std::uint64_t i = 0; i < 3; ++i) pem += token("{base62:30}+{base62:31}/", i) + "\n";
  pem += "-----END EC PRIVATE KEY-----\n";
  return {token("sk_live_{base62:24}", 1),
          "postgres://shop:" + token("{base62:9}", 2) + "\"p\\w<&'" + token("{base62:4}", 3) +
              "@db.shop.example:5432/shop?x=1&y=2",
          token("{base62:6}", 4) + "+/\"" + token("{base62:6}", 5) + "\\<b>" + token("{base62:5}", 6) + "==",
          "p@5$w0rd!x#%" + token("{base62:3}", 7),
          "{\"type\":\"service_account\",\"private_key_id\":\"" + token("{hex:40}", 8) + "\"}",
          token("{hex:64}", 9),
          pem};
}

// What Netlify's build looks for.
bool found_by_whole_value(std::string_view content, std::string_view value) {
  return content.find(value) != std::string_view::npos || content.find(percent(value)) != std::string_view::npos ||
         content.find(detect::encode_base64(value, detect::Base64::Standard, true)) != std::string_view::npos;
}

std::vector<Trace> trace_all(const std::vector<TracedValue>& traced, std::string_view content) {
  std::vector<Needle> needles;
  for (std::uint32_t i = 0; i < traced.size(); ++i) append_needles(traced[i].value, i, needles);
  std::vector<match::SearchLiteral> literals;
  for (const Needle& needle : needles) literals.push_back({needle.bytes, needle.caseless});
  const auto search = match::LiteralSearch::compile(literals);
  EXPECT_TRUE(search.has_value());
  auto scratch = search->make_scratch();
  std::vector<match::LiteralHit> hits;
  EXPECT_TRUE(search->find(as_bytes(content), scratch, hits));
  std::vector<Trace> traces;
  for (const match::LiteralHit& hit : hits) {
    if (const auto trace = verify(traced, needles[hit.literal], content, hit.begin)) traces.push_back(*trace);
  }
  return traces;
}

bool has_exact(const std::vector<Trace>& traces, std::uint32_t value) {
  return std::any_of(traces.begin(), traces.end(), [&](const Trace& t) { return t.exact && t.value == value; });
}

TEST(Trace, EveryValueUnderEveryEncoding) {
  std::size_t missed_by_whole_value = 0, total = 0;
  for (const std::string& value : values()) {
    const std::vector<TracedValue> traced = {{"KEY", value, {}, Weight::Certain, {}}};
    for (const auto& [name, encode] : encodings()) {
      if (name == "pieces" && longest_run(value).size < 5) continue;  // a stated limit
      const std::string content = "var a=1;f(\"" + encode(value) + "\",2);" + std::string(300, ';');
      EXPECT_TRUE(has_exact(trace_all(traced, content), 0)) << name << " of a value of " << value.size() << " bytes";
      missed_by_whole_value += found_by_whole_value(content, value) ? 0 : 1;
      ++total;
    }
  }
  // The control has teeth: it finds what it is made for, and misses most of the rest.
  EXPECT_GT(missed_by_whole_value, total / 2);
  EXPECT_LT(missed_by_whole_value, total);
}

TEST(Trace, BeginsWhereTheValueBegins) {
  const std::vector<std::string> all = values();
  for (const std::size_t i : {0u, 1u, 2u, 6u}) {
    const std::vector<TracedValue> traced = {{"KEY", all[i], {}, Weight::Certain, {}}};
    for (const auto& [name, encode] : encodings()) {
      if (name.starts_with("base64") || name == "percent twice") continue;
      const std::string content = "const key = '" + encode(all[i]) + "';";
      const auto traces = trace_all(traced, content);
      ASSERT_FALSE(traces.empty()) << name;
      EXPECT_EQ(traces.front().begin, 13u) << name << " of value " << i;
    }
  }
}

TEST(Trace, AnotherValueIsNone) {
  const std::string value = token("{base62:12}", 1) + "\"" + token("{base62:20}", 2);
  std::string other = value;
  other.front() = other.front() == 'x' ? 'y' : 'x';
  const std::vector<TracedValue> traced = {{"KEY", value, {}, Weight::Certain, {}}};
  for (const auto& [name, encode] : encodings()) {
    EXPECT_FALSE(has_exact(trace_all(traced, "f('" + encode(other) + "')"), 0)) << name;
  }
}

TEST(Trace, PartsOfUrlsAndWordsAreNone) {
  const std::vector<TracedValue> traced = {
      {"DATABASE_URL",
       "postgres://shop:" + token("{base62:9}", 1) + "@ep-cool-darkness-12345678.eu-central-1.aws.neon.tech/shop",
       {},
       Weight::Certain,
       {}},
      {"API_SECRET", "administration-of-everything-0001", {}, Weight::Certain, {}}};
  EXPECT_TRUE(trace_all(traced, "fetch('https://ep-cool-darkness-12345678.eu-central-1.aws.neon.tech/')").empty());
  EXPECT_TRUE(trace_all(traced, "class='administration-of-everything'").empty());
}

TEST(Trace, LongRandomPartIsTold) {
  const std::string value = token("{base62:40}", 3);
  const std::vector<TracedValue> traced = {{"KEY", value, {}, Weight::Certain, {}}};
  const auto traces = trace_all(traced, "x='" + value.substr(0, 32) + "'");
  ASSERT_FALSE(traces.empty());
  EXPECT_FALSE(traces.front().exact);
  EXPECT_TRUE(trace_all(traced, "x='" + value.substr(0, 15) + "'").empty());
}

TEST(Needle, LongestRun) {
  EXPECT_EQ(longest_run("ab.cdef/gh").begin, 3u);
  EXPECT_EQ(longest_run("ab.cdef/gh").size, 4u);
  EXPECT_EQ(longest_run("").size, 0u);
  EXPECT_EQ(longest_run("...").size, 0u);
  EXPECT_EQ(longest_run("ab-c_d").size, 6u);
}

TEST(Trace, HitsAtTheEdges) {
  const std::string value = token("{base62:24}", 5);
  const std::vector<TracedValue> traced = {{"KEY", value, {}, Weight::Certain, {}}};
  EXPECT_TRUE(has_exact(trace_all(traced, value), 0));
  EXPECT_TRUE(has_exact(trace_all(traced, value + "x"), 0));
  for (std::size_t cut = 1; cut < value.size(); ++cut) EXPECT_FALSE(has_exact(trace_all(traced, value.substr(cut)), 0));
}

}  // namespace
}  // namespace tightship::bundle
