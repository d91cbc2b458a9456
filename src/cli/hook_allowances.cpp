#include "cli/hook_allowances.h"

namespace tightship::cli {

Result<void> HookAllowances::load(const std::vector<git::Ref>&, const std::vector<scan::RefUpdate>&) { return {}; }
void HookAllowances::apply(detect::ScanResult&) const {}

}  // namespace tightship::cli
