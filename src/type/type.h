/*
 * type.h - PostgreSQL's types: how their values lie in memory, their text and binary forms.
 *
 * A type is named by PostgreSQL's OID (built-in OIDs are type_oids.h, generated from its catalog). User-defined types
 * (enums, domains, composites) travel as their text form. Everything here is re-entrant and knows no catalog: what needs
 * names (reg* types, aclitem) asks the TypeResolver that the TypeContext carries.
 */
#ifndef MEDLEY_TYPE_H
#define MEDLEY_TYPE_H

#include "base/base.h"
#include "medley/fdw.h"
#include "type/type_oids.h"

typedef uint32_t Oid;
#define OID_NONE ((Oid)0)

/* One value. `s` is borrowed or lives in the arena that was passed to whoever made it. */
typedef struct Value {
    bool is_null;
    FdwPhysical physical;
    uint8_t scale; /* FDW_DECIMAL */
    union {
        bool b;
        int64_t i;     /* INT16/32/64, UINT32, DATE, TIME, TIMESTAMP, TIMESTAMPTZ */
        double f;      /* FLOAT, DOUBLE */
        __int128 i128; /* DECIMAL (scaled), UUID (top bit flipped) */
        FdwInterval interval;
        struct {
            const char *ptr;
            size_t len;
        } s; /* STRING, BYTES; numerics without a fitting typmod: their text form */
    };
} Value;

static inline Value value_null(FdwPhysical physical)
{
    return (Value){.is_null = true, .physical = physical};
}

static inline Value value_bool(bool b)
{
    return (Value){.physical = FDW_BOOL, .b = b};
}

/* Any of the physical forms that `i` holds. */
static inline Value value_int(FdwPhysical physical, int64_t i)
{
    return (Value){.physical = physical, .i = i};
}

static inline Value value_float(FdwPhysical physical, double f)
{
    return (Value){.physical = physical, .f = f};
}

static inline Value value_decimal(__int128 scaled, uint8_t scale)
{
    return (Value){.physical = FDW_DECIMAL, .scale = scale, .i128 = scaled};
}

static inline Value value_interval(FdwInterval interval)
{
    return (Value){.physical = FDW_INTERVAL, .interval = interval};
}

/* Borrows the bytes. */
static inline Value value_text(const char *text, size_t len)
{
    return (Value){.physical = FDW_STRING, .s = {text, len}};
}

static inline Value value_bytes(const char *bytes, size_t len)
{
    return (Value){.physical = FDW_BYTES, .s = {bytes, len}};
}

/* How values of a type lie in vectors: the FdwType for (oid, typmod). numeric(p,s) with p <= 38 and 0 <= s <= p is FDW_DECIMAL;
 * any other numeric is FDW_STRING in PostgreSQL's text form; what has no physical form of its own is FDW_STRING. */
FdwType type_layout(Oid oid, int32_t typmod);

/* ---- settings that texts depend on ---- */

typedef enum DateOrder { DATE_ORDER_MDY, DATE_ORDER_DMY, DATE_ORDER_YMD } DateOrder;
typedef enum DateStyle { DATE_STYLE_ISO, DATE_STYLE_SQL, DATE_STYLE_POSTGRES, DATE_STYLE_GERMAN } DateStyle;
typedef enum IntervalStyle { INTERVAL_POSTGRES, INTERVAL_POSTGRES_VERBOSE, INTERVAL_SQL_STANDARD, INTERVAL_ISO_8601 } IntervalStyle;
typedef struct TimeZone TimeZone;

/* Names for OIDs and back; NULL or OID_NONE when there is none. The catalog implements it. */
typedef struct TypeResolver {
    void *arg;
    const char *(*reg_output)(void *arg, Oid reg_type, Oid value, Arena *arena); /* regclass, regproc, regtype, regrole, ... */
    bool (*reg_input)(void *arg, Oid reg_type, const char *text, Oid *out, Error *error);
    const char *(*role_name)(void *arg, Oid role, Arena *arena);
    Oid (*role_oid)(void *arg, const char *name);
} TypeResolver;

