#pragma once

// Values of Kubernetes Secrets: `data` holds the base64 of what `stringData` holds as it is. Such a value is
// judged decoded, under its key's name, by the rules that a plain assignment is judged by; its digits alone say
// nothing, since those of "changeme" look as random as any.
//
// Source: https://kubernetes.io/docs/concepts/configuration/secret/

#include <string>
#include <vector>

#include "base/bytes.h"
#include "detect/detector.h"
#include "detect/rule.h"
#include "scan/decoded_text.h"

namespace tightship::scan {

struct ManifestValue {
  std::string name;
  Stretch digits;       // in the content, padding included
  DecodedText decoded;  // without the line end that `echo` leaves there
};

// Takes out of `candidates` those of generic rules whose value is base64 of printable ASCII under a key of `data`
// in a manifest of `kind: Secret`, YAML or JSON, and returns what they stand for, by place. A pure function of the content and the
// candidates. Looks at most kMaxManifest bytes around each.
inline constexpr std::size_t kMaxManifest = std::size_t{32} << 10;
std::vector<ManifestValue> take_manifest_values(const detect::RuleSet& rules, Bytes content,
                                                std::vector<detect::Candidate>& candidates);

}  // namespace tightship::scan
