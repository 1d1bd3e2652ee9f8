/*
 * type_int.h - the table of types and what the functions of its rows share. Included by src/type only.
 *
 * A row says all there is to say about a type: adding one is all that a new built-in type needs.
 */
#ifndef MEDLEY_TYPE_INT_H
#define MEDLEY_TYPE_INT_H

#include <string.h>

#include "type/type.h"
#include "type/utf8.h"

typedef struct TypeRow TypeRow;

/* What every conversion is told. `element` is the row of an array's elements, NULL for all else. */
typedef struct TypeCall {
    const TypeRow *row, *element;
    Oid oid;
    int32_t typmod;
    const TypeContext *context;
    Arena *arena;
    Error *error;
} TypeCall;

typedef bool (*TypeInput)(const TypeCall *call, const char *text, size_t len, Value *out);
typedef bool (*TypeOutput)(const TypeCall *call, const Value *value, Str *out);
typedef bool (*TypeReceive)(const TypeCall *call, const char *bytes, size_t len, Value *out);
typedef bool (*TypeSend)(const TypeCall *call, const Value *value, Str *out);

/* How a type takes modifiers; shared by the types that take them alike. */
typedef struct TypmodRule {
    bool (*input)(const TypeRow *row, const int32_t *modifiers, size_t count, int32_t *typmod, Error *error);
    void (*text)(int32_t typmod, Str *out); /* as typmodout */
} TypmodRule;

struct TypeRow {
    Oid oid, array;
    const char *name;    /* as messages of the input function say it */
    const char *display; /* as format_type() says it; with a typmod its text goes where '%' stands, else at the end */
    FdwPhysical physical;
    TypeInput input; /* NULL: not supported */
    TypeOutput output;
    TypeReceive receive; /* NULL: PostgreSQL has none */
    TypeSend send;
    const TypmodRule *typmod; /* NULL: takes no modifiers */
};

/* The row of a built-in type, of arrays in general, or of what travels as its text. Never NULL. */
const TypeRow *type_row(Oid oid);
/* The row of a built-in type that is no array; NULL: none. */
const TypeRow *type_row_builtin(Oid oid);
/* The row whose array type this is; NULL: none. */
const TypeRow *type_row_of_array(Oid array);

extern const TypmodRule TYPMOD_NUMERIC, TYPMOD_CHAR, TYPMOD_VARCHAR, TYPMOD_BIT, TYPMOD_TIME, TYPMOD_TIMETZ, TYPMOD_TIMESTAMP,
    TYPMOD_TIMESTAMPTZ, TYPMOD_INTERVAL, TYPMOD_VARBIT;

/* 22P02 invalid input syntax for type <row's name>: "text". Always false. */
bool type_invalid(const TypeCall *call, const char *text, size_t len);
/* 22003 value "text" is out of range for type <row's name>. Always false. */
bool type_out_of_range(const TypeCall *call, const char *text, size_t len);

/* What C's isspace says in the C locale. */
static inline bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Whether text[0..len) is `word` but for ASCII case. */
bool type_word_is(const char *text, size_t len, const char *word);

/* ---- big-endian integers of the binary forms ---- */

typedef struct BinaryReader {
    const char *bytes;
    size_t len, at;
    bool failed;  /* more was asked for than there is */
    bool no_byte; /* it was a single byte */
} BinaryReader;

/* size: 1 to 8 bytes; sign-extended by read_int, not by read_uint. 0 once failed. */
uint64_t binary_read_uint(BinaryReader *reader, int size);
int64_t binary_read_int(BinaryReader *reader, int size);
unsigned char binary_read_byte(BinaryReader *reader);
const char *binary_read_bytes(BinaryReader *reader, size_t len); /* NULL when failed */
/* 08P01 when the data ran out, 22P03 when some is left. */
bool binary_read_end(const BinaryReader *reader, Error *error);
void binary_write_uint(Str *out, uint64_t value, int size);

/* ---- the rows' functions, by file ---- */

#define TYPE_INPUT(name) bool name(const TypeCall *call, const char *text, size_t len, Value *out)
#define TYPE_OUTPUT(name) bool name(const TypeCall *call, const Value *value, Str *out)
#define TYPE_RECEIVE(name) bool name(const TypeCall *call, const char *bytes, size_t len, Value *out)
#define TYPE_SEND(name) bool name(const TypeCall *call, const Value *value, Str *out)
#define TYPE_FORMS(noun)                                                                                                                   \
    TYPE_INPUT(noun##_input);                                                                                                              \
    TYPE_OUTPUT(noun##_output);                                                                                                            \
    TYPE_RECEIVE(noun##_receive);                                                                                                          \
    TYPE_SEND(noun##_send)

TYPE_FORMS(boolean);
TYPE_FORMS(char);
TYPE_FORMS(text);
bool void_input(const TypeCall *call, const char *text, size_t len, Value *out);
TYPE_FORMS(bytea);
TYPE_FORMS(int2);
TYPE_FORMS(int4);
TYPE_FORMS(int8);
TYPE_FORMS(oid);
TYPE_FORMS(float4);
TYPE_FORMS(float8);
TYPE_FORMS(numeric);
TYPE_FORMS(array);
TYPE_FORMS(vector);
TYPE_FORMS(uuid);
TYPE_FORMS(date);
TYPE_FORMS(time);
TYPE_FORMS(timetz);
TYPE_FORMS(timestamp);
TYPE_FORMS(timestamptz);
TYPE_FORMS(interval);
TYPE_FORMS(bit);
TYPE_FORMS(inet);
TYPE_FORMS(macaddr);
TYPE_FORMS(reg);
TYPE_FORMS(xid8);
TYPE_FORMS(lsn);
TYPE_FORMS(tid);
TYPE_INPUT(varbit_input);
TYPE_RECEIVE(varbit_receive);
/* Family, the bits of the mask (fewer before more), the whole address. */
bool network_sort_key(const char *text, Str *out);
TYPE_INPUT(cidr_input);
TYPE_RECEIVE(cidr_receive);
TYPE_SEND(cidr_send);
TYPE_INPUT(macaddr8_input);
TYPE_RECEIVE(macaddr8_receive);
TYPE_SEND(macaddr8_send);
TYPE_FORMS(jsonpath);
TYPE_FORMS(xml);
TYPE_FORMS(money);
TYPE_FORMS(geometry);
TYPE_FORMS(range);
TYPE_FORMS(multirange);
TYPE_INPUT(json_input);
TYPE_INPUT(jsonb_input);
TYPE_RECEIVE(jsonb_receive);
TYPE_SEND(jsonb_send);
TYPE_INPUT(aclitem_input);
TYPE_OUTPUT(aclitem_output);
TYPE_INPUT(name_input);
TYPE_RECEIVE(name_receive);
TYPE_INPUT(varchar_input);
TYPE_RECEIVE(varchar_receive);
TYPE_INPUT(bpchar_input);
TYPE_RECEIVE(bpchar_receive);
TYPE_INPUT(xid_input);
TYPE_OUTPUT(int_output);
TYPE_INPUT(pseudo_input);
TYPE_OUTPUT(pseudo_output);

#endif
