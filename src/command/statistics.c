/*
 * statistics.c - CREATE and ALTER STATISTICS: extended statistics as catalog objects. Nothing is collected for them, as PostgreSQL collects
 * nothing for foreign tables' by itself.
 *
 * Invariants:
 *  1. stxkeys has the columns in rising order; stxexprs the expressions in the statement's order, each followed by byte 2.
 *  2. An object depends on each column it is on and goes with it; one of expressions alone on its table too.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/table_internal.h"

#define STATISTICS PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT
enum { MAX_COLUMNS = 8, MAX_TARGET = 10000 };

typedef struct Statistics {
    const CatRelation *relation;
    const char *name, *schema_name;
    Oid schema;
    int columns[MAX_COLUMNS];
    int ncolumns, nexprs;
    const Expr *exprs[MAX_COLUMNS];
    Str texts;
    const char *kinds;
} Statistics;

/* ---- what it is on ---- */

static bool find_relation(Command *command, const PgQuery__CreateStatsStmt *statement, const CatRelation **relation)
{
    if (statement->relations[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR)
        return error_unsupported(command->error, "CREATE STATISTICS only supports relation names in the FROM clause");
    if (!relation_find(command, statement->relations[0]->range_var, false, relation))
        return false;
    if (statement->n_relations != 1)
        return error_unsupported(command->error, "only a single relation is allowed in CREATE STATISTICS");
    if (!strchr("rmfp", (*relation)->kind)) {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot define statistics for relation \"%s\"", (*relation)->name);
        return error_detail(command->error, "This operation is not supported for %s.",
                            relation_kind_words(command->arena, (*relation)->kind));
    }
    if (!require_owner(command, PG_CLASS_RELATION, (*relation)->oid))
        return false;
    return !relation_is_system((*relation)->oid) ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", (*relation)->name);
}

static bool has_order(Command *command, Oid type)
{
    Error ignored, *kept = command->error;
    Oid class;
    error_init(&ignored, command->arena);
    command->error = &ignored;
    bool found = operator_class_find(command, NULL, 0, type, "btree", &class);
    command->error = kept;
    return found;
}

static const char *type_text(Command *command, Oid type)
{
    return catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena);
}

static bool add_column(Command *command, Statistics *statistics, const char *name)
{
    static const char *const SYSTEM_COLUMNS[] = {"ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};
    const CatRelation *relation = statistics->relation;
    for (size_t i = 0; i < COUNT_OF(SYSTEM_COLUMNS); i++)
        if (str_eq(SYSTEM_COLUMNS[i], name))
            return error_unsupported(command->error, "statistics creation on system columns is not supported");
    const CatColumn *column = NULL;
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && str_eq(relation->columns[i].name, name))
            column = &relation->columns[i];
    if (!column)
        return error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist", name);
    if (!has_order(command, column->type))
        return error_unsupported(command->error,
                                 "column \"%s\" cannot be used in statistics because its type %s has no default btree operator class", name,
                                 type_text(command, column->type));
    statistics->columns[statistics->ncolumns++] = column->number;
    return true;
}

static bool add_expression(Command *command, Statistics *statistics, const Node *node, bool alone)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    const Expr *expr = sql_analyze_expr(node, statistics->relation, OID_NONE, -1, &context, command->arena, command->error);
    if (!expr)
        return false;
    if (!alone && !has_order(command, expr->type))
        return error_unsupported(command->error,
                                 "expression cannot be used in multivariate statistics because its type %s has no default btree operator"
                                 " class",
                                 type_text(command, expr->type));
    statistics->exprs[statistics->nexprs++] = expr;
    str_addf(&statistics->texts, "%s\2", expr_text(command, expr, statistics->relation));
    return true;
}

/* A name in parentheses is a column like any other. */
static bool add_element(Command *command, Statistics *statistics, const PgQuery__StatsElem *element, bool alone)
{
    const Node *expr = element->expr;
    const char *name = text_given(element->name);
    if (!name && expr->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && expr->column_ref->n_fields == 1)
        name = node_text(expr->column_ref->fields[0]);
    return name ? add_column(command, statistics, name) : add_expression(command, statistics, expr, alone);
}

