/*
 * view_text.c - queries as PostgreSQL's pg_get_viewdef writes them, from the typed Query: clauses, FROM, set operations, WITH.
 *
 * Invariant: the layout is PostgreSQL's: clauses start at an indentation, one column a line.
 *
 * Entered by the session's worker and by threads of the engine (pg_get_viewdef).
 */
#include <string.h>

#include "command/text_internal.h"

/* A keyword on a line of its own, `plus` blanks further in; the indentation is another one before and after it. */
void text_keyword(Writer *writer, const char *word, int before, int after, int plus)
{
    Str *out = writer->out;
    if (writer->one_line) {
        str_add(out, word);
        return;
    }
    writer->indent += before;
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    str_addf(out, "\n%*s%s", (writer->indent > 0 ? writer->indent : 0) + plus, "", word);
    writer->indent += after;
    if (writer->indent < 0)
        writer->indent = 0;
}

bool text_overflows(const Writer *writer, const char *item)
{
    const char *line = strrchr(writer->out->data, '\n');
    return (int)(strlen(line ? line + 1 : writer->out->data) + strlen(item)) > writer->wrap;
}

/* Before one more item of a list: a line of its own where there is no room, and no blanks where it brings its own. */
void text_place_item(Writer *writer, const char *item, bool new_line)
{
    Str *out = writer->out;
    if (writer->wrap < 0 || writer->one_line)
        return;
    if (item[0] == '\n')
        while (out->len > 0 && out->data[out->len - 1] == ' ')
            out->data[--out->len] = '\0';
    else if (new_line)
        text_keyword(writer, "", -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, TEXT_INDENT);
}

/* ---- targets ---- */

/* In a side of a set operation the operation itself brings columns to one type. */
static const Expr *without_implicit_cast(const Expr *expr)
{
    bool cast =
        expr->kind == EXPR_RELABEL || expr->kind == EXPR_CAST_IO || (expr->kind == EXPR_FUNC && expr->u.func.form == FUNC_IMPLICIT_CAST);
    return cast && expr->location < 0 ? expr->args[0] : expr;
}

static void write_target(Writer *writer, const Target *target, const char *wanted, bool names_visible, bool is_side)
{
    const Expr *expr = is_side ? without_implicit_cast(target->expr) : target->expr;
    const char *shown = names_visible || writer->stored ? NULL : "?column?"; /* read again, it could have another name */
    if (text_is_column(expr)) {
        shown = text_write_column(writer, expr);
        if (!shown)
            str_addf(writer->out, "::%s", catalog_format_type(writer->command->catalog, expr->type, -1, writer->command->arena));
    } else {
        text_write_shown(writer, expr);
    }
    if (wanted && (!shown || !str_eq(shown, wanted)))
        str_addf(writer->out, " AS %s", text_quoted(writer, wanted));
}

void text_write_targets(Writer *writer, const Query *query, const CatRelation *view, bool names_visible, bool is_side)
{
    Str *out = writer->out;
    int number = 0;
    bool multiline = false;
    for (int i = 0; i < query->ntargets; i++) {
        if (query->targets[i].junk)
            continue;
        str_add(out, number++ ? ", " : " ");
        const char *wanted = view && number <= view->ncolumns ? view->columns[number - 1].name : query->targets[i].name;
        Str text;
        str_init(&text, writer->command->arena);
        writer->out = &text;
        write_target(writer, &query->targets[i], wanted, names_visible, is_side);
        writer->out = out;
        text_place_item(writer, text.data, number > 1 && (multiline || text_overflows(writer, text.data)));
        multiline = strchr(text.data + (text.data[0] == '\n'), '\n') != NULL;
        str_add(out, text.data);
    }
}

/* ---- the clauses of a SELECT ---- */

/* The number of a column of the select list that one before it is like: written out, it would be read as that one. 0: it may be. */
static int number_of_alike(const Query *query, int target)
{
    int number = 1;
    bool is_alike = false;
    for (int i = 0; i < target; i++) {
        is_alike |= expr_equal(query->targets[i].expr, query->targets[target].expr);
        number += !query->targets[i].junk;
    }
    return is_alike && !query->targets[target].junk ? number : 0;
}

static void write_group_columns(Writer *writer, const Query *query, const GroupingSet *set, bool parens)
{
    str_add(writer->out, parens ? "(" : "");
    for (int i = 0; i < set->ntargets; i++) {
        int number = writer->stored ? number_of_alike(query, set->targets[i]) : 0;
        str_add(writer->out, i ? ", " : "");
        if (number)
            str_addf(writer->out, "%d", number);
        else
            text_write_sort_key(writer, query->targets[set->targets[i]].expr);
    }
    str_add(writer->out, parens ? ")" : "");
}

