#pragma once

// OpenSSL 3, loaded with dlopen when the first probe is made (docs/decisions/0011-openssl-on-demand.md). Included by
// .cpp files of this module only. The libraries are never unloaded.

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace tightship::net {

// The members have the names of OpenSSL's functions; its macros and inline functions are not usable.
// clang-format off
#define TIGHTSHIP_SSL_FUNCTIONS(X) \
  X(TLS_client_method) X(SSL_CTX_new) X(SSL_CTX_free) X(SSL_CTX_set_cipher_list) X(SSL_CTX_set_security_level) \
  X(SSL_CTX_set_options) X(SSL_CTX_set_cert_verify_callback) X(SSL_CTX_ctrl) X(SSL_new) X(SSL_free) X(SSL_set_bio) X(SSL_set_connect_state) \
  X(SSL_do_handshake) X(SSL_get_error) X(SSL_ctrl) X(SSL_set_alpn_protos) X(SSL_get0_alpn_selected) \
  X(SSL_get_version) X(SSL_get_current_cipher) X(SSL_CIPHER_get_name) X(SSL_CIPHER_get_kx_nid) \
  X(SSL_get_peer_cert_chain)

#define TIGHTSHIP_CRYPTO_FUNCTIONS(X) \
  X(BIO_new) X(BIO_s_mem) X(BIO_read) X(BIO_write) X(BIO_ctrl) X(BIO_free) X(ERR_clear_error) X(ERR_peek_error) \
  X(ERR_reason_error_string) X(OPENSSL_sk_num) X(OPENSSL_sk_value) X(OPENSSL_sk_new_null) X(OPENSSL_sk_push) \
  X(OPENSSL_sk_free) X(CRYPTO_free) X(d2i_X509) X(i2d_X509) X(X509_free) X(X509_verify_cert) \
  X(X509_verify_cert_error_string) X(X509_STORE_new) X(X509_STORE_free) X(X509_STORE_set_default_paths) \
  X(X509_STORE_load_file) X(X509_get_default_cert_dir) X(X509_get_default_cert_file) X(X509_STORE_CTX_new) \
  X(X509_STORE_CTX_free) X(X509_STORE_CTX_init) X(X509_STORE_CTX_set_verify_cb) X(X509_STORE_CTX_get_error) \
  X(X509_STORE_CTX_get_error_depth) X(X509_STORE_CTX_get0_chain) X(X509_STORE_CTX_get0_param) \
  X(X509_STORE_CTX_get_ex_data) X(X509_STORE_CTX_set_ex_data) X(X509_STORE_CTX_get_current_cert) \
  X(X509_VERIFY_PARAM_set_time) X(X509_VERIFY_PARAM_set_purpose) X(X509_check_host) X(X509_check_ip_asc) \
  X(X509_get0_notBefore) X(X509_get0_notAfter) X(ASN1_TIME_to_tm) X(X509_get_subject_name) X(X509_get_issuer_name) \
  X(X509_NAME_get_index_by_NID) X(X509_NAME_get_entry) X(X509_NAME_ENTRY_get_data) X(ASN1_STRING_to_UTF8) \
  X(ASN1_STRING_get0_data) X(ASN1_STRING_length) X(X509_get_ext_d2i) X(GENERAL_NAMES_free) \
  X(AUTHORITY_INFO_ACCESS_free) X(X509_get_ext_by_NID) X(X509_get_ext) X(X509_EXTENSION_get_data) \
  X(X509_get0_pubkey) X(EVP_PKEY_get_bits) X(EVP_PKEY_get_base_id) X(EVP_PKEY_get_group_name) \
  X(X509_get_signature_info) X(X509_get_signature_nid) X(OBJ_nid2sn) X(OBJ_nid2ln) X(OBJ_obj2nid) \
  X(X509_self_signed) X(X509_check_ca) X(X509_NAME_cmp) X(X509_cmp) X(X509_get_serialNumber) X(X509_digest) \
  X(EVP_sha256) X(d2i_OCSP_RESPONSE) X(OCSP_RESPONSE_free) X(OCSP_response_status) X(OCSP_response_get1_basic) \
  X(OCSP_BASICRESP_free) X(OCSP_CERTID_free) X(OCSP_cert_to_id) X(OCSP_resp_find_status) X(EVP_sha1) \
  X(X509_check_issued) X(X509_up_ref) X(X509_STORE_CTX_get1_issuer) X(X509_STORE_get0_param) X(OCSP_basic_verify)
// clang-format on

struct OpenSsl {
#define TIGHTSHIP_DECLARE(name) decltype(&::name) name = nullptr;
  TIGHTSHIP_SSL_FUNCTIONS(TIGHTSHIP_DECLARE)
  TIGHTSHIP_CRYPTO_FUNCTIONS(TIGHTSHIP_DECLARE)
#undef TIGHTSHIP_DECLARE
};

// The one table of the process, or null when OpenSSL 3 cannot be loaded. Thread-safe.
const OpenSsl* openssl();

// unique_ptr of an OpenSSL object: Owned<X509, &OpenSsl::X509_free>.
template <class Type, auto Free>
struct OpenSslDelete {
  void operator()(Type* object) const { (openssl()->*Free)(object); }
};
template <class Type, auto Free>
using Owned = std::unique_ptr<Type, OpenSslDelete<Type, Free>>;

using OwnedX509 = Owned<X509, &OpenSsl::X509_free>;

// Number and items of any STACK_OF; 0 for null.
template <class Stack>
int stack_size(const Stack* stack) {
  return stack == nullptr ? 0 : openssl()->OPENSSL_sk_num(reinterpret_cast<const OPENSSL_STACK*>(stack));
}
template <class Item, class Stack>
Item* stack_item(const Stack* stack, int at) {
  return static_cast<Item*>(openssl()->OPENSSL_sk_value(reinterpret_cast<const OPENSSL_STACK*>(stack), at));
}

}  // namespace tightship::net
