#pragma once

// Foreign text inside the languages of CI services: workflow commands, Markdown, HTML, XML, log lines.
// What goes in may be any bytes; what comes out is one line of valid UTF-8 without control, bidi or
// invisible characters (base/terminal_text.h), in which nothing has a meaning to the service.

#include <string>
#include <string_view>

namespace tightship::report {

// The message of a workflow command (`::error ...::MESSAGE`). Line ends that we write ourselves are kept
// as %0A; foreign ones are visible escapes already.
std::string command_data(std::string_view raw);
// The value of a property (`file=VALUE,`).
std::string command_property(std::string_view raw);

// Text of Markdown, wherever it stands in a line: no emphasis, link, mention, reference or HTML.
std::string markdown_text(std::string_view raw);

// Text of an HTML element or attribute; also inside a table of Markdown.
std::string html_text(std::string_view raw);

// Text of an XML 1.0 element or attribute.
std::string xml_text(std::string_view raw);

// A text of several lines that goes to the log of a CI job: runners obey "##[...]", "##vso[...]" and
// "##teamcity[...]" wherever they stand in a line, and "::name::" at its start. Here they say "# #" and
// ": :". Only what we print for people passes here, so nothing that a machine reads is changed.
std::string log_text(std::string_view text);

}  // namespace tightship::report
