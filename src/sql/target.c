/*
 * target.c - the select list: its expressions, what * stands for, and how columns are called (PostgreSQL manual, section 7.3).
 */
#include "sql/analyze_int.h"

/* ---- names of output columns ---- */

/* How sure a name is: a better one further out wins. */
typedef enum NameStrength { NAME_NONE, NAME_WEAK, NAME_STRONG } NameStrength;

static NameStrength name_of(Analyzer *an, const Node *node, const char **name);

static NameStrength last_name(Node *const *fields, size_t count, const char **name)
{
    for (size_t i = count; i > 0; i--)
        if (fields[i - 1]->node_case == PG_QUERY__NODE__NODE_STRING) {
            *name = fields[i - 1]->string->sval;
            return NAME_STRONG;
        }
    return NAME_NONE;
}

static NameStrength name_fixed(const char **name, const char *text, NameStrength strength)
{
    *name = text;
    return strength;
}

/* A scalar subquery is called what its column is: its query has been analysed by then. */
static NameStrength name_of_sublink(Analyzer *an, const PgQuery__SubLink *link, const char **name)
{
    const Query *query;
    switch (link->sub_link_type) {
    case PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK:
        return name_fixed(name, "exists", NAME_STRONG);
    case PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK:
        return name_fixed(name, "array", NAME_STRONG);
    case PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK:
        query = map_get(an->subqueries, &link, sizeof link);
        return query && query->ntargets ? name_fixed(name, query->targets[0].name, NAME_STRONG) : NAME_NONE;
    default:
        return NAME_NONE;
    }
}

static NameStrength name_of_value_function(const PgQuery__SQLValueFunction *value, const char **name)
{
    static const char *const NAMES[] = {
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE] = "current_date",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME] = "current_time",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME_N] = "current_time",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP] = "current_timestamp",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N] = "current_timestamp",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME] = "localtime",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME_N] = "localtime",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP] = "localtimestamp",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N] = "localtimestamp",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE] = "current_role",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER] = "current_user",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER] = "user",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_SESSION_USER] = "session_user",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_CATALOG] = "current_catalog",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_SCHEMA] = "current_schema",
    };
    return name_fixed(name, NAMES[value->op], NAME_STRONG);
}

static NameStrength name_of_indirection(Analyzer *an, const PgQuery__AIndirection *node, const char **name)
{
    NameStrength strength = last_name(node->indirection, node->n_indirection, name);
    return strength ? strength : name_of(an, node->arg, name);
}

static NameStrength name_of_case(Analyzer *an, const PgQuery__CaseExpr *node, const char **name)
{
    NameStrength strength = node->defresult ? name_of(an, node->defresult, name) : NAME_NONE;
    return strength == NAME_STRONG ? strength : name_fixed(name, "case", NAME_WEAK);
}

static NameStrength name_of_cast(Analyzer *an, const PgQuery__TypeCast *node, const char **name)
{
    NameStrength strength = name_of(an, node->arg, name);
    if (strength == NAME_STRONG || !node->type_name || !node->type_name->n_names)
        return strength;
    *name = node_string(node->type_name->names[node->type_name->n_names - 1]);
    return NAME_WEAK;
}

static NameStrength name_of_min_max(const PgQuery__MinMaxExpr *node, const char **name)
{
    return name_fixed(name, node->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST ? "greatest" : "least", NAME_STRONG);
}

static NameStrength name_of_xml(const PgQuery__XmlExpr *node, const char **name)
{
    static const char *const NAMES[] = {"", "xmlconcat", "xmlelement", "xmlforest", "xmlparse", "xmlpi", "xmlroot", "xmlserialize"};
    return (size_t)node->op < COUNT_OF(NAMES) && *NAMES[node->op] ? name_fixed(name, NAMES[node->op], NAME_STRONG) : NAME_NONE;
}

