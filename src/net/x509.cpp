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
constexpr std::int64_t kClockSkew = 300;  // seconds by which a responder may be ahead

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

}  // namespace

struct SentChain::State {
  explicit State(const std::vector<std::string>& ders) : stack(ssl().OPENSSL_sk_new_null()) {
    for (const std::string& der : ders) {
      OwnedX509 one = parse(as_bytes(der));
      if (one == nullptr) continue;
      ssl().OPENSSL_sk_push(stack, one.get());
      facts.push_back(net::facts_of(one.get()));
      owners.push_back(std::move(one));
    }
  }
  ~State() { ssl().OPENSSL_sk_free(stack); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  STACK_OF(X509) * as_chain() const { return reinterpret_cast<STACK_OF(X509)*>(stack); }
  // Null for a certificate that was not sent: one of the store.
  const Certificate* facts_of(const X509* one) const {
    for (std::size_t i = 0; i < owners.size(); ++i) {
      if (owners[i].get() == one) return &facts[i];
    }
    return nullptr;
  }

  OPENSSL_STACK* stack;
  std::vector<OwnedX509> owners;
  std::vector<Certificate> facts;
};

namespace {

void judge_order(const SentChain::State& sent, ChainVerdict& verdict) {
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

// The certificate that issued the leaf: of those that were sent, or of the store.
OwnedX509 issuer_of_leaf(const SentChain::State& sent, X509_STORE* store) {
  X509* leaf = sent.owners.front().get();
  for (const OwnedX509& one : sent.owners) {
    if (one != sent.owners.front() && ssl().X509_check_issued(one.get(), leaf) == X509_V_OK)
      return ssl().X509_up_ref(one.get()) == 1 ? OwnedX509(one.get()) : OwnedX509();
  }
  const Owned<X509_STORE_CTX, &OpenSsl::X509_STORE_CTX_free> context(ssl().X509_STORE_CTX_new());
  X509* found = nullptr;
  if (context != nullptr && ssl().X509_STORE_CTX_init(context.get(), store, leaf, nullptr) == 1)
    ssl().X509_STORE_CTX_get1_issuer(&found, context.get(), leaf);
  ssl().ERR_clear_error();
  return OwnedX509(found);
}

// What a response says of the leaf. Responders hash the names in it with SHA-1, a few with SHA-256.
Staple status_of(OCSP_BASICRESP* basic, const SentChain::State& sent, X509_STORE* store, std::int64_t now) {
  const OwnedX509 issuer = sent.owners.empty() ? nullptr : issuer_of_leaf(sent, store);
  if (issuer == nullptr) return Staple::Unusable;
  for (const EVP_MD* hash : {ssl().EVP_sha1(), ssl().EVP_sha256()}) {
    const Owned<OCSP_CERTID, &OpenSsl::OCSP_CERTID_free> id(
        ssl().OCSP_cert_to_id(hash, sent.owners.front().get(), issuer.get()));
    int status = V_OCSP_CERTSTATUS_UNKNOWN;
    ASN1_GENERALIZEDTIME *from = nullptr, *until = nullptr;
    if (ssl().OCSP_resp_find_status(basic, id.get(), &status, nullptr, nullptr, &from, &until) != 1) continue;
    if (status == V_OCSP_CERTSTATUS_REVOKED) return Staple::Revoked;
    if (until != nullptr && seconds(until) < now) return Staple::Expired;
    return status == V_OCSP_CERTSTATUS_GOOD && seconds(from) <= now + kClockSkew ? Staple::Good : Staple::Unusable;
  }
  return Staple::Unusable;
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

SentChain::SentChain(const std::vector<std::string>& ders) : state_(std::make_unique<State>(ders)) {}
SentChain::SentChain(SentChain&&) noexcept = default;
SentChain::~SentChain() = default;

const std::vector<Certificate>& SentChain::facts() const { return state_->facts; }

NameMatch SentChain::match(const std::string& host) const {
  if (state_->owners.empty()) return NameMatch::No;
  X509* leaf = state_->owners.front().get();
  std::array<unsigned char, 16> scratch{};
  if (::inet_pton(AF_INET, host.c_str(), scratch.data()) == 1 ||
      ::inet_pton(AF_INET6, host.c_str(), scratch.data()) == 1) {
    return ssl().X509_check_ip_asc(leaf, host.c_str(), 0) == 1 ? NameMatch::Yes : NameMatch::No;
  }
  if (ssl().X509_check_host(leaf, host.data(), host.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1) {
    return NameMatch::Yes;
  }
  const bool by_name = ssl().X509_check_host(leaf, host.data(), host.size(), 0, nullptr) == 1;
  return by_name ? NameMatch::CommonNameOnly : NameMatch::No;
}

struct TrustStore::State {
  Owned<X509_STORE, &OpenSsl::X509_STORE_free> store;
  std::int64_t now = 0;
};

TrustStore::TrustStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
TrustStore::TrustStore(TrustStore&&) noexcept = default;
TrustStore::~TrustStore() = default;

Result<TrustStore> TrustStore::open(const std::string& ca_file, std::int64_t now) {
  if (openssl() == nullptr) {
    return fail(ErrorKind::Unsupported, "OpenSSL 3 cannot be loaded", {}, "apt-get install libssl3");
  }
  auto state = std::make_unique<State>();
  state->now = now;
  state->store.reset(ssl().X509_STORE_new());
  ssl().X509_VERIFY_PARAM_set_time(ssl().X509_STORE_get0_param(state->store.get()), static_cast<time_t>(now));
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

ChainVerdict TrustStore::verify(const SentChain& chain_sent) const {
  ChainVerdict verdict;
  const SentChain::State& sent = chain_sent.state();
  const Owned<X509_STORE_CTX, &OpenSsl::X509_STORE_CTX_free> context(ssl().X509_STORE_CTX_new());
  if (sent.owners.empty() || context == nullptr ||
      ssl().X509_STORE_CTX_init(context.get(), state_->store.get(), sent.owners[0].get(), sent.as_chain()) != 1) {
    return verdict;
  }
  ssl().X509_STORE_CTX_set_ex_data(context.get(), kVerdictIndex, &verdict);
  ssl().X509_STORE_CTX_set_verify_cb(context.get(), &on_error);
  ssl().X509_VERIFY_PARAM_set_purpose(ssl().X509_STORE_CTX_get0_param(context.get()), X509_PURPOSE_SSL_SERVER);
  ssl().X509_verify_cert(context.get());
  const STACK_OF(X509)* chain = ssl().X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < stack_size(chain); ++i) {
    X509* one = stack_item<X509>(chain, i);
    const Certificate* known = sent.facts_of(one);
    verdict.built.push_back(known != nullptr ? *known : facts_of(one));
  }
  judge_order(sent, verdict);
  ssl().ERR_clear_error();
  return verdict;
}

Staple TrustStore::judge_staple(const SentChain& chain, std::string_view response) const {
  if (response.empty()) return Staple::None;
  const auto* at = reinterpret_cast<const unsigned char*>(response.data());
  const Owned<OCSP_RESPONSE, &OpenSsl::OCSP_RESPONSE_free> parsed(
      ssl().d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(response.size())));
  const bool answered =
      parsed != nullptr && ssl().OCSP_response_status(parsed.get()) == OCSP_RESPONSE_STATUS_SUCCESSFUL;
  const Owned<OCSP_BASICRESP, &OpenSsl::OCSP_BASICRESP_free> basic(
      answered ? ssl().OCSP_response_get1_basic(parsed.get()) : nullptr);
  const SentChain::State& sent = chain.state();
  const bool is_signed =
      basic != nullptr && ssl().OCSP_basic_verify(basic.get(), sent.as_chain(), state_->store.get(), 0) == 1;
  ssl().ERR_clear_error();
  return is_signed ? status_of(basic.get(), sent, state_->store.get(), state_->now) : Staple::Unusable;
}

Result<Certificate> read_certificate(Bytes der) {
  if (openssl() == nullptr) return fail(ErrorKind::Unsupported, "OpenSSL 3 cannot be loaded");
  const OwnedX509 certificate = parse(der);
  if (certificate == nullptr) return fail(ErrorKind::Corrupt, "this is no certificate");
  return facts_of(certificate.get());
}

}  // namespace tightship::net
