#pragma once

// A TLS handshake's first two messages, by hand: what a system's OpenSSL was built without (SSLv3, RC4, 3DES,
// export ciphers) can only be asked for this way. Nothing is encrypted and no handshake is ever completed.
// RFC 5246 section 7.4.1, RFC 6101.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace tightship::net {

inline constexpr std::uint16_t kSsl3 = 0x0300, kTls12 = 0x0303;

struct ClientHello {
  std::uint16_t version = kTls12;  // with SSLv3 no extensions are sent
  std::vector<std::uint16_t> ciphers;
  std::string server_name;  // empty, or an IP address: none is sent
};

// One record. The random part is fixed: nothing depends on it.
std::string client_hello_bytes(const ClientHello& hello);

enum class HelloReply : std::uint8_t { NeedMore, Accepted, Alert, NotTls };

struct HelloAnswer {
  HelloReply reply = HelloReply::NeedMore;
  std::uint16_t version = 0, cipher = 0;  // of Accepted
  std::uint8_t alert = 0;                 // of Alert
};

// What the server has said so far. Reads at most kMaxHelloAnswer bytes: longer than that without a ServerHello is
// NotTls. Linear; never reads outside `received`.
inline constexpr std::size_t kMaxHelloAnswer = 16 * 1024;
HelloAnswer read_hello_answer(Bytes received);

// "handshake failure", "protocol version", "alert 99".
std::string alert_words(unsigned alert);

// What is wrong with ciphers that nobody should accept any more.
enum class WeakCipher : std::uint8_t { Rc4, TripleDes, Des, Export, NoEncryption, NoAuthentication };
std::string_view weak_cipher_words(WeakCipher weak);  // "RC4", "3DES", "no encryption (NULL)"

struct WeakSuite {
  std::uint16_t id;
  WeakCipher weak;
};
// All suites that are asked for, by group: RC4; 3DES; the rest.
const std::vector<std::vector<WeakSuite>>& weak_suites();

}  // namespace tightship::net
