#pragma once

// What COPY . puts into an image. Private to src/config.

#include "config/context.h"

namespace tightship::config {

// Reports secrets among the project's files, and the history of git, that the .dockerignore of `file` lets into the
// build. Env files are the business of `tightship env`. `ships`: the layer is part of the image.
void check_docker_context(Context& context, const File& file, At at, bool ships);

}  // namespace tightship::config
