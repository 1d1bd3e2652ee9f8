/*
 * view.c - CREATE VIEW and CREATE OR REPLACE VIEW, the stored definitions and pg_get_viewdef.
 *
 * A view is a relation without rows, its rule "_RETURN" with what the query depends on, and its definition in medley_view.
 *
 * Invariants:
 *  1. The definition is written from the typed query with every name outside pg_catalog qualified: whoever reads it, whatever the search
 *     path, means the same objects.
 *  2. It is text, so a change of names that it mentions reads it before and writes it anew after (view_definitions_*).
 *
 * Entered by the session's worker; command_view_text by threads of the engine too.
 */
#include <string.h>

#include "command/alter_internal.h"
#include "command/text_internal.h"
#include "command/type_internal.h"
#include "command/view_internal.h"

/* ---- definitions ---- */

static const Query *analyze_definition(Command *command, const CatRelation *view)
{
    ParsedText parsed;
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = view->view_definition};
    context.check_as = view->owner;
    context.flat_views = true;
    context.stored = true;
    if (!sql_parse(view->view_definition, command->arena, &parsed, command->error))
        return NULL;
    return sql_analyze(parsed.items[0].node, &context, command->arena, command->error);
}

typedef struct TextStyle {
    bool pretty, stored;
    int wrap;
} TextStyle;

static const char *definition_text(Command *command, const Query *query, const CatRelation *view, TextStyle style)
{
    Str out;
    str_init(&out, command->arena);
    Writer writer = {
        .command = command, .out = &out, .pretty = style.pretty, .wrap = style.wrap, .stored = style.stored, .shown = !style.stored};
    text_write_query(&writer, query, view, true);
    str_addc(&out, ';');
    return out.data;
}

bool command_view_base(const FuncContext *functions, Oid view, FuncViewBase *out, Arena *arena, Error *error)
{
    CommandContext context = {.catalog = functions->catalog, .functions = functions, .current_user = functions->current_user};
    Command command = {.context = &context, .catalog = functions->catalog, .arena = arena, .error = error, .user = functions->current_user};
    const CatRelation *relation = catalog_relation(functions->catalog, view);
    const Query *query = relation && relation->view_definition ? analyze_definition(&command, relation) : NULL;
    return query && view_base(&command, query, out);
}

const char *command_view_text(const FuncContext *functions, Oid view, bool pretty, int wrap, Arena *arena, Error *error)
{
    CommandContext context = {.catalog = functions->catalog, .functions = functions, .current_user = functions->current_user};
    Command command = {.context = &context, .catalog = functions->catalog, .arena = arena, .error = error, .user = functions->current_user};
    const CatRelation *relation = catalog_relation(functions->catalog, view);
    if (!relation || !relation->view_definition)
        return NULL;
    const Query *query = analyze_definition(&command, relation);
    return query ? definition_text(&command, query, catalog_relation(functions->catalog, view), (TextStyle){pretty, false, wrap}) : NULL;
}

static bool store_definition(Command *command, Oid view, const Query *query)
{
    ShownNaming shown = stored_naming_begin(command);
    const char *text = definition_text(command, query, catalog_relation(command->catalog, view), (TextStyle){.stored = true});
    stored_naming_end(command, &shown);
    return catalog_exec(command->catalog, command->error, NULL, "DELETE FROM medley_view WHERE oid = ?1", "o", view) &&
           catalog_exec(command->catalog, command->error, NULL, "INSERT INTO medley_view (oid, definition) VALUES (?1, ?2)", "os", view,
                        text);
}

