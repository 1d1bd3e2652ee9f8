/*
 * type_alter.c - changes of types: ALTER TYPE of enums, CHECKs of domains, and DROP, RENAME, OWNER TO, SET SCHEMA of all.
 *
 * Invariant: an array type has its element's owner and schema; a composite type's relation its type's.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/names.h"
#include "command/type_internal.h"

/* ---- enums ---- */

static bool find_label(Command *command, Oid type, const char *label, Oid *oid)
{
    int64_t found;
    bool ok =
        query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_enum WHERE enumlabel = ?1 AND enumtypid = ?2", "so", label, type);
    *oid = ok ? (Oid)found : OID_NONE;
    return ok;
}

/* Bounds of partitions whose key has a column of the type. */
static bool rename_in_bounds(Command *command, Oid type, const char *old, const char *new)
{
    static const char SQL[] =
        "UPDATE pg_class SET relpartbound = replace(relpartbound, ?2, ?3) WHERE relpartbound IS NOT NULL AND oid IN (SELECT inhrelid FROM"
        " pg_inherits JOIN pg_partitioned_table ON partrelid = inhparent JOIN pg_attribute ON attrelid = partrelid WHERE atttypid = ?1"
        " AND instr(' ' || partattrs || ' ', ' ' || attnum || ' '))";
    return catalog_exec(command->catalog, command->error, NULL, SQL, "oss", type, catalog_quote_constant(old, command->arena),
                        catalog_quote_constant(new, command->arena));
}

/* Rows are stored as their labels: those that may have the one that is renamed are written anew. */
typedef VEC(WriteRewrite *) Rewrites;

/* CASE WHEN column = 'old' THEN 'new' ELSE column END. */
static Expr *relabelled(Command *command, Oid type, int column, const PgQuery__AlterEnumStmt *statement)
{
    enum { ENUM_EQUAL = 3516 };
    Arena *arena = command->arena;
    Expr *test = ARENA_NEW(arena, Expr), *value = ARENA_NEW(arena, Expr);
    *test = (Expr){.kind = EXPR_OP, .type = TYPE_BOOL, .typmod = -1, .oid = ENUM_EQUAL, .nargs = 2, .location = -1};
    test->args = ARENA_ARRAY(arena, Expr *, 2);
    test->args[0] = expr_var(arena, 0, column, type, -1, OID_NONE);
    test->args[1] = expr_const(arena, type, -1, statement->old_val);
    *value = (Expr){.kind = EXPR_CASE, .type = type, .typmod = -1, .nargs = 3, .location = -1};
    value->args = ARENA_ARRAY(arena, Expr *, 3);
    value->args[0] = test;
    value->args[1] = expr_const(arena, type, -1, statement->new_val);
    value->args[2] = expr_var(arena, 0, column, type, -1, OID_NONE);
    return value;
}

static bool read_labelled(Command *command, Oid type, const PgQuery__AlterEnumStmt *statement, Rewrites *out)
{
    const CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                            "SELECT attrelid, attnum FROM pg_attribute JOIN medley_stored ON relation = attrelid"
                                            " WHERE atttypid = ?1 AND NOT attisdropped ORDER BY attrelid, attnum",
                                            "o", type);
    for (size_t i = 0, next; rows && i < rows->nrows; i = next) {
        Oid oid = (Oid)CATALOG_CELL(rows, i, 0).i;
        Expr **values = ARENA_ARRAY(command->arena, Expr *, catalog_relation(command->catalog, oid)->ncolumns + 1);
        for (next = i; next < rows->nrows && (Oid)CATALOG_CELL(rows, next, 0).i == oid; next++) {
            int column = (int)CATALOG_CELL(rows, next, 1).i;
            values[column - 1] = relabelled(command, type, column, statement);
        }
        WriteRewrite *rewrite = write_rewrite_read(command->context->write, oid, values, command->arena, command->error);
        if (!rewrite)
            return false;
        vec_push(command->arena, out, rewrite);
    }
    return rows != NULL;
}

