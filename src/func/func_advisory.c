/*
 * func_advisory.c - functions of advisory locks (PostgreSQL manual, table 9.97): which lock a call is about, as a table.
 */
#include "func/func_internal.h"
#include "func/proc_oids.h"

typedef struct Meaning {
    Oid proc;
    AdvisoryVerb verb;
    bool shared, of_transaction;
} Meaning;

#define BOTH(name, verb, shared, of_transaction)                                                                                           \
    {F_PG_##name##_INT8, verb, shared, of_transaction},                                                                                    \
    {                                                                                                                                      \
        F_PG_##name##_INT4_INT4, verb, shared, of_transaction                                                                              \
    }

static const Meaning MEANINGS[] = {
    BOTH(ADVISORY_LOCK, ADVISORY_LOCK, false, false),
    BOTH(ADVISORY_LOCK_SHARED, ADVISORY_LOCK, true, false),
    BOTH(ADVISORY_XACT_LOCK, ADVISORY_LOCK, false, true),
    BOTH(ADVISORY_XACT_LOCK_SHARED, ADVISORY_LOCK, true, true),
    BOTH(TRY_ADVISORY_LOCK, ADVISORY_TRY, false, false),
    BOTH(TRY_ADVISORY_LOCK_SHARED, ADVISORY_TRY, true, false),
    BOTH(TRY_ADVISORY_XACT_LOCK, ADVISORY_TRY, false, true),
    BOTH(TRY_ADVISORY_XACT_LOCK_SHARED, ADVISORY_TRY, true, true),
    BOTH(ADVISORY_UNLOCK, ADVISORY_UNLOCK, false, false),
    BOTH(ADVISORY_UNLOCK_SHARED, ADVISORY_UNLOCK, true, false),
    {F_PG_ADVISORY_UNLOCK_ALL, ADVISORY_UNLOCK_ALL, false, false},
};

static const Meaning *meaning_of(Oid proc)
{
    size_t at = 0;
    while (MEANINGS[at].proc != proc)
        at++;
    return &MEANINGS[at];
}

static bool advisory(FuncCall *call)
{
    const SessionServices *session = call->context->session;
    const Meaning *meaning = meaning_of(call->proc);
    AdvisoryRequest request = {.verb = meaning->verb, .shared = meaning->shared, .of_transaction = meaning->of_transaction};
    if (!session || !session->advisory)
        return error_unsupported(call->error, "advisory locks are not supported here");
    request.two_keys = call->nargs == 2;
    if (call->nargs)
        request.key = call->args[0].i;
    if (request.two_keys)
        request.key = (int64_t)((uint64_t)(uint32_t)call->args[0].i << 32 | (uint32_t)call->args[1].i);
    if (!session->advisory(session->arg, &request, call->error))
        return !error_is_set(call->error) && func_goes_on(call); /* interrupted: says how */
    if (meaning->verb == ADVISORY_UNLOCK && !request.done)
        notice(catalog_notices(call->context->catalog), SEVERITY_WARNING, ERRCODE_WARNING, "you don't own a lock of type %s",
               meaning->shared ? "ShareLock" : "ExclusiveLock");
    return call->return_type == TYPE_BOOL ? return_bool(call, request.done) : return_text(call, "");
}

#define FUNCTION(meaning)                                                                                                                  \
    {                                                                                                                                      \
        meaning, advisory                                                                                                                  \
    }

static const FuncRow ROWS[] = {
    FUNCTION(F_PG_ADVISORY_LOCK_INT8),
    FUNCTION(F_PG_ADVISORY_LOCK_INT4_INT4),
    FUNCTION(F_PG_ADVISORY_LOCK_SHARED_INT8),
    FUNCTION(F_PG_ADVISORY_LOCK_SHARED_INT4_INT4),
    FUNCTION(F_PG_ADVISORY_XACT_LOCK_INT8),
    FUNCTION(F_PG_ADVISORY_XACT_LOCK_INT4_INT4),
    FUNCTION(F_PG_ADVISORY_XACT_LOCK_SHARED_INT8),
    FUNCTION(F_PG_ADVISORY_XACT_LOCK_SHARED_INT4_INT4),
    FUNCTION(F_PG_TRY_ADVISORY_LOCK_INT8),
    FUNCTION(F_PG_TRY_ADVISORY_LOCK_INT4_INT4),
    FUNCTION(F_PG_TRY_ADVISORY_LOCK_SHARED_INT8),
    FUNCTION(F_PG_TRY_ADVISORY_LOCK_SHARED_INT4_INT4),
    FUNCTION(F_PG_TRY_ADVISORY_XACT_LOCK_INT8),
    FUNCTION(F_PG_TRY_ADVISORY_XACT_LOCK_INT4_INT4),
    FUNCTION(F_PG_TRY_ADVISORY_XACT_LOCK_SHARED_INT8),
    FUNCTION(F_PG_TRY_ADVISORY_XACT_LOCK_SHARED_INT4_INT4),
    FUNCTION(F_PG_ADVISORY_UNLOCK_INT8),
    FUNCTION(F_PG_ADVISORY_UNLOCK_INT4_INT4),
    FUNCTION(F_PG_ADVISORY_UNLOCK_SHARED_INT8),
    FUNCTION(F_PG_ADVISORY_UNLOCK_SHARED_INT4_INT4),
    FUNCTION(F_PG_ADVISORY_UNLOCK_ALL),
};
const FuncTable FUNC_TABLE_ADVISORY = {ROWS, COUNT_OF(ROWS)};
