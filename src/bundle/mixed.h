#pragma once

// What a page loads over plain http, from the site's own markup.

#include <string>
#include <string_view>
#include <vector>

#include "bundle/sighting.h"

namespace tightship::bundle {

// Appends a sighting for each such load of a page; nothing for other files. `is_page`: as bundle/html.h says, or the
// server's content type.
void find_mixed(const std::string& path, std::string_view content, bool is_page, std::vector<Sighting>& out);

}  // namespace tightship::bundle
