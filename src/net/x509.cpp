#include "net/x509.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "net/openssl_library.h"

namespace tightship::net {
namespace {

constexpr std::size_t kMaxNames = 500;

const OpenSsl& ssl() { return *openssl(); }

OwnedX509 parse(Bytes der) {
  const unsigned char* at = der.data();
  OwnedX509 certificate(ssl().d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ssl().ERR_clear_error();
  return certificate;
}

std::string name_part(const X509_NAME* name, int nid) {
  const int at = ssl().X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int length =
      ssl().ASN1_STRING_to_UTF8(&text, ssl().X509_NAME_ENTRY_get_data(ssl().X509_NAME_get_entry(name, at)));
  if (length < 0 || text == nullptr) return {};
  std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
  ssl().CRYPTO_free(text, __FILE__, __LINE__);
  return out;
}

std::string display_name(const X509_NAME* name) {
  std::string text = name_part(name, NID_commonName);
  return text.empty() ? name_part(name, NID_organizationName) : text;
}

std::int64_t seconds(const ASN1_TIME* time) {
  std::tm tm{};
  return time != nullptr && ssl().ASN1_TIME_to_tm(time, &tm) == 1 ? static_cast<std::int64_t>(timegm(&tm)) : 0;
}

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ssl().ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ssl().ASN1_STRING_length(string))};
}

std::string address_text(const std::string& raw) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = raw.size() == 4 ? AF_INET : AF_INET6;
  if (raw.size() != 4 && raw.size() != 16) return {};
  return ::inet_ntop(family, raw.data(), text.data(), text.size()) == nullptr ? "" : text.data();
}

void read_names(const X509* x, Certificate& out) {
  const Owned<GENERAL_NAMES, &OpenSsl::GENERAL_NAMES_free> all(
      static_cast<GENERAL_NAMES*>(ssl().X509_get_ext_d2i(x, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < stack_size(all.get()) && out.names.size() < kMaxNames; ++i) {
    const auto* name = stack_item<GENERAL_NAME>(all.get(), i);
    if (name->type == GEN_DNS) out.names.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) out.addresses.push_back(address_text(text_of(name->d.iPAddress)));
  }
}

void read_access(const X509* x, Certificate& out) {
  const Owned<AUTHORITY_INFO_ACCESS, &OpenSsl::AUTHORITY_INFO_ACCESS_free> all(
      static_cast<AUTHORITY_INFO_ACCESS*>(ssl().X509_get_ext_d2i(x, NID_info_access, nullptr, nullptr)));
  for (int i = 0; i < stack_size(all.get()); ++i) {
    const int method = ssl().OBJ_obj2nid(stack_item<ACCESS_DESCRIPTION>(all.get(), i)->method);
    if (method == NID_ad_ca_issuers) out.names_issuer_url = true;
    if (method == NID_ad_OCSP) out.names_ocsp_url = true;
  }
}

// The extension's value: SEQUENCE OF INTEGER with 5, status_request.
bool must_staple(const X509* x) {
  const int at = ssl().X509_get_ext_by_NID(x, NID_tlsfeature, -1);
  if (at < 0) return false;
  const std::string value = text_of(ssl().X509_EXTENSION_get_data(ssl().X509_get_ext(x, at)));
  return value.find(std::string("\x02\x01\x05", 3)) != std::string::npos;
}

void read_key(const X509* x, Certificate& out) {
  EVP_PKEY* key = ssl().X509_get0_pubkey(x);
  if (key == nullptr) return;
  out.key_bits = static_cast<std::uint32_t>(std::max(0, ssl().EVP_PKEY_get_bits(key)));
  switch (ssl().EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS: out.key_kind = KeyKind::Rsa; break;
    case EVP_PKEY_EC: out.key_kind = KeyKind::Ec; break;
    case EVP_PKEY_ED25519:
    case EVP_PKEY_ED448: out.key_kind = KeyKind::Ed; break;
    case EVP_PKEY_DSA: out.key_kind = KeyKind::Dsa; break;
    default: break;
  }
  std::array<char, 64> group{};
  std::size_t length = 0;
  const char* kind = ssl().OBJ_nid2sn(ssl().EVP_PKEY_get_base_id(key));
  if (out.key_kind == KeyKind::Rsa)
    out.key = fmt::format("RSA {}", out.key_bits);
  else if (out.key_kind == KeyKind::Ec && ssl().EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1)
    out.key = fmt::format("EC {}", group.data());
  else
    out.key = fmt::format("{} {}", kind == nullptr ? "unknown" : kind, out.key_bits);
}

void read_signature(X509* x, Certificate& out) {
  int digest = NID_undef;
  ssl().X509_get_signature_info(x, &digest, nullptr, nullptr, nullptr);
  if (digest != NID_undef) out.signature_digest = ssl().OBJ_nid2sn(digest);
}

std::string sha256(const X509* x) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned length = 0;
  if (ssl().X509_digest(x, ssl().EVP_sha256(), hash.data(), &length) != 1) return {};
  std::string text;
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", hash[i]);
  return text;
}

