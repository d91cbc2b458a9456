#include "support/certificates.h"

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>

namespace tightship::testing {
namespace {

template <class Type, auto Free>
struct Deleter {
  void operator()(Type* object) const { Free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Deleter<X509, X509_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO, BIO_free>>;

void need(bool ok) {
  if (!ok) std::abort();
}

Key make_key(const std::string& kind) {
  if (kind.starts_with("RSA:")) return Key(EVP_RSA_gen(static_cast<unsigned>(std::atoi(kind.c_str() + 4))));
  return Key(EVP_EC_gen(kind.c_str()));
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

Key parse_key(const std::string& pem) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
}

Cert parse_certificate(const std::string& pem) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Cert(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

void add_extension(X509* certificate, X509* issuer, const std::string& name, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf(nullptr, &context, name.c_str(), value.c_str());
  need(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

void add_extensions(const CertificateSpec& spec, X509* certificate, X509* issuer) {
  add_extension(certificate, issuer, "subjectKeyIdentifier", "hash");
  add_extension(certificate, issuer, "basicConstraints", spec.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  std::string names;
  for (const std::string& name : spec.names) names += (names.empty() ? "" : ",") + name;
  if (!names.empty()) add_extension(certificate, issuer, "subjectAltName", names);
  for (const auto& [name, value] : spec.extensions) add_extension(certificate, issuer, name, value);
}

void set_name(X509_NAME* name, const std::string& common) {
  need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common.c_str()), -1,
                                  -1, 0) == 1);
}

}  // namespace

Identity make_certificate(const CertificateSpec& spec, const Identity* issuer) {
  static long serial = 1000;
  const Key key = make_key(spec.key);
  const Cert certificate(X509_new());
  need(key != nullptr && certificate != nullptr);
  const Cert signer = issuer == nullptr ? Cert() : parse_certificate(issuer->certificate_pem);
  const Key signing = issuer == nullptr ? Key() : parse_key(issuer->key_pem);
  X509* above = signer == nullptr ? certificate.get() : signer.get();
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  set_name(X509_get_subject_name(certificate.get()), spec.subject);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(above));
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), spec.not_before);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), spec.not_after);
  X509_set_pubkey(certificate.get(), key.get());
  add_extensions(spec, certificate.get(), above);
  const EVP_MD* digest = spec.digest.empty() ? nullptr : EVP_get_digestbyname(spec.digest.c_str());
  need(X509_sign(certificate.get(), signing == nullptr ? key.get() : signing.get(), digest) > 0);
  const Memory as_pem(BIO_new(BIO_s_mem())), key_pem(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_X509(as_pem.get(), certificate.get()) == 1);
  need(PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return {text_of(as_pem.get()), text_of(key_pem.get())};
}

std::string make_staple(const StapleSpec& spec, const Identity& leaf, const Identity& issuer, const Identity& signer) {
  using Time = std::unique_ptr<ASN1_TIME, Deleter<ASN1_TIME, ASN1_TIME_free>>;
  const Cert subject = parse_certificate(leaf.certificate_pem), above = parse_certificate(issuer.certificate_pem),
             signing = parse_certificate(signer.certificate_pem);
  const Key key = parse_key(signer.key_pem);
  const Time from(ASN1_GENERALIZEDTIME_set(nullptr, spec.from)), until(ASN1_GENERALIZEDTIME_set(nullptr, spec.until));
  const std::unique_ptr<OCSP_BASICRESP, Deleter<OCSP_BASICRESP, OCSP_BASICRESP_free>> basic(OCSP_BASICRESP_new());
  const std::unique_ptr<OCSP_CERTID, Deleter<OCSP_CERTID, OCSP_CERTID_free>> id(
      OCSP_cert_to_id(EVP_sha1(), subject.get(), above.get()));
  need(OCSP_basic_add1_status(basic.get(), id.get(), spec.revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD,
                              0, spec.revoked ? from.get() : nullptr, from.get(), until.get()) != nullptr);
  need(OCSP_basic_sign(basic.get(), signing.get(), key.get(), EVP_sha256(), nullptr, 0) == 1);
  const std::unique_ptr<OCSP_RESPONSE, Deleter<OCSP_RESPONSE, OCSP_RESPONSE_free>> response(
      OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_RESPONSE(response.get(), &der);
  need(size > 0);
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

Identity make_authority(const std::string& name, const Identity* issuer) {
  CertificateSpec spec;
  spec.subject = name;
  spec.names.clear();
  spec.not_before = kNow - 1000 * kDay;
  spec.not_after = kNow + 1000 * kDay;
  spec.authority = true;
  return make_certificate(spec, issuer);
}

}  // namespace tightship::testing
