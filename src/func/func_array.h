/*
 * func_array.h - arrays for the files of functions: reading one, comparing and writing elements.
 */
#ifndef MEDLEY_FUNC_ARRAY_H
#define MEDLEY_FUNC_ARRAY_H

#include "func/func_internal.h"

bool array_read(FuncCall *call, int index, ArrayShape *out);
bool array_return(FuncCall *call, const ArrayShape *shape);
/* Values' equality; both are not NULL. */
bool array_elements_equal(Oid type, const ArrayElement *a, const ArrayElement *b, Arena *arena);
/* *order below, at or above 0: their order in the type's own; both are not NULL. */
bool array_elements_order(FuncCall *call, Oid type, const ArrayElement *a, const ArrayElement *b, int *order) MUST_CHECK;
/* The element as the type's output function writes it under the session's settings. */
bool array_element_output(FuncCall *call, Oid type, const ArrayElement *element, Str *out);
/* Bytes whose memcmp order is that of PostgreSQL's array comparison; equal exactly for equal arrays. */
/* The same of one interval: 30 days a month, 24 hours a day. */
void interval_sort_key(FdwInterval span, Str *key);
bool array_sort_key(FuncCall *call, Oid element, const ArrayShape *shape, Str *key);

/* Helpers of the local engine (func_helper.c lists them with their arguments). */
bool helper_array_elements(FuncCall *call);
bool helper_array_quote(FuncCall *call);
bool helper_array_get(FuncCall *call);
bool helper_array_at(FuncCall *call);
bool helper_to_json(FuncCall *call);
bool helper_json_item(FuncCall *call);
bool helper_json_list(FuncCall *call);
bool helper_json_object(FuncCall *call);
bool helper_json_array(FuncCall *call);
bool helper_json_pair(FuncCall *call);
bool helper_json_row(FuncCall *call);
bool helper_json_lines(FuncCall *call);
bool helper_array_fill(FuncCall *call);
bool helper_array_position_from(FuncCall *call);
bool helper_array_positions(FuncCall *call);
bool helper_array_larger(FuncCall *call);
bool helper_array_smaller(FuncCall *call);
bool helper_array_cmp(FuncCall *call);
bool helper_array_stack(FuncCall *call);
bool helper_array_nest(FuncCall *call);
bool helper_array_mode(FuncCall *call);
bool helper_percentiles(FuncCall *call);
bool helper_array_map(FuncCall *call);
bool helper_bit_fold(FuncCall *call);
bool helper_jsonb_key(FuncCall *call);
bool helper_json_record(FuncCall *call);
bool helper_json_records(FuncCall *call);
bool helper_json_has(FuncCall *call);
bool helper_json_member(FuncCall *call);
bool helper_json_member_row(FuncCall *call);
bool helper_json_value(FuncCall *call);
bool helper_name_get(FuncCall *call);
bool helper_record_order(FuncCall *call);
bool helper_row_of_array(FuncCall *call);
bool helper_geometry_get(FuncCall *call);
bool helper_array_slice(FuncCall *call);
bool helper_array_append(FuncCall *call);
bool helper_array_prepend(FuncCall *call);
bool helper_array_cat(FuncCall *call);
bool helper_array_remove(FuncCall *call);
bool helper_array_replace(FuncCall *call);
bool helper_array_position(FuncCall *call);
bool helper_array_contains(FuncCall *call);
bool helper_array_overlap(FuncCall *call);
bool helper_array_any(FuncCall *call);
bool helper_array_all(FuncCall *call);
bool helper_array_any_ascii(FuncCall *call);
bool helper_array_all_ascii(FuncCall *call);
bool helper_array_to_string(FuncCall *call);
bool helper_array_bucket(FuncCall *call);
bool helper_array_cast(FuncCall *call);
bool helper_array_key(FuncCall *call);
bool helper_num_nulls(FuncCall *call);
bool helper_part_set(FuncCall *call);
/* Arguments: the domain, the constraint (NULL: NOT NULL), the place of the literal (-1: none). Always fails. */
bool helper_domain_refuse(FuncCall *call);

#endif