static bool rename_label(Command *command, Oid type, const PgQuery__AlterEnumStmt *statement)
{
    Oid old, taken;
    if (!find_label(command, type, statement->old_val, &old) || !find_label(command, type, statement->new_val, &taken))
        return false;
    if (old == OID_NONE)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "\"%s\" is not an existing enum label", statement->old_val);
    if (taken != OID_NONE)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "enum label \"%s\" already exists", statement->new_val);
    Rewrites rewrites = {0};
    if (!enum_check_stored(command, catalog_type(command->catalog, type), statement->old_val) ||
        !read_labelled(command, type, statement, &rewrites))
        return false;
    NamedTexts named;
    if (!names_read(command, catalog_type(command->catalog, type)->name, &named) ||
        !catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_enum SET enumlabel = ?2 WHERE oid = ?1", "os", old,
                      statement->new_val))
        return false;
    names_change_label(command, &named, type, statement->old_val, statement->new_val);
    for (size_t i = 0; i < rewrites.count; i++)
        if (!write_rewrite_store(rewrites.items[i]))
            return false;
    return names_write(command, &named) && rename_in_bounds(command, type, statement->old_val, statement->new_val);
}

/* Where a label beside another one stands: half way to the next, as a float4 (what the catalog has). *fits: there is room between them. */
static bool place_beside(Command *command, Oid type, Oid label, bool after, float *out, bool *fits)
{
    const CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      after ? "SELECT CAST(n.enumsortorder AS TEXT), (SELECT CAST(min(enumsortorder) AS TEXT) FROM pg_enum"
                              " WHERE enumtypid = ?1 AND enumsortorder > n.enumsortorder) FROM pg_enum n WHERE n.oid = ?2"
                            : "SELECT CAST(n.enumsortorder AS TEXT), (SELECT CAST(max(enumsortorder) AS TEXT) FROM pg_enum"
                              " WHERE enumtypid = ?1 AND enumsortorder < n.enumsortorder) FROM pg_enum n WHERE n.oid = ?2",
                      "oo", type, label);
    if (!rows || !rows->nrows)
        return false;
    float own = strtof(rows->cells[0].text, NULL);
    bool is_last = rows->cells[1].is_null;
    float next = is_last ? own : strtof(rows->cells[1].text, NULL);
    *out = !is_last ? (own + next) / 2 : after ? own + 1 : own - 1;
    *fits = *out != own && *out != next;
    return true;
}

/* Whole numbers from 1, in the order that there is; by way of others that no label has, as no two may have the same at any time. */
static bool renumber_labels(Command *command, Oid type)
{
    int64_t beyond;
    return query_integer(command, &beyond, 0,
                         "SELECT CAST(max(max(enumsortorder), count(*)) AS INTEGER) + 1 FROM pg_enum WHERE enumtypid = ?1", "o", type) &&
           catalog_exec(
               command->catalog, command->error, NULL,
               "UPDATE pg_enum SET enumsortorder = place + ?2 FROM (SELECT oid AS label, row_number() OVER (ORDER BY enumsortorder)"
               " AS place FROM pg_enum WHERE enumtypid = ?1) WHERE oid = label",
               "oi", type, beyond) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_enum SET enumsortorder = enumsortorder - ?2 WHERE enumtypid = ?1", "oi", type, beyond);
}

/* Between its neighbours, so that no other value moves unless there is no room. */
static bool insert_beside(Command *command, Oid type, Oid oid, const char *name, Oid neighbour, bool after)
{
    float place;
    bool fits;
    if (!place_beside(command, type, neighbour, after, &place, &fits) ||
        (!fits && (!renumber_labels(command, type) || !place_beside(command, type, neighbour, after, &place, &fits))))
        return false;
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_enum (oid, enumtypid, enumsortorder, enumlabel) VALUES (?1, ?2, CAST(?4 AS REAL), ?3)", "ooss", oid,
                        type, name, arena_printf(command->arena, "%.9g", (double)place));
}

