/*
 * reuse.c - what a finished plan hangs on, and the same plan for other values of its parameters.
 *
 * Invariants:
 *  1. A plan that says neither `uses_values` nor `uses_moment` holds for any values and at any time, as long as catalog, role and settings
 *     are the same: only its leaves' parameters are to be filled in.
 *  2. A plan that is reused is never written to: plan_bind copies what it changes.
 * Any thread.
 */
#include <string.h>

#include "plan/internal.h"

static bool fills_in_values(const Leaf *leaf)
{
    return leaf->target && leaf->sql && leaf->target->module->dialect &&
           sql_dialect(leaf->target->module->dialect) == sql_dialect("postgres");
}

void reuse_judge(const Planner *planner, Plan *plan)
{
    plan->uses_moment = planner->moment;
    plan->calls_params = planner->calls_params && !planner->values_known;
    plan->uses_values =
        planner->values_known || (planner->context->nparams && (planner->trees || (plan->local && refs_has_param(plan->local))));
    for (int i = 0; i < plan->nleaves; i++) {
        const Leaf *leaf = plan->leaves[i];
        plan->uses_moment |= leaf->kind == LEAF_STORED; /* the rows that this moment sees */
        plan->uses_values |= planner->context->nparams && (!fills_in_values(leaf) || leaf->binding);
    }
}

static Leaf *bind_leaf(const Leaf *leaf, const char *const *values, Arena *arena)
{
    Leaf *copy = ARENA_NEW(arena, Leaf);
    FdwParam *params = ARENA_ARRAY(arena, FdwParam, leaf->nparams);
    *copy = *leaf;
    for (size_t i = 0; i < leaf->nparams; i++)
        params[i] = (FdwParam){leaf->params[i].oid, values[leaf->printed->items[i].param - 1]};
    copy->params = copy->spec.params = params;
    return copy;
}

const Plan *plan_bind(const Plan *plan, const char *const *values, Arena *arena)
{
    bool has_params = false;
    for (int i = 0; i < plan->nleaves; i++)
        has_params |= plan->leaves[i]->nparams > 0;
    if (!has_params)
        return plan;
    Plan *copy = ARENA_NEW(arena, Plan);
    *copy = *plan;
    copy->leaves = ARENA_ARRAY(arena, Leaf *, plan->nleaves);
    for (int i = 0; i < plan->nleaves; i++)
        copy->leaves[i] = plan->leaves[i]->nparams ? bind_leaf(plan->leaves[i], values, arena) : plan->leaves[i];
    return copy;
}

bool plan_is_passed_on(const Plan *plan)
{
    return plan->relay && plan->nleaves == 1 && plan->leaves[0]->kind == LEAF_FOREIGN && fills_in_values(plan->leaves[0]);
}
