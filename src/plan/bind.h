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

/* The equalities of a level, each for each side that may be bound. */
void bind_find_pairs(Planner *planner, const Query *query, KeyPairs *out);
/* The same of a condition of WHERE, x IN (SELECT ...): the other side is entry 0 of a query over the subquery's rows. false: it is none. */
bool bind_in_pairs(Planner *planner, const Query *query, const Expr *in, KeyPairs *out);
/* Conditions among those on one entry alone, which its rows meet wherever they count. */
void bind_own_conditions(Planner *planner, const Query *query, int rte, const ExprList *from, ExprList *out);
/* Whether its rows can be kept before the rest of the level is read. */
bool bind_can_drive(Planner *planner, const Query *query, int rte);
Leaf *bind_leaf_of(Planner *planner, const Query *query, int rte); /* NULL: the entry is no leaf */

#endif
