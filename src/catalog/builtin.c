/*
 * builtin.c - PostgreSQL's own types, functions, operators, casts and keywords, compiled in from the facts in data/.
 *
 * Invariants (of the generated tables):
 *  1. Each table is sorted by OID (casts: by source and target; keywords: by word).
 *  2. X_BY_NAME is sorted by namespace and name, so that a name's rows lie side by side.
 *
 * Threads: any; nothing here changes.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"

#include "catalog_builtins.h"

#define FIND_BY_OID(table, wanted)                                                                                                         \
    do {                                                                                                                                   \
        size_t low_ = 0, high_ = COUNT_OF(table);                                                                                          \
        while (low_ < high_) {                                                                                                             \
            size_t middle_ = (low_ + high_) / 2;                                                                                           \
            if ((table)[middle_].oid == (wanted))                                                                                          \
                return &(table)[middle_];                                                                                                  \
            if ((table)[middle_].oid < (wanted))                                                                                           \
                low_ = middle_ + 1;                                                                                                        \
            else                                                                                                                           \
                high_ = middle_;                                                                                                           \
        }                                                                                                                                  \
        return NULL;                                                                                                                       \
    } while (0)

/* The first row not below (namespace, name), and how many rows equal it. */
#define FIND_BY_NAME(index, namespace, wanted, out)                                                                                        \
    do {                                                                                                                                   \
        size_t low_ = 0, high_ = COUNT_OF(index), end_;                                                                                    \
        while (low_ < high_) {                                                                                                             \
            size_t middle_ = (low_ + high_) / 2;                                                                                           \
            if (compare_name((index)[middle_]->namespace_oid, (index)[middle_]->name, (namespace), (wanted)) < 0)                          \
                low_ = middle_ + 1;                                                                                                        \
            else                                                                                                                           \
                high_ = middle_;                                                                                                           \
        }                                                                                                                                  \
        for (end_ = low_;                                                                                                                  \
             end_ < COUNT_OF(index) && (index)[end_]->namespace_oid == (namespace) && strcmp((index)[end_]->name, (wanted)) == 0; end_++)  \
            ;                                                                                                                              \
        *(out) = (index) + low_;                                                                                                           \
        return end_ - low_;                                                                                                                \
    } while (0)

static int compare_name(Oid a_namespace, const char *a, Oid b_namespace, const char *b)
{
    return a_namespace == b_namespace ? strcmp(a, b) : a_namespace < b_namespace ? -1 : 1;
}

const CatType *builtin_type(Oid oid)
{
    FIND_BY_OID(TYPES, oid);
}

const CatProc *builtin_proc(Oid oid)
{
    FIND_BY_OID(PROCS, oid);
}

const CatOperator *builtin_operator(Oid oid)
{
    FIND_BY_OID(OPERATORS, oid);
}

static size_t types_by_name(Oid namespace_oid, const char *name, const CatType *const **out)
{
    FIND_BY_NAME(TYPES_BY_NAME, namespace_oid, name, out);
}

const CatType *builtin_type_by_name(Oid namespace_oid, const char *name)
{
    const CatType *const *found;
    return types_by_name(namespace_oid, name, &found) ? found[0] : NULL;
}

size_t builtin_procs_by_name(Oid namespace_oid, const char *name, const CatProc *const **out)
{
    FIND_BY_NAME(PROCS_BY_NAME, namespace_oid, name, out);
}

size_t builtin_operators_by_name(Oid namespace_oid, const char *name, const CatOperator *const **out)
{
    FIND_BY_NAME(OPERATORS_BY_NAME, namespace_oid, name, out);
}

static int compare_cast(const void *a, const void *b)
{
    const CatCast *x = a, *y = b;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return (x->target > y->target) - (x->target < y->target);
}

const CatCast *builtin_cast(Oid source, Oid target)
{
    CatCast key = {.source = source, .target = target};
    return bsearch(&key, CASTS, COUNT_OF(CASTS), sizeof CASTS[0], compare_cast);
}

static int compare_keyword(const void *a, const void *b)
{
    return strcmp(((const CatKeyword *)a)->word, ((const CatKeyword *)b)->word);
}

char builtin_keyword(const char *word)
{
    CatKeyword key = {.word = word};
    const CatKeyword *found = bsearch(&key, KEYWORDS, COUNT_OF(KEYWORDS), sizeof KEYWORDS[0], compare_keyword);
    return found ? found->category : '\0';
}

const CatKeyword *catalog_keywords(size_t *count)
{
    *count = COUNT_OF(KEYWORDS);
    return KEYWORDS;
}
