/*
 * analyze.c - ANALYZE of a relation: statistics into pg_class and pg_statistic.
 *
 * What a source has collected itself is taken over (FdwModule.statistics); what it does not know, and what tables of Medley's own have, is
 * counted over a sample of the rows.
 *
 * Invariants:
 *  1. Sources are read before the catalog's writer is taken.
 *  2. A table with children has statistics of its own rows and of the whole tree's; a partitioned one, which has no rows, of the tree's.
 *
 * Entered by the session's worker only.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command/vacuum_internal.h"

/* TEXT_HEAD: of PostgreSQL's short texts, before their bytes. */
enum { DEFAULT_TARGET = 100, ROWS_A_TARGET = 300, PAGE = 8192, TEXT_HEAD = 1 };

/* One table's columns that are to be analysed. */
typedef struct Subject {
    Oid oid;
    const char *schema, *name;
    char kind;
    bool tree;   /* of the rows of all its children too */
    bool stored; /* it has rows here, or had some */
    int ncolumns;
    const char **names; /* NULL: not this one */
    double *given;      /* n_distinct as the user set it; 0: not */
    FdwColumnStatistics *columns;
    double rows, pages, sampled;
    int target;         /* the largest of the columns' */
    const char *source; /* what is selected from; NULL: the relation */
} Subject;

/* ---- what is to be known ---- */

/* ANALYZE t (a, b): each once, none that is missing. */
static bool named_columns(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, const CatRelation *relation, bool *wanted)
{
    Error *error = vacuum->command->error;
    for (size_t i = 0; i < item->n_va_cols; i++) {
        const char *name = node_text(item->va_cols[i]);
        int found = -1;
        for (int c = 0; c < relation->ncolumns; c++)
            found = !relation->columns[c].dropped && str_eq(relation->columns[c].name, name) ? c : found;
        if (found < 0)
            return error_set(error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name, relation->name);
        if (wanted[found])
            return error_set(error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" of relation \"%s\" appears more than once", name,
                             relation->name);
        wanted[found] = true;
    }
    return true;
}

static double distinct_option(Command *command, const char *options, bool inherited)
{
    FdwOptions parsed = catalog_options_parse(options, command->arena);
    for (size_t i = 0; i < parsed.count; i++)
        if (str_eq(parsed.items[i].name, inherited ? "n_distinct_inherited" : "n_distinct"))
            return strtod(parsed.items[i].value, NULL);
    return 0;
}

static bool read_attributes(Command *command, Subject *subject)
{
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "SELECT attnum, attstattarget, attoptions FROM pg_attribute WHERE attrelid = ?1 AND attnum > 0", "o", subject->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        int column = atoi(CATALOG_CELL(rows, i, 0).text) - 1, target = atoi(CATALOG_CELL(rows, i, 1).text);
        if (column >= subject->ncolumns)
            continue;
        if (target == 0)
            subject->names[column] = NULL;
        target = target < 0 ? DEFAULT_TARGET : target;
        subject->target = target > subject->target ? target : subject->target;
        subject->given[column] = distinct_option(command, CATALOG_CELL(rows, i, 2).text, subject->tree);
    }
    return rows != NULL;
}

static bool make_subject(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, const CatRelation *relation, bool tree, Subject *out)
{
    Command *command = vacuum->command;
    size_t count = (size_t)relation->ncolumns;
    bool *wanted = ARENA_ARRAY(command->arena, bool, count + 1);
    *out = (Subject){.oid = relation->oid, .kind = relation->kind, .tree = tree, .ncolumns = relation->ncolumns, .rows = -1, .pages = -1};
    out->stored = relation->stored_node;
    out->schema = arena_strdup(command->arena, relation->schema);
    out->name = arena_strdup(command->arena, relation->name);
    out->names = ARENA_ARRAY(command->arena, const char *, count + 1);
    out->given = ARENA_ARRAY(command->arena, double, count + 1);
    out->columns = ARENA_ARRAY(command->arena, FdwColumnStatistics, count + 1);
    if (item && !named_columns(vacuum, item, relation, wanted))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!relation->columns[i].dropped && (!item || !item->n_va_cols || wanted[i]))
            out->names[i] = arena_strdup(command->arena, relation->columns[i].name);
    return read_attributes(command, out);
}

