/*
 * reindex.c - REINDEX. Indexes here have no rows of their own: what can be made anew is the proof that their values can be computed and a
 * unique one's keys are there once, and, of the catalog, SQLite's own indexes.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/command_internal.h"

#define KIND(name) PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_##name

typedef struct Reindex {
    Command *command;
    const PgQuery__ReindexStmt *statement;
    bool verbose, concurrently, catalog_done;
    const char *tablespace; /* NULL: where it is */
} Reindex;

/* ---- one relation ---- */

static void tell(const Reindex *reindex, const char *what, const char *name, const Usage *since, const char *end)
{
    Command *command = reindex->command;
    if (reindex->verbose)
        notice_full(command->context->notices, SEVERITY_INFO, "00000", arena_printf(command->arena, "%s \"%s\" was reindexed", what, name),
                    since ? arena_printf(command->arena, "%s%s", command_usage_text(command->arena, since), end) : NULL, NULL);
}

static bool do_catalog(Reindex *reindex)
{
    if (reindex->catalog_done)
        return true;
    reindex->catalog_done = true;
    return catalog_exec(reindex->command->catalog, reindex->command->error, NULL, "REINDEX", "");
}

static bool verify(Reindex *reindex, Oid table, Oid index)
{
    Command *command = reindex->command;
    const CatRelation *relation = catalog_relation(command->catalog, table);
    if (relation_is_system(relation->oid))
        return do_catalog(reindex);
    return !relation->stored_node || write_verify_index(command->context->write, table, index, command->arena, command->error);
}

/* Temporary ones are nobody else's: then nothing goes on at the same time. */
static bool concurrently(const Reindex *reindex, const CatRelation *relation)
{
    return reindex->concurrently && !catalog_is_temporary(reindex->command->catalog, relation->namespace_oid);
}

static bool refuse_system(const Reindex *reindex, const CatRelation *relation)
{
    if (reindex->tablespace && !tablespace_check(reindex->command, reindex->tablespace))
        return false;
    return !relation_is_system(relation->oid) || !reindex->concurrently ||
           error_unsupported(reindex->command->error, "cannot reindex system catalogs concurrently");
}

static const char *qualified(Command *command, const CatRelation *relation)
{
    return arena_printf(command->arena, "%s.%s", relation->schema, relation->name);
}

static bool reindex_index(Reindex *reindex, Oid oid)
{
    Command *command = reindex->command;
    Usage start = command_usage();
    const CatRelation *index = catalog_relation(command->catalog, oid);
    bool apart = concurrently(reindex, index);
    const char *name = apart ? qualified(command, index) : arena_strdup(command->arena, index->name);
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error, "SELECT indrelid FROM pg_index WHERE indexrelid = ?1", "o", oid);
    if (!rows || !rows->nrows || !refuse_system(reindex, index) || !verify(reindex, (Oid)rows->cells[0].i, oid))
        return false;
    tell(reindex, "index", name, &start, apart ? "." : "");
    return true;
}

/* *any: it has indexes. */
static bool reindex_table(Reindex *reindex, Oid oid, bool *any)
{
    Command *command = reindex->command;
    const CatRelation *table = catalog_relation(command->catalog, oid);
    Usage start = command_usage();
    bool apart = concurrently(reindex, table);
    const char *name = qualified(command, table);
    if (!refuse_system(reindex, table))
        return false;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT indexrelid, nspname, relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN"
                                      " pg_namespace n ON n.oid = relnamespace WHERE indrelid = ?1 ORDER BY NOT indisprimary, indexrelid",
                                      "o", oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        Usage began = command_usage();
        if (!verify(reindex, oid, (Oid)cells[0].i))
            return false;
        tell(reindex, "index", apart ? arena_printf(command->arena, "%s.%s", cells[1].text, cells[2].text) : cells[2].text,
             apart ? NULL : &began, "");
    }
    *any = rows && rows->nrows;
    if (*any && apart)
        tell(reindex, "table", name, &start, ".");
    return rows != NULL;
}

/* ---- many ---- */

/* One of several: each index or table in its turn. */
static bool reindex_one(Reindex *reindex, const CatalogCell *cells)
{
    bool any;
    Oid oid = (Oid)cells[0].i;
    const CatRelation *relation = catalog_relation(reindex->command->catalog, oid);
    if (relation->kind == 'i')
        return reindex_index(reindex, oid);
    const char *name = qualified(reindex->command, relation);
    bool apart = concurrently(reindex, relation);
    if (!reindex_table(reindex, oid, &any))
        return false;
    if (any && !apart)
        tell(reindex, "table", name, NULL, "");
    return true;
}

static bool reindex_rows(Reindex *reindex, const CatalogRows *rows)
{
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!reindex_one(reindex, &CATALOG_CELL(rows, i, 0)))
            return false;
    return rows != NULL;
}

static bool reindex_partitions(Reindex *reindex, const CatRelation *root, bool is_index)
{
    static const char TREE[] =
        "WITH RECURSIVE tree(oid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits, tree WHERE inhparent ="
        " tree.oid) SELECT tree.oid FROM tree JOIN pg_class USING (oid) WHERE relkind IN ('r', 'i') ORDER BY tree.oid";
    Command *command = reindex->command;
    if (!command_require_alone(command, is_index ? "REINDEX INDEX" : "REINDEX TABLE")) {
        error_context(command->error, "while reindexing partitioned %s \"%s\"", is_index ? "index" : "table", qualified(command, root));
        return false;
    }
    return reindex_rows(reindex, catalog_query(command->catalog, command->arena, command->error, TREE, "o", root->oid));
}

