/*
 * view_text.c - queries as PostgreSQL's pg_get_viewdef writes them, from the typed Query: clauses, FROM, set operations, WITH.
 *
 * Invariants:
 *  1. Columns are always qualified by the name of their range table entry; entries of one name get a number, over all levels.
 *  2. Relations are named by what the catalog calls them now, and qualified exactly when the search path does not find them.
 *  3. The layout is PostgreSQL's: clauses start at an indentation, one column a line.
 *
 * Entered by the session's worker and by threads of the engine (pg_get_viewdef).
 */
#include <string.h>

#include "command/text_internal.h"
#include "func/func.h"

enum { CLAUSE_INDENT = 8, JOIN_INDENT = 4 };

/* A keyword on a line of its own, `plus` blanks further in; the indentation is another one before and after it. */
static void keyword(Writer *writer, const char *word, int before, int after, int plus)
{
    Str *out = writer->out;
    writer->indent += before;
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    str_addf(out, "\n%*s%s", (writer->indent > 0 ? writer->indent : 0) + plus, "", word);
    writer->indent += after;
    if (writer->indent < 0)
        writer->indent = 0;
}

static const char *quoted(Writer *writer, const char *name)
{
    return catalog_quote_identifier(name, writer->command->arena);
}

/* ---- names of entries and columns ---- */

static bool name_taken(const TextLevel *level, const char *name, int before)
{
    for (int i = 0; i < before; i++)
        if (level->names[i] && str_eq(level->names[i], name))
            return true;
    for (const TextLevel *outer = level->outer; outer; outer = outer->outer)
        for (int i = 0; i < outer->query->nrtes; i++)
            if (outer->names[i] && str_eq(outer->names[i], name))
                return true;
    return false;
}

static const char *column_name(Writer *writer, const Rte *rte, int number)
{
    if (rte->column_aliases && number <= rte->ncolumn_aliases)
        return rte->column_aliases[number - 1];
    if (rte->relation) {
        const CatRelation *relation = catalog_relation(writer->command->catalog, rte->relation->oid);
        if (relation && number <= relation->ncolumns)
            return relation->columns[number - 1].name;
    }
    return number <= rte->ncolumns ? rte->columns[number - 1].name : "?column?";
}

/* A column that USING names must have that name: when it was renamed since, its entry is written with column aliases. */
static void keep_using_name(Writer *writer, const Query *query, const Expr *expr, const char *name)
{
    while (expr->kind != EXPR_VAR && expr->nargs == 1)
        expr = expr->args[0];
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up || expr->u.var.column <= 0)
        return;
    Rte *rte = query->rtes[expr->u.var.rte];
    if (!rte->relation || str_eq(column_name(writer, rte, expr->u.var.column), name))
        return;
    const char **aliases = ARENA_ARRAY(writer->command->arena, const char *, rte->ncolumns);
    for (int i = 0; i < rte->ncolumns; i++)
        aliases[i] = i + 1 == expr->u.var.column ? name : column_name(writer, rte, i + 1);
    rte->column_aliases = aliases;
    rte->ncolumn_aliases = rte->ncolumns;
}

static void keep_using_names(Writer *writer, const Query *query, const FromItem *item)
{
    if (item->kind != FROM_JOIN)
        return;
    keep_using_names(writer, query, item->left);
    keep_using_names(writer, query, item->right);
    for (int i = 0; i < item->nusing && item->on; i++) {
        const Expr *pair = item->on->kind == EXPR_AND ? item->on->args[i] : item->on;
        for (int side = 0; pair->nargs == 2 && side < 2; side++)
            keep_using_name(writer, query, pair->args[side], item->using_names[i]);
    }
}

