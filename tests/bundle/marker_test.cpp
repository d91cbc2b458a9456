#include "bundle/marker.h"

#include <gtest/gtest.h>

namespace tightship::bundle {
namespace {

// Subjects of all marks in `content`, Gemini's host aside.
std::vector<std::string> marks(std::string_view content) {
  std::vector<std::string> subjects;
  for (const MarkerLiteral& literal : marker_literals()) {
    for (std::size_t at = content.find(literal.bytes); at != std::string_view::npos;
         at = content.find(literal.bytes, at + 1)) {
      const auto mark = judge_marker(literal, content, at);
      if (mark && mark->kind != MarkerKind::Gemini) subjects.push_back(mark->subject);
    }
  }
  return subjects;
}

struct Row {
  const char* content;
  const char* subject;  // null: nothing is said
};

const Row kRows[] = {
    {R"(fetch("http://localhost:3000/api"))", "http://localhost:3000"},
    {R"(const e=`http://127.0.0.1:8080`)", "http://127.0.0.1:8080"},
    {R"(new WebSocket("ws://localhost:4000"))", "ws://localhost:4000"},
    {R"(new URL(e,"http://localhost"))", nullptr},                   // a base, in every router
    {R"(GOTRUE_URL="http://localhost:9999")", nullptr},              // a library's default
    {R"(throw Error("try http://localhost:3000 first"))", nullptr},  // a message
    {R"({type:"text",placeholder:"http://localhost:3000"})", nullptr},
    {"x\n// see \"http://localhost:3000\"\ny", nullptr},
    {"/*! \"http://localhost:3000\" */", nullptr},
    {R"("https://localhost.example.com:8443/")", nullptr},
    {R"(b=location.origin==="file://"?"http://localhost:8000":"")", nullptr},
    {R"(b="localhost"===location.hostname?"http://localhost:3001":"https://api.acme.io")", nullptr},
    {R"(b=c?"http://localhost:3001":"https://api.acme.io")", "http://localhost:3001"},
    {R"(a="https://api.staging.acme.com/v1")", "https://api.staging.acme.com"},
    {R"(a="https://acme-staging.web.app")", "https://acme-staging.web.app"},
    {R"(a="https://staginghouse.com")", nullptr},
    {R"("staging"===e)", nullptr},
    {R"(a="https://1a2b.ngrok-free.app/hook")", "https://1a2b.ngrok-free.app"},
    {R"(a="http://10.0.3.7:9200")", "http://10.0.3.7:9200"},
    {R"(a="http://192.168.1.20/")", "http://192.168.1.20"},
    {R"(a="http://172.20.0.1")", "http://172.20.0.1"},
    {R"(a="http://172.40.0.1")", nullptr},
    {R"(a="http://10.10.10.300")", nullptr},
    {R"(a="https://db.prod.internal:5432")", "https://db.prod.internal:5432"},
    {R"(a="http://metadata.google.internal")", nullptr},
    {R"(e.internal="http://x.com")", nullptr},
    {R"(eval("a()\n//# sourceURL=webpack-internal:///./a.js"))", "webpack in development mode"},
    {R"(<script type="module" src="/@vite/client"></script>)", "Vite's development client"},
    {R"(new OpenAI({apiKey:k,dangerouslyAllowBrowser:!0}))", "dangerouslyAllowBrowser"},
    {R"(new OpenAI({ apiKey, dangerouslyAllowBrowser: true });)", nullptr},  // the SDK's own message
    {R"({apiKey:e,dangerouslyAllowBrowser:t=!1})", nullptr},
    {R"("User-Agent":`Stripe/v1 NodeBindings/${e}`)", "Stripe's server SDK (stripe)"},
    {R"(if("s3same!"===e.password)t())", "password"},
    {R"(if(form.adminPassword === 'letmein') open())", "adminPassword"},
    {R"(return "4711"==this.state.passcode)", "passcode"},
    {R"(input.password=="Acme2026"&&go())", "password"},
    {R"("password1"===e.type)", nullptr},
    {R"(e.password==="string"||"undefined"===typeof e.password)", nullptr},
    {R"(t.errors.password==="password.too_short")", nullptr},
    {R"("auth/wrong-password"===e.code)", nullptr},
    {R"(e.password===e.password2)", nullptr},
    {R"(e.password==="")", nullptr},
    {R"(e.password="hunter2";)", nullptr},  // an assignment: traced or found by other means
    {R"(if(e.confirmPassword!=="abc123")return!1)", "confirmPassword"},
    {R"("abc123"!=e.password)", "password"},
    {R"(e.passwordLength==="12345")", nullptr},
    {R"(`x${a}1`===e.password)", nullptr},
    {R"("X-Firebase-Client":`fire-admin-node/13`)", "Firebase's admin SDK (firebase-admin)"},
};

TEST(Marker, Table) {
  for (const Row& row : kRows) {
    const auto found = marks(row.content);
    if (row.subject == nullptr)
      EXPECT_TRUE(found.empty()) << row.content << " gives " << (found.empty() ? "" : found[0]);
    else
      EXPECT_EQ(found, std::vector<std::string>{row.subject}) << row.content;
  }
}

TEST(Marker, AtTheEdges) {
  for (const MarkerLiteral& literal : marker_literals()) {
    EXPECT_NO_FATAL_FAILURE(static_cast<void>(judge_marker(literal, literal.bytes, 0)));
  }
}

}  // namespace
}  // namespace tightship::bundle
