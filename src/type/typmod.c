/*
 * typmod.c - type modifiers: numeric(10,2), varchar(20), timestamp(3), interval day to second(3); and the names of types.
 *
 * Invariant: a typmod has PostgreSQL's encoding, as pg_attribute.atttypmod shows it.
 *
 * Any thread.
 */
#include <errno.h>
#include <stdlib.h>

#include "type/datetime_int.h"
#include "type/numeric_int.h"

enum {
    MAX_CHARS = 10485760,
    MAX_TIME_PRECISION = 6,
    VARHDR = 4,
};

static bool invalid(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);

static bool invalid(Error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(error->arena, format, args);
    va_end(args);
    return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "%s", message);
}

/* ---- lengths ---- */

static bool input_length(const TypeRow *row, const char *name, int64_t most, int32_t added, const int32_t *modifiers, size_t count,
                         int32_t *typmod, Error *error)
{
    if (count != 1)
        return invalid(error, "invalid type modifier");
    if (modifiers[0] < 1)
        return invalid(error, "length for type %s must be at least 1", name);
    if (modifiers[0] > most)
        return invalid(error, "length for type %s cannot exceed %d", name, (int)most);
    *typmod = modifiers[0] + added;
    return true;
}

static bool char_typmod_input(const TypeRow *row, const int32_t *modifiers, size_t count, int32_t *typmod, Error *error)
{
    return input_length(row, row->oid == TYPE_BPCHAR ? "char" : "varchar", MAX_CHARS, VARHDR, modifiers, count, typmod, error);
}

static bool bit_typmod_input(const TypeRow *row, const int32_t *modifiers, size_t count, int32_t *typmod, Error *error)
{
    return input_length(row, row->oid == TYPE_BIT ? "bit" : "varbit", MAX_CHARS * 8, 0, modifiers, count, typmod, error);
}

static void length_text(int32_t typmod, Str *out)
{
    if (typmod > VARHDR)
        str_addf(out, "(%d)", typmod - VARHDR);
}

static void bit_text(int32_t typmod, Str *out)
{
    str_addf(out, "(%d)", typmod);
}

const TypmodRule TYPMOD_CHAR = {char_typmod_input, length_text}, TYPMOD_VARCHAR = {char_typmod_input, length_text};
const TypmodRule TYPMOD_BIT = {bit_typmod_input, bit_text}, TYPMOD_VARBIT = {bit_typmod_input, bit_text};

/* ---- numeric ---- */

static bool numeric_typmod_input(const TypeRow *row, const int32_t *modifiers, size_t count, int32_t *typmod, Error *error)
{
    if (count != 1 && count != 2)
        return invalid(error, "invalid NUMERIC type modifier");
    int32_t precision = modifiers[0], scale = count == 2 ? modifiers[1] : 0;
    if (precision < 1 || precision > NUMERIC_MAX_PRECISION)
        return invalid(error, "NUMERIC precision %d must be between 1 and %d", precision, NUMERIC_MAX_PRECISION);
    if (scale < -1000 || scale > 1000)
        return invalid(error, "NUMERIC scale %d must be between %d and %d", scale, -1000, 1000);
    *typmod = (int32_t)((uint32_t)precision << 16 | ((uint32_t)scale & 0x7FF)) + VARHDR;
    return true;
}

static void numeric_text(int32_t typmod, Str *out)
{
    if (typmod >= VARHDR)
        str_addf(out, "(%d,%d)", numeric_typmod_precision(typmod), numeric_typmod_scale(typmod));
}

const TypmodRule TYPMOD_NUMERIC = {numeric_typmod_input, numeric_text};

/* ---- precision of seconds ---- */

/* A precision beyond 6 is 6; who reads the type's name warns of it. */
static bool input_precision(const char *name, const char *zone, const int32_t *modifiers, size_t count, int32_t *typmod, Error *error)
{
    if (count != 1)
        return invalid(error, "invalid type modifier");
    if (modifiers[0] < 0)
        return invalid(error, "%s(%d)%s precision must not be negative", name, modifiers[0], zone);
    *typmod = modifiers[0] > MAX_TIME_PRECISION ? MAX_TIME_PRECISION : modifiers[0];
    return true;
}

static bool time_typmod_input(const TypeRow *row, const int32_t *modifiers, size_t count, int32_t *typmod, Error *error)
{
    bool is_time = row->oid == TYPE_TIME || row->oid == TYPE_TIMETZ;
    bool has_zone = row->oid == TYPE_TIMETZ || row->oid == TYPE_TIMESTAMPTZ;
    return input_precision(is_time ? "TIME" : "TIMESTAMP", has_zone ? " WITH TIME ZONE" : "", modifiers, count, typmod, error);
}

static void time_text(int32_t typmod, Str *out)
{
    str_addf(out, "(%d)", typmod);
}

const TypmodRule TYPMOD_TIME = {time_typmod_input, time_text}, TYPMOD_TIMETZ = {time_typmod_input, time_text};
const TypmodRule TYPMOD_TIMESTAMP = {time_typmod_input, time_text}, TYPMOD_TIMESTAMPTZ = {time_typmod_input, time_text};