static void write_group_item(Writer *writer, const Query *query, const GroupItem *item, bool in_sets)
{
    static const char *const WORDS[] = {
        [GROUP_EMPTY] = "(", [GROUP_ROLLUP] = "ROLLUP(", [GROUP_CUBE] = "CUBE(", [GROUP_SETS] = "GROUPING SETS ("};
    if (item->kind == GROUP_COLUMNS) {
        write_group_columns(writer, query, &item->columns, in_sets || item->columns.ntargets > 1);
        return;
    }
    str_add(writer->out, WORDS[item->kind]);
    for (size_t i = 0; i < item->count; i++) {
        str_add(writer->out, i ? ", " : "");
        write_group_item(writer, query, item->items[i], item->kind == GROUP_SETS);
    }
    str_addc(writer->out, ')');
}

static void write_group(Writer *writer, const Query *query)
{
    const GroupItem *written = query->ngrouping_sets ? query->group_written : NULL;
    GroupingSet plain = {query->group, query->ngroup};
    if (!query->ngroup && !written)
        return;
    text_keyword(writer, " GROUP BY ", -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, 1);
    str_add(writer->out, query->group_distinct ? "DISTINCT " : "");
    while (plain.ntargets && query->targets[plain.targets[plain.ntargets - 1]].determined_by)
        plain.ntargets--;
    if (!written)
        write_group_columns(writer, query, &plain, false);
    for (size_t i = 0; written && i < written->count; i++) {
        str_add(writer->out, i ? ", " : "");
        write_group_item(writer, query, written->items[i], false);
    }
}

void text_write_condition(Writer *writer, const char *word, const Expr *condition, int plus)
{
    if (!condition)
        return;
    text_keyword(writer, word, -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, plus);
    writer->implicit = false;
    text_write(writer, condition);
}

static void write_distinct(Writer *writer, const Query *query)
{
    if (!query->distinct && !query->distinct_on)
        return;
    str_add(writer->out, " DISTINCT");
    for (int i = 0; i < query->ndistinct_on; i++) {
        str_add(writer->out, i ? ", " : " ON (");
        text_write_sort_key(writer, query->targets[query->distinct_on[i].target].expr);
    }
    str_add(writer->out, query->ndistinct_on ? ")" : "");
}

static void write_named_windows(Writer *writer, const Query *query)
{
    bool first = true;
    for (int i = 0; i < query->nwindows; i++) {
        if (!query->windows[i].name)
            continue;
        if (first)
            text_keyword(writer, " WINDOW ", -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, 1);
        str_addf(writer->out, "%s%s AS ", first ? "" : ", ", text_quoted(writer, query->windows[i].name));
        text_write_window(writer, &query->windows[i]);
        first = false;
    }
}

/* A bare VALUES, which cannot name its columns. What is kept has no need to. */
static bool is_bare_values(const Writer *writer, const Query *query, const CatRelation *view)
{
    for (int i = 0; query->is_values && !writer->stored && i < query->ntargets; i++) {
        const char *name = view && i < view->ncolumns ? view->columns[i].name : query->targets[i].name;
        if (query->targets[i].junk || !name || !str_eq(name, query->rtes[0]->columns[i].name))
            return false;
    }
    return query->is_values;
}

static void write_basic_select(Writer *writer, const Query *query, const CatRelation *view, bool names_visible, bool is_side)
{
    if (!writer->one_line) {
        writer->indent += TEXT_CLAUSE_INDENT;
        str_addc(writer->out, ' ');
    }
    if (is_bare_values(writer, query, view)) {
        text_write_values(writer, query->rtes[0]);
        return;
    }
    str_add(writer->out, query->is_return ? "RETURN" : "SELECT");
    write_distinct(writer, query);
    text_write_targets(writer, query, view, names_visible, is_side);
    text_write_from(writer, query);
    text_write_condition(writer, " WHERE ", query->where, 1);
    write_group(writer, query);
    text_write_condition(writer, " HAVING ", query->having, 0);
    write_named_windows(writer, query);
}

/* ---- set operations ---- */

static void write_side(Writer *writer, const Query *query, const CatRelation *view, bool names_visible);

/* A side as it was written: analysis puts a query that casts its columns around it. */
static const Query *written_side(const Query *side)
{
    return side->is_around ? side->rtes[0]->query : side;
}

static bool has_own_clauses(const Query *query)
{
    return query->norder || query->limit || query->offset || query->nctes;
}

