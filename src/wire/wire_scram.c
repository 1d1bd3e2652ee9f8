/*
 * wire_scram.c - the server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), with channel binding to the server's certificate
 * (RFC 5929, tls-server-end-point) where the connection is one by TLS.
 *
 * Invariants:
 *  1. The exchange takes the same messages to its end whether the role exists, has a password, or neither.
 *  2. Proofs and keys are compared in constant time and wiped when done.
 * Entered by the one thread that serves the session; blocks, within the wire's timeout.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/scram.h"
#include "wire/wire_int.h"

enum { KEY = crypto_hash_sha256_BYTES, NONCE = 18, AUTH_SASL = 10, AUTH_SASL_CONTINUE = 11, AUTH_SASL_FINAL = 12 };

static const char MECHANISM[] = "SCRAM-SHA-256", BOUND_MECHANISM[] = "SCRAM-SHA-256-PLUS";
/* How the client's first message begins: with the flag for channel binding, and without an authorization identity. */
static const char BOUND[] = "p=tls-server-end-point,,";

typedef struct Exchange {
    Arena *arena;
    ScramSecret secret;
    bool doomed;             /* no secret: it must fail */
    const char *client_bare; /* client-first-message-bare */
    const char *server_first;
    bool may_bind, binds;
    const char *gs2_header; /* as the client sent it */
    const char *nonce;      /* the client's and ours */
} Exchange;

static bool malformed(Error *error, const char *detail)
{
    error_set(error, ERRCODE_PROTOCOL_VIOLATION, "malformed SCRAM message");
    return error_detail(error, "%s", detail);
}

static const char *encode(const unsigned char *bytes, size_t len, Arena *arena)
{
    size_t room = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
    return sodium_bin2base64(arena_alloc(arena, room), room, bytes, len, sodium_base64_VARIANT_ORIGINAL);
}

static void send_auth(Wire *wire, int code, const char *data)
{
    wire_begin(wire, 'R');
    wire_put_int32(wire, code);
    wire_put_bytes(wire, data, strlen(data));
    wire_end(wire);
}

static void hmac(const unsigned char key[KEY], const char *text, unsigned char out[KEY])
{
    crypto_auth_hmacsha256((unsigned char *)out, (const unsigned char *)text, strlen(text), key);
}

/* The value of attribute `name` at *at ("r=..."), which is moved behind it and its comma. */
static bool attribute(const char **at, char name, Arena *arena, const char **value)
{
    if ((*at)[0] != name || (*at)[1] != '=')
        return false;
    const char *from = *at + 2;
    size_t len = strcspn(from, ",");
    *value = arena_strndup(arena, from, len);
    *at = from + len + (from[len] == ',');
    return true;
}

static bool read_password_message(Wire *wire, WireMessage *message, Error *error)
{
    if (!wire_read(wire, message, error))
        return false;
    if (message->type != 'p')
        return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "expected SASL response, got message type %d", message->type);
    return true;
}

/* gs2-header: the flag for channel binding, then an authorization identity, which must be absent. */
static bool read_header(Exchange *exchange, const char *text, Error *error)
{
    bool is_bound = strncmp(text, BOUND, strlen(BOUND)) == 0;
    if (exchange->binds && !is_bound && strncmp(text, "p=", 2) == 0)
        return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "unsupported SCRAM channel-binding type \"%.*s\"", (int)strcspn(text + 2, ","),
                         text + 2);
    if (exchange->binds && !is_bound)
        return malformed(error, "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.");
    if (!exchange->binds && text[0] == 'y' && exchange->may_bind) {
        error_set(error, ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, "SCRAM channel binding negotiation error");
        return error_detail(error, "The client supports SCRAM channel binding but thinks the server does not.  However, this server does "
                                   "support channel binding.");
    }
    if (!exchange->binds && ((text[0] != 'n' && text[0] != 'y') || text[1] != ',' || text[2] != ','))
        return malformed(error, "Channel binding and authorization identity are not supported.");
    size_t length = exchange->binds ? strlen(BOUND) : strlen("n,,");
    exchange->gs2_header = arena_strndup(exchange->arena, text, length);
    exchange->client_bare = text + length;
    return true;
}

/* SASLInitialResponse: mechanism and client-first-message. */
static bool read_client_first(Wire *wire, Exchange *exchange, Error *error)
{
    WireMessage message;
    const char *mechanism, *bytes, *username, *nonce;
    int32_t len;
    if (!read_password_message(wire, &message, error) || !wire_get_string(&message, &mechanism, error))
        return false;
    exchange->binds = exchange->may_bind && strcmp(mechanism, BOUND_MECHANISM) == 0;
    if (!exchange->binds && strcmp(mechanism, MECHANISM) != 0)
        return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "client selected an invalid SASL authentication mechanism");
    if (!wire_get_int32(&message, &len, error))
        return false;
    if (len < 0)
        return malformed(error, "The message is empty.");
    if (!wire_get_bytes(&message, (size_t)len, &bytes, error) || !wire_get_end(&message, error))
        return false;
    if (memchr(bytes, '\0', (size_t)len))
        return malformed(error, "Message length does not match input length.");
    const char *text = arena_strndup(exchange->arena, bytes, (size_t)len);
    if (!read_header(exchange, text, error))
        return false;
    const char *at = exchange->client_bare;
    if (!attribute(&at, 'n', exchange->arena, &username) || !attribute(&at, 'r', exchange->arena, &nonce) || !nonce[0])
        return malformed(error, "Attribute expected, but not found.");
    for (const char *c = nonce; *c; c++)
        if (*c < 0x21 || *c > 0x7e)
            return malformed(error, "Non-printable characters in SCRAM nonce.");
    unsigned char own[NONCE];
    randombytes_buf(own, sizeof own);
    exchange->nonce = arena_printf(exchange->arena, "%s%s", nonce, encode(own, sizeof own, exchange->arena));
    return true;
}