/* ---- what the source knows ---- */

static bool ask_source(Command *command, const RemoteTarget *target, const FdwTable *table, Subject *subject)
{
    RemoteSession *session = command->context->remote;
    const FdwModule *module = target->module;
    RemoteWant want = {.target = target, .connections = 1};
    if (!module->statistics && !module->estimate)
        return true;
    if (!remote_acquire(session, &want, 1, command->context->in_transaction, command->arena, command->error))
        return false;
    CallSpace space;
    FdwCall *call = wrapper_call(&space, session, command->arena, command->context->functions->types, command->error);
    FdwStatistics statistics = {.rows = -1, .pages = -1, .columns = subject->columns};
    FdwEstimate estimate = {.rows = -1};
    FdwScanSpec spec = {.limit = -1, .table = table, .split_table = table->name};
    remote_turn(want.given[0]);
    bool done = module->statistics ? module->statistics(call, want.given[0]->connection, table, &statistics)
                                   : module->estimate(call, want.given[0]->connection, &spec, &estimate);
    remote_turn_end(want.given[0]);
    for (int i = 0; i < want.ngiven; i++)
        remote_release(session, want.given[i], !done && i == 0);
    subject->rows = statistics.rows;
    subject->pages = estimate.rows >= 0 ? ceil(estimate.rows * estimate.width / PAGE) : statistics.pages;
    return done;
}

static bool know_foreign(const Vacuum *vacuum, const CatRelation *relation, Subject *subject)
{
    Command *command = vacuum->command;
    const RemoteTarget *target =
        wrapper_target(command->context->wrappers, command->catalog, relation->server, relation->owner, command->arena, command->error);
    const FdwTable *table = target ? wrapper_table(relation, command->catalog, command->arena) : NULL;
    return table && ask_source(command, target, table, subject);
}

/* ---- what is counted ---- */

static const char *relation_text(Command *command, const Subject *subject)
{
    if (subject->source)
        return subject->source;
    return arena_printf(command->arena, "%s%s.%s", subject->tree ? "" : "ONLY ",
                        catalog_quote_identifier(command->catalog, subject->schema, command->arena),
                        catalog_quote_identifier(command->catalog, subject->name, command->arena));
}

static bool query_row(Command *command, const char *sql, const char ***cells)
{
    return command->context->query_row(command->context->arg, sql, command->arena, cells, command->error);
}

/* What storage takes of it. */
static bool count_pages(Command *command, Subject *subject)
{
    const char **cells = NULL;
    if (!query_row(command, arena_printf(command->arena, "SELECT pg_catalog.pg_relation_size(%u::pg_catalog.oid) / %d", subject->oid, PAGE),
                   &cells))
        return false;
    subject->pages = cells && cells[0] ? strtod(cells[0], NULL) : 0;
    return true;
}

/* A materialized view that may not be read yet. */
static bool is_unpopulated(const Subject *subject)
{
    return subject->kind == 'm' && !subject->stored;
}

static bool count_rows(Command *command, Subject *subject)
{
    const char **cells = NULL;
    subject->rows = 0;
    if (is_unpopulated(subject))
        return true;
    if (!query_row(command, arena_printf(command->arena, "SELECT pg_catalog.count(*) FROM %s", relation_text(command, subject)), &cells))
        return false;
    subject->rows = cells && cells[0] ? strtod(cells[0], NULL) : 0;
    return true;
}

