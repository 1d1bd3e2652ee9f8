/*
 * table_as.c - CREATE TABLE AS, SELECT INTO, CREATE and REFRESH MATERIALIZED VIEW: the catalog's part. The session then runs the query and
 * stores its rows (session/table_as.c).
 *
 * A materialized view is a table of Medley's own whose rows only REFRESH writes, with a view's rule and definition.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/view_internal.h"

typedef struct NewTableAs {
    Command *command;
    const PgQuery__CreateTableAsStmt *statement;
    const PgQuery__IntoClause *into;
    const Query *query;
    NewTable table;
    const char *storage; /* WITH (...), in stored form; NULL: none */
} NewTableAs;

/* ---- columns ---- */

static bool derive_collation(Command *command, NewColumn *column)
{
    const CatType *type = catalog_type(command->catalog, column->type);
    if (!type || !type->collation) {
        column->collation = OID_NONE;
        return true;
    }
    if (column->collation)
        return true;
    error_set(command->error, ERRCODE_INDETERMINATE_COLLATION, "no collation was derived for column \"%s\" with collatable type %s",
              column->name, catalog_format_type(command->catalog, column->type, -1, command->arena));
    return error_hint(command->error, "Use the COLLATE clause to set the collation explicitly.");
}

static bool read_columns(NewTableAs *new)
{
    Command *command = new->command;
    NewTable *table = &new->table;
    table->columns = ARENA_ARRAY(command->arena, NewColumn, new->query->ntargets + 1);
    for (int i = 0; i < new->query->ntargets; i++) {
        const Target *target = &new->query->targets[i];
        if (target->junk)
            continue;
        size_t n = table->ncolumns++;
        NewColumn *column = &table->columns[n];
        *column = (NewColumn){.name = n < new->into->n_col_names ? node_text(new->into->col_names[n]) : target->name,
                              .type = target->expr->type,
                              .typmod = target->expr->typmod,
                              .collation = target->expr->collation};
        if (!derive_collation(command, column))
            return false;
    }
    if (new->into->n_col_names > table->ncolumns)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "too many column names were specified");
    for (size_t i = 0; i < table->ncolumns; i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(table->columns[i].name, table->columns[k].name))
                return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" specified more than once",
                                 table->columns[i].name);
    return true;
}

/* ---- CREATE ---- */

static bool refuse_unsupported(const NewTableAs *new)
{
    Error *error = new->command->error;
    const PgQuery__IntoClause *into = new->into;
    const char *method = text_given(into->access_method);
    return !method || str_eq(method, "heap") || error_set(error, ERRCODE_UNDEFINED_OBJECT, "access method \"%s\" does not exist", method);
}

static bool analyze(NewTableAs *new)
{
    Command *command = new->command;
    const Node *node = new->statement->query;
    AnalyzeContext context = {.catalog = command->catalog,
                              .functions = command->context->functions,
                              .text = command->context->text,
                              .param_types = command->context->param_types,
                              .nparams = command->context->nparams,
                              .variables = command->context->variables};
    new->query = sql_analyze(node, &context, command->arena, command->error);
    if (new->query &&new->query->has_writes)
        return error_unsupported(command->error, new->table.kind == 'm'
                                                     ? "materialized views must not use data-modifying statements in WITH"
                                                     : "CREATE TABLE AS with data-modifying statements in WITH is not supported");
    return new->query != NULL;
}

/* What planning the query says, and beginning it, comes before what making the relation says. */
static bool check_reads(const NewTableAs *new)
{
    Command *command = new->command;
    return new->into->skip_data || (sql_check_handlers(new->query, command->catalog, command->error) &&
                                    sql_check_privileges(new->query, command->catalog, command->user, command->error));
}

