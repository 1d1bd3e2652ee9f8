/*
 * print_json_record.c - json_to_record and its kin in the local engine: the list of their objects, and what a column takes from one.
 *
 *  1. A column takes the member of its own name; what the object has not, it takes from the row given beside the JSON, if any.
 *  2. Rows inside rows are written out member by member here; domains are refused, for their conditions would not be asked.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

static const struct {
    Oid proc;
    bool is_set, has_base;
} PROCS[] = {
    {F_JSON_TO_RECORD_JSON, false, false},
    {F_JSONB_TO_RECORD_JSONB, false, false},
    {F_JSON_TO_RECORDSET_JSON, true, false},
    {F_JSONB_TO_RECORDSET_JSONB, true, false},
    {F_JSON_POPULATE_RECORD_ANYELEMENT_JSON_BOOL, false, true},
    {F_JSONB_POPULATE_RECORD_ANYELEMENT_JSONB, false, true},
    {F_JSON_POPULATE_RECORDSET_ANYELEMENT_JSON_BOOL, true, true},
    {F_JSONB_POPULATE_RECORDSET_ANYELEMENT_JSONB, true, true},
};

static int proc_index(const Expr *call)
{
    for (size_t i = 0; i < COUNT_OF(PROCS); i++)
        if (call->kind == EXPR_FUNC && PROCS[i].proc == call->oid)
            return (int)i;
    return -1;
}

bool print_is_json_record(const Expr *call)
{
    return proc_index(call) >= 0;
}

bool print_json_record_list(Printer *printer, const Expr *call)
{
    int index = proc_index(call);
    if (PROCS[index].has_base && !print_is_row(printer, call->args[0]->type))
        return error_set(printer->error, ERRCODE_DATATYPE_MISMATCH, "first argument of %s must be a row type", func_fact(call->oid)->name);
    const char *json = print_text_of(printer, call->args[PROCS[index].has_base]);
    if (!json)
        return false;
    if (PROCS[index].is_set)
        str_addf(printer->out, "mdl_json_records(CAST(%u AS UINTEGER), %s)", call->oid, json);
    else
        str_addf(printer->out, "[mdl_json_record(%s)]", json);
    return true;
}

/* ---- values ---- */

static const char *quoted(Printer *printer, const char *name)
{
    Str text;
    str_init(&text, printer->arena);
    sql_quote_literal(printer->dialect, name, &text);
    return text.data;
}

static const CatRelation *relation_of(Printer *printer, Oid type)
{
    const CatType *row = type >= 16384 ? catalog_type(printer->catalog, type) : NULL;
    return row && row->kind == 'c' ? catalog_relation(printer->catalog, row->relation) : NULL;
}

static const char *stored_value(Printer *printer, const char *object, const char *name, Oid type, int32_t typmod);

/* What a row is made of: columns of its type, or fields of a record. */
typedef struct RowShape {
    const char **names;
    Oid *types;
    int32_t *typmods;
    int count;
} RowShape;

static RowShape shape_new(Printer *printer, int most)
{
    return (RowShape){.names = ARENA_ARRAY(printer->arena, const char *, most + 1),
                      .types = ARENA_ARRAY(printer->arena, Oid, most + 1),
                      .typmods = ARENA_ARRAY(printer->arena, int32_t, most + 1)};
}

static RowShape shape_of_relation(Printer *printer, const CatRelation *relation)
{
    RowShape shape = shape_new(printer, relation->ncolumns);
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (column->dropped)
            continue;
        shape.names[shape.count] = column->name;
        shape.types[shape.count] = column->type;
        shape.typmods[shape.count++] = column->typmod;
    }
    return shape;
}

static RowShape shape_of_fields(Printer *printer, const RowFields *fields)
{
    RowShape shape = shape_new(printer, fields->count);
    for (int i = 0; i < fields->count; i++) {
        shape.names[i] = fields->names ? fields->names[i] : arena_printf(printer->arena, "f%d", i + 1);
        shape.types[i] = fields->types[i];
        shape.typmods[i] = -1;
    }
    shape.count = fields->count;
    return shape;
}

