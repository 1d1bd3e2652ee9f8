/*
 * stored_text.c - stored expressions as pg_get_expr and its kin show them: read again, written under the search path that holds now.
 *
 * Invariant: what is stored has every name outside pg_catalog qualified, so it means the same under any search path.
 *
 * Entered by the session's worker and by threads of the engine.
 */
#include <stdlib.h>
#include <string.h>

#include "command/text_internal.h"

ShownNaming stored_naming_begin(Command *command)
{
    Catalog *catalog = command->catalog;
    ShownNaming shown = {.temporary = catalog_temporary(catalog), .quote_all = catalog_quote_all(catalog, false)};
    shown.path = catalog_search_path_setting(catalog, command->arena, &shown.user);
    catalog_set_search_path(catalog, "pg_catalog", shown.user);
    catalog_set_temporary(catalog, OID_NONE);
    return shown;
}

void stored_naming_end(Command *command, const ShownNaming *shown)
{
    catalog_set_search_path(command->catalog, shown->path, shown->user);
    catalog_set_temporary(command->catalog, shown->temporary);
    catalog_quote_all(command->catalog, shown->quote_all);
}

/* The one column that a domain's CHECK has. */
const CatRelation *domain_as_relation(Catalog *catalog, Oid domain, Arena *arena)
{
    const CatType *type = catalog_type(catalog, domain);
    CatColumn *value = ARENA_NEW(arena, CatColumn);
    CatRelation *relation = ARENA_NEW(arena, CatRelation);
    if (!type)
        return NULL;
    *value = (CatColumn){.number = 1, .name = "value", .type = type->base, .typmod = type->typmod, .collation = type->collation};
    *relation = (CatRelation){.name = "", .kind = 'r', .ncolumns = 1, .columns = value};
    return relation;
}

/* The type that an implicit cast on top gives; OID_NONE: there is none. */
static Oid type_on_top(const char *text, int32_t *typmod)
{
    const char *comment = NULL;
    size_t len = strlen(text);
    char *end;
    *typmod = -1;
    if (len < strlen("/*1:-1*/") || !str_eq(text + len - 2, "*/"))
        return OID_NONE;
    for (const char *at = text; (at = strstr(at, "/*")); at++)
        comment = at;
    Oid type = comment ? (Oid)strtoul(comment + 2, &end, 10) : OID_NONE;
    if (type)
        *typmod = (int32_t)strtol(end + 1, NULL, 10);
    return type;
}

static bool write_one(Command *command, const Node *node, const FuncStoredText *stored, Str *out)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = ""};
    const CatRelation *relation = stored->domain     ? domain_as_relation(command->catalog, stored->domain, command->arena)
                                  : stored->relation ? catalog_relation(command->catalog, stored->relation)
                                                     : NULL;
    ExprUse use = stored->when ? EXPR_USE_WHEN : relation ? EXPR_USE_CHECK : EXPR_USE_DEFAULT;
    int32_t typmod;
    Oid type = type_on_top(stored->text, &typmod);
    const Expr *expr = sql_analyze_stored(node, use, relation, type, typmod, &context, command->arena, command->error);
    if (!expr)
        return false;
    bool parens = stored->call_parens && !text_looks_like_call(expr);
    Writer writer = {.command = command, .relation = relation, .out = out, .pretty = stored->pretty, .when = stored->when, .shown = true};
    writer.indent = stored->when ? TEXT_CLAUSE_INDENT : 0;
    str_add(out, parens ? "(" : "");
    text_write(&writer, expr);
    str_add(out, parens ? ")" : "");
    return true;
}

const Node *stored_expr_parse(Command *command, const char *text)
{
    ParsedText parsed;
    if (!sql_parse(arena_printf(command->arena, "SELECT %s", text), command->arena, &parsed, command->error))
        return NULL;
    return parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
}

const char *command_expr_text(const FuncContext *functions, const FuncStoredText *stored, Arena *arena, Error *error)
{
    CommandContext context = {.catalog = functions->catalog, .functions = functions, .current_user = functions->current_user};
    Command command = {.context = &context, .catalog = functions->catalog, .arena = arena, .error = error, .user = functions->current_user};
    ParsedText parsed;
    Str out;
    str_init(&out, arena);
    if (!sql_parse(arena_printf(arena, "SELECT %s", stored->text), arena, &parsed, error))
        return NULL;
    const PgQuery__SelectStmt *select = parsed.count == 1 ? parsed.items[0].node->select_stmt : NULL;
    for (size_t i = 0; select && i < select->n_target_list; i++) {
        str_add(&out, i ? ", " : "");
        if (!write_one(&command, select->target_list[i]->res_target->val, stored, &out))
            return NULL;
    }
    return out.data;
}
