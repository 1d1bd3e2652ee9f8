/*
 * insert.c - INSERT: which columns, from what, with which defaults (PostgreSQL manual, INSERT).
 *
 * The Query's own FROM and targets make the new rows, one target for each of insert_columns; rtes[result_rte] is the table, which they do
 * not read. RETURNING is a query of its own, over the table as it is afterwards.
 *
 * Invariants:
 *  1. Errors come in PostgreSQL's order: WITH, the table, its columns, the source, RETURNING, then what a column may not be given.
 *  2. Every column that is not dropped has a target, in order: given, or its default, or NULL. Generated ones are computed a level above
 *     the others.
 */
#include "sql/analyze_int.h"
#include "sql/copy.h"

typedef struct Insert {
    Scope *scope;
    const PgQuery__InsertStmt *stmt;
    const CatRelation *relation;
    Rte *target;
    int *given;                       /* attnums, in the order written */
    const PgQuery__ResTarget **names; /* how they were written; NULL: not at all */
    int ngiven;
    Expr **values; /* by attnum - 1; NULL: not given. One row */
    Expr ***rows;  /* of VALUES with several rows: by row, then as values */
    int nrows;
    bool *is_default;  /* by attnum - 1: every row says DEFAULT */
    bool *has_value;   /* some row does not */
    Expr *numbers;     /* COPY: what the rows' numbers are; the last target, of no column */
    const Node *where; /* COPY: which rows */
} Insert;

/* ---- the table and its columns ---- */

static bool open_target(Insert *insert)
{
    insert->target = assign_target(insert->scope, insert->stmt->relation, ACL_INSERT, WRITE_INSERT);
    insert->relation = !insert->target ? NULL : insert->scope->view ? insert->scope->view->relation : insert->target->relation;
    return insert->target != NULL;
}

static bool name_column(Insert *insert, const PgQuery__ResTarget *node)
{
    Analyzer *an = insert->scope->an;
    int number = assign_find_column(insert->relation, node->name);
    if (!number) {
        error_set(an->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", node->name,
                  insert->relation->name);
        return analyze_at(an, node->location);
    }
    if (node->n_indirection && an->flat_views)
        return error_unsupported(an->error, "INSERT into a part of a column is not supported in a stored statement");
    for (int i = 0; i < insert->ngiven; i++)
        if (insert->given[i] == number && (!node->n_indirection || !insert->names[i]->n_indirection)) {
            error_set(an->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", node->name);
            return analyze_at(an, node->location);
        }
    insert->names[insert->ngiven] = node;
    insert->given[insert->ngiven++] = number;
    return true;
}

static bool name_columns(Insert *insert)
{
    Arena *arena = insert->scope->an->arena;
    const PgQuery__InsertStmt *stmt = insert->stmt;
    size_t size = (size_t)insert->relation->ncolumns + stmt->n_cols + 1;
    insert->given = ARENA_ARRAY(arena, int, size);
    insert->names = ARENA_ARRAY(arena, const PgQuery__ResTarget *, size);
    insert->values = ARENA_ARRAY(arena, Expr *, size);
    insert->is_default = ARENA_ARRAY(arena, bool, size);
    insert->has_value = ARENA_ARRAY(arena, bool, size);
    for (size_t i = 0; i < stmt->n_cols; i++)
        if (!name_column(insert, stmt->cols[i]->res_target))
            return false;
    for (int i = 0; !stmt->n_cols && i < insert->relation->ncolumns; i++)
        if (!insert->relation->columns[i].dropped)
            insert->given[insert->ngiven++] = i + 1;
    return true;
}

/* ---- values ---- */

static bool check_count(Insert *insert, Expr *const *exprs, int count)
{
    Analyzer *an = insert->scope->an;
    if (count > insert->ngiven) {
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "INSERT has more expressions than target columns");
        return analyze_at(an, exprs[insert->ngiven] ? expr_location(exprs[insert->ngiven]) : -1);
    }
    if (!insert->stmt->n_cols || count >= insert->ngiven)
        return true;
    error_set(an->error, ERRCODE_SYNTAX_ERROR, "INSERT has more target columns than expressions");
    if (count == 1 && exprs[0] && exprs[0]->kind == EXPR_ROW && exprs[0]->nargs == insert->ngiven)
        error_hint(an->error, "The insertion source is a row expression containing the same number of columns expected by the INSERT. "
                              "Did you accidentally use extra parentheses?");
    return analyze_at(an, insert->names[count]->location);
}

