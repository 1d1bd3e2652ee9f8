/*
 * rewrite.c - what ALTER TABLE makes of the rows that are there: a value of the new type for each of the old one, or of a column that is
 * added where it is not the same in all rows.
 *
 * Invariants:
 *  1. Expressions are analysed, and rows read, before any action runs: they are about the table as it was.
 *  2. What goes wrong with a row is reported only if no action is refused, as PostgreSQL looks at rows last.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"
#include "command/type_internal.h"

static const char TREE[] = "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
                           " SELECT relid, relkind, medley_stored.relation IS NOT NULL FROM tree JOIN pg_class ON oid = relid"
                           " LEFT JOIN medley_stored ON medley_stored.relation = relid ORDER BY relid <> ?1, relid";

bool rewrite_begin(Command *command, const Alter *alter, Rewrite *rewrite)
{
    *rewrite = (Rewrite){.command = command};
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, TREE, "o", alter->relation);
    for (size_t i = 0; rows && i < rows->nrows && (!i || alter->recurse); i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        RewriteTable table = {.relation = (Oid)cells[0].i, .kind = cells[1].text[0], .has_rows = cells[2].i && cells[1].text[0] == 'r'};
        table.values = ARENA_ARRAY(command->arena, Expr *, catalog_relation(command->catalog, table.relation)->ncolumns + 1);
        vec_push(command->arena, &rewrite->tables, table);
    }
    return rows != NULL;
}

/* ---- whether PostgreSQL writes rows again ---- */

enum { TYPMOD_HEADER = 4, MAX_SECONDS = 6, FULL_INTERVAL = 0x7fff, FULL_PRECISION = 0xffff };

/* The smallest unit that an interval of that type modifier has: seconds 0, minutes 1, and so on. */
static int least_unit(int32_t typmod)
{
    static const int BITS[] = {12, 11, 10, 3, 1, 2};
    int fields = typmod < 0 ? FULL_INTERVAL : (typmod >> 16) & FULL_INTERVAL, unit = 0;
    while (unit < (int)COUNT_OF(BITS) - 1 && !(fields & (1 << BITS[unit])))
        unit++;
    return unit;
}

static bool keeps_interval(int32_t old, int32_t new)
{
    int had = old < 0 ? FULL_PRECISION : old & FULL_PRECISION, has = new &FULL_PRECISION;
    return new < 0 || (least_unit(new) <= least_unit(old) && (least_unit(old) > 0 || has >= MAX_SECONDS || has >= had));
}

static bool keeps_numeric(int32_t old, int32_t new)
{
    enum { SCALE = 0x7ff };
    int had = old - TYPMOD_HEADER, has = new - TYPMOD_HEADER;
    return has < 0 || (had >= 0 && (had & SCALE) == (has & SCALE) && had >> 16 <= has >> 16);
}

static bool is_utc(const Command *command)
{
    static const char *const NAMES[] = {"UTC", "GMT", "Etc/UTC", "Etc/GMT", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu", "Greenwich", "Universal"};
    const SessionServices *session = command->context->functions->session;
    const char *zone = session->get_setting(session->arg, "timezone", command->arena);
    bool found = false;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        found |= str_eq(zone, NAMES[i]);
    return found;
}

/* A function that gives each value of its argument back: it cuts to a length that is no shorter, or there is no difference in this zone. */
static bool keeps_values(const Command *command, const Expr *call)
{
    enum {
        VARCHAR = 669,
        VARBIT = 1687,
        NUMERIC = 1703,
        TIMESTAMP = 1961,
        TIMESTAMPTZ = 1967,
        TIME = 1968,
        TIMETZ = 1969,
        INTERVAL = 1200
    };
    enum { TIMESTAMPTZ_TIMESTAMP = 2027, TIMESTAMP_TIMESTAMPTZ = 2028 };
    int32_t old = call->nargs ? call->args[0]->typmod : -1, new = call->typmod;
    switch (call->oid) {
    case VARCHAR:
    case VARBIT:
        return new < 0 || (old >= 0 && old <= new);
    case NUMERIC:
        return keeps_numeric(old, new);
    case TIMESTAMP:
    case TIMESTAMPTZ:
    case TIME:
    case TIMETZ:
        return new < 0 || new == MAX_SECONDS || (old >= 0 && old <= new);
    case INTERVAL:
        return keeps_interval(old, new);
    case TIMESTAMPTZ_TIMESTAMP:
    case TIMESTAMP_TIMESTAMPTZ:
        return is_utc(command);
    default:
        return false;
    }
}

/* The column as it is, be it under another name of its type. */
static bool is_column(const Command *command, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_VAR:
        return expr->u.var.column > 0;
    case EXPR_CAST_DOMAIN:
        return expr->nargs == 1 && is_column(command, expr->args[0]);
    case EXPR_RELABEL:
        return is_column(command, expr->args[0]);
    default:
        return expr->kind == EXPR_FUNC && keeps_values(command, expr) && is_column(command, expr->args[0]);
    }
}