/* ---- interval ---- */

static const struct {
    int fields;
    const char *text;
} INTERVAL_NAMES[] = {
    {INTERVAL_YEAR, " year"},
    {INTERVAL_MONTH, " month"},
    {INTERVAL_DAY, " day"},
    {INTERVAL_HOUR, " hour"},
    {INTERVAL_MINUTE, " minute"},
    {INTERVAL_SECOND, " second"},
    {INTERVAL_YEAR | INTERVAL_MONTH, " year to month"},
    {INTERVAL_DAY | INTERVAL_HOUR, " day to hour"},
    {INTERVAL_DAY | INTERVAL_HOUR | INTERVAL_MINUTE, " day to minute"},
    {INTERVAL_DAY | INTERVAL_HOUR | INTERVAL_MINUTE | INTERVAL_SECOND, " day to second"},
    {INTERVAL_HOUR | INTERVAL_MINUTE, " hour to minute"},
    {INTERVAL_HOUR | INTERVAL_MINUTE | INTERVAL_SECOND, " hour to second"},
    {INTERVAL_MINUTE | INTERVAL_SECOND, " minute to second"},
    {INTERVAL_ALL_FIELDS, ""},
};

static const char *interval_fields(int fields)
{
    for (size_t i = 0; i < COUNT_OF(INTERVAL_NAMES); i++)
        if (INTERVAL_NAMES[i].fields == fields)
            return INTERVAL_NAMES[i].text;
    return NULL;
}

static bool interval_typmod_input(const TypeRow *row, const int32_t *modifiers, size_t count, int32_t *typmod, Error *error)
{
    if (count == 0 || count > 2 || !interval_fields(modifiers[0]))
        return invalid(error, "invalid INTERVAL type modifier");
    if (count == 1) {
        *typmod = modifiers[0] == INTERVAL_ALL_FIELDS ? -1 : modifiers[0] << 16 | INTERVAL_ANY_PRECISION;
        return true;
    }
    if (modifiers[1] < 0)
        return invalid(error, "INTERVAL(%d) precision must not be negative", modifiers[1]);
    *typmod = modifiers[0] << 16 | (modifiers[1] > MAX_TIME_PRECISION ? MAX_TIME_PRECISION : modifiers[1]);
    return true;
}

static void interval_text(int32_t typmod, Str *out)
{
    const char *fields = interval_fields(typmod >> 16 & INTERVAL_ALL_FIELDS);
    str_add(out, fields ? fields : "");
    if ((typmod & 0xFFFF) != INTERVAL_ANY_PRECISION)
        str_addf(out, "(%d)", typmod & 0xFFFF);
}

const TypmodRule TYPMOD_INTERVAL = {interval_typmod_input, interval_text};

/* ---- what type.h offers ---- */

static bool parse_modifier(const char *text, int32_t *out)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    *out = (int32_t)value;
    return !errno && end != text && !*end && value == *out;
}

bool type_typmod_input(Oid oid, const char *const *modifiers, size_t count, int32_t *typmod, Error *error)
{
    enum { MOST = 8 };
    int32_t numbers[MOST];
    const TypeRow *row = type_row_of_array(oid);
    if (!row)
        row = type_row(oid);
    if (!row->typmod)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "type modifier is not allowed for type \"%s\"", row->name);
    if (count > MOST)
        return invalid(error, "invalid type modifier");
    for (size_t i = 0; i < count; i++)
        if (!parse_modifier(modifiers[i], &numbers[i]))
            return error_set(error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type integer: \"%s\"", modifiers[i]);
    return row->typmod->input(row, numbers, count, typmod, error);
}

/* "character" and "bit" mean one of them: without a length the internal name must stand. */
static const char *display_name(const TypeRow *row, int32_t typmod)
{
    if (typmod == -1 && row->oid == TYPE_BPCHAR)
        return "bpchar";
    if (typmod == -1 && row->oid == TYPE_BIT)
        return "\"bit\"";
    return row->display;
}

bool type_typmod_can_be_written(Oid oid, int32_t typmod)
{
    const TypeRow *array = type_row_of_array(oid), *row = array ? array : type_row_builtin(oid);
    return !row || row->oid != TYPE_INTERVAL || interval_fields(typmod >> 16 & INTERVAL_ALL_FIELDS);
}

const char *type_format_builtin(Oid oid, int32_t typmod, Arena *arena)
{
    const TypeRow *array = type_row_of_array(oid), *row = array ? array : type_row_builtin(oid);
    if (!row)
        return NULL;
    Str text;
    str_init(&text, arena);
    const char *name = display_name(row, typmod), *mark = strchr(name, '%');
    str_addn(&text, name, mark ? (size_t)(mark - name) : strlen(name));
    if (typmod >= 0 && row->typmod)
        row->typmod->text(typmod, &text);
    if (mark)
        str_add(&text, mark + 1);
    if (array)
        str_add(&text, "[]");
    return text.data;
}
