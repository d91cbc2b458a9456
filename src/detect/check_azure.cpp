#include <fmt/format.h>

#include <algorithm>

#include "detect/azure_keys.h"
#include "detect/checks.h"
#include "detect/codec.h"
#include "detect/folded.h"
#include "detect/text_class.h"

namespace tightship::detect {
namespace {

const AzureKeyKind* kind_of(std::string_view text) {  // without padding
  if (text.size() < 10) return nullptr;
  const std::string_view signature = text.substr(text.size() - 10, 4);
  const auto at = std::find_if(kAzureKeyKinds.begin(), kAzureKeyKinds.end(),
                               [&](const AzureKeyKind& kind) { return kind.signature == signature; });
  return at == kAzureKeyKinds.end() ? nullptr : &*at;
}

bool checksum_holds(const AzureKeyKind& kind, std::string_view key) {
  const std::string_view body = key.substr(0, key.size() - 4);
  const std::uint32_t sum = read_little_endian32(key.substr(key.size() - 4));
  return std::any_of(kind.seeds.begin(), kind.seeds.end(),
                     [&](std::string_view seed) { return !seed.empty() && marvin32(body, azure_seed(seed)) == sum; });
}

}  // namespace

CheckResult check_azure_key(std::string_view secret, std::string_view) {
  const std::string whole = unfolded(secret);
  const std::string_view text = std::string_view(whole).substr(0, whole.find('='));
  const AzureKeyKind* kind = kind_of(text);
  if (kind == nullptr) return plausible();
  const auto key = decode_base64(text, kind->url_safe ? Base64::UrlSafe : Base64::Standard);
  const bool valid = key && key->size() == kind->bytes && checksum_holds(*kind, *key);
  if (!valid && kind->confirmed) return rejected();
  // Two lines that only happen to follow one another do not make up a key.
  if (contains(secret, "\n") && (!key || key->size() != kind->bytes)) return rejected();
  CheckResult result = valid ? certain(fmt::format("Azure {} key, checksum valid", kind->service)) : plausible();
  result.facts.push_back({"service", std::string(kind->service)});
  return result;
}

// Entra ID (Azure AD) client secrets with the mark 8Q~: the last three characters are the first three of
// the Marvin32 of the others, written in the alphabet of the secret, most significant digit first. Not
// tried on a real one, so a mismatch proves nothing. 7Q~ has no checksum.
CheckResult check_azure_ad(std::string_view secret, std::string_view) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
  if (secret.size() < 10 || secret.substr(3, 3) != "8Q~") return plausible();
  std::uint32_t sum = marvin32(secret.substr(0, secret.size() - 3), azure_seed("AadPwd00"));
  std::string digits;
  for (; sum > 0; sum /= static_cast<std::uint32_t>(kAlphabet.size())) {
    digits.insert(digits.begin(), kAlphabet[sum % kAlphabet.size()]);
  }
  return digits.size() >= 3 && secret.ends_with(digits.substr(0, 3)) ? certain("checksum valid") : plausible();
}

// Common annotated keys of the first kind: 80 base64 characters, of which "JQQJ99" stands at 52,
// date, platform and provider behind it; then the Marvin32 (seed "Default0") of the bytes that the 80
// encode, as 4 characters or 6 and padding. A mismatch proves nothing: another encoding is in use too.
CheckResult check_azure_cask(std::string_view secret, std::string_view) {
  constexpr std::size_t kBody = 80;
  if (secret.size() < kBody + 4) return plausible();
  const auto body = decode_base64(secret.substr(0, kBody), Base64::Standard);
  if (!body) return plausible();
  const std::uint32_t sum = marvin32(*body, azure_seed("Default0"));
  const std::string_view given = secret.substr(kBody, secret.substr(kBody).find('='));
  std::string base62 = to_base62(sum, 6);
  base62.erase(0, std::min(base62.find_first_not_of('0'), base62.size()));
  base62.resize(6, '0');  // padded on the right
  const std::array<std::string, 3> forms = {encode_base64(little_endian32(sum), Base64::Standard, false),
                                            encode_base64(big_endian32(sum), Base64::Standard, false), base62};
  const bool valid = std::any_of(forms.begin(), forms.end(),
                                 [&](const std::string& form) { return form.substr(0, given.size()) == given; });
  return valid ? certain("annotated Azure key, checksum valid") : plausible();
}

// Azure DevOps personal access tokens of the old form: 32 bytes in lower-case base32, of which four are the
// CRC32 of the others, folded with a constant for users or applications (microsoft/security-utilities,
// SEC101/102). Which way round the four stand is not confirmed: either is taken, and a mismatch proves nothing.
CheckResult check_azure_devops(std::string_view secret, std::string_view) {
  std::string text(secret);
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const auto raw = decode_base32(text);
  if (!raw || raw->size() != kDevOpsBytes) return plausible();
  std::string body = *raw;
  std::string sum;
  for (const std::size_t at : kDevOpsChecksumBytes) sum.push_back((*raw)[at]);
  for (const std::size_t at : kDevOpsChecksumBytes) body.erase(at, 1);  // from the back
  const std::uint32_t crc = crc32(body);
  for (const std::uint32_t fold : {kDevOpsUserFold, kDevOpsApplicationFold}) {
    const std::string wanted = big_endian32(crc ^ fold);
    if (sum == wanted || std::equal(sum.begin(), sum.end(), wanted.rbegin())) {
      CheckResult result = certain("checksum valid");
      result.severity = Severity::Error;
      return result;
    }
  }
  return plausible();
}

}  // namespace tightship::detect
