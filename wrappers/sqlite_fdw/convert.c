/*
 * convert.c - SQLite's dynamically typed values as values of the declared type.
 *
 * In SQLite any column may hold any kind of value. What has a meaning in the declared type is converted, exactly; what has none is the
 * input function's error (22P02, 22003, ...):
 *  - text: the input function of the declared type reads it;
 *  - integer: a number; in a boolean column 0 or 1; in date and timestamp columns seconds since 1970-01-01 UTC (SQLite's "unixepoch");
 *  - real: a number, in a text column as SQLite writes it; an integer column takes it when it is whole; in date and timestamp columns a
 * Julian day number;
 *  - blob: the bytes of a bytea, the 16 bytes of a uuid; nothing else.
 *
 * Any thread, one a statement.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite_fdw.h"

/* PostgreSQL's type OIDs. */
enum { TEXTOID = 25, VARCHAROID = 1043, NUMERICOID = 1700 };

static const int64_t DAY_MICROS = INT64_C(86400000000);
static const double UNIX_EPOCH_JULIAN = 2440587.5;

typedef struct Cell {
    FdwCall *call;
    FdwVector *vector;
    size_t row;
    sqlite3_stmt *statement;
    int column;
} Cell;

static bool set_text(const Cell *cell, const char *text, size_t length)
{
    return cell->call->host->set_text(cell->call, cell->vector, cell->row, text, length);
}

/* ---- UTF-8: SQLite does not check what it stores ---- */

static bool is_utf8(const unsigned char *at, size_t length)
{
    for (const unsigned char *end = at + length; at < end;) {
        unsigned char lead = *at;
        int more = lead < 0x80 ? 0 : lead >= 0xC2 && lead <= 0xDF ? 1 : (lead & 0xF0) == 0xE0 ? 2 : lead >= 0xF0 && lead <= 0xF4 ? 3 : -1;
        if (more < 0 || end - at <= more || lead == 0)
            return false;
        for (int i = 1; i <= more; i++)
            if ((at[i] & 0xC0) != 0x80)
                return false;
        if ((lead == 0xE0 && at[1] < 0xA0) || (lead == 0xED && at[1] > 0x9F) || (lead == 0xF0 && at[1] < 0x90) ||
            (lead == 0xF4 && at[1] > 0x8F))
            return false;
        at += more + 1;
    }
    return true;
}

/* ---- by the kind of value ---- */

static bool is_plain_text(const FdwType *type)
{
    return type->oid == TEXTOID || (type->oid == VARCHAROID && type->typmod < 0);
}

static bool from_text(const Cell *cell)
{
    const char *text = (const char *)sqlite3_column_text(cell->statement, cell->column);
    size_t length = (size_t)sqlite3_column_bytes(cell->statement, cell->column);
    const FdwType *type = &cell->vector->type;
    bool as_is = is_plain_text(type);
    if (!is_utf8((const unsigned char *)text, length))
        return sqlite_fail(cell->call, "22021", "invalid byte sequence for encoding \"UTF8\"");
    if (!as_is && type->physical != FDW_BYTES)
        return set_text(cell, text, length);
    cell->call->host->set_string(cell->vector, cell->row, text, length);
    return true;
}

static bool from_blob(const Cell *cell)
{
    const unsigned char *bytes = sqlite3_column_blob(cell->statement, cell->column);
    size_t length = (size_t)sqlite3_column_bytes(cell->statement, cell->column);
    if (cell->vector->type.physical == FDW_BYTES) {
        cell->call->host->set_string(cell->vector, cell->row, bytes ? (const char *)bytes : "", length);
        return true;
    }
    if (cell->vector->type.physical != FDW_UUID || length != 16)
        return sqlite_fail(cell->call, "HV004", "a blob of %zu bytes is no value of the declared type", length);
    FdwInt128 value = {0};
    for (int i = 0; i < 8; i++) {
        value.upper = (int64_t)((uint64_t)value.upper << 8 | bytes[i]);
        value.lower = value.lower << 8 | bytes[8 + i];
    }
    value.upper ^= INT64_MIN;
    ((FdwInt128 *)cell->vector->data)[cell->row] = value;
    return true;
}

static bool integer_as_text(const Cell *cell, int64_t value)
{
    char text[32];
    return set_text(cell, text, (size_t)snprintf(text, sizeof text, "%lld", (long long)value));
}

