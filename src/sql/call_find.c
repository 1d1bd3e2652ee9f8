/*
 * call_find.c - which function a call means (PostgreSQL manual, section 10.3): by name, by arguments given in place or by name, with
 * variadic parameters spread and defaults filled in.
 */
#include "sql/analyze_int.h"

/* ---- what the functions of the name offer ---- */

static int parameter_count(const CatProc *proc)
{
    return proc->nall ? proc->nall : proc->nargs;
}

/* The input parameter of that name, counted among the inputs; -1: none. */
static int parameter_named(const CatProc *proc, const char *name)
{
    int input = 0;
    for (int i = 0; i < parameter_count(proc) && proc->arg_names; i++) {
        bool is_input = !proc->all_modes || strchr("ibv", proc->all_modes[i]);
        if (is_input && proc->arg_names[i] && strcmp(proc->arg_names[i], name) == 0)
            return input;
        input += is_input;
    }
    return -1;
}

/* Named notation: which parameter each argument, then each default, is. false: the names do not fit. */
static bool match_names(const CatProc *proc, const CallArgs *args, Arena *arena, int **numbers)
{
    if (!proc->arg_names || proc->nargs < args->nargs)
        return false;
    int npositional = args->nargs - args->nnames;
    bool *given = ARENA_ARRAY(arena, bool, proc->nargs + 1);
    int *order = ARENA_ARRAY(arena, int, proc->nargs + 1);
    for (int i = 0; i < args->nargs; i++) {
        order[i] = i < npositional ? i : parameter_named(proc, args->names[i - npositional]);
        if (order[i] < 0 || given[order[i]])
            return false;
        given[order[i]] = true;
    }
    int filled = args->nargs;
    for (int i = 0; i < proc->nargs; i++) {
        if (given[i])
            continue;
        if (i < proc->nargs - proc->ndefaults)
            return false;
        order[filled++] = i;
    }
    *numbers = order;
    return true;
}

static int path_place(Catalog *catalog, Oid schema)
{
    const Oid *path;
    size_t count = catalog_search_path(catalog, true, &path);
    for (size_t i = 0; i < count; i++)
        if (path[i] == schema)
            return (int)i;
    return (int)count;
}

static Candidate *candidate_new(Scope *scope, const CatProc *proc, const CallArgs *args)
{
    Analyzer *an = scope->an;
    Candidate *candidate = ARENA_NEW(an->arena, Candidate);
    candidate->proc = proc;
    candidate->oid = proc->oid;
    candidate->path = path_place(an->catalog, proc->namespace_oid);
    candidate->ntypes = proc->nargs > args->nargs ? proc->nargs : args->nargs;
    candidate->types = ARENA_ARRAY(an->arena, Oid, candidate->ntypes + 1);
    candidate->ndefaults = proc->nargs > args->nargs ? proc->nargs - args->nargs : 0;
    return candidate;
}

/* The function as a candidate for these arguments; NULL: their number or names do not fit. */
static Candidate *candidate_for(Scope *scope, const CatProc *proc, const CallArgs *args, bool expand)
{
    bool spreads = expand && proc->variadic && proc->nargs <= args->nargs && !args->nnames;
    int *numbers = NULL;
    if (args->nnames) {
        if ((expand && proc->variadic) || !match_names(proc, args, scope->an->arena, &numbers))
            return NULL;
    } else if (!spreads && (proc->nargs < args->nargs || proc->nargs - proc->ndefaults > args->nargs)) {
        return NULL;
    }
    Candidate *candidate = candidate_new(scope, proc, args);
    candidate->arg_numbers = numbers;
    for (int i = 0; i < proc->nargs; i++)
        candidate->types[i] = proc->arg_types[numbers ? numbers[i] : i];
    if (spreads) {
        candidate->nvariadic = candidate->ntypes - proc->nargs + 1;
        for (int i = proc->nargs - 1; i < candidate->ntypes; i++)
            candidate->types[i] = proc->variadic;
    }
    return candidate;
}

/* The procedure with its output parameters as inputs: CALL gives arguments for all. */
static const CatProc *with_outputs(const CatProc *proc, Arena *arena)
{
    if (!proc->nall)
        return proc;
    CatProc *all = ARENA_NEW(arena, CatProc);
    *all = *proc;
    all->nargs = proc->nall;
    all->arg_types = proc->all_types;
    all->all_modes = NULL;
    return all;
}

