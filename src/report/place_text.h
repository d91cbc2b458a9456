#pragma once

// Where an occurrence is, in words: "api/billing.py@8c1d2e3", "commit message of 8c1d2e3".

#include <string>

#include "detect/finding.h"
#include "report/secret_mask.h"

namespace tightship::report {

// The path of `occurrence`, raw, with secrets masked.
std::string path_text(const detect::Occurrence& occurrence, const SecretMask& mask);

// Raw bytes with secrets masked: the printer escapes them.
struct PlaceText {
  std::string path;
  std::string at;  // "@8c1d2e3" or empty
};
PlaceText place_text(const detect::Occurrence& occurrence, const SecretMask& mask);

// In one line, escaped: "api/billing.py@8c1d2e3:31:19". Without `column`: "api/billing.py@8c1d2e3:31".
enum class Column { Shown, Left };
std::string place_line(const detect::Occurrence& occurrence, const SecretMask& mask, Column column);

// "8c1d2e3 "wire up billing" (Ana)", raw, masked; the subject is cut.
std::string commit_text(const detect::CommitInfo& commit, const SecretMask& mask);

}  // namespace tightship::report