/* Of a sample of n rows, d of them distinct: as many in all, a part of all where most differ. */
static double whole_distinct(double d, double n, double rows)
{
    if (d <= 0 || rows <= 0)
        return 0;
    if (d >= n)
        return -1;
    double all = n >= rows || d * 10 < n ? d : d / n * rows;
    return all > rows / 10 ? -all / rows : all;
}

static bool sample_columns(Command *command, Subject *subject)
{
    double wanted = (double)subject->target * ROWS_A_TARGET, part = subject->rows > wanted ? wanted / subject->rows : 1;
    Str sql;
    str_init(&sql, command->arena);
    str_add(&sql, "SELECT pg_catalog.count(*)");
    for (int i = 0; i < subject->ncolumns; i++) {
        if (!subject->names[i] || subject->columns[i].known)
            continue;
        const char *name = catalog_quote_identifier(command->catalog, subject->names[i], command->arena);
        str_addf(&sql,
                 ", pg_catalog.count(%s), pg_catalog.avg(pg_catalog.octet_length(%s::pg_catalog.text)), "
                 "pg_catalog.count(DISTINCT %s::pg_catalog.text)",
                 name, name, name);
    }
    str_addf(&sql, " FROM %s", relation_text(command, subject));
    if (part < 1)
        str_addf(&sql, " WHERE pg_catalog.random() < %.9f", part);
    const char **cells = NULL;
    if (!query_row(command, sql.data, &cells) || !cells)
        return cells == NULL && !error_is_set(command->error);
    double n = subject->sampled = strtod(cells[0], NULL);
    for (int i = 0, at = 1; i < subject->ncolumns; i++) {
        if (!subject->names[i] || subject->columns[i].known)
            continue;
        double values = strtod(cells[at], NULL), width = cells[at + 1] ? strtod(cells[at + 1], NULL) : 0, d = strtod(cells[at + 2], NULL);
        subject->columns[i] = (FdwColumnStatistics){.known = n > 0,
                                                    .null_part = n > 0 ? (n - values) / n : 0,
                                                    .width = values > 0 ? width + TEXT_HEAD : 0,
                                                    .distinct = whole_distinct(d, values, subject->rows * values / (n > 0 ? n : 1))};
        at += 3;
    }
    return true;
}

static bool all_known(const Subject *subject)
{
    for (int i = 0; i < subject->ncolumns; i++)
        if (subject->names[i] && !subject->columns[i].known)
            return false;
    return true;
}

/* ---- the catalog ---- */

static bool store_column(Command *command, const Subject *subject, int column, double width)
{
    const FdwColumnStatistics *known = &subject->columns[column];
    double distinct = subject->given[column] != 0 ? subject->given[column] : known->distinct;
    return catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_statistic WHERE starelid = ?1 AND staattnum = ?2 AND stainherit = ?3", "oii", subject->oid,
                        (int64_t)column + 1, (int64_t)subject->tree) &&
           catalog_exec(
               command->catalog, command->error, NULL,
               "INSERT INTO pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct, stakind1, stakind2, "
               "stakind3, stakind4, stakind5, staop1, staop2, staop3, staop4, staop5, stacoll1, stacoll2, stacoll3, stacoll4, "
               "stacoll5) VALUES (?1, ?2, ?3, CAST(?4 AS REAL), ?5, CAST(?6 AS REAL), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
               "oiisis", subject->oid, (int64_t)column + 1, (int64_t)subject->tree, arena_printf(command->arena, "%.9g", known->null_part),
               (int64_t)width, arena_printf(command->arena, "%.9g", distinct));
}

