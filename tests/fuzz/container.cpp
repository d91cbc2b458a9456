#include "unpack/unpack.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace tightship;

struct Counter : unpack::Visitor {
  void name(std::string_view member, std::size_t own) override {
    if (own > member.size()) std::abort();
  }
  bool wants(std::string_view, Bytes head) override { return head.empty() || head.front() % 4 != 0; }
  void visit(std::string_view, Bytes content) override {
    bytes += content.size();
    if (content.size() > kMember) {
      if (content.size() > input) std::abort();
    }
  }
  void problem(unpack::Problem problem) override {
    if (problem.what.empty()) std::abort();
    ++problems;
  }
  static constexpr std::uint64_t kMember = 1u << 20;
  std::uint64_t bytes = 0, problems = 0, input = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  unpack::Limits limits;
  limits.member = Counter::kMember;
  limits.total = 4u << 20;
  limits.members = 200;
  Counter counter;
  counter.input = size;
  const Bytes content(data, size);
  const unpack::Opened opened = unpack::open_container(content, limits, counter);
  if (opened.members > limits.members) std::abort();
  if (!unpack::is_container(content) && counter.problems == 0) std::abort();
  if (unpack::may_begin_container(content) && !unpack::is_container(content)) std::abort();
  return 0;
}
