/*
 * privilege_internal.h - changes of one access control list, as GRANT, REVOKE and DROP OWNED make them.
 */
#ifndef MEDLEY_COMMAND_PRIVILEGE_INTERNAL_H
#define MEDLEY_COMMAND_PRIVILEGE_INTERNAL_H

#include "command/command_internal.h"

/* A list while it changes. */
typedef struct AclList {
    AclItem *items;
    size_t count;
} AclList;

/* What one GRANT or REVOKE does, whatever the object. */
typedef struct Grant {
    bool is_grant, grant_option;
    DropBehavior behavior;
    const Oid *grantees; /* OID_NONE: PUBLIC */
    size_t ngrantees;
} Grant;

AclList acl_list_copy(Command *command, const AclItem *items, size_t count);
AclList acl_list_concat(Command *command, const AclList *a, const AclList *b);
/* Applies the grant of `privileges` by `grantor` in place. */
bool acl_list_apply(Command *command, AclList *list, const Grant *grant, AclMask privileges, Oid grantor, Oid owner) MUST_CHECK;
/* As whom the current user grants: itself or a role it has the privileges of, the one with most of the grant options. */
bool acl_best_grantor(Command *command, AclMask privileges, const AclList *list, Oid owner, Oid *grantor, AclMask *options) MUST_CHECK;

/* Adds one item as it is: a list merged into another. */
bool acl_list_add(Command *command, AclList *list, const AclItem *item, Oid owner) MUST_CHECK;

/* The roles a statement grants to. */
bool grantees_read(Command *command, const PgQuery__GrantStmt *statement, Grant *grant) MUST_CHECK;
/* Adds the privilege of a word; 0LP01 unless it is one of `rights`, of a `kind` of object. */
bool privilege_read_word(Command *command, const char *word, AclMask rights, const char *kind, AclMask *privileges) MUST_CHECK;

/* All that a role was granted on one object by its owner (DROP OWNED). */
bool privilege_revoke_all(Command *command, ObjectAddress object, Oid role) MUST_CHECK;
/* The same, on a row of pg_default_acl. */
bool default_privileges_revoke_all(Command *command, Oid oid, Oid role) MUST_CHECK;

#endif
