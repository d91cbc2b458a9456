#pragma once

// The value behind the match of a generic rule. An expression that spelled out values of up to 200
// characters in every quoting would take milliseconds to compile and as long to find its groups; so
// these rules' expressions go as far as the operator, end in `.{3,220}?`, which matches three bytes
// and gives the window its width, and have no groups.

#include <string_view>

namespace tightship::detect {

// A view into `text`, which begins with the name (or an option, or the words of an SQL statement) and
// goes on to some bytes behind the value. Empty when no value stands there: no closing quote, blanks in
// it, or something that is no literal. Forms: name = "v", name: v, "name": "v", name: Type = "v",
// name => decode("v"), name("v"), "name", "v", <name>v</, name="..." value="v", --name v,
// ${name:-v}, identified by 'v'; of YAML also `name: |` and `name: >-` with one line below, and folded base64
// (detect/folded.h), which may begin on the line behind the name's, too.
std::string_view assigned_value(std::string_view text);

}  // namespace tightship::detect