static void write_set_operation(Writer *writer, const Query *query, const CatRelation *view, bool names_visible)
{
    static const char *const WORDS[] = {"", "UNION ", "INTERSECT ", "EXCEPT "};
    const Query *left = written_side(query->left), *right = written_side(query->right);
    bool left_parens = left->set_op && !has_own_clauses(left) && (left->set_op != query->set_op || left->set_all != query->set_all);
    bool right_parens = right->set_op && !has_own_clauses(right);
    int indent = left_parens ? TEXT_CLAUSE_INDENT : 0;
    if (left_parens) {
        str_addc(writer->out, '(');
        text_keyword(writer, "", indent, 0, 0);
    }
    write_side(writer, query->left, view, names_visible);
    text_keyword(writer, left_parens ? ") " : writer->one_line ? " " : "", -indent, 0, 0);
    str_addf(writer->out, "%s%s", WORDS[query->set_op], query->set_all ? "ALL " : "");
    indent = right_parens ? TEXT_CLAUSE_INDENT : 0;
    str_add(writer->out, right_parens ? "(" : "");
    text_keyword(writer, "", indent, 0, 0);
    write_side(writer, query->right, view, false);
    writer->indent -= indent;
    if (right_parens)
        text_keyword(writer, ")", 0, 0, 0);
}

static void write_query(Writer *writer, const Query *query, const CatRelation *view, bool names_visible, bool is_side);

/* A side with clauses of its own is a query in parentheses; a set operation without stands as it is. */
static void write_side(Writer *writer, const Query *query, const CatRelation *view, bool names_visible)
{
    int indent = writer->indent;
    TextLevel *level = writer->level;
    if (query->is_around) {
        writer->level = text_open_level(writer, query);
        write_side(writer, written_side(query), view, names_visible);
    } else if (has_own_clauses(query)) {
        str_addc(writer->out, '(');
        write_query(writer, query, view, names_visible, true);
        str_addc(writer->out, ')');
    } else {
        writer->level = text_open_level(writer, query);
        if (query->set_op)
            write_set_operation(writer, query, view, names_visible);
        else
            write_basic_select(writer, query, view, names_visible, true);
    }
    writer->level = level;
    writer->indent = indent;
}

/* ---- whole queries ---- */

static void write_names(Writer *writer, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        str_addf(writer->out, "%s%s", i ? ", " : "", text_quoted(writer, names[i]));
}

static void write_search(Writer *writer, const CteSearch *search)
{
    if (!search)
        return;
    str_addf(writer->out, " SEARCH %s FIRST BY ", search->breadth_first ? "BREADTH" : "DEPTH");
    write_names(writer, search->columns, search->ncolumns);
    str_addf(writer->out, " SET %s", text_quoted(writer, search->name));
}

static bool is_boolean(const Expr *expr, const char *text)
{
    return expr->kind == EXPR_CONST && expr->type == TYPE_BOOL && expr->u.value && strcmp(expr->u.value, text) == 0;
}

static const char *qualified_type(const Writer *writer, Oid oid)
{
    Catalog *catalog = writer->command->catalog;
    const CatType *type = catalog_type(catalog, oid);
    return catalog_qualified(catalog, type->namespace_oid, type->name, writer->command->arena);
}

/* The grammar takes constants there, no casts: what is read again has the form TYPE 'value'. An array type has its own name then, and an
 * interval its fields after the value. */
static void write_mark(Writer *writer, const Expr *mark)
{
    const Command *command = writer->command;
    const Expr *value = mark;
    while (value->kind != EXPR_CONST && value->nargs > 0)
        value = value->args[0];
    if (!writer->stored || value->kind != EXPR_CONST) {
        writer->implicit = false;
        text_write(writer, mark);
        return;
    }
    if (!value->u.value) {
        str_add(writer->out, "NULL");
        return;
    }
    int32_t typmod = value->type == mark->type ? mark->typmod : value->typmod;
    const char *name = catalog_format_type(command->catalog, value->type, typmod, command->arena), *fields = "";
    if (typmod < 0)
        name = qualified_type(writer, value->type);
    else if (value->type == TYPE_INTERVAL && strchr(name, ' ')) {
        fields = strchr(name, ' ');
        name = "interval";
    }
    str_addf(writer->out, "%s ", name);
    sql_quote_literal(sql_dialect("postgres"), value->u.value, writer->out);
    str_add(writer->out, fields);
}