static TextLevel *open_level(Writer *writer, const Query *query)
{
    Arena *arena = writer->command->arena;
    TextLevel *level = ARENA_NEW(arena, TextLevel);
    *level = (TextLevel){query, ARENA_ARRAY(arena, const char *, query->nrtes + 1), writer->level};
    for (int i = 0; i < query->nfrom; i++)
        keep_using_names(writer, query, query->from[i]);
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        const char *base = rte->kind == RTE_JOIN || rte->kind == RTE_RESULT ? NULL
                           : rte->relation && !rte->alias_written ? catalog_relation(writer->command->catalog, rte->relation->oid)->name
                                                                  : rte->alias;
        const char *name = base ? arena_strdup(arena, base) : NULL;
        for (int number = 1; name && name_taken(level, name, i); number++)
            name = arena_printf(arena, "%s_%d", base, number);
        level->names[i] = name;
    }
    return level;
}

static const TextLevel *level_of(const Writer *writer, const Expr *var)
{
    const TextLevel *level = writer->level;
    for (int up = var->u.var.levels_up; up > 0 && level->outer; up--)
        level = level->outer;
    return level;
}

/* A column that FULL JOIN ... USING merged has the name alone. */
const char *text_merged_name(const Writer *writer, const Expr *expr)
{
    const Query *query = writer->level ? writer->level->query : NULL;
    for (int i = 0; query && i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        for (int j = 0; rte->kind == RTE_JOIN && j < rte->ncolumns; j++) {
            const Expr *merged = rte->columns[j].join_expr;
            if (merged && merged->kind == EXPR_COALESCE && expr_equal(merged, expr))
                return rte->columns[j].name;
        }
    }
    return NULL;
}

static const char *const SYSTEM[] = {"", "ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};

void text_write_column(Writer *writer, const Expr *expr)
{
    const TextLevel *level = level_of(writer, expr);
    int number = expr->u.var.column;
    const Rte *rte = level->query->rtes[expr->u.var.rte];
    if (rte->kind == RTE_JOIN && number > 0 && rte->columns[number - 1].join_expr) {
        text_write(writer, rte->columns[number - 1].join_expr);
        return;
    }
    str_addf(writer->out, "%s.%s", quoted(writer, level->names[expr->u.var.rte] ? level->names[expr->u.var.rte] : "?"),
             number > 0    ? quoted(writer, column_name(writer, rte, number))
             : number == 0 ? "*"
                           : SYSTEM[-number]);
}

/* ---- targets ---- */

/* In a side of a set operation the operation itself brings columns to one type. */
static const Expr *without_implicit_cast(const Expr *expr)
{
    bool cast =
        expr->kind == EXPR_RELABEL || expr->kind == EXPR_CAST_IO || (expr->kind == EXPR_FUNC && expr->u.func.form == FUNC_IMPLICIT_CAST);
    return cast && expr->location < 0 && expr->args[0]->kind != EXPR_CONST ? expr->args[0] : expr;
}

static void write_target(Writer *writer, const Target *target, const char *wanted, bool names_visible, bool is_side)
{
    const Expr *expr = is_side ? without_implicit_cast(target->expr) : target->expr;
    const char *shown = names_visible ? NULL : "?column?";
    if (expr->kind == EXPR_VAR) {
        const TextLevel *level = level_of(writer, expr);
        const Rte *rte = level->query->rtes[expr->u.var.rte];
        text_write_column(writer, expr);
        if (expr->u.var.column == 0 && rte->relation)
            str_addf(writer->out, "::%s", catalog_format_type(writer->command->catalog, expr->type, -1, writer->command->arena));
        int number = expr->u.var.column;
        shown = number > 0 ? column_name(writer, rte, number) : number < 0 ? SYSTEM[-number] : NULL;
    } else {
        text_write_shown(writer, expr);
        shown = expr->kind == EXPR_COALESCE && text_merged_name(writer, expr) ? text_merged_name(writer, expr) : shown;
    }
    if (wanted && (!shown || !str_eq(shown, wanted)))
        str_addf(writer->out, " AS %s", quoted(writer, wanted));
}

static bool overflows(const Writer *writer, const char *item)
{
    const char *line = strrchr(writer->out->data, '\n');
    return (int)(strlen(line ? line + 1 : writer->out->data) + strlen(item)) > writer->wrap;
}

/* Before one more item of a list: a line of its own where there is no room, and no blanks where it brings its own. */
static void place_item(Writer *writer, const char *item, bool new_line)
{
    Str *out = writer->out;
    if (writer->wrap < 0)
        return;
    if (item[0] == '\n')
        while (out->len > 0 && out->data[out->len - 1] == ' ')
            out->data[--out->len] = '\0';
    else if (new_line)
        keyword(writer, "", -CLAUSE_INDENT, CLAUSE_INDENT, TEXT_INDENT);
}

static void write_targets(Writer *writer, const Query *query, const CatRelation *view, bool names_visible, bool is_side)
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
        place_item(writer, text.data, number > 1 && (multiline || overflows(writer, text.data)));
        multiline = strchr(text.data + (text.data[0] == '\n'), '\n') != NULL;
        str_add(out, text.data);
    }
}

