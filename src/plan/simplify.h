/*
 * simplify.h - what simplify.c and simplify_query.c share.
 */
#ifndef MEDLEY_PLAN_SIMPLIFY_H
#define MEDLEY_PLAN_SIMPLIFY_H

#include "plan/internal.h"

/* A query whose expressions are simplified, inside the others around it. */
typedef struct SimplifyScope SimplifyScope;

typedef struct Simplifying {
    Planner *planner;
    SimplifyScope *scope; /* of the query in which the expression stands */
    Error *error;
    bool knows_params; /* parameters are constants */
} Simplifying;

/* What PostgreSQL's planner makes of the expression; in place, as far as it stays. NULL: a constant of it fails, and the error says how;
 * the expression is of no use then. */
Expr *simplify_expr(Simplifying *simplifying, Expr *expr);
/* simplify_query.c: the constant that a column of a subquery or function is known to be, else the column. NULL: it fails. */
Expr *simplify_column(Simplifying *simplifying, Expr *var);

#endif
