/*
 * names_missing.c - errors for names that refer to nothing, with PostgreSQL's hints at what may have been meant.
 */
#include "sql/analyze_int.h"

enum { FARTHEST = 3, LONGEST_NAME = 256 };

/* ---- tables ---- */

static Rte *find_hidden_table(Scope *scope, const char *schema, const char *name)
{
    Catalog *catalog = scope->an->catalog;
    const CatRelation *relation = NULL;
    if (!schema || catalog_namespace_by_name(catalog, schema))
        relation = catalog_relation_by_name(catalog, schema, name);
    for (Scope *at = scope; at; at = at->parent)
        for (int i = 0; i < at->query->nrtes; i++) {
            Rte *rte = at->query->rtes[i];
            if (relation && rte->relation && rte->relation->oid == relation->oid)
                return rte;
            if (!schema && rte->alias && strcmp(rte->alias, name) == 0)
                return rte;
        }
    return NULL;
}

bool names_missing_table(Scope *scope, const char *schema, const char *name, int location)
{
    Analyzer *an = scope->an;
    Rte *rte = find_hidden_table(scope, schema, name);
    if (!rte) {
        error_set(an->error, ERRCODE_UNDEFINED_TABLE, "missing FROM-clause entry for table \"%s\"", name);
        return analyze_at(an, location);
    }
    int levels;
    const char *alias = NULL;
    if (rte->alias_written && strcmp(rte->alias, name) != 0) {
        NsItem *item = names_find_item(scope, NULL, rte->alias, location, &levels);
        if (item && item->rte == rte)
            alias = rte->alias;
    }
    error_set(an->error, ERRCODE_UNDEFINED_TABLE, "invalid reference to FROM-clause entry for table \"%s\"", name);
    if (alias)
        error_hint(an->error, "Perhaps you meant to reference the table alias \"%s\".", alias);
    else
        error_hint(an->error, "There is an entry for table \"%s\", but it cannot be referenced from this part of the query.", rte->alias);
    return analyze_at(an, location);
}

/* ---- columns ---- */

/* Edit distance over characters' first bytes; `limit` + 1 when it is beyond that. */
static int distance(const char *a, const char *b, int limit)
{
    int la = (int)strlen(a), lb = (int)strlen(b), row[LONGEST_NAME + 1];
    if (la > LONGEST_NAME || lb > LONGEST_NAME || la - lb > limit || lb - la > limit)
        return limit + 1;
    for (int j = 0; j <= lb; j++)
        row[j] = j;
    for (int i = 1; i <= la; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= lb; j++) {
            int substituted = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
            if (substituted < row[j])
                row[j] = substituted;
        }
    }
    return row[lb] > limit ? limit + 1 : row[lb];
}

typedef struct Guess {
    const Rte *rte;
    const char *column;
} Guess;

typedef struct Guesses {
    int bar; /* guesses farther away than this do not count */
    int best;
    Guess found[2];
    int count;
    const Rte *hidden; /* has exactly this column, but cannot be referred to */
} Guesses;

static void consider(Guesses *guesses, const Rte *rte, const char *actual, const char *wanted, int penalty)
{
    if (penalty > guesses->bar)
        return;
    int apart = distance(actual, wanted, guesses->bar - penalty);
    if (apart > (int)strlen(wanted) / 2 || apart + penalty > guesses->bar)
        return;
    apart += penalty;
    if (guesses->count == 0 || apart < guesses->best) {
        guesses->best = guesses->bar = apart;
        guesses->count = 1;
        guesses->found[0] = (Guess){rte, actual};
    } else if (guesses->count == 1) {
        guesses->found[guesses->count++] = (Guess){rte, actual};
    } else { /* three alike: none of them is a good guess */
        guesses->count = 0;
        guesses->bar = apart - 1;
    }
}

static void consider_rte(Guesses *guesses, const Rte *rte, const char *table, const char *name)
{
    int penalty = 0;
    if (rte->kind == RTE_JOIN || rte->kind == RTE_RESULT || !rte->alias)
        return;
    if (table)
        penalty = distance(table, rte->alias, FARTHEST + 1);
    for (int i = 0; i < rte->ncolumns; i++) {
        const RteColumn *column = &rte->columns[i];
        if (column->dropped || !column->name || !*column->name)
            continue;
        if (penalty == 0 && strcmp(column->name, name) == 0) {
            guesses->hidden = rte;
            return;
        }
        consider(guesses, rte, column->name, name, penalty);
    }
}

/* The leaves of a set operation are tables too, as far as guesses go. */
static void consider_leaves(Analyzer *an, Guesses *guesses, Query *query, int *number, const char *table, const char *name)
{
    if (!query || guesses->hidden)
        return;
    if (query->left) {
        consider_leaves(an, guesses, query->left, number, table, name);
        consider_leaves(an, guesses, query->right, number, table, name);
        return;
    }
    Rte *leaf = rte_for_query(an, query, arena_printf(an->arena, "*SELECT* %d", ++*number));
    consider_rte(guesses, leaf, table, name);
}

bool names_missing_column(Scope *scope, const char *table, const char *name, int location)
{
    Analyzer *an = scope->an;
    Guesses guesses = {.bar = FARTHEST};
    for (Scope *at = scope; at && !guesses.hidden; at = at->parent) {
        int leaves = 0;
        if (at->query->left)
            consider_leaves(an, &guesses, at->query, &leaves, table, name);
        for (int i = 0; i < at->query->nrtes && !guesses.hidden; i++)
            consider_rte(&guesses, at->query->rtes[i], table, name);
    }
    if (table)
        error_set(an->error, ERRCODE_UNDEFINED_COLUMN, "column %s.%s does not exist", table, name);
    else
        error_set(an->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist", name);
    const Guess *found = guesses.found;
    if (guesses.hidden)
        error_hint(an->error, "There is a column named \"%s\" in table \"%s\", but it cannot be referenced from this part of the query.",
                   name, guesses.hidden->alias);
    else if (guesses.count == 1)
        error_hint(an->error, "Perhaps you meant to reference the column \"%s.%s\".", found[0].rte->alias, found[0].column);
    else if (guesses.count == 2)
        error_hint(an->error, "Perhaps you meant to reference the column \"%s.%s\" or the column \"%s.%s\".", found[0].rte->alias,
                   found[0].column, found[1].rte->alias, found[1].column);
    return analyze_at(an, location);
}