/* Of a column of which nothing but parts is given, all else is NULL. */
static bool take_part(Insert *insert, int place, Expr *value, Expr **whole)
{
    const PgQuery__ResTarget *node = insert->names[place];
    const CatColumn *column = &insert->relation->columns[insert->given[place] - 1];
    AssignedPart part = {node->name, node->indirection, node->n_indirection, node->location, -1, value};
    if (!*whole)
        *whole = expr_const(insert->scope->an->arena, column->type, column->typmod, NULL);
    return (*whole = assign_part(insert->scope, column, &part, *whole)) != NULL;
}

/* One row's expressions, NULL for DEFAULT, become values by column. */
static bool take_row(Insert *insert, Expr **exprs, int count, Expr **values)
{
    Scope *scope = insert->scope;
    if (!check_count(insert, exprs, count))
        return false;
    for (int i = 0; i < count; i++) {
        int place = insert->given[i] - 1;
        insert->is_default[place] |= !exprs[i];
        insert->has_value[place] |= exprs[i] != NULL;
        if (insert->names[i] && insert->names[i]->n_indirection) {
            if (!take_part(insert, i, exprs[i], &values[place]))
                return false;
            continue;
        }
        if (exprs[i] && !(values[place] = assign_value(scope, insert->relation, exprs[i], insert->given[i])))
            return false;
    }
    return true;
}

static Expr **read_row(Insert *insert, const PgQuery__List *list, Clause clause, int *count)
{
    insert->scope->clause = clause;
    Expr **exprs = analyze_list(insert->scope, list, count);
    if (exprs)
        insert->scope->clause = CLAUSE_NONE;
    return exprs;
}

static bool take_values(Insert *insert, const PgQuery__SelectStmt *select)
{
    Analyzer *an = insert->scope->an;
    bool single = select->n_values_lists == 1;
    int width = 0, count;
    insert->rows = ARENA_ARRAY(an->arena, Expr **, select->n_values_lists);
    for (size_t i = 0; i < select->n_values_lists; i++) {
        const PgQuery__List *list = select->values_lists[i]->list;
        Expr **exprs = read_row(insert, list, single ? CLAUSE_VALUES_SINGLE : CLAUSE_VALUES, &count);
        if (!exprs)
            return false;
        width = i ? width : count;
        if (count != width) {
            error_set(an->error, ERRCODE_SYNTAX_ERROR, "VALUES lists must all be the same length");
            return analyze_at(an, count && exprs[0] ? expr_location(exprs[0]) : -1);
        }
        insert->rows[i] = single ? insert->values : ARENA_ARRAY(an->arena, Expr *, insert->relation->ncolumns + 1);
        if (!take_row(insert, exprs, count, insert->rows[i]))
            return false;
    }
    insert->nrows = single ? 0 : (int)select->n_values_lists;
    return true;
}

