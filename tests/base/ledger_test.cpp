#include "base/ledger.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace tightship {
namespace {

Loss loss(LossKind kind, const std::string& where = "a") { return {kind, "gone", where, ""}; }

TEST(Ledger, BeginsEmpty) {
  const Ledger ledger;
  EXPECT_TRUE(ledger.empty());
  EXPECT_TRUE(ledger.entries().empty());
}

TEST(Ledger, CountsByKind) {
  Ledger ledger;
  ledger.add(loss(LossKind::ChangedFile, "x"));
  ledger.add_many(loss(LossKind::MissingObject), 5);
  EXPECT_FALSE(ledger.empty());
  EXPECT_EQ(ledger.total(), 6U);
  EXPECT_EQ(ledger.total(LossKind::MissingObject), 5U);
  EXPECT_EQ(ledger.total(LossKind::CorruptPack), 0U);
  ASSERT_EQ(ledger.entries().size(), 2U);
  EXPECT_EQ(ledger.entries()[0].where, "x");
}

TEST(Ledger, NoLossesLeaveItEmpty) {
  Ledger ledger;
  ledger.add_many(loss(LossKind::MissingObject), 0);
  EXPECT_TRUE(ledger.empty());
  EXPECT_TRUE(ledger.entries().empty());
}

TEST(Ledger, KeepsABoundedNumberAndCountsAll) {
  Ledger ledger;
  for (std::size_t i = 0; i < Ledger::kMaxEntries + 7; ++i) {
    ledger.add(loss(LossKind::UnreadableFile, std::to_string(i)));
  }
  EXPECT_EQ(ledger.entries().size(), Ledger::kMaxEntries);
  EXPECT_EQ(ledger.entries().front().where, "0");
  EXPECT_EQ(ledger.total(), Ledger::kMaxEntries + 7);
}

TEST(Ledger, TakesLossesOfManyThreads) {
  Ledger ledger;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&ledger] {
      for (int i = 0; i < 1000; ++i) ledger.add(loss(LossKind::CorruptObject));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ledger.total(LossKind::CorruptObject), 4000U);
}

TEST(LossKind, HasOneNameEach) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kLossKinds; ++i) names.insert(loss_kind_name(static_cast<LossKind>(i)));
  EXPECT_EQ(names.size(), kLossKinds);
  EXPECT_EQ(names.count("unknown"), 0U);
}

}  // namespace
}  // namespace tightship
