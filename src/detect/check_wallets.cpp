#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "detect/bip39.h"
#include "detect/checks.h"
#include "detect/codec.h"

// Keys of coins: each form carries a checksum, so that chance passes once in 16 (twelve words) to once
// in four thousand million (base58check).

namespace tightship::detect {
namespace {

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return words;
}

// Phrases of documentation and of development chains: "abandon abandon ... about", "test test ... junk".
bool is_sample_phrase(std::vector<std::string_view> words) {
  std::sort(words.begin(), words.end());
  const auto distinct = std::unique(words.begin(), words.end()) - words.begin();
  return distinct * 2 < static_cast<std::ptrdiff_t>(words.size());
}

// The bits of all words, 11 each, most significant first, as bytes; the last byte is padded with zeros.
std::optional<std::string> phrase_bits(const std::vector<std::string_view>& words) {
  std::string bytes;
  std::uint32_t pool = 0;
  unsigned held = 0;
  for (const std::string_view word : words) {
    const auto index = bip39_index(word);
    if (!index) return std::nullopt;
    pool = (pool << 11) | *index;
    for (held += 11; held >= 8; held -= 8) bytes.push_back(static_cast<char>(pool >> (held - 8)));
    pool &= (1u << held) - 1;
  }
  if (held > 0) bytes.push_back(static_cast<char>(pool << (8 - held)));
  return bytes;
}

struct KeyVersion {
  std::uint32_t version;
  std::string_view name;
};
// SLIP-132 and BIP-32: the first four bytes tell script and network.
constexpr std::array kKeyVersions = {KeyVersion{0x0488ade4, "main network"}, KeyVersion{0x049d7878, "main network"},
                                     KeyVersion{0x04b2430c, "main network"}, KeyVersion{0x04358394, "test network"},
                                     KeyVersion{0x044a4e28, "test network"}, KeyVersion{0x045f18bc, "test network"}};

void mark_test_network(CheckResult& result) {
  result.why += ", test network";
  result.kind = Kind::Test;
  result.severity = Severity::Note;
}

// Keys that development chains (Hardhat, Anvil, Ganache) hand out to everybody, by their first eight digits.
constexpr std::array<std::string_view, 11> kDevelopmentKeys = {"ac0974be", "59c6995e", "5de4111a", "7c852118",
                                                               "47e179ec", "8b3a350c", "92db14e4", "4bbbf85c",
                                                               "dbda1821", "2a871d07", "4f3edf98"};

// The order of secp256k1's group (SEC 2): a private key is below it and not zero.
constexpr std::string_view kGroupOrder = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

}  // namespace

// BIP-39: 12 to 24 words of the list; the last bits are the first bits of the SHA-256 of the others.
CheckResult check_bip39(std::string_view secret, std::string_view) {
  const auto words = split_words(secret);
  if (words.size() < 12 || words.size() > 24 || words.size() % 3 != 0 || is_sample_phrase(words)) return rejected();
  auto bits = phrase_bits(words);
  if (!bits) return rejected();
  const auto checksum_bits = static_cast<unsigned>(words.size() / 3);
  const std::size_t entropy_bytes = words.size() / 3 * 4;
  const auto given = static_cast<std::uint8_t>((*bits)[entropy_bytes]);
  const auto wanted = static_cast<std::uint8_t>(sha256(std::string_view(*bits).substr(0, entropy_bytes))[0]);
  if (given >> (8 - checksum_bits) != wanted >> (8 - checksum_bits)) return rejected();
  return certain(fmt::format("{} words, checksum valid", words.size()));
}

// BIP-32: version, depth, parent, child, chain code, 0, 32 bytes of key.
CheckResult check_extended_key(std::string_view secret, std::string_view) {
  const auto raw = decode_base58check(secret);
  if (!raw || raw->size() != 78 || (*raw)[45] != 0) return rejected();
  const auto version = std::find_if(kKeyVersions.begin(), kKeyVersions.end(),
                                    [&](const KeyVersion& known) { return known.version == read_big_endian32(*raw); });
  if (version == kKeyVersions.end()) return rejected();
  CheckResult result = certain("extended private key, checksum valid");
  if (version->name == "test network") mark_test_network(result);
  return result;
}

// A version byte (128, or 239 on the test network), 32 bytes of key, and 1 when its public half is compressed.
CheckResult check_wallet_import_key(std::string_view secret, std::string_view) {
  const auto raw = decode_base58check(secret);
  if (!raw || (raw->size() != 33 && raw->size() != 34)) return rejected();
  const auto version = static_cast<std::uint8_t>((*raw)[0]);
  if ((version != 128 && version != 239) || (raw->size() == 34 && raw->back() != 1)) return rejected();
  CheckResult result = certain("wallet key, checksum valid");
  if (version == 239) mark_test_network(result);
  return result;
}

CheckResult check_secp256k1(std::string_view secret, std::string_view) {
  std::string digits(secret.substr(secret.starts_with("0x") ? 2 : 0));
  for (char& c : digits) c = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
  if (digits.size() != 64 || digits >= kGroupOrder || digits.find_first_not_of('0') == std::string::npos)
    return rejected();
  CheckResult result = plausible();
  const bool shared = std::any_of(kDevelopmentKeys.begin(), kDevelopmentKeys.end(),
                                  [&](std::string_view start) { return digits.starts_with(start); });
  if (shared) {
    result.why = "a key that development chains hand out to everybody";
    result.kind = Kind::Test;
    result.severity = Severity::Note;
  }
  return result;
}

}  // namespace tightship::detect
