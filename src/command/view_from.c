/*
 * view_from.c - FROM as PostgreSQL's pg_get_viewdef writes it: entries, their aliases, joins.
 *
 * Entered by the session's worker and by threads of the engine (pg_get_viewdef).
 */
#include <string.h>

#include "command/text_internal.h"
#include "func/func.h"

enum { JOIN_INDENT = 4 };

/* ---- FROM ---- */

void text_write_values(Writer *writer, const Rte *rte)
{
    str_add(writer->out, "VALUES ");
    for (int i = 0; i < rte->nrows; i++) {
        str_add(writer->out, i ? ", (" : "(");
        for (int j = 0; j < rte->ncolumns; j++) {
            str_add(writer->out, j ? "," : "");
            writer->implicit = false;
            text_write_item(writer, rte->rows[i][j]);
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

/* What does not look like a call is written as a cast, which is allowed where calls are. */
void text_write_call_syntax(Writer *writer, const Expr *expr)
{
    if (text_looks_like_call(expr)) {
        text_write_shown(writer, expr);
        return;
    }
    str_add(writer->out, "CAST(");
    writer->implicit = false;
    text_write(writer, expr);
    str_addf(writer->out, " AS %s)", catalog_format_type(writer->command->catalog, expr->type, expr->typmod, writer->command->arena));
}

/* (a integer, b text COLLATE "C"): columns from `first` on; named as the entry (>= 0) now calls them, or as they were. */
static void write_definitions(Writer *writer, const Rte *rte, int first, int count, int index)
{
    Catalog *catalog = writer->command->catalog;
    for (int i = first; i < first + count; i++) {
        const RteColumn *column = &rte->columns[i];
        const CatType *type = catalog_type(catalog, column->type);
        const char *name = index < 0 ? column->name : text_column_name(writer, writer->level, index, i + 1);
        str_addf(writer->out, "%s%s %s", i > first ? ", " : "(", text_quoted(writer, name),
                 catalog_format_type(catalog, column->type, column->typmod, writer->command->arena));
        if (column->collation && type && column->collation != type->collation)
            str_addf(writer->out, " COLLATE %s", text_collation_name(writer, column->collation));
    }
    str_addc(writer->out, ')');
}

/* One function's column definitions stand behind its alias; with ORDINALITY they must stand inside ROWS FROM. */
static bool is_rows_from(const Rte *rte)
{
    return rte->nfunctions > 1 || (rte->function_defined[0] && rte->with_ordinality);
}

static void write_functions(Writer *writer, const Rte *rte)
{
    bool unnest = is_unnest(rte), rows_from = !unnest && is_rows_from(rte);
    int first = 0;
    str_add(writer->out, unnest ? "UNNEST(" : rows_from ? "ROWS FROM(" : "");
    for (int i = 0; i < rte->nfunctions; i++) {
        str_add(writer->out, i ? ", " : "");
        if (unnest)
            text_write_shown(writer, rte->functions[i]->args[0]);
        else
            text_write_call_syntax(writer, rte->functions[i]);
        if (rows_from && rte->function_defined[i]) {
            str_add(writer->out, " AS ");
            write_definitions(writer, rte, first, rte->function_columns[i], -1);
        }
        first += rte->function_columns[i];
    }
    str_add(writer->out, unnest || rows_from ? ")" : "");
    str_add(writer->out, rte->with_ordinality ? " WITH ORDINALITY" : "");
}

static bool has_column_aliases(Writer *writer, int index)
{
    const Rte *rte = writer->level->query->rtes[index];
    if (rte->kind == RTE_FUNCTION || (rte->ncolumn_aliases && !rte->relation && rte->kind != RTE_JOIN))
        return true;
    return text_column_renamed(writer, writer->level, index);
}

/* Of a join: columns that a relation below got since the query was read stand behind its others. */
static void write_new_columns(Writer *writer, int index, int last)
{
    const Rte *join = writer->level->query->rtes[index];
    const Expr *expr = join->columns[last].join_expr;
    if (!expr || expr->kind != EXPR_VAR)
        return;
    for (int i = last + 1; i < join->ncolumns; i++)
        if (join->columns[i].join_expr && join->columns[i].join_expr->kind == EXPR_VAR &&
            join->columns[i].join_expr->u.var.rte == expr->u.var.rte)
            return;
    const Rte *rte = writer->level->query->rtes[expr->u.var.rte];
    const CatRelation *relation = rte->relation ? catalog_relation(writer->command->catalog, rte->relation->oid) : NULL;
    for (int i = relation ? rte->relation->ncolumns : 0; relation && i < relation->ncolumns; i++)
        str_addf(writer->out, ", %s", text_quoted(writer, text_free_name(writer, index, relation->columns[i].name)));
}

/* What is stored has those that were written; the columns that follow have what they are called then. */
static void write_column_aliases(Writer *writer, int index)
{
    const Rte *rte = writer->level->query->rtes[index];
    bool first = true, written = writer->stored && rte->ncolumn_aliases && rte->kind != RTE_FUNCTION;
    for (int i = 0; i < rte->ncolumns && (!written || i < rte->ncolumn_aliases); i++) {
        if (rte->columns[i].dropped)
            continue;
        str_addf(writer->out, "%s%s", first ? "(" : ", ", text_quoted(writer, text_column_name(writer, writer->level, index, i + 1)));
        first = false;
        if (writer->stored && rte->kind == RTE_JOIN)
            write_new_columns(writer, index, i);
    }
    str_add(writer->out, first ? "" : ")");
}

static void write_sample(Writer *writer, const TableSample *sample)
{
    str_addf(writer->out, " TABLESAMPLE %s (", text_quoted(writer, sample->method));
    writer->implicit = false;
    text_write(writer, sample->percent);
    str_addc(writer->out, ')');
    if (!sample->seed)
        return;
    str_add(writer->out, " REPEATABLE (");
    writer->implicit = false;
    text_write(writer, sample->seed);
    str_addc(writer->out, ')');
}

static void write_entry(Writer *writer, int index)
{
    const Rte *rte = writer->level->query->rtes[index];
    const char *own = NULL, *name = writer->level->names[index];
    str_add(writer->out, rte->lateral ? "LATERAL " : "");
    if (rte->relation) {
        const CatRelation *relation = catalog_relation(writer->command->catalog, rte->relation->oid);
        own = relation->name;
        str_addf(writer->out, "%s%s", rte->only ? "ONLY " : "", text_relation_name(writer, relation));
    } else if (rte->kind == RTE_SUBQUERY) {
        str_addc(writer->out, '(');
        text_write_query(writer, rte->query, NULL, true);
        str_addc(writer->out, ')');
    } else if (rte->kind == RTE_FUNCTION) {
        write_functions(writer, rte);
    } else if (rte->kind == RTE_VALUES) {
        str_addc(writer->out, '(');
        text_write_values(writer, rte);
        str_addc(writer->out, ')');
    } else {
        own = text_cte_name(writer, rte);
        str_add(writer->out, text_quoted(writer, own));
    }
    bool aliases = has_column_aliases(writer, index);
    if (name && (rte->alias_written || !own || aliases || !str_eq(own, name)))
        str_addf(writer->out, " %s", text_quoted(writer, name));
    if (rte->kind == RTE_FUNCTION && rte->function_defined[0] && !is_rows_from(rte))
        write_definitions(writer, rte, 0, rte->ncolumns, index);
    else if (aliases)
        write_column_aliases(writer, index);
    if (rte->sample)
        write_sample(writer, rte->sample);
}

static void write_from_item(Writer *writer, const FromItem *item);

static void write_join_condition(Writer *writer, const FromItem *item)
{
    Str *out = writer->out;
    if (item->nusing) {
        for (int i = 0; i < item->nusing; i++)
            str_addf(out, "%s%s", i ? ", " : " USING (", text_quoted(writer, item->using_names[i]));
        str_addc(out, ')');
        if (item->using_alias)
            str_addf(out, " AS %s", text_quoted(writer, item->using_alias));
    } else if (item->on) {
        str_add(out, writer->pretty ? " ON " : " ON (");
        writer->implicit = false;
        text_write(writer, item->on);
        str_add(out, writer->pretty ? "" : ")");
    } else if (item->join != JOIN_INNER && item->join != JOIN_CROSS) {
        str_add(out, writer->stored ? " ON true::bool::bool" : " ON TRUE"); /* join.c tells them apart */
    }
}

static const char *join_alias(const Writer *writer, const FromItem *item)
{
    return item->rte >= 0 ? writer->level->names[item->rte] : NULL;
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
    const char *alias = join_alias(writer, item);
    bool right_parens = writer->pretty && item->right->kind == FROM_JOIN && !join_alias(writer, item->right);
    str_add(out, writer->pretty && !alias ? "" : "(");
    write_from_item(writer, item->left);
    text_keyword(writer,
                 cross                      ? " CROSS JOIN "
                 : item->join == JOIN_CROSS ? " JOIN "
                                            : WORDS[item->join],
                 -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, JOIN_INDENT);
    str_add(out, right_parens ? "(" : "");
    write_from_item(writer, item->right);
    str_add(out, right_parens ? ")" : "");
    write_join_condition(writer, item);
    str_add(out, writer->pretty && !alias ? "" : ")");
    if (!alias)
        return;
    str_addf(out, " %s", text_quoted(writer, alias));
    if (has_column_aliases(writer, item->rte))
        write_column_aliases(writer, item->rte);
}

static void write_from_item(Writer *writer, const FromItem *item)
{
    if (item->kind == FROM_RTE)
        write_entry(writer, item->rte);
    else
        write_join(writer, item);
}

void text_write_from(Writer *writer, const Query *query)
{
    Str *out = writer->out;
    int first = query->kind == QUERY_SELECT ? 0 : 1; /* an UPDATE's own table comes first */
    for (int i = first; i < query->nfrom; i++) {
        Str text;
        str_init(&text, writer->command->arena);
        if (i == first) {
            text_keyword(writer, query->kind == QUERY_DELETE ? " USING " : " FROM ", -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, 2);
            write_from_item(writer, query->from[i]);
            continue;
        }
        str_add(out, ", ");
        writer->out = &text;
        write_from_item(writer, query->from[i]);
        writer->out = out;
        text_place_item(writer, text.data, text_overflows(writer, text.data));
        str_add(out, text.data);
    }
}
