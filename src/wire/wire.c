/*
 * wire.c - one client's socket: whole messages in, buffered replies out.
 *
 * Invariants:
 *  1. The socket never blocks; where this file waits it does so in poll(2), in slices, so that a terminated session leaves.
 *  2. The input buffer grows with what has arrived, never with what a length word promises.
 *  3. After `broken` is set nothing is sent any more; every writer may still be called.
 *  4. An idle connection holds no buffers (wire_rest).
 *  5. Bytes go through transfer_in and transfer_out alone: in the clear, or by wire_tls.c.
 * Entered by the one thread that serves the session.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/wire_int.h"

/* The first buffers are of a size that malloc keeps at hand for its thread. */
enum { READ_SIZE = 1024, FLUSH_SIZE = 64 * 1024, KEEP_SIZE = 256 * 1024, POLL_SLICE_MS = 200 };

static void close_socket(void *arg)
{
    Wire *wire = arg;
    wire_tls_close(wire);
    free(wire->in.data);
    free(wire->out.data);
    if (wire->fd >= 0)
        close(wire->fd);
    wire->fd = -1;
    wire->in = wire->out = (WireBuffer){0};
}

Wire *wire_open(int fd, Arena *arena)
{
    Wire *wire = ARENA_NEW(arena, Wire);
    wire->fd = fd;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    wire->max_message = WIRE_MAX_AUTH_MESSAGE;
    arena_defer(arena, close_socket, wire);
    return wire;
}

int wire_fd(const Wire *wire)
{
    return wire->fd;
}

void wire_trust(Wire *wire)
{
    wire->max_message = WIRE_MAX_MESSAGE;
}

void wire_set_interrupted(Wire *wire, bool (*interrupted)(void *arg), void *arg)
{
    wire->interrupted = interrupted;
    wire->interrupted_arg = arg;
}

/* Room for `size` more bytes behind the buffer's end. */
static void make_room(WireBuffer *buffer, size_t size)
{
    if (buffer->start && buffer->start == buffer->end)
        buffer->start = buffer->end = 0;
    if (buffer->cap - buffer->end >= size)
        return;
    if (buffer->start) {
        memmove(buffer->data, buffer->data + buffer->start, buffer->end - buffer->start);
        buffer->end -= buffer->start;
        buffer->start = 0;
        if (buffer->cap - buffer->end >= size)
            return;
    }
    size_t cap = buffer->cap ? buffer->cap : READ_SIZE;
    while (cap - buffer->end < size)
        cap *= 2;
    char *data = realloc(buffer->data, cap);
    if (!data)
        abort();
    buffer->data = data;
    buffer->cap = cap;
}

static void release(WireBuffer *buffer)
{
    free(buffer->data);
    *buffer = (WireBuffer){0};
}

void wire_rest(Wire *wire)
{
    if (wire->in.start == wire->in.end)
        release(&wire->in);
    if (!wire->out.end)
        release(&wire->out);
}

bool wire_has_input(const Wire *wire)
{
    return wire->in.end > wire->in.start || (wire->ssl && wire_tls_has_read(wire));
}

bool wire_is_broken(const Wire *wire)
{
    return wire->broken;
}

/* ---- reading ---- */

static uint32_t get_uint32(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* As recv. errno EAGAIN: *events have to be waited for. */
static ssize_t transfer_in(Wire *wire, void *bytes, size_t size, short *events)
{
    *events = POLLIN;
    return wire->ssl ? wire_tls_read(wire, bytes, size, events) : recv(wire->fd, bytes, size, 0);
}

/* Takes what the socket has, without waiting for more. (An answer of TLS's own, which the client has asked for, has to go out first; who
 * does not read it holds its worker up, as who does not read its rows. Nobody else waits for that: the socket stays readable.) */
static WireStatus fill(Wire *wire)
{
    short events;
    make_room(&wire->in, READ_SIZE);
    for (;;) {
        ssize_t got = transfer_in(wire, wire->in.data + wire->in.end, wire->in.cap - wire->in.end, &events);
        if (got > 0) {
            wire->in.end += (size_t)got;
            return WIRE_MESSAGE;
        }
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            if (events == POLLIN)
                return WIRE_WAIT;
            if (wire_wait(wire, events))
                continue;
        }
        /* The client may have closed its sending side only: an answer is still tried after an orderly end. */
        wire->broken = got < 0;
        return WIRE_END;
    }
}

/* A whole message out of the buffer, if it is there. `header`: bytes before the length word. */
static WireStatus take(Wire *wire, size_t header, size_t max, WireMessage *message, Error *error)
{
    size_t have = wire->in.end - wire->in.start;
    if (have < header + 4)
        return WIRE_WAIT;
    const char *at = wire->in.data + wire->in.start;
    uint32_t len = get_uint32(at + header);
    if (len < 4 || len > max) {
        if (header)
            error_set(error, ERRCODE_PROTOCOL_VIOLATION, "invalid message length");
        else
            error_set(error, ERRCODE_PROTOCOL_VIOLATION, "invalid length of startup packet");
        return WIRE_BROKEN;
    }
    if (have < header + len)
        return WIRE_WAIT;
    *message = (WireMessage){.type = header ? at[0] : 0, .body = at + header + 4, .len = len - 4};
    wire->in.start += header + len;
    return WIRE_MESSAGE;
}

/* Types that may be long; all others are a few fields (the check keeps a desynchronised stream from swallowing the rest). */
static size_t longest(const Wire *wire, char type)
{
    static const char LONG_TYPES[] = "QPBdFp";
    if (!strchr(LONG_TYPES, type) || !type)
        return WIRE_MAX_STARTUP;
    return wire->max_message;
}