static int compare_columns(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static bool check_distinct(Command *command, Statistics *statistics)
{
    qsort(statistics->columns, (size_t)statistics->ncolumns, sizeof *statistics->columns, compare_columns);
    for (int i = 1; i < statistics->ncolumns; i++)
        if (statistics->columns[i] == statistics->columns[i - 1])
            return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "duplicate column name in statistics definition");
    for (int i = 0; i < statistics->nexprs; i++)
        for (int j = 0; j < i; j++)
            if (str_eq(expr_text(command, statistics->exprs[i], statistics->relation),
                       expr_text(command, statistics->exprs[j], statistics->relation)))
                return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "duplicate expression in statistics definition");
    return true;
}

/* ---- what kinds ---- */

static bool read_kinds(Command *command, const PgQuery__CreateStatsStmt *statement, Statistics *statistics)
{
    static const struct {
        const char *word;
        char letter;
    } KINDS[] = {{"ndistinct", 'd'}, {"dependencies", 'f'}, {"mcv", 'm'}};
    bool wanted[COUNT_OF(KINDS)] = {false}, alone = statement->n_exprs == 1 && statistics->nexprs == 1;
    if (alone && statement->n_stat_types)
        return error_unsupported(command->error, "when building statistics on a single expression, statistics kinds may not be specified");
    for (size_t i = 0; i < statement->n_stat_types; i++) {
        const char *word = node_text(statement->stat_types[i]);
        size_t kind = 0;
        while (kind < COUNT_OF(KINDS) && !str_eq(KINDS[kind].word, word))
            kind++;
        if (kind == COUNT_OF(KINDS))
            return error_set(command->error, ERRCODE_SYNTAX_ERROR, "unrecognized statistics kind \"%s\"", word);
        wanted[kind] = true;
    }
    Str text;
    str_init(&text, command->arena);
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (wanted[i] || (!statement->n_stat_types && !alone))
            str_addf(&text, "%s%c", text.len ? "," : "", KINDS[i].letter);
    if (statistics->nexprs)
        str_addf(&text, "%se", text.len ? "," : "");
    statistics->kinds = arena_printf(command->arena, "{%s}", text.data);
    return statistics->nexprs || statistics->ncolumns > 1 ||
           error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "extended statistics require at least 2 columns");
}

/* ---- the row ---- */

static bool insert(Command *command, const Statistics *statistics, Oid *oid)
{
    Str keys;
    str_init(&keys, command->arena);
    str_add(&keys, "");
    for (int i = 0; i < statistics->ncolumns; i++)
        str_addf(&keys, "%s%d", i ? " " : "", statistics->columns[i]);
    Oid relation = statistics->relation->oid;
    *oid = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_STATISTIC_EXT_RELATION, *oid, 0);
    if (!*oid || !catalog_exec(command->catalog, command->error, NULL,
                               "INSERT INTO pg_statistic_ext (oid, stxrelid, stxname, stxnamespace, stxowner, stxstattarget, stxkeys,"
                               " stxkind, stxexprs) VALUES (?1, ?2, ?3, ?4, ?5, -1, ?6, ?7, ?8)",
                               "oosoosss", *oid, relation, statistics->name, statistics->schema, command->user, keys.data,
                               statistics->kinds, statistics->nexprs ? statistics->texts.data : NULL))
        return false;
    for (int i = 0; i < statistics->ncolumns; i++)
        if (!depend_on(command, self, object_address(PG_CLASS_RELATION, relation, statistics->columns[i]), 'a'))
            return false;
    for (int i = 0; i < statistics->nexprs; i++)
        if (!expr_types_usable(command, statistics->exprs[i]) || !expr_depend_as(command, self, statistics->exprs[i], relation, 'a'))
            return false;
    return (statistics->ncolumns || depend_on(command, self, object_address(PG_CLASS_RELATION, relation, 0), 'a')) &&
           depend_on(command, self, object_address(PG_NAMESPACE_RELATION, statistics->schema, 0), 'n') &&
           depend_on_owner(command, self, command->user);
}