static bool take_select(Insert *insert, const Node *node)
{
    Scope *scope = insert->scope;
    Query *query = analyze_subquery(scope, node, true);
    if (!query)
        return false;
    Rte *rte = rte_for_query(scope->an, query, "*SELECT*");
    NsList names = {0};
    scope->query->from = ARENA_ARRAY(scope->an->arena, FromItem *, 1);
    scope->query->from[scope->query->nfrom++] = from_add(scope, rte, &names);
    Expr **exprs = ARENA_ARRAY(scope->an->arena, Expr *, rte->ncolumns + 1);
    for (int i = 0; i < rte->ncolumns; i++) {
        Expr *output = query->targets[i].expr;
        bool is_literal = output->type == TYPE_UNKNOWN && (output->kind == EXPR_CONST || output->kind == EXPR_PARAM);
        exprs[i] = is_literal ? expr_copy(output, scope->an->arena) : names_use_column(scope, names.items[0], i, 0, expr_location(output));
    }
    if (!take_row(insert, exprs, rte->ncolumns, insert->values))
        return false;
    for (int i = 0; i < query->ntargets; i++) /* what stays unknown is not used */
        if (query->targets[i].expr->type == TYPE_UNKNOWN)
            query->targets[i].expr = expr_const(scope->an->arena, TYPE_TEXT, -1, NULL);
    return true;
}

/* VALUES with an ORDER BY, a LIMIT or a WITH of its own is a query like others. */
static bool take_source(Insert *insert)
{
    const Node *source = insert->stmt->select_stmt;
    if (!source)
        return true;
    const PgQuery__SelectStmt *select = source->select_stmt;
    bool plain = select->n_values_lists && !select->n_sort_clause && !select->limit_count && !select->limit_offset &&
                 !select->n_locking_clause && !select->with_clause;
    return plain ? take_values(insert, select) : take_select(insert, source);
}

/* ---- through a view ---- */

static bool is_given(const Insert *insert, int number)
{
    return insert->has_value[number - 1] || insert->is_default[number - 1];
}

/* Values by the view's columns become values by the table's. */
static bool move_values(Insert *insert, Expr ***values)
{
    const WriteView *view = insert->scope->view;
    Arena *arena = insert->scope->an->arena;
    Expr **moved = ARENA_ARRAY(arena, Expr *, view->base->ncolumns + 1);
    for (int i = 1; i <= view->relation->ncolumns; i++) {
        const CatColumn *column = &view->relation->columns[i - 1];
        Expr *value = (*values)[i - 1];
        if (!is_given(insert, i) && !column->has_default)
            continue;
        int number = write_view_column(insert->scope, view, i);
        if (!number || (!value && column->has_default && !(value = assign_default(insert->scope, view->relation, column))))
            return false;
        moved[number - 1] = value;
    }
    *values = moved;
    return true;
}

static bool move_to_table(Insert *insert)
{
    const WriteView *view = insert->scope->view;
    Arena *arena = insert->scope->an->arena;
    if (!view)
        return true;
    bool *is_default = ARENA_ARRAY(arena, bool, view->base->ncolumns + 1), *has_value = ARENA_ARRAY(arena, bool, view->base->ncolumns + 1);
    for (int row = 0; row < insert->nrows; row++)
        if (!move_values(insert, &insert->rows[row]))
            return false;
    if (!insert->nrows && !move_values(insert, &insert->values))
        return false;
    for (int i = 1; i <= view->relation->ncolumns; i++) {
        bool has_default = view->relation->columns[i - 1].has_default; /* of its own: a value for the table */
        if (!is_given(insert, i) && !has_default)
            continue;
        int number = write_view_column(insert->scope, view, i);
        if (is_default[number - 1] || has_value[number - 1])
            return error_set(insert->scope->an->error, ERRCODE_SYNTAX_ERROR, "multiple assignments to same column \"%s\"",
                             view->base->columns[number - 1].name);
        is_default[number - 1] = insert->is_default[i - 1];
        has_value[number - 1] = insert->has_value[i - 1] || has_default;
        if (is_given(insert, i))
            names_mark_read(insert->target, number);
    }
    if (insert->nrows)
        insert->values = ARENA_ARRAY(arena, Expr *, view->base->ncolumns + 1);
    insert->is_default = is_default;
    insert->has_value = has_value;
    insert->relation = view->base;
    return true;
}

/* ---- what is not given ---- */

