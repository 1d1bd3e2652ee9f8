/*
 * analyze.c - ANALYZE and VACUUM: statistics of tables into pg_class and pg_statistic.
 *
 * What a source has collected itself is taken over (FdwModule.statistics); what it does not know, and what tables of Medley's own have, is
 * counted over a sample of the rows.
 *
 * Invariants:
 *  1. A relation that cannot be analysed is left out with PostgreSQL's warning, in PostgreSQL's order of checks; a missing one ends all.
 *  2. Sources are read before the catalog's writer is taken.
 *  3. A table with children has statistics of its own rows and of the whole tree's; a partitioned one, which has no rows, of the tree's,
 * and its partitions are analysed with it.
 *  4. Without a list of tables the database's own are analysed; foreign tables are only when they are named, as in PostgreSQL.
 *
 * Entered by the session's worker only.
 */
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "command/command_internal.h"

/* TEXT_HEAD: of PostgreSQL's short texts, before their bytes. */
enum { DEFAULT_TARGET = 100, ROWS_A_TARGET = 300, PAGE = 8192, TEXT_HEAD = 1 };

typedef struct Analyze {
    Command *command;
    const PgQuery__VacuumStmt *statement;
    bool vacuum, analyze, verbose;
    const char *verb; /* of warnings: "vacuum" or "analyze" */
} Analyze;

/* One table's columns that are to be analysed. */
typedef struct Subject {
    Oid oid;
    const char *schema, *name;
    char kind;
    bool tree; /* of the rows of all its children too */
    int ncolumns;
    const char **names; /* NULL: not this one */
    double *given;      /* n_distinct as the user set it; 0: not */
    FdwColumnStatistics *columns;
    double rows, pages, sampled;
    int target; /* the largest of the columns' */
} Subject;

/* ---- options ---- */

static bool read_bool(Command *command, const PgQuery__DefElem *option, bool *out)
{
    static const struct {
        const char *text;
        bool value;
    } WORDS[] = {{"true", true}, {"on", true}, {"1", true}, {"false", false}, {"off", false}, {"0", false}};
    const char *text = option->arg ? option_string(command, option) : "true";
    for (size_t i = 0; text && i < COUNT_OF(WORDS); i++) {
        if (strcasecmp(text, WORDS[i].text) == 0) {
            *out = WORDS[i].value;
            return true;
        }
    }
    return error_set(command->error, ERRCODE_SYNTAX_ERROR, "%s requires a Boolean value", option->defname);
}

static bool read_options(Analyze *analyze)
{
    Command *command = analyze->command;
    const PgQuery__VacuumStmt *statement = analyze->statement;
    bool other;
    for (size_t i = 0; i < statement->n_options; i++) {
        const PgQuery__DefElem *option = statement->options[i]->def_elem;
        static const char *const OF_VACUUM[] = {"full",     "freeze",  "disable_page_skipping", "index_cleanup", "process_toast",
                                                "truncate", "parallel"};
        bool known = str_eq(option->defname, "skip_locked");
        for (size_t k = 0; statement->is_vacuumcmd && k < COUNT_OF(OF_VACUUM); k++)
            known |= str_eq(option->defname, OF_VACUUM[k]);
        bool *taker = str_eq(option->defname, "verbose")                              ? &analyze->verbose
                      : str_eq(option->defname, "analyze") && statement->is_vacuumcmd ? &analyze->analyze
                      : known                                                         ? &other
                                                                                      : NULL;
        if (!taker) {
            error_set(command->error, ERRCODE_SYNTAX_ERROR, "unrecognized %s option \"%s\"", statement->is_vacuumcmd ? "VACUUM" : "ANALYZE",
                      option->defname);
            return error_at(command->error, option->location);
        }
        bool is_word = str_eq(option->defname, "index_cleanup") || str_eq(option->defname, "parallel");
        if (!is_word && !read_bool(command, option, taker))
            return false;
    }
    return true;
}

/* ---- which relations ---- */

static bool warn(const Analyze *analyze, const char *name, const char *why)
{
    notice(analyze->command->context->notices, SEVERITY_WARNING, ERRCODE_WARNING, "skipping \"%s\" --- %s", name,
           arena_printf(analyze->command->arena, why, analyze->verb));
    return false;
}

static bool may_analyze(const Analyze *analyze, const CatRelation *relation)
{
    Command *command = analyze->command;
    if (catalog_is_owner(command->catalog, PG_CLASS_RELATION, relation->oid, command->user))
        return true;
    return warn(analyze, relation->name,
                relation->is_shared   ? "only superuser can %s it"
                : relation->is_system ? "only superuser or database owner can %s it"
                                      : "only table or database owner can %s it");
}

static bool is_table(char kind)
{
    return kind == 'r' || kind == 'm' || kind == 'p';
}

/* ---- what is to be known ---- */

