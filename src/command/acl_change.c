/*
 * acl_change.c - one access control list: adding and taking privileges, grant options and what hangs on them.
 *
 * Invariants:
 *  1. One item a (grantee, grantor); an item without privileges and grant options does not stay.
 *  2. The owner has every grant option, whatever its item says.
 *  3. No chain of grant options leads back to who granted it.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/privilege_internal.h"

AclList acl_list_copy(Command *command, const AclItem *items, size_t count)
{
    /* Room for what a change may add, so that items need not move while a list is walked. */
    AclList list = {ARENA_ARRAY(command->arena, AclItem, count + 1), count};
    if (count)
        memcpy(list.items, items, count * sizeof *items);
    return list;
}

AclList acl_list_concat(Command *command, const AclList *a, const AclList *b)
{
    AclList list = {ARENA_ARRAY(command->arena, AclItem, a->count + b->count + 1), a->count + b->count};
    memcpy(list.items, a->items, a->count * sizeof *a->items);
    memcpy(list.items + a->count, b->items, b->count * sizeof *b->items);
    return list;
}

static size_t find_item(const AclList *list, Oid grantee, Oid grantor)
{
    size_t i = 0;
    while (i < list->count && !(list->items[i].grantee == grantee && list->items[i].grantor == grantor))
        i++;
    return i;
}

static void remove_item(AclList *list, size_t at)
{
    memmove(&list->items[at], &list->items[at + 1], (list->count - at - 1) * sizeof *list->items);
    list->count--;
}

/* Grant options that a role holds itself, through PUBLIC or through roles whose privileges it has. */
static AclMask grant_options_of(Command *command, const AclList *list, Oid role, Oid owner, AclMask mask)
{
    AclMask found = 0;
    if (role == owner || catalog_has_privs_of(command->catalog, role, owner))
        return mask;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].grantee == OID_NONE || list->items[i].grantee == role ||
            catalog_has_privs_of(command->catalog, role, list->items[i].grantee))
            found |= list->items[i].grant_options & mask;
    return found;
}

typedef struct AclMod {
    AclItem item;
    bool add;
    DropBehavior behavior;
} AclMod;

static bool update_list(Command *command, AclList *list, const AclMod *mod, Oid owner);

/* What `grantee` granted on with options it has lost goes too. */
static bool revoke_dependents(Command *command, AclList *list, Oid grantee, AclMask lost, Oid owner, DropBehavior behavior)
{
    if (grantee == owner)
        return true;
    lost &= ~grant_options_of(command, list, grantee, owner, lost);
    for (size_t i = 0; lost && i < list->count; i++) {
        const AclItem *item = &list->items[i];
        if (item->grantor != grantee || !(item->privileges & lost))
            continue;
        if (behavior == DROP_RESTRICT) {
            error_set(command->error, ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST, "dependent privileges exist");
            return error_hint(command->error, "Use CASCADE to revoke them too.");
        }
        AclMod mod = {{item->grantee, grantee, lost, lost}, false, behavior};
        if (!update_list(command, list, &mod, owner))
            return false;
        i = (size_t)-1; /* the list has changed: from its start */
    }
    return true;
}

/* Would the grantee's options remain without those that come from the grantee itself? */
static bool check_circle(Command *command, const AclList *list, const AclMod *mod, Oid owner)
{
    if (mod->item.grantor == owner)
        return true;
    AclList rest = acl_list_copy(command, list->items, list->count);
    for (size_t i = 0; i < rest.count; i++) {
        if (rest.items[i].grantee != mod->item.grantee || !rest.items[i].grant_options)
            continue;
        AclMod without = {rest.items[i], false, DROP_CASCADE};
        without.item.privileges = without.item.grant_options;
        if (!update_list(command, &rest, &without, owner))
            return false;
        i = (size_t)-1;
    }
    AclMask own = grant_options_of(command, &rest, mod->item.grantor, owner, mod->item.grant_options);
    return !(mod->item.grant_options & ~own) ||
           error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "grant options cannot be granted back to your own grantor");
}

static bool update_list(Command *command, AclList *list, const AclMod *mod, Oid owner)
{
    const AclItem *wanted = &mod->item;
    if (mod->add && wanted->grant_options && wanted->grantee != OID_NONE && !check_circle(command, list, mod, owner))
        return false;
    size_t at = find_item(list, wanted->grantee, wanted->grantor);
    if (at == list->count) {
        AclList longer = acl_list_copy(command, list->items, list->count);
        longer.items[longer.count++] = (AclItem){wanted->grantee, wanted->grantor, 0, 0};
        *list = longer;
    }
    AclItem *item = &list->items[at];
    AclMask had = item->grant_options;
    if (mod->add) {
        item->privileges |= wanted->privileges;
        item->grant_options |= wanted->grant_options;
    } else {
        item->privileges &= ~wanted->privileges;
        item->grant_options &= ~wanted->grant_options;
    }
    AclMask lost = had & ~item->grant_options;
    Oid grantee = item->grantee;
    if (!item->privileges && !item->grant_options)
        remove_item(list, at);
    return !lost || grantee == OID_NONE || revoke_dependents(command, list, grantee, lost, owner, mod->behavior);
}

bool acl_list_apply(Command *command, AclList *list, const Grant *grant, AclMask privileges, Oid grantor, Oid owner)
{
    for (size_t i = 0; i < grant->ngrantees; i++) {
        if (grant->is_grant && grant->grant_option && grant->grantees[i] == OID_NONE)
            return error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "grant options can only be granted to roles");
        AclMod mod = {.item = {.grantee = grant->grantees[i], .grantor = grantor}, .add = grant->is_grant, .behavior = grant->behavior};
        mod.item.privileges = grant->is_grant || !grant->grant_option ? privileges : 0;
        mod.item.grant_options = !grant->is_grant || grant->grant_option ? privileges : 0;
        if (!update_list(command, list, &mod, owner))
            return false;
    }
    return true;
}

bool acl_list_add(Command *command, AclList *list, const AclItem *item, Oid owner)
{
    AclMod mod = {.item = *item, .add = true, .behavior = DROP_RESTRICT};
    return update_list(command, list, &mod, owner);
}

/* The grant options a role holds by items of its own. */
static AclMask direct_options(const AclList *list, Oid role, Oid owner, AclMask mask)
{
    AclMask found = role == owner ? mask : 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].grantee == role)
            found |= list->items[i].grant_options & mask;
    return found;
}

bool acl_best_grantor(Command *command, AclMask privileges, const AclList *list, Oid owner, Oid *grantor, AclMask *options)
{
    *grantor = command->user;
    *options = 0;
    if (command->user == owner || catalog_is_superuser(command->catalog, command->user)) {
        *grantor = owner;
        *options = privileges;
        return true;
    }
    CatalogRows *roles = catalog_query(
        command->catalog, command->arena, command->error,
        "WITH RECURSIVE m(r, depth) AS (SELECT ?1, 0 UNION SELECT roleid, depth + 1 FROM m JOIN pg_authid ON oid = r AND rolinherit"
        " JOIN pg_auth_members ON member = r WHERE depth < 64) SELECT r FROM m GROUP BY r ORDER BY min(depth), r",
        "o", command->user);
    if (!roles)
        return false;
    int best = 0;
    for (size_t i = 0; i < roles->nrows; i++) {
        Oid role = (Oid)CATALOG_CELL(roles, i, 0).i;
        AclMask found = direct_options(list, role, owner, privileges);
        if (__builtin_popcount(found) > best) {
            best = __builtin_popcount(found);
            *grantor = role;
            *options = found;
        }
        if (found == privileges)
            break;
    }
    return true;
}
