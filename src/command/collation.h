/*
 * collation.h - collations by name, and the statements that make and change them.
 */
#ifndef MEDLEY_COMMAND_COLLATION_H
#define MEDLEY_COMMAND_COLLATION_H

#include "command/table_internal.h"

/* *oid OID_NONE: missing, and missing_ok, and said so in a notice. */
bool collation_find(Command *command, NodeList names, size_t count, bool missing_ok, Oid *oid) MUST_CHECK;
/* COLLATE of a key's element, of a type that has collations; without names nothing changes. */
bool collation_given(Command *command, NodeList names, size_t count, Oid type, Oid *oid) MUST_CHECK;
/* 0A000 where values are to be kept in the collation's order, and that is not known here. */
bool collation_check_order(Command *command, Oid collation) MUST_CHECK;
bool collation_create(Command *command, const PgQuery__DefineStmt *statement);
bool collation_refresh(Command *command);
bool collation_rename(Command *command, const PgQuery__RenameStmt *statement);
bool collation_change_owner(Command *command, const PgQuery__AlterOwnerStmt *statement);
bool collation_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement);
bool collations_drop(Command *command, const PgQuery__DropStmt *statement);

#endif