static bool refuse_value(const Insert *insert, const CatColumn *column)
{
    Error *error = insert->scope->an->error;
    error_set(error, "428C9", "cannot insert a non-DEFAULT value into column \"%s\"", column->name);
    if (column->generated)
        return error_detail(error, "Column \"%s\" is a generated column.", column->name);
    error_detail(error, "Column \"%s\" is an identity column defined as GENERATED ALWAYS.", column->name);
    return error_hint(error, "Use OVERRIDING SYSTEM VALUE to override.");
}

static bool check_overriding(Insert *insert)
{
    bool user = insert->stmt->override == PG_QUERY__OVERRIDING_KIND__OVERRIDING_USER_VALUE;
    bool system = insert->stmt->override == PG_QUERY__OVERRIDING_KIND__OVERRIDING_SYSTEM_VALUE;
    for (int i = 0; i < insert->relation->ncolumns; i++) {
        const CatColumn *column = &insert->relation->columns[i];
        if (!insert->has_value[i] || column->dropped)
            continue;
        if (column->identity && user) {
            insert->values[i] = NULL;
            for (int row = 0; row < insert->nrows; row++)
                insert->rows[row][i] = NULL;
        } else if (column->generated || (column->identity == 'a' && !system)) {
            return refuse_value(insert, column);
        }
    }
    return true;
}

static bool fill_defaults(Insert *insert)
{
    for (int i = 0; i < insert->relation->ncolumns; i++) {
        const CatColumn *column = &insert->relation->columns[i];
        if (column->dropped || column->generated)
            continue;
        if (!insert->nrows && !insert->values[i] && !(insert->values[i] = assign_default(insert->scope, insert->relation, column)))
            return false;
        for (int row = 0; row < insert->nrows; row++)
            if (!insert->rows[row][i] && !(insert->rows[row][i] = assign_default(insert->scope, insert->relation, column)))
                return false;
    }
    return true;
}

/* ---- the rows as a query ---- */

/* VALUES of several rows: an entry of the range table. */
static bool add_rows(Insert *insert)
{
    Scope *scope = insert->scope;
    Arena *arena = scope->an->arena;
    const CatRelation *relation = insert->relation;
    Rte *rte = ARENA_NEW(arena, Rte);
    *rte = (Rte){.kind = RTE_VALUES, .alias = "*VALUES*", .rows = ARENA_ARRAY(arena, Expr **, insert->nrows), .nrows = insert->nrows};
    rte->columns = ARENA_ARRAY(arena, RteColumn, relation->ncolumns + 1);
    for (int row = 0; row < insert->nrows; row++)
        rte->rows[row] = ARENA_ARRAY(arena, Expr *, relation->ncolumns + 1);
    NsList names = {0};
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (column->dropped || column->generated)
            continue;
        for (int row = 0; row < insert->nrows; row++)
            rte->rows[row][rte->ncolumns] = insert->rows[row][i];
        rte->columns[rte->ncolumns++] = (RteColumn){.name = arena_printf(arena, "column%d", rte->ncolumns + 1),
                                                    .type = column->type,
                                                    .typmod = column->typmod,
                                                    .collation = column->collation};
    }
    scope->query->from = ARENA_ARRAY(arena, FromItem *, 1);
    scope->query->from[scope->query->nfrom++] = from_add(scope, rte, &names);
    for (int i = 0, place = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && !relation->columns[i].generated)
            insert->values[i] = names_use_column(scope, names.items[0], place++, 0, -1);
    return true;
}

static void move_vars(const Expr *expr, const int *places);

static bool move_child(const Expr *child, void *arg)
{
    move_vars(child, arg);
    return false;
}

/* Columns of the table become those of the rows below (entry 1). */
static void move_vars(const Expr *expr, const int *places)
{
    Expr *own = (Expr *)(uintptr_t)expr; /* freshly analysed, nobody else's */
    if (own->kind == EXPR_VAR && own->u.var.column > 0) {
        own->u.var.rte = 1;
        own->u.var.column = places[own->u.var.column - 1];
    }
    expr_walk(expr, move_child, (void *)(uintptr_t)places);
}

