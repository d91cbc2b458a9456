#pragma once

// The answer of an audit for one exact state of a repository, as it is remembered.
//
// What a finding needs of an object (secret, line, position) is not remembered: the object is named,
// and is read and scanned again, so that the file holds no secret and cannot invent one. Paths, ref
// names and counts are; when one of them contains a secret of the answer, nothing is stored.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ledger.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "git/repository.h"
#include "scan/content_scanner.h"

namespace tightship::scan {

// One addition to the set of findings.
struct KeptPlace {
  Oid object;
  std::optional<Oid> commit;
  std::string path;
  std::string member;
  detect::Place place = detect::Place::File;
  detect::Reach reach = detect::Reach::Unknown;
  Encoding encoding = Encoding::Bytes;
  std::string chain;  // as in Hit
  bool in_head = false;
  std::uint16_t rule = 0;
  std::uint32_t versions = 0;
  std::uint32_t value = 0;   // in KeptAnswer::values
  std::uint64_t offset = 0;  // as in Occurrence::position
  friend bool operator==(const KeptPlace&, const KeptPlace&) = default;
};

// What is known of a value beyond its places.
struct KeptHistory {
  detect::PushState pushed = detect::PushState::Unknown;
  std::vector<std::string> refs, remotes;
  std::uint64_t ref_count = 0;
  friend bool operator==(const KeptHistory&, const KeptHistory&) = default;
};

struct KeptAnswer {
  std::vector<KeptPlace> places;  // in the order of adding
  std::vector<KeptHistory> values;
  detect::PushState texts_pushed = detect::PushState::Unknown;  // of findings without any place here
  detect::Coverage coverage;
  std::vector<Loss> losses;  // of kinds that follow from the state alone
  std::uint64_t loss_count = 0;
};

inline constexpr std::size_t kMaxKeptPlaces = 200'000;  // an answer with more is not remembered

std::string write_answer(const KeptAnswer& answer);
// Every enumerator, count and number checked; nothing when one is wrong or a byte is left over.
std::optional<KeptAnswer> read_answer(std::string_view payload, const detect::RuleSet& rules);

// Notes what an audit adds of objects, and what its findings turn out to be.
class AnswerRecorder {
 public:
  void note(const Hit& hit, const detect::Occurrence& where);
  // The finished answer; nothing when it must not be stored: a secret in a path or name, too many
  // places, or losses that may be gone at the next reading.
  std::optional<std::string> finish(const detect::ScanResult& result, const detect::RuleSet& rules);

 private:
  KeptAnswer answer_;
  std::map<std::pair<std::uint16_t, std::string>, std::uint32_t> values_;
  bool storable_ = true;
};

using ReplayedPlaces = std::vector<std::pair<Hit, detect::Occurrence>>;

// Reads and scans the objects of `answer` again. Nothing when one is not there, or a secret is not where
// it was: the answer is then worth nothing.
std::optional<ReplayedPlaces> replay_places(const KeptAnswer& answer, const detect::RuleSet& rules,
                                            const unpack::Limits& archives, const git::Repository& repository);
// Completes findings that were made of `places` and of texts.
void replay_history(const KeptAnswer& answer, const ReplayedPlaces& places, const detect::RuleSet& rules,
                    std::vector<detect::Finding>& findings);

}  // namespace tightship::scan
