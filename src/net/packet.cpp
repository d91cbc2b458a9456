#include "net/packet.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <charconv>
#include <utility>

#include "detect/text_class.h"
#include "net/packet_reader.h"

namespace tightship::net {
namespace {

constexpr std::size_t kHeaderSize = 12, kRrsigHead = 18;
constexpr std::uint16_t kClassIn = 1;

constexpr std::pair<RrType, std::string_view> kTypeNames[] = {
    {RrType::A, "A"},         {RrType::Ns, "NS"},         {RrType::Cname, "CNAME"}, {RrType::Soa, "SOA"},
    {RrType::Ptr, "PTR"},     {RrType::Mx, "MX"},         {RrType::Txt, "TXT"},     {RrType::Aaaa, "AAAA"},
    {RrType::Dname, "DNAME"}, {RrType::Opt, "OPT"},       {RrType::Ds, "DS"},       {RrType::Rrsig, "RRSIG"},
    {RrType::Nsec, "NSEC"},   {RrType::Dnskey, "DNSKEY"}, {RrType::Nsec3, "NSEC3"}, {RrType::Nsec3param, "NSEC3PARAM"},
    {RrType::Tlsa, "TLSA"},   {RrType::Spf, "SPF"},       {RrType::Caa, "CAA"},
};

// RFC 4034, appendix B (algorithm 1 is another matter, and long dead).
std::uint16_t key_tag_of(std::string_view rdata) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < rdata.size(); ++i) {
    const std::uint32_t byte = static_cast<std::uint8_t>(rdata[i]);
    sum += (i & 1) != 0 ? byte : byte << 8;
  }
  return static_cast<std::uint16_t>(sum + (sum >> 16));
}

void read_address(PacketReader& in, Record& record, bool v6) {
  const std::string raw = in.bytes(v6 ? 16 : 4);
  if (in.ok()) record.data = make_address(reinterpret_cast<const std::uint8_t*>(raw.data()), v6);
}

void read_txt(PacketReader& in, Record& record) {
  TxtData txt;
  while (in.ok() && in.left() > 0) txt.pieces.push_back(in.bytes(in.u8()));
  if (txt.pieces.empty()) in.fail();  // RFC 1035, 3.3.14: one or more
  record.data = std::move(txt);
}

void read_soa(PacketReader& in, Record& record) {
  SoaData soa;
  soa.primary = in.name();
  soa.mailbox = in.name();
  soa.serial = in.u32();
  soa.refresh = in.u32();
  soa.retry = in.u32();
  soa.expire = in.u32();
  soa.minimum = in.u32();
  record.data = std::move(soa);
}

void read_caa(PacketReader& in, Record& record) {
  CaaData caa;
  caa.flags = in.u8();
  const std::uint8_t length = in.u8();
  if (length == 0) in.fail();  // RFC 8659, 4.1
  caa.tag = detect::lowered(in.bytes(length));
  caa.value = in.rest();
  record.data = std::move(caa);
}

void read_ds(PacketReader& in, Record& record) {
  DsData ds;
  ds.key_tag = in.u16();
  ds.algorithm = in.u8();
  ds.digest_type = in.u8();
  ds.digest = in.rest();
  record.data = std::move(ds);
}

void read_dnskey(PacketReader& in, Record& record) {
  DnskeyData key;
  key.rdata = in.rest();
  PacketReader inner(as_bytes(key.rdata), 0, key.rdata.size());
  key.flags = inner.u16();
  key.protocol = inner.u8();
  key.algorithm = inner.u8();
  key.key = inner.rest();
  if (!inner.ok()) in.fail();
  key.key_tag = key_tag_of(key.rdata);
  record.data = std::move(key);
}

void read_rrsig(PacketReader& in, Record& record) {
  RrsigData sig;
  sig.head = in.bytes(kRrsigHead);
  PacketReader inner(as_bytes(sig.head), 0, sig.head.size());
  sig.covered = inner.u16();
  sig.algorithm = inner.u8();
  sig.labels = inner.u8();
  sig.original_ttl = inner.u32();
  sig.expiration = inner.u32();
  sig.inception = inner.u32();
  sig.key_tag = inner.u16();
  sig.signer = in.name();
  sig.signature = in.rest();
  record.data = std::move(sig);
}