/* A value of the domain may be refused. */
static bool has_conditions(Command *command, Oid type, bool *out)
{
    int64_t found;
    bool done =
        query_integer(command, &found, 0,
                      "WITH RECURSIVE base(oid) AS (SELECT ?1 UNION SELECT typbasetype FROM pg_type t JOIN base ON t.oid = base.oid)"
                      " SELECT 1 FROM pg_type t JOIN base ON t.oid = base.oid WHERE typtype = 'd' AND (typnotnull"
                      " OR EXISTS (SELECT 1 FROM pg_constraint WHERE contypid = t.oid))",
                      "o", type);
    *out = found != 0;
    return done;
}

/* ---- TYPE ---- */

typedef struct Mapping {
    const CatRelation *from, *to;
    bool whole_row;
} Mapping;

static int column_number(const CatRelation *relation, const char *name)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && strcmp(relation->columns[i].name, name) == 0)
            return i + 1;
    return 0;
}

/* Columns of a table as those of one below it. */
static bool map_columns(const Expr *expr, void *arg)
{
    Mapping *mapping = arg;
    if (expr->kind != EXPR_VAR)
        return expr_walk(expr, map_columns, arg);
    int *column = &((Expr *)expr)->u.var.column; /* of a copy that is our own */
    mapping->whole_row |= *column == 0;
    if (*column > 0)
        *column = column_number(mapping->to, mapping->from->columns[*column - 1].name);
    return mapping->whole_row;
}

static bool no_cast(Command *command, const char *name, Oid type, int32_t typmod, bool has_using)
{
    Error *error = command->error;
    if (error_is_set(error) && !str_eq(error->sqlstate, ERRCODE_DATATYPE_MISMATCH))
        return error_at(error, -1); /* PostgreSQL no longer has the statement's text here */
    error_clear(error);
    error_set(error, ERRCODE_DATATYPE_MISMATCH,
              has_using ? "result of USING clause for column \"%s\" cannot be cast automatically to type %s"
                        : "column \"%s\" cannot be cast automatically to type %s",
              name, catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena));
    if (has_using)
        return error_hint(error, "You might need to add an explicit cast.");
    return error_hint(error, "You might need to specify \"USING %s::%s\".",
                      catalog_quote_identifier(command->catalog, name, command->arena),
                      catalog_format_type(command->catalog, type, typmod, command->arena));
}

/* The value of the table named. NULL: the error is set. */
static Expr *transform(Command *command, const CatRelation *relation, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__ColumnDef *definition = cmd->def->column_def;
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    Oid type, collation;
    int32_t typmod;
    if (!column_type(command, definition->type_name, definition->coll_clause, &type, &typmod, &collation))
        return NULL;
    const CatColumn *column = &relation->columns[column_number(relation, cmd->name) - 1];
    Expr *value = expr_var(command->arena, 0, column->number, column->type, column->typmod, column->collation);
    if (definition->raw_default)
        value = sql_analyze_stored(definition->raw_default, EXPR_USE_TRANSFORM, relation, OID_NONE, -1, &context, command->arena,
                                   command->error);
    if (!value)
        return NULL;
    Expr *coerced = sql_coerce(value, type, typmod, &context, command->arena, command->error);
    if (!coerced)
        no_cast(command, cmd->name, type, typmod, definition->raw_default != NULL);
    return coerced;
}