/* The relations' records end with the first change; queries are written from their OIDs, so a copy of each is enough. */
bool view_keep_relations(const Query *query, void *arg)
{
    Arena *arena = arg;
    for (int i = 0; i < query->nrtes; i++) {
        Rte *rte = query->rtes[i];
        if (!rte->relation)
            continue;
        int ncolumns = rte->relation->ncolumns;
        CatRelation *copy = ARENA_NEW(arena, CatRelation);
        CatColumn *columns = ARENA_ARRAY(arena, CatColumn, ncolumns + 1);
        for (int k = 0; k < ncolumns; k++)
            columns[k] = (CatColumn){.number = k + 1, .dropped = rte->relation->columns[k].dropped};
        *copy = (CatRelation){.oid = rte->relation->oid, .kind = rte->relation->kind, .ncolumns = ncolumns, .columns = columns};
        rte->relation = copy;
    }
    return query_walk_queries(query, view_keep_relations, arg);
}

static bool read_definitions(Command *command, const CatalogRows *rows, ViewDefinitions *out)
{
    *out = (ViewDefinitions){0};
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        ViewDefinition view = {(Oid)CATALOG_CELL(rows, i, 0).i, NULL};
        view.query = analyze_definition(command, catalog_relation(command->catalog, view.oid));
        if (!view.query)
            return false;
        view_keep_relations(view.query, command->arena);
        vec_push(command->arena, out, view);
    }
    return rows != NULL;
}

bool view_definitions_mention(Command *command, const char *word, ViewDefinitions *out)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT oid FROM medley_view WHERE oid >= 16384 AND instr(definition, ?1)", "s", word);
    return read_definitions(command, rows, out);
}

bool view_definitions_read(Command *command, ObjectAddress on, ViewDefinitions *out)
{
    static const char SQL[] =
        "SELECT DISTINCT ev_class FROM pg_rewrite r JOIN pg_depend d ON d.classid = 2618 AND d.objid = r.oid JOIN medley_view v ON v.oid ="
        " ev_class WHERE rulename = '_RETURN' AND ev_class >= 16384 AND refclassid = ?1 AND refobjid = ?2 AND deptype IN ('n', 'i')";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "oo", on.class_oid, on.oid);
    return read_definitions(command, rows, out);
}

bool view_definitions_write(Command *command, const ViewDefinitions *views)
{
    for (size_t i = 0; i < views->count; i++)
        if (catalog_relation(command->catalog, views->items[i].oid) && /* it is still there */
            !store_definition(command, views->items[i].oid, views->items[i].query))
            return false;
    return true;
}

/* ---- the rule ---- */

static bool insert_rule(Command *command, Oid view, Oid *rule)
{
    *rule = catalog_new_oid(command->catalog, command->error);
    return *rule != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_rewrite (oid, rulename, ev_class, ev_type, ev_enabled, is_instead, ev_qual, ev_action)"
                        " VALUES (?1, '_RETURN', ?2, '1', 'O', 1, '<>', '<>')",
                        "oo", *rule, view) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relhasrules = 1 WHERE oid = ?1", "o", view) &&
           depend_on(command, object_address(PG_REWRITE_RELATION, *rule, 0), object_address(PG_CLASS_RELATION, view, 0), 'i');
}

bool view_store_rule(Command *command, Oid view, const Query *query)
{
    int64_t found;
    Oid rule;
    if (!query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_rewrite WHERE ev_class = ?1 AND rulename = '_RETURN'", "o", view))
        return false;
    rule = (Oid)found;
    if (rule == OID_NONE ? !insert_rule(command, view, &rule)
                         : !catalog_exec(command->catalog, command->error, NULL,
                                         "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND deptype = 'n'", "oo",
                                         (Oid)PG_REWRITE_RELATION, rule))
        return false;
    ObjectAddress self = object_address(PG_REWRITE_RELATION, rule, 0); /* a rule's query speaks of its relation's old and new rows */
    return depend_on(command, self, object_address(PG_CLASS_RELATION, view, 0), 'n') && query_depend(command, self, query) &&
           store_definition(command, view, query);
}

/* ---- columns ---- */

static bool read_columns(Command *command, const Query *query, const PgQuery__ViewStmt *statement, NewTable *table)
{
    table->columns = ARENA_ARRAY(command->arena, NewColumn, query->ntargets + 1);
    for (int i = 0; i < query->ntargets; i++) {
        const Target *target = &query->targets[i];
        if (target->junk)
            continue;
        size_t n = table->ncolumns++;
        const char *name = n < statement->n_aliases ? node_text(statement->aliases[n]) : target->name;
        table->columns[n] =
            (NewColumn){.name = name, .type = target->expr->type, .typmod = target->expr->typmod, .collation = target->expr->collation};
    }
    if (statement->n_aliases > table->ncolumns)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "CREATE VIEW specifies more column names than columns");
    for (size_t i = 0; i < table->ncolumns; i++) {
        const CatType *type = catalog_type(command->catalog, table->columns[i].type);
        if (!type || !type->collation) {
            table->columns[i].collation = OID_NONE;
        } else if (!table->columns[i].collation) {
            error_set(command->error, ERRCODE_INDETERMINATE_COLLATION, "could not determine which collation to use for view column \"%s\"",
                      table->columns[i].name);
            return error_hint(command->error, "Use the COLLATE clause to set the collation explicitly.");
        }
    }
    return true;
}