/* The rows so far go one level down; above it, what is computed from them. */
static bool add_generated(Insert *insert)
{
    Scope *scope = insert->scope;
    Analyzer *an = scope->an;
    Query *below = scope->query, *above = ARENA_NEW(an->arena, Query);
    int *places = ARENA_ARRAY(an->arena, int, insert->relation->ncolumns + 1);
    for (int i = 0; i < below->ntargets; i++)
        if (below->insert_columns[i])
            places[below->insert_columns[i] - 1] = i + 1;
    *above = (Query){.kind = QUERY_SELECT, .arena = an->arena, .result_rte = 0};
    Scope *outer = scope_open(an, NULL);
    outer->query = above;
    NsList names = {0};
    above->insert_columns = ARENA_ARRAY(an->arena, int, insert->relation->ncolumns + 2);
    scope_add_rte(outer, insert->target);
    above->from = ARENA_ARRAY(an->arena, FromItem *, 1);
    below->rtes[below->result_rte] = ARENA_NEW(an->arena, Rte);
    below->rtes[below->result_rte]->kind = RTE_RESULT;
    above->from[above->nfrom++] = from_add(outer, rte_for_query(an, below, "new"), &names);
    for (int i = 0; i < insert->relation->ncolumns; i++) {
        const CatColumn *column = &insert->relation->columns[i];
        if (column->dropped)
            continue;
        Expr *value = NULL;
        if (column->generated) {
            if (!(value = assign_generated(outer, insert->relation, column)))
                return false;
            move_vars(value, places);
        } else {
            value = names_use_column(outer, names.items[0], places[i] - 1, 0, -1);
        }
        above->insert_columns[above->ntargets] = i + 1;
        scope_add_target(outer, value, column->name, false);
    }
    if (insert->numbers)
        scope_add_target(outer, names_use_column(outer, names.items[0], below->ntargets - 1, 0, -1), "row", false);
    insert->scope = outer;
    return true;
}

static bool add_targets(Insert *insert)
{
    Scope *scope = insert->scope;
    bool generated = false;
    scope->query->insert_columns = ARENA_ARRAY(scope->an->arena, int, insert->relation->ncolumns + 2);
    for (int i = 0; i < insert->relation->ncolumns; i++) {
        const CatColumn *column = &insert->relation->columns[i];
        generated |= column->generated && !column->dropped;
        if (column->dropped || column->generated)
            continue;
        scope->query->insert_columns[scope->query->ntargets] = i + 1;
        scope_add_target(scope, insert->values[i], column->name, false);
    }
    if (insert->numbers)
        scope_add_target(scope, insert->numbers, "row", false);
    return !(generated || insert->where) || add_generated(insert);
}

/* ---- RETURNING ---- */

static bool find_sublink(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_SUBLINK || expr_walk(expr, find_sublink, arg);
}

static bool reads_any(const Rte *rte)
{
    for (int i = 0; i < rte->columns_read_words; i++)
        if (rte->columns_read[i])
            return true;
    return false;
}