static WireStatus poll_message(Wire *wire, bool startup, WireMessage *message, Error *error)
{
    for (;;) {
        size_t max = startup ? WIRE_MAX_STARTUP : WIRE_MAX_MESSAGE;
        if (!startup && wire->in.end > wire->in.start) {
            char type = wire->in.data[wire->in.start];
            if (!strchr("QPBEDCHSXpFcdf", type) || !type) {
                error_set(error, ERRCODE_PROTOCOL_VIOLATION, "invalid frontend message type %d", (unsigned char)type);
                return WIRE_BROKEN;
            }
            max = longest(wire, type);
        }
        WireStatus status = take(wire, startup ? 0 : 1, max, message, error);
        if (status != WIRE_WAIT)
            return status;
        bool within = wire->in.end > wire->in.start;
        status = fill(wire);
        if (status == WIRE_END && within) {
            error_set(error, ERRCODE_PROTOCOL_VIOLATION, startup ? "incomplete startup packet" : "unexpected EOF within message");
            return WIRE_BROKEN;
        }
        if (status != WIRE_MESSAGE)
            return status;
    }
}

WireStatus wire_poll(Wire *wire, WireMessage *message, Error *error)
{
    return poll_message(wire, false, message, error);
}

WireStatus wire_poll_startup(Wire *wire, WireMessage *message, Error *error)
{
    return poll_message(wire, true, message, error);
}

void wire_set_timeout(Wire *wire, int milliseconds)
{
    wire->deadline = milliseconds > 0 ? clock_ms() + milliseconds : 0;
}

void wire_show_held_up(Wire *wire, atomic_bool *held_up)
{
    wire->held_up = held_up;
}

static bool wait_slices(Wire *wire, short events)
{
    for (;;) {
        struct pollfd fd = {.fd = wire->fd, .events = events};
        int ready = poll(&fd, 1, POLL_SLICE_MS);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
        if (wire->held_up)
            atomic_store(wire->held_up, true);
        if (wire->interrupted && wire->interrupted(wire->interrupted_arg))
            return false;
        if (wire->deadline && clock_ms() >= wire->deadline)
            return false;
    }
}

bool wire_wait(Wire *wire, short events)
{
    bool ready = wait_slices(wire, events);
    if (wire->held_up)
        atomic_store(wire->held_up, false);
    return ready;
}

bool wire_read(Wire *wire, WireMessage *message, Error *error)
{
    for (;;) {
        switch (poll_message(wire, false, message, error)) {
        case WIRE_MESSAGE:
            return true;
        case WIRE_END:
        case WIRE_BROKEN:
            return false;
        case WIRE_WAIT:
            if (!wire_flush(wire) || !wire_wait(wire, POLLIN))
                return false;
        }
    }
}

/* ---- writing ---- */

/* As send. */
static ssize_t transfer_out(Wire *wire, const void *bytes, size_t size, short *events)
{
    *events = POLLOUT;
    return wire->ssl ? wire_tls_write(wire, bytes, size, events) : send(wire->fd, bytes, size, MSG_NOSIGNAL);
}

bool wire_flush(Wire *wire)
{
    short events;
    WireBuffer *out = &wire->out;
    while (!wire->broken && out->start < out->end) {
        ssize_t sent = transfer_out(wire, out->data + out->start, out->end - out->start, &events);
        if (sent > 0) {
            out->start += (size_t)sent;
            continue;
        }
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && wire_wait(wire, events))
            continue;
        wire->broken = true;
    }
    out->start = out->end = 0;
    if (out->cap > KEEP_SIZE)
        release(out);
    return !wire->broken;
}

void wire_begin(Wire *wire, char type)
{
    make_room(&wire->out, 5);
    wire->message_start = wire->out.end;
    wire->out.data[wire->out.end] = type;
    wire->out.end += 5;
}

char *wire_room(Wire *wire, size_t len)
{
    make_room(&wire->out, len);
    return wire->out.data + wire->out.end;
}

void wire_filled(Wire *wire, size_t len)
{
    wire->out.end += len;
}

void wire_put_bytes(Wire *wire, const void *bytes, size_t len)
{
    make_room(&wire->out, len);
    memcpy(wire->out.data + wire->out.end, bytes, len);
    wire->out.end += len;
}

void wire_put_byte(Wire *wire, char value)
{
    wire_put_bytes(wire, &value, 1);
}

void wire_put_int16(Wire *wire, int16_t value)
{
    unsigned char bytes[2] = {(unsigned char)((uint16_t)value >> 8), (unsigned char)value};
    wire_put_bytes(wire, bytes, sizeof bytes);
}

void wire_put_int32(Wire *wire, int32_t value)
{
    uint32_t v = (uint32_t)value;
    unsigned char bytes[4] = {(unsigned char)(v >> 24), (unsigned char)(v >> 16), (unsigned char)(v >> 8), (unsigned char)v};
    wire_put_bytes(wire, bytes, sizeof bytes);
}

void wire_put_string(Wire *wire, const char *text)
{
    wire_put_bytes(wire, text, strlen(text) + 1);
}

void wire_put_answer(Wire *wire, char answer)
{
    wire_put_byte(wire, answer);
}

/* Takes back a message that was begun: it failed half-way. */
void wire_abandon(Wire *wire)
{
    wire->out.end = wire->message_start;
}

void wire_end(Wire *wire)
{
    uint32_t len = (uint32_t)(wire->out.end - wire->message_start - 1);
    unsigned char *at = (unsigned char *)wire->out.data + wire->message_start + 1;
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(len >> (24 - 8 * i));
    if (wire->broken)
        wire->out.end = wire->out.start = 0;
    else if (wire->out.end >= FLUSH_SIZE)
        wire_flush(wire);
}
