/*
 * datetime.c - date, time, timetz, timestamp, timestamptz: the functions of their rows.
 *
 * Invariants:
 *  1. Inside, instants count from 1970 as DuckDB's do; in the binary forms from 2000 as PostgreSQL's. The shift is here.
 *  2. A Value of timetz is its text, "04:05:06.789+02": PostgreSQL has no other settings for it.
 *
 * Any thread.
 */
#include "type/datetime_int.h"

enum { ROOM_DATE = 129, ROOM_TIMESTAMP = 153 };

#define EPOCH_SHIFT (DAYS_TO_2000 * MICROS_PER_DAY)

/* ---- parts and micros ---- */

bool datetime_is_valid_day(int64_t year, int month)
{
    return (year > -4713 || (year == -4713 && month >= 11)) && (year < 5874898 || (year == 5874898 && month < 6));
}

bool datetime_is_valid_timestamp(int64_t micros)
{
    return micros >= TIMESTAMP_MIN && micros <= TIMESTAMP_MAX;
}

int64_t datetime_time_of(const DateParts *parts)
{
    return parts->hour * MICROS_PER_HOUR + parts->minute * MICROS_PER_MINUTE + parts->second * MICROS_PER_SECOND + parts->micro;
}

bool datetime_join(const DateParts *parts, int64_t *micros)
{
    if (!datetime_is_valid_day(parts->year, parts->month))
        return false;
    int64_t days = calendar_days(parts->year, parts->month, parts->day);
    return !__builtin_mul_overflow(days, MICROS_PER_DAY, micros) && !__builtin_add_overflow(*micros, datetime_time_of(parts), micros);
}

void datetime_split_micros(int64_t micros, DateParts *out)
{
    int64_t days = floor_div(micros, MICROS_PER_DAY), time = micros - days * MICROS_PER_DAY;
    *out = (DateParts){.hour = (int)(time / MICROS_PER_HOUR),
                       .minute = (int)(time / MICROS_PER_MINUTE % 60),
                       .second = (int)(time / MICROS_PER_SECOND % 60),
                       .micro = (int)(time % MICROS_PER_SECOND)};
    calendar_date(days, &out->year, &out->month, &out->day);
}

int64_t datetime_round_time(int64_t micros, int32_t precision)
{
    if (precision < 0 || precision > 6)
        return micros;
    int64_t unit = 1;
    for (int32_t i = precision; i < 6; i++)
        unit *= 10;
    int64_t half = unit / 2;
    /* At the very end of the range the sum wraps around, as PostgreSQL's does. */
    int64_t sum = (int64_t)((uint64_t)(micros >= 0 ? micros : -micros) + (uint64_t)half) / unit * unit;
    return micros >= 0 ? sum : -sum;
}

int64_t datetime_round(int64_t micros, int32_t precision)
{
    if (micros == TIMESTAMP_INFINITY || micros == TIMESTAMP_MINUS_INFINITY || precision < 0 || precision >= 6)
        return micros;
    return datetime_round_time(micros - EPOCH_SHIFT, precision) + EPOCH_SHIFT;
}

/* ---- date ---- */

static bool out_of_range(const TypeCall *call, const char *what, const char *text, size_t len)
{
    return error_set(call->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "%s out of range: \"%.*s\"", what, (int)len, text);
}

/* YYYY-MM-DD, which needs no reader. */
static bool quick_date(const char *text, size_t len, int64_t *days)
{
    static const char SHAPE[] = "dddd-dd-dd";
    if (len != sizeof SHAPE - 1)
        return false;
    for (size_t i = 0; i < len; i++)
        if (SHAPE[i] == '-' ? text[i] != '-' : !is_digit(text[i]))
            return false;
    int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
    int month = (text[5] - '0') * 10 + (text[6] - '0'), day = (text[8] - '0') * 10 + (text[9] - '0');
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > calendar_month_length(year, month))
        return false;
    *days = calendar_days(year, month, day);
    return true;
}

bool date_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    int64_t days;
    if (!quick_date(text, len, &days)) {
        DateReader reader = {.context = call->context};
        DateProblem problem = datetime_read(&reader, text, len, ROOM_DATE);
        if (problem)
            return datetime_problem(call, problem, &reader, text, len);
        const DateParts *parts = &reader.parts;
        days = reader.special == DATE_LATE ? DATE_INFINITY : reader.special == DATE_EARLY ? DATE_MINUS_INFINITY : 0;
        if (!reader.special && !datetime_is_valid_day(parts->year, parts->month))
            return out_of_range(call, "date", text, len);
        if (!reader.special)
            days = calendar_days(parts->year, parts->month, parts->day);
        if (!reader.special && (days < -DAYS_TO_JULIAN || days >= INT64_C(2145031949) + DAYS_TO_2000))
            return out_of_range(call, "date", text, len);
    }
    *out = value_int(FDW_DATE, days);
    return true;
}

bool date_output(const TypeCall *call, const Value *value, Str *out)
{
    datetime_write_date(call->context, value->i, out);
    return true;
}

bool date_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    int64_t days = binary_read_int(&reader, 4);
    if (!binary_read_end(&reader, call->error))
        return false;
    *out = value_int(FDW_DATE, days == INT32_MAX ? DATE_INFINITY : days == INT32_MIN ? DATE_MINUS_INFINITY : days + DAYS_TO_2000);
    if (days != INT32_MAX && days != INT32_MIN && (out->i < -DAYS_TO_JULIAN || days >= 2145031949))
        return error_set(call->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "date out of range");
    return true;
}