static Query *analyze_returning(Insert *insert)
{
    Analyzer *an = insert->scope->an;
    Scope *scope = scope_open(an, insert->scope->parent);
    const WriteView *view = insert->scope->view;
    Rte *rte = rte_for_relation(an, view ? view->base : insert->relation);
    cte_lend(scope, insert->scope);
    rte->alias = insert->target->alias;
    rte->alias_written = insert->target->alias_written;
    rte->check_as = insert->target->check_as;
    Query *query = scope->query;
    query->from = ARENA_ARRAY(an->arena, FromItem *, 1);
    query->from[query->nfrom++] = from_add(scope, rte, &scope->names);
    if (view) {
        view->rte->columns_written = view->rte->columns_read; /* so far: what was inserted */
        view->rte->columns_read = ARENA_ARRAY(an->arena, uint64_t, view->rte->columns_read_words);
        scope->names.items[0] = write_view_names(scope, view, rte->alias, rte->alias_written);
    }
    scope->is_returning = true;
    if (!analyze_targets(scope, insert->stmt->returning_list, insert->stmt->n_returning_list))
        return NULL;
    for (int i = 0; i < query->ntargets; i++)
        target_origin(query, &query->targets[i]);
    cte_take_back(scope);
    if (!resolve_unknown_targets(scope) || !assign_query_collations(an, query))
        return NULL;
    query->has_sublinks = query_walk_exprs(query, find_sublink, NULL);
    if (!reads_any(rte))
        rte->required = 0;
    if (view) {
        bool reads = reads_any(view->rte);
        Rte *read = ARENA_NEW(an->arena, Rte);
        *read = *view->rte;
        read->required = reads ? ACL_SELECT : 0;
        scope_add_rte(scope, read);
        write_view_ask_below(scope, view, read, true);
        view->rte->columns_read = view->rte->columns_written;
    }
    return query;
}

/* ---- as written, for texts ---- */

static Expr *or_default(Insert *insert, Expr *value, int number)
{
    const CatColumn *column = &insert->relation->columns[number - 1];
    return value ? value : assign_default_marker(insert->scope->an->arena, column);
}

static Expr *written_value(Insert *insert, Rte *values, int number)
{
    if (!insert->nrows)
        return or_default(insert, insert->values[number - 1], number);
    for (int row = 0; row < insert->nrows; row++)
        values->rows[row][values->ncolumns] = or_default(insert, insert->rows[row][number - 1], number);
    const CatColumn *column = &insert->relation->columns[number - 1];
    values->columns[values->ncolumns++] = (RteColumn){.name = column->name, .type = column->type, .typmod = column->typmod};
    return assign_default_marker(insert->scope->an->arena, column);
}

/* The columns that were given, in their order; rows of VALUES are an entry, whose columns are theirs. */
static void keep_as_written(Insert *insert)
{
    Arena *arena = insert->scope->an->arena;
    Query *query = insert->scope->query;
    Rte *values = ARENA_NEW(arena, Rte);
    *values =
        (Rte){.kind = RTE_VALUES, .alias = "*VALUES*", .rows = ARENA_ARRAY(arena, Expr **, insert->nrows + 1), .nrows = insert->nrows};
    values->columns = ARENA_ARRAY(arena, RteColumn, insert->ngiven + 1);
    for (int row = 0; row < insert->nrows; row++)
        values->rows[row] = ARENA_ARRAY(arena, Expr *, insert->ngiven + 1);
    query->insert_columns = ARENA_ARRAY(arena, int, insert->ngiven + 1);
    for (int i = 0; i < insert->ngiven; i++) {
        int number = insert->given[i];
        if (!is_given(insert, number))
            continue;
        query->insert_columns[query->ntargets] = number;
        scope_add_target(insert->scope, written_value(insert, values, number), insert->relation->columns[number - 1].name, false);
    }
    if (insert->nrows)
        scope_add_rte(insert->scope, values);
    PgQuery__OverridingKind kind = insert->stmt->override;
    query->overriding = kind == PG_QUERY__OVERRIDING_KIND__OVERRIDING_USER_VALUE     ? OVERRIDING_USER
                        : kind == PG_QUERY__OVERRIDING_KIND__OVERRIDING_SYSTEM_VALUE ? OVERRIDING_SYSTEM
                                                                                     : OVERRIDING_NOTHING;
}

static bool make_rows(Insert *insert)
{
    if (!insert->scope->an->flat_views)
        return check_overriding(insert) && fill_defaults(insert) && (!insert->nrows || add_rows(insert)) && add_targets(insert);
    keep_as_written(insert);
    return true;
}

/* ---- all of it ---- */

