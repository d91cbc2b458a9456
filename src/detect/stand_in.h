#pragma once

// Values that say in words that they stand for a secret: "my-password", "enter_your_token", "typeinastrongpassword",
// "wrong-password". The one judge of it for assignments, for URLs and for Basic credentials.

#include <string_view>

namespace tightship::detect {

// Whether `value` is put together of nothing but such words, joints and at most five digits, or is one character
// repeated. Words that only tell what to do ("enter", "type in a strong") count beside a word for a secret and one
// that tells to do it: "strongpassword" and "secure" may be somebody's password. False for "". Caseless; O(size).
bool is_stand_in(std::string_view value);

// Of these only what asks for a secret: "yourpasswordhere", "enter-password".
bool asks_for_secret(std::string_view value);

// Whether `value` has the form of a key whose random part is words or counted digits: "sk-test1", "pk_legacy_1234",
// "tr_preview_1234567890". A password may look so.
bool is_made_up_key(std::string_view value);

}  // namespace tightship::detect