typedef struct TypeContext {
    DateStyle date_style;
    DateOrder date_order;
    IntervalStyle interval_style;
    const TimeZone *time_zone; /* never NULL */
    int extra_float_digits;
    bool bytea_escape;            /* false: hex */
    int64_t now;                  /* the transaction's start, microseconds since 1970 UTC: for 'now', 'today', ... */
    const TypeResolver *resolver; /* NULL: reg* and aclitem are refused */
    bool *now_read; /* becomes true when what is read holds for this moment alone: 'now', where a sequence stands; NULL: nobody asks. One
                       thread's */
} TypeContext;

/* ISO, MDY, postgres intervals, UTC, extra_float_digits 1: the canonical form, in which constants are kept. */
extern const TypeContext TYPE_CONTEXT_CANONICAL;

/* ---- text and binary ---- */

/* As the type's input function; applies typmod (-1: none) as an explicit cast from unknown would (varchar(n) too long: 22001,
 * numeric rounded). Strings the result points to live in arena. */
bool type_input(Oid oid, int32_t typmod, const char *text, size_t len, const TypeContext *context, Arena *arena, Value *out,
                Error *error) MUST_CHECK;
/* Whether texts of a built-in type, or its array's elements, are read here: those of tsvector and the like pass as they are. */
bool type_has_input(Oid oid);
/* As the type's output function. The value must not be NULL. */
bool type_output(Oid oid, const Value *value, const TypeContext *context, Str *out, Error *error) MUST_CHECK;
/* As the type's receive and send functions: PostgreSQL's binary format. Types without one give 42883, as PostgreSQL does. */
bool type_receive(Oid oid, int32_t typmod, const char *bytes, size_t len, const TypeContext *context, Arena *arena, Value *out,
                  Error *error) MUST_CHECK;
bool type_send(Oid oid, const Value *value, const TypeContext *context, Str *out, Error *error) MUST_CHECK;
/* Whether the canonical text of a built-in type's value is what every session shows. */
bool type_text_is_settled(Oid oid);
/* A canonical text as the settings of `context` show it: as it is where they do not matter, or the type is not built in. */
const char *type_text_shown(Oid oid, const char *text, const TypeContext *context, Arena *arena);
/* Bytes that compare as the values of the canonical texts do, of types whose texts do not (money, networks, ranges, pg_lsn, xid8). false:
 * of another type. */
bool type_sort_key(Oid oid, const char *text, size_t len, Arena *arena, Str *out);
/* Input then output in the canonical form: what a constant of this type is kept as. */
bool type_canonical(Oid oid, int32_t typmod, const char *text, const TypeContext *context, Arena *arena, const char **out,
                    Error *error) MUST_CHECK;

/* Reads element `row` of a vector; strings are borrowed from it. */
Value type_vector_get(const FdwVector *vector, size_t row);
/* Writes one. set_string: FdwHost.set_string of the vector's owner. */
void type_vector_set(FdwVector *vector, size_t row, const Value *value, void (*set_string)(FdwVector *, size_t, const char *, size_t));

/* ---- type modifiers and names ---- */

/* In place of a typmod: format_type(oid, NULL), where "character" and "bit" need no length. */
#define TYPMOD_NOT_GIVEN INT32_MIN

/* format_type() for built-in types: "character varying(20)", "timestamp(3) without time zone", "integer[]". NULL: not built in. */
const char *type_format_builtin(Oid oid, int32_t typmod, Arena *arena);
/* Whether a modifier that is no type's own, but somebody's number, has a text: one of interval names fields that go together. */
bool type_typmod_can_be_written(Oid oid, int32_t typmod);
/* One that this folder reads and writes itself. Of any other (enums, domains, rows, arrays of them) only the catalog can tell whether a
 * text is one of its values: type_input takes every text. */