static void note_written(Insert *insert)
{
    for (int i = 0; i < insert->ngiven; i++)
        if (is_given(insert, insert->given[i]))
            names_mark_read(insert->scope->view ? insert->scope->view->rte : insert->target, insert->given[i]);
}

Query *analyze_insert(Scope *scope, const PgQuery__InsertStmt *stmt)
{
    Insert insert = {.scope = scope, .stmt = stmt};
    Query *returning = NULL;
    if (stmt->with_clause && !analyze_with(scope, stmt->with_clause))
        return NULL;
    if (!open_target(&insert) || !name_columns(&insert) || !take_source(&insert))
        return NULL;
    note_written(&insert);
    if (scope->view)
        write_view_ask_below(scope, scope->view, scope->view->rte, false);
    OnConflict *conflict = NULL;
    if (stmt->on_conflict_clause && !(conflict = analyze_conflict(scope, stmt->on_conflict_clause, insert.target)))
        return NULL;
    if (stmt->n_returning_list && !(returning = analyze_returning(&insert)))
        return NULL;
    if (!move_to_table(&insert) || !make_rows(&insert))
        return NULL;
    scope->query->has_sublinks = query_walk_exprs(scope->query, find_sublink, NULL);
    Query *query = insert.scope->query;
    query->has_sublinks = query_walk_exprs(query, find_sublink, NULL);
    query->kind = QUERY_INSERT;
    query->has_writes = scope->query->has_writes;
    query->checks = scope->query->checks;
    query->nchecks = scope->query->nchecks;
    query->conflict = conflict;
    query->returning = returning;
    return query;
}

/* ---- MERGE ---- */

bool analyze_insert_action(Scope *scope, const PgQuery__MergeWhenClause *when, const CatRelation *relation, MergeAction *action)
{
    Arena *arena = scope->an->arena;
    PgQuery__InsertStmt *stmt = ARENA_NEW(arena, PgQuery__InsertStmt);
    PgQuery__List values = PG_QUERY__LIST__INIT;
    Insert insert = {.scope = scope, .stmt = stmt, .relation = relation, .target = rte_for_relation(scope->an, relation)};
    pg_query__insert_stmt__init(stmt);
    stmt->cols = when->target_list;
    stmt->n_cols = when->n_target_list;
    stmt->override = when->override;
    values.items = when->values;
    values.n_items = when->n_values;
    int count;
    Expr **exprs = name_columns(&insert) ? read_row(&insert, &values, CLAUSE_VALUES_SINGLE, &count) : NULL;
    if (!exprs || (count && !take_row(&insert, exprs, count, insert.values)))
        return false;
    note_written(&insert);
    insert.target->required = ACL_INSERT;
    action->inserts = insert.target;
    if (!check_overriding(&insert) || !fill_defaults(&insert))
        return false;
    action->first = scope->query->ntargets;
    action->columns = ARENA_ARRAY(arena, int, relation->ncolumns + 1);
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (column->dropped || column->generated)
            continue;
        action->columns[action->count++] = i + 1;
        scope_add_target(scope, insert.values[i], column->name, false);
    }
    return true;
}

/* ---- COPY FROM ---- */

static bool find_generated(const Expr *expr, void *arg)
{
    const Insert *insert = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.column > 0 && insert->relation->columns[expr->u.var.column - 1].generated) {
        Error *error = insert->scope->an->error;
        error_set(error, ERRCODE_INVALID_COLUMN_REFERENCE, "generated columns are not supported in COPY FROM WHERE conditions");
        error_detail(error, "Column \"%s\" is a generated column.", insert->relation->columns[expr->u.var.column - 1].name);
        return true;
    }
    return expr_walk(expr, find_generated, arg);
}

