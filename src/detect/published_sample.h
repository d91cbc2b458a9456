#pragma once

// Keys that a vendor publishes for everybody's local development: no secret, though they look like one.

#include <string_view>

namespace tightship::detect {

// The account key of the Azure Storage emulator, the key of the Azure Cosmos DB emulator, reCAPTCHA's test secret,
// the secret key of a local Supabase, the signing keys of a local QStash. Told by size, then by hash. O(size) for the sizes in question, else O(1).
bool is_published_sample(std::string_view secret);

}  // namespace tightship::detect