static bool check_duplicates(Command *command, const NewTable *table)
{
    for (size_t i = 0; i < table->ncolumns; i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(table->columns[i].name, table->columns[k].name))
                return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" specified more than once",
                                 table->columns[k].name);
    return true;
}

/* ---- OR REPLACE ---- */

static bool check_same_collation(Command *command, const CatColumn *old, const NewColumn *new)
{
    if (old->collation == new->collation)
        return true;
    return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                     "cannot change collation of view column \"%s\" from \"%s\" to \"%s\"", old->name,
                     catalog_collation(command->catalog, old->collation)->name, catalog_collation(command->catalog, new->collation)->name);
}

static bool check_same_columns(Command *command, const CatRelation *view, const NewTable *table)
{
    Arena *arena = command->arena;
    if (table->ncolumns < (size_t)view->ncolumns)
        return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "cannot drop columns from view");
    for (int i = 0; i < view->ncolumns; i++) {
        const CatColumn *old = &view->columns[i];
        const NewColumn *new = &table->columns[i];
        if (old->dropped)
            return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "cannot drop columns from view");
        if (!str_eq(old->name, new->name)) {
            error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "cannot change name of view column \"%s\" to \"%s\"", old->name,
                      new->name);
            return error_hint(command->error, "Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
        }
        if (old->type != new->type || old->typmod != new->typmod)
            return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                             "cannot change data type of view column \"%s\" from %s to %s", old->name,
                             catalog_format_type(command->catalog, old->type, old->typmod, arena),
                             catalog_format_type(command->catalog, new->type, new->typmod, arena));
        if (!check_same_collation(command, old, new))
            return false;
    }
    return true;
}

static bool replace(Command *command, const NewTable *table, Oid view)
{
    const CatRelation *relation = catalog_relation(command->catalog, view);
    int before = relation->ncolumns;
    if (!require_owner(command, PG_CLASS_RELATION, view))
        return false;
    if (relation->kind != 'v')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a view", table->name);
    if (!check_same_columns(command, relation, table))
        return false;
    for (size_t i = (size_t)before; i < table->ncolumns; i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(table->columns[i].name, table->columns[k].name))
                return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" of relation \"%s\" already exists",
                                 table->columns[i].name, table->name);
    if (table->ncolumns > (size_t)before && !row_type_check_stored(command, relation))
        return false;
    for (size_t i = (size_t)before; i < table->ncolumns; i++)
        if (!column_insert(command, view, (int)i + 1, &table->columns[i], NULL))
            return false;
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relnatts = ?2 WHERE oid = ?1", "oi", view,
                        (int64_t)table->ncolumns);
}

/* ---- the statement ---- */