bool type_is_builtin(Oid oid);
/* typmodin: the modifiers as written, e.g. {"10","2"}. Errors as PostgreSQL's. interval's fields mask comes as first modifier. */
bool type_typmod_input(Oid oid, const char *const *modifiers, size_t count, int32_t *typmod, Error *error) MUST_CHECK;

/* ---- arrays: everywhere in PostgreSQL's text form ---- */

typedef struct ArrayElement {
    const char *text; /* NULL: SQL NULL */
    size_t len;
} ArrayElement;
/* Elements of a one-dimensional array in storage order; more dimensions give their flattened elements and *ndim. */
bool type_array_parse(const char *text, size_t len, Arena *arena, ArrayElement **elements, size_t *count, int *ndim,
                      Error *error) MUST_CHECK;
/* {a,"b c",NULL}: quoted as PostgreSQL's array_out does. */
void type_array_write(const ArrayElement *elements, size_t count, Str *out);
/* An array with its shape. ndim 0: empty. Lower bounds are 1 unless the text says otherwise. */
enum { ARRAY_MAX_DIM = 6 };
typedef struct ArrayShape {
    int ndim;
    int32_t dims[ARRAY_MAX_DIM], lower[ARRAY_MAX_DIM];
    ArrayElement *elements; /* row-major */
    size_t count;
} ArrayShape;
/* delimiter: ',' but for box (';'). Errors: 22P02 malformed array literal, 54000, 2202E. */
bool type_array_read(const char *text, size_t len, char delimiter, Arena *arena, ArrayShape *out, Error *error) MUST_CHECK;
void type_array_write_shape(const ArrayShape *shape, char delimiter, Str *out);
/* Whether the strings of a valid json all mean a text: 22P05 and 22P02 for \u0000 and halves of surrogate pairs. */
bool type_json_check_strings(const char *text, size_t len, Arena *arena, Error *error) MUST_CHECK;
/* A JSON string of the text, escaped as PostgreSQL's escape_json does. */
void type_json_quote(const char *text, size_t len, Str *out);
/* The element type of a built-in array type, and the array type of a built-in type; OID_NONE: none. */
Oid type_array_element(Oid array);
Oid type_array_of(Oid element);

/* ---- numeric: exact, any precision, PostgreSQL's rules for scale ---- */

