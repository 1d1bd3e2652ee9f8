/*
 * scram.h - SCRAM-SHA-256 secrets (RFC 5802, RFC 7677), in the form PostgreSQL's pg_authid.rolpassword has.
 */
#ifndef MEDLEY_BASE_SCRAM_H
#define MEDLEY_BASE_SCRAM_H

#include "base/base.h"

typedef struct ScramSecret {
    int iterations;
    unsigned char salt[64];
    size_t salt_len;
    unsigned char stored_key[32], server_key[32];
} ScramSecret;

/* "SCRAM-SHA-256$4096:<salt>$<stored>:<server>", a fresh salt each time. */
const char *scram_make_secret(const char *password, Arena *arena);
/* false: not such a text. */
bool scram_parse_secret(const char *text, ScramSecret *out);

#endif