/* A type of fixed length has that as its width. */
static double width_of(const Subject *subject, const CatRelation *relation, int column)
{
    static const struct {
        Oid type;
        int length;
    } LENGTHS[] = {{TYPE_BOOL, 1},        {TYPE_INT2, 2},      {TYPE_INT4, 4},  {TYPE_INT8, 8},  {TYPE_FLOAT4, 4},
                   {TYPE_FLOAT8, 8},      {TYPE_OID, 4},       {TYPE_DATE, 4},  {TYPE_TIME, 8},  {TYPE_TIMESTAMP, 8},
                   {TYPE_TIMESTAMPTZ, 8}, {TYPE_INTERVAL, 16}, {TYPE_UUID, 16}, {TYPE_MONEY, 8}, {TYPE_NAME, 64}};
    for (size_t i = 0; i < COUNT_OF(LENGTHS); i++)
        if (relation->columns[column].type == LENGTHS[i].type)
            return LENGTHS[i].length;
    return subject->columns[column].width;
}

static bool store_counts(Command *command, const Subject *subject)
{
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_class SET reltuples = CAST(?2 AS REAL), relpages = CAST(?3 AS INTEGER) WHERE oid = ?1", "oss",
                        subject->oid, arena_printf(command->arena, "%.0f", subject->rows),
                        arena_printf(command->arena, "%.0f", subject->pages));
}

static bool store(Command *command, Subject *subject)
{
    double widths = 0;
    for (int i = 0; i < subject->ncolumns; i++) {
        const CatRelation *relation = catalog_relation(command->catalog, subject->oid);
        if (!subject->names[i] || !subject->columns[i].known || !relation)
            continue;
        double width = width_of(subject, relation, i);
        widths += width;
        if (!store_column(command, subject, i, width))
            return false;
    }
    if (subject->tree && subject->kind != 'p') /* its own rows are what pg_class counts */
        return true;
    if (subject->kind == 'f' && subject->pages < 0)
        subject->pages = ceil(subject->rows * (widths + 24) / PAGE);
    return (strchr("pf", subject->kind) || count_pages(command, subject)) && store_counts(command, subject);
}

bool analyze_count(Command *command, Oid oid)
{
    const CatRelation *relation = catalog_relation(command->catalog, oid);
    Subject subject = {
        .oid = oid, .kind = relation->kind, .stored = relation->stored_node, .schema = arena_strdup(command->arena, relation->schema)};
    subject.name = arena_strdup(command->arena, relation->name);
    return count_rows(command, &subject) && count_pages(command, &subject) && store_counts(command, &subject);
}

/* ---- one relation ---- */

static void tell(const Vacuum *vacuum, const char *format, const char *schema, const char *name)
{
    if (vacuum->verbose)
        notice(vacuum->command->context->notices, SEVERITY_INFO, "00000", format, schema, name);
}

static bool count_and_store(const Vacuum *vacuum, Subject *subject)
{
    Command *command = vacuum->command;
    if (subject->rows < 0 && !count_rows(command, subject))
        return false;
    if (!is_unpopulated(subject) && !all_known(subject) && !sample_columns(command, subject))
        return false;
    return store(command, subject);
}

/* ---- indexes ---- */

/* The expressions under the names of the index's columns, of the rows that it has. */
static bool index_source(Command *command, const Subject *table, Subject *index, bool partial)
{
    Str sql;
    const char **cells = NULL;
    str_init(&sql, command->arena);
    str_addf(&sql, "SELECT pg_catalog.pg_get_expr(indpred, indrelid)");
    for (int i = 0; i < index->ncolumns; i++)
        str_addf(&sql, ", pg_catalog.pg_get_indexdef(indexrelid, %d, false)", i + 1);
    str_addf(&sql, " FROM pg_catalog.pg_index WHERE indexrelid = %u", index->oid);
    if (!query_row(command, sql.data, &cells) || !cells)
        return false;
    str_reset(&sql);
    str_add(&sql, "(SELECT true");
    for (int i = 0; i < index->ncolumns; i++)
        if (index->names[i])
            str_addf(&sql, ", %s AS %s", cells[i + 1], catalog_quote_identifier(command->catalog, index->names[i], command->arena));
    str_addf(&sql, " FROM %s", relation_text(command, table));
    if (partial)
        str_addf(&sql, " WHERE %s", cells[0]);
    str_add(&sql, " OFFSET 0) entries");
    index->source = arena_strdup(command->arena, sql.data);
    return true;
}

