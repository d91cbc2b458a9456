// Statements of SQL.

#include <cstdint>

#include "base/bytes.h"
#include "lint/sql.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view text = as_text(Bytes(data, size));
  for (const lint::SqlStatement& statement : lint::sql_statements(text)) {
    for (std::size_t i = 0; i < statement.tokens.size() && i < 100; ++i) {
      static_cast<void>(statement.close(i));
    }
    static_cast<void>(statement.find("with"));
  }
  return 0;
}