/* Two functions that take these arguments alike: the schema that comes first on the path wins, then the one that is not variadic; otherwise
 * the call is ambiguous, which a candidate without function says. */
static void settle(Candidate *old, const Candidate *fresh)
{
    if (fresh->path != old->path) {
        if (fresh->path < old->path)
            *old = *fresh;
    } else if (!fresh->nvariadic != !old->nvariadic) {
        if (!fresh->nvariadic)
            *old = *fresh;
    } else {
        old->proc = NULL;
    }
}

static CandidateList candidates_for(Scope *scope, const char *schema, const char *name, const CallArgs *args, bool expand)
{
    Analyzer *an = scope->an;
    CandidateList list = {0};
    const CatProc *const *procs;
    size_t count = catalog_procs_by_name(an->catalog, schema, name, &procs);
    for (size_t i = 0; i < count; i++) {
        const CatProc *proc = args->is_call ? with_outputs(procs[i], an->arena) : procs[i];
        Candidate *fresh = candidate_for(scope, proc, args, expand), *same = NULL;
        if (!fresh)
            continue;
        for (size_t j = 0; j < list.count && !same; j++)
            if (memcmp(list.items[j]->types, fresh->types, sizeof(Oid) * (size_t)args->nargs) == 0)
                same = list.items[j];
        if (same)
            settle(same, fresh);
        else
            vec_push(an->arena, &list, fresh);
    }
    return list;
}

/* ---- type(value) ---- */

static bool is_cast_call(Scope *scope, const char *schema, const char *name, const CallArgs *args, CallTarget *out)
{
    Catalog *catalog = scope->an->catalog;
    if (args->nargs != 1 || args->nnames || args->variadic)
        return false;
    const CatType *type = catalog_type_by_name(catalog, schema, name);
    if (!type || !type->is_defined || type->relation)
        return false;
    Oid source = args->types[0];
    bool fits = source == TYPE_UNKNOWN;
    if (!fits) {
        Oid function; /* a cast by function is found as that function, or not at all */
        CoercionPath path = coercion_path(catalog, type->oid, source, COERCE_EXPLICIT, &function);
        bool is_row = source == TYPE_RECORD || type_is_row(catalog, source);
        fits = path == PATH_RELABEL || (path == PATH_IO && !(is_row && type_category(catalog, type->oid, NULL) == 'S'));
    }
    if (fits)
        *out = (CallTarget){.kind = CALL_CAST, .result = type->oid};
    return fits;
}

static void take(CallTarget *out, const Candidate *candidate, const CallArgs *args)
{
    if (!candidate->proc) {
        out->kind = CALL_AMBIGUOUS;
        return;
    }
    /* VARIADIC name => value: it must be the last parameter's, and none before that left to its default. */
    if (args->nnames && args->variadic && candidate->arg_numbers[args->nargs - 1] != args->nargs - 1)
        return;
    out->proc = candidate->proc;
    out->declared = candidate->types;
    out->result = candidate->proc->return_type;
    out->ndefaults = candidate->ndefaults;
    out->nvariadic = candidate->nvariadic;
    out->arg_numbers = candidate->arg_numbers;
    switch (candidate->proc->kind) {
    case 'a':
        out->kind = CALL_AGGREGATE;
        break;
    case 'w':
        out->kind = CALL_WINDOW;
        break;
    case 'p':
        out->kind = CALL_PROCEDURE;
        break;
    default:
        out->kind = CALL_FUNCTION;
    }
}

bool call_find(Scope *scope, const char *schema, const char *name, const CallArgs *args, bool expand, CallTarget *out, int location)
{
    Analyzer *an = scope->an;
    *out = (CallTarget){.kind = CALL_NOT_FOUND};
    if (schema && !names_check_schema(scope, schema, location))
        return false;
    CandidateList all = candidates_for(scope, schema, name, args, expand);
    for (size_t i = 0; i < all.count; i++)
        if (memcmp(all.items[i]->types, args->types, sizeof(Oid) * (size_t)args->nargs) == 0) {
            take(out, all.items[i], args);
            return true;
        }
    if (is_cast_call(scope, schema, name, args, out))
        return true;
    CandidateList matching = candidates_matching(an->catalog, an->arena, &all, args->types, args->nargs);
    Candidate *best = candidates_best(an->catalog, an->arena, &matching, args->types, args->nargs);
    if (best)
        take(out, best, args);
    else if (matching.count > 1)
        out->kind = CALL_AMBIGUOUS;
    return true;
}