/* Seconds since 1970, for types that are points in time. false: not one of them, or out of range. */
static bool set_seconds(const Cell *cell, int64_t seconds)
{
    FdwVector *vector = cell->vector;
    /* Years -4713 to 294246, as PostgreSQL's timestamps. */
    if (seconds < INT64_C(-210866803200) || seconds > INT64_C(9223371331199))
        return false;
    if (vector->type.physical == FDW_DATE) {
        int64_t days = seconds / 86400 - (seconds % 86400 < 0);
        ((int32_t *)vector->data)[cell->row] = (int32_t)days;
        return true;
    }
    ((int64_t *)vector->data)[cell->row] = seconds * 1000000;
    return true;
}

static bool is_point_in_time(FdwPhysical physical)
{
    return physical == FDW_DATE || physical == FDW_TIMESTAMP || physical == FDW_TIMESTAMPTZ;
}

static bool from_integer(const Cell *cell)
{
    int64_t value = sqlite3_column_int64(cell->statement, cell->column);
    FdwVector *vector = cell->vector;
    switch (vector->type.physical) {
    case FDW_BOOL:
        if (value != 0 && value != 1)
            break;
        ((uint8_t *)vector->data)[cell->row] = (uint8_t)value;
        return true;
    case FDW_INT16:
        if (value != (int16_t)value)
            break;
        ((int16_t *)vector->data)[cell->row] = (int16_t)value;
        return true;
    case FDW_INT32:
        if (value != (int32_t)value)
            break;
        ((int32_t *)vector->data)[cell->row] = (int32_t)value;
        return true;
    case FDW_INT64:
        ((int64_t *)vector->data)[cell->row] = value;
        return true;
    default:
        break;
    }
    if (is_point_in_time(vector->type.physical))
        return set_seconds(cell, value) ||
               sqlite_fail(cell->call, "22008", "%lld is out of range for a date or timestamp", (long long)value);
    return integer_as_text(cell, value);
}

/* The shortest text that reads back as the same double. */
size_t sqlite_write_real(double value, char *text, size_t room)
{
    if (isinf(value))
        return (size_t)snprintf(text, room, value < 0 ? "-Infinity" : "Infinity");
    for (int digits = 15;; digits++) {
        int length = snprintf(text, room, "%.*g", digits, value);
        if (digits == 17 || strtod(text, NULL) == value)
            return (size_t)length;
    }
}

static bool from_julian_day(const Cell *cell, double julian)
{
    double micros = (julian - UNIX_EPOCH_JULIAN) * (double)DAY_MICROS;
    if (!(fabs(micros) < 9.2e18))
        return sqlite_fail(cell->call, "22008", "Julian day %g is out of range for a date or timestamp", julian);
    /* A double holds a Julian day to about a tenth of a millisecond. */
    int64_t rounded = llround(micros / 1000) * 1000;
    if (cell->vector->type.physical == FDW_DATE)
        ((int32_t *)cell->vector->data)[cell->row] = (int32_t)(rounded / DAY_MICROS - (rounded % DAY_MICROS < 0));
    else
        ((int64_t *)cell->vector->data)[cell->row] = rounded;
    return true;
}

static bool from_real(const Cell *cell)
{
    double value = sqlite3_column_double(cell->statement, cell->column);
    FdwPhysical physical = cell->vector->type.physical;
    if (physical == FDW_DOUBLE) {
        ((double *)cell->vector->data)[cell->row] = value;
        return true;
    }
    if (is_point_in_time(physical))
        return from_julian_day(cell, value);
    /* A text is SQLite's own: the same that CAST gives in a filter. */
    if (is_plain_text(&cell->vector->type))
        return from_text(cell);
    bool is_integer = physical == FDW_INT16 || physical == FDW_INT32 || physical == FDW_INT64;
    if (is_integer && value == rint(value) && fabs(value) < 9.2e18)
        return integer_as_text(cell, (int64_t)value);
    char text[64];
    return set_text(cell, text, sqlite_write_real(value, text, sizeof text));
}

bool sqlite_convert(FdwCall *call, FdwVector *vector, size_t row, sqlite3_stmt *statement, int column)
{
    Cell cell = {call, vector, row, statement, column};
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return from_integer(&cell);
    case SQLITE_FLOAT:
        return from_real(&cell);
    case SQLITE_BLOB:
        return from_blob(&cell);
    default:
        return from_text(&cell);
    }
}