static NameStrength name_of(Analyzer *an, const Node *node, const char **name)
{
    switch (node ? node->node_case : PG_QUERY__NODE__NODE__NOT_SET) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
        return last_name(node->column_ref->fields, node->column_ref->n_fields, name);
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
        return name_of_indirection(an, node->a_indirection, name);
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        return last_name(node->func_call->funcname, node->func_call->n_funcname, name);
    case PG_QUERY__NODE__NODE_A_EXPR:
        return node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF ? name_fixed(name, "nullif", NAME_STRONG) : NAME_NONE;
    case PG_QUERY__NODE__NODE_TYPE_CAST:
        return name_of_cast(an, node->type_cast, name);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
        return name_of(an, node->collate_clause->arg, name);
    case PG_QUERY__NODE__NODE_GROUPING_FUNC:
        return name_fixed(name, "grouping", NAME_STRONG);
    case PG_QUERY__NODE__NODE_SUB_LINK:
        return name_of_sublink(an, node->sub_link, name);
    case PG_QUERY__NODE__NODE_CASE_EXPR:
        return name_of_case(an, node->case_expr, name);
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
        return name_fixed(name, "array", NAME_STRONG);
    case PG_QUERY__NODE__NODE_ROW_EXPR:
        return name_fixed(name, "row", NAME_STRONG);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        return name_fixed(name, "coalesce", NAME_STRONG);
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
        return name_of_min_max(node->min_max_expr, name);
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
        return name_of_value_function(node->sqlvalue_function, name);
    case PG_QUERY__NODE__NODE_XML_EXPR:
        return name_of_xml(node->xml_expr, name);
    case PG_QUERY__NODE__NODE_XML_SERIALIZE:
        return name_fixed(name, "xmlserialize", NAME_STRONG);
    default:
        return NAME_NONE;
    }
}

const char *target_name(Analyzer *an, const Node *node)
{
    const char *name = NULL;
    name_of(an, node, &name);
    return name ? name : "?column?";
}

const char *sql_output_name(const Node *expr, const AnalyzeContext *context, Arena *arena, Error *error)
{
    Analyzer an = analyze_open(context, arena, error);
    return target_name(&an, expr);
}

/* ---- what * stands for ---- */

static bool add_item_columns(Scope *scope, NsItem *item, int levels, int location)
{
    if (item->rte->kind == RTE_RELATION || item->rte->relation)
        item->rte->required |= ACL_SELECT;
    for (int i = 0; i < item->ncolumns; i++) {
        if (!*item->columns[i].name || item->columns[i].hidden)
            continue;
        Expr *expr = names_use_column(scope, item, i, levels, location);
        if (!scope_add_target(scope, expr, item->columns[i].name, false))
            return false;
    }
    return true;
}

static bool expand_all(Scope *scope, int location)
{
    Analyzer *an = scope->an;
    bool any = false;
    for (size_t i = 0; i < scope->names.count; i++) {
        NsItem *item = scope->names.items[i];
        if (!item->columns_visible)
            continue;
        any = true;
        if (!add_item_columns(scope, item, 0, location))
            return false;
    }
    if (any)
        return true;
    error_set(an->error, ERRCODE_SYNTAX_ERROR, "SELECT * with no tables specified is not valid");
    return analyze_at(an, location);
}

/* One column of a composite value. */
static Expr *row_field(Scope *scope, const Expr *row, const RteColumn *column, int number, int location)
{
    Arena *arena = scope->an->arena;
    if (row->kind == EXPR_ROW)
        return expr_copy(row->args[number - 1], arena);
    if (row->kind == EXPR_VAR && row->u.var.column == 0) {
        Expr *var = expr_var(arena, row->u.var.rte, number, column->type, column->typmod, column->collation);
        var->u.var.levels_up = row->u.var.levels_up;
        var->location = row->location;
        return var;
    }
    Expr *field = expr_new(scope, EXPR_FIELD, column->type, location);
    field->typmod = column->typmod;
    field->collation = column->collation;
    field->nargs = 1;
    field->args = ARENA_ARRAY(arena, Expr *, 1);
    field->args[0] = expr_copy(row, arena);
    field->u.field.number = number;
    field->u.field.name = column->name;
    return field;
}

static bool expand_row(Scope *scope, Expr *row, int location)
{
    Analyzer *an = scope->an;
    RteColumn *columns;
    int ncolumns;
    if (!composite_columns(scope, row, &columns, &ncolumns)) {
        if (row->type == TYPE_RECORD)
            return error_set(an->error, ERRCODE_WRONG_OBJECT_TYPE, "record type has not been registered");
        return error_set(an->error, ERRCODE_WRONG_OBJECT_TYPE, "type %s is not composite", type_text(an, row->type));
    }
    for (int i = 0; i < ncolumns; i++) {
        if (columns[i].dropped)
            continue;
        if (!scope_add_target(scope, row_field(scope, row, &columns[i], i + 1, location), columns[i].name, false))
            return false;
    }
    return true;
}

