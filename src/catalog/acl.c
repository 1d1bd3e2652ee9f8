/*
 * acl.c - access control lists as values: their stored form, PostgreSQL's defaults, and the algebra of GRANT and REVOKE.
 *
 * Stored form: "{grantee=letters/grantor,...}", roles as OIDs, no grantee for PUBLIC, a star after a letter that may be granted on.
 *
 * Threads: any.
 */
#include <stdlib.h>

#include "catalog/catalog_internal.h"

static const struct {
    char letter;
    AclMask mask;
} LETTERS[] = {
    {'a', ACL_INSERT},      {'r', ACL_SELECT},  {'w', ACL_UPDATE},  {'d', ACL_DELETE},       {'D', ACL_TRUNCATE},
    {'x', ACL_REFERENCES},  {'t', ACL_TRIGGER}, {'X', ACL_EXECUTE}, {'U', ACL_USAGE},        {'C', ACL_CREATE},
    {'T', ACL_CREATE_TEMP}, {'c', ACL_CONNECT}, {'s', ACL_SET},     {'A', ACL_ALTER_SYSTEM},
};

enum {
    TABLE_RIGHTS = ACL_INSERT | ACL_SELECT | ACL_UPDATE | ACL_DELETE | ACL_TRUNCATE | ACL_REFERENCES | ACL_TRIGGER,
    SEQUENCE_RIGHTS = ACL_USAGE | ACL_SELECT | ACL_UPDATE,
};

/* What an owner and what everybody has by default (PostgreSQL manual, table 5.2). */
static const struct {
    char kind;
    AclMask owner, everybody;
} DEFAULTS[] = {
    {'r', TABLE_RIGHTS, 0},
    {'s', SEQUENCE_RIGHTS, 0},
    {'n', ACL_USAGE | ACL_CREATE, 0},
    {'f', ACL_EXECUTE, ACL_EXECUTE},
    {'S', ACL_USAGE, 0},
    {'F', ACL_USAGE, 0},
    {'T', ACL_USAGE, ACL_USAGE},
    {'d', ACL_CREATE | ACL_CREATE_TEMP | ACL_CONNECT, ACL_CREATE_TEMP | ACL_CONNECT},
    {'l', ACL_USAGE, ACL_USAGE},
    {'t', ACL_CREATE, 0},
    {'p', ACL_SET | ACL_ALTER_SYSTEM, 0},
    {'L', ACL_SELECT | ACL_UPDATE, 0},
};

/* Reads one item; the place after it. */
static const char *parse_item(const char *at, AclItem *item)
{
    char *end;
    item->grantee = *at == '=' ? OID_NONE : (Oid)strtoul(at, &end, 10);
    at = strchr(at, '=');
    for (at = at ? at + 1 : ""; *at && *at != '/'; at++)
        for (size_t i = 0; i < COUNT_OF(LETTERS); i++)
            if (LETTERS[i].letter == *at) {
                item->privileges |= LETTERS[i].mask;
                if (at[1] == '*')
                    item->grant_options |= LETTERS[i].mask;
            }
    if (*at != '/')
        return at;
    item->grantor = (Oid)strtoul(at + 1, &end, 10);
    return end;
}

AclItem *acl_parse(const char *stored, Arena *arena, size_t *count)
{
    VEC(AclItem) items = {0};
    const char *at = stored && *stored == '{' ? stored + 1 : "";
    while (*at && *at != '}') {
        AclItem item = {0};
        at = parse_item(at, &item);
        vec_push(arena, &items, item);
        at += *at == ',';
    }
    *count = items.count;
    /* An empty list is not the absence of one: give it an address. */
    return items.items || !stored ? items.items : ARENA_NEW(arena, AclItem);
}

const char *acl_text(const AclItem *items, size_t count, Arena *arena)
{
    Str text;
    str_init(&text, arena);
    str_addc(&text, '{');
    for (size_t i = 0; i < count; i++) {
        if (i)
            str_addc(&text, ',');
        if (items[i].grantee != OID_NONE)
            str_addf(&text, "%u", items[i].grantee);
        str_addc(&text, '=');
        for (size_t k = 0; k < COUNT_OF(LETTERS); k++)
            if (items[i].privileges & LETTERS[k].mask) {
                str_addc(&text, LETTERS[k].letter);
                if (items[i].grant_options & LETTERS[k].mask)
                    str_addc(&text, '*');
            }
        str_addf(&text, "/%u", items[i].grantor);
    }
    str_addc(&text, '}');
    return text.data;
}

AclItem *acl_default(char kind, Oid owner, Arena *arena, size_t *count)
{
    AclItem *items = ARENA_ARRAY(arena, AclItem, 2);
    *count = 0;
    for (size_t i = 0; i < COUNT_OF(DEFAULTS); i++) {
        if (DEFAULTS[i].kind != kind)
            continue;
        if (DEFAULTS[i].everybody)
            items[(*count)++] = (AclItem){.grantee = OID_NONE, .grantor = owner, .privileges = DEFAULTS[i].everybody};
        items[(*count)++] = (AclItem){.grantee = owner, .grantor = owner, .privileges = DEFAULTS[i].owner};
    }
    return items;
}