static bool transform_below(Rewrite *rewrite, RewriteTable *table, const PgQuery__AlterTableCmd *cmd, const CatRelation *root,
                            const Expr *value)
{
    Command *command = rewrite->command;
    const CatRelation *relation = catalog_relation(command->catalog, table->relation);
    if (table->kind == 'f')
        return !cmd->def->column_def->raw_default ||
               error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a table", relation->name);
    Mapping mapping = {.from = root, .to = relation};
    Expr *own = expr_copy(value, command->arena);
    (void)map_columns(own, &mapping);
    table->values[column_number(relation, cmd->name)] = own;
    table->anew |= !is_column(command, own);
    if (!mapping.whole_row)
        return true;
    error_set(command->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot convert whole-row table reference");
    return error_detail(command->error, "USING expression contains a whole-row table reference.");
}

bool rewrite_type(Rewrite *rewrite, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Command *command = rewrite->command;
    if (!strchr("rp", alter->kind))
        return true;
    const CatRelation *root = catalog_relation(command->catalog, alter->relation);
    const Expr *value = transform(command, root, cmd);
    if (!value)
        return false;
    rewrite->needed = rewrite->gives_values = rewrite->changes_type = true;
    rewrite->tables.items[0].values[column_number(root, cmd->name)] = expr_copy(value, command->arena);
    rewrite->tables.items[0].anew |= !is_column(command, value);
    for (size_t i = 1; i < rewrite->tables.count; i++)
        if (!transform_below(rewrite, &rewrite->tables.items[i], cmd, root, value))
            return false;
    return true;
}

/* ---- ADD COLUMN ---- */

/* *one: all rows that are there have one value of it, NULL or a constant, and need not be new ones. *anew: PostgreSQL makes new ones; it
 * computes once what does not change within a statement. *given: they get another value than NULL. */
static bool look_at_column(Command *command, const NewColumn *column, bool *one, bool *anew, bool *given)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    bool conditions;
    *one = false;
    if (!has_conditions(command, column->type, &conditions))
        return false;
    *anew = column->is_serial || column->identity || column->generated_expr || conditions;
    if (*anew)
        return true;
    if (!column->default_expr) {
        *one = catalog_type(command->catalog, column->type)->kind != 'd';
        return true;
    }
    const Expr *expr = sql_analyze_expr(column->default_expr, NULL, column->type, column->typmod, &context, command->arena, command->error);
    *anew = expr && expr_is_volatile(expr, command->catalog);
    while (expr && expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    *one = expr && expr->kind == EXPR_CONST;
    *given = expr && (!*one || expr->u.value);
    return expr != NULL;
}

bool rewrite_add(Rewrite *rewrite, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Command *command = rewrite->command;
    NewColumn column;
    if (!strchr("rp", alter->kind))
        return true;
    KeyList keys = {0};
    bool one = false, anew = false, given = false;
    if (!column_read(command, column_without_keys(command->arena, cmd->def->column_def, &keys), alter->name, &column) ||
        !look_at_column(command, &column, &one, &anew, &given))
        error_clear(command->error); /* the action will say so */
    rewrite->needed |= !one;
    rewrite->gives_values |= !one || given;
    for (size_t i = 0; i < rewrite->tables.count; i++)
        rewrite->tables.items[i].anew |= anew;
    return true;
}

bool rewrite_persistence(Rewrite *rewrite, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    int64_t changes;
    Command *command = rewrite->command;
    if (!query_integer(command, &changes, 0, "SELECT relpersistence <> ?2 FROM pg_class WHERE oid = ?1", "os", alter->relation,
                       cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged ? "p" : "u"))
        return false;
    rewrite->tables.items[0].anew |= changes != 0;
    return true;
}

/* ---- the rows ---- */

static bool any_rows(const Rewrite *rewrite)
{
    bool any = false;
    for (size_t i = 0; i < rewrite->tables.count; i++)
        any |= rewrite->tables.items[i].has_rows;
    return any;
}

void rewrite_read(Rewrite *rewrite)
{
    Command *command = rewrite->command;
    for (size_t i = 0; rewrite->gives_values && i < rewrite->tables.count && !error_is_set(command->error); i++) {
        const CatRelation *table = catalog_relation(command->catalog, rewrite->tables.items[i].relation);
        bool counts = table && (rewrite->changes_type || (table->kind != 'p' && table->kind != 'f'));
        if (counts && table->row_type && !row_type_check_unused(command, table))
            break;
    }
    rewrite->needed &= any_rows(rewrite);
    for (size_t i = 0; rewrite->needed && i < rewrite->tables.count && !error_is_set(command->error); i++) {
        RewriteTable *table = &rewrite->tables.items[i];
        if (table->has_rows)
            table->rows = write_rewrite_read(command->context->write, table->relation, table->values + 1, command->arena, command->error);
    }
    rewrite->failure = *command->error;
    error_clear(command->error);
}

bool rewrite_store(Rewrite *rewrite)
{
    Command *command = rewrite->command;
    if (error_is_set(&rewrite->failure)) {
        *command->error = rewrite->failure;
        return false;
    }
    for (size_t i = 0; i < rewrite->tables.count; i++)
        if (rewrite->tables.items[i].rows && !write_rewrite_store(rewrite->tables.items[i].rows))
            return false;
    return true;
}

bool rewrite_is_of(const Rewrite *rewrite, Oid relation)
{
    for (size_t i = 0; i < rewrite->tables.count; i++)
        if (rewrite->tables.items[i].anew && rewrite->tables.items[i].relation == relation)
            return true;
    return false;
}