/* Over the rows as they will be, generated columns left out. */
static bool add_where(Insert *insert)
{
    Scope *outer = insert->scope;
    Analyzer *an = outer->an;
    Scope *over = scope_open(an, NULL);
    from_add(over, rte_for_relation(an, insert->relation), &over->names);
    Expr *where = analyze_condition(over, insert->where, CLAUSE_COPY_WHERE, "WHERE");
    if (!where || !assign_collation(an, where) || find_generated(where, insert))
        return false;
    int *places = ARENA_ARRAY(an->arena, int, insert->relation->ncolumns + 1);
    const Query *below = outer->query->rtes[1]->query;
    for (int i = 0; i < below->ntargets; i++)
        if (below->insert_columns[i])
            places[below->insert_columns[i] - 1] = i + 1;
    move_vars(where, places);
    outer->query->where = where;
    return true;
}

/* The text of a row as sql_read_row gave it. */
static Expr *as_row(Scope *scope, Expr *text, Oid type)
{
    Expr *row = expr_new(scope, EXPR_RELABEL, type, -1);
    row->args = ARENA_ARRAY(scope->an->arena, Expr *, 1);
    row->args[row->nargs++] = text;
    return row;
}

bool sql_read_row(const char *text, Oid type, AnalyzeContext *context, Arena *arena, const char **out, Error *error)
{
    Analyzer an = analyze_open(context, arena, error);
    Scope *scope = scope_open(&an, NULL);
    Expr *written = expr_const(arena, TYPE_UNKNOWN, -1, text);
    written->location = -1;
    const Expr *row = literal_row(scope, written, type);
    if (row && row->kind != EXPR_CONST)
        return error_unsupported(error, "COPY FROM of rows with columns of domains is not supported");
    *out = row ? row->u.value : NULL;
    return row != NULL;
}

Expr *sql_from_text(Expr *text, const CatColumn *column, AnalyzeContext *context, Arena *arena, Error *error)
{
    Analyzer an = analyze_open(context, arena, error);
    return coerce_to_target(scope_open(&an, NULL), text, column->type, column->typmod, COERCE_EXPLICIT, FUNC_IMPLICIT_CAST, -1);
}

Query *sql_analyze_copy(const SqlCopy *copy, AnalyzeContext *context, Arena *arena, Error *error)
{
    Analyzer an = analyze_open(context, arena, error);
    Scope *scope = scope_open(&an, NULL);
    int size = copy->relation->ncolumns + 1;
    NsList names = {0};
    Insert insert = {.scope = scope, .relation = copy->relation, .where = copy->where, .values = ARENA_ARRAY(arena, Expr *, size)};
    insert.target = rte_for_relation(&an, copy->relation);
    insert.target->required = ACL_INSERT;
    scope->query->result_rte = scope_add_rte(scope, insert.target);
    scope->query->from = ARENA_ARRAY(arena, FromItem *, 1);
    scope->query->from[scope->query->nfrom++] = from_add(scope, copy->rows, &names);
    for (int i = 0; i < copy->ncolumns; i++) {
        const CatColumn *column = &copy->relation->columns[copy->columns[i] - 1];
        Expr *value = names_use_column(scope, names.items[0], i, 0, -1);
        names_mark_read(insert.target, copy->columns[i]);
        if (value->type != column->type && type_is_row(an.catalog, column->type))
            value = as_row(scope, value, column->type);
        else if (value->type != column->type) /* as text: a user's type */
            value = coerce_to_target(scope, value, column->type, column->typmod, COERCE_EXPLICIT, FUNC_IMPLICIT_CAST, -1);
        if (!value || !(insert.values[column->number - 1] = assign_value(scope, copy->relation, value, column->number)))
            return NULL;
    }
    insert.numbers = expr_var(arena, 1, COLUMN_ROW, TYPE_INT8, -1, OID_NONE);
    if (!fill_defaults(&insert) || !add_targets(&insert) || (copy->where && !add_where(&insert)))
        return NULL;
    Query *query = insert.scope->query;
    query->has_sublinks = query_walk_exprs(query, find_sublink, NULL);
    query->kind = QUERY_INSERT;
    return query;
}
