/*
 * reg.c - types that name things of the catalog or of storage: regclass and its kin, aclitem, xid8, pg_lsn, tid.
 *
 * Invariants:
 *  1. A Value of a reg type is the OID; of aclitem the stored text, "10=arw/10", with role OIDs in place of names.
 *  2. Names go through the context's resolver on the way in and out. Without one, numbers stay numbers.
 *
 * Any thread.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "type/type_int.h"

/* For them "-" is an operator's name, and no operator is 0. */
static bool is_operator(const TypeCall *call)
{
    return call->oid == TYPE_REGOPER || call->oid == TYPE_REGOPERATOR;
}

bool reg_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    const char *name = arena_strndup(call->arena, text, len);
    Oid oid = OID_NONE;
    bool is_number = len > 0 && strspn(name, "0123456789") == len;
    if (is_number) {
        TypeCall as_oid = *call;
        as_oid.row = type_row(TYPE_OID);
        return oid_input(&as_oid, text, len, out);
    }
    if (is_operator(call) || strcmp(name, "-") != 0) {
        if (!call->context->resolver)
            return error_unsupported(call->error, "names of type %s are not supported here", call->row->name);
        if (!call->context->resolver->reg_input(call->context->resolver->arg, call->oid, name, &oid, call->error))
            return false;
    }
    *out = value_int(FDW_UINT32, oid);
    return true;
}

bool reg_output(const TypeCall *call, const Value *value, Str *out)
{
    const TypeResolver *resolver = call->context->resolver;
    if (!resolver)
        return int_output(call, value, out);
    const char *name = value->i            ? resolver->reg_output(resolver->arg, call->oid, (Oid)value->i, call->arena)
                       : is_operator(call) ? "0"
                                           : "-";
    if (!name)
        return int_output(call, value, out);
    str_add(out, name);
    return true;
}

bool reg_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return oid_receive(call, bytes, len, out);
}

bool reg_send(const TypeCall *call, const Value *value, Str *out)
{
    return oid_send(call, value, out);
}

/* ---- aclitem: grantee=privileges/grantor ---- */

static const char PRIVILEGES[] = "arwdDxtXUCTcsA";

/* What need not be quoted; letters beyond ASCII are read without quotes too, but written with them. */
static bool is_plain(char c)
{
    return is_alpha(c) || is_digit(c) || c == '_';
}

/* A role's name, quoted perhaps, with spaces around; *name is empty when there is none. */
static bool read_name(const TypeCall *call, const char **at, const char **name)
{
    Str text;
    str_init(&text, call->arena);
    bool quoted = false;
    while (is_space(**at))
        ++*at;
    for (; **at && (quoted || is_plain(**at) || (**at & 0x80) || **at == '"'); ++*at) {
        if (**at != '"') {
            str_addc(&text, **at);
        } else if (quoted && (*at)[1] == '"') {
            str_addc(&text, '"');
            ++*at;
        } else {
            quoted = !quoted;
        }
        if (text.len >= 64) {
            error_set(call->error, ERRCODE_NAME_TOO_LONG, "identifier too long");
            return error_detail(call->error, "Identifier must be less than 64 characters.");
        }
    }
    while (is_space(**at))
        ++*at;
    *name = text.data;
    return true;
}

static bool find_role(const TypeCall *call, const char *name, Oid *out)
{
    const TypeResolver *resolver = call->context->resolver;
    bool is_number = *name && strspn(name, "0123456789") == strlen(name);
    *out = resolver ? resolver->role_oid(resolver->arg, name) : is_number ? (Oid)strtoul(name, NULL, 10) : OID_NONE;
    if (*out)
        return true;
    return error_set(call->error, ERRCODE_UNDEFINED_OBJECT, "role \"%s\" does not exist", name);
}

static bool bad_acl(const TypeCall *call, const char *message, const char *hint)
{
    error_set(call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "%s", message);
    return hint ? error_hint(call->error, "%s", hint) : false;
}