/* ---- FROM ---- */

static void write_values(Writer *writer, const Rte *rte)
{
    str_add(writer->out, "VALUES ");
    for (int i = 0; i < rte->nrows; i++) {
        str_add(writer->out, i ? ", (" : "(");
        for (int j = 0; j < rte->ncolumns; j++) {
            str_add(writer->out, j ? "," : "");
            writer->implicit = false;
            text_write(writer, rte->rows[i][j]);
        }
        str_addc(writer->out, ')');
    }
}

/* unnest of several arrays is several functions, written as one. */
static bool is_unnest(const Rte *rte)
{
    for (int i = 0; i < rte->nfunctions; i++)
        if (rte->functions[i]->oid != F_UNNEST_ANYARRAY || rte->functions[i]->nargs != 1)
            return false;
    return rte->nfunctions > 1;
}

static void write_functions(Writer *writer, const Rte *rte)
{
    if (is_unnest(rte)) {
        for (int i = 0; i < rte->nfunctions; i++) {
            str_add(writer->out, i ? ", " : "UNNEST(");
            text_write_shown(writer, rte->functions[i]->args[0]);
        }
        str_add(writer->out, rte->with_ordinality ? ") WITH ORDINALITY" : ")");
        return;
    }
    str_add(writer->out, rte->nfunctions > 1 ? "ROWS FROM(" : "");
    for (int i = 0; i < rte->nfunctions; i++) {
        str_add(writer->out, i ? ", " : "");
        text_write_shown(writer, rte->functions[i]);
    }
    str_add(writer->out, rte->nfunctions > 1 ? ")" : "");
    str_add(writer->out, rte->with_ordinality ? " WITH ORDINALITY" : "");
}

static bool has_column_aliases(Writer *writer, const Rte *rte)
{
    if (rte->kind == RTE_FUNCTION || (rte->ncolumn_aliases && !rte->relation))
        return true;
    for (int i = 0; i < rte->ncolumn_aliases; i++)
        if (!str_eq(rte->column_aliases[i], catalog_relation(writer->command->catalog, rte->relation->oid)->columns[i].name))
            return true;
    return false;
}

static void write_column_aliases(Writer *writer, const Rte *rte)
{
    bool first = true;
    for (int i = 0; i < rte->ncolumns; i++) {
        if (rte->columns[i].dropped)
            continue;
        str_addf(writer->out, "%s%s", first ? "(" : ", ", quoted(writer, column_name(writer, rte, i + 1)));
        first = false;
    }
    str_add(writer->out, first ? "" : ")");
}

static const char *relation_name(Writer *writer, const CatRelation *relation)
{
    Catalog *catalog = writer->command->catalog;
    bool visible = catalog_is_visible(catalog, PG_CLASS_RELATION, relation->oid);
    for (const TextLevel *level = writer->level; level; level = level->outer) /* a WITH item of the name hides it */
        for (int i = 0; i < level->query->nctes; i++)
            visible = visible && !str_eq(level->query->ctes[i].name, relation->name);
    return catalog_qualified(catalog, visible ? OID_NONE : relation->namespace_oid, relation->name, writer->command->arena);
}

