#pragma once

// TIGHTSHIP_SANITIZED: built with the address or thread sanitizer, whose own allocator changes what a test
// of limits sees. gcc and clang tell it in different ways.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TIGHTSHIP_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TIGHTSHIP_SANITIZED
#endif
#endif
