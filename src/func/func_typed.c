/*
 * func_typed.c - polymorphic functions called with the types that a call has them of, which the local engine cannot register.
 *
 * Any thread.
 */
#include "func/func_internal.h"

#include <stdlib.h>

bool helper_typed_call(FuncCall *call)
{
    enum { MOST_ARGS = 2 };
    char *at = (char *)(uintptr_t)arg_text(call, 1);
    Oid result = (Oid)strtoul(at, &at, 10), types[MOST_ARGS];
    const char *texts[MOST_ARGS], *answer;
    int nargs = call->nargs - 2;
    for (int i = 0; i < nargs; i++) {
        types[i] = (Oid)strtoul(at, &at, 10);
        texts[i] = arg_text(call, i + 2);
    }
    return func_fold(arg_oid(call, 0), call->context, result, types, texts, nargs, call->arena, &answer, call->error) &&
           return_text(call, answer);
}
