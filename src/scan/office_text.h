#pragma once

// The text of an office document as its readers see it. Its XML may cut a word anywhere: editors put what was typed at
// different times, or checked for spelling, into runs of their own.
//
// Sources: ECMA-376 (WordprocessingML, SpreadsheetML, DrawingML), OpenDocument 1.3.

#include "base/bytes.h"
#include "scan/decoded_text.h"

namespace tightship::scan {

// Whether it is XML of one of the two, by the name spaces that it begins with.
bool is_office_xml(Bytes content);

// What stands in text elements, entities undone; paragraphs, rows and line breaks end lines, tabs and cells are tabs.
// Its coding is XmlText. Of damaged XML what can be told. O(content).
DecodedText read_office_text(Bytes content);

}  // namespace tightship::scan
