#include "net/tls_hello.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>

namespace tightship::net {
namespace {

constexpr std::uint8_t kAlertRecord = 21, kHandshakeRecord = 22, kServerHello = 2;
constexpr std::size_t kRecordHeader = 5, kHandshakeHeader = 4, kRandom = 32;

void put16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}

// `body` behind its length in two bytes.
std::string counted16(const std::string& body) {
  std::string out;
  put16(out, body.size());
  return out + body;
}

void put_extension(std::string& out, unsigned type, const std::string& body) {
  put16(out, type);
  out += counted16(body);
}

std::string numbers(std::initializer_list<unsigned> values) {
  std::string out;
  for (const unsigned value : values) put16(out, value);
  return out;
}

bool is_address(const std::string& name) {
  std::array<unsigned char, 16> scratch{};
  return ::inet_pton(AF_INET, name.c_str(), scratch.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), scratch.data()) == 1;
}

std::string extensions(const ClientHello& hello) {
  std::string out;
  if (!hello.server_name.empty() && !is_address(hello.server_name)) {
    put_extension(out, 0, counted16(std::string(1, '\0') + counted16(hello.server_name)));
  }
  put_extension(out, 10, counted16(numbers({0x001d, 0x0017, 0x0018, 0x0019, 0x0100})));
  put_extension(out, 11, std::string("\x01\x00", 2));
  put_extension(out, 13,
                counted16(numbers({0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203,
                                   0x0201, 0x0402, 0x0202})));
  return out;
}

std::uint16_t read16(Bytes bytes, std::size_t at) { return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]); }

HelloAnswer read_server_hello(Bytes message) {
  // type, length (3), version (2), random (32), session id length, session id, cipher (2)
  constexpr std::size_t kSessionLength = kHandshakeHeader + 2 + kRandom;
  if (!message.empty() && message[0] != kServerHello) return {HelloReply::NotTls, 0, 0, 0};
  if (message.size() <= kSessionLength) return {};
  const std::size_t session = message[kSessionLength];
  if (session > 32) return {HelloReply::NotTls, 0, 0, 0};
  const std::size_t cipher = kSessionLength + 1 + session;
  if (message.size() < cipher + 2) return {};
  return {HelloReply::Accepted, read16(message, kHandshakeHeader), read16(message, cipher), 0};
}

}  // namespace

std::string client_hello_bytes(const ClientHello& hello) {
  std::string body;
  put16(body, hello.version);
  body.append(kRandom, '\x2a');
  body += '\0';  // no session
  std::string ciphers;
  for (const std::uint16_t cipher : hello.ciphers) put16(ciphers, cipher);
  put16(ciphers, 0x00ff);  // renegotiation info, as a cipher
  body += counted16(ciphers);
  body += std::string("\x01\x00", 2);  // no compression
  if (hello.version != kSsl3) body += counted16(extensions(hello));
  std::string message(1, '\x01');
  message += '\0';
  message += counted16(body);
  std::string record(1, static_cast<char>(kHandshakeRecord));
  put16(record, hello.version == kSsl3 ? kSsl3 : 0x0301);
  return record + counted16(message);
}

HelloAnswer read_hello_answer(Bytes received) {
  if (received.size() > kMaxHelloAnswer) return {HelloReply::NotTls, 0, 0, 0};
  std::vector<std::uint8_t> message;  // a ServerHello may come in several records
  std::size_t at = 0;
  while (received.size() - at >= kRecordHeader) {
    const std::uint8_t type = received[at];
    const std::size_t length = read16(received, at + 3);
    if (received[at + 1] != 3 || (type != kAlertRecord && type != kHandshakeRecord) || length == 0) {
      return {HelloReply::NotTls, 0, 0, 0};
    }
    const std::size_t here = std::min(length, received.size() - at - kRecordHeader);
    const Bytes content = received.subspan(at + kRecordHeader, here);
    if (type == kAlertRecord) {
      if (here < 2) return {};
      constexpr std::uint8_t kWarning = 1;
      if (content[0] != kWarning) return {HelloReply::Alert, 0, 0, content[1]};
    } else {
      message.insert(message.end(), content.begin(), content.end());
      const HelloAnswer answer = read_server_hello(message);
      if (answer.reply != HelloReply::NeedMore) return answer;
    }
    if (here < length) return {};
    at += kRecordHeader + length;
  }
  const bool plausible = at == received.size() || received[at] == kAlertRecord || received[at] == kHandshakeRecord;
  return {plausible ? HelloReply::NeedMore : HelloReply::NotTls, 0, 0, 0};
}

std::string alert_words(unsigned alert) {
  switch (alert) {
    case 0: return "close notify";
    case 40: return "handshake failure";
    case 47: return "illegal parameter";
    case 70: return "protocol version";
    case 71: return "insufficient security";
    case 80: return "internal error";
    case 86: return "inappropriate fallback";
    case 112: return "unrecognized name";
    default: return fmt::format("alert {}", alert);
  }
}

std::string_view weak_cipher_words(WeakCipher weak) {
  switch (weak) {
    case WeakCipher::Rc4: return "RC4";
    case WeakCipher::TripleDes: return "3DES";
    case WeakCipher::Des: return "DES";
    case WeakCipher::Export: return "export-grade encryption";
    case WeakCipher::NoEncryption: return "no encryption (NULL)";
    case WeakCipher::NoAuthentication: break;
  }
  return "no authentication (anonymous)";
}

const std::vector<std::vector<WeakSuite>>& weak_suites() {
  using enum WeakCipher;
  // Numbers of the IANA registry "TLS Cipher Suites".
  static const std::vector<std::vector<WeakSuite>> all = {
      {{0x0005, Rc4}, {0x0004, Rc4}, {0xc011, Rc4}, {0xc007, Rc4}, {0xc00c, Rc4}, {0xc002, Rc4}},
      {{0x000a, TripleDes},
       {0x0016, TripleDes},
       {0x0013, TripleDes},
       {0xc012, TripleDes},
       {0xc008, TripleDes},
       {0xc00d, TripleDes},
       {0xc003, TripleDes}},
      {{0x0003, Export},
       {0x0006, Export},
       {0x0008, Export},
       {0x000e, Export},
       {0x0011, Export},
       {0x0014, Export},
       {0x0009, Des},
       {0x000c, Des},
       {0x0012, Des},
       {0x0015, Des},
       {0x0001, NoEncryption},
       {0x0002, NoEncryption},
       {0x003b, NoEncryption},
       {0xc001, NoEncryption},
       {0xc006, NoEncryption},
       {0xc00b, NoEncryption},
       {0xc010, NoEncryption},
       {0x0017, NoAuthentication},
       {0x0018, NoAuthentication},
       {0x0019, NoAuthentication},
       {0x001a, NoAuthentication},
       {0x001b, NoAuthentication},
       {0x0034, NoAuthentication},
       {0x003a, NoAuthentication},
       {0x006c, NoAuthentication},
       {0x006d, NoAuthentication},
       {0x00a6, NoAuthentication},
       {0x00a7, NoAuthentication},
       {0xc015, NoAuthentication},
       {0xc016, NoAuthentication},
       {0xc017, NoAuthentication},
       {0xc018, NoAuthentication},
       {0xc019, NoAuthentication}},
  };
  return all;
}

}  // namespace tightship::net