static const char *cte_name(const Writer *writer, const Rte *rte)
{
    const TextLevel *level = writer->level;
    for (int up = rte->cte_levels_up; up > 0 && level->outer; up--)
        level = level->outer;
    return rte->cte < level->query->nctes ? level->query->ctes[rte->cte].name : rte->alias;
}

static void write_entry(Writer *writer, int index)
{
    const Rte *rte = writer->level->query->rtes[index];
    const char *own = NULL, *name = writer->level->names[index];
    str_add(writer->out, rte->lateral ? "LATERAL " : "");
    if (rte->relation) {
        const CatRelation *relation = catalog_relation(writer->command->catalog, rte->relation->oid);
        own = relation->name;
        str_addf(writer->out, "%s%s", rte->only ? "ONLY " : "", relation_name(writer, relation));
    } else if (rte->kind == RTE_SUBQUERY) {
        str_addc(writer->out, '(');
        text_write_query(writer, rte->query, NULL, true);
        str_addc(writer->out, ')');
    } else if (rte->kind == RTE_FUNCTION) {
        write_functions(writer, rte);
    } else if (rte->kind == RTE_VALUES) {
        str_addc(writer->out, '(');
        write_values(writer, rte);
        str_addc(writer->out, ')');
    } else {
        own = cte_name(writer, rte);
        str_add(writer->out, quoted(writer, own));
    }
    bool aliases = has_column_aliases(writer, rte);
    if (name && (rte->alias_written || !own || aliases || !str_eq(own, name)))
        str_addf(writer->out, " %s", quoted(writer, name));
    if (aliases)
        write_column_aliases(writer, rte);
}

static void write_from_item(Writer *writer, const FromItem *item);

static void write_join_condition(Writer *writer, const FromItem *item)
{
    Str *out = writer->out;
    if (item->nusing) {
        for (int i = 0; i < item->nusing; i++)
            str_addf(out, "%s%s", i ? ", " : " USING (", quoted(writer, item->using_names[i]));
        str_addc(out, ')');
        if (item->using_alias)
            str_addf(out, " AS %s", quoted(writer, item->using_alias));
    } else if (item->on) {
        str_add(out, writer->pretty ? " ON " : " ON (");
        writer->implicit = false;
        text_write(writer, item->on);
        str_add(out, writer->pretty ? "" : ")");
    } else if (item->join != JOIN_INNER && item->join != JOIN_CROSS) {
        str_add(out, " ON TRUE");
    }
}

static void write_join(Writer *writer, const FromItem *item)
{
    static const char *const WORDS[] = {[JOIN_INNER] = " JOIN ",
                                        [JOIN_LEFT] = " LEFT JOIN ",
                                        [JOIN_RIGHT] = " RIGHT JOIN ",
                                        [JOIN_FULL] = " FULL JOIN ",
                                        [JOIN_CROSS] = ""};
    Str *out = writer->out;
    bool cross = !item->on && (item->join == JOIN_INNER || item->join == JOIN_CROSS);
    bool right_parens = writer->pretty && item->right->kind == FROM_JOIN;
    str_add(out, writer->pretty ? "" : "(");
    write_from_item(writer, item->left);
    keyword(writer,
            cross                      ? " CROSS JOIN "
            : item->join == JOIN_CROSS ? " JOIN "
                                       : WORDS[item->join],
            -CLAUSE_INDENT, CLAUSE_INDENT, JOIN_INDENT);
    str_add(out, right_parens ? "(" : "");
    write_from_item(writer, item->right);
    str_add(out, right_parens ? ")" : "");
    write_join_condition(writer, item);
    str_add(out, writer->pretty ? "" : ")");
}

static void write_from_item(Writer *writer, const FromItem *item)
{
    if (item->kind == FROM_RTE)
        write_entry(writer, item->rte);
    else
        write_join(writer, item);
}

