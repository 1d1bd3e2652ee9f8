/*
 * vacuum.c - VACUUM and ANALYZE: options, which relations, who may; and what vacuuming means here.
 *
 * The engine's file is its log's until a checkpoint: VACUUM makes one. Rows that nobody sees any more go when the server is started; VACUUM
 * FULL stores the others anew, without them. Both count what is there.
 *
 * Invariants:
 *  1. A relation that cannot be worked on is left out with PostgreSQL's warning, in PostgreSQL's order of checks; a missing one ends all,
 *     before any is worked on.
 *  2. A partitioned table's partitions are worked on with it, each after its own check of who may.
 *  3. Without a list the database's own tables are worked on; foreign tables are only when they are named, as in PostgreSQL.
 *
 * Entered by the session's worker only.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

#include "command/vacuum_internal.h"

typedef struct Subject {
    Oid relation;
    const PgQuery__VacuumRelation *item; /* NULL: nobody has named it */
} Subject;

typedef VEC(Subject) Subjects;

/* ---- options ---- */

typedef enum OptionKind { OPTION_BOOL, OPTION_CLEANUP, OPTION_PARALLEL } OptionKind;

typedef struct OptionRow {
    const char *name;
    OptionKind kind;
    bool of_analyze;
    size_t offset; /* of its bool in Vacuum; 0: it tunes what there is none of */
} OptionRow;

static const OptionRow OPTIONS[] = {
    {"verbose", OPTION_BOOL, true, offsetof(Vacuum, verbose)},
    {"skip_locked", OPTION_BOOL, true, 0},
    {"analyze", OPTION_BOOL, false, offsetof(Vacuum, analyze)},
    {"freeze", OPTION_BOOL, false, 0},
    {"full", OPTION_BOOL, false, offsetof(Vacuum, full)},
    {"disable_page_skipping", OPTION_BOOL, false, offsetof(Vacuum, skips_pages_never)},
    {"index_cleanup", OPTION_CLEANUP, false, 0},
    {"process_toast", OPTION_BOOL, false, offsetof(Vacuum, process_toast)},
    {"truncate", OPTION_BOOL, false, 0},
    {"parallel", OPTION_PARALLEL, false, 0},
};

static bool read_parallel(Vacuum *vacuum, const PgQuery__DefElem *option)
{
    enum { MOST_WORKERS = 1024 };
    Error *error = vacuum->command->error;
    if (!option->arg)
        error_set(error, ERRCODE_SYNTAX_ERROR, "parallel option requires a value between 0 and %d", MOST_WORKERS);
    else if (option->arg->node_case != PG_QUERY__NODE__NODE_INTEGER)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "parallel requires an integer value");
    else if (option->arg->integer->ival < 0 || option->arg->integer->ival > MOST_WORKERS)
        error_set(error, ERRCODE_SYNTAX_ERROR, "parallel workers for vacuum must be between 0 and %d", MOST_WORKERS);
    if (error_is_set(error))
        return error_at(error, option->location);
    vacuum->parallel = option->arg->integer->ival;
    return true;
}

static bool read_option(Vacuum *vacuum, const OptionRow *row, const PgQuery__DefElem *option)
{
    bool ignored;
    const char *text = option_string(vacuum->command, option);
    switch (row->kind) {
    case OPTION_PARALLEL:
        return read_parallel(vacuum, option);
    case OPTION_CLEANUP:
        if (!option->arg || (text && strcasecmp(text, "auto") == 0))
            return true;
        return option_bool(vacuum->command, option, &ignored);
    default:
        return option_bool(vacuum->command, option, row->offset ? (bool *)((char *)vacuum + row->offset) : &ignored);
    }
}

static bool read_options(Vacuum *vacuum, const PgQuery__VacuumStmt *statement)
{
    Command *command = vacuum->command;
    for (size_t i = 0; i < statement->n_options; i++) {
        const PgQuery__DefElem *option = statement->options[i]->def_elem;
        const OptionRow *row = NULL;
        for (size_t k = 0; k < COUNT_OF(OPTIONS); k++)
            if ((statement->is_vacuumcmd || OPTIONS[k].of_analyze) && str_eq(option->defname, OPTIONS[k].name))
                row = &OPTIONS[k];
        if (!row) {
            error_set(command->error, ERRCODE_SYNTAX_ERROR, "unrecognized %s option \"%s\"", statement->is_vacuumcmd ? "VACUUM" : "ANALYZE",
                      option->defname);
            return error_at(command->error, option->location);
        }
        if (!read_option(vacuum, row, option))
            return false;
    }
    return true;
}

