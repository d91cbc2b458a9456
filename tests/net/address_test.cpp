#include "net/address.h"

#include <gtest/gtest.h>

namespace tightship::net {
namespace {

TEST(Address, Internal) {
  for (const char* text :
       {"127.0.0.1",       "10.1.2.3", "172.16.0.1", "172.31.255.255",  "192.168.1.1", "169.254.169.254",
        "100.64.0.1",      "0.0.0.0",  "224.0.0.1",  "255.255.255.255", "::1",         "::",
        "[::1]",           "fe80::1",  "fc00::1",    "fd12::1",         "ff02::1",     "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "::7f00:1"}) {
    EXPECT_TRUE(is_internal_address(text)) << text;
  }
  for (const char* text : {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2001:4860:4860::8888",
                           "::ffff:8.8.8.8", "64:ff9b::808:808", "example.com", ""}) {
    EXPECT_FALSE(is_internal_address(text)) << text;
  }
  EXPECT_TRUE(is_numeric_address("[2001:db8::1]"));
  EXPECT_FALSE(is_numeric_address("1.2.3"));
}

TEST(Address, Sites) {
  EXPECT_EQ(registrable_domain("www.example.co.uk"), "example.co.uk");
  EXPECT_EQ(registrable_domain("shop.vercel.app"), "shop.vercel.app") << "customers of a host are sites of their own";
  EXPECT_EQ(registrable_domain("co.uk"), "");
  EXPECT_EQ(registrable_domain("localhost"), "");
  EXPECT_EQ(registrable_domain("10.0.0.1"), "");
  EXPECT_TRUE(same_site("www.example.com", "cdn.example.com"));
  EXPECT_TRUE(same_site("localhost", "localhost"));
  EXPECT_FALSE(same_site("a.vercel.app", "b.vercel.app"));
  EXPECT_FALSE(same_site("example.com", "example.org"));
  EXPECT_FALSE(same_site("10.0.0.1", "10.0.0.2"));
}

}  // namespace
}  // namespace tightship::net
