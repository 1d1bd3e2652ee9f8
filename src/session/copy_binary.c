/*
 * copy_binary.c - COPY FROM's binary format: the header, and the fields of each tuple (PostgreSQL manual, COPY, Binary Format).
 *
 * Invariants:
 *  1. A tuple is taken when all of it has come; what has come of one that is not whole stays pending.
 *
 * Entered by the session's worker only.
 */
#include <arpa/inet.h>
#include <string.h>

#include "session/copy.h"

enum { SIGNATURE_LENGTH = 11, WITH_OIDS = 1 << 16 };

typedef struct Cursor {
    const CopyLines *lines;
    size_t at;
} Cursor;

static const char *take(Cursor *cursor, size_t len)
{
    if (cursor->lines->pending.len - cursor->at < len)
        return NULL;
    const char *bytes = cursor->lines->pending.data + cursor->at;
    cursor->at += len;
    return bytes;
}

static bool take_int32(Cursor *cursor, int32_t *out)
{
    uint32_t number;
    const char *bytes = take(cursor, sizeof number);
    if (!bytes)
        return false;
    memcpy(&number, bytes, sizeof number);
    *out = (int32_t)ntohl(number);
    return true;
}

static bool take_int16(Cursor *cursor, int *out)
{
    uint16_t number;
    const char *bytes = take(cursor, sizeof number);
    if (!bytes)
        return false;
    memcpy(&number, bytes, sizeof number);
    *out = (int16_t)ntohs(number);
    return true;
}

static CopyStep bad_format(Error *error, const char *message)
{
    error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT, "%s", message);
    return COPY_BROKEN;
}

/* What came to its end too early: more may come. */
static CopyStep cut(const CopyLines *lines, Error *error, const char *message)
{
    return lines->at_end ? bad_format(error, message) : COPY_WAIT;
}

static CopyStep take_header(CopyLines *lines, Error *error)
{
    static const char SIGNATURE[SIGNATURE_LENGTH] = "PGCOPY\n\377\r\n";
    Cursor cursor = {lines, lines->at};
    int32_t flags, extension;
    const char *signature = take(&cursor, SIGNATURE_LENGTH);
    if (!signature)
        return cut(lines, error, "COPY file signature not recognized");
    if (memcmp(signature, SIGNATURE, SIGNATURE_LENGTH) != 0)
        return bad_format(error, "COPY file signature not recognized");
    if (!take_int32(&cursor, &flags))
        return cut(lines, error, "invalid COPY file header (missing flags)");
    if (flags & WITH_OIDS)
        return bad_format(error, "invalid COPY file header (WITH OIDS)");
    if ((uint32_t)flags >> 16)
        return bad_format(error, "unrecognized critical flags in COPY file header");
    if (!take_int32(&cursor, &extension))
        return cut(lines, error, "invalid COPY file header (missing length)");
    if (extension < 0)
        return bad_format(error, "invalid COPY file header (missing length)");
    if (!take(&cursor, (size_t)extension))
        return cut(lines, error, "invalid COPY file header (wrong length)");
    lines->at = cursor.at;
    lines->has_header = true;
    return COPY_TUPLE;
}

static CopyStep take_tuple(Cursor *cursor, CopyField *fields, int nfields, int *column, Error *error)
{
    for (*column = 0; *column < nfields; ++*column) {
        int32_t length;
        if (!take_int32(cursor, &length))
            return cut(cursor->lines, error, "unexpected EOF in COPY data");
        if (length < -1)
            return bad_format(error, "invalid field size");
        fields[*column] = (CopyField){NULL, 0};
        if (length < 0)
            continue;
        const char *bytes = take(cursor, (size_t)length);
        if (!bytes)
            return cut(cursor->lines, error, "unexpected EOF in COPY data");
        fields[*column] = (CopyField){bytes, (size_t)length};
    }
    *column = -1;
    return COPY_TUPLE;
}

CopyStep copy_next_tuple(CopyLines *lines, CopyField *fields, int nfields, int *column, Error *error)
{
    int count;
    *column = -1;
    if (!lines->has_header) {
        CopyStep step = take_header(lines, error);
        if (step != COPY_TUPLE)
            return step;
    }
    Cursor cursor = {lines, lines->at};
    if (lines->finished && lines->at < lines->pending.len)
        return bad_format(error, "received copy data after EOF marker");
    if (lines->finished || (lines->at == lines->pending.len && lines->at_end))
        return COPY_END;
    if (!take_int16(&cursor, &count)) {
        lines->number += lines->at_end;
        return cut(lines, error, "unexpected EOF in COPY data");
    }
    if (count == -1) {
        lines->number++;
        lines->finished = true;
        lines->at = cursor.at;
        return copy_next_tuple(lines, fields, nfields, column, error);
    }
    if (count != nfields) {
        lines->number++;
        error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT, "row field count is %d, expected %d", count, nfields);
        return COPY_BROKEN;
    }
    CopyStep step = take_tuple(&cursor, fields, nfields, column, error);
    if (step == COPY_WAIT)
        return step;
    lines->number++;
    lines->at = cursor.at;
    return step;
}