static bool insert_label(Command *command, Oid type, const PgQuery__AlterEnumStmt *statement)
{
    static const char LAST[] = "INSERT INTO pg_enum (oid, enumtypid, enumsortorder, enumlabel) SELECT ?1, ?2,"
                               " coalesce(max(enumsortorder), 0) + 1, ?3 FROM pg_enum WHERE enumtypid = ?2";
    Oid neighbour = OID_NONE, oid;
    const char *neighbour_name = text_given(statement->new_val_neighbor);
    if (neighbour_name) {
        if (!find_label(command, type, neighbour_name, &neighbour))
            return false;
        if (neighbour == OID_NONE)
            return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "\"%s\" is not an existing enum label", neighbour_name);
    }
    oid = catalog_new_oid(command->catalog, command->error);
    if (oid == OID_NONE)
        return false;
    bool added = neighbour_name ? insert_beside(command, type, oid, statement->new_val, neighbour, statement->new_val_is_after)
                                : catalog_exec(command->catalog, command->error, NULL, LAST, "oos", oid, type, statement->new_val);
    if (added)
        catalog_note_label(command->catalog, oid);
    return added;
}

/* suffix: "[]", or nothing: the array type is looked for. */
static bool find(Command *command, NodeList names, size_t count, const char *suffix, bool missing_ok, const CatType **type)
{
    const char *schema, *name;
    *type = NULL;
    if (!name_list_split(command, names, count, &schema, &name))
        return false;
    if (schema && !catalog_namespace_by_name(command->catalog, schema)) {
        if (!missing_ok)
            return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "schema \"%s\" does not exist, skipping", schema);
        return true;
    }
    if (schema && !require_privilege(command, PG_NAMESPACE_RELATION, catalog_namespace_by_name(command->catalog, schema)->oid, ACL_USAGE))
        return false;
    *type = catalog_type_by_name(command->catalog, schema, name);
    if (*type && *suffix)
        *type = (*type)->array ? catalog_type(command->catalog, (*type)->array) : NULL;
    if (*type)
        return true;
    const char *text = arena_printf(command->arena, "%s%s", name_list_text(command, names, count), suffix);
    if (!missing_ok)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "type \"%s\" does not exist", text);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "type \"%s\" does not exist, skipping", text);
    return true;
}

bool type_find(Command *command, NodeList names, size_t count, bool missing_ok, const CatType **type)
{
    return find(command, names, count, "", missing_ok, type);
}

bool enum_alter(Command *command)
{
    const PgQuery__AlterEnumStmt *statement = command->node->alter_enum_stmt;
    const CatType *type;
    Oid taken;
    if (!type_find(command, statement->type_name, statement->n_type_name, false, &type))
        return false;
    if (type->kind != 'e')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is not an enum",
                         catalog_format_type(command->catalog, type->oid, -1, command->arena));
    Oid oid = type->oid;
    if (!require_owner(command, PG_TYPE_RELATION, oid))
        return false;
    if (!enum_check_label(command, statement->new_val))
        return false;
    if (text_given(statement->old_val))
        return rename_label(command, oid, statement);
    if (!find_label(command, oid, statement->new_val, &taken))
        return false;
    if (taken != OID_NONE && statement->skip_if_new_val_exists) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_OBJECT, "enum label \"%s\" already exists, skipping",
               statement->new_val);
        return true;
    }
    if (taken != OID_NONE)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "enum label \"%s\" already exists", statement->new_val);
    return insert_label(command, oid, statement);
}

/* ---- CHECKs of domains ---- */

static bool domain_check_name(Command *command, const CatType *domain, const char **name)
{
    int64_t taken = 1;
    for (int pass = 0; taken; pass++) {
        *name = pass ? arena_printf(command->arena, "%.*s_check%d", 56, domain->name, pass)
                     : arena_printf(command->arena, "%.*s_check", 57, domain->name);
        if (!query_integer(command, &taken, 0, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND connamespace = ?2", "so", *name,
                           domain->namespace_oid))
            return false;
    }
    return true;
}

