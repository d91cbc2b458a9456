// Protocols, ciphers, families, STARTTLS, and servers that mean no good.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "net/tls_problems.h"
#include "report/problems.h"
#include "tls_lab.h"

namespace tightship::net {
namespace {

using testing::RawServer;

TEST(TlsProtocols, OldVersionsBesideNewOnes) {
  TlsLab lab;
  const auto server = lab.serve(lab.leaf(), {"-cipher", "DEFAULT:@SECLEVEL=0"});
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-PROTO-OLD");
  const TlsHost& host = result.hosts.at(0);
  EXPECT_EQ(host.protocols[0], Accepts::No);
  EXPECT_EQ(host.protocols[1], Accepts::Yes);
  EXPECT_EQ(host.protocols[2], Accepts::Yes);
  EXPECT_EQ(host.protocols[3], Accepts::Yes);
  EXPECT_EQ(host.protocols[4], Accepts::Yes);
  EXPECT_NE(problem_of(result.report, "TLS-PROTO-OLD"), nullptr);
}

TEST(TlsProtocols, OnlyTls10) {
  TlsLab lab;
  const auto server = lab.serve(lab.leaf(), {"-tls1", "-cipher", "DEFAULT:@SECLEVEL=0"});
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-PROTO-NONE TLS-PROTO-OLD");
}

TEST(TlsProtocols, OnlyTls12IsFine) {
  TlsLab lab;
  const auto server = lab.serve(lab.leaf(), {"-tls1_2"});
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "");
  EXPECT_EQ(result.hosts[0].protocols[4], Accepts::No);
  EXPECT_EQ(result.hosts[0].protocols[3], Accepts::Yes);
}

TEST(TlsCiphers, WithoutEncryption) {
  TlsLab lab;
  const auto server =
      lab.serve(lab.leaf(), {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"});
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-CIPHER");
  EXPECT_EQ(result.hosts[0].weak, std::vector<WeakCipher>{WeakCipher::NoEncryption});
}

TEST(TlsCiphers, WithoutAuthentication) {
  TlsLab lab;
  const auto server =
      lab.serve(lab.leaf(), {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256:AECDH-AES128-SHA:@SECLEVEL=0"});
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-CIPHER");
  EXPECT_EQ(result.hosts[0].weak, std::vector<WeakCipher>{WeakCipher::NoAuthentication});
}

TEST(TlsCiphers, EveryKindIsFoundNotOnlyTheFirst) {
  TlsLab lab;
  const auto server = lab.serve(
      lab.leaf(),
      {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-NULL-SHA:AECDH-AES128-SHA:@SECLEVEL=0"});
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-CIPHER TLS-CIPHER");
}

TEST(TlsCiphers, WithoutForwardSecrecy) {
  TlsLab lab;
  testing::CertificateSpec spec;
  spec.key = "RSA:2048";
  const auto server = lab.serve(lab.leaf(spec), {"-tls1_2", "-cipher", "AES128-GCM-SHA256"});
  EXPECT_EQ(ids(lab.check().report), "TLS-FORWARD");
}

TEST(TlsNames, AnotherCertificateWithoutSni) {
  TlsLab lab;
  testing::CertificateSpec other;
  other.names = {"DNS:other.test"};
  const testing::Identity second = lab.leaf();
  const auto server =
      lab.serve(lab.leaf(other), {"-servername", "a.test", "-cert2", lab.write("second.pem", second.certificate_pem),
                                  "-key2", lab.write("second.key", second.key_pem)});
  const TlsResult result = lab.check();
  // s_server sends its chain file with the first certificate only.
  ASSERT_TRUE(result.hosts[0].without_name);
  EXPECT_EQ(result.hosts[0].without_name->names, std::vector<std::string>{"other.test"});
  const readiness::Problem* miss = problem_of(result.report, "TLS-SNI-MISS");
  ASSERT_NE(miss, nullptr);
  EXPECT_EQ(miss->severity, detect::Severity::Note);
}

// Its queue is full, so the kernel answers no further connection at all.
struct FullListener {
  FullListener() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::listen(fd, 0);
    port = ntohs(address.sin_port);
    for (int& client : clients) {
      client = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      ::connect(client, reinterpret_cast<const sockaddr*>(&address), size);
    }
  }
  ~FullListener() {
    ::close(fd);
    for (const int client : clients) ::close(client);
  }
  int fd;
  std::array<int, 4> clients{};
  std::uint16_t port = 0;
};

TEST(TlsConnect, RefusedIsAProblemAndNotALoss) {
  TlsLab lab;
  lab.port = testing::free_port();
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-CONNECT");
  EXPECT_TRUE(result.report.complete());
}

TEST(TlsConnect, SilenceIsALossAndNotAProblem) {
  TlsLab lab;
  const FullListener listener;
  lab.port = listener.port;
  TlsRequest request = lab.request();
  request.limits.connect = std::chrono::milliseconds(200);
  const TlsResult result = lab.check(request);
  EXPECT_EQ(ids(result.report), "");
  ASSERT_EQ(result.report.loss_count, 1u);
  EXPECT_NE(result.report.losses[0].what.find("no connection within 0.2 s"), std::string::npos);
}

TEST(TlsConnect, OneFamilyDead) {
  TlsLab lab;
  const auto server = lab.serve(lab.leaf());
  const TlsResult result = lab.check(lab.request("a.test", "127.0.0.1,::1"));
  // Without an IPv6 loopback there is no route, which is said instead.
  if (result.report.not_checked.empty()) {
    EXPECT_EQ(ids(result.report), "TLS-FAMILY");
  } else {
    EXPECT_EQ(ids(result.report), "");
  }
}

TEST(TlsCounterpart, IsLookedAtWithTheHost) {
  TlsLab lab;
  const auto server = lab.serve(lab.leaf());
  TlsRequest request = lab.request();
  request.resolve.push_back("www.a.test:" + std::to_string(lab.port) + ":127.0.0.1");
  const TlsResult result = lab.check(request);
  ASSERT_EQ(result.hosts.size(), 2u);
  EXPECT_EQ(ids(result.report), "TLS-HOST");
  EXPECT_EQ(problem_of(result.report, "TLS-HOST")->subject, "www.a.test:" + std::to_string(lab.port));
}

// What the certificate causes is one row, what a host does is one for each.
TEST(TlsCounterpart, OneCertificateIsOneRow) {
  TlsLab lab;
  testing::CertificateSpec spec;
  spec.names = {"DNS:a.test", "DNS:www.a.test"};
  spec.not_before = testing::kNow - 100 * testing::kDay;
  spec.not_after = testing::kNow - testing::kDay;
  const auto server = lab.serve(lab.leaf(spec), {"-cipher", "DEFAULT:@SECLEVEL=0"});
  TlsRequest request = lab.request();
  request.resolve.push_back("www.a.test:" + std::to_string(lab.port) + ":127.0.0.1");
  const TlsResult result = lab.check(request);
  EXPECT_EQ(ids(result.report), "TLS-EXPIRED TLS-PROTO-OLD TLS-PROTO-OLD");
  const readiness::Problem* row = problem_of(result.report, "TLS-EXPIRED");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->subject, "a.test:" + std::to_string(lab.port));
  ASSERT_EQ(row->spots.size(), 2u);
  EXPECT_EQ(row->spots[1].path, "www.a.test:" + std::to_string(lab.port));
}

TEST(TlsCounterpart, IsForRootsOnly) {
  for (const char* host : {"a.test", "example.com", "example.co.uk", "example.com.au"})
    EXPECT_TRUE(may_have_www(host)) << host;
  for (const char* host : {"api.example.com", "a.b.example.co.uk", "localhost", "shop.example.de"})
    EXPECT_FALSE(may_have_www(host)) << host;
}

TEST(TlsRequestTest, RefusesWhatIsNoHost) {
  for (const char* text : {"", "a b", "a.test:0", "a.test:99999", "a.test:x", "[::1", "[zz]:1", "-c; rm", "a..b",
                           "https://", "a.test:443:1"}) {
    TlsRequest request;
    request.hosts = {text};
    const auto result = check_tls(request);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().kind, ErrorKind::Usage) << text;
  }
}

TEST(TlsRequestTest, RefusesWrongRulesAndFiles) {
  for (const char* text :
       {"a.test", "a.test:443", "a.test:443:", "a.test:443:b.test", "a.test:x:127.0.0.1", "a.test:443:127.0.0.1,"}) {
    TlsRequest request;
    request.hosts = {"a.test"};
    request.resolve = {text};
    EXPECT_FALSE(check_tls(request)) << text;
  }
  TlsRequest request;
  request.hosts = {"127.0.0.1"};
  request.ca_file = "/dev/null";
  const auto result = check_tls(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::Corrupt);
}

// --- servers that mean no good: one clear row each, in time ---

struct Hostile {
  const char* name;
  RawServer::Serve serve;
  const char* why;
};

std::string record(std::uint8_t type, const std::string& body) {
  std::string out(1, static_cast<char>(type));
  out += std::string("\x03\x03", 2);
  out += static_cast<char>(body.size() >> 8);
  out += static_cast<char>(body.size() & 0xff);
  return out + body;
}

void drip(int fd, const std::atomic<bool>& stop) {
  const std::string bytes = record(22, std::string("\x02\x00\x40\x00", 4) + std::string(60, '\x03'));
  for (std::size_t i = 0; i < bytes.size() && !stop; ++i) {
    testing::send_all(fd, bytes.substr(i, 1));
    ::poll(nullptr, 0, 50);
  }
}

void flood(int fd, const std::atomic<bool>& stop) {
  testing::read_some(fd, stop);
  const std::string chunk = record(22, std::string("\x02\xff\xff\xff", 4) + std::string(16'000, 'x'));
  for (int i = 0; i < 200 && !stop; ++i) testing::send_all(fd, chunk);
}

const Hostile kHostile[] = {
    {"Silent", [](int fd, const std::atomic<bool>& stop) { testing::wait_for_close(fd, stop); },
     "no handshake within 0.4 s"},
    {"ClosesAtOnce", [](int, const std::atomic<bool>&) {}, "closed the connection"},
    {"Http", testing::answer_with("HTTP/1.1 400 Bad Request\r\n\r\n"), "no TLS"},
    {"Garbage", testing::answer_with(std::string(3000, '\x7f')), "no TLS"},
    {"TruncatedHello",
     testing::answer_with(record(22, std::string("\x02\x00\x00\x50\x03\x03", 6) + std::string(20, 'r'))),
     "closed the connection"},
    {"Alert", testing::answer_with(record(21, std::string("\x02\x28", 2))), "handshake failure"},
    {"UnknownAlert", testing::answer_with(record(21, std::string("\x02\xfe", 2))), "alert 254"},
    {"SlowDrip", drip, "no handshake within 0.4 s"},
    {"Flood", flood, ""},
    {"Escapes", testing::answer_with("\x1b[2J\x1b]0;owned\x07"), ""},
};

class TlsHostile : public ::testing::TestWithParam<Hostile> {};

TEST_P(TlsHostile, GivesOneRowInTime) {
  TlsLab lab;
  const RawServer server(GetParam().serve);
  lab.port = server.port();
  TlsRequest request = lab.request();
  request.limits.total = std::chrono::milliseconds(400);
  const auto start = std::chrono::steady_clock::now();
  const TlsResult result = lab.check(request);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  ASSERT_EQ(ids(result.report), "TLS-HANDSHAKE") << report::render(result.report, report::Format::Text, {});
  EXPECT_NE(result.report.problems[0].why.find(GetParam().why), std::string::npos) << result.report.problems[0].why;
  EXPECT_EQ(report::render(result.report, report::Format::Text, {}).find('\x1b'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Servers, TlsHostile, ::testing::ValuesIn(kHostile),
                         [](const auto& row) { return row.param.name; });

// --- SSLv3 and old ciphers, which no server of Debian speaks: what one would answer, byte by byte ---

std::string server_hello(std::uint8_t minor, std::uint16_t cipher) {
  std::string body;
  body += '\x03';
  body += static_cast<char>(minor);
  body.append(32, 'r');
  body += '\0';
  body += static_cast<char>(cipher >> 8);
  body += static_cast<char>(cipher & 0xff);
  body += '\0';
  std::string message("\x02\x00\x00", 3);
  message += static_cast<char>(body.size());
  std::string out = record(22, message + body);
  out[2] = static_cast<char>(minor);
  return out;
}

// Takes SSLv3 hellos and those that begin with RC4; lets everything else fail.
void ancient(int fd, const std::atomic<bool>& stop) {
  const std::string hello = testing::read_some(fd, stop);
  if (hello.size() < 46) return;
  const bool ssl3 = hello[9] == 3 && hello[10] == 0;
  const bool rc4 = hello[46] == 0 && hello[47] == 5;
  if (ssl3)
    testing::send_all(fd, server_hello(0, 0x000a));
  else if (rc4)
    testing::send_all(fd, server_hello(3, 0x0005));
  else
    testing::send_all(fd, record(21, std::string("\x02\x28", 2)));
}

TEST(TlsAncient, Ssl3AndRc4AreSeenWithoutALibraryThatSpeaksThem) {
  TlsLab lab;
  const RawServer server(ancient);
  lab.port = server.port();
  const TlsResult result = lab.check();
  EXPECT_EQ(ids(result.report), "TLS-CIPHER TLS-HANDSHAKE TLS-PROTO-NONE TLS-PROTO-SSL3");
  EXPECT_EQ(result.hosts[0].weak, std::vector<WeakCipher>{WeakCipher::Rc4});
}

// --- STARTTLS ---

void relay(int fd, std::uint16_t port, const std::atomic<bool>& stop) {
  const int behind = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(behind, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  std::array<char, 16'384> buffer;
  for (bool open = true; open && !stop;) {
    pollfd both[2] = {{fd, POLLIN, 0}, {behind, POLLIN, 0}};
    ::poll(both, 2, 20);
    for (int i = 0; i < 2 && open; ++i) {
      if (both[i].revents == 0) continue;
      const ssize_t size = ::recv(both[i].fd, buffer.data(), buffer.size(), 0);
      open = size > 0;
      if (open) testing::send_all(both[1 - i].fd, {buffer.data(), static_cast<std::size_t>(size)});
    }
  }
  ::close(behind);
}

// A mail server whose secure part listens at `behind`.
RawServer::Serve mail_server(std::uint16_t behind) {
  return [behind](int fd, const std::atomic<bool>& stop) {
    testing::send_all(fd, "220-hello\r\n220 mail.a.test ESMTP\r\n");
    testing::read_until(fd, "EHLO localhost\r\n", stop);
    testing::send_all(fd, "250-mail.a.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n");
    testing::read_until(fd, "STARTTLS\r\n", stop);
    testing::send_all(fd, "220 go ahead\r\n");
    relay(fd, behind, stop);
  };
}

TEST(TlsStartTls, HandshakeFollowsTheDialogue) {
  TlsLab lab;
  const auto tls = lab.serve(lab.leaf());
  const RawServer server(mail_server(lab.port));
  lab.port = server.port();
  TlsRequest request = lab.request();
  request.starttls = "smtp";
  const TlsResult result = lab.check(request);
  EXPECT_EQ(ids(result.report), "") << report::render(result.report, report::Format::Text, {});
  ASSERT_NE(result.hosts[0].first_ok(), nullptr);
}

// Where mail is handed in, a bad certificate is an error as on the web; between servers it is delivered all the same.
TEST(TlsStartTls, BetweenServersNoCertificateIsAnError) {
  TlsLab lab;
  testing::CertificateSpec spec;
  spec.names = {"DNS:other.test"};
  const auto tls = lab.serve(lab.leaf(spec));
  const RawServer server(mail_server(lab.port));
  lab.port = server.port();
  TlsRequest request = lab.request();
  request.starttls = "smtp";
  TlsResult result = lab.check(request);
  for (const std::uint16_t port : {587, 25}) {
    result.hosts.at(0).target.port = port;
    readiness::Report report;
    judge_tls_host(result.hosts[0], testing::kNow, report);
    const readiness::Problem* row = problem_of(report, "TLS-HOST");
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->severity, port == 25 ? detect::Severity::Warning : detect::Severity::Error) << port;
    EXPECT_EQ(row->risk_class, port == 25 ? detect::RiskClass::ScaleRisk : detect::RiskClass::LaunchBlocker) << port;
  }
}

struct Mail {
  const char* name;
  const char* says;
  const char* why;
};

const Mail kMail[] = {
    {"NoStartTls", "220 hi\r\n250 SIZE\r\n", "does not offer STARTTLS"},
    {"Refuses", "220 hi\r\n250 STARTTLS\r\n454 not now\r\n", "it answered 454 not now"},
    {"Busy", "421 too busy\r\n", "it answered 421 too busy"},
    {"OtherProtocol", "SSH-2.0-OpenSSH\r\n", "does not speak SMTP"},
    {"Closes", "", "closed the connection"},
    {"SaysMore", "220 hi\r\n250 STARTTLS\r\n220 go\r\n250 injected\r\n", "says more after"},
    {"Escapes", "220 hi\r\n\x1b[2J\r\n", "does not speak SMTP"},
};

class TlsMail : public ::testing::TestWithParam<Mail> {};

TEST_P(TlsMail, IsOneRow) {
  TlsLab lab;
  const std::string says = GetParam().says;
  const RawServer server([says](int fd, const std::atomic<bool>&) { testing::send_all(fd, says); });
  lab.port = server.port();
  TlsRequest request = lab.request();
  request.starttls = "smtp";
  const TlsResult result = lab.check(request);
  ASSERT_EQ(ids(result.report), "TLS-STARTTLS");
  EXPECT_NE(result.report.problems[0].why.find(GetParam().why), std::string::npos) << result.report.problems[0].why;
  EXPECT_EQ(report::render(result.report, report::Format::Text, {}).find('\x1b'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Servers, TlsMail, ::testing::ValuesIn(kMail), [](const auto& row) { return row.param.name; });

struct HostileMail {
  const char* name;
  RawServer::Serve serve;
  const char* why;
};

// Says `start`, then `again` forever.
RawServer::Serve keep_saying(const std::string& start, const std::string& again, int pause_ms) {
  return [=](int fd, const std::atomic<bool>& stop) {
    testing::send_all(fd, start);
    for (int i = 0; i < 20'000 && !stop; ++i) {
      testing::send_all(fd, again);
      if (pause_ms == 0) continue;
      pollfd one{fd, POLLIN, 0};
      if (::poll(&one, 1, pause_ms) > 0) return;  // the client has gone
    }
  };
}

const HostileMail kHostileMail[] = {
    {"Silent", [](int fd, const std::atomic<bool>& stop) { testing::wait_for_close(fd, stop); }, "within 0.8 s"},
    {"SilentAfterGreeting",
     [](int fd, const std::atomic<bool>& stop) {
       testing::send_all(fd, "220 hi\r\n");
       testing::wait_for_close(fd, stop);
     },
     "within 0.8 s"},
    {"SlowDrip", keep_saying("220-", "x", 20), "within 0.8 s"},
    {"EndlessGreeting", keep_saying("", "220-more\r\n", 0), "more than 8 kB"},
    {"EndlessLine", keep_saying("220 ", "xxxxxxxxxxxxxxxx", 0), "more than 8 kB"},
    {"CutLine", [](int fd, const std::atomic<bool>&) { testing::send_all(fd, "220 h"); }, "closed the connection"},
    {"Garbage", [](int fd, const std::atomic<bool>&) { testing::send_all(fd, std::string(3000, '\x7f') + "\n"); },
     "does not speak SMTP"},
    {"GarbageHandshake",
     [](int fd, const std::atomic<bool>& stop) {
       testing::send_all(fd, "220 hi\r\n");
       testing::read_until(fd, "\r\n", stop);
       testing::send_all(fd, "250 STARTTLS\r\n");
       testing::read_until(fd, "STARTTLS\r\n", stop);
       testing::send_all(fd, "220 go\r\n");
       testing::read_some(fd, stop);
       testing::send_all(fd, "\x1b[2Jthis is no TLS");
     },
     "no TLS"},
};

class TlsHostileMail : public ::testing::TestWithParam<HostileMail> {};

TEST_P(TlsHostileMail, GivesOneRowInTime) {
  TlsLab lab;
  const RawServer server(GetParam().serve);
  lab.port = server.port();
  TlsRequest request = lab.request();
  request.starttls = "smtp";
  request.limits.total = std::chrono::milliseconds(800);
  const auto start = std::chrono::steady_clock::now();
  const TlsResult result = lab.check(request);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  ASSERT_EQ(result.report.problems.size(), 1u) << report::render(result.report, report::Format::Text, {});
  const readiness::Problem& row = result.report.problems[0];
  EXPECT_TRUE(row.id == "TLS-STARTTLS" || row.id == "TLS-HANDSHAKE") << row.id;
  EXPECT_NE(row.why.find(GetParam().why), std::string::npos) << row.why;
  EXPECT_EQ(report::render(result.report, report::Format::Text, {}).find('\x1b'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Servers, TlsHostileMail, ::testing::ValuesIn(kHostileMail),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tightship::net
