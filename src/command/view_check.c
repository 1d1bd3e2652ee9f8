/*
 * view_check.c - what a view is of, as far as writes through it go.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/view_internal.h"

bool view_base(Command *command, const Query *query, FuncViewBase *out)
{
    int *columns = ARENA_ARRAY(command->arena, int, query->ntargets + 1), n = 0;
    if (sql_view_rows_not_updatable(query))
        return false;
    int base = query->from[0]->rte;
    for (int i = 0; i < query->ntargets; i++) {
        const Expr *expr = query->targets[i].expr;
        bool own = expr->kind == EXPR_VAR && expr->u.var.rte == base && expr->u.var.levels_up == 0 && expr->u.var.column > 0;
        if (!query->targets[i].junk)
            columns[n++] = own ? expr->u.var.column : 0;
    }
    *out = (FuncViewBase){query->rtes[base]->relation->oid, columns, n};
    return true;
}

bool view_has_check_option(const char *stored)
{
    return stored && strstr(stored, "check_option=");
}