Certificate facts_of(X509* x) {
  Certificate out;
  out.subject = display_name(ssl().X509_get_subject_name(x));
  out.issuer = display_name(ssl().X509_get_issuer_name(x));
  out.issuer_organization = name_part(ssl().X509_get_issuer_name(x), NID_organizationName);
  out.not_before = seconds(ssl().X509_get0_notBefore(x));
  out.not_after = seconds(ssl().X509_get0_notAfter(x));
  out.self_signed = ssl().X509_self_signed(x, 1) == 1;
  out.is_authority = ssl().X509_check_ca(x) == 1;
  out.must_staple = must_staple(x);
  out.sha256 = sha256(x);
  read_names(x, out);
  read_access(x, out);
  read_key(x, out);
  read_signature(x, out);
  ssl().ERR_clear_error();
  return out;
}

ChainFault fault_of(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return ChainFault::Expired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return ChainFault::NotYetValid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return ChainFault::SelfSigned;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return ChainFault::Untrusted;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return ChainFault::NoIssuer;
    default: return ChainFault::Invalid;
  }
}

// The verify callback has no argument of its own: index 0 of a store context is the SSL object, which is not used here.
constexpr int kVerdictIndex = 0;

// Goes on after every error, so that all are seen.
int on_error(int ok, X509_STORE_CTX* context) noexcept {
  if (ok == 1) return 1;
  auto& verdict = *static_cast<ChainVerdict*>(ssl().X509_STORE_CTX_get_ex_data(context, kVerdictIndex));
  const int error = ssl().X509_STORE_CTX_get_error(context);
  ChainError entry{
      fault_of(error), ssl().X509_STORE_CTX_get_error_depth(context), {}, ssl().X509_verify_cert_error_string(error)};
  if (const X509* at = ssl().X509_STORE_CTX_get_current_cert(context)) {
    entry.subject = display_name(ssl().X509_get_subject_name(at));
  }
  for (const ChainError& known : verdict.errors) {
    if (known.fault == entry.fault && known.depth == entry.depth) return 1;  // 20 and 21 say the same thing
  }
  verdict.errors.push_back(std::move(entry));
  return 1;
}

// What was sent, parsed; the certificates are kept by `owners`.
struct Sent {
  explicit Sent(const std::vector<std::string>& ders) : stack(ssl().OPENSSL_sk_new_null()) {
    for (const std::string& der : ders) {
      OwnedX509 one = parse(as_bytes(der));
      if (one == nullptr) continue;
      ssl().OPENSSL_sk_push(stack, one.get());
      owners.push_back(std::move(one));
    }
  }
  ~Sent() { ssl().OPENSSL_sk_free(stack); }
  Sent(const Sent&) = delete;
  Sent& operator=(const Sent&) = delete;
  STACK_OF(X509) * as_chain() const { return reinterpret_cast<STACK_OF(X509)*>(stack); }

  OPENSSL_STACK* stack;
  std::vector<OwnedX509> owners;
};

void judge_order(const Sent& sent, ChainVerdict& verdict) {
  for (std::size_t i = 0; i < sent.owners.size(); ++i) {
    X509* one = sent.owners[i].get();
    if (i > 0 && ssl().X509_self_signed(one, 0) == 1) verdict.root_sent = true;
    for (std::size_t k = 0; k < i; ++k) {
      if (ssl().X509_cmp(one, sent.owners[k].get()) == 0) verdict.duplicate_sent = true;
    }
    if (i > 0 && ssl().X509_NAME_cmp(ssl().X509_get_issuer_name(sent.owners[i - 1].get()),
                                     ssl().X509_get_subject_name(one)) != 0) {
      verdict.order_wrong = true;
    }
  }
}

// Without one every certificate in the world would look untrusted.
bool has_system_authorities() {
  if (std::getenv("SSL_CERT_FILE") != nullptr || std::getenv("SSL_CERT_DIR") != nullptr) return true;
  std::error_code error;
  return std::filesystem::exists(ssl().X509_get_default_cert_file(), error) ||
         std::filesystem::directory_iterator(ssl().X509_get_default_cert_dir(), error) !=
             std::filesystem::directory_iterator();
}

}  // namespace

struct TrustStore::State {
  Owned<X509_STORE, &OpenSsl::X509_STORE_free> store;
};

TrustStore::TrustStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
TrustStore::TrustStore(TrustStore&&) noexcept = default;
TrustStore::~TrustStore() = default;

