/*
 * func_fdw.h - postgresql_fdw_validator, the validator that needs no wrapper.
 */
#ifndef MEDLEY_FUNC_FDW_H
#define MEDLEY_FUNC_FDW_H

#include "func/func.h"

/* Whether objects of that catalog take an option of each name: 42601. */
bool func_fdw_validate(const char *const *names, size_t count, Oid class_oid, Arena *arena, Error *error) MUST_CHECK;
/* Stored options, an array's text, as names and values; without = the value is NULL. 22004: one of them is NULL. */
typedef struct FuncFdwOption {
    const char *name, *value;
} FuncFdwOption;
bool func_fdw_options(const char *text, Arena *arena, FuncFdwOption **out, size_t *count, Error *error) MUST_CHECK;

#endif