/* The row's text as a value holds it; base: the text of the row that gives what the object has not. NULL: an error is set. */
static const char *row_text(Printer *printer, const char *object, RowShape shape, const char *base)
{
    PrintHold whole, part;
    print_hold(printer, &whole);
    str_addf(printer->out, "CASE WHEN %s IS NOT NULL THEN '(' || concat_ws(','", object);
    bool ok = true;
    for (int i = 0; i < shape.count && ok; i++) {
        const char *given = base ? arena_printf(printer->arena, "mdl_row_get(%s, %d)", base, i + 1) : NULL;
        print_hold(printer, &part);
        ok = print_json_record_column(printer, object, shape.names[i], shape.types[i], shape.typmods[i], given);
        Expr raw = print_raw(shape.types[i], print_held(printer, &part, ok));
        str_add(printer->out, ", COALESCE(mdl_row_quote(");
        ok = ok && duckdb_stored_text(printer, &raw);
        str_add(printer->out, "), '')");
    }
    str_addf(printer->out, ") || ')' ELSE %s END", base ? base : "NULL");
    return print_held(printer, &whole, ok);
}

static const char *stored_value(Printer *printer, const char *object, const char *name, Oid type, int32_t typmod)
{
    const CatRelation *relation = relation_of(printer, type);
    const char *key = quoted(printer, name);
    if (relation)
        return row_text(printer, arena_printf(printer->arena, "mdl_json_member_row(%s, %s)", object, key),
                        shape_of_relation(printer, relation), NULL);
    if (type < 16384)
        return arena_printf(printer->arena, "mdl_json_value(CAST(%u AS UINTEGER), CAST(%d AS INTEGER), %s, %s)", type, typmod, object, key);
    bool is_array;
    Expr member = print_raw(TYPE_TEXT, arena_printf(printer->arena, "mdl_json_member(%s, %s)", object, key)), *args[] = {&member};
    Expr cast = {.kind = EXPR_CAST_IO, .type = type, .typmod = -1, .location = -1, .args = args, .nargs = 1};
    if (print_base_type(printer, type) == type && print_enum_of(printer, type, &is_array) && !is_array)
        return print_text_of(printer, &cast);
    print_refuse(printer, NULL, "a column of type %s from JSON is", catalog_format_type(printer->catalog, type, -1, printer->arena));
    return NULL;
}

bool print_json_record_column(Printer *printer, const char *object, const char *name, Oid type, int32_t typmod, const char *given)
{
    const char *stored = stored_value(printer, object, name, type, typmod);
    if (!stored)
        return false;
    if (given)
        stored = arena_printf(printer->arena, "CASE WHEN COALESCE(mdl_json_has(%s, %s), false) THEN %s ELSE %s END", object,
                              quoted(printer, name), stored, given);
    return duckdb_from_stored(printer, stored, type);
}

/* ---- calls ---- */

/* The text of the row given beside the JSON; *base NULL: there is none. */
static bool base_of(Printer *printer, const Expr *call, const char **base)
{
    *base = NULL;
    const Expr *row = call->args[0];
    while (row->kind == EXPR_RELABEL)
        row = row->args[0];
    if (!PROCS[proc_index(call)].has_base || (row->kind == EXPR_CONST && !row->u.value))
        return true;
    *base = print_text_of(printer, row);
    return *base != NULL;
}

/* The names that the members have, those of the row given beside the JSON if it has its own; NULL: the columns bear them. */
static const char **member_names(Printer *printer, const Expr *call, const RowFields *given)
{
    const CatRelation *relation = relation_of(printer, call->type);
    int most = relation ? relation->ncolumns : given ? given->count : 0, count = 0;
    const char **names = most ? ARENA_ARRAY(printer->arena, const char *, most) : NULL;
    for (int i = 0; relation && i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped)
            names[count++] = relation->columns[i].name;
    for (int i = 0; given && i < given->count; i++)
        names[i] = given->names ? given->names[i] : arena_printf(printer->arena, "f%d", i + 1);
    return names;
}

static bool differs(Printer *printer, const char *detail)
{
    error_set(printer->error, ERRCODE_DATATYPE_MISMATCH, "function return row and query-specified return row do not match");
    return error_detail(printer->error, "%s", detail);
}

static const char *type_name(Printer *printer, Oid type)
{
    return catalog_format_type(printer->catalog, type, -1, printer->arena);
}

