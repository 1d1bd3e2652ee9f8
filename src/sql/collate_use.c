/*
 * collate_use.c - what has to know by which collation it works, and how PostgreSQL names that when it cannot.
 *
 * Invariants:
 *  1. PostgreSQL tells only where such a function is called, so a query that is merely analysed, a view's or a routine's, is no error: it
 *     keeps the first of its uses (Query.undetermined), which is an error when it is planned.
 *  2. A function goes by its source in pg_proc, as functions over text, char and name share theirs.
 */
#include <string.h>

#include "sql/analyze_int.h"

static const char COMPARISON[] = "string comparison", HASHING[] = "string hashing", PATTERN[] = "regular expression";

/* By pg_proc.prosrc; `*`: whatever follows. */
static const struct Use {
    const char *source, *use;
} USES[] = {
    {"texteq*", COMPARISON},          {"textne*", COMPARISON},        {"text_lt", COMPARISON},
    {"text_le", COMPARISON},          {"text_gt", COMPARISON},        {"text_ge", COMPARISON},
    {"textltname", COMPARISON},       {"textlename", COMPARISON},     {"textgtname", COMPARISON},
    {"textgename", COMPARISON},       {"nameeqtext", COMPARISON},     {"namenetext", COMPARISON},
    {"namelttext", COMPARISON},       {"nameletext", COMPARISON},     {"namegttext", COMPARISON},
    {"namegetext", COMPARISON},       {"bttext*", COMPARISON},        {"btnametextcmp", COMPARISON},
    {"text_larger", COMPARISON},      {"text_smaller", COMPARISON},   {"bpchareq", COMPARISON},
    {"bpcharne", COMPARISON},         {"bpcharlt", COMPARISON},       {"bpcharle", COMPARISON},
    {"bpchargt", COMPARISON},         {"bpcharge", COMPARISON},       {"bpcharcmp", COMPARISON},
    {"bpchar_larger", COMPARISON},    {"bpchar_smaller", COMPARISON}, {"array_eq", COMPARISON},
    {"array_ne", COMPARISON},         {"array_lt", COMPARISON},       {"array_le", COMPARISON},
    {"array_gt", COMPARISON},         {"array_ge", COMPARISON},       {"btarraycmp", COMPARISON},
    {"array_larger", COMPARISON},     {"array_smaller", COMPARISON},  {"arrayoverlap", COMPARISON},
    {"arraycontains", COMPARISON},    {"arraycontained", COMPARISON}, {"array_position*", COMPARISON},
    {"array_remove", COMPARISON},     {"array_replace", COMPARISON},  {"width_bucket_array", COMPARISON},
    {"textpos", COMPARISON},          {"replace_text", COMPARISON},   {"split_part", COMPARISON},
    {"text_starts_with", COMPARISON}, {"text_to_array*", COMPARISON}, {"text_to_table*", COMPARISON},
    {"hashtext*", HASHING},           {"hashbpchar*", HASHING},       {"hash_array*", HASHING},
    {"textregex*", PATTERN},          {"texticregex*", PATTERN},      {"nameregex*", PATTERN},
    {"nameicregex*", PATTERN},        {"regexp_*", PATTERN},          {"texticlike", "ILIKE"},
    {"texticnlike", "ILIKE"},         {"nameiclike", "ILIKE"},        {"nameicnlike", "ILIKE"},
    {"upper", "upper() function"},    {"lower", "lower() function"},  {"initcap", "initcap() function"},
};

static bool fits(const char *pattern, const char *source)
{
    size_t length = strlen(pattern);
    return pattern[length - 1] == '*' ? strncmp(pattern, source, length - 1) == 0 : str_eq(pattern, source);
}

static const char *use_of(const CatProc *proc)
{
    if (!proc->source || proc->oid >= FIRST_USER_OID)
        return NULL;
    if (proc->kind == 'a' && (str_eq(proc->name, "max") || str_eq(proc->name, "min")))
        return COMPARISON;
    for (size_t i = 0; i < COUNT_OF(USES); i++)
        if (fits(USES[i].source, proc->source))
            return USES[i].use;
    return NULL;
}

const char *collate_use(Analyzer *an, const Expr *expr)
{
    bool aggregates = expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW;
    if (expr->kind == EXPR_GREATEST || expr->kind == EXPR_LEAST || expr->kind == EXPR_ROW_COMPARE)
        return COMPARISON;
    const CatProc *proc = aggregates ? catalog_proc(an->catalog, expr->oid) : expr_called(an->catalog, expr);
    return proc ? use_of(proc) : NULL;
}

const char *collate_grouping_use(bool hashed)
{
    return hashed ? HASHING : COMPARISON;
}

static bool refuse(const char *use, Error *error)
{
    error_set(error, ERRCODE_INDETERMINATE_COLLATION, "could not determine which collation to use for %s", use);
    return error_hint(error, "Use the COLLATE clause to set the collation explicitly.");
}

bool collate_refuse_noted(const Analyzer *an)
{
    return !an->undetermined || refuse(an->undetermined, an->error);
}

static bool is_undetermined(const Query *query, void *error)
{
    return (query->undetermined && !refuse(query->undetermined, error)) || query_walk_queries(query, is_undetermined, error);
}

bool sql_check_collations(const Query *query, Error *error)
{
    return !is_undetermined(query, error);
}