static void write_from(Writer *writer, const Query *query)
{
    Str *out = writer->out;
    for (int i = 0; i < query->nfrom; i++) {
        Str text;
        str_init(&text, writer->command->arena);
        if (i == 0) {
            keyword(writer, " FROM ", -CLAUSE_INDENT, CLAUSE_INDENT, 2);
            write_from_item(writer, query->from[i]);
            continue;
        }
        str_add(out, ", ");
        writer->out = &text;
        write_from_item(writer, query->from[i]);
        writer->out = out;
        place_item(writer, text.data, overflows(writer, text.data));
        str_add(out, text.data);
    }
}

/* ---- the clauses of a SELECT ---- */

static void write_group(Writer *writer, const Query *query)
{
    Str *out = writer->out;
    if (!query->ngroup && !query->ngrouping_sets)
        return;
    keyword(writer, " GROUP BY ", -CLAUSE_INDENT, CLAUSE_INDENT, 1);
    for (int i = 0; i < query->ngroup && !query->ngrouping_sets; i++) {
        str_add(out, i ? ", " : "");
        text_write_sort_key(writer, query->targets[query->group[i]].expr);
    }
    for (int i = 0; i < query->ngrouping_sets; i++) {
        str_add(out, i ? ", (" : "GROUPING SETS ((");
        for (int j = 0; j < query->grouping_sets[i].ntargets; j++) {
            str_add(out, j ? ", " : "");
            text_write_sort_key(writer, query->targets[query->grouping_sets[i].targets[j]].expr);
        }
        str_addc(out, ')');
    }
    str_add(out, query->ngrouping_sets ? ")" : "");
}

static void write_condition(Writer *writer, const char *word, const Expr *condition, int plus)
{
    if (!condition)
        return;
    keyword(writer, word, -CLAUSE_INDENT, CLAUSE_INDENT, plus);
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
            keyword(writer, " WINDOW ", -CLAUSE_INDENT, CLAUSE_INDENT, 1);
        str_addf(writer->out, "%s%s AS ", first ? "" : ", ", quoted(writer, query->windows[i].name));
        text_write_window(writer, &query->windows[i]);
        first = false;
    }
}

static void write_basic_select(Writer *writer, const Query *query, const CatRelation *view, bool names_visible, bool is_side)
{
    writer->indent += CLAUSE_INDENT;
    str_addc(writer->out, ' ');
    if (query->is_values) {
        write_values(writer, query->rtes[0]);
        return;
    }
    str_add(writer->out, "SELECT");
    write_distinct(writer, query);
    write_targets(writer, query, view, names_visible, is_side);
    write_from(writer, query);
    write_condition(writer, " WHERE ", query->where, 1);
    write_group(writer, query);
    write_condition(writer, " HAVING ", query->having, 0);
    write_named_windows(writer, query);
}

/* ---- set operations ---- */

static void write_side(Writer *writer, const Query *query, const CatRelation *view, bool names_visible);

static void write_set_operation(Writer *writer, const Query *query, const CatRelation *view, bool names_visible)
{
    static const char *const WORDS[] = {"", "UNION ", "INTERSECT ", "EXCEPT "};
    const Query *left = query->left;
    bool left_parens = left->set_op && !left->norder && !left->limit && !left->offset && !left->nctes &&
                       (left->set_op != query->set_op || left->set_all != query->set_all);
    bool right_parens =
        query->right->set_op && !query->right->norder && !query->right->limit && !query->right->offset && !query->right->nctes;
    int indent = left_parens ? CLAUSE_INDENT : 0;
    if (left_parens) {
        str_addc(writer->out, '(');
        keyword(writer, "", indent, 0, 0);
    }
    write_side(writer, left, view, names_visible);
    keyword(writer, left_parens ? ") " : "", -indent, 0, 0);
    str_addf(writer->out, "%s%s", WORDS[query->set_op], query->set_all ? "ALL " : "");
    indent = right_parens ? CLAUSE_INDENT : 0;
    str_add(writer->out, right_parens ? "(" : "");
    keyword(writer, "", indent, 0, 0);
    write_side(writer, query->right, view, false);
    writer->indent -= indent;
    if (right_parens)
        keyword(writer, ")", 0, 0, 0);
}