static const Query *analyze_statement(Command *command, const PgQuery__ViewStmt *statement)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    const Node *node = statement->query;
    if (node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT && node->select_stmt->into_clause) {
        error_unsupported(command->error, "views must not contain SELECT INTO");
        return NULL;
    }
    const Query *query = sql_analyze(node, &context, command->arena, command->error);
    if (!query || !query->has_writes)
        return query;
    error_unsupported(command->error, "views must not contain data-modifying statements in WITH");
    return NULL;
}

static const char *check_clause(const PgQuery__ViewStmt *statement)
{
    return statement->with_check_option == PG_QUERY__VIEW_CHECK_OPTION__LOCAL_CHECK_OPTION      ? "local"
           : statement->with_check_option == PG_QUERY__VIEW_CHECK_OPTION__CASCADED_CHECK_OPTION ? "cascaded"
                                                                                                : NULL;
}

/* Either form of the option counts, whatever its value. */
static bool is_checked(const PgQuery__ViewStmt *statement)
{
    bool named = check_clause(statement) != NULL;
    for (size_t i = 0; i < statement->n_options; i++)
        named |= str_eq(statement->options[i]->def_elem->defname, "check_option");
    return named;
}

static bool check_writable(Command *command, const Query *query, bool checked)
{
    const char *reason = checked ? sql_view_not_updatable(query) : NULL;
    if (!reason)
        return true;
    error_unsupported(command->error, "WITH CHECK OPTION is supported only on automatically updatable views");
    return error_hint(command->error, "%s", reason);
}

typedef struct Search {
    Catalog *catalog;
    bool found;
} Search;

static bool find_temporary(const Query *query, void *arg)
{
    Search *search = arg;
    for (int i = 0; i < query->nrtes && !search->found; i++)
        search->found = query->rtes[i]->relation && catalog_is_temporary(search->catalog, query->rtes[i]->relation->namespace_oid);
    return search->found || query_walk_queries(query, find_temporary, arg);
}

bool query_is_temporary(Command *command, const Query *query)
{
    Search search = {command->catalog, false};
    (void)find_temporary(query, &search);
    return search.found;
}

/* A view of temporary relations is one itself. */
static void take_persistence(Command *command, const Query *query, PgQuery__RangeVar *place)
{
    if (str_eq(place->relpersistence, "t") || !query_is_temporary(command, query))
        return;
    place->relpersistence = "t";
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "view \"%s\" will be a temporary view",
           place->relname);
}

static bool check_persistence(Command *command, const PgQuery__RangeVar *view)
{
    const char *persistence = text_given(view->relpersistence);
    if (persistence && *persistence == 'u')
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "views cannot be unlogged because they do not have storage");
    return true;
}

bool view_create(Command *command)
{
    const PgQuery__ViewStmt *statement = command->node->view_stmt;
    PgQuery__RangeVar place = *statement->view;
    place.location = -1; /* errors about where it goes have no position */
    NewTable table = {.name = statement->view->relname, .kind = 'v', .persistence = 'p'};
    const char *options;
    Oid view;
    const Query *query = analyze_statement(command, statement);
    StorageChange change = {
        .kind = 'v', .items = statement->options, .count = statement->n_options, .check_option = check_clause(statement)};
    if (!query || !check_persistence(command, statement->view))
        return false;
    take_persistence(command, query, &place);
    if (!check_writable(command, query, is_checked(statement)) || !storage_change(command, &change, &options) ||
        !read_columns(command, query, statement, &table) || !creation_schema(command, &place, &table.schema) ||
        !tablespace_check_new(command, NULL, table.schema) || !relation_in_schema(command, table.schema, table.name, &view))
        return false;
    view_keep_relations(query, command->arena);
    if (view != OID_NONE && statement->replace ? !replace(command, &table, view)
                                               : !check_duplicates(command, &table) || !table_make(command, &table, &view))
        return false;
    return query_types_usable(command, query) && storage_set(command, view, options) && view_store_rule(command, view, query);
}

bool view_check_options(Command *command, Oid view, const char *options)
{
    const Query *query = analyze_definition(command, catalog_relation(command->catalog, view));
    return query && check_writable(command, query, view_has_check_option(options));
}