static bool reindex_schema(Reindex *reindex, const char *name)
{
    static const char TABLES[] = "SELECT oid FROM pg_class WHERE relnamespace = ?1 AND relkind IN ('r', 'm') ORDER BY oid";
    Command *command = reindex->command;
    const ObjectKind *kind = object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA);
    Oid oid;
    if (!object_find(command, kind, name, false, &oid) || !require_owner(command, PG_NAMESPACE_RELATION, oid))
        return false;
    bool is_catalog = str_eq(name, "pg_catalog") || str_eq(name, "pg_toast");
    if (is_catalog && reindex->concurrently) {
        notice(command->context->notices, SEVERITY_WARNING, ERRCODE_FEATURE_NOT_SUPPORTED,
               "cannot reindex system catalogs concurrently, skipping all");
        return true;
    }
    return reindex_rows(reindex, catalog_query(command->catalog, command->arena, command->error, TABLES, "o", oid));
}

/* Of the database's own tables; SYSTEM: of the catalog alone. */
static bool reindex_database(Reindex *reindex, const char *name, bool is_system)
{
    static const char TABLES[] = "SELECT oid FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'm') ORDER BY oid";
    Command *command = reindex->command;
    if (is_system && reindex->concurrently)
        return error_unsupported(command->error, "cannot reindex system catalogs concurrently");
    if (name && !str_eq(name, command->context->functions->database))
        return error_unsupported(command->error, "can only reindex the currently open database");
    if (!require_owner(command, PG_DATABASE_RELATION, DATABASE_POSTGRES))
        return false;
    if (reindex->concurrently)
        notice(command->context->notices, SEVERITY_WARNING, ERRCODE_FEATURE_NOT_SUPPORTED,
               "cannot reindex system catalogs concurrently, skipping all");
    else if (!do_catalog(reindex))
        return false;
    return is_system || reindex_rows(reindex, catalog_query(command->catalog, command->arena, command->error, TABLES, ""));
}

/* ---- the statement ---- */

static bool read_options(Reindex *reindex)
{
    Command *command = reindex->command;
    Oid oid;
    for (size_t i = 0; i < reindex->statement->n_params; i++) {
        const PgQuery__DefElem *option = reindex->statement->params[i]->def_elem;
        bool *flag = str_eq(option->defname, "verbose")        ? &reindex->verbose
                     : str_eq(option->defname, "concurrently") ? &reindex->concurrently
                                                               : NULL;
        if (flag) {
            if (!option_bool(command, option, flag))
                return false;
        } else if (str_eq(option->defname, "tablespace")) {
            reindex->tablespace = option_string(command, option);
            if (!reindex->tablespace)
                return error_set(command->error, ERRCODE_SYNTAX_ERROR, "tablespace requires a parameter");
        } else {
            error_set(command->error, ERRCODE_SYNTAX_ERROR, "unrecognized REINDEX option \"%s\"", option->defname);
            return error_at(command->error, option->location);
        }
    }
    if (reindex->concurrently && !command_require_alone(command, "REINDEX CONCURRENTLY"))
        return false;
    return !reindex->tablespace ||
           object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE), reindex->tablespace, false, &oid);
}

static bool reindex_named(Reindex *reindex, bool is_index)
{
    Command *command = reindex->command;
    PgQuery__RangeVar range = *reindex->statement->relation;
    const CatRelation *relation;
    bool any;
    range.location = -1; /* its errors have no position */
    if (!relation_find(command, &range, false, &relation))
        return false;
    if (!strchr(is_index ? "iI" : "rmp", relation->kind))
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE,
                         is_index ? "\"%s\" is not an index" : "\"%s\" is not a table or materialized view", relation->name);
    if (!require_owner(command, PG_CLASS_RELATION, relation->oid))
        return false;
    if (strchr("Ip", relation->kind))
        return reindex_partitions(reindex, relation, is_index);
    if (is_index)
        return reindex_index(reindex, relation->oid);
    bool apart = concurrently(reindex, relation);
    const char *name = arena_strdup(command->arena, relation->name);
    if (!reindex_table(reindex, relation->oid, &any))
        return false;
    if (!any)
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
               apart ? "table \"%s\" has no indexes that can be reindexed concurrently" : "table \"%s\" has no indexes to reindex", name);
    return true;
}

bool relation_reindex(Command *command)
{
    const PgQuery__ReindexStmt *statement = command->node->reindex_stmt;
    Reindex reindex = {.command = command, .statement = statement};
    const char *name = text_given(statement->name);
    if (!read_options(&reindex))
        return false;
    switch (statement->kind) {
    case KIND(INDEX):
    case KIND(TABLE):
        return reindex_named(&reindex, statement->kind == KIND(INDEX));
    case KIND(SCHEMA):
        return command_require_alone(command, "REINDEX SCHEMA") && reindex_schema(&reindex, name);
    default: {
        bool is_system = statement->kind == KIND(SYSTEM);
        return command_require_alone(command, is_system ? "REINDEX SYSTEM" : "REINDEX DATABASE") &&
               reindex_database(&reindex, name, is_system);
    }
    }
}
