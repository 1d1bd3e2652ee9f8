/*
 * partition_key.c - PARTITION BY: the columns, expressions, collations and operator classes of a partition key (pg_partitioned_table).
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/collation.h"
#include "command/table_internal.h"
#include "func/partition.h"

enum { MAX_KEY_COLUMNS = 32 };

typedef struct KeyBuild {
    Command *command;
    Oid oid;
    const CatRelation *relation;
    char strategy;
    Str numbers, classes, collations, exprs;
    bool has_exprs;
} KeyBuild;

static bool refuse(KeyBuild *build, const char *message)
{
    return error_set(build->command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "%s", message);
}

static bool refuse_generated(KeyBuild *build, const PgQuery__PartitionElem *elem, const char *column)
{
    Error *error = build->command->error;
    error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "cannot use generated column in partition key");
    error_detail(error, "Column \"%s\" is a generated column.", column);
    return error_at(error, elem->location);
}

static bool find_column(KeyBuild *build, const PgQuery__PartitionElem *elem, const CatColumn **column)
{
    Error *error = build->command->error;
    static const char *const SYSTEM[] = {"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"};
    for (int i = 0; i < build->relation->ncolumns; i++)
        if (!build->relation->columns[i].dropped && str_eq(build->relation->columns[i].name, elem->name)) {
            *column = &build->relation->columns[i];
            if (!(*column)->generated)
                return true;
            return refuse_generated(build, elem, elem->name);
        }
    for (size_t i = 0; i < COUNT_OF(SYSTEM); i++)
        if (str_eq(SYSTEM[i], elem->name)) {
            error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "cannot use system column \"%s\" in partition key", elem->name);
            return error_at(error, elem->location);
        }
    error_set(error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" named in partition key does not exist", elem->name);
    return error_at(error, elem->location);
}

/* ---- expressions ---- */

typedef struct KeyReads {
    const CatRelation *relation;
    bool column, system;
    int generated; /* the first such column; 0: none */
} KeyReads;

static void reads_column(KeyReads *reads, int number)
{
    if (reads->relation->columns[number - 1].generated && !reads->relation->columns[number - 1].dropped &&
        (!reads->generated || number < reads->generated))
        reads->generated = number;
}

static bool reads_of(const Expr *expr, void *arg)
{
    KeyReads *reads = arg;
    reads->column |= expr->kind == EXPR_VAR;
    reads->system |= expr->kind == EXPR_VAR && expr->u.var.column < 0;
    for (int i = 1; expr->kind == EXPR_VAR && i <= reads->relation->ncolumns; i++)
        if (expr->u.var.column == i || expr->u.var.column == 0)
            reads_column(reads, i);
    return expr_walk(expr, reads_of, arg);
}

/* The analyser's words are those for CHECK; PostgreSQL tells no place. */
static bool say_key(Error *error)
{
    error->position = 0;
    const char *at = error->message ? strstr(error->message, "check constraint") : NULL;
    if (!at)
        return false;
    if (strncmp(error->message, "system column", strlen("system column")) == 0)
        return error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "partition key expressions cannot contain system column references");
    const char *state = arena_strdup(error->arena, error->sqlstate);
    char *text = arena_printf(error->arena, "%.*s%s", (int)(at - error->message), error->message,
                              strstr(error->message, "subquery") ? "partition key expression" : "partition key expressions");
    return error_set(error, state, "%s", text);
}

/* A column of the key goes with the table alone. */
static bool keep_column(KeyBuild *build, int number)
{
    static const char SQL[] = "SELECT 1 FROM pg_depend WHERE classid = 1259 AND objid = ?1 AND objsubid = ?2 AND refclassid = 1259"
                              " AND refobjid = ?1 AND refobjsubid = 0";
    int64_t known;
    return query_integer(build->command, &known, 0, SQL, "oi", build->oid, (int64_t)number) &&
           (known || depend_on(build->command, object_address(PG_CLASS_RELATION, build->oid, number),
                               object_address(PG_CLASS_RELATION, build->oid, 0), 'i'));
}

typedef struct KeptColumns {
    KeyBuild *build;
    bool failed;
} KeptColumns;

static bool keep_found(const Expr *expr, void *arg)
{
    KeptColumns *kept = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.column > 0)
        kept->failed |= !keep_column(kept->build, expr->u.var.column);
    return expr_walk(expr, keep_found, arg);
}

static bool keep_columns(KeyBuild *build, const Expr *expr)
{
    KeptColumns kept = {.build = build};
    keep_found(expr, &kept);
    return !kept.failed;
}

/* A column in parentheses, with COLLATE or without, is a column: its number. Else 0. */
static int column_alone(const Expr *expr)
{
    while (expr->kind == EXPR_COLLATE)
        expr = expr->args[0];
    return expr->kind == EXPR_VAR && expr->u.var.column > 0 ? expr->u.var.column : 0;
}

static bool read_expr(KeyBuild *build, const PgQuery__PartitionElem *elem, Oid *type, Oid *collation, int *number)
{
    Command *command = build->command;
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    const Expr *expr = sql_analyze_expr(elem->expr, build->relation, OID_NONE, -1, &context, command->arena, command->error);
    KeyReads reads = {.relation = build->relation};
    if (!expr)
        return say_key(command->error);
    *type = expr->type;
    *collation = expr->collation;
    *number = column_alone(expr);
    reads_of(expr, &reads);
    if (reads.system)
        return refuse(build, "partition key expressions cannot contain system column references");
    if (reads.generated)
        return refuse_generated(build, elem, build->relation->columns[reads.generated - 1].name);
    if (*number)
        return true;
    if (expr_is_mutable(expr, command->catalog))
        return refuse(build, "functions in partition key expression must be marked IMMUTABLE");
    if (!reads.column)
        return refuse(build, "cannot use constant expression as partition key");
    if (!expr_types_usable(command, expr) ||
        !expr_depend_as(command, object_address(PG_CLASS_RELATION, build->relation->oid, 0), expr, build->relation->oid, 0) ||
        !keep_columns(build, expr))
        return false;
    build->relation = catalog_relation(command->catalog, build->oid);
    str_addf(&build->exprs, "%s\3%u,%d\2", expr_text(command, expr, build->relation), expr->type, expr->typmod);
    build->has_exprs = true;
    return true;
}

