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

/* The row's text as a value holds it; base: the text of the row that gives what the object has not. NULL: an error is set. */
static const char *row_text(Printer *printer, const char *object, const CatRelation *relation, const char *base)
{
    PrintHold whole, part;
    print_hold(printer, &whole);
    str_addf(printer->out, "CASE WHEN %s IS NOT NULL THEN '(' || concat_ws(','", object);
    bool ok = true;
    for (int i = 0, place = 1; i < relation->ncolumns && ok; i++) {
        const CatColumn *column = &relation->columns[i];
        if (column->dropped)
            continue;
        const char *given = base ? arena_printf(printer->arena, "mdl_row_get(%s, %d)", base, place) : NULL;
        print_hold(printer, &part);
        ok = print_json_record_column(printer, object, column->name, column->type, column->typmod, given);
        Expr raw = print_raw(column->type, print_held(printer, &part, ok));
        str_add(printer->out, ", COALESCE(mdl_row_quote(");
        ok = ok && duckdb_stored_text(printer, &raw);
        str_add(printer->out, "), '')");
        place++;
    }
    str_addf(printer->out, ") || ')' ELSE %s END", base ? base : "NULL");
    return print_held(printer, &whole, ok);
}

static const char *stored_value(Printer *printer, const char *object, const char *name, Oid type, int32_t typmod)
{
    const CatRelation *relation = relation_of(printer, type);
    const char *key = quoted(printer, name);
    if (relation)
        return row_text(printer, arena_printf(printer->arena, "mdl_json_member_row(%s, %s)", object, key), relation, NULL);
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

/* The names that the members have; NULL: the columns bear them. */
static const char **member_names(Printer *printer, const Expr *call)
{
    const CatRelation *relation = relation_of(printer, call->type);
    const char **names = relation ? ARENA_ARRAY(printer->arena, const char *, relation->ncolumns + 1) : NULL;
    int count = 0;
    for (int i = 0; relation && i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped)
            names[count++] = relation->columns[i].name;
    return names;
}

bool print_json_record_columns(Printer *printer, const Rte *rte, const Expr *call, const char *object, int first, int count)
{
    const char *base;
    if (!base_of(printer, call, &base))
        return false;
    bool is_set = PROCS[proc_index(call)].is_set;
    const char **names = member_names(printer, call);
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
        if (!print_json_record_column(printer, object, name, column->type, column->typmod, given))
            return false;
        str_addf(printer->out, " AS c%d, ", first + i + 1);
    }
    return true;
}

/* Outside FROM: the text of the row, or of each. */
bool print_json_record_call(Printer *printer, const Expr *call)
{
    int index = proc_index(call);
    const CatRelation *relation = relation_of(printer, call->type);
    const char *base;
    if (!relation && !PROCS[index].has_base) {
        error_set(printer->error, ERRCODE_FEATURE_NOT_SUPPORTED, "could not determine row type for result of %s",
                  func_fact(call->oid)->name);
        return error_hint(printer->error, "Provide a non-null record argument, or call the function in the FROM clause using a column "
                                          "definition list.");
    }
    if (!relation)
        return print_refuse(printer, call, "a row of JSON whose columns are not known is");
    if (!base_of(printer, call, &base))
        return false;
    if (!PROCS[index].is_set) {
        const char *json = print_text_of(printer, call->args[1]);
        const char *text = json ? row_text(printer, arena_printf(printer->arena, "mdl_json_record(%s)", json), relation, base) : NULL;
        str_addf(printer->out, "(%s)", text ? text : "");
        return text != NULL;
    }
    const char *name = arena_printf(printer->arena, "row%d", ++printer->lambdas);
    str_add(printer->out, "unnest(list_transform(");
    bool ok = print_json_record_list(printer, call);
    const char *text = ok ? row_text(printer, name, relation, base) : NULL;
    str_addf(printer->out, ", lambda %s: %s))", name, text ? text : "");
    printer->lambdas--;
    return text != NULL;
}
