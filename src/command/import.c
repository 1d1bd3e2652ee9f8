/*
 * import.c - IMPORT FOREIGN SCHEMA: the wrapper describes the source's tables, each becomes a CREATE FOREIGN TABLE that is run here.
 *
 * Invariants:
 *  1. The source is read to its end before the first table is made: the connection is given back by then.
 *  2. What the statement excludes is left out here too, whatever the wrapper told.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/command_internal.h"
#include "type/utf8.h"

/* One table as the wrapper told it: a statement to run. */
typedef struct ImportedTable {
    const char *name, *sql;
} ImportedTable;

typedef struct Import {
    Command *command;
    const PgQuery__ImportForeignSchemaStmt *statement;
    VEC(ImportedTable) tables;
} Import;

/* ---- statements ---- */

static void add_options(Command *command, const FdwOptions *options, Str *sql)
{
    if (options->count == 0)
        return;
    str_add(sql, "OPTIONS (");
    for (size_t i = 0; i < options->count; i++)
        str_addf(sql, "%s%s %s", i ? ", " : "", catalog_quote_identifier(NULL, options->items[i].name, command->arena),
                 catalog_quote_literal(options->items[i].value, command->arena));
    str_addc(sql, ')');
}

static void add_column(Command *command, const FdwImportColumn *column, Str *sql)
{
    str_addf(sql, "\n  %s %s%s", catalog_quote_identifier(NULL, column->name, command->arena), column->type,
             column->options.count ? " " : "");
    add_options(command, &column->options, sql);
    if (column->collation)
        str_addf(sql, " COLLATE %s", column->collation);
    if (column->generated_expr)
        str_addf(sql, " GENERATED ALWAYS AS (%s) STORED", column->generated_expr);
    else if (column->default_expr)
        str_addf(sql, " DEFAULT %s", column->default_expr);
    if (column->not_null)
        str_add(sql, " NOT NULL");
}

static bool is_wanted(const PgQuery__ImportForeignSchemaStmt *statement, const char *name)
{
    bool listed = false;
    for (size_t i = 0; i < statement->n_table_list; i++)
        listed = listed || str_eq(statement->table_list[i]->range_var->relname, name);
    switch (statement->list_type) {
    case PG_QUERY__IMPORT_FOREIGN_SCHEMA_TYPE__FDW_IMPORT_SCHEMA_LIMIT_TO:
        return listed;
    case PG_QUERY__IMPORT_FOREIGN_SCHEMA_TYPE__FDW_IMPORT_SCHEMA_EXCEPT:
        return !listed;
    default:
        return true;
    }
}

static void take_table(void *sink, const FdwImportTable *table)
{
    Import *import = sink;
    Command *command = import->command;
    if (!is_wanted(import->statement, table->name))
        return;
    Str sql;
    str_init(&sql, command->arena);
    /* In the very form that postgres_fdw gives it, as errors show it; the schema is filled in once it is parsed. */
    str_addf(&sql, "CREATE FOREIGN TABLE %s (", catalog_quote_identifier(NULL, table->name, command->arena));
    for (size_t i = 0; i < table->ncolumns; i++) {
        str_add(&sql, i ? "," : "");
        add_column(command, &table->columns[i], &sql);
    }
    str_addf(&sql, "\n) SERVER %s%s", catalog_quote_identifier(NULL, import->statement->server_name, command->arena),
             table->options.count ? "\n" : "");
    add_options(command, &table->options, &sql);
    str_addc(&sql, ';');
    ImportedTable imported = {arena_strdup(command->arena, table->name), sql.data};
    vec_push(command->arena, &import->tables, imported);
}

static bool create_table(Command *command, const ImportedTable *table, const char *schema)
{
    ParsedText parsed;
    CommandContext context = *command->context;
    Command inner = *command;
    context.text = table->sql;
    inner.context = &context;
    if (!utf8_check(table->sql, strlen(table->sql), command->error))
        return false;
    if (sql_parse(table->sql, command->arena, &parsed, command->error)) {
        PgQuery__RangeVar *name = parsed.items[0].node->create_foreign_table_stmt->base_stmt->relation;
        name->schemaname = arena_strdup(command->arena, schema);
        if (command_run_node(&inner, parsed.items[0].node))
            return true;
    }
    error_in_query(command->error, table->sql);
    return error_context(command->error, "importing foreign table \"%s\"", table->name);
}

/* ---- the source ---- */