static bool read_grantee(const TypeCall *call, const char **at, Oid *grantee)
{
    const char *name;
    if (!read_name(call, at, &name))
        return false;
    if (**at != '=') {
        /* A key word stood before the name. */
        if (strcmp(name, "group") != 0 && strcmp(name, "user") != 0)
            return bad_acl(call, arena_printf(call->arena, "unrecognized key word: \"%s\"", name),
                           "ACL key word must be \"group\" or \"user\".");
        if (!read_name(call, at, &name))
            return false;
        if (!*name)
            return bad_acl(call, "missing name", "A name must follow the \"group\" or \"user\" key word.");
    }
    if (**at != '=')
        return bad_acl(call, "missing \"=\" sign", NULL);
    ++*at;
    *grantee = OID_NONE;
    return !*name || find_role(call, name, grantee);
}

static bool read_privileges(const TypeCall *call, const char **at, unsigned *privileges, unsigned *grants)
{
    unsigned last = 0;
    *privileges = *grants = 0;
    for (; is_alpha(**at) || **at == '*'; ++*at) {
        const char *found = **at == '*' ? NULL : strchr(PRIVILEGES, **at);
        if (**at == '*') {
            *grants |= last;
        } else if (!found) {
            return bad_acl(call, arena_printf(call->arena, "invalid mode character: must be one of \"%s\"", PRIVILEGES), NULL);
        } else {
            last = 1u << (found - PRIVILEGES);
            *privileges |= last;
        }
    }
    return true;
}

static void write_acl(Str *out, const char *grantee, unsigned privileges, unsigned grants, const char *grantor)
{
    str_addf(out, "%s=", grantee);
    for (size_t i = 0; PRIVILEGES[i]; i++) {
        if (privileges & 1u << i)
            str_addc(out, PRIVILEGES[i]);
        if (grants & 1u << i)
            str_addc(out, '*');
    }
    str_addf(out, "/%s", grantor);
}

static bool read_acl(const TypeCall *call, const char *at, Oid *grantee, Oid *grantor, unsigned *privileges, unsigned *grants)
{
    enum { BOOTSTRAP_SUPERUSER = 10 };
    if (!read_grantee(call, &at, grantee) || !read_privileges(call, &at, privileges, grants))
        return false;
    *grantor = BOOTSTRAP_SUPERUSER;
    if (*at == '/') {
        const char *name;
        at++;
        if (!read_name(call, &at, &name))
            return false;
        if (!*name)
            return bad_acl(call, "a name must follow the \"/\" sign", NULL);
        if (!find_role(call, name, grantor))
            return false;
    }
    while (is_space(*at))
        at++;
    return !*at || bad_acl(call, "extra garbage at the end of the ACL specification", NULL);
}

bool aclitem_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    Oid grantee, grantor;
    unsigned privileges, grants;
    if (!read_acl(call, arena_strndup(call->arena, text, len), &grantee, &grantor, &privileges, &grants))
        return false;
    Str stored;
    str_init(&stored, call->arena);
    write_acl(&stored, grantee ? arena_printf(call->arena, "%u", grantee) : "", privileges, grants,
              arena_printf(call->arena, "%u", grantor));
    *out = value_text(stored.data, stored.len);
    return true;
}

/* Quoted unless made of letters, digits and underscores. An OID that is no role's any more stays a number. */
static const char *role_text(const TypeCall *call, Oid role)
{
    const TypeResolver *resolver = call->context->resolver;
    const char *name = role ? resolver->role_name(resolver->arg, role, call->arena) : "";
    if (!name)
        return arena_printf(call->arena, "%u", role);
    bool safe = true;
    for (const char *c = name; *c; c++)
        safe &= is_plain(*c);
    if (safe)
        return name;
    Str quoted;
    str_init(&quoted, call->arena);
    str_addc(&quoted, '"');
    for (const char *c = name; *c; c++) {
        if (*c == '"')
            str_addc(&quoted, '"');
        str_addc(&quoted, *c);
    }
    str_addc(&quoted, '"');
    return quoted.data;
}

bool aclitem_output(const TypeCall *call, const Value *value, Str *out)
{
    if (!call->context->resolver)
        return text_output(call, value, out);
    TypeCall stored = *call;
    stored.context = &TYPE_CONTEXT_CANONICAL;
    Oid grantee, grantor;
    unsigned privileges, grants;
    if (!read_acl(&stored, arena_strndup(call->arena, value->s.ptr, value->s.len), &grantee, &grantor, &privileges, &grants))
        return false;
    write_acl(out, role_text(call, grantee), privileges, grants, role_text(call, grantor));
    return true;
}

