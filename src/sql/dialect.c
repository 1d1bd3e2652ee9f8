/*
 * dialect.c - the dialects: which clauses each has, and the quoting of names and literals.
 *
 * A dialect is data; what it spells differently is in the print_<dialect>.c files and in data/functions.tsv.
 *  1. A row says only what the source says with exactly PostgreSQL's meaning.
 * Any thread.
 */
#include "sql/print_internal.h"

#include <stdlib.h>
#include <string.h>

static const Dialect DIALECTS[] = {
    {.name = "postgres",
     .title = "PostgreSQL sources",
     .kind = DIALECT_POSTGRES,
     .identifier_quote = '"',
     .full_join = true,
     .right_join = true,
     .lateral = true,
     .nulls_order = true,
     .distinct = true,
     .distinct_on = true,
     .filter = true,
     .grouping_sets = true,
     .recursive = true,
     .with_ties = true,
     .windows = true,
     .ctes = true,
     .set_op_parens = true,
     .column_aliases = true,
     .scalar_sublink = true,
     .places_rows = true,
     .constant = postgres_constant,
     .call = postgres_call,
     .type_allowed = postgres_type_allowed},
    {.name = "duckdb",
     .title = "the local engine",
     .kind = DIALECT_DUCKDB,
     .identifier_quote = '"',
     .full_join = true,
     .right_join = true,
     .lateral = true,
     .nulls_order = true,
     .distinct = true,
     .distinct_on = true,
     .filter = true,
     .grouping_sets = true,
     .recursive = true,
     .windows = true,
     .ctes = true,
     .set_op_parens = true,
     .column_aliases = true,
     .scalar_sublink = true,
     .constant = duckdb_constant,
     .call = duckdb_call},
    {.name = "sqlite",
     .title = "SQLite sources",
     .kind = DIALECT_SQLITE,
     .identifier_quote = '"',
     .nulls_order = true,
     .distinct = true,
     .filter = true,
     .constant = sqlite_constant,
     .call = sqlite_call},
    {.name = "catalog",
     .title = "the catalog",
     .kind = DIALECT_SQLITE,
     .identifier_quote = '"',
     .nulls_order = true,
     .distinct = true,
     .filter = true,
     .own_functions = true,
     .scalar_sublink = true,
     .constant = sqlite_constant,
     .call = sqlite_call},
};

const Dialect *sql_dialect(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(DIALECTS); i++) {
        if (str_eq(DIALECTS[i].name, name))
            return &DIALECTS[i];
    }
    return NULL;
}

bool sql_dialect_joins_fully(const Dialect *dialect)
{
    return dialect->full_join;
}

bool sql_dialect_places_rows(const Dialect *dialect)
{
    return dialect->places_rows;
}

void sql_quote_identifier(const Dialect *dialect, const char *name, Str *out)
{
    char quote = dialect->identifier_quote;
    str_addc(out, quote);
    for (; *name; name++) {
        if (*name == quote)
            str_addc(out, quote);
        str_addc(out, *name);
    }
    str_addc(out, quote);
}

/* PostgreSQL and MySQL may take a backslash for an escape, whatever the text before it; the others never do. */
void sql_quote_literal(const Dialect *dialect, const char *text, Str *out)
{
    bool escapes = dialect->kind == DIALECT_MYSQL || (dialect->kind == DIALECT_POSTGRES && strchr(text, '\\'));
    if (escapes && dialect->kind == DIALECT_POSTGRES)
        str_addc(out, 'E');
    str_addc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || (escapes && *text == '\\'))
            str_addc(out, *text);
        str_addc(out, *text);
    }
    str_addc(out, '\'');
}

static int compare_spelling(const void *key, const void *row)
{
    Oid a = *(const Oid *)key, b = ((const FunctionSpelling *)row)->proc;
    return a < b ? -1 : a > b;
}

const FunctionSpelling *dialect_spelling(Oid proc)
{
    return bsearch(&proc, DIALECT_FUNCTIONS, DIALECT_NFUNCTIONS, sizeof(FunctionSpelling), compare_spelling);
}