void read_nsec(PacketReader& in, Record& record) {
  constexpr std::size_t kNxname = 128, kWindowBytes = 32;
  NsecData nsec;
  nsec.next = in.name();
  while (in.ok() && in.left() > 0) {  // RFC 4034, 4.1.2: windows of 256 types, a bit a type
    const std::uint8_t window = in.u8(), size = in.u8();
    if (size == 0 || size > kWindowBytes) in.fail();
    const std::string bits = in.bytes(size);
    if (!in.ok() || window != 0 || bits.size() <= kNxname / 8) continue;
    nsec.no_name = (static_cast<std::uint8_t>(bits[kNxname / 8]) & (0x80 >> kNxname % 8)) != 0;
  }
  record.data = std::move(nsec);
}

void read_nsec3param(PacketReader& in, Record& record) {
  Nsec3paramData param;
  param.hash = in.u8();
  param.flags = in.u8();
  param.iterations = in.u16();
  param.salt = in.bytes(in.u8());
  record.data = std::move(param);
}

void read_tlsa(PacketReader& in, Record& record) {
  TlsaData tlsa;
  tlsa.usage = in.u8();
  tlsa.selector = in.u8();
  tlsa.matching = in.u8();
  tlsa.data = in.rest();
  record.data = std::move(tlsa);
}

void read_mx(PacketReader& in, Record& record) {
  MxData mx;
  mx.preference = in.u16();
  mx.host = in.name();
  record.data = std::move(mx);
}

// Whether the data was of the type's form and filled its length exactly.
bool read_data(PacketReader& in, Record& record) {
  switch (record.type) {
    case RrType::A: read_address(in, record, false); break;
    case RrType::Aaaa: read_address(in, record, true); break;
    case RrType::Ns:
    case RrType::Cname:
    case RrType::Dname:
    case RrType::Ptr: record.data = NameData{in.name()}; break;
    case RrType::Mx: read_mx(in, record); break;
    case RrType::Soa: read_soa(in, record); break;
    case RrType::Txt:
    case RrType::Spf: read_txt(in, record); break;
    case RrType::Caa: read_caa(in, record); break;
    case RrType::Ds: read_ds(in, record); break;
    case RrType::Dnskey: read_dnskey(in, record); break;
    case RrType::Rrsig: read_rrsig(in, record); break;
    case RrType::Nsec: read_nsec(in, record); break;
    case RrType::Nsec3param: read_nsec3param(in, record); break;
    case RrType::Tlsa: read_tlsa(in, record); break;
    default: (void)in.rest(); break;
  }
  return in.ok() && in.left() == 0;
}

// Reads one record at `in`; what is wrong with it, or nothing.
std::string_view read_record(Bytes packet, PacketReader& in, Message& message, std::vector<Record>* section) {
  Record record;
  record.name = in.name();
  record.type = static_cast<RrType>(in.u16());
  const std::uint16_t rr_class = in.u16();
  record.ttl = in.u32();
  const std::uint16_t length = in.u16();
  if (!in.ok() || length > in.left()) return "a record runs past the end";
  PacketReader data(packet, in.at(), in.at() + length);
  (void)in.bytes(length);
  if (record.type == RrType::Opt) {
    message.rcode |= (record.ttl >> 24) << 4;
    return {};
  }
  if (section == nullptr || rr_class != kClassIn) return {};
  if (record.ttl > 0x7fffffff) record.ttl = 0;  // RFC 2181, 8
  if (!read_data(data, record)) return "the data of a record breaks the form of its type";
  section->push_back(std::move(record));
  return {};
}

Message read_header(PacketReader& in) {
  Message message;
  message.id = in.u16();
  const std::uint16_t flags = in.u16();
  message.response = (flags & 0x8000) != 0;
  message.authoritative = (flags & 0x0400) != 0;
  message.truncated = (flags & 0x0200) != 0;
  message.recursion_available = (flags & 0x0080) != 0;
  message.authentic = (flags & 0x0020) != 0;
  message.rcode = flags & 0x000f;
  return message;
}

