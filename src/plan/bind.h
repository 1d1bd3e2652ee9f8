/*
 * bind.h - bind joins: a leaf is asked only for rows with keys that another entry of its query level has.
 */
#ifndef MEDLEY_PLAN_BIND_H
#define MEDLEY_PLAN_BIND_H

#include "plan/internal.h"

/* One equality of a leaf's columns (bound) and another entry's (driver). */
typedef struct KeyPair {
    const Expr *bound, *driver;
    Oid op;   /* bound op driver */
    Oid type; /* of the driver's side */
    int bound_rte, driver_rte;
    const ExprList *around, *where; /* conditions that hold wherever this one does; where NULL: those of WHERE do not */
} KeyPair;
typedef VEC(KeyPair) KeyPairs;

/* What keys leave of a leaf's rows when these are kept, where its source was not asked for them alone. */
typedef struct Reduction {
    int rte;
    KeyPairs pairs; /* bound: its columns */
    ExprList conditions;
} Reduction;

typedef struct Binder {
    Planner *planner;
    Query *query;
    KeyPairs pairs;
    double *rows, *part;  /* of each entry; and which part of them meets the level's conditions on it */
    bool *done, *driving; /* of each entry: it was taken; it has keys of others */
    bool *asks;           /* of others whose sources can be asked for them */
    bool *reduces;        /* a reduction counts on its rows as they are */
    VEC(Reduction) reductions;
} Binder;

/* ---- bind.c ---- */

/* Rows, keys and rows asked for, were the entry to bind a leaf of `all` rows by these pairs; `bound` is the query of the bound side. */
typedef struct BindOffer {
    ExprList conditions; /* that the driver's rows meet in any case */
    double rows, keys, asked;
} BindOffer;
BindOffer bind_offer(const Binder *binder, const KeyPairs *pairs, const Query *bound, double all);
bool bind_pays(const Binder *binder, const BindOffer *offer, double all);
/* Binds the leaf, where its source can say it, keeps the driver's rows and adds the steps. */
bool bind_leaf(Binder *binder, Leaf *leaf, const KeyPairs *pairs, const ExprList *conditions) MUST_CHECK;

/* ---- bind_sublink.c ---- */

/* Binds what subqueries of the level's WHERE read by entries of the level. */
bool bind_sublinks(Binder *binder) MUST_CHECK;

/* ---- bind_find.c ---- */

/* The equalities of a level, each for each side that may have rows left out, and those that follow from two of them. */
void bind_find_pairs(Planner *planner, const Query *query, KeyPairs *out);
/* Those of a subquery's columns (bound) and values of the level it stands in (driver, in that level's terms), which has it in WHERE;
 * `decides`: as one of its conjuncts. */
void bind_sublink_pairs(Planner *planner, const Query *query, const Expr *sublink, bool decides, KeyPairs *out);
/* Whether its source can be asked for keys, or its rows lessened when they are kept. */
bool bind_can_ask(const Leaf *leaf);
bool bind_can_reduce(const Leaf *leaf);
/* The same of a condition of WHERE, x IN (SELECT ...): the other side is entry 0 of a query over the subquery's rows. false: it is none. */
bool bind_in_pairs(Planner *planner, const Query *query, const Expr *in, KeyPairs *out);
/* Conditions among those on one entry alone, which its rows meet wherever they count. */
void bind_own_conditions(Planner *planner, const Query *query, int rte, const ExprList *from, ExprList *out);
/* Whether its rows can be kept before the rest of the level is read. */
bool bind_can_drive(Planner *planner, const Query *query, int rte);
Leaf *bind_leaf_of(Planner *planner, const Query *query, int rte); /* NULL: the entry is no leaf */

#endif
