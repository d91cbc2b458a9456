#pragma once

// The frame of the HTML report. Sizes in rem and ch, so that it follows the reader's settings; colours by
// prefers-color-scheme; for print black on white with every fold opened by the browser that can.

#include <string_view>

namespace tightship::launch {

// {0}: title, escaped; {1}: kPageStyle.
inline constexpr std::string_view kPageHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Launch report: {0}</title>
<style>{1}</style></head><body>
)";

inline constexpr std::string_view kPageStyle = R"(
:root{--paper:#fff;--ink:#1c1e21;--soft:#5c6470;--line:#d9dde3;--block:#b3261e;--warn:#8a5a00;--clear:#1a6b3a;--shade:#f4f5f7}
@media(prefers-color-scheme:dark){:root{--paper:#15171a;--ink:#e7e9ec;--soft:#9aa3af;--line:#343a42;--block:#ff8a80;--warn:#f2b84b;--clear:#7bd49b;--shade:#1e2125}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1.5rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
header{border-left:.4rem solid var(--clear);padding:.25rem 1rem}
header.launch-blocker{border-color:var(--block)}
header.conversion-blocker{border-color:var(--warn)}
h1{font-size:1.5rem;margin:0;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
h2 small{font-weight:normal;color:var(--soft);font-size:.85rem}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
ol,ul{padding-left:2.2rem}
ol>li{margin:0 0 1rem}
li.launch-blocker::marker{color:var(--block);font-weight:bold}
li.conversion-blocker::marker{color:var(--warn);font-weight:bold}
p{margin:.2rem 0;overflow-wrap:anywhere}
.place,.effort,footer,small{color:var(--soft)}
.source{border:1px solid var(--line);border-radius:.25rem;padding:0 .35rem;font-size:.85rem}
code,pre{font:.9rem/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
pre{background:var(--shade);padding:.5rem .75rem;white-space:pre-wrap;margin:.3rem 0}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem}
th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
td.missing{color:var(--block)}
ul.boxes{list-style:none;padding-left:0}
footer{margin-top:2rem;border-top:1px solid var(--line);font-size:.85rem}
@media print{:root{--paper:#fff;--ink:#000;--soft:#333;--line:#999;--block:#000;--warn:#000;--clear:#000;--shade:#fff}body{max-width:none;padding:0}li,tr{break-inside:avoid}}
)";

}  // namespace tightship::launch
