/*
 * function_internal.h - what CREATE and ALTER FUNCTION share: the attributes of a routine as a statement gives them.
 */
#ifndef MEDLEY_COMMAND_FUNCTION_INTERNAL_H
#define MEDLEY_COMMAND_FUNCTION_INTERNAL_H

#include "command/command_internal.h"

/* Options of CREATE and actions of ALTER; NULL: not given. */
typedef struct RoutineOptions {
    const PgQuery__DefElem *as, *language, *transform, *window, *volatility, *strict, *security, *leakproof, *cost, *rows, *support,
        *parallel;
    VEC(const PgQuery__VariableSetStmt *) sets;
} RoutineOptions;

/* alter: AS, LANGUAGE, TRANSFORM and WINDOW are no actions. */
bool routine_options_read(Command *command, NodeList items, size_t count, bool is_procedure, RoutineOptions *out) MUST_CHECK;
/* Values of options; `fallback` when it was not given. */
bool routine_option_bool(const PgQuery__DefElem *option, bool fallback);
/* SUPPORT: such a function must be there, and then it is not supported. */
bool routine_refuse_support(Command *command, const PgQuery__DefElem *option) MUST_CHECK;
bool routine_cost(Command *command, const RoutineOptions *options, double fallback, double *out) MUST_CHECK;
bool routine_rows(Command *command, const RoutineOptions *options, double fallback, double *out) MUST_CHECK;
bool routine_volatility(const RoutineOptions *options, char *out);
bool routine_parallel(Command *command, const RoutineOptions *options, char *out) MUST_CHECK;
/* proconfig after the SETs and RESETs; old: as stored, or NULL. */
bool routine_config(Command *command, const RoutineOptions *options, const char *old, const char **out) MUST_CHECK;

/* The routine as it is to be stored. */
typedef struct NewRoutine {
    const char *name, *source, *binary, *body; /* body: SQL-standard */
    Oid schema, language, result, variadic;
    const char *language_name;
    bool is_procedure, returns_set;
    int nargs, nall, ndefaults;
    Oid *arg_types, *all_types; /* all_types: every parameter, whether it is stored or not */
    char *modes;
    const char **names;
    bool has_modes, has_names;
    const char *defaults;
    VEC(const Expr *) default_exprs;
} NewRoutine;

/* function_parameter.c: names, types, modes and defaults. *required: the result type that OUT parameters demand, or OID_NONE. */
bool routine_parameters(Command *command, const PgQuery__CreateFunctionStmt *statement, NewRoutine *routine, Oid *required) MUST_CHECK;
bool routine_result(Command *command, const PgQuery__CreateFunctionStmt *statement, NewRoutine *routine, Oid required) MUST_CHECK;

/* function_body.c: AS of each language, and whether the body makes sense. */
bool routine_body(Command *command, const PgQuery__CreateFunctionStmt *statement, const RoutineOptions *options,
                  NewRoutine *routine) MUST_CHECK;
/* config: its SET clauses, which hold meanwhile; NULL: none. */
bool routine_validate(Command *command, const PgQuery__CreateFunctionStmt *statement, const NewRoutine *routine, const char *config,
                      Oid oid) MUST_CHECK;

/* function_check.c */
bool routine_check_body(Command *command, const NewRoutine *routine) MUST_CHECK;
/* The same of BEGIN ATOMIC and RETURN, which are analysed now: the routine depends on what they use. */
bool routine_check_standard_body(Command *command, const Node *body, const NewRoutine *routine, Oid oid) MUST_CHECK;

#endif
