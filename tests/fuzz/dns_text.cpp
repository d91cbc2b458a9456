#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/dkim.h"
#include "net/dmarc.h"
#include "net/dns_expect.h"
#include "net/dns_name.h"
#include "net/mta_sts.h"
#include "net/site_config.h"
#include "net/spf_record.h"

// Every text that a stranger's DNS or web server can hand us, and the files of ours that come from repositories.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::net;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 7) {
    case 0:
      if (is_spf_record(text)) {
        for (const SpfTerm& term : parse_spf_record(text).terms) {
          if (!term.macro && !term.domain.empty() && !encode_name(term.domain)) std::abort();
        }
      }
      break;
    case 1:
      if (is_dmarc_record(text)) (void)parse_dmarc_record(text);
      break;
    case 2: (void)parse_dkim_key(text); break;
    case 3: (void)parse_mta_sts_policy(text); break;
    case 4: (void)parse_expected_zone("f", text, "example.test"); break;
    case 5: (void)parse_site_config("f", text); break;
    default:
      if (encode_name(text)) (void)label_starts(text);
      break;
  }
  return 0;
}