/* A side with clauses of its own is a query in parentheses; a set operation without stands as it is. */
static void write_side(Writer *writer, const Query *query, const CatRelation *view, bool names_visible)
{
    bool own = query->norder || query->limit || query->offset || query->nctes;
    int indent = writer->indent;
    TextLevel *level = writer->level;
    if (own) {
        str_addc(writer->out, '(');
        text_write_query(writer, query, view, names_visible);
        str_addc(writer->out, ')');
        return;
    }
    writer->level = open_level(writer, query);
    if (query->set_op)
        write_set_operation(writer, query, view, names_visible);
    else
        write_basic_select(writer, query, view, names_visible, true);
    writer->level = level;
    writer->indent = indent;
}

/* ---- whole queries ---- */

static void write_with(Writer *writer, const Query *query)
{
    static const char *const MATERIALIZE[] = {"", "MATERIALIZED ", "NOT MATERIALIZED "};
    if (query->nctes == 0)
        return;
    writer->indent += CLAUSE_INDENT;
    str_addf(writer->out, " WITH %s", query->with_recursive ? "RECURSIVE " : "");
    for (int i = 0; i < query->nctes; i++) {
        const Cte *cte = &query->ctes[i];
        bool renamed = false;
        for (int j = 0, n = 0; j < cte->query->ntargets; j++)
            if (!cte->query->targets[j].junk && n < cte->ncolumns)
                renamed = !str_eq(cte->query->targets[j].name ? cte->query->targets[j].name : "", cte->columns[n++].name) || renamed;
        str_addf(writer->out, "%s%s", i ? ", " : "", quoted(writer, cte->name));
        for (int j = 0; renamed && j < cte->ncolumns; j++)
            str_addf(writer->out, "%s%s", j ? ", " : "(", quoted(writer, cte->columns[j].name));
        str_addf(writer->out, "%s AS %s(", renamed ? ")" : "", MATERIALIZE[cte->materialize]);
        keyword(writer, "", 0, 0, 0);
        text_write_query(writer, cte->query, NULL, true);
        keyword(writer, ")", 0, 0, 0);
    }
    keyword(writer, "", -CLAUSE_INDENT, 0, 0);
}

static void write_order(Writer *writer, const Query *query)
{
    for (int i = 0; i < query->norder; i++) {
        const SortItem *item = &query->order[i];
        const Expr *expr = query->targets[item->target].expr;
        if (i == 0)
            keyword(writer, " ORDER BY ", -CLAUSE_INDENT, CLAUSE_INDENT, 1);
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
    write_condition(writer, " OFFSET ", query->offset, 0);
    if (!limit)
        return;
    keyword(writer, query->with_ties ? " FETCH FIRST " : " LIMIT ", -CLAUSE_INDENT, CLAUSE_INDENT, 0);
    writer->implicit = false;
    if (query->with_ties)
        str_addc(writer->out, '(');
    if (limit->kind == EXPR_CONST && !limit->u.value && !query->with_ties)
        str_add(writer->out, "ALL");
    else
        text_write(writer, limit);
    str_add(writer->out, query->with_ties ? ") ROWS WITH TIES" : "");
}

void text_write_query(Writer *writer, const Query *query, const CatRelation *view, bool names_visible)
{
    TextLevel *outer = writer->level;
    int indent = writer->indent;
    writer->level = open_level(writer, query);
    write_with(writer, query);
    if (query->set_op)
        write_set_operation(writer, query, view, names_visible);
    else
        write_basic_select(writer, query, view, names_visible, false);
    write_order(writer, query);
    write_limit(writer, query);
    writer->level = outer;
    writer->indent = indent;
}
