/*
 * infer.c - ON CONFLICT (...) WHERE ...: the unique index that is meant (PostgreSQL manual, INSERT, "conflict_target").
 *
 * Invariants:
 *  1. The index is on exactly the columns and expressions named, in any order; of its predicate every condition follows from WHERE: it is
 *     one of those there, or says that a value is not null which one of them compares.
 *  2. An index of all rows comes before one of a part: it has the keys of the others.
 */
#include <stdlib.h>

#include "sql/infer.h"

typedef struct Element {
    Expr *expr; /* over the table as entry 0 */
    Oid collation;
    const char *operator_class; /* NULL: any */
} Element;

typedef VEC(Expr *) ConditionList;

typedef struct Infer {
    Scope *scope; /* of the table alone */
    const CatRelation *relation;
    const CatRelation *named; /* the view, or the table itself */
    const PgQuery__InferClause *clause;
    Element *elements;
    int nelements;
    ConditionList wanted;
    bool *columns; /* by attnum - 1 */
    int ncolumns;
} Infer;

static bool refuse_at(Infer *infer, const char *text)
{
    error_set(infer->scope->an->error, ERRCODE_INVALID_COLUMN_REFERENCE, "%s", text);
    return analyze_at(infer->scope->an, infer->clause->location);
}

/* ---- what is named ---- */

static bool name_column(Infer *infer, const char *name, Expr **out)
{
    Analyzer *an = infer->scope->an;
    int number = assign_find_column(infer->named, name);
    if (!number) {
        error_set(an->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist", name);
        return analyze_at(an, infer->clause->location);
    }
    NsItem *item = infer->scope->names.items[0];
    for (int i = 0; i < item->ncolumns; i++)
        if (strcmp(item->columns[i].name, name) == 0)
            *out = names_use_column(infer->scope, item, i, 0, -1);
    return true;
}

static bool read_collation(Infer *infer, const PgQuery__IndexElem *elem, Element *out)
{
    Analyzer *an = infer->scope->an;
    const char *schema, *name;
    if (!elem->n_collation)
        return true;
    if (!names_split(infer->scope, elem->collation, elem->n_collation, infer->clause->location, &schema, &name))
        return false;
    const CatCollation *found = catalog_collation_by_name(an->catalog, schema, name);
    if (!found) {
        error_set(an->error, ERRCODE_UNDEFINED_OBJECT, "collation \"%s\" for encoding \"UTF8\" does not exist",
                  join_names(an->arena, elem->collation, elem->n_collation));
        return analyze_at(an, infer->clause->location);
    }
    out->collation = found->oid;
    return true;
}

static bool read_class(Infer *infer, const PgQuery__IndexElem *elem, Element *out)
{
    Analyzer *an = infer->scope->an;
    if (!elem->n_opclass)
        return true;
    out->operator_class = node_string(elem->opclass[elem->n_opclass - 1]);
    CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error,
                                      "SELECT 1 FROM pg_opclass JOIN pg_am a ON a.oid = opcmethod WHERE opcname = ?1 AND amname = 'btree'",
                                      "s", out->operator_class);
    return rows && (rows->nrows ||
                    error_set(an->error, ERRCODE_UNDEFINED_OBJECT, "operator class \"%s\" does not exist for access method \"btree\"",
                              join_names(an->arena, elem->opclass, elem->n_opclass)));
}

static bool read_element(Infer *infer, const PgQuery__IndexElem *elem)
{
    Scope *scope = infer->scope;
    Element *element = &infer->elements[infer->nelements++];
    if (elem->ordering != PG_QUERY__SORT_BY_DIR__SORTBY_DEFAULT)
        return refuse_at(infer, "ASC/DESC is not allowed in ON CONFLICT clause");
    if (elem->nulls_ordering != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT)
        return refuse_at(infer, "NULLS FIRST/LAST is not allowed in ON CONFLICT clause");
    if (given(elem->name)) {
        if (!name_column(infer, elem->name, &element->expr))
            return false;
    } else {
        scope->clause = CLAUSE_INDEX_EXPRESSION;
        element->expr = analyze_expr(scope, elem->expr);
        scope->clause = CLAUSE_NONE;
        if (!element->expr || !assign_collation(scope->an, element->expr))
            return false;
    }
    if (element->expr->kind == EXPR_VAR && element->expr->u.var.column > 0) {
        infer->ncolumns += !infer->columns[element->expr->u.var.column - 1];
        infer->columns[element->expr->u.var.column - 1] = true;
    }
    return read_collation(infer, elem, element) && read_class(infer, elem, element);
}

