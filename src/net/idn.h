#pragma once

// Internationalised names (IDNA 2008 with the mappings of UTS 46, non-transitional, as browsers do it): "bücher.example"
// is xn--bcher-kva.example in the DNS. By libidn2, loaded when the first such name is met; ASCII names never need it.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "readiness/problem.h"

namespace tightship::net {

// The ASCII form of a name in UTF-8; an ASCII name as it is. Fails with Usage when it is no name that can be
// registered, with Unsupported without libidn2.
Result<std::string> ascii_name(std::string_view name);

// "bücher.example" of xn--bcher-kva.example; empty for a name without such labels, for one that does not come back to
// the same ASCII form, and without libidn2.
std::string unicode_name(std::string_view ascii);

// "names", a table of those that have two forms; empty without any.
std::vector<readiness::FactTable> names_table(const std::vector<std::string>& hosts);

// Both, for people: "bücher.example (xn--bcher-kva.example)"; a plain name alone.
std::string name_both_ways(std::string_view ascii);

}  // namespace tightship::net