bool domain_add_check(Command *command, Oid oid, const PgQuery__Constraint *constraint, const char **check)
{
    const CatType *domain = catalog_type(command->catalog, oid);
    const CatColumn value = {.number = 1, .name = "value", .type = domain->base, .typmod = domain->typmod, .collation = domain->collation};
    const CatRelation relation = {.name = "", .kind = 'r', .ncolumns = 1, .columns = &value};
    const char *name = text_given(constraint->conname);
    Oid schema = domain->namespace_oid;
    int64_t taken = 0;
    const Expr *expr = check_analyze(command, constraint->raw_expr, &relation);
    if (!expr || !expr_types_usable(command, expr))
        return false;
    const char *text = *check = expr_text(command, expr, &relation);
    if (name && !query_integer(command, &taken, 0, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND contypid = ?2", "so", name, oid))
        return false;
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "constraint \"%s\" for domain \"%s\" already exists", name,
                         domain->name);
    if (!name && !domain_check_name(command, domain, &name))
        return false;
    Oid row = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_CONSTRAINT_RELATION, row, 0);
    return row != OID_NONE &&
           catalog_exec(
               command->catalog, command->error, NULL,
               "INSERT INTO pg_constraint (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid,"
               " contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount,"
               " connoinherit, conkey, confkey, conpfeqop, conppeqop, conffeqop, confdelsetcols, conexclop, conbin)"
               " VALUES (?1, ?2, ?3, 'c', 0, 0, ?4, 0, ?5, 0, 0, 0, ' ', ' ', ' ', 1, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ?6)",
               "osobos", row, name, schema, !constraint->skip_validation, oid, text) &&
           depend_on(command, self, object_address(PG_TYPE_RELATION, oid, 0), 'a') && expr_depend(command, self, expr, OID_NONE);
}

/* ---- DROP ---- */

static bool check_type_kind(Command *command, const CatType *type, bool domain)
{
    const char *name = catalog_format_type(command->catalog, type->oid, -1, command->arena);
    if (domain && type->kind != 'd')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is not a domain", name);
    return true;
}

bool types_drop(Command *command)
{
    const PgQuery__DropStmt *statement = command->node->drop_stmt;
    bool domain = statement->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN;
    VEC(ObjectAddress) objects = {0};
    for (size_t i = 0; i < statement->n_objects; i++) {
        const PgQuery__TypeName *name = statement->objects[i]->type_name;
        const CatType *type;
        const char *suffix = name->n_array_bounds ? "[]" : "";
        if (!find(command, name->names, name->n_names, suffix, statement->missing_ok, &type))
            return false;
        if (!type)
            continue;
        if (domain && type->kind != 'd')
            return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s%s\" is not a domain",
                             name_list_text(command, name->names, name->n_names), suffix);
        if (!catalog_is_owner(command->catalog, PG_NAMESPACE_RELATION, type->namespace_oid, command->user) &&
            !require_owner(command, PG_TYPE_RELATION, type->oid))
            return false;
        vec_push(command->arena, &objects, object_address(PG_TYPE_RELATION, type->oid, 0));
    }
    DropBehavior behavior = statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    return objects.count == 0 || catalog_drop(command->catalog, objects.items, objects.count, behavior, command->error);
}

/* ---- RENAME, OWNER TO, SET SCHEMA ---- */

/* What ALTER TYPE may not be said of: row types of tables and array types go with what they belong to. */
static bool check_alterable(Command *command, const CatType *type, const char *hint)
{
    const CatRelation *relation = type->relation ? catalog_relation(command->catalog, type->relation) : NULL;
    const char *name = catalog_format_type(command->catalog, type->oid, -1, command->arena);
    if (relation && relation->kind != 'c') {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is a table's row type", name);
        return error_hint(command->error, "Use ALTER TABLE instead.");
    }
    if (type->element && type->category == 'A') {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot alter array type %s", name);
        return error_hint(command->error, "You can alter type %s, which will alter the array type as well.",
                          catalog_format_type(command->catalog, type->element, -1, command->arena));
    }
    (void)hint;
    return true;
}

