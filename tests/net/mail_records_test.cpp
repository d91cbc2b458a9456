#include <gtest/gtest.h>

#include "net/dkim.h"
#include "net/dmarc.h"
#include "net/dns_check.h"
#include "net/mta_sts.h"

namespace tightship::net {
namespace {

// A store that is filled with TXT records; everything else does not exist.
RecordStore texts(const std::vector<std::pair<std::string, std::string>>& records, const std::string& domain) {
  RecordStore store;
  for (int round = 0; round < 12; ++round) {
    (void)discover_dmarc(store, domain);
    const auto wanted = store.take_wanted();
    if (wanted.empty()) break;
    for (const Ask& ask : wanted) {
      Answer answer;
      answer.state = AnswerState::Answered;
      answer.message.recursion_available = true;
      for (const auto& entry : records) {
        if (entry.first != ask.name) continue;
        Record record;
        record.name = ask.name;
        record.type = RrType::Txt;
        record.data = TxtData{{entry.second}};
        answer.message.answers.push_back(record);
      }
      if (answer.message.answers.empty()) answer.message.rcode = 3;
      store.put(ask, answer);
    }
  }
  return store;
}

struct Walk {
  const char* name;
  const char* domain;
  std::vector<std::pair<std::string, std::string>> records;
  DmarcState state;
  const char* location;
  Policy effective;
};

class DmarcWalks : public ::testing::TestWithParam<Walk> {};

TEST_P(DmarcWalks, FindThePolicyOfRfc9989) {
  RecordStore store = texts(GetParam().records, GetParam().domain);
  const DmarcDiscovery found = discover_dmarc(store, GetParam().domain);
  EXPECT_EQ(found.state, GetParam().state);
  EXPECT_EQ(found.location, GetParam().location);
  EXPECT_EQ(found.effective(), GetParam().effective);
}

INSTANTIATE_TEST_SUITE_P(
    Trees, DmarcWalks,
    ::testing::Values(
        Walk{"own",
             "example.com",
             {{"_dmarc.example.com", "v=DMARC1; p=reject"}},
             DmarcState::Found,
             "example.com",
             Policy::Reject},
        Walk{"none", "example.com", {}, DmarcState::None, "", Policy::None},
        Walk{"above_by_p",
             "a.b.example.com",
             {{"_dmarc.example.com", "v=DMARC1; p=quarantine"}},
             DmarcState::Found,
             "example.com",
             Policy::Quarantine},
        Walk{"above_by_sp",
             "a.example.com",
             {{"_dmarc.example.com", "v=DMARC1; p=reject; sp=none"}},
             DmarcState::Found,
             "example.com",
             Policy::None},
        Walk{"fewest_labels",
             "a.b.example.com",
             {{"_dmarc.b.example.com", "v=DMARC1; p=none"}, {"_dmarc.example.com", "v=DMARC1; p=reject"}},
             DmarcState::Found,
             "example.com",
             Policy::Reject},
        Walk{"own_before_above",
             "a.example.com",
             {{"_dmarc.a.example.com", "v=DMARC1; p=none"}, {"_dmarc.example.com", "v=DMARC1; p=reject"}},
             DmarcState::Found,
             "a.example.com",
             Policy::None},
        Walk{"psd_n_stops",
             "a.b.example.com",
             {{"_dmarc.b.example.com", "v=DMARC1; p=quarantine; psd=n"}, {"_dmarc.example.com", "v=DMARC1; p=reject"}},
             DmarcState::Found,
             "b.example.com",
             Policy::Quarantine},
        Walk{"psd_y_one_below",
             "a.shop.bank",
             {{"_dmarc.shop.bank", "v=DMARC1; p=quarantine"}, {"_dmarc.bank", "v=DMARC1; p=reject; psd=y"}},
             DmarcState::Found,
             "shop.bank",
             Policy::Quarantine},
        Walk{"psd_y_alone",
             "a.shop.bank",
             {{"_dmarc.bank", "v=DMARC1; p=reject; psd=y"}},
             DmarcState::Found,
             "bank",
             Policy::Reject},
        Walk{"several_are_none",
             "example.com",
             {{"_dmarc.example.com", "v=DMARC1; p=reject"}, {"_dmarc.example.com", "v=DMARC1; p=none"}},
             DmarcState::Several,
             "",
             Policy::None},
        Walk{"indented_is_none",
             "example.com",
             {{"_dmarc.example.com", " v=DMARC1; p=reject"}},
             DmarcState::None,
             "",
             Policy::None},
        Walk{"long_names_jump",
             "1.2.3.4.5.6.7.8.9.example.com",
             {{"_dmarc.8.9.example.com", "v=DMARC1; p=reject"},
              {"_dmarc.2.3.4.5.6.7.8.9.example.com", "v=DMARC1; p=none; psd=n"}},
             DmarcState::Found,
             "8.9.example.com",
             Policy::Reject}),
    [](const auto& info) { return info.param.name; });

TEST(Dmarc, TheWalkAsksEightTimesAtMost) {
  EXPECT_EQ(dmarc_walk("a.example.com"), (std::vector<std::string>{"a.example.com", "example.com", "com"}));
  const auto names = dmarc_walk("1.2.3.4.5.6.7.8.9.10.example.com");
  ASSERT_EQ(names.size(), 8u);
  EXPECT_EQ(names[1], "6.7.8.9.10.example.com");
  EXPECT_EQ(names.back(), "com");
  EXPECT_EQ(dmarc_walk("1.2.3.4.5.6.7.8").size(), 8u);
}

struct Record1 {
  const char* name;
  const char* text;
  bool applies;
  Policy p;
  std::size_t errors, remarks;
};

class DmarcRecords : public ::testing::TestWithParam<Record1> {};

TEST_P(DmarcRecords, AreReadAsTheRfcSays) {
  ASSERT_TRUE(is_dmarc_record(GetParam().text));
  const DmarcRecord record = parse_dmarc_record(GetParam().text);
  EXPECT_EQ(record.applies, GetParam().applies);
  EXPECT_EQ(record.p, GetParam().p);
  EXPECT_EQ(record.errors.size(), GetParam().errors) << (record.errors.empty() ? "" : record.errors[0]);
  EXPECT_EQ(record.remarks.size(), GetParam().remarks) << (record.remarks.empty() ? "" : record.remarks[0]);
}

INSTANTIATE_TEST_SUITE_P(
    Section48, DmarcRecords,
    ::testing::Values(
        Record1{"plain", "v=DMARC1; p=reject", true, Policy::Reject, 0, 0},
        Record1{"blanks", "v = DMARC1 ;  P = Quarantine ; ", true, Policy::Quarantine, 0, 0},
        Record1{"no_p_no_rua", "v=DMARC1", false, Policy::None, 1, 0},
        Record1{"no_p_with_rua", "v=DMARC1; rua=mailto:a@b.example", true, Policy::None, 0, 1},
        Record1{"bad_p_no_rua", "v=DMARC1; p=rejct", false, Policy::None, 1, 0},
        Record1{"bad_p_with_rua", "v=DMARC1; p=rejct; rua=mailto:a@b.example", true, Policy::None, 1, 0},
        Record1{"bad_sp_with_rua", "v=DMARC1; p=reject; sp=x; rua=mailto:a@b.example", true, Policy::None, 1, 0},
        Record1{"removed_tags", "v=DMARC1; p=none; pct=100; rf=afrf; ri=86400", true, Policy::None, 0, 3},
        Record1{"unknown_tag", "v=DMARC1; p=none; foo=bar", true, Policy::None, 0, 1},
        Record1{"p_is_not_second", "v=DMARC1; rua=mailto:a@b.example; p=none", true, Policy::None, 0, 1},
        Record1{"twice", "v=DMARC1; p=none; p=reject", true, Policy::None, 1, 0},
        Record1{"comma_instead_of_semicolon", "v=DMARC1; p=none, rua=mailto:a@b.example", false, Policy::None, 1, 0},
        Record1{"rua_without_scheme", "v=DMARC1; p=none; rua=a@b.example", true, Policy::None, 1, 0},
        Record1{"rua_of_https", "v=DMARC1; p=none; rua=https://x.example/r", true, Policy::None, 0, 0},
        Record1{"bad_alignment", "v=DMARC1; p=none; adkim=x", true, Policy::None, 1, 0},
        Record1{"piece_without_equals", "v=DMARC1; p=none; foo", true, Policy::None, 1, 0}),
    [](const auto& info) { return info.param.name; });

TEST(Dmarc, PoliciesOfSubdomains) {
  const DmarcRecord record = parse_dmarc_record("v=DMARC1; p=reject; np=quarantine; t=y; psd=n");
  EXPECT_EQ(record.sp, Policy::Reject);
  EXPECT_EQ(record.np, Policy::Quarantine);
  EXPECT_TRUE(record.testing);
  EXPECT_EQ(record.psd, 'n');
  EXPECT_EQ(parse_dmarc_record("v=DMARC1; p=none; sp=reject").np, Policy::Reject);
}

TEST(Dmarc, ReportUris) {
  EXPECT_EQ(parse_report_uri("mailto:a@Example.com!10m")->limit, "10m");
  EXPECT_EQ(parse_report_uri("MAILTO:a@Example.com")->domain, "example.com");
  for (const char* bad :
       {"", "a@b.example", "mailto:", "mailto:a", "mailto:a@b", "mailto:a b@c.example", "x", "https:", "://x"}) {
    EXPECT_FALSE(parse_report_uri(bad)) << bad;
  }
}

TEST(Dkim, Keys) {
  EXPECT_TRUE(parse_dkim_key("v=DKIM1; p=").revoked);
  EXPECT_TRUE(parse_dkim_key("v=DKIM1; h=sha1; p=").sha1_only);
  EXPECT_FALSE(parse_dkim_key("v=DKIM1; h=sha1:sha256; p=").sha1_only);
  EXPECT_FALSE(parse_dkim_key("v=DKIM1").errors.empty());
  EXPECT_FALSE(parse_dkim_key("v=DKIM2; p=").errors.empty());
  EXPECT_FALSE(parse_dkim_key("k=dsa; p=AAAA").errors.empty());
  EXPECT_FALSE(parse_dkim_key("p=????").errors.empty());
  EXPECT_FALSE(parse_dkim_key("p=AAAA").errors.empty());
  EXPECT_FALSE(parse_dkim_key("k=ed25519; p=AAAA").errors.empty());
  EXPECT_FALSE(is_dkim_key("v=spf1 p=x"));
  EXPECT_FALSE(is_dkim_key("google-site-verification=x"));
}

TEST(MtaSts, Policies) {
  const MtaStsPolicy good =
      parse_mta_sts_policy("version: STSv1\nmode: testing\nmx: *.Example.com\nmx: b.example\nmax_age: 86400\n");
  EXPECT_TRUE(good.errors.empty());
  EXPECT_EQ(good.mx.size(), 2u);
  EXPECT_EQ(good.max_age, 86'400u);
  for (const char* bad :
       {"", "mode: enforce\nversion: STSv1\nmx: a\nmax_age: 1", "version: STSv1\nmode: x\nmx: a.b\nmax_age: 1",
        "version: STSv1\nmode: enforce\nmax_age: 1", "version: STSv1\nmode: enforce\nmx: a.b\nmax_age: 99999999",
        "version: STSv1\nmode: enforce\nmx: a.b\nmax_age: 1\nnonsense", "<html>"}) {
    EXPECT_FALSE(parse_mta_sts_policy(bad).errors.empty()) << bad;
  }
  EXPECT_TRUE(mta_sts_matches("*.example.com", "mx.example.com"));
  EXPECT_FALSE(mta_sts_matches("*.example.com", "a.mx.example.com"));
  EXPECT_FALSE(mta_sts_matches("*.example.com", "example.com"));
  EXPECT_EQ(mta_sts_id("v=STSv1; id=2026a;"), "2026a");
  EXPECT_EQ(mta_sts_id("v=STSv1; id=2026-11;"), "");
}

TEST(Caa, WhoMayIssue) {
  const auto set = [](std::vector<std::pair<std::string, std::string>> records) {
    std::vector<CaaData> out;
    for (auto& entry : records) out.push_back({0, entry.first, entry.second});
    return out;
  };
  EXPECT_EQ(caa_permits({}, "Let's Encrypt", false), true);
  EXPECT_EQ(caa_permits(set({{"issue", "letsencrypt.org"}}), "Let's Encrypt", false), true);
  EXPECT_EQ(caa_permits(set({{"issue", "letsencrypt.org; accounturi=x"}}), "Let's Encrypt", false), true);
  EXPECT_EQ(caa_permits(set({{"issue", "digicert.com"}}), "Let's Encrypt", false), false);
  EXPECT_EQ(caa_permits(set({{"issue", ";"}}), "DigiCert Inc", false), false);
  EXPECT_EQ(caa_permits(set({{"issue", "digicert.com"}, {"issuewild", ";"}}), "DigiCert Inc", true), false);
  EXPECT_EQ(caa_permits(set({{"issue", "digicert.com"}}), "DigiCert Inc", true), true);
  EXPECT_EQ(caa_permits(set({{"iodef", "mailto:a@b.c"}}), "Let's Encrypt", false), true);
  EXPECT_EQ(caa_permits(set({{"issue", "digicert.com"}}), "Somebody Else", false), std::nullopt);
  EXPECT_EQ(caa_permits({{0x80, "tbs", "x"}}, "Let's Encrypt", false), false);
}

struct WrongZone {
  const char* text;
  const char* where;
};

TEST(Expected, WrongFilesAreToldWithTheirLine) {
  const WrongZone rows[] = {
      {"[[record]]\nname = \"@\"\n", "f:1:1"},
      {"[[record]]\nname = \"@\"\ntype = \"XX\"\nvalue = []\n", "f:3:8"},
      {"[[record]]\nname = \"a..b\"\ntype = \"A\"\nvalue = []\n", "f:1:1"},
      {"domain = \"other.example\"\n", "f:1:10"},
      {"ignore = [\"@ XX\"]\n", "f:1:11"},
      {"recrod = []\n", "f:1:1"},
      {"[[record]]\nname = 3\ntype = \"A\"\nvalue = []\n", "f:2:8"},
      {"x = [\n", "f:1:7"},
  };
  for (const WrongZone& row : rows) {
    const auto zone = parse_expected_zone("f", row.text, "example.com");
    ASSERT_FALSE(zone) << row.text;
    EXPECT_EQ(zone.error().where, row.where) << row.text << zone.error().what;
  }
}

TEST(Expected, ValuesAreComparedByMeaning) {
  EXPECT_EQ(normal_value(RrType::Mx, "10   Mail.Example.COM."), "10 mail.example.com");
  EXPECT_EQ(normal_value(RrType::Mx, "0 ."), "0 .");
  EXPECT_EQ(normal_value(RrType::Aaaa, "2001:DB8:0::1"), "2001:db8::1");
  EXPECT_EQ(normal_value(RrType::Txt, "\"v=spf1 \" \"-all\""), "v=spf1 -all");
  EXPECT_EQ(normal_value(RrType::Txt, "a \"b\" c"), "a \"b\" c");
  EXPECT_EQ(normal_value(RrType::Caa, "0 ISSUE \"letsencrypt.org\""), "0 issue letsencrypt.org");
  EXPECT_EQ(normal_value(RrType::Ns, "NS1.example.com."), "ns1.example.com");
}

TEST(Expected, AnyTextSurvivesTheFile) {
  for (const std::string& text : {std::string("plain"), std::string("a \"quoted\" \\ one"),
                                  std::string("\x01\x7f tab\t"), std::string("\xff\xfe")}) {
    Record record;
    record.data = TxtData{{text}};
    ExpectedRecord wanted{"x.example.com", RrType::Txt, {record_value(record)}, false, 300, 0};
    const auto zone = parse_expected_zone("f", write_expected_zone("example.com", {wanted}), "example.com");
    ASSERT_TRUE(zone) << zone.error().what;
    EXPECT_EQ(zone->records.at(0).values, wanted.values);
    EXPECT_EQ(zone->records.at(0).ttl, 300u);
    EXPECT_EQ(zone->records.at(0).name, "x.example.com");
  }
}

}  // namespace
}  // namespace tightship::net
