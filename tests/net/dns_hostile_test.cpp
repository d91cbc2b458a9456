// Servers that mean no good: each case ends in time, in a row of its own, and in nothing else.

#include <gtest/gtest.h>

#include <chrono>

#include "net/dns_check.h"
#include "report/problems.h"
#include "support/name_server.h"

namespace tightship::net {
namespace {

using testing::answer_head;
using testing::CannedNameServer;
using testing::question_name;
using testing::question_type;
using testing::wire_name;
using testing::wire_record;
using testing::wire_txt;
using Packets = std::vector<std::string>;

constexpr std::uint16_t kAnswer = 0x8180;  // response, recursion available
constexpr std::uint16_t kAuthoritative = 0x8400;
const std::string kOwner = "\xc0\x0c";

TransportOptions quick(const CannedNameServer& server) {
  TransportOptions options;
  options.resolvers = {server.resolver()};
  options.timeout_ms = 150;
  options.tries = 2;
  options.deadline_ms = 3000;
  return options;
}

Answer ask(const CannedNameServer& server, RrType type = RrType::A) {
  auto transport = Transport::open(quick(server));
  RecordStore store;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(transport->exchange({{"example.test", type, ""}}, store));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
  EXPECT_EQ(store.answers().size(), 1u);
  return store.answers().begin()->second;
}

std::string address_answer(const std::string& query) {
  return answer_head(query, kAnswer, 1) + wire_record(kOwner, 1, std::string("\xc0\x00\x02\x01", 4));
}

TEST(Hostile, AnHonestServerIsBelieved) {
  const CannedNameServer server([](const std::string& q, bool) { return Packets{address_answer(q)}; });
  const Answer answer = ask(server);
  EXPECT_EQ(answer.state, AnswerState::Answered);
  EXPECT_EQ(answer.message.answers.size(), 1u);
}

TEST(Hostile, AWrongIdIsSilence) {
  const CannedNameServer server([](const std::string& q, bool) {
    std::string forged = address_answer(q);
    forged[0] = static_cast<char>(forged[0] ^ 1);
    return Packets{forged};
  });
  EXPECT_EQ(ask(server).state, AnswerState::Timeout);
}

TEST(Hostile, AForgedAnswerBeforeTheRealOneIsPassedOver) {
  const CannedNameServer server([](const std::string& q, bool) {
    std::string forged = address_answer(q);
    forged[1] = static_cast<char>(forged[1] ^ 1);
    return Packets{forged, address_answer(q)};
  });
  EXPECT_EQ(ask(server).state, AnswerState::Answered);
}

TEST(Hostile, AnotherQuestionIsSilence) {
  const CannedNameServer server([](const std::string& q, bool) {
    std::string other = q;
    other[13] = 'X';
    return Packets{address_answer(other)};
  });
  EXPECT_EQ(ask(server).state, AnswerState::Timeout);
}

TEST(Hostile, Silence) {
  const CannedNameServer server([](const std::string&, bool) { return Packets{}; });
  EXPECT_EQ(ask(server).state, AnswerState::Timeout);
  EXPECT_EQ(server.questions(), 2u);  // tries
}

TEST(Hostile, APacketCutInTwo) {
  const CannedNameServer server([](const std::string& q, bool) {
    const std::string whole = address_answer(q);
    return Packets{whole.substr(0, whole.size() - 3)};
  });
  EXPECT_EQ(ask(server).state, AnswerState::Broken);
}

TEST(Hostile, CompressionInACircle) {
  const CannedNameServer server([](const std::string& q, bool) {
    const std::string head = answer_head(q, kAnswer, 1);
    const auto at = static_cast<char>(head.size());
    return Packets{head + wire_record(std::string("\xc0") + at, 1, std::string("\xc0\x00\x02\x01", 4))};
  });
  EXPECT_EQ(ask(server).state, AnswerState::Broken);
}

TEST(Hostile, TruncationIsFollowedOverTcp) {
  const CannedNameServer server([](const std::string& q, bool tcp) {
    if (!tcp) return Packets{answer_head(q, kAnswer | 0x0200, 0)};
    return Packets{answer_head(q, kAnswer, 1) + wire_record(kOwner, 16, wire_txt(std::string(4000, 'x')))};
  });
  const Answer answer = ask(server, RrType::Txt);
  ASSERT_EQ(answer.state, AnswerState::Answered);
  EXPECT_EQ(data_of<TxtData>(answer.message.answers.at(0))->pieces.size(), 16u);
}

TEST(Hostile, TruncationWithoutEnd) {
  const CannedNameServer server(
      [](const std::string& q, bool) { return Packets{answer_head(q, kAnswer | 0x0200, 0)}; });
  EXPECT_FALSE(ask(server).conclusive());
  EXPECT_LE(server.questions(), 6u);
}

TEST(Hostile, TheQuestionComesBack) {
  const CannedNameServer server([](const std::string& q, bool) { return Packets{q}; });
  EXPECT_FALSE(ask(server).conclusive());
}

TEST(Hostile, TcpThatDrips) {
  CannedNameServer server([](const std::string& q, bool tcp) {
    if (!tcp) return Packets{answer_head(q, kAnswer | 0x0200, 0)};
    return Packets{answer_head(q, kAnswer, 1) + wire_record(kOwner, 16, wire_txt(std::string(4000, 'x')))};
  });
  server.drip = true;
  EXPECT_EQ(ask(server, RrType::Txt).state, AnswerState::Timeout);
}

TEST(Hostile, AnAnswerOverItsSize) {
  const CannedNameServer server([](const std::string& q, bool tcp) {
    if (tcp) return Packets{address_answer(q)};
    return Packets{answer_head(q, kAnswer, 1) + wire_record(kOwner, 16, wire_txt(std::string(8000, 'x')))};
  });
  const Answer answer = ask(server);
  EXPECT_EQ(answer.state, AnswerState::Answered);
  EXPECT_EQ(answer.message.answers.at(0).type, RrType::A);  // by TCP
}

TEST(Hostile, EdnsThatIsNotUnderstood) {
  const CannedNameServer server([](const std::string& q, bool) {
    const bool edns = q[11] != 0;
    return Packets{edns ? answer_head(q, kAnswer | 1, 0) : address_answer(q)};
  });
  const Answer answer = ask(server);
  EXPECT_EQ(answer.state, AnswerState::Answered);
  EXPECT_TRUE(answer.conclusive()) << answer.fault();
}

DnsResult examine(const CannedNameServer& server) {
  DnsOptions options;
  options.domain = "example.test";
  options.transport = quick(server);
  options.server_port = server.port();
  const auto begin = std::chrono::steady_clock::now();
  auto result = examine_dns(options);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  return std::move(*result);
}

std::vector<std::string> loud(const DnsResult& result) {
  std::vector<std::string> ids;
  for (const auto& p : result.report.problems) {
    if (p.severity != detect::Severity::Note) ids.push_back(p.id);
  }
  return ids;
}

TEST(Hostile, ASilentNetworkIsNoProblem) {
  const CannedNameServer server([](const std::string&, bool) { return Packets{}; });
  const DnsResult result = examine(server);
  EXPECT_EQ(loud(result), std::vector<std::string>{});
  EXPECT_FALSE(result.report.complete());
  ASSERT_EQ(result.report.losses.size(), 1u);
  EXPECT_NE(result.report.losses[0].what.find("timed out"), std::string::npos);
}

TEST(Hostile, RefusalsAreNoProblem) {
  const CannedNameServer server([](const std::string& q, bool) { return Packets{answer_head(q, kAnswer | 5, 0)}; });
  const DnsResult result = examine(server);
  EXPECT_EQ(loud(result), std::vector<std::string>{});
  ASSERT_EQ(result.report.losses.size(), 1u);
  EXPECT_NE(result.report.losses[0].what.find("REFUSED"), std::string::npos);
}

TEST(Hostile, GarbageIsNoProblem) {
  const CannedNameServer server(
      [](const std::string& q, bool) { return Packets{answer_head(q, kAnswer, 3) + "garbage"}; });
  EXPECT_EQ(loud(examine(server)), std::vector<std::string>{});
}

// What moves a terminal, in every place of an answer that reaches the report: TXT, aliases, mail and name servers.
TEST(Hostile, EscapesDoNotReachTheTerminal) {
  const std::string evil = "\x1b[2J\x1b]0;owned\x07";
  const CannedNameServer server([&](const std::string& q, bool) {
    const std::string name = question_name(q);
    std::string record;
    const std::string host = wire_name("a\x1b[31m.\x9b" + name.substr(0, 60));
    switch (question_type(q)) {
      case 1: record = wire_record(kOwner, 5, host); break;
      case 2: record = wire_record(kOwner, 2, host); break;
      case 15: record = wire_record(kOwner, 15, std::string("\0\x0a", 2) + host); break;
      case 16: {
        const bool dmarc = name.starts_with("_dmarc.");
        const std::string start = dmarc                                            ? "v=DMARC1; p="
                                  : name.find("._domainkey.") != std::string::npos ? "p="
                                                                                   : "v=spf1 ";
        record = wire_record(kOwner, 16, wire_txt(start + evil)) + wire_record(kOwner, 16, wire_txt(evil));
        return Packets{answer_head(q, kAuthoritative, 2) + record};
      }
      case 257: record = wire_record(kOwner, 257, std::string("\x80\x05issue", 7) + evil); break;
      default: return Packets{answer_head(q, kAuthoritative, 0)};
    }
    return Packets{answer_head(q, kAuthoritative, 1) + record};
  });
  DnsOptions options;
  options.domain = "example.test";
  options.transport = quick(server);
  options.server_port = server.port();
  const auto result = examine_dns(options);
  ASSERT_TRUE(result);
  const auto ids = loud(*result);
  for (const char* id : {"SPF-SYNTAX", "DMARC-PRESENT", "DKIM-KEY", "DNS-CAA", "DNS-CHAIN"})
    EXPECT_NE(std::find(ids.begin(), ids.end(), id), ids.end()) << id;
  report::Options view;
  view.show_notes = true;
  for (const report::Format format : {report::Format::Text, report::Format::Concise, report::Format::Json,
                                      report::Format::Sarif, report::Format::Github, report::Format::Junit}) {
    const std::string text = report::render(result->report, format, view);
    for (const char byte : {'\x1b', '\x07', '\x9b'})
      EXPECT_EQ(text.find(byte), std::string::npos) << static_cast<int>(format) << text;
  }
}

// Every name is an alias of a longer one; the server never says where it ends.
TEST(Hostile, AliasesWithoutEnd) {
  const CannedNameServer server([](const std::string& q, bool) {
    const std::string next = "x." + question_name(q);
    return Packets{answer_head(q, kAuthoritative, 1) +
                   wire_record(kOwner, 5, wire_name(next.size() < 200 ? next : "y.test"))};
  });
  const DnsResult result = examine(server);
  const auto ids = loud(result);
  EXPECT_NE(std::find(ids.begin(), ids.end(), "DNS-CHAIN"), ids.end());
}

// Every SPF record includes nine others, which nobody has seen before.
TEST(Hostile, AnSpfBomb) {
  const CannedNameServer server([](const std::string& q, bool tcp) {
    if (question_type(q) != 16) return Packets{answer_head(q, kAnswer, 0)};
    if (!tcp) return Packets{answer_head(q, kAnswer | 0x0200, 0)};
    std::string text = "v=spf1";
    std::string name = question_name(q);
    if (name.size() > 150) name = "example.test";
    for (char c = 'a'; c < 'j'; ++c) text += std::string(" include:") + c + "." + name;
    return Packets{answer_head(q, kAnswer, 1) + wire_record(kOwner, 16, wire_txt(text + " -all"))};
  });
  const DnsResult result = examine(server);
  const auto ids = loud(result);
  EXPECT_NE(std::find(ids.begin(), ids.end(), "SPF-LOOKUPS"), ids.end());
  EXPECT_LE(server.questions(), 2 * kMaxQuestions);
}

TEST(Hostile, MixedLifetimes) {
  const CannedNameServer server([](const std::string& q, bool) {
    if (question_type(q) != 1 || question_name(q) != "example.test") return Packets{answer_head(q, kAnswer, 0)};
    return Packets{answer_head(q, kAnswer, 2) + wire_record(kOwner, 1, std::string("\xc0\x00\x02\x01", 4), 60) +
                   wire_record(kOwner, 1, std::string("\xc0\x00\x02\x02", 4), 300)};
  });
  const auto ids = loud(examine(server));
  EXPECT_NE(std::find(ids.begin(), ids.end(), "DNS-TTL"), ids.end());
}

TEST(Hostile, AnAliasAtTheApex) {
  const CannedNameServer server([](const std::string& q, bool) {
    if (question_name(q) != "example.test") return Packets{answer_head(q, kAnswer | 3, 0)};
    std::string out =
        answer_head(q, kAnswer, question_type(q) == 1 ? 2 : 1) + wire_record(kOwner, 5, wire_name("host.test"));
    if (question_type(q) == 1) out += wire_record(wire_name("host.test"), 1, std::string("\xc0\x00\x02\x01", 4));
    return Packets{out};
  });
  const auto ids = loud(examine(server));
  EXPECT_NE(std::find(ids.begin(), ids.end(), "DNS-APEX-CNAME"), ids.end());
}

TEST(Hostile, AnAliasBesideOtherData) {
  const CannedNameServer server([](const std::string& q, bool) {
    if (question_name(q) != "www.example.test") return Packets{answer_head(q, kAnswer, 0)};
    if (question_type(q) == 1)
      return Packets{answer_head(q, kAnswer, 1) + wire_record(kOwner, 1, std::string("\xc0\x00\x02\x01", 4))};
    return Packets{answer_head(q, kAnswer, 1) + wire_record(kOwner, 5, wire_name("host.test"))};
  });
  const auto ids = loud(examine(server));
  EXPECT_NE(std::find(ids.begin(), ids.end(), "DNS-CNAME-COEXIST"), ids.end());
}

}  // namespace
}  // namespace tightship::net
