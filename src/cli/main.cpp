#include "cli/run.h"

#include <cstdio>
#include <cstdlib>

// Ends without giving memory back piece by piece to a system that takes it all anyway.
int main(int argc, char** argv) {
  const int status = tightship::cli::run(argc, argv);
  std::fflush(nullptr);
  std::_Exit(status);
}