static bool proof_fits(const Exchange *exchange, const unsigned char proof[KEY], const char *auth_message)
{
    unsigned char signature[KEY], client_key[KEY], stored[KEY];
    hmac(exchange->secret.stored_key, auth_message, signature);
    for (int i = 0; i < KEY; i++)
        client_key[i] = proof[i] ^ signature[i];
    crypto_hash_sha256(stored, client_key, KEY);
    bool fits = sodium_memcmp(stored, exchange->secret.stored_key, KEY) == 0;
    sodium_memzero(client_key, sizeof client_key);
    return fits && !exchange->doomed;
}

/* What attribute "c" has to be: the gs2-header, then what is bound to. */
static const char *wanted_binding(const Wire *wire, const Exchange *exchange)
{
    const unsigned char *hash;
    size_t length = wire_tls_end_point(wire, &hash), header = strlen(exchange->gs2_header);
    unsigned char *bytes = arena_alloc(exchange->arena, header + length + 1);
    memcpy(bytes, exchange->gs2_header, header);
    if (exchange->binds)
        memcpy(bytes + header, hash, length);
    return encode(bytes, header + (exchange->binds ? length : 0), exchange->arena);
}

/* client-final-message: "c=<gs2>,r=<nonce>,p=<proof>". */
static bool read_client_final(Wire *wire, Exchange *exchange, Error *error)
{
    Arena *arena = exchange->arena;
    WireMessage message;
    if (!read_password_message(wire, &message, error))
        return false;
    const char *text = arena_strndup(arena, message.body, message.len), *at = text, *binding, *nonce;
    if (strlen(text) != message.len)
        return malformed(error, "Message length does not match input length.");
    if (!attribute(&at, 'c', arena, &binding))
        return malformed(error, "Attribute \"c\" expected.");
    if (strcmp(binding, wanted_binding(wire, exchange)) != 0)
        return exchange->binds
                   ? error_set(error, ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, "SCRAM channel binding check failed")
                   : error_set(error, ERRCODE_PROTOCOL_VIOLATION, "unexpected SCRAM channel-binding attribute in client-final-message");
    if (!attribute(&at, 'r', arena, &nonce))
        return malformed(error, "Attribute \"r\" expected.");
    if (strcmp(nonce, exchange->nonce) != 0)
        return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "invalid SCRAM response"), error_detail(error, "Nonce does not match.");
    const char *proof_at = strstr(at, "p=");
    while (proof_at && proof_at != at && proof_at[-1] != ',')
        proof_at = strstr(proof_at + 1, "p=");
    unsigned char proof[KEY];
    size_t proof_len;
    if (!proof_at ||
        sodium_base642bin(proof, sizeof proof, proof_at + 2, strlen(proof_at + 2), NULL, &proof_len, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        proof_len != KEY)
        return malformed(error, "Malformed proof in client-final-message.");
    size_t without_proof = (size_t)(proof_at - text) - (proof_at > text);
    const char *auth_message = arena_printf(arena, "%s,%s,%.*s", exchange->client_bare, exchange->server_first, (int)without_proof, text);
    if (!proof_fits(exchange, proof, auth_message))
        return error_set(error, ERRCODE_INVALID_PASSWORD, "password authentication failed");
    unsigned char signature[KEY];
    hmac(exchange->secret.server_key, auth_message, signature);
    send_auth(wire, AUTH_SASL_FINAL, arena_printf(arena, "v=%s", encode(signature, KEY, arena)));
    return true;
}

static void wipe_and_close(Exchange *exchange)
{
    sodium_memzero(&exchange->secret, sizeof exchange->secret);
    arena_close(exchange->arena);
}

bool wire_scram_authenticate(Wire *wire, const char *secret, Error *error)
{
    Exchange exchange = {.arena = arena_open(NULL)};
    unsigned char seed[32];
    randombytes_buf(seed, sizeof seed);
    if (!secret || !scram_parse_secret(secret, &exchange.secret)) {
        exchange.doomed = true;
        if (!scram_parse_secret(wire_scram_mock_secret("", seed, exchange.arena), &exchange.secret))
            exchange.secret.iterations = 4096;
    }
    const unsigned char *hash;
    exchange.may_bind = wire_tls_end_point(wire, &hash) > 0;
    wire_begin(wire, 'R');
    wire_put_int32(wire, AUTH_SASL);
    if (exchange.may_bind)
        wire_put_string(wire, BOUND_MECHANISM);
    wire_put_string(wire, MECHANISM);
    wire_put_byte(wire, '\0');
    wire_end(wire);
    bool done = read_client_first(wire, &exchange, error);
    if (done) {
        exchange.server_first =
            arena_printf(exchange.arena, "r=%s,s=%s,i=%d", exchange.nonce,
                         encode(exchange.secret.salt, exchange.secret.salt_len, exchange.arena), exchange.secret.iterations);
        send_auth(wire, AUTH_SASL_CONTINUE, exchange.server_first);
        done = read_client_final(wire, &exchange, error);
    }
    wipe_and_close(&exchange);
    return done;
}

const char *wire_scram_mock_secret(const char *name, const unsigned char seed[32], Arena *arena)
{
    unsigned char salt[KEY], stored[KEY], server[KEY];
    hmac(seed, name, salt);
    randombytes_buf(stored, sizeof stored);
    randombytes_buf(server, sizeof server);
    return arena_printf(arena, "SCRAM-SHA-256$4096:%s$%s:%s", encode(salt, 16, arena), encode(stored, KEY, arena),
                        encode(server, KEY, arena));
}