bool type_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    const PgQuery__List *names = statement->object->list;
    const CatType *type;
    const char *array_name;
    if (!type_find(command, names->items, names->n_items, false, &type) || !require_owner(command, PG_TYPE_RELATION, type->oid) ||
        !check_type_kind(command, type, statement->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN) ||
        !check_alterable(command, type, NULL))
        return false;
    Oid oid = type->oid, array = type->array, relation = type->relation, schema = type->namespace_oid;
    int64_t taken = 0;
    if (relation && !query_integer(command, &taken, 0, "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2", "so",
                                   statement->newname, schema))
        return false;
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists", statement->newname);
    return type_check_name(command, statement->newname, schema) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typname = ?2 WHERE oid = ?1", "os", oid,
                        statement->newname) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relname = ?2 WHERE oid = ?1", "os", relation,
                        statement->newname) &&
           array_type_name(command, statement->newname, schema, array, &array_name) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typname = ?2 WHERE oid = ?1", "os", array, array_name);
}

bool type_change_owner(Command *command, const PgQuery__AlterOwnerStmt *statement)
{
    const PgQuery__List *names = statement->object->list;
    const CatType *type;
    Oid owner;
    if (!role_resolve(command, statement->newowner, &owner) || !type_find(command, names->items, names->n_items, false, &type) ||
        !check_type_kind(command, type, statement->object_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN) ||
        !check_alterable(command, type, NULL))
        return false;
    Oid oid = type->oid, schema = type->namespace_oid;
    if (type->owner == owner)
        return true;
    if (!catalog_is_superuser(command->catalog, command->user)) {
        if (!require_owner(command, PG_TYPE_RELATION, oid) || !role_check_member(command, owner))
            return false;
        if (catalog_privileges(command->catalog, PG_NAMESPACE_RELATION, schema, 0, owner, ACL_CREATE) != ACL_CREATE)
            return catalog_denied(command->catalog, PG_NAMESPACE_RELATION, schema, false, command->error);
    }
    return owner_reassign(command, object_address(PG_TYPE_RELATION, oid, 0), owner);
}

bool type_move(Command *command, Oid oid, Oid to)
{
    const char *name = arena_strdup(command->arena, catalog_type(command->catalog, oid)->name);
    Oid from = catalog_type(command->catalog, oid)->namespace_oid;
    int64_t taken;
    if (!query_integer(command, &taken, 0, "SELECT oid FROM pg_type WHERE typname = ?1 AND typnamespace = ?2", "so", name, to))
        return false;
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "type \"%s\" already exists in schema \"%s\"", name,
                         catalog_namespace(command->catalog, to)->name);
    static const char *const UPDATES[] = {
        "UPDATE pg_class SET relnamespace = ?2 WHERE oid = (SELECT typrelid FROM pg_type WHERE oid = ?1) AND oid <> 0",
        "UPDATE pg_constraint SET connamespace = ?2 WHERE contypid = ?1",
        "UPDATE pg_type SET typnamespace = ?2 WHERE oid = ?1 OR oid = (SELECT typarray FROM pg_type WHERE oid = ?1)",
    };
    for (size_t i = 0; i < COUNT_OF(UPDATES); i++)
        if (!catalog_exec(command->catalog, command->error, NULL, UPDATES[i], "oo", oid, to))
            return false;
    return depend_on_schema(command, object_address(PG_TYPE_RELATION, oid, 0), from, to);
}

bool type_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement)
{
    const PgQuery__List *names = statement->object->list;
    const CatType *type;
    if (!type_find(command, names->items, names->n_items, false, &type) ||
        !check_type_kind(command, type, statement->object_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN))
        return false;
    Oid oid = type->oid, to, from = type->namespace_oid;
    if (!schema_move_target(command, statement->newschema, from, &to) || !require_owner(command, PG_TYPE_RELATION, oid) ||
        !check_alterable(command, catalog_type(command->catalog, oid), NULL))
        return false;
    return to == from || type_move(command, oid, to);
}
