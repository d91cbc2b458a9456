#include "cli/run.h"

#include <cstdio>
#include <cstdlib>

// Without giving back memory piece by piece to a system that takes it all anyway: a tenth of a short hook.
int main(int argc, char** argv) {
  const int status = tightship::cli::run(argc, argv);
  std::fflush(nullptr);
  std::_Exit(status);
}
