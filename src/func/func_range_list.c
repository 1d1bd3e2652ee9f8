/*
 * func_range_list.c - what is asked of ranges and multiranges, and made of them: lower(r), r @> 5, r1 * r2, range_merge(m).
 *
 * One implementation serves ranges and multiranges alike: both are lists of ranges (type/range.h). The call's own argument types, not
 * pg_proc's, say which each is; what is neither is an element.
 *
 * Any thread.
 */
#include "func/func_internal.h"
#include "type/range.h"

static bool read_list(FuncCall *call, int index, RangeList *out)
{
    return range_list_read(call->arg_types[index], &call->args[index], call->arena, out, call->error);
}

static bool read_lists(FuncCall *call, RangeList *a, RangeList *b)
{
    return read_list(call, 0, a) && read_list(call, 1, b);
}

static bool return_list(FuncCall *call, RangeList *list)
{
    return range_list_value(call->return_type, list, call->arena, call->result, call->error);
}

static const RangeBound *lower_of(const RangeList *list)
{
    return &list->items[0].lower;
}

static const RangeBound *upper_of(const RangeList *list)
{
    return &list->items[list->count - 1].upper;
}

/* ---- their ends ---- */

static bool return_bound(FuncCall *call, const RangeBound *bound)
{
    if (!bound || bound->infinite)
        return return_null(call);
    *call->result = bound->value;
    return true;
}

static bool lower_bound(FuncCall *call)
{
    RangeList list;
    return read_list(call, 0, &list) && return_bound(call, list.count ? lower_of(&list) : NULL);
}

static bool upper_bound(FuncCall *call)
{
    RangeList list;
    return read_list(call, 0, &list) && return_bound(call, list.count ? upper_of(&list) : NULL);
}

static bool is_empty(FuncCall *call)
{
    RangeList list;
    return read_list(call, 0, &list) && return_bool(call, !list.count);
}

typedef const RangeBound *End(const RangeList *list);

static bool ends_inclusive(FuncCall *call, End *end)
{
    RangeList list;
    return read_list(call, 0, &list) && return_bool(call, list.count && end(&list)->inclusive);
}

static bool ends_infinite(FuncCall *call, End *end)
{
    RangeList list;
    return read_list(call, 0, &list) && return_bool(call, list.count && end(&list)->infinite);
}

static bool lower_inclusive(FuncCall *call)
{
    return ends_inclusive(call, lower_of);
}

static bool upper_inclusive(FuncCall *call)
{
    return ends_inclusive(call, upper_of);
}

static bool lower_infinite(FuncCall *call)
{
    return ends_infinite(call, lower_of);
}

static bool upper_infinite(FuncCall *call)
{
    return ends_infinite(call, upper_of);
}

/* ---- how two lie to each other ---- */

static bool ranges_overlap(const Range *a, const Range *b)
{
    return range_compare_lower_upper(&a->lower, &b->upper) <= 0 && range_compare_lower_upper(&b->lower, &a->upper) <= 0;
}

static bool range_has(const Range *whole, const Range *part)
{
    return range_compare_lower(&whole->lower, &part->lower) <= 0 && range_compare_upper(&whole->upper, &part->upper) >= 0;
}

static bool overlap(FuncCall *call)
{
    RangeList a, b;
    if (!read_lists(call, &a, &b))
        return false;
    for (size_t i = 0, k = 0; i < a.count && k < b.count;) {
        if (ranges_overlap(&a.items[i], &b.items[k]))
            return return_bool(call, true);
        if (range_compare_upper(&a.items[i].upper, &b.items[k].upper) < 0)
            i++;
        else
            k++;
    }
    return return_bool(call, false);
}

static bool list_has(const RangeList *whole, const RangeList *part)
{
    for (size_t i = 0, k = 0; i < part->count; i++) {
        while (k < whole->count && range_compare_upper(&whole->items[k].upper, &part->items[i].upper) < 0)
            k++;
        if (k == whole->count || !range_has(&whole->items[k], &part->items[i]))
            return false;
    }
    return true;
}

static bool contains(FuncCall *call)
{
    RangeList a, b;
    return read_lists(call, &a, &b) && return_bool(call, list_has(&a, &b));
}

static bool is_contained(FuncCall *call)
{
    RangeList a, b;
    return read_lists(call, &a, &b) && return_bool(call, list_has(&b, &a));
}

