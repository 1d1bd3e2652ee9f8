/*
 * write_text.c - INSERT, UPDATE and DELETE as PostgreSQL writes those of a routine's body, from queries that were analysed for their text.
 *
 * Invariant: what was not written (defaults, generated columns) is not in such a query, and DEFAULT is itself.
 *
 * Entered by the session's worker and by threads of the engine.
 */
#include "command/text_internal.h"

static const Rte *target_of(const Query *query)
{
    return query->rtes[query->result_rte];
}

static const CatRelation *relation_of(Writer *writer, const Query *query)
{
    return catalog_relation(writer->command->catalog, target_of(query)->relation->oid);
}

static const char *column_name(Writer *writer, const CatRelation *relation, int number)
{
    return text_quoted(writer, relation->columns[number - 1].name);
}

static void open_statement(Writer *writer, const Query *query, const char *word)
{
    const Rte *rte = target_of(query);
    writer->indent += writer->one_line ? 0 : TEXT_CLAUSE_INDENT;
    str_addf(writer->out, "%s%s %s%s", writer->one_line ? "" : " ", word, rte->only && query->kind != QUERY_INSERT ? "ONLY " : "",
             text_relation_name(writer, relation_of(writer, query)));
    if (rte->alias_written)
        str_addf(writer->out, " AS %s", text_quoted(writer, rte->alias_written));
}

/* ---- what columns are given ---- */

static const Expr *without_implicit_casts(const Expr *expr)
{
    while ((expr->kind == EXPR_RELABEL || expr->kind == EXPR_CAST_IO || expr->kind == EXPR_CAST_ARRAY || expr->kind == EXPR_CAST_ROW ||
            (expr->kind == EXPR_FUNC && expr->u.func.form == FUNC_IMPLICIT_CAST) || expr->kind == EXPR_CAST_DOMAIN) &&
           expr->location < 0)
        expr = expr->args[0];
    return expr;
}

static void write_part(Writer *writer, const Expr *expr)
{
    if (expr->u.part.number) {
        str_addf(writer->out, ".%s", text_quoted(writer, expr->u.part.name));
        return;
    }
    for (int i = 2; i < expr->nargs; i++) {
        str_addc(writer->out, '[');
        if (expr->args[i])
            text_write_shown(writer, expr->args[i]);
        if (expr->u.part.is_slice && ++i < expr->nargs) {
            str_addc(writer->out, ':');
            if (expr->args[i])
                text_write_shown(writer, expr->args[i]);
        }
        str_addc(writer->out, ']');
    }
}

/* The parts of a column that are set, behind its name; gives what they are set to. */
static const Expr *write_parts(Writer *writer, const Expr *expr)
{
    const Expr *below = without_implicit_casts(expr);
    if (below->kind != EXPR_SET_PART)
        return expr;
    write_part(writer, below);
    return write_parts(writer, below->args[1]);
}

static void write_value(Writer *writer, const Expr *expr)
{
    writer->implicit = false;
    text_write(writer, expr);
}

/* (a, b) = (SELECT ...): gives how many targets that were. */
static int write_together(Writer *writer, const Query *query, const CatRelation *relation, int first)
{
    int count = query->set_together[first];
    const Expr *sublink = without_implicit_casts(query->targets[first].expr);
    for (int i = first; i < first + count; i++)
        str_addf(writer->out, "%s%s", i > first ? ", " : "(", column_name(writer, relation, query->insert_columns[i]));
    str_add(writer->out, ") = ");
    text_write_sublink_query(writer, sublink->u.sublink.query);
    return count;
}

static void write_set(Writer *writer, const Query *query)
{
    const CatRelation *relation = relation_of(writer, query);
    for (int i = 0; i < query->ntargets;) {
        str_add(writer->out, i ? ", " : "");
        if (query->set_together[i]) {
            i += write_together(writer, query, relation, i);
            continue;
        }
        str_add(writer->out, column_name(writer, relation, query->insert_columns[i]));
        const Expr *value = write_parts(writer, query->targets[i].expr);
        str_add(writer->out, " = ");
        write_value(writer, value);
        i++;
    }
}

/* ---- the statements ---- */

static void write_returning(Writer *writer, const Query *query, bool names_visible)
{
    TextLevel *own = writer->level;
    if (!query->returning)
        return;
    text_keyword(writer, " RETURNING", -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, 1);
    if (query->kind == QUERY_INSERT) {
        writer->level = own->outer;
        writer->level = text_open_level(writer, query->returning);
    }
    text_write_targets(writer, query->returning, NULL, names_visible, false);
    writer->level = own;
}