static void write_cycle(Writer *writer, const CteCycle *cycle)
{
    if (!cycle)
        return;
    str_add(writer->out, " CYCLE ");
    write_names(writer, cycle->columns, cycle->ncolumns);
    str_addf(writer->out, " SET %s", text_quoted(writer, cycle->mark));
    if (!is_boolean(cycle->value, "t") || !is_boolean(cycle->otherwise, "f")) {
        str_add(writer->out, " TO ");
        write_mark(writer, cycle->value);
        str_add(writer->out, " DEFAULT ");
        write_mark(writer, cycle->otherwise);
    }
    str_addf(writer->out, " USING %s", text_quoted(writer, cycle->path));
}

void text_write_with(Writer *writer, const Query *query)
{
    static const char *const MATERIALIZE[] = {"", "MATERIALIZED ", "NOT MATERIALIZED "};
    if (query->nctes == 0)
        return;
    if (!writer->one_line) {
        writer->indent += TEXT_CLAUSE_INDENT;
        str_addc(writer->out, ' ');
    }
    str_addf(writer->out, "WITH %s", query->with_recursive ? "RECURSIVE " : "");
    for (int i = 0; i < query->nctes; i++) {
        const Cte *cte = &query->ctes[i];
        str_addf(writer->out, "%s%s", i ? ", " : "", text_quoted(writer, cte->name));
        for (int j = 0; j < cte->naliases; j++)
            str_addf(writer->out, "%s%s", j ? ", " : "(", text_quoted(writer, cte->columns[j].name));
        str_addf(writer->out, "%s AS %s(", cte->naliases ? ")" : "", MATERIALIZE[cte->materialize]);
        text_keyword(writer, "", 0, 0, 0);
        text_write_query(writer, cte->query, NULL, true);
        text_keyword(writer, ")", 0, 0, 0);
        write_search(writer, cte->search);
        write_cycle(writer, cte->cycle);
    }
    text_keyword(writer, writer->one_line ? " " : "", -TEXT_CLAUSE_INDENT, 0, 0);
}

static void write_order(Writer *writer, const Query *query)
{
    for (int i = 0; i < query->norder; i++) {
        const SortItem *item = &query->order[i];
        const Expr *expr = query->targets[item->target].expr;
        if (i == 0)
            text_keyword(writer, " ORDER BY ", -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, 1);
        else
            str_add(writer->out, ", ");
        if (query->set_op)
            str_addf(writer->out, "%d", item->target + 1);
        else
            text_write_sort_key(writer, expr);
        text_write_order(writer, expr->type, item);
    }
}

static void write_limit(Writer *writer, const Query *query)
{
    const Expr *limit = query->limit;
    text_write_condition(writer, " OFFSET ", query->offset, 0);
    if (!limit)
        return;
    text_keyword(writer, query->with_ties ? " FETCH FIRST " : " LIMIT ", -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, 0);
    writer->implicit = false;
    if (query->with_ties)
        str_addc(writer->out, '(');
    if (limit->kind == EXPR_CONST && !limit->u.value && !query->with_ties)
        str_add(writer->out, "ALL");
    else
        text_write(writer, limit);
    str_add(writer->out, query->with_ties ? ") ROWS WITH TIES" : "");
}

static void write_locks(Writer *writer, const Query *query)
{
    static const char *const STRENGTHS[] = {"", "", " FOR KEY SHARE", " FOR SHARE", " FOR NO KEY UPDATE", " FOR UPDATE"};
    static const char *const WAITS[] = {"", "", " SKIP LOCKED", " NOWAIT"};
    for (int i = 0; i < query->nlocks; i++) {
        const RowLock *lock = &query->locks[i];
        text_keyword(writer, STRENGTHS[lock->strength], -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, 0);
        str_addf(writer->out, " OF %s%s", text_quoted(writer, writer->level->names[lock->rte]), WAITS[lock->wait]);
    }
}

static void write_query(Writer *writer, const Query *query, const CatRelation *view, bool names_visible, bool is_side)
{
    TextLevel *outer = writer->level;
    int indent = writer->indent;
    writer->level = text_open_level(writer, query);
    text_write_with(writer, query);
    if (query->kind != QUERY_SELECT)
        text_write_statement(writer, query, names_visible);
    else if (query->set_op)
        write_set_operation(writer, query, view, names_visible);
    else
        write_basic_select(writer, query, view, names_visible, is_side);
    write_order(writer, query);
    write_limit(writer, query);
    write_locks(writer, query);
    writer->level = outer;
    writer->indent = indent;
}

void text_write_query(Writer *writer, const Query *query, const CatRelation *view, bool names_visible)
{
    write_query(writer, query, view, names_visible, false);
}
