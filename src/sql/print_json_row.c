/*
 * print_json_row.c - rows as JSON objects in the local engine: what to_json, row_to_json, json_agg and their kin are given for a row.
 *
 *  1. A row that is given to the JSON helpers arrives as the text of its object, of type record; they take that as it is.
 *  2. The names of a row's columns are those of its type; a record goes through its text (print_row.c).
 * Any thread.
 */
#include <string.h>

#include "func/func.h"
#include "sql/print_internal.h"

static const CatRelation *relation_of(Printer *printer, Oid type)
{
    const CatType *row = type >= 16384 ? catalog_type(printer->catalog, print_base_type(printer, type)) : NULL;
    return row && row->kind == 'c' ? catalog_relation(printer->catalog, row->relation) : NULL;
}

static bool add_member(Printer *printer, const char *name, const char *json, bool first, Str *object)
{
    Str key, member;
    str_init(&key, printer->arena);
    str_init(&member, printer->arena);
    type_json_quote(name, strlen(name), &key);
    str_addf(&member, "%s%s:", first ? "" : ",", key.data);
    str_add(object, " || ");
    sql_quote_literal(printer->dialect, member.data, object);
    str_addf(object, " || COALESCE(%s, 'null')", json);
    return true;
}

static const char *json_of_text(Printer *printer, Oid type, const char *stored);

/* The object of a row whose text is known: NULL where that is. */
static const char *object_of_text(Printer *printer, const CatRelation *relation, const char *text)
{
    Str object;
    str_init(&object, printer->arena);
    str_addf(&object, "CASE WHEN %s IS NOT NULL THEN '{'", text);
    for (int i = 0, place = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (column->dropped)
            continue;
        place++;
        const char *json = json_of_text(printer, column->type, arena_printf(printer->arena, "mdl_row_get(%s, %d)", text, place));
        if (!json || !add_member(printer, column->name, json, place == 1, &object))
            return NULL;
    }
    str_add(&object, " || '}' END");
    return arena_printf(printer->arena, "(%s)", object.data);
}

static const char *json_of_text(Printer *printer, Oid type, const char *stored)
{
    const CatRelation *relation = relation_of(printer, type);
    if (relation)
        return object_of_text(printer, relation, stored);
    return arena_printf(printer->arena, "mdl_to_json(CAST(%u AS UINTEGER), CAST(%u AS UINTEGER), %s)", TYPE_JSON, type, stored);
}

static const char *name_of(Printer *printer, const CatRelation *relation, int place)
{
    for (int i = 0, at = 0; relation && i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && at++ == place)
            return relation->columns[i].name;
    return arena_printf(printer->arena, "f%d", place + 1);
}

static const char *object_of(Printer *printer, const Expr *expr);

static const char *object_of_fields(Printer *printer, const Expr *row)
{
    const CatRelation *relation = relation_of(printer, row->type);
    Str object;
    str_init(&object, printer->arena);
    str_add(&object, "('{'");
    for (int i = 0; i < row->nargs; i++) {
        const Expr *field = row->args[i];
        bool is_row = field->type != TYPE_RECORD_ARRAY && print_is_row(printer, field->type);
        const char *text = is_row ? NULL : print_text_by(printer, duckdb_stored_text, field);
        const char *json = is_row ? object_of(printer, field) : text ? json_of_text(printer, field->type, text) : NULL;
        if (!json || !add_member(printer, name_of(printer, relation, i), json, i == 0, &object))
            return NULL;
    }
    str_add(&object, " || '}')");
    return object.data;
}

/* NULL: refused. */
static const char *object_of(Printer *printer, const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    const CatRelation *relation = relation_of(printer, expr->type);
    if (expr->type == TYPE_RECORD) /* from its text, as a whole: it may be what rows are grouped by */
        return print_text_by(printer, print_record_json, expr);
    if (expr->kind == EXPR_ROW)
        return object_of_fields(printer, expr);
    if (expr->kind == EXPR_CASE && expr->nargs == 3 && expr->args[2]->kind == EXPR_ROW && expr->args[1]->kind == EXPR_CONST &&
        !expr->args[1]->u.value) { /* a whole row that may be missing */
        const char *test = print_text_of(printer, expr->args[0]), *object = test ? object_of_fields(printer, expr->args[2]) : NULL;
        return object ? arena_printf(printer->arena, "(CASE WHEN %s THEN NULL ELSE %s END)", test, object) : NULL;
    }
    const char *text = relation ? print_text_by(printer, duckdb_stored_text, expr) : NULL;
    if (relation)
        return text ? object_of_text(printer, relation, text) : NULL;
    return print_text_by(printer, print_record_json, expr);
}

bool print_json_rows(Printer *printer, Expr *const **args, int nargs)
{
    Expr **own = NULL;
    for (int i = 0; i < nargs; i++) {
        const Expr *arg = (*args)[i];
        if ((int)arg->kind == PRINT_RAW || arg->type == TYPE_RECORD_ARRAY || !print_is_row(printer, arg->type))
            continue;
        const char *object = object_of(printer, arg);
        if (!object)
            return false;
        if (!own) {
            own = ARENA_ARRAY(printer->arena, Expr *, nargs);
            memcpy(own, *args, sizeof(Expr *) * (size_t)nargs);
        }
        own[i] = ARENA_NEW(printer->arena, Expr);
        *own[i] = print_raw(TYPE_RECORD, object);
    }
    *args = own ? own : *args;
    return true;
}
