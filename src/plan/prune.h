/*
 * prune.h - what prune.c needs of conditions that are on the key of a partitioned table.
 */
#ifndef MEDLEY_PLAN_PRUNE_H
#define MEDLEY_PLAN_PRUNE_H

#include "plan/internal.h"

typedef enum Compare { CMP_NONE, CMP_LT, CMP_LE, CMP_EQ, CMP_GE, CMP_GT, CMP_NE, CMP_NULL, CMP_NOT_NULL } Compare;

/* What a condition says of a column of the key, from 0. */
typedef struct Limit {
    int column;
    Compare compare;
    Oid right;         /* type of the operator family's operator, which has the key's on its left */
    Oid type;          /* of the value */
    const char *value; /* never NULL, but for CMP_NULL and CMP_NOT_NULL */
} Limit;

typedef VEC(Limit) LimitList;

/* Two types of an operator family: its < and = between them. */
typedef struct KeyOperators {
    int column;
    Oid right, less, equal;
} KeyOperators;

typedef struct Matching {
    Planner *planner;
    const PartitionKey *key;
    Expr **exprs; /* the key's columns and expressions, over the root as entry 0; NULL: not known */
    VEC(KeyOperators) operators;
} Matching;

void prune_match_begin(Matching *matching, Planner *planner, const CatRelation *root, const CatRelation *parent, const PartitionKey *key);
/* A copy of the condition, which is over one entry alone, over entry 0 and in the form that the others want. */
Expr *prune_match_form(Planner *planner, const Expr *condition);
/* Adds what the condition says of the key; nothing where it says nothing. */
void prune_match(Matching *matching, const Expr *condition, LimitList *out);
/* Comparisons of a column with each value of a list, any of which (is_all: all of which) are to hold. false: it is nothing of the kind. */
bool prune_match_list(Matching *matching, const Expr *condition, LimitList *out, bool *is_all);
/* How a value of the limit's column stands to the limit's own. false: that cannot be told. */
bool prune_compare(Matching *matching, const char *value, const Limit *limit, int *order);

#endif
