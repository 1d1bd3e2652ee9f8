/*
 * wire_int.h - what the files of src/wire share.
 */
#ifndef MEDLEY_WIRE_INT_H
#define MEDLEY_WIRE_INT_H

#include <sys/types.h>

#include "wire/wire.h"

struct ssl_st;

/* Bytes start..end of data are in use. */
typedef struct WireBuffer {
    char *data;
    size_t start, end, cap;
} WireBuffer;

struct Wire {
    int fd;
    struct ssl_st *ssl; /* NULL: in the clear */
    const WireTls *tls;
    bool broken;
    WireBuffer in, out;
    size_t message_start; /* in out: where the message being written begins */
    size_t max_message;
    int64_t deadline; /* monotonic milliseconds; 0: none */
    bool (*interrupted)(void *arg);
    void *interrupted_arg;
    atomic_bool *held_up; /* NULL: nobody looks */
};

/* Waits until the socket is ready for `events` (poll's). false: interrupted or out of time. */
bool wire_wait(Wire *wire, short events);

/* ---- wire_tls.c ---- */

/* As recv and send. errno EAGAIN: *events, which may be the other direction's, have to be waited for. */
ssize_t wire_tls_read(Wire *wire, void *bytes, size_t size, short *events);
ssize_t wire_tls_write(Wire *wire, const void *bytes, size_t size, short *events);
bool wire_tls_has_read(const Wire *wire); /* bytes that the socket has no more */
void wire_tls_close(Wire *wire);
/* The certificate's hash for channel binding, and its length; 0: there is none. */
size_t wire_tls_end_point(const Wire *wire, const unsigned char **out);

#endif
