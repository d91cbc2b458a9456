#pragma once

// Security rules of Cloud Firestore and Cloud Storage: which paths are matched, and what is allowed on what
// condition. Functions are known by name only.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lint/tree.h"

namespace tightship::lint {

struct FirebaseAllow {
  std::string path;                    // all matches around it: "/databases/{database}/documents/{document=**}"
  std::vector<std::string> methods;    // "read", "write", "get", ...
  std::vector<std::string> condition;  // its tokens; empty: always
  At at;
};

struct FirebaseRules {
  std::string service;  // "cloud.firestore", "firebase.storage"; of several the last
  std::vector<FirebaseAllow> allows;
};

inline constexpr std::size_t kMaxFirebaseRules = 1024 * 1024;
inline constexpr std::size_t kMaxFirebaseDepth = 32;

// Fails with Config (where: "line N") for what cannot be understood, with Limit for what is too large or deep.
Result<FirebaseRules> parse_firebase_rules(std::string_view text);

}  // namespace tightship::lint
