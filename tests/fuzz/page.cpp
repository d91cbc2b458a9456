#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "bundle/html.h"
#include "bundle/left_behind.h"
#include "bundle/packed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::bundle;
  const std::string_view text = tightship::as_text({data, size});
  const Page page = read_page(text);
  for (const Load& load : page.loads) {
    if (load.url.empty() || load.element.empty() || load.offset > size) std::abort();
  }
  if (page.loads.size() > kMaxLoads) std::abort();
  judge_left_behind("site/.env", text);
  for (const Packing packing : {Packing::Gzip, Packing::Brotli}) {
    constexpr std::uint64_t kMost = 1 << 20;
    const auto plain = unpack_file(packing, text, kMost);
    if (plain && plain->size() > kMost) std::abort();
    if (plain && !is_packed_form_of(packing, text, *plain) && packing == Packing::Brotli) std::abort();
  }
  is_page("", text);
  return 0;
}