static bool has_element(FuncCall *call, int list, int element)
{
    RangeList whole, part = {0};
    const RangeBound point = {.inclusive = true, .value = call->args[element]};
    const Range alone = {.lower = point, .upper = point};
    vec_push(call->arena, &part, alone);
    return read_list(call, list, &whole) && return_bool(call, list_has(&whole, &part));
}

static bool contains_element(FuncCall *call)
{
    return has_element(call, 0, 1);
}

static bool element_is_contained(FuncCall *call)
{
    return has_element(call, 1, 0);
}

static bool is_before(FuncCall *call)
{
    RangeList a, b;
    return read_lists(call, &a, &b) && return_bool(call, a.count && b.count && range_compare_lower_upper(lower_of(&b), upper_of(&a)) > 0);
}

static bool is_after(FuncCall *call)
{
    RangeList a, b;
    return read_lists(call, &a, &b) && return_bool(call, a.count && b.count && range_compare_lower_upper(lower_of(&a), upper_of(&b)) > 0);
}

static bool ends_not_after(FuncCall *call)
{
    RangeList a, b;
    return read_lists(call, &a, &b) && return_bool(call, a.count && b.count && range_compare_upper(upper_of(&a), upper_of(&b)) <= 0);
}

static bool starts_not_before(FuncCall *call)
{
    RangeList a, b;
    return read_lists(call, &a, &b) && return_bool(call, a.count && b.count && range_compare_lower(lower_of(&a), lower_of(&b)) >= 0);
}

static bool touch(FuncCall *call)
{
    RangeList a, b;
    return read_lists(call, &a, &b) &&
           return_bool(call,
                       a.count && b.count && (range_touches(upper_of(&a), lower_of(&b)) || range_touches(upper_of(&b), lower_of(&a))));
}

/* ---- what is made of two ---- */

/* From the lesser start to the greater end. Of equal bounds the second's is taken. */
static Range span_of(const Range *a, const Range *b)
{
    return (Range){.lower = range_compare_lower(&a->lower, &b->lower) < 0 ? a->lower : b->lower,
                   .upper = range_compare_upper(&a->upper, &b->upper) > 0 ? a->upper : b->upper};
}

static bool append_list(FuncCall *call, RangeList *list, const RangeList *more)
{
    for (size_t i = 0; i < more->count; i++)
        vec_push(call->arena, list, more->items[i]);
    return func_has_room(call, more->count * sizeof(Range));
}

static bool not_contiguous(FuncCall *call, const char *what)
{
    return error_set(call->error, ERRCODE_DATA_EXCEPTION, "result of range %s would not be contiguous", what);
}

/* Of two ranges what lies between them must not be left out. */
static bool unite(FuncCall *call)
{
    RangeList a, b;
    if (!read_lists(call, &a, &b))
        return false;
    bool are_ranges = !range_type_of_multirange(call->return_type);
    if (are_ranges && a.count && b.count) {
        const Range *left = &a.items[0], *right = &b.items[0];
        if (!ranges_overlap(left, right) && !range_touches(&left->upper, &right->lower) && !range_touches(&right->upper, &left->lower))
            return not_contiguous(call, "union");
        *a.items = span_of(left, right);
        return return_list(call, &a);
    }
    return append_list(call, &a, &b) && return_list(call, &a);
}

static bool merge(FuncCall *call)
{
    RangeList a, b;
    if (!read_lists(call, &a, &b))
        return false;
    if (!a.count || !b.count)
        return return_list(call, a.count ? &a : &b);
    *a.items = span_of(&a.items[0], &b.items[0]);
    return return_list(call, &a);
}

static bool merge_all(FuncCall *call)
{
    RangeList list;
    if (!read_list(call, 0, &list))
        return false;
    if (list.count) {
        list.items[0].upper = *upper_of(&list);
        list.count = 1;
    }
    return return_list(call, &list);
}

static RangeList common_of(Arena *arena, const RangeList *a, const RangeList *b)
{
    RangeList common = {0};
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        const Range *left = &a->items[i], *right = &b->items[k];
        int ends = range_compare_upper(&left->upper, &right->upper);
        if (ranges_overlap(left, right)) {
            Range both = {.lower = range_compare_lower(&left->lower, &right->lower) >= 0 ? left->lower : right->lower,
                          .upper = ends <= 0 ? left->upper : right->upper};
            vec_push(arena, &common, both);
        }
        if (ends < 0)
            i++;
        else
            k++;
    }
    return common;
}