/* Every expression must make sense before the first column is looked up. */
static bool check_exprs(KeyBuild *build, const PgQuery__PartitionSpec *spec)
{
    Command *command = build->command;
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    for (size_t i = 0; i < spec->n_part_params; i++) {
        const Node *expr = spec->part_params[i]->partition_elem->expr;
        if (expr && !sql_analyze_expr(expr, build->relation, OID_NONE, -1, &context, command->arena, command->error))
            return say_key(command->error);
    }
    return true;
}

/* ---- one element ---- */

static bool add_element(KeyBuild *build, const PgQuery__PartitionElem *elem)
{
    const CatColumn *column = NULL;
    Oid type = OID_NONE, collation = OID_NONE, class;
    int number = 0;
    const char *method = build->strategy == 'h' ? "hash" : "btree";
    if (text_given(elem->name)) {
        if (!find_column(build, elem, &column))
            return false;
        type = column->type;
        collation = column->collation;
        number = column->number;
    } else if (!read_expr(build, elem, &type, &collation, &number)) {
        return false;
    }
    if (!collation_given(build->command, elem->collation, elem->n_collation, type, &collation) ||
        !collation_check_order(build->command, collation))
        return false;
    if (!operator_class_find(build->command, elem->opclass, elem->n_opclass, type, method, &class))
        return build->command->error->hint ? error_hint(build->command->error,
                                                        "You must specify a %s operator class or define a default %s operator class for the"
                                                        " data type.",
                                                        method, method)
                                           : false;
    if (number && !keep_column(build, number))
        return false;
    if (collation && collation != COLLATION_DEFAULT && collation >= FIRST_USER_OID &&
        !depend_on(build->command, object_address(PG_CLASS_RELATION, build->oid, 0), object_address(PG_COLLATION_RELATION, collation, 0),
                   'n'))
        return false;
    build->relation = catalog_relation(build->command->catalog, build->oid);
    const char *space = build->numbers.len ? " " : "";
    str_addf(&build->numbers, "%s%d", space, number);
    str_addf(&build->classes, "%s%u", space, class);
    str_addf(&build->collations, "%s%u", space, collation);
    return true;
}

static bool strategy_of(KeyBuild *build, const PgQuery__PartitionSpec *spec)
{
    static const char *const STRATEGIES[] = {"list", "range", "hash"};
    const char *wanted = str_lower(build->command->arena, spec->strategy);
    for (size_t i = 0; i < COUNT_OF(STRATEGIES); i++)
        if (str_eq(STRATEGIES[i], wanted))
            build->strategy = *wanted;
    if (!build->strategy)
        return error_set(build->command->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized partitioning strategy \"%s\"",
                         spec->strategy);
    if (build->strategy == 'l' && spec->n_part_params != 1)
        return refuse(build, "cannot use \"list\" partition strategy with more than one column");
    return spec->n_part_params <= MAX_KEY_COLUMNS ||
           error_set(build->command->error, ERRCODE_TOO_MANY_COLUMNS, "cannot partition using more than %d columns", MAX_KEY_COLUMNS);
}

bool partition_key_create(Command *command, Oid relation, const PgQuery__PartitionSpec *spec)
{
    KeyBuild build = {.command = command, .oid = relation, .relation = catalog_relation(command->catalog, relation)};
    str_init(&build.numbers, command->arena);
    str_init(&build.classes, command->arena);
    str_init(&build.collations, command->arena);
    str_init(&build.exprs, command->arena);
    if (!strategy_of(&build, spec) || !check_exprs(&build, spec))
        return false;
    for (size_t i = 0; i < spec->n_part_params; i++)
        if (!add_element(&build, spec->part_params[i]->partition_elem))
            return false;
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_partitioned_table (partrelid, partstrat, partnatts, partdefid, partattrs, partclass, partcollation,"
                        " partexprs) VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7)",
                        "osissss", relation, arena_printf(command->arena, "%c", build.strategy), (int64_t)spec->n_part_params,
                        build.numbers.data, build.classes.data, build.collations.data, build.has_exprs ? build.exprs.data : NULL);
}

typedef struct ColumnRead {
    int number;
    bool found;
} ColumnRead;

static bool find_read(const Expr *expr, void *arg)
{
    ColumnRead *read = arg;
    read->found |= expr->kind == EXPR_VAR && (expr->u.var.column == read->number || expr->u.var.column == 0);
    return expr_walk(expr, find_read, arg);
}

bool partition_key_reads(Command *command, Oid relation, int number, bool *reads)
{
    const PartitionKey *key = partition_key(command->catalog, relation, command->arena, command->error);
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = ""};
    ColumnRead read = {number, false};
    *reads = false;
    for (int i = 0; key && i < key->ncolumns; i++) {
        read.found |= key->columns[i].column == number;
        const Node *node = key->columns[i].column ? NULL : stored_expr_parse(command, key->columns[i].expr);
        const Expr *expr = node ? sql_analyze_expr(node, catalog_relation(command->catalog, relation), OID_NONE, -1, &context,
                                                   command->arena, command->error)
                                : NULL;
        if (expr)
            find_read(expr, &read);
        else if (!key->columns[i].column)
            return false;
    }
    *reads = read.found;
    return !error_is_set(command->error);
}