/* ANALYZE t (a, b): each once, none that is missing. */
static bool named_columns(const Analyze *analyze, const PgQuery__VacuumRelation *item, const CatRelation *relation, bool *wanted)
{
    Error *error = analyze->command->error;
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

static bool make_subject(const Analyze *analyze, const PgQuery__VacuumRelation *item, const CatRelation *relation, bool tree, Subject *out)
{
    Command *command = analyze->command;
    size_t count = (size_t)relation->ncolumns;
    bool *wanted = ARENA_ARRAY(command->arena, bool, count + 1);
    *out = (Subject){.oid = relation->oid, .kind = relation->kind, .tree = tree, .ncolumns = relation->ncolumns, .rows = -1, .pages = -1};
    out->schema = arena_strdup(command->arena, relation->schema);
    out->name = arena_strdup(command->arena, relation->name);
    out->names = ARENA_ARRAY(command->arena, const char *, count + 1);
    out->given = ARENA_ARRAY(command->arena, double, count + 1);
    out->columns = ARENA_ARRAY(command->arena, FdwColumnStatistics, count + 1);
    if (item && !named_columns(analyze, item, relation, wanted))
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
    bool done = module->statistics ? module->statistics(call, want.given[0]->connection, table, &statistics)
                                   : module->estimate(call, want.given[0]->connection, &spec, &estimate);
    for (int i = 0; i < want.ngiven; i++)
        remote_release(session, want.given[i], !done && i == 0);
    subject->rows = statistics.rows;
    subject->pages = estimate.rows >= 0 ? ceil(estimate.rows * estimate.width / PAGE) : statistics.pages;
    return done;
}

static bool know_foreign(const Analyze *analyze, const CatRelation *relation, Subject *subject)
{
    Command *command = analyze->command;
    const RemoteTarget *target =
        wrapper_target(command->context->wrappers, command->catalog, relation->server, relation->owner, command->arena, command->error);
    const FdwTable *table = target ? wrapper_table(relation, command->catalog, command->arena) : NULL;
    return table && ask_source(command, target, table, subject);
}

/* ---- what is counted ---- */

static const char *relation_text(Command *command, const Subject *subject)
{
    return arena_printf(command->arena, "%s%s.%s", subject->tree ? "" : "ONLY ",
                        catalog_quote_identifier(command->catalog, subject->schema, command->arena),
                        catalog_quote_identifier(command->catalog, subject->name, command->arena));
}

static bool query_row(Command *command, const char *sql, const char ***cells)
{
    return command->context->query_row(command->context->arg, sql, command->arena, cells, command->error);
}

static bool count_rows(Command *command, Subject *subject)
{
    const char **cells = NULL;
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
    if (subject->pages < 0 && subject->kind != 'p')
        subject->pages = ceil(subject->rows * (widths + 24) / PAGE);
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_class SET reltuples = CAST(?2 AS REAL), relpages = CAST(?3 AS INTEGER) WHERE oid = ?1", "oss",
                        subject->oid, arena_printf(command->arena, "%.0f", subject->rows),
                        arena_printf(command->arena, "%.0f", subject->pages));
}

/* ---- one relation ---- */

static void tell(const Analyze *analyze, const char *format, const char *schema, const char *name)
{
    if (analyze->verbose)
        notice(analyze->command->context->notices, SEVERITY_INFO, "00000", format, schema, name);
}

static bool count_and_store(const Analyze *analyze, Subject *subject)
{
    Command *command = analyze->command;
    if (subject->rows < 0 && !count_rows(command, subject))
        return false;
    if (!all_known(subject) && !sample_columns(command, subject))
        return false;
    return store(command, subject);
}

static CatalogRows *children_of(Command *command, Oid relation)
{
    return catalog_query(command->catalog, command->arena, command->error,
                         "SELECT inhrelid FROM pg_inherits WHERE inhparent = ?1 ORDER BY inhrelid", "o", relation);
}

static bool analyze_tree(const Analyze *analyze, const PgQuery__VacuumRelation *item, Oid oid)
{
    const CatRelation *relation = catalog_relation(analyze->command->catalog, oid);
    Subject subject;
    tell(analyze, "analyzing \"%s.%s\" inheritance tree", relation->schema, relation->name);
    return make_subject(analyze, item, relation, true, &subject) && count_and_store(analyze, &subject);
}

static bool analyze_foreign(const Analyze *analyze, const PgQuery__VacuumRelation *item, const CatRelation *relation)
{
    Command *command = analyze->command;
    Subject subject;
    const RemoteTarget *target =
        wrapper_target(command->context->wrappers, command->catalog, relation->server, relation->owner, command->arena, command->error);
    if (!target)
        return false;
    bool is_file = !target->module->dialect;
    const char *name = arena_strdup(command->arena, relation->name);
    if (!make_subject(analyze, item, relation, false, &subject) || !know_foreign(analyze, relation, &subject))
        return false;
    if (target->module->statistics && subject.rows < 0 && subject.pages < 0) {
        warn(analyze, name, "cannot analyze this foreign table");
        return true;
    }
    tell(analyze, "analyzing \"%s.%s\"", subject.schema, subject.name);
    if (!count_and_store(analyze, &subject))
        return false;
    if (analyze->verbose && is_file)
        notice(command->context->notices, SEVERITY_INFO, "00000", "\"%s\": file contains %.0f rows; %.0f rows in sample", subject.name,
               subject.rows, subject.sampled);
    return true;
}