static bool check_options(const Vacuum *vacuum, const PgQuery__VacuumStmt *statement)
{
    Command *command = vacuum->command;
    if (vacuum->full && vacuum->parallel > 0)
        return error_unsupported(command->error, "VACUUM FULL cannot be performed in parallel");
    for (size_t i = 0; i < statement->n_rels && !vacuum->analyze; i++)
        if (statement->rels[i]->vacuum_relation->n_va_cols)
            return error_unsupported(command->error, "ANALYZE option must be specified when a column list is provided");
    if (vacuum->vacuum && !command_require_alone(command, "VACUUM"))
        return false;
    if (vacuum->full && vacuum->skips_pages_never)
        return error_unsupported(command->error, "VACUUM option DISABLE_PAGE_SKIPPING cannot be used with FULL");
    return !vacuum->full || vacuum->process_toast || error_unsupported(command->error, "PROCESS_TOAST required with VACUUM FULL");
}

/* ---- which relations ---- */

void vacuum_warn(const Vacuum *vacuum, const char *name, const char *why)
{
    Command *command = vacuum->command;
    notice(command->context->notices, SEVERITY_WARNING, ERRCODE_WARNING, "skipping \"%s\" --- %s", name,
           arena_printf(command->arena, why, vacuum->vacuum ? "vacuum" : "analyze"));
}

static bool may_vacuum(const Vacuum *vacuum, const CatRelation *relation)
{
    const Command *command = vacuum->command;
    if (catalog_is_owner(command->catalog, PG_CLASS_RELATION, relation->oid, command->user))
        return true;
    vacuum_warn(vacuum, relation->name,
                relation->is_shared   ? "only superuser can %s it"
                : relation->is_system ? "only superuser or database owner can %s it"
                                      : "only table or database owner can %s it");
    return false;
}

static bool add_partitions(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, Oid parent, Subjects *out)
{
    Command *command = vacuum->command;
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "WITH RECURSIVE tree (oid, depth) AS (SELECT ?1, 0 UNION ALL SELECT inhrelid, depth + 1 FROM pg_inherits, tree WHERE"
                      " inhparent = tree.oid) SELECT oid FROM tree WHERE depth > 0 ORDER BY depth, oid",
                      "o", parent);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        vec_push(command->arena, out, ((Subject){(Oid)CATALOG_CELL(rows, i, 0).i, item}));
    return rows != NULL;
}

static bool add_named(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, Subjects *out)
{
    const CatRelation *relation;
    if (!relation_find(vacuum->command, item->relation, false, &relation))
        return false;
    Oid oid = relation->oid;
    bool partitioned = relation->kind == 'p';
    if (may_vacuum(vacuum, relation))
        vec_push(vacuum->command->arena, out, ((Subject){oid, item}));
    return !partitioned || add_partitions(vacuum, item, oid, out);
}

/* Of what is no table too it is asked first who may. */
static bool add_all(const Vacuum *vacuum, Subjects *out)
{
    Command *command = vacuum->command;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, "SELECT oid FROM pg_class ORDER BY oid", "");
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatRelation *relation = catalog_relation(command->catalog, (Oid)CATALOG_CELL(rows, i, 0).i);
        if (relation && may_vacuum(vacuum, relation) && vacuum_is_table(relation->kind))
            vec_push(command->arena, out, ((Subject){relation->oid, NULL}));
    }
    return rows != NULL;
}

/* ---- vacuuming ---- */

static void tell(const Vacuum *vacuum, const CatRelation *relation)
{
    const char *database = vacuum->full ? "" : arena_printf(vacuum->command->arena, "%s.", vacuum->command->context->functions->database);
    if (vacuum->verbose)
        notice(vacuum->command->context->notices, SEVERITY_INFO, "00000", "vacuuming \"%s%s.%s\"", database, relation->schema,
               relation->name);
}

/* Its rows, versions of rows and pages. */
typedef struct Counts {
    int64_t rows, versions, pages;
} Counts;

static bool count(Command *command, const CatRelation *relation, Counts *out)
{
    enum { PAGE = 8192 };
    const char **cells = NULL;
    const char *sql =
        arena_printf(command->arena, "SELECT pg_catalog.count(*), pg_catalog.pg_relation_size(%u::pg_catalog.oid) / %d FROM ONLY %s.%s",
                     relation->oid, PAGE, catalog_quote_identifier(command->catalog, relation->schema, command->arena),
                     catalog_quote_identifier(command->catalog, relation->name, command->arena));
    int64_t node = relation->stored_node;
    *out = (Counts){0};
    if (!node)
        return true;
    if (!exec_store_rows(command->context->write->engine, node, &out->versions, command->error) ||
        !command->context->query_row(command->context->arg, sql, command->arena, &cells, command->error))
        return false;
    out->rows = cells && cells[0] ? strtoll(cells[0], NULL, 10) : 0;
    out->pages = cells && cells[1] ? strtoll(cells[1], NULL, 10) : 0;
    return true;
}