/* What entries are made of is computed, which may fail; where columns are named, only which rows have entries. keys: 0 is an expression. */
static bool analyze_index(const Vacuum *vacuum, const Subject *table, Oid oid, const char *keys, bool partial, bool named)
{
    Command *command = vacuum->command;
    Subject index;
    bool any = false;
    char *end = NULL;
    if (!make_subject(vacuum, NULL, catalog_relation(command->catalog, oid), false, &index))
        return false;
    for (int i = 0; i < index.ncolumns; i++, keys = end) {
        bool is_expression = strtol(keys, &end, 10) == 0 && end != keys;
        index.names[i] = is_expression && !named ? index.names[i] : NULL;
        any |= index.names[i] != NULL;
    }
    index.rows = table->rows;
    if (table->rows > 0 && (any || partial) &&
        (!index_source(command, table, &index, partial) || (partial && !count_rows(command, &index)) ||
         (any && !sample_columns(command, &index))))
        return false;
    for (int i = 0; i < index.ncolumns; i++)
        if (index.columns[i].known && !store_column(command, &index, i, width_of(&index, catalog_relation(command->catalog, oid), i)))
            return false;
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET reltuples = CAST(?2 AS REAL) WHERE oid = ?1", "os",
                        oid, arena_printf(command->arena, "%.0f", index.rows));
}

static bool analyze_indexes(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, const Subject *table)
{
    Command *command = vacuum->command;
    CatalogRows *rows = catalog_query(
        command->catalog, command->arena, command->error,
        "SELECT indexrelid, indkey, indpred IS NOT NULL FROM pg_index WHERE indrelid = ?1 ORDER BY indexrelid", "o", table->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        if (!analyze_index(vacuum, table, (Oid)cells[0].i, cells[1].text, cells[2].i, item && item->n_va_cols))
            return false;
    }
    return rows != NULL;
}

static CatalogRows *children_of(Command *command, Oid relation)
{
    return catalog_query(command->catalog, command->arena, command->error,
                         "SELECT inhrelid FROM pg_inherits WHERE inhparent = ?1 ORDER BY inhrelid", "o", relation);
}

/* Of a table of Medley's own: its pages, rows and how many of them were looked at; gone: versions that nobody sees any more. */
static bool tell_scanned(const Vacuum *vacuum, const Subject *subject, double sampled)
{
    Command *command = vacuum->command;
    const CatRelation *relation = catalog_relation(command->catalog, subject->oid);
    int64_t stored = 0;
    if (!vacuum->verbose)
        return true;
    if (relation && relation->stored_node &&
        !exec_store_rows(command->context->write->engine, relation->stored_node, &stored, command->error))
        return false;
    double gone = (double)stored > subject->rows ? (double)stored - subject->rows : 0;
    notice(
        command->context->notices, SEVERITY_INFO, "00000",
        "\"%s\": scanned %.0f of %.0f pages, containing %.0f live rows and %.0f dead rows; %.0f rows in sample, %.0f estimated total rows",
        subject->name, subject->pages, subject->pages, subject->rows, gone, sampled, subject->rows);
    return true;
}

static void tell_file(const Vacuum *vacuum, const Subject *subject, double sampled)
{
    if (vacuum->verbose)
        notice(vacuum->command->context->notices, SEVERITY_INFO, "00000", "\"%s\": file contains %.0f rows; %.0f rows in sample",
               subject->name, subject->rows, sampled);
}