void put16(std::vector<std::uint8_t>& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

// RFC 6891: the root, the size we take, no extended code, version 0, DO.
void put_opt(std::vector<std::uint8_t>& out, const QueryOptions& options) {
  out.push_back(0);
  put16(out, static_cast<unsigned>(RrType::Opt));
  put16(out, options.udp_size);
  put16(out, 0);
  put16(out, options.dnssec ? 0x8000 : 0);
  put16(out, 0);
}

}  // namespace

std::string rr_type_name(RrType type) {
  for (const auto& [known, name] : kTypeNames) {
    if (known == type) return std::string(name);
  }
  return fmt::format("TYPE{}", static_cast<unsigned>(type));
}

std::string rcode_name(unsigned rcode) {
  constexpr std::string_view kNames[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
  return rcode < std::size(kNames) ? std::string(kNames[rcode]) : fmt::format("rcode {}", rcode);
}

Result<Message> parse_message(Bytes packet) {
  PacketReader in(packet, 0, packet.size());
  Message message = read_header(in);
  const std::uint16_t questions = in.u16();
  const std::uint16_t counts[] = {in.u16(), in.u16(), in.u16()};
  if (!in.ok()) return fail(ErrorKind::Corrupt, "a DNS message is shorter than its header");
  for (unsigned i = 0; i < questions; ++i) {
    Question question;
    question.name = in.name();
    question.type = static_cast<RrType>(in.u16());
    (void)in.u16();
    if (!in.ok()) return fail(ErrorKind::Corrupt, "the question of a DNS message is broken");
    message.questions.push_back(std::move(question));
  }
  std::vector<Record>* const sections[] = {&message.answers, &message.authority, nullptr};
  for (std::size_t section = 0; section < std::size(sections); ++section) {
    for (unsigned i = 0; i < counts[section]; ++i) {
      const std::string_view wrong = read_record(packet, in, message, sections[section]);
      if (!wrong.empty()) return fail(ErrorKind::Corrupt, fmt::format("a DNS message is broken: {}", wrong));
    }
  }
  return message;
}

Result<std::vector<std::uint8_t>> encode_query(const Question& question, const QueryOptions& options) {
  auto name = encode_name(question.name);
  if (!name) return name;
  std::vector<std::uint8_t> out;
  out.reserve(kHeaderSize + name->size() + 15);
  put16(out, options.id);
  put16(out, (options.recursion ? 0x0100u : 0u) | (options.unchecked ? 0x0010u : 0u));
  put16(out, 1);
  put16(out, 0);
  put16(out, 0);
  put16(out, options.udp_size > 0 ? 1 : 0);
  out.insert(out.end(), name->begin(), name->end());
  put16(out, static_cast<unsigned>(question.type));
  put16(out, kClassIn);
  if (options.udp_size > 0) put_opt(out, options);
  return out;
}

Address make_address(const std::uint8_t* bytes, bool v6) {
  Address address;
  address.v6 = v6;
  std::copy(bytes, bytes + (v6 ? 16 : 4), address.bytes.begin());
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(v6 ? AF_INET6 : AF_INET, bytes, text, sizeof(text));
  address.text = text;
  return address;
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorKind::Usage, "this is no IP address", std::string(text),
                "192.0.2.1, 192.0.2.1:53, [2001:db8::1]:53");
  };
  std::string_view host = text, port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return bad();
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos && colon == text.rfind(':')) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  Endpoint endpoint;
  if (!port.empty()) {
    const char* const end = port.data() + port.size();
    const auto [stop, error] = std::from_chars(port.data() + 1, end, endpoint.port);
    if (!port.starts_with(':') || error != std::errc() || stop != end || endpoint.port == 0) return bad();
  }
  std::uint8_t bytes[16] = {};
  const std::string host_text(host);
  const bool v6 = host.find(':') != std::string_view::npos;
  if (::inet_pton(v6 ? AF_INET6 : AF_INET, host_text.c_str(), bytes) != 1) return bad();
  endpoint.address = make_address(bytes, v6);
  return endpoint;
}

}  // namespace tightship::net
