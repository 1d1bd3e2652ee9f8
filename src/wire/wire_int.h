/*
 * wire_int.h - what the files of src/wire share.
 */
#ifndef MEDLEY_WIRE_INT_H
#define MEDLEY_WIRE_INT_H

#include "wire/wire.h"

/* Bytes start..end of data are in use. */
typedef struct WireBuffer {
    char *data;
    size_t start, end, cap;
} WireBuffer;

struct Wire {
    int fd;
    bool broken;
    WireBuffer in, out;
    size_t message_start; /* in out: where the message being written begins */
    size_t max_message;
    int64_t deadline; /* monotonic milliseconds; 0: none */
    bool (*interrupted)(void *arg);
    void *interrupted_arg;
    atomic_bool *held_up; /* NULL: nobody looks */
};

#endif