static bool is_taken(Command *command, const char *name, Oid schema, bool *taken)
{
    int64_t found;
    if (!query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_statistic_ext WHERE stxname = ?1 AND stxnamespace = ?2", "so", name,
                       schema))
        return false;
    *taken = found != OID_NONE;
    return true;
}

bool statistics_create(Command *command)
{
    const PgQuery__CreateStatsStmt *statement = command->node->create_stats_stmt;
    Statistics new = {0};
    Oid oid;
    bool taken;
    str_init(&new.texts, command->arena);
    if (!find_relation(command, statement, &new.relation) ||
        !name_list_split(command, statement->defnames, statement->n_defnames, &new.schema_name, &new.name) ||
        !creation_namespace(command, new.schema_name, &new.schema) || !is_taken(command, new.name, new.schema, &taken))
        return false;
    if (taken && !statement->if_not_exists)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "statistics object \"%s\" already exists", new.name);
    if (taken) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_OBJECT, "statistics object \"%s\" already exists, skipping",
               new.name);
        return true;
    }
    if (!require_privilege(command, PG_NAMESPACE_RELATION, new.schema, ACL_CREATE))
        return false;
    if (statement->n_exprs > MAX_COLUMNS)
        return error_set(command->error, ERRCODE_TOO_MANY_COLUMNS, "cannot have more than %d columns in statistics", MAX_COLUMNS);
    for (size_t i = 0; i < statement->n_exprs; i++)
        if (!add_element(command, &new, statement->exprs[i]->stats_elem, statement->n_exprs == 1))
            return false;
    return read_kinds(command, statement, &new) && check_distinct(command, &new) && insert(command, &new, &oid);
}

/* ---- LIKE ---- */

/* The columns of the same names, and the expressions, which read as they did. */
static bool copy_elements(Command *command, const CatRelation *from, const char *keys, const char *exprs, Statistics *out)
{
    for (char *end; *keys; keys = *end ? end + 1 : end)
        if (!add_column(command, out, from->columns[strtol(keys, &end, 10) - 1].name))
            return false;
    for (const char *at = exprs ? exprs : ""; *at;) {
        size_t len = strcspn(at, "\2");
        const Node *node = stored_expr_parse(command, arena_strndup(command->arena, at, len));
        if (!node || !add_expression(command, out, node, true))
            return false;
        at += at[len] ? len + 1 : len;
    }
    return true;
}

/* table_column_expr_stat, and when that is taken stat1 and so on. */
static bool choose_name(Command *command, Statistics *statistics)
{
    Str parts;
    bool taken = true;
    str_init(&parts, command->arena);
    for (int i = 0; i < statistics->ncolumns; i++)
        str_addf(&parts, "%s%s", parts.len ? "_" : "", statistics->relation->columns[statistics->columns[i] - 1].name);
    for (int i = 0; i < statistics->nexprs; i++)
        str_addf(&parts, "%sexpr", parts.len ? "_" : "");
    for (int pass = 0; taken; pass++) {
        const char *label = pass ? arena_printf(command->arena, "stat%d", pass) : "stat";
        statistics->name = object_make_name(command, statistics->relation->name, parts.data, label);
        if (!is_taken(command, statistics->name, statistics->schema, &taken))
            return false;
    }
    return true;
}

bool statistics_copy(Command *command, Oid from, Oid to)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT stxkeys, stxkind, stxexprs, stxstattarget FROM pg_statistic_ext WHERE stxrelid = ?1 ORDER BY"
                                      " oid",
                                      "o", from);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        Statistics new = {.relation = catalog_relation(command->catalog, to), .kinds = cells[1].text};
        Oid oid;
        new.schema = new.relation->namespace_oid;
        str_init(&new.texts, command->arena);
        if (!copy_elements(command, catalog_relation(command->catalog, from), cells[0].text, cells[2].text, &new) ||
            !check_distinct(command, &new) || !choose_name(command, &new) || !insert(command, &new, &oid))
            return false;
    }
    return rows != NULL;
}

/* ---- ALTER ---- */