static bool intersect(FuncCall *call)
{
    RangeList a, b;
    if (!read_lists(call, &a, &b))
        return false;
    RangeList common = common_of(call->arena, &a, &b);
    return return_list(call, &common);
}

bool helper_range_common(FuncCall *call)
{
    Oid type = arg_oid(call, 0);
    RangeList common = {0};
    ArrayShape shape;
    if (!type_array_read(call->args[1].s.ptr, call->args[1].s.len, ',', call->arena, &shape, call->error))
        return false;
    for (size_t i = 0; i < shape.count; i++) {
        Value value = value_text(shape.elements[i].text, shape.elements[i].len);
        RangeList list;
        if (!range_list_read(type, &value, call->arena, &list, call->error))
            return false;
        common = i ? common_of(call->arena, &common, &list) : list;
    }
    return range_list_value(type, &common, call->arena, call->result, call->error);
}

static RangeBound other_side(RangeBound bound)
{
    bound.inclusive = !bound.inclusive;
    return bound;
}

/* What is left of one range, in none to two parts. */
static void take_away(FuncCall *call, const Range *from, const Range *taken, RangeList *left)
{
    if (!ranges_overlap(from, taken)) {
        vec_push(call->arena, left, *from);
        return;
    }
    if (range_compare_lower(&from->lower, &taken->lower) < 0) {
        const Range before = {.lower = from->lower, .upper = other_side(taken->lower)};
        vec_push(call->arena, left, before);
    }
    if (range_compare_upper(&from->upper, &taken->upper) > 0) {
        const Range after = {.lower = other_side(taken->upper), .upper = from->upper};
        vec_push(call->arena, left, after);
    }
}

/* The ranges taken are in order: what is left before one, those behind it leave as it is. */
static bool subtract(FuncCall *call)
{
    RangeList a, b, left = {0};
    if (!read_lists(call, &a, &b))
        return false;
    for (size_t i = 0, first = 0; i < a.count; i++) {
        Range rest = a.items[i];
        while (first < b.count && range_compare_lower_upper(&rest.lower, &b.items[first].upper) > 0)
            first++;
        bool is_left = true;
        for (size_t k = first; is_left && k < b.count && range_compare_lower_upper(&b.items[k].lower, &rest.upper) <= 0; k++) {
            RangeList parts = {0};
            take_away(call, &rest, &b.items[k], &parts);
            is_left = parts.count && range_compare_upper(&parts.items[parts.count - 1].upper, &rest.upper) == 0;
            size_t done = parts.count - is_left;
            for (size_t part = 0; part < done; part++)
                vec_push(call->arena, &left, parts.items[part]);
            if (is_left)
                rest = parts.items[done];
        }
        if (is_left)
            vec_push(call->arena, &left, rest);
    }
    if (left.count > 1 && !range_type_of_multirange(call->return_type))
        return not_contiguous(call, "difference");
    return return_list(call, &left);
}

/* ---- multiranges made of ranges ---- */

static bool multirange_of_nothing(FuncCall *call)
{
    RangeList none = {0};
    return return_list(call, &none);
}

static bool multirange_of_range(FuncCall *call)
{
    RangeList list;
    return read_list(call, 0, &list) && return_list(call, &list);
}

static bool multirange_of_array(FuncCall *call)
{
    ArrayShape shape;
    RangeList all = {0};
    Oid range = range_type_of_multirange(call->return_type);
    if (!type_array_read(call->args[0].s.ptr, call->args[0].s.len, ',', call->arena, &shape, call->error))
        return false;
    if (shape.ndim > 1)
        return error_set(call->error, ERRCODE_CARDINALITY_VIOLATION, "multiranges cannot be constructed from multidimensional arrays");
    for (size_t i = 0; i < shape.count; i++) {
        const ArrayElement *element = &shape.elements[i];
        RangeList list;
        if (!element->text)
            return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "multirange values cannot contain null members");
        Value value = value_text(element->text, element->len);
        if (!range_list_read(range, &value, call->arena, &list, call->error) || !append_list(call, &all, &list))
            return false;
    }
    return return_list(call, &all);
}

/* ---- their ranges as rows ---- */