Result<TrustStore> TrustStore::open(const std::string& ca_file) {
  if (openssl() == nullptr) {
    return fail(ErrorKind::Unsupported, "OpenSSL 3 cannot be loaded", {}, "apt-get install libssl3");
  }
  auto state = std::make_unique<State>();
  state->store.reset(ssl().X509_STORE_new());
  if (ca_file.empty() && !has_system_authorities()) {
    return fail(ErrorKind::NotFound, "this machine has no list of authorities", ssl().X509_get_default_cert_dir(),
                "apt-get install ca-certificates, or give --ca FILE");
  }
  if (ca_file.empty()) {
    ssl().X509_STORE_set_default_paths(state->store.get());
  } else if (ssl().X509_STORE_load_file(state->store.get(), ca_file.c_str()) != 1) {
    ssl().ERR_clear_error();
    return fail(ErrorKind::Corrupt, "no certificate of an authority can be read from this file", ca_file,
                "a PEM file with one or more CERTIFICATE blocks");
  }
  return TrustStore(std::move(state));
}

ChainVerdict TrustStore::verify(const std::vector<std::string>& ders, std::int64_t now) const {
  ChainVerdict verdict;
  const Sent sent(ders);
  const Owned<X509_STORE_CTX, &OpenSsl::X509_STORE_CTX_free> context(ssl().X509_STORE_CTX_new());
  if (sent.owners.empty() || context == nullptr ||
      ssl().X509_STORE_CTX_init(context.get(), state_->store.get(), sent.owners[0].get(), sent.as_chain()) != 1) {
    return verdict;
  }
  ssl().X509_STORE_CTX_set_ex_data(context.get(), kVerdictIndex, &verdict);
  ssl().X509_STORE_CTX_set_verify_cb(context.get(), &on_error);
  X509_VERIFY_PARAM* param = ssl().X509_STORE_CTX_get0_param(context.get());
  ssl().X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(now));
  ssl().X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
  ssl().X509_verify_cert(context.get());
  const STACK_OF(X509)* chain = ssl().X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < stack_size(chain); ++i) verdict.built.push_back(facts_of(stack_item<X509>(chain, i)));
  judge_order(sent, verdict);
  ssl().ERR_clear_error();
  return verdict;
}

Staple TrustStore::judge_staple(const std::vector<std::string>& ders, std::string_view response) const {
  if (response.empty()) return Staple::None;
  const auto* at = reinterpret_cast<const unsigned char*>(response.data());
  const Owned<OCSP_RESPONSE, &OpenSsl::OCSP_RESPONSE_free> parsed(
      ssl().d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(response.size())));
  if (parsed == nullptr || ssl().OCSP_response_status(parsed.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return Staple::Unusable;
  }
  const Owned<OCSP_BASICRESP, &OpenSsl::OCSP_BASICRESP_free> basic(ssl().OCSP_response_get1_basic(parsed.get()));
  const Sent sent(ders);
  if (basic == nullptr || ssl().OCSP_resp_count(basic.get()) < 1 ||
      ssl().OCSP_basic_verify(basic.get(), sent.as_chain(), state_->store.get(), 0) != 1) {
    ssl().ERR_clear_error();
    return Staple::Unusable;
  }
  const int status =
      ssl().OCSP_single_get0_status(ssl().OCSP_resp_get0(basic.get(), 0), nullptr, nullptr, nullptr, nullptr);
  return status == V_OCSP_CERTSTATUS_GOOD      ? Staple::Good
         : status == V_OCSP_CERTSTATUS_REVOKED ? Staple::Revoked
                                               : Staple::Unusable;
}

Result<Certificate> read_certificate(Bytes der) {
  if (openssl() == nullptr) return fail(ErrorKind::Unsupported, "OpenSSL 3 cannot be loaded");
  const OwnedX509 certificate = parse(der);
  if (certificate == nullptr) return fail(ErrorKind::Corrupt, "this is no certificate");
  return facts_of(certificate.get());
}

NameMatch match_name(Bytes leaf_der, const std::string& host) {
  const OwnedX509 leaf = parse(leaf_der);
  if (leaf == nullptr) return NameMatch::No;
  std::array<unsigned char, 16> scratch{};
  if (::inet_pton(AF_INET, host.c_str(), scratch.data()) == 1 ||
      ::inet_pton(AF_INET6, host.c_str(), scratch.data()) == 1) {
    return ssl().X509_check_ip_asc(leaf.get(), host.c_str(), 0) == 1 ? NameMatch::Yes : NameMatch::No;
  }
  if (ssl().X509_check_host(leaf.get(), host.data(), host.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1) {
    return NameMatch::Yes;
  }
  const bool by_name = ssl().X509_check_host(leaf.get(), host.data(), host.size(), 0, nullptr) == 1;
  return by_name ? NameMatch::CommonNameOnly : NameMatch::No;
}

}  // namespace tightship::net
