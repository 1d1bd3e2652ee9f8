/*
 * binary.c - big-endian integers in and out of the binary forms.
 *
 * Invariant: a reader that failed gives zeros from then on; the caller asks once, at the end (binary_read_end).
 *
 * Any thread.
 */
#include "type/type_int.h"

const char *binary_read_bytes(BinaryReader *reader, size_t len)
{
    if (reader->failed || reader->len - reader->at < len) {
        reader->failed = true;
        return NULL;
    }
    const char *bytes = reader->bytes + reader->at;
    reader->at += len;
    return bytes;
}

unsigned char binary_read_byte(BinaryReader *reader)
{
    const char *byte = binary_read_bytes(reader, 1);
    reader->no_byte |= !byte;
    return byte ? (unsigned char)*byte : 0;
}

uint64_t binary_read_uint(BinaryReader *reader, int size)
{
    const unsigned char *bytes = (const unsigned char *)binary_read_bytes(reader, (size_t)size);
    uint64_t value = 0;
    for (int i = 0; bytes && i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

int64_t binary_read_int(BinaryReader *reader, int size)
{
    int unused = 64 - 8 * size;
    return (int64_t)(binary_read_uint(reader, size) << unused) >> unused;
}

bool binary_read_end(const BinaryReader *reader, Error *error)
{
    if (reader->failed)
        return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "%s data left in message", reader->no_byte ? "no" : "insufficient");
    if (reader->at != reader->len)
        return error_set(error, ERRCODE_INVALID_BINARY_REPRESENTATION, "incorrect binary data format");
    return true;
}

void binary_write_uint(Str *out, uint64_t value, int size)
{
    char bytes[8];
    for (int i = 0; i < size; i++)
        bytes[i] = (char)(value >> 8 * (size - 1 - i));
    str_addn(out, bytes, (size_t)size);
}