/* The options as written are checked in their order; of one given twice the last counts. */
static bool read_options(Command *command, const PgQuery__ImportForeignSchemaStmt *statement, const FdwModule *module, FdwOptions *options)
{
    FdwOptionValue *written = ARENA_ARRAY(command->arena, FdwOptionValue, statement->n_options + 1);
    FdwOptionValue *items = ARENA_ARRAY(command->arena, FdwOptionValue, statement->n_options + 1);
    size_t count = 0;
    for (size_t i = 0; i < statement->n_options; i++) {
        const PgQuery__DefElem *option = statement->options[i]->def_elem;
        written[i] = (FdwOptionValue){option->defname, option_string(command, option)};
        size_t at = 0;
        while (at < count && !str_eq(items[at].name, written[i].name))
            at++;
        items[at] = written[i];
        count += at == count;
    }
    *options = (FdwOptions){items, count};
    FdwOptions all = {written, statement->n_options};
    FdwRights rights;
    session_load(command->context->functions->session, module->name);
    return wrapper_rights(command->catalog, command->user, command->arena, &rights, command->error) &&
           wrapper_validate(command->context->wrappers, module, FDW_OBJECT_IMPORT, &all, &rights, command->context->notices,
                            command->error);
}

static FdwImportSpec make_spec(Import *import, const FdwOptions *options)
{
    const PgQuery__ImportForeignSchemaStmt *statement = import->statement;
    const char **tables = ARENA_ARRAY(import->command->arena, const char *, statement->n_table_list + 1);
    for (size_t i = 0; i < statement->n_table_list; i++)
        tables[i] = statement->table_list[i]->range_var->relname;
    FdwImportSpec spec = {.remote_schema = statement->remote_schema,
                          .tables = tables,
                          .ntables = statement->n_table_list,
                          .options = *options,
                          .table = take_table,
                          .sink = import};
    if (statement->list_type == PG_QUERY__IMPORT_FOREIGN_SCHEMA_TYPE__FDW_IMPORT_SCHEMA_LIMIT_TO)
        spec.kind = FDW_IMPORT_LIMIT_TO;
    else if (statement->list_type == PG_QUERY__IMPORT_FOREIGN_SCHEMA_TYPE__FDW_IMPORT_SCHEMA_EXCEPT)
        spec.kind = FDW_IMPORT_EXCEPT;
    return spec;
}

static bool ask_source(Import *import, const RemoteTarget *target, const FdwOptions *options)
{
    Command *command = import->command;
    RemoteSession *session = command->context->remote;
    RemoteWant want = {.target = target, .connections = 1};
    CallSpace space;
    FdwImportSpec spec = make_spec(import, options);
    spec.wrapper = target->wrapper->name;
    if (!wrapper_rights(command->catalog, command->user, command->arena, &spec.rights, command->error) ||
        !remote_acquire(session, &want, 1, command->context->in_transaction, command->arena, command->error))
        return false;
    FdwCall *call = wrapper_call(&space, session, command->arena, command->context->functions->types, command->error);
    remote_turn(want.given[0]);
    bool ok = target->module->import_schema(call, want.given[0]->connection, &spec);
    remote_turn_end(want.given[0]);
    for (int i = 0; i < want.ngiven; i++)
        remote_release(session, want.given[i], !ok && i == 0);
    return ok;
}

/* ---- the statement ---- */

bool foreign_schema_import(Command *command)
{
    const PgQuery__ImportForeignSchemaStmt *statement = command->node->import_foreign_schema_stmt;
    Import import = {.command = command, .statement = statement};
    const CatServer *server = catalog_server_by_name(command->catalog, statement->server_name);
    if (!server)
        return object_missing(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER), statement->server_name);
    Oid server_oid = server->oid, wrapper_oid = server->wrapper;
    Oid schema;
    if (!require_privilege(command, PG_FOREIGN_SERVER_RELATION, server_oid, ACL_USAGE) ||
        !creation_namespace(command, statement->local_schema, &schema) ||
        !require_privilege(command, PG_NAMESPACE_RELATION, schema, ACL_CREATE))
        return false;
    const CatWrapper *wrapper = catalog_wrapper(command->catalog, wrapper_oid);
    if (!catalog_check_handler(wrapper, command->error))
        return false;
    const FdwModule *module = wrapper_module(command->context->wrappers, wrapper->module, command->error);
    if (!module)
        return false;
    if (!module->import_schema)
        return error_set(command->error, ERRCODE_FDW_NO_SCHEMAS, "foreign-data wrapper \"%s\" does not support IMPORT FOREIGN SCHEMA",
                         catalog_wrapper(command->catalog, wrapper_oid)->name);
    FdwOptions options;
    if (!read_options(command, statement, module, &options))
        return false;
    const RemoteTarget *target =
        wrapper_target(command->context->wrappers, command->catalog, server_oid, command->user, command->arena, command->error);
    if (!target || !ask_source(&import, target, &options))
        return false;
    for (size_t i = 0; i < import.tables.count; i++)
        if (!create_table(command, &import.tables.items[i], statement->local_schema))
            return false;
    return true;
}
