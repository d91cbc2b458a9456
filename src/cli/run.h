#pragma once

namespace tightship::cli {

// The whole program: returns the exit status. Throws nothing; says out of memory and goes with 2.
int run(int argc, const char* const* argv);

}  // namespace tightship::cli
