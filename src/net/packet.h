#pragma once

// DNS messages (RFC 1035, 2181, 3596, 4034, 5155, 6698, 6891, 8659, 9824): queries written, answers read.
//
// Everything in an answer is hostile. Every count, length and offset is checked against the bytes that are there; a
// compression pointer must point before the name that it stands in and each further one before the last, so no
// chain can loop; a name has at most 255 octets. A message with one broken record is broken as a whole. Nothing
// recurses; memory is bounded by the message's 65535 bytes.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/dns_name.h"

namespace tightship::net {

enum class RrType : std::uint16_t {
  A = 1,
  Ns = 2,
  Cname = 5,
  Soa = 6,
  Ptr = 12,
  Mx = 15,
  Txt = 16,
  Aaaa = 28,
  Dname = 39,
  Opt = 41,
  Ds = 43,
  Rrsig = 46,
  Nsec = 47,
  Dnskey = 48,
  Nsec3 = 50,
  Nsec3param = 51,
  Tlsa = 52,
  Spf = 99,
  Caa = 257,
};
std::string rr_type_name(RrType type);  // "MX"; "TYPE65280" for the others

enum class Rcode : std::uint8_t { NoError = 0, FormErr = 1, ServFail = 2, NxDomain = 3, NotImp = 4, Refused = 5 };
std::string rcode_name(unsigned rcode);

struct Address {  // A, AAAA
  std::array<std::uint8_t, 16> bytes{};
  bool v6 = false;
  std::string text;
};
struct NameData {
  std::string name;
};  // NS, CNAME, DNAME, PTR
struct MxData {
  std::uint16_t preference = 0;
  std::string host;
};
struct SoaData {
  std::string primary, mailbox;
  std::uint32_t serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0;
};
struct TxtData {
  std::vector<std::string> pieces;
};  // TXT, SPF
struct CaaData {
  std::uint8_t flags = 0;
  std::string tag, value;
};  // tag in lower case
struct DsData {
  std::uint16_t key_tag = 0;
  std::uint8_t algorithm = 0, digest_type = 0;
  std::string digest;
};
struct DnskeyData {
  std::uint16_t flags = 0;
  std::uint8_t protocol = 0, algorithm = 0;
  std::string key;
  std::uint16_t key_tag = 0;  // computed (RFC 4034, appendix B)
  std::string rdata;          // as it came: what a DS is a digest of
};
struct RrsigData {
  std::uint16_t covered = 0;
  std::uint8_t algorithm = 0, labels = 0;
  std::uint32_t original_ttl = 0, expiration = 0, inception = 0;
  std::uint16_t key_tag = 0;
  std::string signer;
  std::string head;  // the bytes before the signer, as they came: what is signed begins with them
  std::string signature;
};
struct NsecData {
  std::string next;
  bool no_name = false;  // its types say that the owner does not exist: NXNAME (RFC 9824)
};
struct Nsec3paramData {
  std::uint8_t hash = 0, flags = 0;
  std::uint16_t iterations = 0;
  std::string salt;
};
struct TlsaData {
  std::uint8_t usage = 0, selector = 0, matching = 0;
  std::string data;
};

struct Record {
  std::string name;
  RrType type = RrType::A;
  std::uint32_t ttl = 0;
  // monostate: a type that is not read.
  std::variant<std::monostate, Address, NameData, MxData, SoaData, TxtData, CaaData, DsData, DnskeyData, RrsigData,
               NsecData, Nsec3paramData, TlsaData>
      data;
};

struct Question {
  std::string name;
  RrType type = RrType::A;
  friend auto operator<=>(const Question&, const Question&) = default;
};

template <class T>
const T* data_of(const Record& record) {
  return std::get_if<T>(&record.data);
}

struct Message {
  std::uint16_t id = 0;
  bool response = false, authoritative = false, truncated = false, recursion_available = false, authentic = false;
  unsigned rcode = 0;  // with the extended bits of an OPT record
  std::vector<Question> questions;
  std::vector<Record> answers, authority;
};

// Fails with Corrupt: `what` says which part is broken. Records of classes other than IN are left out.
Result<Message> parse_message(Bytes packet);

struct QueryOptions {
  std::uint16_t id = 0;
  bool recursion = true;
  bool dnssec = false;            // DO: with signatures
  bool unchecked = false;         // CD: also what does not validate
  std::uint16_t udp_size = 1232;  // EDNS; 0: without
};
// Fails with Usage when `question` has no name that can be sent.
Result<std::vector<std::uint8_t>> encode_query(const Question& question, const QueryOptions& options);

// An IPv4 or IPv6 address in text form; `port` is 0 when none is given: "192.0.2.1", "192.0.2.1:53",
// "2001:db8::1", "[2001:db8::1]:53". Fails with Usage.
struct Endpoint {
  Address address;
  std::uint16_t port = 0;
};
Result<Endpoint> parse_endpoint(std::string_view text);
Address make_address(const std::uint8_t* bytes, bool v6);

}  // namespace tightship::net