bool date_send(const TypeCall *call, const Value *value, Str *out)
{
    int64_t days = value->i == DATE_INFINITY ? INT32_MAX : value->i == DATE_MINUS_INFINITY ? INT32_MIN : value->i - DAYS_TO_2000;
    binary_write_uint(out, (uint64_t)days, 4);
    return true;
}

/* ---- timestamp, timestamptz ---- */

static bool read_timestamp(const TypeCall *call, const char *text, size_t len, bool with_zone, Value *out)
{
    DateReader reader = {.context = call->context};
    DateProblem problem = datetime_read(&reader, text, len, ROOM_TIMESTAMP);
    if (problem)
        return datetime_problem(call, problem, &reader, text, len);
    int64_t micros = 0;
    if (reader.special == DATE_LATE || reader.special == DATE_EARLY) {
        micros = reader.special == DATE_LATE ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY;
    } else if (!reader.special) {
        if (!datetime_join(&reader.parts, &micros) ||
            (with_zone && __builtin_sub_overflow(micros, reader.offset * MICROS_PER_SECOND, &micros)) ||
            !datetime_is_valid_timestamp(micros))
            return out_of_range(call, "timestamp", text, len);
        micros = datetime_round(micros, call->typmod);
    }
    *out = value_int(call->row->physical, micros);
    return true;
}

bool timestamp_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return read_timestamp(call, text, len, false, out);
}

bool timestamptz_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return read_timestamp(call, text, len, true, out);
}

bool timestamp_output(const TypeCall *call, const Value *value, Str *out)
{
    datetime_write_timestamp(call->context, value->i, NULL, out);
    return true;
}

bool timestamptz_output(const TypeCall *call, const Value *value, Str *out)
{
    datetime_write_timestamp(call->context, value->i, call->context->time_zone, out);
    return true;
}

bool timestamp_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    int64_t micros = binary_read_int(&reader, 8);
    if (!binary_read_end(&reader, call->error))
        return false;
    if (micros == INT64_MAX || micros == INT64_MIN) {
        *out = value_int(call->row->physical, micros == INT64_MAX ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY);
        return true;
    }
    if (__builtin_add_overflow(micros, EPOCH_SHIFT, &micros) || !datetime_is_valid_timestamp(micros))
        return error_set(call->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    *out = value_int(call->row->physical, datetime_round(micros, call->typmod));
    return true;
}

bool timestamptz_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return timestamp_receive(call, bytes, len, out);
}

bool timestamp_send(const TypeCall *call, const Value *value, Str *out)
{
    int64_t micros = value->i == TIMESTAMP_INFINITY ? INT64_MAX : value->i == TIMESTAMP_MINUS_INFINITY ? INT64_MIN : value->i - EPOCH_SHIFT;
    binary_write_uint(out, (uint64_t)micros, 8);
    return true;
}

bool timestamptz_send(const TypeCall *call, const Value *value, Str *out)
{
    return timestamp_send(call, value, out);
}

/* ---- time, timetz ---- */

bool time_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    DateReader reader = {.context = call->context};
    DateProblem problem = datetime_read_time(&reader, text, len);
    if (problem)
        return datetime_problem(call, problem, &reader, text, len);
    *out = value_int(FDW_TIME, datetime_round_time(datetime_time_of(&reader.parts), call->typmod));
    return true;
}

bool time_output(const TypeCall *call, const Value *value, Str *out)
{
    datetime_write_time(value->i, out);
    return true;
}

bool time_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    int64_t micros = binary_read_int(&reader, 8);
    if (micros < 0 || micros > MICROS_PER_DAY)
        return error_set(call->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "time out of range");
    if (!binary_read_end(&reader, call->error))
        return false;
    *out = value_int(FDW_TIME, datetime_round_time(micros, call->typmod));
    return true;
}

bool time_send(const TypeCall *call, const Value *value, Str *out)
{
    binary_write_uint(out, (uint64_t)value->i, 8);
    return true;
}

static void set_timetz(const TypeCall *call, int64_t micros, int offset, Value *out)
{
    Str text;
    str_init(&text, call->arena);
    datetime_write_time(datetime_round_time(micros, call->typmod), &text);
    datetime_write_offset(offset, &text);
    *out = value_text(text.data, text.len);
}

static bool read_timetz(const TypeCall *call, const char *text, size_t len, int64_t *micros, int *offset)
{
    DateReader reader = {.context = call->context};
    DateProblem problem = datetime_read_time(&reader, text, len);
    if (problem)
        return datetime_problem(call, problem, &reader, text, len);
    *micros = datetime_time_of(&reader.parts);
    *offset = reader.offset;
    return true;
}

bool timetz_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    int64_t micros;
    int offset;
    if (!read_timetz(call, text, len, &micros, &offset))
        return false;
    set_timetz(call, micros, offset, out);
    return true;
}

bool timetz_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

bool timetz_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    int64_t micros = binary_read_int(&reader, 8);
    if (micros < 0 || micros > MICROS_PER_DAY)
        return error_set(call->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "time out of range");
    int64_t west = binary_read_int(&reader, 4);
    if (west <= -16 * 3600 || west >= 16 * 3600)
        return error_set(call->error, ERRCODE_INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range");
    if (!binary_read_end(&reader, call->error))
        return false;
    set_timetz(call, micros, (int)-west, out);
    return true;
}

bool timetz_send(const TypeCall *call, const Value *value, Str *out)
{
    int64_t micros;
    int offset;
    if (!read_timetz(call, value->s.ptr, value->s.len, &micros, &offset))
        return false;
    binary_write_uint(out, (uint64_t)micros, 8);
    binary_write_uint(out, (uint64_t)-offset, 4);
    return true;
}