static bool analyze_relation(const Analyze *analyze, const PgQuery__VacuumRelation *item, const CatRelation *relation)
{
    Subject subject;
    Oid oid = relation->oid;
    bool partitioned = relation->kind == 'p';
    if (relation->is_system)
        return true;
    if (relation->kind == 'f')
        return analyze_foreign(analyze, item, relation);
    if (!is_table(relation->kind)) {
        warn(analyze, relation->name, "cannot analyze non-tables or special system tables");
        return true;
    }
    CatalogRows *children = children_of(analyze->command, oid);
    if (!children)
        return false;
    if (!partitioned) {
        tell(analyze, "analyzing \"%s.%s\"", relation->schema, relation->name);
        if (!make_subject(analyze, item, relation, false, &subject) || !count_and_store(analyze, &subject))
            return false;
    }
    return !children->nrows || analyze_tree(analyze, item, oid);
}

/* Each with its own check of who may. */
static bool analyze_partitions(const Analyze *analyze, const PgQuery__VacuumRelation *item, Oid parent)
{
    Command *command = analyze->command;
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "WITH RECURSIVE tree (oid, depth) AS (SELECT ?1, 0 UNION ALL SELECT inhrelid, depth + 1 FROM pg_inherits, tree WHERE"
                      " inhparent = tree.oid) SELECT oid FROM tree WHERE depth > 0 ORDER BY depth, oid",
                      "o", parent);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatRelation *relation = catalog_relation(command->catalog, (Oid)strtoul(CATALOG_CELL(rows, i, 0).text, NULL, 10));
        if (relation && may_analyze(analyze, relation) && !analyze_relation(analyze, item, relation))
            return false;
    }
    return rows != NULL;
}

static bool vacuum_relation(const Analyze *analyze, const CatRelation *relation)
{
    if (!is_table(relation->kind)) {
        warn(analyze, relation->name, "cannot vacuum non-tables or special system tables");
        return true;
    }
    return relation->is_system || error_unsupported(analyze->command->error, "VACUUM of table \"%s\" is not supported", relation->name);
}

static bool named_relation(const Analyze *analyze, const PgQuery__VacuumRelation *item)
{
    const CatRelation *relation;
    if (item->n_va_cols && !analyze->analyze)
        return error_unsupported(analyze->command->error, "ANALYZE option must be specified when a column list is provided");
    if (!relation_find(analyze->command, item->relation, false, &relation))
        return false;
    Oid oid = relation->oid;
    bool partitioned = relation->kind == 'p';
    if (!analyze->vacuum)
        return (!may_analyze(analyze, relation) || analyze_relation(analyze, item, relation)) &&
               (!partitioned || analyze_partitions(analyze, item, oid));
    if (!may_analyze(analyze, relation))
        return true;
    bool both = analyze->analyze && (is_table(relation->kind) || relation->kind == 'f');
    return vacuum_relation(analyze, relation) && (!both || relation->kind == 'f' || analyze_relation(analyze, item, relation));
}

static bool all_relations(const Analyze *analyze)
{
    Command *command = analyze->command;
    if (analyze->vacuum)
        return error_unsupported(command->error, "VACUUM of all tables is not supported");
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT oid FROM pg_class WHERE relkind IN ('r', 'm', 'p') AND oid >= 16384 ORDER BY oid", "");
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatRelation *relation = catalog_relation(command->catalog, (Oid)strtoul(CATALOG_CELL(rows, i, 0).text, NULL, 10));
        if (relation && may_analyze(analyze, relation) && !analyze_relation(analyze, NULL, relation))
            return false;
    }
    return rows != NULL;
}

bool table_analyze(Command *command)
{
    const PgQuery__VacuumStmt *statement = command->node->vacuum_stmt;
    Analyze analyze = {.command = command, .statement = statement, .vacuum = statement->is_vacuumcmd, .analyze = !statement->is_vacuumcmd};
    analyze.verb = statement->is_vacuumcmd ? "vacuum" : "analyze";
    if (!read_options(&analyze))
        return false;
    if (analyze.vacuum && command->context->in_transaction)
        return error_set(command->error, ERRCODE_ACTIVE_SQL_TRANSACTION, "VACUUM cannot run inside a transaction block");
    for (size_t i = 0; i < statement->n_rels; i++)
        if (!named_relation(&analyze, statement->rels[i]->vacuum_relation))
            return false;
    return statement->n_rels || all_relations(&analyze);
}