/* t.*, schema.t.*, database.schema.t.* */
static bool expand_table(Scope *scope, const PgQuery__ColumnRef *node)
{
    Analyzer *an = scope->an;
    size_t nfields = node->n_fields;
    const char *table = node_string(node->fields[nfields - 2]), *schema = nfields > 2 ? node_string(node->fields[nfields - 3]) : NULL;
    int levels;
    if (nfields > 4) {
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "improper qualified name (too many dotted names): %s",
                  join_names(an->arena, node->fields, nfields));
        return analyze_at(an, node->location);
    }
    if (nfields == 4 && strcmp(node_string(node->fields[0]), an->functions->database) != 0) {
        error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: %s",
                  join_names(an->arena, node->fields, nfields));
        return analyze_at(an, node->location);
    }
    NsItem *item = names_find_item(scope, schema, table, node->location, &levels);
    if (item)
        return add_item_columns(scope, item, levels, node->location);
    Expr *row = error_is_set(an->error) ? NULL : analyze_variable_row(scope, node);
    if (row)
        return expand_row(scope, row, node->location);
    return !error_is_set(an->error) && names_missing_table(scope, schema, table, node->location);
}

static bool is_star(const Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_A_STAR;
}

/* A target that is several columns; *done false: it is not. */
static bool expand_star(Scope *scope, const Node *node, bool *done)
{
    *done = true;
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {
        const PgQuery__ColumnRef *ref = node->column_ref;
        if (is_star(ref->fields[ref->n_fields - 1]))
            return ref->n_fields == 1 ? expand_all(scope, ref->location) : expand_table(scope, ref);
    }
    if (node->node_case == PG_QUERY__NODE__NODE_A_INDIRECTION) {
        const PgQuery__AIndirection *indirection = node->a_indirection;
        if (is_star(indirection->indirection[indirection->n_indirection - 1])) {
            PgQuery__AIndirection shorter = *indirection;
            shorter.n_indirection--;
            Expr *row = shorter.n_indirection ? analyze_indirection(scope, &shorter) : analyze_expr(scope, indirection->arg);
            return row && expand_row(scope, row, sql_node_location(node));
        }
    }
    *done = false;
    return true;
}

bool expand_target_star(Scope *scope, const Node *node)
{
    bool done;
    return expand_star(scope, node, &done);
}

bool analyze_targets(Scope *scope, Node *const *items, size_t count)
{
    scope->clause = scope->is_returning ? CLAUSE_RETURNING : CLAUSE_SELECT;
    for (size_t i = 0; i < count; i++) {
        const PgQuery__ResTarget *target = items[i]->res_target;
        bool done;
        scope->last_set = NULL;
        if (!expand_star(scope, target->val, &done))
            return false;
        if (done)
            continue;
        Expr *expr = analyze_expr(scope, target->val);
        if (!expr || !scope_add_target(scope, expr, given(target->name) ? target->name : target_name(scope->an, target->val), false))
            return false;
    }
    scope->clause = CLAUSE_NONE;
    return true;
}

/* ---- where an output column comes from ---- */

static const Query *outer_of(const Query *query, int levels)
{
    while (levels-- > 0 && query)
        query = query->outer;
    return query;
}

static void origin_of(const Query *query, const Expr *expr, Target *target)
{
    if (expr->kind != EXPR_VAR || expr->u.var.column < 1)
        return;
    query = outer_of(query, expr->u.var.levels_up);
    if (!query || expr->u.var.rte >= query->nrtes)
        return;
    const Rte *rte = query->rtes[expr->u.var.rte];
    int column = expr->u.var.column;
    if (rte->relation) {
        target->origin_table = rte->relation->oid;
        target->origin_column = (int16_t)column;
    } else if (rte->kind == RTE_SUBQUERY && rte->query && column <= rte->query->ntargets) {
        target->origin_table = rte->query->targets[column - 1].origin_table;
        target->origin_column = rte->query->targets[column - 1].origin_column;
    } else if (rte->kind == RTE_CTE && !rte->cte_self) {
        const Query *owner = outer_of(query, rte->cte_levels_up);
        const Query *cte = owner && rte->cte < owner->nctes ? owner->ctes[rte->cte].query : NULL;
        if (cte && cte->kind != QUERY_SELECT)
            cte = cte->returning;
        if (cte && column <= cte->ntargets) {
            target->origin_table = cte->targets[column - 1].origin_table;
            target->origin_column = cte->targets[column - 1].origin_column;
        }
    }
}

void target_origin(const Query *query, Target *target)
{
    origin_of(query, target->expr, target);
}
