/*
 * func_internal.h - what the files of functions share: rows of tables, readers of arguments, writers of results.
 */
#ifndef MEDLEY_FUNC_INTERNAL_H
#define MEDLEY_FUNC_INTERNAL_H

#include "func/func.h"

#include <string.h>

/* Generated: every row of pg_proc, by OID. */
extern const FuncFact FUNC_FACTS[];
extern const size_t FUNC_NFACTS;

typedef struct FuncRow {
    Oid proc;
    FuncImpl impl;
} FuncRow;

typedef struct FuncSetRow {
    Oid proc;
    FuncSetImpl impl;
} FuncSetRow;

/* Each file's rows; func.c lists the tables. */
typedef struct FuncTable {
    const FuncRow *rows;
    size_t count;
} FuncTable;
extern const FuncTable FUNC_TABLE_NETWORK, FUNC_TABLE_ARRAY, FUNC_TABLE_BIT, FUNC_TABLE_CATALOG, FUNC_TABLE_COMPARE, FUNC_TABLE_ENUM,
    FUNC_TABLE_EXTRACT, FUNC_TABLE_FLOAT, FUNC_TABLE_FORMAT, FUNC_TABLE_INT, FUNC_TABLE_NUMERIC, FUNC_TABLE_PRIVILEGE, FUNC_TABLE_REGEX,
    FUNC_TABLE_ADVISORY, FUNC_TABLE_SESSION, FUNC_TABLE_TEXT, FUNC_TABLE_TIME, FUNC_TABLE_INTERVAL, FUNC_TABLE_INDEX,
    FUNC_TABLE_INDEX_PROPERTY, FUNC_TABLE_PARTITION, FUNC_TABLE_ROUTINE, FUNC_TABLE_SEQUENCE, FUNC_TABLE_TRIGGER, FUNC_TABLE_JSON_READ,
    FUNC_TABLE_JSON_CHANGE, FUNC_TABLE_OBJECT, FUNC_TABLE_SIZE, FUNC_TABLE_UPDATABLE, FUNC_TABLE_IDENTITY, FUNC_TABLE_JSONPATH,
    FUNC_TABLE_JSON_ORDER, FUNC_TABLE_BYTEA, FUNC_TABLE_ARRAY_PART, FUNC_TABLE_ENCODING, FUNC_TABLE_JSON_MAKE, FUNC_TABLE_ORDER,
    FUNC_TABLE_BUCKET, FUNC_TABLE_OVERLAPS, FUNC_TABLE_TIMETZ, FUNC_TABLE_TRIGONOMETRY, FUNC_TABLE_FDW, FUNC_TABLE_SYSTEM,
    FUNC_TABLE_ACTIVITY, FUNC_TABLE_RANGE, FUNC_TABLE_RANGE_LIST, FUNC_TABLE_HASH;

typedef struct FuncSetTable {
    const FuncSetRow *rows;
    size_t count;
} FuncSetTable;
extern const FuncSetTable FUNC_SETS, FUNC_SETS_PARTITION, FUNC_SETS_JSON, FUNC_SETS_OBJECT, FUNC_SETS_IDENTITY, FUNC_SETS_JSONPATH,
    FUNC_SETS_TIMEZONE, FUNC_SETS_SYSTEM, FUNC_SETS_RANGE;

/* ---- arguments and results ---- */

static inline Oid arg_oid(const FuncCall *call, int index)
{
    return (Oid)call->args[index].i;
}

/* The byte of a "char": its text is empty for zero, \ooo above 127. */
static inline unsigned char arg_char(const FuncCall *call, int index)
{
    const char *text = call->args[index].s.ptr;
    size_t len = call->args[index].s.len;
    if (len == 4 && text[0] == '\\')
        return (unsigned char)((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
    return len ? (unsigned char)text[0] : 0;
}

static inline const char *arg_text(const FuncCall *call, int index)
{
    return arena_strndup(call->arena, call->args[index].s.ptr, call->args[index].s.len);
}

/* func_size.c: rows of a node, or (0) bytes of all of them. */
bool func_stored_size(FuncCall *call, int64_t node, int64_t *out) MUST_CHECK;
/* func_object.c: what the argument's text names, as the user who calls may look it up. */
bool arg_reg(FuncCall *call, int index, Oid reg_type, Oid *out) MUST_CHECK;

static inline bool return_null(FuncCall *call)
{
    call->result->is_null = true;
    return true;
}

static inline bool return_int(FuncCall *call, int64_t value)
{
    call->result->is_null = false;
    call->result->i = value;
    return true;
}

static inline bool return_bool(FuncCall *call, bool value)
{
    call->result->is_null = false;
    call->result->b = value;
    return true;
}

static inline bool return_float(FuncCall *call, double value)
{
    call->result->is_null = false;
    call->result->f = value;
    return true;
}

/* The bytes must live as long as the call's arena. */
static inline bool return_bytes(FuncCall *call, const char *bytes, size_t len)
{
    call->result->is_null = false;
    call->result->s.ptr = bytes;
    call->result->s.len = len;
    return true;
}

/* NULL gives SQL NULL. */
static inline bool return_text(FuncCall *call, const char *text)
{
    return text ? return_bytes(call, text, strlen(text)) : return_null(call);
}

/* Whether the user may know a setting's value (func_session.c). */
bool func_sees_setting(const FuncContext *context, const char *name);

/* Arguments: a function of pg_proc that is strict and polymorphic, the OIDs of its result's and its arguments' types, their canonical
 * texts. Gives its value's canonical text (func_typed.c). */
bool helper_typed_call(FuncCall *call);
/* What all ranges, or multiranges, have in common (func_range_list.c). Arguments: their type, an array of their canonical texts. */
bool helper_range_common(FuncCall *call);

/* Strings of bytes, and bit strings as texts of 0 and 1 (func_bytea.c): places count from 1. */
bool bytes_substring(FuncCall *call);
bool bytes_overlay(FuncCall *call);

/* A column's text as it stands in a row's text, read; NULL: nothing at all. Gives where it ends (func_helper.c). */
const char *row_cell(const char *at, Arena *arena, const char **text);

/* Helpers of the local engine (func_helper.c). */
bool helper_hash_partition(FuncCall *call);
bool helper_identity_next(FuncCall *call);

/* A stored expression as it reads now; one that cannot be read as it is stored. */
const char *func_stored_expr(FuncCall *call, const FuncStoredText *stored);

/* A numeric argument's text, whichever form it came in. */
const char *arg_numeric(FuncCall *call, int index);

#endif
