#pragma once

// What bundlers, servers and minifiers do to a string, undone: JavaScript and JSON escapes, HTML character
// references, percent encoding, strings put together from pieces. Every function takes any bytes, copies what it
// does not understand, and gives a text that is not longer than 3/2 of what went in (a reference such as &nbsp;
// is longer than its character; "\u0800" too: everything shrinks).
//
// find_encoded is the way from a hit back to the value: it undoes these steps in all orders, to a depth of three,
// which is what a prop of a server component needs in the .html of a page (a string of JavaScript in a string of
// JavaScript in HTML).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tightship::bundle {

std::string unescape_js(std::string_view text);       // \n \x41 \u0041 \u{41} \101 \' and a \ before a line end
std::string unescape_html(std::string_view text);     // &amp; &lt; &gt; &quot; &apos; &nbsp; &#65; &#x41;
std::string unescape_percent(std::string_view text);  // %41
std::string join_strings(std::string_view text);      // "ab"+"cd" 'ab'+'cd' `ab`+`cd` "ab".concat("cd")

enum class Step : std::uint8_t { Js, Html, Percent, Join };
inline constexpr unsigned kMaxDepth = 3;  // of Js, Html and Percent; one Join beside them

// Steps in the order in which they are undone.
struct Nest {
  std::array<Step, kMaxDepth + 1> steps{};
  std::uint8_t count = 0;
};

std::string undo(const Nest& nest, std::string_view text);
std::string nest_words(const Nest& nest);  // "JavaScript-escaped twice"; empty when there is no step

// The steps after which `window` holds `value`, fewest first; nothing when none does.
// O(40 window.size()) at the most; steps that change nothing are not followed.
std::optional<Nest> find_encoded(std::string_view window, std::string_view value);

}  // namespace tightship::bundle