/* Whether there is one already that IF NOT EXISTS passes over. */
static bool passes_over(NewTableAs *new, bool *passes)
{
    Oid found;
    if (!relation_in_schema(new->command, new->table.schema, new->table.name, &found))
        return false;
    *passes = found != OID_NONE && new->statement->if_not_exists;
    if (*passes)
        notice(new->command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists, skipping",
               new->table.name);
    return found == OID_NONE || *passes ||
           error_set(new->command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists", new->table.name);
}

static bool has_param(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_PARAM || expr_walk(expr, has_param, arg);
}

static bool has_params(const Query *query, void *arg)
{
    return query_walk_exprs(query, has_param, arg) || query_walk_queries(query, has_params, arg);
}

/* What REFRESH could not ask again. */
static bool check_lasting(const NewTableAs *new)
{
    if (new->table.kind == 'm' && query_is_temporary(new->command, new->query))
        return error_unsupported(new->command->error, "materialized views must not use temporary tables or views");
    if (new->table.kind == 'm' && has_params(new->query, NULL))
        return error_unsupported(new->command->error, "materialized views may not be defined using bound parameters");
    return true;
}

static bool check_on_commit(const NewTableAs *new)
{
    return new->into->on_commit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_NOOP ||
           catalog_is_temporary(new->command->catalog, new->table.schema) ||
           error_set(new->command->error, ERRCODE_INVALID_TABLE_DEFINITION, "ON COMMIT can only be used on temporary tables");
}

/* A materialized view is made as it is filled: in a restricted operation. */
static bool check_not_temporary(const NewTableAs *new)
{
    return new->table.kind != 'm' || !catalog_is_temporary(new->command->catalog, new->table.schema) ||
           error_set(new->command->error, ERRCODE_INSUFFICIENT_PRIVILEGE,
                     "cannot create temporary table within security-restricted operation");
}

bool command_set_populated(Catalog *catalog, Oid view, bool populated, Error *error)
{
    return catalog_exec(catalog, error, NULL, "UPDATE pg_class SET relispopulated = ?2 WHERE oid = ?1", "oi", view, (int64_t)populated);
}

bool table_as_create(Command *command)
{
    const PgQuery__CreateTableAsStmt *statement = command->node->create_table_as_stmt;
    NewTableAs new = {.command = command, .statement = statement, .into = statement->into};
    bool is_view = statement->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, passes;
    PgQuery__RangeVar place = *new.into->rel;
    place.location = -1; /* errors about where it goes have no position */
    new.table = (NewTable){.name = place.relname, .kind = is_view ? 'm' : 'r', .persistence = *place.relpersistence == 'u' ? 'u' : 'p'};
    StorageChange storage = {.kind = new.table.kind, .items = new.into->options, .count = new.into->n_options, .creating = true};
    if (!analyze(&new) || !refuse_unsupported(&new) || !storage_change(command, &storage, &new.storage) ||
        !creation_place(command, &place, &new.table.schema) || !passes_over(&new, &passes))
        return false;
    if (!check_lasting(&new) || !check_on_commit(&new))
        return false;
    if (passes || command->context->explains) {
        command->context->to_fill = passes ? OID_NONE : new.table.schema;
        return true;
    }
    view_keep_relations(new.query, command->arena);
    Oid oid;
    if (!check_reads(&new) || !read_columns(&new) || !creation_check(command, &place, new.table.schema) || !check_not_temporary(&new) ||
        !tablespace_check_new(command, text_given(new.into->table_space_name), new.table.schema) ||
        !table_make(command, &new.table, &oid) || !storage_set(command, oid, new.storage))
        return false;
    if (is_view && (!query_types_usable(command, new.query) || !view_store_rule(command, oid, new.query) ||
                    !command_set_populated(command->catalog, oid, !new.into->skip_data, command->error)))
        return false;
    table_on_commit(command, oid, new.into->on_commit);
    command->context->to_fill = new.into->skip_data ? OID_NONE : oid;
    return true;
}

/* ---- REFRESH ---- */

static bool has_whole_unique_index(Command *command, Oid view, bool *has)
{
    int64_t found;
    bool ok = query_integer(command, &found, 0,
                            "SELECT 1 FROM pg_index WHERE indrelid = ?1 AND indisunique AND indpred IS NULL AND indexprs IS NULL LIMIT 1",
                            "o", view);
    *has = ok && found;
    return ok;
}

static bool check_concurrently(Command *command, const CatRelation *view, bool skips_data)
{
    Error *error = command->error;
    bool has;
    if (!view->is_populated)
        return error_set(error, ERRCODE_FEATURE_NOT_SUPPORTED, "CONCURRENTLY cannot be used when the materialized view is not populated");
    if (skips_data)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "CONCURRENTLY and WITH NO DATA options cannot be used together");
    if (!has_whole_unique_index(command, view->oid, &has))
        return false;
    if (has)
        return true;
    error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot refresh materialized view \"%s.%s\" concurrently", view->schema,
              view->name);
    return error_hint(error, "Create a unique index with no WHERE clause on one or more columns of the materialized view.");
}

bool materialized_view_refresh(Command *command)
{
    const PgQuery__RefreshMatViewStmt *statement = command->node->refresh_mat_view_stmt;
    PgQuery__RangeVar name = *statement->relation;
    name.location = -1;
    const CatRelation *view;
    if (!relation_find(command, &name, false, &view))
        return false;
    if (!strchr("rmp", view->kind))
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a table or materialized view", view->name);
    if (!require_owner(command, PG_CLASS_RELATION, view->oid))
        return false;
    if (view->kind != 'm')
        return error_set(command->error, ERRCODE_FEATURE_NOT_SUPPORTED, "\"%s\" is not a materialized view", view->name);
    if ((statement->concurrent && !check_concurrently(command, view, statement->skip_data)) ||
        !relation_require_unused(command, view->oid, view->name, "REFRESH MATERIALIZED VIEW"))
        return false;
    command->context->to_fill = view->oid;
    return true;
}
