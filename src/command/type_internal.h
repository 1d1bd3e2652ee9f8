/*
 * type_internal.h - enums, composite types and domains while they are made and changed.
 */
#ifndef MEDLEY_COMMAND_TYPE_INTERNAL_H
#define MEDLEY_COMMAND_TYPE_INTERNAL_H

#include "command/table_internal.h"

/* An enum (base OID_NONE) or a domain. */
typedef struct NewType {
    const char *name;
    Oid schema, oid, array, base, collation;
    int32_t typmod;
    int ndims;
    bool not_null;
    const char *default_text, *default_shown; /* as it is stored, and as it reads under this search path */
} NewType;

/* A new attribute of a composite type: not serial. */
bool composite_check_attribute(Command *command, const PgQuery__ColumnDef *definition) MUST_CHECK;
bool type_check_name(Command *command, const char *name, Oid schema) MUST_CHECK;
bool enum_check_label(Command *command, const char *label) MUST_CHECK;
/* By name; missing and missing_ok: a notice, and *type NULL. */
bool type_find(Command *command, NodeList names, size_t count, bool missing_ok, const CatType **type) MUST_CHECK;
/* Fills type->default_text from a DEFAULT of type->base. */
bool domain_default(Command *command, NewType *type, const Node *expr) MUST_CHECK;
/* What the definition stands on, anew: schema, type below, collation, default. */
bool domain_depend(Command *command, Oid domain) MUST_CHECK;
bool domain_refuse_constraint(Command *command, PgQuery__ConstrType type);
/* A CHECK of a domain, in which VALUE is a value of the base type. *check: as it is stored. */
bool domain_add_check(Command *command, Oid domain, const PgQuery__Constraint *constraint, const char **check) MUST_CHECK;
/* domain_values.c: the rows of Medley's own tables that have values of the domain keep the condition (NULL: NOT NULL). */
bool domain_check_values(Command *command, Oid domain, const char *check) MUST_CHECK;
/* The same for the row type of a composite type or a foreign table, before a column gets another type. */
bool row_type_check_unused(Command *command, const CatRelation *relation) MUST_CHECK;
/* Before a label gets another name, in columns of the type too. 0A000 where rows of Medley's own tables have it inside other values: they
 * are stored as their labels. */
bool enum_check_stored(Command *command, const CatType *type, const char *label) MUST_CHECK;
/* Before a column comes or goes. 0A000 where rows of Medley's own tables have values of the row type: they have their fields by place. */
bool row_type_check_stored(Command *command, const CatRelation *relation) MUST_CHECK;
/* Whether values of `outer` have values of `inner` in them, or are such. depth: 0. */
bool type_contains(Command *command, Oid outer, Oid inner, int depth);
/* No column that has storage uses the type, directly or inside another; `name` is what is being altered. */
bool type_check_unused(Command *command, Oid type, const char *name) MUST_CHECK;

#endif