/* ---- xid8: 64 bits, kept as text since no integer of the engine's is unsigned and as wide ---- */

bool xid8_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    const char *number = arena_printf(call->arena, "%llu", strtoull(arena_strndup(call->arena, text, len), NULL, 0));
    *out = value_text(number, strlen(number));
    return true;
}

bool xid8_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

bool xid8_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    const char *number = arena_printf(call->arena, "%llu", (unsigned long long)binary_read_uint(&reader, 8));
    *out = value_text(number, strlen(number));
    return binary_read_end(&reader, call->error);
}

bool xid8_send(const TypeCall *call, const Value *value, Str *out)
{
    binary_write_uint(out, strtoull(arena_strndup(call->arena, value->s.ptr, value->s.len), NULL, 10), 8);
    return true;
}

/* ---- pg_lsn: two hexadecimal halves, 16/B374D848 ---- */

static bool parse_lsn(const char *text, uint64_t *out)
{
    static const char HEX[] = "0123456789abcdefABCDEF";
    size_t first = strspn(text, HEX);
    if (first < 1 || first > 8 || text[first] != '/')
        return false;
    const char *rest = text + first + 1;
    size_t second = strspn(rest, HEX);
    if (second < 1 || second > 8 || rest[second])
        return false;
    *out = (uint64_t)strtoul(text, NULL, 16) << 32 | strtoul(rest, NULL, 16);
    return true;
}

static bool lsn_value(const TypeCall *call, uint64_t lsn, Value *out)
{
    const char *text = arena_printf(call->arena, "%X/%X", (uint32_t)(lsn >> 32), (uint32_t)lsn);
    *out = value_text(text, strlen(text));
    return true;
}

bool lsn_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    uint64_t lsn;
    if (!parse_lsn(arena_strndup(call->arena, text, len), &lsn))
        return type_invalid(call, text, len);
    return lsn_value(call, lsn, out);
}

bool lsn_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

bool lsn_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    uint64_t lsn = binary_read_uint(&reader, 8);
    return binary_read_end(&reader, call->error) && lsn_value(call, lsn, out);
}

bool lsn_send(const TypeCall *call, const Value *value, Str *out)
{
    uint64_t lsn = 0;
    if (!parse_lsn(arena_strndup(call->arena, value->s.ptr, value->s.len), &lsn))
        return type_invalid(call, value->s.ptr, value->s.len);
    binary_write_uint(out, lsn, 8);
    return true;
}

/* ---- tid: (block,offset) ---- */

static bool parse_tid(const char *text, uint32_t *block, uint16_t *offset)
{
    const char *open = strchr(text, '('), *comma = open ? strchr(open, ',') : NULL;
    if (!comma)
        return false;
    char *end;
    errno = 0;
    unsigned long wide = strtoul(open + 1, &end, 10);
    if (errno || *end != ',' || (wide != (uint32_t)wide && wide != (unsigned long)(int32_t)wide))
        return false;
    *block = (uint32_t)wide;
    wide = strtoul(comma + 1, &end, 10);
    if (errno || *end != ')' || wide > UINT16_MAX)
        return false;
    *offset = (uint16_t)wide;
    return true;
}

static bool tid_value(const TypeCall *call, uint32_t block, uint16_t offset, Value *out)
{
    const char *text = arena_printf(call->arena, "(%u,%u)", block, offset);
    *out = value_text(text, strlen(text));
    return true;
}

bool tid_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    uint32_t block;
    uint16_t offset;
    if (!parse_tid(arena_strndup(call->arena, text, len), &block, &offset))
        return type_invalid(call, text, len);
    return tid_value(call, block, offset, out);
}

bool tid_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

bool tid_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    uint32_t block = (uint32_t)binary_read_uint(&reader, 4);
    uint16_t offset = (uint16_t)binary_read_uint(&reader, 2);
    return binary_read_end(&reader, call->error) && tid_value(call, block, offset, out);
}

bool tid_send(const TypeCall *call, const Value *value, Str *out)
{
    uint32_t block = 0;
    uint16_t offset = 0;
    if (!parse_tid(arena_strndup(call->arena, value->s.ptr, value->s.len), &block, &offset))
        return type_invalid(call, value->s.ptr, value->s.len);
    binary_write_uint(out, block, 4);
    binary_write_uint(out, offset, 2);
    return true;
}