/* ---- conditions ---- */

static void add_conditions(Infer *infer, Expr *condition, ConditionList *out)
{
    if (condition->kind != EXPR_AND) {
        vec_push(infer->scope->an->arena, out, condition);
        return;
    }
    for (int i = 0; i < condition->nargs; i++)
        add_conditions(infer, condition->args[i], out);
}

/* A comparison is not true where one of its sides is NULL. */
static bool compares(const Expr *condition, const Expr *value)
{
    for (int i = 0; condition->kind == EXPR_OP && i < condition->nargs; i++) {
        const Expr *side = condition->args[i];
        while (side->kind == EXPR_RELABEL)
            side = side->args[0];
        if (expr_equal(side, value))
            return true;
    }
    return false;
}

static bool follows(const ConditionList *given_conditions, const Expr *condition)
{
    for (size_t i = 0; i < given_conditions->count; i++)
        if (expr_equal(given_conditions->items[i], condition) ||
            (condition->kind == EXPR_IS_NOT_NULL && compares(given_conditions->items[i], condition->args[0])))
            return true;
    return false;
}

/* ---- indexes ---- */

/* Text stored with the relation, over it as entry 0. NULL: the error is set. */
static Expr *stored(Infer *infer, const char *text, Oid type)
{
    Analyzer *an = infer->scope->an;
    AnalyzeContext context = {.catalog = an->catalog, .functions = an->functions, .text = ""};
    ParsedText parsed;
    if (!sql_parse(arena_printf(an->arena, "SELECT %s", text), an->arena, &parsed, an->error))
        return NULL;
    const Node *node = parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
    return sql_analyze_stored(node, EXPR_USE_CHECK, infer->relation, type, -1, &context, an->arena, an->error);
}

enum { INDEX_OID, INDEX_KEY, INDEX_COUNT, INDEX_EXPRS, INDEX_PREDICATE, INDEX_COLLATIONS, INDEX_CLASSES };

typedef struct IndexKey {
    Expr *expr;
    Oid collation;
    const char *class;
} IndexKey;

static bool read_index(Infer *infer, const CatalogCell *cells, IndexKey *keys)
{
    static const char CLASS[] = "SELECT opcname FROM pg_opclass WHERE oid = ?1";
    Analyzer *an = infer->scope->an;
    const char *at = cells[INDEX_EXPRS].is_null ? "" : cells[INDEX_EXPRS].text;
    char *number = (char *)(uintptr_t)cells[INDEX_KEY].text, *collation = (char *)(uintptr_t)cells[INDEX_COLLATIONS].text,
         *class = (char *)(uintptr_t)cells[INDEX_CLASSES].text;
    for (int i = 0; i < (int)cells[INDEX_COUNT].i; i++) {
        int column = (int)strtol(number, &number, 10);
        const CatColumn *of = column > 0 ? &infer->relation->columns[column - 1] : NULL;
        keys[i].collation = (Oid)strtoul(collation, &collation, 10);
        CatalogRows *name = catalog_query(an->catalog, an->arena, an->error, CLASS, "o", (Oid)strtoul(class, &class, 10));
        if (!name)
            return false;
        keys[i].class = name->nrows ? name->cells[0].text : "";
        keys[i].expr = of ? expr_var(an->arena, 0, column, of->type, of->typmod, of->collation)
                          : stored(infer, arena_strndup(an->arena, at, strcspn(at, "\3")), OID_NONE);
        if (!keys[i].expr)
            return false;
        if (!of)
            at = strchr(at, '\2') ? strchr(at, '\2') + 1 : "";
    }
    return true;
}

static bool has_element(const Element *element, const IndexKey *keys, int count)
{
    for (int i = 0; i < count; i++)
        if (expr_equal(element->expr, keys[i].expr) && (!element->collation || element->collation == keys[i].collation) &&
            (!element->operator_class || strcmp(element->operator_class, keys[i].class) == 0))
            return true;
    return false;
}

