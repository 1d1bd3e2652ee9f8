/*
 * body_text.c - bodies of the SQL standard (RETURN, BEGIN ATOMIC): how they are stored and how pg_get_functiondef shows them.
 *
 * Invariants:
 *  1. What is stored has every name outside pg_catalog qualified and parameters as numbers: it means the same under any search path,
 *     whatever the routine is called.
 *  2. It is text, so a change of names that it mentions reads it before and writes it anew after, as with views.
 *
 * Entered by the session's worker; command_body_text by threads of the engine too.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command/body_text.h"
#include "command/text_internal.h"
#include "command/view_internal.h"

/* ---- reading ---- */

static bool is_return(const char *body)
{
    return strncasecmp(body, "return ", 7) == 0;
}

const char *command_body_statements(const char *body, Arena *arena)
{
    static const char BEGIN[] = "begin atomic", END[] = "end";
    if (is_return(body))
        return arena_printf(arena, "SELECT %s", body + strlen("return "));
    if (strncasecmp(body, BEGIN, strlen(BEGIN)) != 0)
        return body;
    return arena_strndup(arena, body + strlen(BEGIN), strlen(body) - strlen(BEGIN) - strlen(END));
}

static bool find_parameter(void *arg, const char *const *names, int count, SqlVariable *out, Error *error)
{
    const CatProc *proc = arg;
    int number = count == 1 && names[0][0] == '$' ? (int)strtol(names[0] + 1, NULL, 10) : 0;
    if (number < 1 || number > proc->nargs)
        return false;
    out->param = number;
    out->type = proc->arg_types[number - 1];
    return true;
}

void body_mark_return(Query *query, bool returns)
{
    query->is_return = returns;
    if (returns)
        query->targets[0].name = NULL;
}

/* A stored body; false: it cannot be read, or the error is set. */
static bool read_body(Command *command, const CatProc *proc, const char *body, RoutineBody *out)
{
    SqlVariables variables = {.arg = (void *)(uintptr_t)proc, .conflict = SQL_CONFLICT_COLUMN, .find = find_parameter};
    ParsedText parsed;
    const char *text = command_body_statements(body, command->arena);
    *out = (RoutineBody){.oid = proc->oid, .is_return = is_return(body)};
    if (!sql_parse(text, command->arena, &parsed, command->error))
        return false;
    for (size_t i = 0; i < parsed.count; i++) {
        AnalyzeContext context = {
            .catalog = command->catalog, .functions = command->context->functions, .text = text, .variables = &variables};
        context.check_as = proc->owner;
        context.flat_views = context.stored = true;
        Query *query = sql_analyze(parsed.items[i].node, &context, command->arena, command->error);
        if (!query)
            return false;
        body_mark_return(query, out->is_return);
        view_keep_relations(query, command->arena);
        vec_push(command->arena, out, query);
    }
    return true;
}

/* ---- writing ---- */

static void write_body(Writer *writer, const RoutineBody *body)
{
    Str *out = writer->out;
    writer->one_line = body->is_return;
    if (body->is_return) {
        text_write_query(writer, body->items[0], NULL, false);
        return;
    }
    str_add(out, "BEGIN ATOMIC\n");
    for (size_t i = 0; i < body->count; i++) {
        writer->indent = 1;
        text_write_query(writer, body->items[i], NULL, false);
        str_add(out, ";\n");
    }
    str_add(out, "END");
}

const char *routine_body_stored(Command *command, const RoutineBody *body)
{
    Str out;
    Writer writer = {.command = command, .out = &out, .stored = true};
    str_init(&out, command->arena);
    ShownNaming shown = stored_naming_begin(command);
    write_body(&writer, body);
    stored_naming_end(command, &shown);
    return out.data;
}

const char *command_body_text(const FuncContext *functions, Oid routine, Arena *arena, Error *error)
{
    CommandContext context = {.catalog = functions->catalog, .functions = functions, .current_user = functions->current_user};
    Command command = {.context = &context, .catalog = functions->catalog, .arena = arena, .error = error, .user = functions->current_user};
    CatalogRows *rows = catalog_query(functions->catalog, arena, error,
                                      "SELECT prosqlbody FROM pg_proc WHERE oid = ?1 AND prosqlbody IS NOT NULL", "o", routine);
    const CatProc *proc = rows && rows->nrows ? catalog_proc(functions->catalog, routine) : NULL;
    RoutineBody body;
    Str out;
    str_init(&out, arena);
    if (!proc || !read_body(&command, proc, rows->cells[0].text, &body))
        return NULL;
    Writer writer = {.command = &command, .out = &out, .shown = true, .proc = catalog_proc(functions->catalog, routine)};
    write_body(&writer, &body);
    return out.data;
}

/* ---- names ---- */

static bool read_bodies(Command *command, const CatalogRows *rows, RoutineBodies *out)
{
    *out = (RoutineBodies){0};
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        RoutineBody body;
        if (!read_body(command, catalog_proc(command->catalog, (Oid)CATALOG_CELL(rows, i, 0).i), CATALOG_CELL(rows, i, 1).text, &body))
            return false;
        vec_push(command->arena, out, body);
    }
    return rows != NULL;
}

bool routine_bodies_mention(Command *command, const char *word, RoutineBodies *out)
{
    return read_bodies(command,
                       catalog_query(command->catalog, command->arena, command->error,
                                     "SELECT oid, prosqlbody FROM pg_proc WHERE oid >= 16384 AND instr(prosqlbody, ?1)", "s", word),
                       out);
}

bool routine_bodies_of(Command *command, Oid relation, RoutineBodies *out)
{
    static const char SQL[] = "SELECT DISTINCT p.oid, prosqlbody FROM pg_depend JOIN pg_proc p ON p.oid = objid WHERE classid = 1255 AND"
                              " refclassid = 1259 AND refobjid = ?1 AND prosqlbody IS NOT NULL";
    return read_bodies(command, catalog_query(command->catalog, command->arena, command->error, SQL, "o", relation), out);
}

bool routine_bodies_write(Command *command, const RoutineBodies *bodies)
{
    for (size_t i = 0; i < bodies->count; i++)
        if (!catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_proc SET prosqlbody = ?2 WHERE oid = ?1", "os",
                          bodies->items[i].oid, routine_body_stored(command, &bodies->items[i])))
            return false;
    return true;
}