/* The tables of a tree whose rows are among those sampled: each has its part of the sample. */
static bool tell_tree(const Vacuum *vacuum, const Subject *tree)
{
    static const char TREE[] = "WITH RECURSIVE tree (oid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits, tree WHERE inhparent ="
                               " tree.oid) SELECT tree.oid, relname, nspname, relkind, EXISTS (SELECT 1 FROM pg_foreign_table JOIN"
                               " pg_foreign_server s ON s.oid = ftserver JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw JOIN pg_proc p"
                               " ON p.oid = fdwhandler AND prosrc = 'file_fdw_handler' WHERE ftrelid = tree.oid) FROM tree JOIN pg_class c"
                               " USING (oid) JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'f') ORDER BY tree.oid";
    Command *command = vacuum->command;
    CatalogRows *rows = vacuum->verbose ? catalog_query(command->catalog, command->arena, command->error, TREE, "o", tree->oid) : NULL;
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        Subject part = {.oid = (Oid)cells[0].i, .name = cells[1].text, .schema = cells[2].text};
        bool is_own = cells[3].text[0] == 'r';
        if ((!is_own && !cells[4].i) || !count_rows(command, &part) || !count_pages(command, &part)) {
            if (error_is_set(command->error))
                return false;
            continue;
        }
        double sampled = tree->rows > 0 ? rint(part.rows * tree->sampled / tree->rows) : 0;
        if (!is_own)
            tell_file(vacuum, &part, sampled);
        else if (part.rows > 0 && !tell_scanned(vacuum, &part, sampled))
            return false;
    }
    return !error_is_set(command->error);
}

static bool analyze_tree(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, Oid oid)
{
    const CatRelation *relation = catalog_relation(vacuum->command->catalog, oid);
    Subject subject;
    tell(vacuum, "analyzing \"%s.%s\" inheritance tree", relation->schema, relation->name);
    return make_subject(vacuum, item, relation, true, &subject) && count_and_store(vacuum, &subject) && tell_tree(vacuum, &subject);
}

static bool analyze_foreign(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, const CatRelation *relation)
{
    Command *command = vacuum->command;
    Subject subject;
    const RemoteTarget *target =
        wrapper_target(command->context->wrappers, command->catalog, relation->server, relation->owner, command->arena, command->error);
    if (!target)
        return false;
    bool is_file = !target->module->dialect;
    const char *name = arena_strdup(command->arena, relation->name);
    if (!make_subject(vacuum, item, relation, false, &subject) || !know_foreign(vacuum, relation, &subject))
        return false;
    if (target->module->statistics && subject.rows < 0 && subject.pages < 0) {
        vacuum_warn(vacuum, name, "cannot analyze this foreign table");
        return true;
    }
    tell(vacuum, "analyzing \"%s.%s\"", subject.schema, subject.name);
    if (!count_and_store(vacuum, &subject))
        return false;
    if (is_file)
        tell_file(vacuum, &subject, subject.sampled);
    return true;
}

static bool analyze_as_owner(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, const CatRelation *relation)
{
    Subject subject;
    Oid oid = relation->oid;
    bool partitioned = relation->kind == 'p';
    if (relation->is_system)
        return true;
    if (relation->kind == 'f')
        return analyze_foreign(vacuum, item, relation);
    if (!vacuum_is_table(relation->kind)) {
        vacuum_warn(vacuum, relation->name, "cannot analyze non-tables or special system tables");
        return true;
    }
    CatalogRows *children = children_of(vacuum->command, oid);
    if (!children)
        return false;
    if (!partitioned) {
        tell(vacuum, "analyzing \"%s.%s\"", relation->schema, relation->name);
        if (!make_subject(vacuum, item, relation, false, &subject) || !count_and_store(vacuum, &subject) ||
            !tell_scanned(vacuum, &subject, subject.sampled) || !analyze_indexes(vacuum, item, &subject))
            return false;
    }
    return !children->nrows || analyze_tree(vacuum, item, oid);
}

bool analyze_relation(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, const CatRelation *relation)
{
    const WriteContext *write = vacuum->command->context->write;
    const ActingUser before = write->act_as(write->arg, (ActingUser){relation->owner, false, true});
    bool done = analyze_as_owner(vacuum, item, relation);
    (void)write->act_as(write->arg, before);
    return done;
}