/* The row given beside the JSON is of the types that the definition list says. */
static bool fits_definition(Printer *printer, const Rte *rte, const RowFields *given, int first, int count)
{
    if (given->count != count)
        return differs(printer, arena_printf(printer->arena, "Returned row contains %d attribute%s, but query expects %d.", given->count,
                                             given->count == 1 ? "" : "s", count));
    for (int i = 0; i < count; i++) {
        Oid wanted = rte->columns[first + i].type;
        if (!sql_is_binary_coercible(printer->catalog, given->types[i], wanted))
            return differs(printer, arena_printf(printer->arena, "Returned type %s at ordinal position %d, but query expects %s.",
                                                 type_name(printer, given->types[i]), i + 1, type_name(printer, wanted)));
    }
    return true;
}

bool print_json_record_columns(Printer *printer, const Rte *rte, const Expr *call, const char *object, int first, int count)
{
    const char *base;
    if (!base_of(printer, call, &base))
        return false;
    bool is_set = PROCS[proc_index(call)].is_set;
    const Expr *json = call->args[PROCS[proc_index(call)].has_base];
    bool no_rows = is_set && json->kind == EXPR_CONST && !json->u.value;
    RowFields fields = {0};
    bool has_own = base && !no_rows && call->args[0]->type == TYPE_RECORD && print_fields_of(printer, call->args[0], &fields);
    if (has_own && !fits_definition(printer, rte, &fields, first, count))
        return false;
    const char **names = member_names(printer, call, has_own ? &fields : NULL);
    if (!names && rte->ncolumn_aliases)
        return print_refuse(printer, call, "giving the columns of a definition list other names is");
    for (int i = 0, place = 0; i < count; i++) {
        const RteColumn *column = &rte->columns[first + i];
        if (column->dropped) {
            str_addf(printer->out, "NULL AS c%d, ", first + i + 1);
            continue;
        }
        const char *name = names ? names[place] : column->name;
        place++;
        const char *given = base ? arena_printf(printer->arena, "mdl_row_get(%s, %d)", base, place) : NULL;
        if (given && is_set) /* beyond the last object there is none */
            given = arena_printf(printer->arena, "CASE WHEN %s IS NOT NULL THEN %s END", object, given);
        PrintHold hold;
        print_hold(printer, &hold);
        bool done = print_json_record_column(printer, object, name, column->type, column->typmod, given);
        const char *value = print_held(printer, &hold, done);
        if (!value)
            return false;
        if (column->type != TYPE_NUMERIC)
            str_add(printer->out, value);
        else if (!duckdb_column_from_stored(printer, value, column))
            return false;
        str_addf(printer->out, " AS c%d, ", first + i + 1);
    }
    return true;
}

/* Of the row's type, else of the record given beside the JSON. */
static bool shape_of_call(Printer *printer, const Expr *call, RowShape *shape)
{
    const CatRelation *relation = relation_of(printer, call->type);
    RowFields fields;
    if (relation) {
        *shape = shape_of_relation(printer, relation);
        return true;
    }
    if (PROCS[proc_index(call)].has_base && print_fields_of(printer, call->args[0], &fields)) {
        *shape = shape_of_fields(printer, &fields);
        return true;
    }
    error_set(printer->error, ERRCODE_FEATURE_NOT_SUPPORTED, "could not determine row type for result of %s", func_fact(call->oid)->name);
    return error_hint(printer->error,
                      "Provide a non-null record argument, or call the function in the FROM clause using a column definition list.");
}

/* Outside FROM: the text of the row, or of each. */
bool print_json_record_call(Printer *printer, const Expr *call)
{
    RowShape shape = {0};
    const char *base;
    if (!shape_of_call(printer, call, &shape) || !base_of(printer, call, &base))
        return false;
    if (!PROCS[proc_index(call)].is_set) {
        const char *json = print_text_of(printer, call->args[1]);
        const char *text = json ? row_text(printer, arena_printf(printer->arena, "mdl_json_record(%s)", json), shape, base) : NULL;
        str_addf(printer->out, "(%s)", text ? text : "");
        return text != NULL;
    }
    const char *name = arena_printf(printer->arena, "row%d", ++printer->lambdas);
    str_add(printer->out, "unnest(list_transform(");
    bool ok = print_json_record_list(printer, call);
    const char *text = ok ? row_text(printer, name, shape, base) : NULL;
    str_addf(printer->out, ", lambda %s: %s))", name, text ? text : "");
    printer->lambdas--;
    return text != NULL;
}