typedef enum NumericOp { NUMERIC_ADD, NUMERIC_SUB, NUMERIC_MUL, NUMERIC_DIV, NUMERIC_MOD, NUMERIC_DIV_TRUNC } NumericOp;
/* Operands and result in text form (NaN and Infinity included). */
bool numeric_op(NumericOp op, const char *a, const char *b, Arena *arena, const char **out, Error *error) MUST_CHECK;
int numeric_compare(const char *a, const char *b); /* NaN is greatest and equals itself */
bool numeric_round(const char *a, int scale, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool numeric_trunc(const char *a, int scale, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool numeric_ceil(const char *a, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool numeric_floor(const char *a, Arena *arena, const char **out, Error *error) MUST_CHECK;
const char *numeric_abs(const char *a, Arena *arena);
const char *numeric_negate(const char *a, Arena *arena);
int numeric_sign(const char *a);                             /* -1, 0, 1; 2: NaN */
const char *numeric_trim_scale(const char *a, Arena *arena); /* trailing zeros of the decimals go */
/* With PostgreSQL's scales and errors (2201E, 2201F, 22003). */
bool numeric_sqrt(const char *a, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool numeric_exp(const char *a, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool numeric_ln(const char *a, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool numeric_log(const char *base, const char *a, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool numeric_power(const char *base, const char *exponent, Arena *arena, const char **out, Error *error) MUST_CHECK;
/* Rounded to an integer. Errors: 22003 "<type_name> out of range", 0A000 cannot convert NaN (infinity) to <type_name>. */
bool numeric_to_int(const char *a, int64_t min, int64_t max, const char *type_name, int64_t *out, Error *error) MUST_CHECK;
/* The cast from float8 (digits 15) and float4 (digits 6). */
const char *numeric_from_double(double number, int digits, Arena *arena);
/* Bytes whose memcmp order is the numeric order; equal numbers of different scale give equal keys. */
void numeric_sort_key(const char *a, Str *out);

/* ---- to_char(), to_timestamp(), to_date(): templates. An empty template or an infinite timestamp gives NULL: the caller's to see. ---- */

/* zone NULL: timestamp without time zone. */
bool format_timestamp(int64_t micros, const TimeZone *zone, const char *format, size_t len, Str *out, Error *error) MUST_CHECK;
bool format_interval(const FdwInterval *interval, const char *format, size_t len, Str *out, Error *error) MUST_CHECK;
bool format_numeric(const char *number, const char *format, size_t len, Str *out, Error *error) MUST_CHECK;
bool format_int(int64_t value, bool is_int4, const char *format, size_t len, Str *out, Error *error) MUST_CHECK;
bool format_float(double value, bool is_float4, const char *format, size_t len, Str *out, Error *error) MUST_CHECK;
bool format_read_timestamp(const char *text, const char *format, const TimeZone *zone, Arena *arena, int64_t *micros,
                           Error *error) MUST_CHECK;
/* What a template to the standard's rules made of a text: a date (days), time, timetz, timestamp or timestamptz (micros; of timetz local
 * ones). */
typedef struct FormatDatetime {
    Oid type;
    int64_t value;
    int east; /* seconds, of those with a zone */
} FormatDatetime;
/* *bad_format: the template itself is wrong. */
bool format_read_datetime(const char *text, const char *format, Arena *arena, FormatDatetime *out, bool *bad_format,
                          Error *error) MUST_CHECK;
bool format_read_date(const char *text, const char *format, Arena *arena, int32_t *days, Error *error) MUST_CHECK;

/* ---- characters of UTF-8 ---- */

/* The code point at `at` and its length in bytes; the text is valid UTF-8. */
uint32_t text_decode(const char *at, size_t *len);
void text_encode(uint32_t c, Str *out);

/* ---- time zones: TZif files of the system ---- */

/* By name ("Europe/Berlin", "UTC", "+02", POSIX strings). NULL: unknown. Loaded once, kept for the process; thread-safe. */
const TimeZone *timezone_find(const char *name);
/* The zone a fixed number of seconds east of UTC: "<+02>-02", as SET TIME ZONE 2 makes it. */
const TimeZone *timezone_of_offset(int east);
const char *timezone_name(const TimeZone *zone);
/* By name or abbreviation, which comes first ("pst", "z"). One that changed its meaning is taken as it was at the moment, which is a local
 * time or an instant; MOMENT_NONE: as the zone it belongs to. NULL: unknown. */
typedef enum ZoneMoment { MOMENT_NONE, MOMENT_LOCAL, MOMENT_INSTANT } ZoneMoment;
const TimeZone *timezone_named(const char *name, ZoneMoment kind, int64_t micros, Arena *arena);
/* Offset in seconds east of UTC at an instant (microseconds since 1970 UTC); abbreviation may be NULL. */
int timezone_offset_at(const TimeZone *zone, int64_t utc_micros, const char **abbreviation);
/* A zone, or an abbreviation, and what it means at an instant. */
typedef struct ZoneMeaning {
    const char *name, *abbreviation;
    int offset; /* seconds east of UTC */
    bool is_dst;
} ZoneMeaning;
typedef VEC(ZoneMeaning) ZoneMeanings;
/* All zones of the system, in no order; all abbreviations of input, in theirs. */
ZoneMeanings timezone_all(int64_t utc_micros, Arena *arena);
ZoneMeanings timezone_all_abbreviations(int64_t utc_micros, Arena *arena);
/* The instant for a local time, by PostgreSQL's rule for gaps and overlaps. */
int64_t timezone_to_utc(const TimeZone *zone, int64_t local_micros);

#endif