static void write_conflict(Writer *writer, const OnConflict *conflict)
{
    TextLevel *own = writer->level;
    const CatRelation *relation = writer->relation;
    str_add(writer->out, " ON CONFLICT");
    writer->relation = relation_of(writer, own->query); /* what stands for an index has columns of the table alone */
    writer->level = NULL;
    for (int i = 0; i < conflict->nelements; i++) {
        const Expr *element = conflict->elements[i];
        str_add(writer->out, i ? ", " : "(");
        if (element->kind == EXPR_VAR)
            str_add(writer->out, column_name(writer, writer->relation, element->u.var.column));
        else
            text_write_call_syntax(writer, element);
    }
    str_add(writer->out, conflict->nelements ? ")" : "");
    if (conflict->constraint)
        str_addf(writer->out, " ON CONSTRAINT %s", text_quoted(writer, conflict->constraint));
    text_write_condition(writer, " WHERE ", conflict->where, 1);
    writer->relation = relation;
    writer->level = own;
    str_add(writer->out, conflict->update ? " DO UPDATE SET " : " DO NOTHING");
    if (!conflict->update)
        return;
    writer->level = own->outer;
    writer->level = text_open_level(writer, conflict->update);
    write_set(writer, conflict->update);
    text_write_condition(writer, " WHERE ", conflict->update->where, 1);
    writer->level = own;
}

static const Rte *source_of(const Query *query, RteKind kind)
{
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == kind && i != query->result_rte)
            return query->rtes[i];
    return NULL;
}

/* The rows' values stand where the first row's parts are known. */
static void write_rows(Writer *writer, const Rte *values)
{
    for (int i = 0; i < values->nrows; i++) {
        str_add(writer->out, i ? ", (" : "VALUES (");
        for (int j = 0; j < values->ncolumns; j++) {
            str_add(writer->out, j ? "," : "");
            write_value(writer, values->rows[i][j]);
        }
        str_addc(writer->out, ')');
    }
}

static void write_insert(Writer *writer, const Query *query, bool names_visible)
{
    static const char *const OVERRIDING[] = {"", "OVERRIDING USER VALUE ", "OVERRIDING SYSTEM VALUE "};
    const Rte *select = source_of(query, RTE_SUBQUERY), *values = source_of(query, RTE_VALUES);
    const CatRelation *relation = relation_of(writer, query);
    const Expr **given = ARENA_ARRAY(writer->command->arena, const Expr *, query->ntargets + 1);
    open_statement(writer, query, "INSERT INTO");
    for (int i = 0; i < query->ntargets; i++) {
        str_addf(writer->out, "%s%s", i ? ", " : " (", column_name(writer, relation, query->insert_columns[i]));
        given[i] = write_parts(writer, query->targets[i].expr);
    }
    str_addf(writer->out, "%s%s", query->ntargets ? ") " : " ", OVERRIDING[query->overriding]);
    if (select) {
        text_write_query(writer, select->query, NULL, false);
    } else if (values) {
        write_rows(writer, values);
    } else if (query->ntargets) {
        text_keyword(writer, "VALUES (", -TEXT_CLAUSE_INDENT, TEXT_CLAUSE_INDENT, 2);
        for (int i = 0; i < query->ntargets; i++) {
            str_add(writer->out, i ? ", " : "");
            write_value(writer, given[i]);
        }
        str_addc(writer->out, ')');
    } else {
        str_add(writer->out, "DEFAULT VALUES");
    }
    if (query->conflict)
        write_conflict(writer, query->conflict);
    write_returning(writer, query, names_visible);
}

static void write_update(Writer *writer, const Query *query, bool names_visible)
{
    open_statement(writer, query, "UPDATE");
    str_add(writer->out, " SET ");
    write_set(writer, query);
    text_write_from(writer, query);
    text_write_condition(writer, " WHERE ", query->where, 1);
    write_returning(writer, query, names_visible);
}

static void write_delete(Writer *writer, const Query *query, bool names_visible)
{
    open_statement(writer, query, "DELETE FROM");
    text_write_from(writer, query);
    text_write_condition(writer, " WHERE ", query->where, 1);
    write_returning(writer, query, names_visible);
}

void text_write_statement(Writer *writer, const Query *query, bool names_visible)
{
    if (query->kind == QUERY_INSERT)
        write_insert(writer, query, names_visible);
    else if (query->kind == QUERY_UPDATE)
        write_update(writer, query, names_visible);
    else
        write_delete(writer, query, names_visible);
}