static const Node *as_list(Command *command, NodeList names, size_t count)
{
    PgQuery__Node *node = ARENA_NEW(command->arena, PgQuery__Node);
    pg_query__node__init(node);
    node->node_case = PG_QUERY__NODE__NODE_LIST;
    node->list = ARENA_NEW(command->arena, PgQuery__List);
    pg_query__list__init(node->list);
    node->list->items = names;
    node->list->n_items = count;
    return node;
}

bool statistics_alter(Command *command)
{
    const PgQuery__AlterStatsStmt *statement = command->node->alter_stats_stmt;
    const Node *names = as_list(command, statement->defnames, statement->n_defnames);
    ObjectAddress found;
    Oid relation;
    int64_t target = statement->stxstattarget;
    if (target < -1)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "statistics target %d is too low", (int)target);
    if (target > MAX_TARGET) {
        target = MAX_TARGET;
        notice(command->context->notices, SEVERITY_WARNING, ERRCODE_INVALID_PARAMETER_VALUE, "lowering statistics target to %d",
               MAX_TARGET);
    }
    if (!object_find_special(command, STATISTICS, names, statement->missing_ok, &found, &relation))
        return false;
    return !found.oid || (object_require_special_owner(command, STATISTICS, names, found, relation) &&
                          catalog_exec(command->catalog, command->error, NULL,
                                       "UPDATE pg_statistic_ext SET stxstattarget = ?2 WHERE oid = ?1", "oi", found.oid, target));
}

/* Where it is, and what it is called. */
static bool read_place(Command *command, Oid oid, Oid *schema, const char **name)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT stxnamespace, stxname FROM pg_statistic_ext WHERE oid = ?1", "o", oid);
    if (!rows)
        return false;
    *schema = (Oid)CATALOG_CELL(rows, 0, 0).i;
    *name = CATALOG_CELL(rows, 0, 1).text;
    return true;
}

static bool check_free(Command *command, const char *name, Oid schema)
{
    bool taken;
    return is_taken(command, name, schema, &taken) &&
           (!taken || error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "statistics object \"%s\" already exists in schema \"%s\"", name,
                                catalog_namespace(command->catalog, schema)->name));
}

bool statistics_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    ObjectAddress found;
    Oid relation, schema;
    const char *name;
    return object_find_special(command, STATISTICS, statement->object, false, &found, &relation) &&
           object_require_special_owner(command, STATISTICS, statement->object, found, relation) &&
           read_place(command, found.oid, &schema, &name) && require_privilege(command, PG_NAMESPACE_RELATION, schema, ACL_CREATE) &&
           check_free(command, statement->newname, schema) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_statistic_ext SET stxname = ?2 WHERE oid = ?1", "os", found.oid,
                        statement->newname);
}

bool statistics_change_owner(Command *command, const PgQuery__AlterOwnerStmt *statement)
{
    ObjectAddress found;
    Oid relation, owner;
    return role_resolve(command, statement->newowner, &owner) &&
           object_find_special(command, STATISTICS, statement->object, false, &found, &relation) &&
           object_require_special_owner(command, STATISTICS, statement->object, found, relation) && owner_change(command, found, owner);
}

bool statistics_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement)
{
    ObjectAddress found;
    Oid relation, from, to;
    const char *name;
    if (!object_find_special(command, STATISTICS, statement->object, false, &found, &relation) ||
        !creation_namespace(command, statement->newschema, &to) || !read_place(command, found.oid, &from, &name))
        return false;
    if (from == to)
        return true;
    return object_require_special_owner(command, STATISTICS, statement->object, found, relation) &&
           require_privilege(command, PG_NAMESPACE_RELATION, to, ACL_CREATE) && check_free(command, name, to) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_statistic_ext SET stxnamespace = ?2 WHERE oid = ?1", "oo",
                        found.oid, to) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND refclassid = ?3", "ooo",
                        (Oid)PG_STATISTIC_EXT_RELATION, found.oid, (Oid)PG_NAMESPACE_RELATION) &&
           depend_on(command, found, object_address(PG_NAMESPACE_RELATION, to, 0), 'n');
}