/* The canonical text has its ranges one behind the other, whatever their type: each to its closing bracket outside of quotes. */
static bool unnest(FuncSetCall *set)
{
    const char *at = set->call.args[0].s.ptr + 1, *end = set->call.args[0].s.ptr + set->call.args[0].s.len - 1;
    while (at < end) {
        const char *start = at;
        for (bool quoted = false; quoted || (*at != ')' && *at != ']'); at++)
            quoted = quoted != (*at == '"');
        at++;
        Value row = value_text(start, (size_t)(at - start));
        if (!set->emit(set->sink, &row, 1))
            return true;
        at += *at == ',';
    }
    return true;
}

static const FuncRow ROWS[] = {
    {F_RANGE_CONTAINS_ANYRANGE_ANYRANGE, contains},
    {F_MULTIRANGE_CONTAINS_RANGE_ANYMULTIRANGE_ANYRANGE, contains},
    {F_MULTIRANGE_CONTAINS_MULTIRANGE_ANYMULTIRANGE_ANYMULTIRANGE, contains},
    {F_RANGE_CONTAINS_MULTIRANGE_ANYRANGE_ANYMULTIRANGE, contains},
    {F_RANGE_CONTAINS_ELEM_ANYRANGE_ANYELEMENT, contains_element},
    {F_MULTIRANGE_CONTAINS_ELEM_ANYMULTIRANGE_ANYELEMENT, contains_element},
    {F_ELEM_CONTAINED_BY_RANGE_ANYELEMENT_ANYRANGE, element_is_contained},
    {F_ELEM_CONTAINED_BY_MULTIRANGE_ANYELEMENT_ANYMULTIRANGE, element_is_contained},
    {F_RANGE_OVERLEFT_ANYRANGE_ANYRANGE, ends_not_after},
    {F_RANGE_OVERLEFT_MULTIRANGE_ANYRANGE_ANYMULTIRANGE, ends_not_after},
    {F_MULTIRANGE_OVERLEFT_RANGE_ANYMULTIRANGE_ANYRANGE, ends_not_after},
    {F_MULTIRANGE_OVERLEFT_MULTIRANGE_ANYMULTIRANGE_ANYMULTIRANGE, ends_not_after},
    {F_RANGE_INTERSECT_ANYRANGE_ANYRANGE, intersect},
    {F_MULTIRANGE_INTERSECT_ANYMULTIRANGE_ANYMULTIRANGE, intersect},
    {F_RANGE_AFTER_ANYRANGE_ANYRANGE, is_after},
    {F_RANGE_AFTER_MULTIRANGE_ANYRANGE_ANYMULTIRANGE, is_after},
    {F_MULTIRANGE_AFTER_RANGE_ANYMULTIRANGE_ANYRANGE, is_after},
    {F_MULTIRANGE_AFTER_MULTIRANGE_ANYMULTIRANGE_ANYMULTIRANGE, is_after},
    {F_RANGE_BEFORE_ANYRANGE_ANYRANGE, is_before},
    {F_RANGE_BEFORE_MULTIRANGE_ANYRANGE_ANYMULTIRANGE, is_before},
    {F_MULTIRANGE_BEFORE_RANGE_ANYMULTIRANGE_ANYRANGE, is_before},
    {F_MULTIRANGE_BEFORE_MULTIRANGE_ANYMULTIRANGE_ANYMULTIRANGE, is_before},
    {F_RANGE_CONTAINED_BY_ANYRANGE_ANYRANGE, is_contained},
    {F_RANGE_CONTAINED_BY_MULTIRANGE_ANYRANGE_ANYMULTIRANGE, is_contained},
    {F_MULTIRANGE_CONTAINED_BY_MULTIRANGE_ANYMULTIRANGE_ANYMULTIRANGE, is_contained},
    {F_MULTIRANGE_CONTAINED_BY_RANGE_ANYMULTIRANGE_ANYRANGE, is_contained},
    {F_ISEMPTY_ANYRANGE, is_empty},
    {F_ISEMPTY_ANYMULTIRANGE, is_empty},
    {F_LOWER_ANYRANGE, lower_bound},
    {F_LOWER_ANYMULTIRANGE, lower_bound},
    {F_LOWER_INC_ANYRANGE, lower_inclusive},
    {F_LOWER_INC_ANYMULTIRANGE, lower_inclusive},
    {F_LOWER_INF_ANYRANGE, lower_infinite},
    {F_LOWER_INF_ANYMULTIRANGE, lower_infinite},
    {F_RANGE_MERGE_ANYRANGE_ANYRANGE, merge},
    {F_RANGE_MERGE_ANYMULTIRANGE, merge_all},
    {F_INT4MULTIRANGE_INT4RANGE_ARRAY, multirange_of_array},
    {F_NUMMULTIRANGE_NUMRANGE_ARRAY, multirange_of_array},
    {F_TSMULTIRANGE_TSRANGE_ARRAY, multirange_of_array},
    {F_TSTZMULTIRANGE_TSTZRANGE_ARRAY, multirange_of_array},
    {F_DATEMULTIRANGE_DATERANGE_ARRAY, multirange_of_array},
    {F_INT8MULTIRANGE_INT8RANGE_ARRAY, multirange_of_array},
    {F_INT4MULTIRANGE, multirange_of_nothing},
    {F_NUMMULTIRANGE, multirange_of_nothing},
    {F_TSMULTIRANGE, multirange_of_nothing},
    {F_TSTZMULTIRANGE, multirange_of_nothing},
    {F_DATEMULTIRANGE, multirange_of_nothing},
    {F_INT8MULTIRANGE, multirange_of_nothing},
    {F_INT4MULTIRANGE_INT4RANGE, multirange_of_range},
    {F_NUMMULTIRANGE_NUMRANGE, multirange_of_range},
    {F_TSMULTIRANGE_TSRANGE, multirange_of_range},
    {F_TSTZMULTIRANGE_TSTZRANGE, multirange_of_range},
    {F_DATEMULTIRANGE_DATERANGE, multirange_of_range},
    {F_INT8MULTIRANGE_INT8RANGE, multirange_of_range},
    {F_MULTIRANGE_ANYRANGE, multirange_of_range},
    {F_RANGE_OVERLAPS_ANYRANGE_ANYRANGE, overlap},
    {F_RANGE_OVERLAPS_MULTIRANGE_ANYRANGE_ANYMULTIRANGE, overlap},
    {F_MULTIRANGE_OVERLAPS_RANGE_ANYMULTIRANGE_ANYRANGE, overlap},
    {F_MULTIRANGE_OVERLAPS_MULTIRANGE_ANYMULTIRANGE_ANYMULTIRANGE, overlap},
    {F_RANGE_OVERRIGHT_ANYRANGE_ANYRANGE, starts_not_before},
    {F_RANGE_OVERRIGHT_MULTIRANGE_ANYRANGE_ANYMULTIRANGE, starts_not_before},
    {F_MULTIRANGE_OVERRIGHT_RANGE_ANYMULTIRANGE_ANYRANGE, starts_not_before},
    {F_MULTIRANGE_OVERRIGHT_MULTIRANGE_ANYMULTIRANGE_ANYMULTIRANGE, starts_not_before},
    {F_RANGE_MINUS_ANYRANGE_ANYRANGE, subtract},
    {F_MULTIRANGE_MINUS_ANYMULTIRANGE_ANYMULTIRANGE, subtract},
    {F_RANGE_ADJACENT_ANYRANGE_ANYRANGE, touch},
    {F_RANGE_ADJACENT_MULTIRANGE_ANYRANGE_ANYMULTIRANGE, touch},
    {F_MULTIRANGE_ADJACENT_MULTIRANGE_ANYMULTIRANGE_ANYMULTIRANGE, touch},
    {F_MULTIRANGE_ADJACENT_RANGE_ANYMULTIRANGE_ANYRANGE, touch},
    {F_RANGE_UNION_ANYRANGE_ANYRANGE, unite},
    {F_MULTIRANGE_UNION_ANYMULTIRANGE_ANYMULTIRANGE, unite},
    {F_UPPER_ANYRANGE, upper_bound},
    {F_UPPER_ANYMULTIRANGE, upper_bound},
    {F_UPPER_INC_ANYRANGE, upper_inclusive},
    {F_UPPER_INC_ANYMULTIRANGE, upper_inclusive},
    {F_UPPER_INF_ANYRANGE, upper_infinite},
    {F_UPPER_INF_ANYMULTIRANGE, upper_infinite},
};
const FuncTable FUNC_TABLE_RANGE_LIST = {ROWS, COUNT_OF(ROWS)};

static const FuncSetRow SETS[] = {{F_UNNEST_ANYMULTIRANGE, unnest}};
const FuncSetTable FUNC_SETS_RANGE = {SETS, COUNT_OF(SETS)};
