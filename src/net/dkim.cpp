#include "net/dkim.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/asn1.h"
#include "detect/codec.h"
#include "detect/text_class.h"
#include "net/tag_list.h"

namespace tightship::net {
namespace {

using detect::kDerBitString;
using detect::kDerInteger;
using detect::kDerOid;
using detect::kDerSequence;

constexpr std::string_view kRsaOid = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
constexpr std::size_t kEd25519Size = 32;

// Of RSAPublicKey: SEQUENCE { INTEGER modulus, INTEGER exponent }.
unsigned modulus_bits(std::string_view der) {
  auto key = detect::read_der(der, kDerSequence);
  if (!key) return 0;
  const auto modulus = detect::read_der(*key, kDerInteger);
  if (!modulus || !detect::read_der(*key, kDerInteger)) return 0;
  return static_cast<unsigned>(detect::der_integer_bits(*modulus));
}

// Of SubjectPublicKeyInfo, which is what everybody publishes, or of the bare key inside, which the RFC names.
unsigned rsa_bits(std::string_view der) {
  std::string_view rest = der;
  auto info = detect::read_der(rest, kDerSequence);
  if (!info) return 0;
  auto algorithm = detect::read_der(*info, kDerSequence);
  if (!algorithm) return modulus_bits(der);
  if (detect::read_der(*algorithm, kDerOid) != kRsaOid) return 0;
  const auto bits = detect::read_der(*info, kDerBitString);
  if (!bits || bits->empty() || bits->front() != '\0') return 0;
  return modulus_bits(bits->substr(1));
}

void read_key_bytes(DkimKey& key, std::string_view text) {
  std::string packed(text);
  std::erase_if(packed, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  if (packed.empty()) {
    key.revoked = true;
    return;
  }
  const auto bytes = detect::decode_base64(packed, detect::Base64::Standard);
  if (!bytes) return key.errors.push_back("its p= is no base64: part of it was lost or something was added");
  if (key.type == "ed25519") {
    if (bytes->size() == kEd25519Size)
      key.bits = 256;
    else
      key.errors.push_back("its p= is no Ed25519 key of 32 bytes");
    return;
  }
  key.bits = rsa_bits(*bytes);
  if (key.bits == 0) key.errors.push_back("its p= is no RSA key: part of it was lost or something was added");
}

DkimSelector read_selector(const Lookup& txt, const std::string& selector, const std::string& name) {
  DkimSelector out{selector, name, txt.chain, 0, {}};
  for (const std::string& value : txt_values(txt)) {
    if (!is_dkim_key(value)) continue;
    if (++out.records == 1) out.key = parse_dkim_key(value);
  }
  return out;
}

// Whether a wildcard made up both answers.
bool same_made_up(const Lookup& a, const Lookup& b) {
  if (!a.known() || !b.known() || a.chain != b.chain || a.records.size() != b.records.size()) return false;
  if (a.records.empty()) return !a.chain.empty();
  const auto address = [](const Lookup& lookup) { return data_of<Address>(*lookup.records.front())->text; };
  return address(a) == address(b);
}

// Of a domain where names that nobody made exist. A wildcard does not reach below a name that is there (RFC 4592,
// 2.2.1), so what it says of a made-up selector tells whether _domainkey is.
DkimPresence presence_below_wildcard(RecordStore& store, const std::string& domain, const std::string& probe) {
  const std::string selector = probe + "._domainkey." + domain;
  const Lookup below = store.lookup(selector, RrType::Txt);
  if (!below.known()) return DkimPresence::Inconclusive;
  if (below.nxdomain) return DkimPresence::Some;
  const Lookup made_up = store.lookup(probe + "." + domain, RrType::A), there = store.lookup(selector, RrType::A);
  return same_made_up(made_up, there) ? DkimPresence::None : DkimPresence::Inconclusive;
}

DkimPresence presence_of(RecordStore& store, const std::string& domain, const std::string& probe, std::string& fault) {
  const Lookup all = store.lookup("_domainkey." + domain, RrType::Txt);
  const Lookup control = store.lookup(probe + "." + domain, RrType::Txt);
  if (!all.known() || !control.known()) {
    fault = all.known() ? control.fault : all.fault;
    return DkimPresence::Unknown;
  }
  if (all.nxdomain) return DkimPresence::None;
  return control.nxdomain ? DkimPresence::Some : presence_below_wildcard(store, domain, probe);
}

}  // namespace

bool is_dkim_key(std::string_view text) {
  if (trimmed(text).starts_with("v=DKIM1")) return true;
  const TagList list = parse_tag_list(text);
  return list.find("p") != nullptr && list.find("v") == nullptr;
}

DkimKey parse_dkim_key(std::string_view text) {
  DkimKey key;
  const TagList list = parse_tag_list(text);
  const Tag* version = list.find("v");
  if (version != nullptr && (version != &list.tags.front() || version->value != "DKIM1")) {
    key.errors.push_back("its v= is not DKIM1, or does not come first");
  }
  for (const std::string_view piece : list.broken) key.errors.push_back(fmt::format("'{:.20}' is no tag", piece));
  if (const Tag* type = list.find("k")) key.type = detect::lowered(type->value);
  if (key.type != "rsa" && key.type != "ed25519") key.errors.push_back("its k= is neither rsa nor ed25519");
  if (const Tag* hashes = list.find("h")) {
    const auto names = split(hashes->value, ':');
    key.sha1_only = std::all_of(names.begin(), names.end(), [](auto name) { return same_word(name, "sha1"); });
  }
  if (const Tag* flags = list.find("t")) {
    const auto names = split(flags->value, ':');
    key.testing = std::find(names.begin(), names.end(), "y") != names.end();
  }
  const Tag* bytes = list.find("p");
  if (bytes == nullptr)
    key.errors.push_back("it has no p=");
  else if (key.errors.empty())
    read_key_bytes(key, bytes->value);
  return key;
}

DkimFacts find_dkim(RecordStore& store, const std::string& domain, const std::vector<std::string>& guesses,
                    const std::vector<std::string>& wanted, const std::string& probe) {
  DkimFacts facts;
  facts.presence = presence_of(store, domain, probe, facts.fault);
  std::vector<std::string> all = wanted;
  for (const std::string& guess : guesses) {
    if (std::find(all.begin(), all.end(), guess) == all.end()) all.push_back(guess);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name = all[i] + "._domainkey." + domain;
    const Lookup txt = store.lookup(name, RrType::Txt);
    ++facts.asked;
    if (!txt.known()) continue;
    DkimSelector found = read_selector(txt, all[i], name);
    // A wildcard answers for every selector with something that is no key.
    if (found.records > 0)
      facts.selectors.push_back(std::move(found));
    else if (i < wanted.size())
      facts.missing.push_back(all[i]);
  }
  return facts;
}

}  // namespace tightship::net
