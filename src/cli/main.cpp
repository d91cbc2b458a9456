#include "cli/run.h"

int main(int argc, char** argv) { return tightship::cli::run(argc, argv); }
