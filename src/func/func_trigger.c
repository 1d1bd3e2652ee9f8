/*
 * func_trigger.c - pg_get_triggerdef: a trigger as the statement that makes it.
 *
 * Any thread; the Catalog locks itself.
 */
#include "func/func_internal.h"

#include <stdlib.h>

enum { ROW = 1, BEFORE = 2, ON_INSERT = 4, ON_DELETE = 8, ON_UPDATE = 16, ON_TRUNCATE = 32, INSTEAD = 64 };

/* Columns of the row that is read. */
enum {
    NAME,
    TABLE,
    FUNCTION,
    TYPE,
    ATTRIBUTES,
    ARGUMENTS,
    CONDITION,
    NARGUMENTS,
    CONSTRAINT,
    REFERENCED,
    DEFERRABLE,
    DEFERRED,
    OLD_TABLE,
    NEW_TABLE
};

static void add_columns(FuncCall *call, const CatRelation *table, const char *numbers, Str *out)
{
    const char *separator = " OF ";
    for (const char *at = numbers ? numbers : ""; *at; separator = ", ") {
        char *end;
        long number = strtol(at, &end, 10);
        if (end == at)
            return;
        if (number > 0 && number <= table->ncolumns)
            str_addf(out, "%s%s", separator,
                     catalog_quote_identifier(call->context->catalog, table->columns[number - 1].name, call->arena));
        at = end;
    }
}

static void add_events(FuncCall *call, const CatRelation *table, const CatalogCell *row, Str *out)
{
    static const struct {
        int bit;
        const char *word;
    } EVENTS[] = {{ON_INSERT, "INSERT"}, {ON_DELETE, "DELETE"}, {ON_UPDATE, "UPDATE"}, {ON_TRUNCATE, "TRUNCATE"}};
    int64_t type = row[TYPE].i;
    bool first = true;
    str_add(out, type & BEFORE ? " BEFORE" : type & INSTEAD ? " INSTEAD OF" : " AFTER");
    for (size_t i = 0; i < COUNT_OF(EVENTS); i++) {
        if (!(type & EVENTS[i].bit))
            continue;
        str_addf(out, "%s %s", first ? "" : " OR", EVENTS[i].word);
        first = false;
        if (EVENTS[i].bit == ON_UPDATE)
            add_columns(call, table, row[ATTRIBUTES].text, out);
    }
}

/* The bytes as hexadecimal digits, a zero byte after each argument. */
static void add_arguments(FuncCall *call, const char *hex, Str *out)
{
    Str argument;
    const char *separator = "";
    str_init(&argument, call->arena);
    for (; hex[0] && hex[1]; hex += 2) {
        char digits[] = {hex[0], hex[1], '\0'};
        char byte = (char)strtol(digits, NULL, 16);
        if (byte) {
            str_add(&argument, byte == '\'' ? "'" : "");
            str_addc(&argument, byte);
            continue;
        }
        str_addf(out, "%s'%s'", separator, argument.len ? argument.data : "");
        separator = ", ";
        str_init(&argument, call->arena);
    }
}

static const char *qualified(FuncCall *call, Oid class_oid, Oid oid, Oid schema, const char *name, bool always)
{
    Catalog *catalog = call->context->catalog;
    bool bare = !always && catalog_is_visible(catalog, class_oid, oid);
    return catalog_qualified(catalog, bare ? OID_NONE : schema, name, call->arena);
}

static void add_deferral(FuncCall *call, const CatalogCell *row, Str *out)
{
    const CatRelation *referenced = row[REFERENCED].i ? catalog_relation(call->context->catalog, (Oid)row[REFERENCED].i) : NULL;
    if (referenced)
        str_addf(out, "FROM %s ", qualified(call, PG_CLASS_RELATION, referenced->oid, referenced->namespace_oid, referenced->name, false));
    str_addf(out, "%sDEFERRABLE INITIALLY %s ", row[DEFERRABLE].i ? "" : "NOT ", row[DEFERRED].i ? "DEFERRED" : "IMMEDIATE");
}

static bool trigger_definition(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    bool pretty = call->nargs > 1 && call->args[1].b;
    const CatalogRows *rows = catalog_query(catalog, call->arena, call->error,
                                            "SELECT tgname, tgrelid, tgfoid, tgtype, tgattr, tgargs, tgqual, tgnargs, tgconstraint,"
                                            " tgconstrrelid, tgdeferrable, tginitdeferred, tgoldtable, tgnewtable FROM pg_trigger"
                                            " WHERE oid = ?1",
                                            "o", arg_oid(call, 0));
    if (!rows || !rows->nrows)
        return rows ? return_null(call) : false;
    const CatalogCell *row = rows->cells;
    const CatRelation *table = catalog_relation(catalog, (Oid)row[TABLE].i);
    const CatProc *function = catalog_proc(catalog, (Oid)row[FUNCTION].i);
    if (!table || !function)
        return return_null(call);
    Str out;
    str_init(&out, call->arena);
    str_addf(&out, "CREATE %sTRIGGER %s", row[CONSTRAINT].i ? "CONSTRAINT " : "",
             catalog_quote_identifier(call->context->catalog, row[NAME].text, call->arena));
    add_events(call, table, row, &out);
    str_addf(&out, " ON %s ", qualified(call, PG_CLASS_RELATION, table->oid, table->namespace_oid, table->name, !pretty));
    if (row[CONSTRAINT].i)
        add_deferral(call, row, &out);
    if (row[OLD_TABLE].text || row[NEW_TABLE].text)
        str_add(&out, "REFERENCING ");
    if (row[OLD_TABLE].text)
        str_addf(&out, "OLD TABLE AS %s ", catalog_quote_identifier(call->context->catalog, row[OLD_TABLE].text, call->arena));
    if (row[NEW_TABLE].text)
        str_addf(&out, "NEW TABLE AS %s ", catalog_quote_identifier(call->context->catalog, row[NEW_TABLE].text, call->arena));
    str_addf(&out, "FOR EACH %s ", row[TYPE].i & ROW ? "ROW" : "STATEMENT");
    if (!row[CONDITION].is_null)
        str_addf(
            &out, "WHEN (%s) ",
            func_stored_expr(call, &(FuncStoredText){.text = row[CONDITION].text, .relation = table->oid, .when = true, .pretty = pretty}));
    str_addf(&out, "EXECUTE FUNCTION %s(",
             qualified(call, PG_PROC_RELATION, function->oid, function->namespace_oid, function->name, false));
    if (row[NARGUMENTS].i > 0)
        add_arguments(call, row[ARGUMENTS].text + strlen("\\x"), &out);
    str_addc(&out, ')');
    return return_text(call, out.data);
}

static const FuncRow ROWS[] = {
    {F_PG_GET_TRIGGERDEF_OID, trigger_definition},
    {F_PG_GET_TRIGGERDEF_OID_BOOL, trigger_definition},
};
const FuncTable FUNC_TABLE_TRIGGER = {ROWS, COUNT_OF(ROWS)};