static bool is_named(const Infer *infer, const IndexKey *key)
{
    for (int i = 0; i < infer->nelements; i++)
        if (expr_equal(infer->elements[i].expr, key->expr))
            return true;
    return false;
}

static bool is_meant(Infer *infer, const CatalogCell *cells, bool *out)
{
    int count = (int)cells[INDEX_COUNT].i;
    IndexKey *keys = ARENA_ARRAY(infer->scope->an->arena, IndexKey, count + 1);
    *out = false;
    if (!read_index(infer, cells, keys))
        return false;
    for (int i = 0; i < infer->nelements; i++)
        if (!has_element(&infer->elements[i], keys, count))
            return true;
    for (int i = 0; i < count; i++)
        if (!is_named(infer, &keys[i]))
            return true;
    ConditionList conditions = {0};
    Expr *predicate = cells[INDEX_PREDICATE].is_null ? NULL : stored(infer, cells[INDEX_PREDICATE].text, TYPE_BOOL);
    if (!predicate && !cells[INDEX_PREDICATE].is_null)
        return false;
    if (predicate)
        add_conditions(infer, predicate, &conditions);
    *out = true;
    for (size_t i = 0; i < conditions.count; i++)
        *out &= follows(&infer->wanted, conditions.items[i]);
    return true;
}

static bool find_index(Infer *infer, Oid *out)
{
    static const char SQL[] = "SELECT indexrelid, indkey, indnkeyatts, indexprs, indpred, indcollation, indclass FROM pg_index"
                              " WHERE indrelid = ?1 AND indisunique ORDER BY indpred IS NOT NULL, indexrelid";
    Analyzer *an = infer->scope->an;
    CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error, SQL, "o", infer->relation->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        bool meant;
        if (!is_meant(infer, &CATALOG_CELL(rows, i, 0), &meant))
            return false;
        if (meant) {
            *out = (Oid)CATALOG_CELL(rows, i, 0).i;
            return true;
        }
    }
    return rows && error_set(an->error, ERRCODE_INVALID_COLUMN_REFERENCE,
                             "there is no unique or exclusion constraint matching the ON CONFLICT specification");
}

static bool read_where(Infer *infer, OnConflict *conflict)
{
    Scope *scope = infer->scope;
    if (!infer->clause->where_clause)
        return true;
    scope->clause = CLAUSE_INDEX_PREDICATE;
    conflict->where = analyze_expr(scope, infer->clause->where_clause);
    scope->clause = CLAUSE_NONE;
    if (!conflict->where || !assign_collation(scope->an, conflict->where))
        return false;
    add_conditions(infer, conflict->where, &infer->wanted);
    return true;
}

/* The table, or the view that the statement names. */
static void add_names(Infer *infer, const WriteView *view, const Rte *target, Rte *reads)
{
    Rte *table = rte_for_relation(infer->scope->an, infer->relation);
    table->alias = target->alias;
    from_add(infer->scope, table, &infer->scope->names);
    if (view) {
        infer->scope->names.items[0] = write_view_names(infer->scope, view, target->alias, target->alias_written);
        infer->scope->names.items[0]->rte = reads;
        infer->named = view->relation;
        return;
    }
    infer->named = infer->relation;
    table->columns_read = reads->columns_read;
}

bool infer_index(const Scope *insert, const PgQuery__InferClause *clause, const Rte *target, Rte *reads, OnConflict *conflict)
{
    Arena *arena = insert->an->arena;
    Infer infer = {.scope = scope_open(insert->an, NULL), .relation = target->relation, .clause = clause};
    add_names(&infer, insert->view, target, reads);
    infer.columns = ARENA_ARRAY(arena, bool, infer.relation->ncolumns + 1);
    infer.elements = ARENA_ARRAY(arena, Element, clause->n_index_elems + 1);
    for (size_t i = 0; i < clause->n_index_elems; i++)
        if (!read_element(&infer, clause->index_elems[i]->index_elem))
            return false;
    conflict->elements = ARENA_ARRAY(arena, Expr *, infer.nelements + 1);
    for (int i = 0; i < infer.nelements; i++)
        conflict->elements[conflict->nelements++] = infer.elements[i].expr;
    return read_where(&infer, conflict) && find_index(&infer, &conflict->index);
}
