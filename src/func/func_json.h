/*
 * func_json.h - the parts of a JSON text, for the functions that take JSON apart and put it together.
 *
 * A part is the piece of text it stands in: of jsonb that is its canonical form, so what is taken out needs no writing. The text is
 * valid: a Value of json or jsonb.
 */
#ifndef MEDLEY_FUNC_FUNC_JSON_H
#define MEDLEY_FUNC_FUNC_JSON_H

#include "func/func_array.h"

typedef struct JsonPart {
    const char *text; /* NULL: none */
    size_t len;
} JsonPart;

typedef struct JsonMember {
    JsonPart key; /* of objects: with its quotes */
    JsonPart value;
} JsonMember;
typedef VEC(JsonMember) JsonMembers;

/* Without the blanks around it. */
JsonPart json_part(const char *text, size_t len);
JsonPart json_arg(const FuncCall *call, int index);
/* The same for who asks what strings mean: a json may hold escapes that mean nothing, wherever in it; then an error is set. */
bool json_arg_meant(FuncCall *call, int index, JsonPart *part) MUST_CHECK;
/* '{', '[', '"', 't', 'f', 'n', or '0' for a number. */
char json_kind(JsonPart part);
bool json_is_container(JsonPart part);
/* Of an object or array; no members of anything else. */
JsonMembers json_members(JsonPart part, Arena *arena);
/* What a string means. */
JsonPart json_string(JsonPart part, Arena *arena);
bool json_string_is(JsonPart part, const char *text, size_t len, Arena *arena);
/* The last member of the key in an object; text NULL: there is none. */
JsonPart json_field(JsonPart object, const char *key, size_t len, Arena *arena);
/* From the end if negative. */
JsonPart json_element(JsonPart array, int64_t index, Arena *arena);
/* NULL for no part; as_text: strings as what they mean, null as SQL's. */
bool return_json_part(FuncCall *call, JsonPart part, bool as_text);
/* Bytes that sort as PostgreSQL sorts jsonb; equal ones have equal bytes. */
void json_sort_key(JsonPart json, Arena *arena, Str *key);
/* Adds a value's JSON, from its canonical text (NULL: null); a record's text is its JSON already. */
bool json_of(FuncCall *call, Oid type, const char *text, Str *out);
/* Of a row of a type that is known, from its text. */
bool json_of_composite(FuncCall *call, const CatType *type, const char *row, Str *out);
/* The canonical jsonb of a text just put together. */
bool return_jsonb(FuncCall *call, const Str *json);

#endif
