/*
 * scram.c - SCRAM-SHA-256 secrets: made from a password, and read back.
 *
 * A password is taken as its UTF-8 bytes; SASLprep (RFC 4013), which changes only some characters beyond ASCII, is not applied: such a
 * password must be given in its composed form.
 *
 * Invariants:
 *  1. Derived keys and the salted password are wiped before their memory is given back.
 * Re-entrant.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/scram.h"

enum { ITERATIONS = 4096, SALT = 16, KEY = crypto_auth_hmacsha256_BYTES };

/* HMAC over one or two pieces, with a key of any length. */
static void hmac(const void *key, size_t key_len, const void *bytes, size_t len, unsigned char out[KEY])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_len);
    crypto_auth_hmacsha256_update(&state, bytes, len);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

/* Hi() of RFC 5802: PBKDF2 with one block. */
static void salt_password(const char *password, const unsigned char *salt, size_t salt_len, int iterations, unsigned char out[KEY])
{
    unsigned char first[64 + 4], round[KEY];
    size_t len = strlen(password);
    memcpy(first, salt, salt_len);
    memcpy(first + salt_len, "\0\0\0\1", 4);
    hmac(password, len, first, salt_len + 4, round);
    memcpy(out, round, KEY);
    for (int i = 1; i < iterations; i++) {
        hmac(password, len, round, KEY, round);
        for (int j = 0; j < KEY; j++)
            out[j] ^= round[j];
    }
    sodium_memzero(round, sizeof round);
}

static const char *encode(const unsigned char *bytes, size_t len, Arena *arena)
{
    size_t room = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
    return sodium_bin2base64(arena_alloc(arena, room), room, bytes, len, sodium_base64_VARIANT_ORIGINAL);
}

const char *scram_make_secret(const char *password, Arena *arena)
{
    unsigned char salt[SALT], salted[KEY], client[KEY], stored[KEY], server[KEY];
    randombytes_buf(salt, sizeof salt);
    salt_password(password, salt, sizeof salt, ITERATIONS, salted);
    hmac(salted, KEY, "Client Key", 10, client);
    crypto_hash_sha256(stored, client, KEY);
    hmac(salted, KEY, "Server Key", 10, server);
    const char *secret = arena_printf(arena, "SCRAM-SHA-256$%d:%s$%s:%s", ITERATIONS, encode(salt, SALT, arena), encode(stored, KEY, arena),
                                      encode(server, KEY, arena));
    sodium_memzero(salted, sizeof salted);
    sodium_memzero(client, sizeof client);
    return secret;
}

/* Base64 of exactly `want` bytes (0: any that fit), up to `end`. */
static bool decode(const char *text, const char *end, unsigned char *out, size_t room, size_t want, size_t *len)
{
    return sodium_base642bin(out, room, text, (size_t)(end - text), NULL, len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
           (want ? *len == want : *len > 0);
}

bool scram_parse_secret(const char *text, ScramSecret *out)
{
    static const char PREFIX[] = "SCRAM-SHA-256$";
    char *end;
    size_t len;
    if (strncmp(text, PREFIX, sizeof PREFIX - 1) != 0)
        return false;
    long iterations = strtol(text + sizeof PREFIX - 1, &end, 10);
    const char *salt = end + 1, *stored = *end == ':' ? strchr(salt, '$') : NULL, *server = stored ? strchr(stored, ':') : NULL;
    if (!server || iterations < 1 || iterations > 10000000)
        return false;
    out->iterations = (int)iterations;
    return decode(salt, stored, out->salt, sizeof out->salt, 0, &out->salt_len) &&
           decode(stored + 1, server, out->stored_key, sizeof out->stored_key, sizeof out->stored_key, &len) &&
           decode(server + 1, server + strlen(server), out->server_key, sizeof out->server_key, sizeof out->server_key, &len);
}
