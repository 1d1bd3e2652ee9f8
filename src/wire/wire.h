/*
 * wire.h - the frontend/backend protocol 3.0 (PostgreSQL manual, chapter 55): bytes to messages, replies to bytes. Knows no SQL.
 *
 * A Wire is one client's connection, used by one thread at a time. Output is buffered and leaves on wire_flush or when the buffer is full
 * (blocking: back-pressure). Anything malformed, truncated or oversized is 08P01 and the end of that connection.
 */
#ifndef MEDLEY_WIRE_H
#define MEDLEY_WIRE_H

#include <stdatomic.h>

#include "base/base.h"
#include "medley/fdw.h"
#include "type/type.h"

typedef struct Wire Wire;

enum { WIRE_MAX_MESSAGE = 256 * 1024 * 1024, WIRE_MAX_STARTUP = 10000, WIRE_MAX_AUTH_MESSAGE = 65535 };

/* Takes over the socket. */
Wire *wire_open(int fd, Arena *arena);
int wire_fd(const Wire *wire);
/* Whether bytes of a further message are already buffered (no need to wait on the socket). */
bool wire_has_input(const Wire *wire);

/* What TLS needs of the server: certificate and key, as files in PEM. Errors: F0000 not readable, not fitting, a key that others may read.
 */
typedef struct WireTls WireTls;
WireTls *wire_tls_open(const char *certificate, const char *key, Arena *arena, Error *error);
/* The handshake, after the answer 'S' was flushed. Blocks, within the wire's timeout. false: the connection is at its end. */
bool wire_tls_accept(Wire *wire, const WireTls *tls, Error *error) MUST_CHECK;
typedef struct WireTlsShown {
    const char *version, *cipher; /* static */
    int bits;
} WireTlsShown;
bool wire_tls_shown(const Wire *wire, WireTlsShown *out); /* false: in the clear */

typedef struct WireMessage {
    char type;        /* 0: start-up packet */
    const char *body; /* valid until the next wire_read */
    size_t len;
    size_t at; /* the readers' place */
} WireMessage;

/* Messages are short until the client is known: then wire_trust. */
void wire_trust(Wire *wire);
/* Polled (a few times a second) while the wire waits for its client: true ends the wait as if the client were gone. */
void wire_set_interrupted(Wire *wire, bool (*interrupted)(void *arg), void *arg);
/* Where to show other threads that the client has made us wait for a while, for what it does not read or does not send. */
void wire_show_held_up(Wire *wire, atomic_bool *held_up);
/* From now, for all waiting; 0: none. */
void wire_set_timeout(Wire *wire, int milliseconds);
/* Frees what an idle connection needs not hold. */
void wire_rest(Wire *wire);
bool wire_is_broken(const Wire *wire);

/* Never waits for input: WIRE_WAIT when no whole message is there yet, WIRE_END when the client is gone, WIRE_BROKEN with the error set. */
typedef enum WireStatus { WIRE_MESSAGE, WIRE_WAIT, WIRE_END, WIRE_BROKEN } WireStatus;

/* Blocks until a whole message is there. false: connection at its end (error unset) or protocol violation (error set). */
bool wire_read(Wire *wire, WireMessage *message, Error *error) MUST_CHECK;

WireStatus wire_poll_startup(Wire *wire, WireMessage *message, Error *error);
WireStatus wire_poll(Wire *wire, WireMessage *message, Error *error);

/* Readers of a message's fields; a failure is 08P01. */
bool wire_get_int16(WireMessage *message, int16_t *out, Error *error) MUST_CHECK;
bool wire_get_int32(WireMessage *message, int32_t *out, Error *error) MUST_CHECK;
bool wire_get_byte(WireMessage *message, char *out, Error *error) MUST_CHECK;
bool wire_get_string(WireMessage *message, const char **out, Error *error) MUST_CHECK;
bool wire_get_bytes(WireMessage *message, size_t len, const char **out, Error *error) MUST_CHECK;
bool wire_get_end(const WireMessage *message, Error *error) MUST_CHECK; /* nothing may be left */

/* Writers: begin, fields, end. All cheap, all into the buffer. */
void wire_begin(Wire *wire, char type);
void wire_put_byte(Wire *wire, char value);
void wire_put_int16(Wire *wire, int16_t value);
void wire_put_int32(Wire *wire, int32_t value);
void wire_put_string(Wire *wire, const char *text);
/* Room for so many bytes of the message that was begun; wire_filled says how many were written there. */
char *wire_room(Wire *wire, size_t len);
void wire_filled(Wire *wire, size_t len);
void wire_put_bytes(Wire *wire, const void *bytes, size_t len);
void wire_end(Wire *wire);
void wire_abandon(Wire *wire);                 /* takes back the message that was begun */
void wire_empty(Wire *wire, char type);        /* a message without fields */
void wire_put_answer(Wire *wire, char answer); /* the bare byte that answers SSLRequest and GSSENCRequest */
/* false: the client is gone. */
bool wire_flush(Wire *wire);

void wire_error(Wire *wire, const Error *error);   /* ErrorResponse */
void wire_notice(Wire *wire, const Error *notice); /* NoticeResponse */
void wire_ready(Wire *wire, char transaction_status);
void wire_complete(Wire *wire, const char *tag);
void wire_parameter_status(Wire *wire, const char *name, const char *value);

/* SCRAM-SHA-256 (RFC 5802, 7677), over TLS with channel binding where the client wants it, with the stored secret of a role
 * ("SCRAM-SHA-256$<iterations>:<salt>$<stored>:<server>"; NULL: no such role or no password; the exchange is then played to its failing
 * end). Sends AuthenticationOk itself not. */
bool wire_scram_authenticate(Wire *wire, const char *secret, Error *error) MUST_CHECK;
/* A secret that no password fits, always the same for one name and seed, so that a missing role looks like one with a password. */
const char *wire_scram_mock_secret(const char *name, const unsigned char seed[32], Arena *arena);

#endif
