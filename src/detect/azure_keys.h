#pragma once

// Azure's identifiable keys: base64 whose text has a four-character signature ten characters before
// its end, and whose last four bytes are the Marvin32 of the others, least byte first.
// Source: microsoft/security-utilities, identifiable metadata (signatures, checksum seeds).

#include <array>
#include <cstdint>
#include <string_view>

namespace tightship::detect {

struct AzureKeyKind {
  std::string_view signature;
  std::string_view service;
  std::size_t bytes;                      // of the key
  std::array<std::string_view, 4> seeds;  // eight ASCII characters each, read big-endian
  bool url_safe;
  bool confirmed;  // the algorithm was recomputed on a public sample
};

inline constexpr std::array kAzureKeyKinds = {
    AzureKeyKind{"+ASt", "Storage", 64, {"Default0"}, false, false},
    AzureKeyKind{"ACDb", "Cosmos DB", 64, {"MastRO00", "MastRW00"}, false, false},
    AzureKeyKind{"+ABa", "Batch", 64, {"AbAcct00"}, false, false},
    AzureKeyKind{"+AMC", "Machine Learning classic", 64, {"Classic0"}, false, false},
    AzureKeyKind{"APIM", "API Management", 64, {"Tenant00", "IoTHub00", "Gatewy00", "GitKey00"}, false, false},
    AzureKeyKind{"+ASb", "Service Bus", 32, {"Send0000", "Listen00", "Manage00"}, false, false},
    AzureKeyKind{"+AEh", "Event Hubs", 32, {"Send0000", "Listen00", "Manage00"}, false, false},
    AzureKeyKind{"+ARm", "Relay", 32, {"Send0000", "Listen00", "Manage00"}, false, false},
    AzureKeyKind{"AIoT", "IoT Hub", 32, {"IoTHub00", "DpsKey00", "Device00"}, false, false},
    AzureKeyKind{"AzSe", "AI Search", 39, {"Query000", "PAdmin00"}, false, true},
    AzureKeyKind{"+ACR", "Container Registry", 39, {"ACRDflt0"}, false, false},
    AzureKeyKind{"AzFu", "Functions", 40, {"Functi00", "System00", "Master00"}, true, false},
    AzureKeyKind{"AzCa", "Cache for Redis", 33, {"Access00"}, false, false},
};

// Azure DevOps personal access tokens: where the checksum stands in their 32 bytes, and what it is folded with.
inline constexpr std::size_t kDevOpsBytes = 32;
inline constexpr std::array<std::size_t, 4> kDevOpsChecksumBytes = {22, 8, 7, 2};
inline constexpr std::uint32_t kDevOpsUserFold = 0xe0b9692d, kDevOpsApplicationFold = 0x1019f92e;

constexpr std::uint64_t azure_seed(std::string_view name) {
  std::uint64_t seed = 0;
  for (const char c : name) seed = (seed << 8) | static_cast<std::uint8_t>(c);
  return seed;
}

}  // namespace tightship::detect
