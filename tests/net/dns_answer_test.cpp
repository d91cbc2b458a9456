// The store: aliases across messages, zones below, what counts as an answer.

#include "net/dns_answer.h"

#include <gtest/gtest.h>

namespace tightship::net {
namespace {

Record record(const std::string& name, RrType type, decltype(Record::data) data) {
  Record out;
  out.name = name;
  out.type = type;
  out.data = std::move(data);
  return out;
}

Answer answer(std::vector<Record> records, unsigned rcode = 0) {
  Answer out;
  out.state = AnswerState::Answered;
  out.message.response = true;
  out.message.rcode = rcode;
  out.message.answers = std::move(records);
  return out;
}

Record alias(const std::string& from, const std::string& to) { return record(from, RrType::Cname, NameData{to}); }

TEST(RecordStore, AsksOnceForEachQuestion) {
  RecordStore store;
  EXPECT_TRUE(store.lookup("Example.COM.", RrType::A).pending());
  EXPECT_TRUE(store.lookup("example.com", RrType::A).pending());
  ASSERT_EQ(store.take_wanted().size(), 1u);
  EXPECT_TRUE(store.take_wanted().empty());
}

TEST(RecordStore, FollowsAliasesInOneMessageAndAcross) {
  RecordStore store;
  store.put({"a.test", RrType::A, ""}, answer({alias("a.test", "b.test"), alias("b.test", "c.test")}));
  EXPECT_TRUE(store.lookup("a.test", RrType::A).pending());
  ASSERT_EQ(store.take_wanted().at(0).name, "c.test");
  store.put(
      {"c.test", RrType::A, ""},
      answer({record("c.test", RrType::A, make_address(reinterpret_cast<const std::uint8_t*>("\1\2\3\4"), false))}));
  const Lookup found = store.lookup("a.test", RrType::A);
  EXPECT_EQ(found.chain, (std::vector<std::string>{"b.test", "c.test"}));
  ASSERT_EQ(found.records.size(), 1u);
  EXPECT_EQ(data_of<Address>(*found.records[0])->text, "1.2.3.4");
}

TEST(RecordStore, AResolverThatStopsAtAnAliasMeansIt) {
  RecordStore store;
  Answer only = answer({alias("a.test", "b.test")});
  only.message.recursion_available = true;
  store.put({"a.test", RrType::A, ""}, only);
  EXPECT_TRUE(store.lookup("a.test", RrType::A).absent());
  EXPECT_TRUE(store.take_wanted().empty());
}

TEST(RecordStore, SeesLoops) {
  RecordStore store;
  store.put({"a.test", RrType::A, ""}, answer({alias("a.test", "b.test"), alias("b.test", "a.test")}));
  EXPECT_TRUE(store.lookup("a.test", RrType::A).loop);
  store.put({"s.test", RrType::A, ""}, answer({alias("s.test", "s.test")}));
  EXPECT_TRUE(store.lookup("s.test", RrType::A).loop);
}

TEST(RecordStore, WhatIsNoAnswer) {
  RecordStore store;
  store.put({"a.test", RrType::A, ""}, answer({}, 2));
  EXPECT_EQ(store.lookup("a.test", RrType::A).fault, "SERVFAIL");
  EXPECT_FALSE(store.lookup("a.test", RrType::A).absent());
  Answer cut = answer({});
  cut.message.truncated = true;
  store.put({"b.test", RrType::A, ""}, cut);
  EXPECT_FALSE(store.lookup("b.test", RrType::A).absent());
  store.put({"c.test", RrType::A, ""}, answer({}, 3));
  EXPECT_TRUE(store.lookup("c.test", RrType::A).absent());
  EXPECT_TRUE(store.lookup("c.test", RrType::A).nxdomain);
}

// RFC 9824: NOERROR, and an NSEC record of the name that says that there is no such name.
TEST(RecordStore, ANameThatIsDeniedWithoutNxdomain) {
  RecordStore store;
  for (const bool denied : {true, false}) {
    const std::string name = denied ? "gone.a.test" : "there.a.test";
    Answer none = answer({});
    none.message.authority.push_back(record(name, RrType::Nsec, NsecData{"\\000." + name, denied}));
    store.put({name, RrType::A, ""}, none);
    EXPECT_EQ(store.lookup(name, RrType::A).nxdomain, denied) << name;
  }
  // Of the target of an alias, and never of another name.
  Answer alias_to_none = answer({alias("www.a.test", "gone.b.test")});
  alias_to_none.message.recursion_available = true;
  alias_to_none.message.authority.push_back(record("gone.b.test", RrType::Nsec, NsecData{"x.b.test", true}));
  store.put({"www.a.test", RrType::A, ""}, alias_to_none);
  EXPECT_TRUE(store.lookup("www.a.test", RrType::A).nxdomain);
  Answer other = answer({});
  other.message.authority.push_back(record("gone.b.test", RrType::Nsec, NsecData{"x.b.test", true}));
  store.put({"here.a.test", RrType::A, ""}, other);
  EXPECT_FALSE(store.lookup("here.a.test", RrType::A).nxdomain);
}

TEST(RecordStore, ARoutedZoneIsAskedOfItsServerAndItsChildrenAreNot) {
  RecordStore store;
  store.route("a.test", "192.0.2.1:53");
  (void)store.get("www.a.test", RrType::A);
  (void)store.get("a.test", RrType::Ds);
  (void)store.get("b.test", RrType::A);
  const auto wanted = store.take_wanted();
  ASSERT_EQ(wanted.size(), 3u);
  EXPECT_EQ(wanted[0].server, "");              // a.test DS
  EXPECT_EQ(wanted[1].server, "");              // b.test
  EXPECT_EQ(wanted[2].server, "192.0.2.1:53");  // www.a.test
  Answer referral = answer({});
  referral.message.authority.push_back(record("sub.a.test", RrType::Ns, NameData{"ns.sub.a.test"}));
  store.put({"x.sub.a.test", RrType::A, "192.0.2.1:53"}, referral);
  EXPECT_TRUE(store.get("x.sub.a.test", RrType::A).pending());
  EXPECT_EQ(store.take_wanted().at(0).server, "");
}

TEST(RecordStore, HasALimit) {
  RecordStore store;
  for (std::size_t i = 0; i < kMaxQuestions + 10; ++i) (void)store.get("n" + std::to_string(i) + ".test", RrType::A);
  EXPECT_TRUE(store.overflowed());
  EXPECT_EQ(store.take_wanted().size(), kMaxQuestions);
}

}  // namespace
}  // namespace tightship::net