static void tell_counts(Command *command, const char *name, const Counts *counts, const Usage *since)
{
    notice_full(
        command->context->notices, SEVERITY_INFO, "00000",
        arena_printf(command->arena, "\"%s\": found %" PRId64 " removable, %" PRId64 " nonremovable row versions in %" PRId64 " pages",
                     name, counts->versions > counts->rows ? counts->versions - counts->rows : 0, counts->rows, counts->pages),
        arena_printf(command->arena, "0 dead row versions cannot be removed yet.\n%s.", command_usage_text(command->arena, since)), NULL);
}

static bool store_anew(Command *command, Oid oid, Oid index, bool verbose)
{
    const CatRelation *relation = catalog_relation(command->catalog, oid);
    const char *name = arena_printf(command->arena, "%s.%s", relation->schema, relation->name);
    Usage start = command_usage();
    Counts counts;
    bool has_rows = relation->stored_node;
    if (verbose && !count(command, relation, &counts))
        return false;
    if (has_rows && (!write_rewrite_sorted(command->context->write, oid, index, command->arena, command->error) ||
                     !write_verify_indexes(command->context->write, oid, command->arena, command->error)))
        return false;
    if (verbose)
        tell_counts(command, name, &counts, &start);
    return analyze_count(command, oid);
}

/* As the owner, whose functions indexes call. */
bool table_store_anew(Command *command, Oid oid, Oid index, bool verbose)
{
    const WriteContext *write = command->context->write;
    const ActingUser before = write->act_as(write->arg, (ActingUser){catalog_relation(command->catalog, oid)->owner, false, true});
    bool done = store_anew(command, oid, index, verbose);
    (void)write->act_as(write->arg, before);
    return done;
}

static bool vacuum_rows(const Vacuum *vacuum, const CatRelation *relation)
{
    Command *command = vacuum->command;
    Oid oid = relation->oid;
    tell(vacuum, relation);
    if (vacuum->full &&
        (!relation_require_unused(command, oid, relation->name, "VACUUM") || !table_store_anew(command, oid, OID_NONE, vacuum->verbose)))
        return false;
    return catalog_write_begin(command->catalog, command->error) &&
           exec_store_checkpoint(command->context->write->engine, command->error) && analyze_count(command, oid);
}

/* *skipped: a warning has said so. The catalog's own tables have nothing that could be removed. */
static bool vacuum_relation(const Vacuum *vacuum, Oid oid, bool *skipped)
{
    const CatRelation *relation = catalog_relation(vacuum->command->catalog, oid);
    *skipped = !relation || !may_vacuum(vacuum, relation);
    if (*skipped)
        return true;
    if (!vacuum_is_table(relation->kind)) {
        vacuum_warn(vacuum, relation->name, "cannot vacuum non-tables or special system tables");
        *skipped = true;
        return true;
    }
    return relation->is_system || relation->kind == 'p' || vacuum_rows(vacuum, relation);
}

static bool run(const Vacuum *vacuum, const Subject *subject)
{
    bool skipped = false;
    if (vacuum->vacuum && !vacuum_relation(vacuum, subject->relation, &skipped))
        return false;
    const CatRelation *relation = skipped || !vacuum->analyze ? NULL : catalog_relation(vacuum->command->catalog, subject->relation);
    return !relation || !may_vacuum(vacuum, relation) || analyze_relation(vacuum, subject->item, relation);
}

bool table_vacuum(Command *command)
{
    const PgQuery__VacuumStmt *statement = command->node->vacuum_stmt;
    Vacuum vacuum = {.command = command, .vacuum = statement->is_vacuumcmd, .analyze = !statement->is_vacuumcmd, .process_toast = true};
    Subjects subjects = {0};
    if (!read_options(&vacuum, statement) || !check_options(&vacuum, statement))
        return false;
    for (size_t i = 0; i < statement->n_rels; i++)
        if (!add_named(&vacuum, statement->rels[i]->vacuum_relation, &subjects))
            return false;
    if (!statement->n_rels && !add_all(&vacuum, &subjects))
        return false;
    for (size_t i = 0; i < subjects.count; i++)
        if (!run(&vacuum, &subjects.items[i]))
            return false;
    return true;
}
