/*
 * relation_drop.c - DROP TABLE, DROP FOREIGN TABLE, DROP INDEX and the like.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/table_internal.h"

typedef struct RelationKind {
    PgQuery__ObjectType type;
    char kind;
    const char *word, *article, *missing_state, *hint;
} RelationKind;

static const RelationKind RELATION_KINDS[] = {
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, 'r', "table", "a", ERRCODE_UNDEFINED_TABLE, "Use DROP TABLE to remove a table."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, 'S', "sequence", "a", ERRCODE_UNDEFINED_TABLE, "Use DROP SEQUENCE to remove a sequence."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, 'v', "view", "a", ERRCODE_UNDEFINED_TABLE, "Use DROP VIEW to remove a view."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, 'm', "materialized view", "a", ERRCODE_UNDEFINED_TABLE,
     "Use DROP MATERIALIZED VIEW to remove a materialized view."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_INDEX, 'i', "index", "an", ERRCODE_UNDEFINED_OBJECT, "Use DROP INDEX to remove an index."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, 'c', "type", "a", ERRCODE_UNDEFINED_OBJECT, "Use DROP TYPE to remove a type."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE, 'f', "foreign table", "a", ERRCODE_UNDEFINED_OBJECT,
     "Use DROP FOREIGN TABLE to remove a foreign table."},
};

static const RelationKind *relation_kind(PgQuery__ObjectType type, char kind)
{
    for (size_t i = 0; i < COUNT_OF(RELATION_KINDS); i++)
        if (kind ? RELATION_KINDS[i].kind == kind : RELATION_KINDS[i].type == type)
            return &RELATION_KINDS[i];
    return &RELATION_KINDS[0];
}

static bool relation_missing(Command *command, const RelationKind *kind, const char *schema, const char *name, bool missing_ok)
{
    const Notices *notices = command->context->notices;
    if (schema && !catalog_namespace_by_name(command->catalog, schema)) {
        if (!missing_ok)
            return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
        notice(notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "schema \"%s\" does not exist, skipping", schema);
        return true;
    }
    if (!missing_ok)
        return error_set(command->error, kind->missing_state, "%s \"%s\" does not exist", kind->word, name);
    notice(notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s \"%s\" does not exist, skipping", kind->word, name);
    return true;
}

static bool check_drop(Command *command, const RelationKind *kind, const CatRelation *relation)
{
    char found = relation->kind == 'p' ? 'r' : relation->kind == 'I' ? 'i' : relation->kind;
    if (found != kind->kind) {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not %s %s", relation->name, kind->article, kind->word);
        return error_hint(command->error, "%s", relation_kind(0, found)->hint);
    }
    if (!catalog_is_owner(command->catalog, PG_NAMESPACE_RELATION, relation->namespace_oid, command->user) &&
        !require_owner(command, PG_CLASS_RELATION, relation->oid))
        return false;
    if (relation_is_system(relation->oid))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
    return true;
}

static bool check_concurrently(Command *command, const PgQuery__DropStmt *statement)
{
    if (!statement->concurrent)
        return true;
    if (!command_require_alone(command, "DROP INDEX CONCURRENTLY"))
        return false;
    if (statement->n_objects != 1)
        return error_unsupported(command->error, "DROP INDEX CONCURRENTLY does not support dropping multiple objects");
    return statement->behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ||
           error_unsupported(command->error, "DROP INDEX CONCURRENTLY does not support CASCADE");
}

static bool require_unused(const CommandContext *context, Oid relation, const char *name, const char *statement, Error *error)
{
    switch (context->use_of ? context->use_of(context->arg, relation) : RELATION_UNUSED) {
    case RELATION_IN_QUERY:
        return error_set(error, ERRCODE_OBJECT_IN_USE, "cannot %s \"%s\" because it is being used by active queries in this session",
                         statement, name);
    case RELATION_HAS_EVENTS:
        return error_set(error, ERRCODE_OBJECT_IN_USE, "cannot %s \"%s\" because it has pending trigger events", statement, name);
    default:
        return true;
    }
}

bool command_may_drop(void *arg, ObjectAddress object, Error *error)
{
    const CommandContext *context = arg;
    const CatRelation *relation = catalog_relation(context->catalog, object.oid);
    return !relation || require_unused(context, object.oid, relation->name, object.sub ? "ALTER TABLE" : "DROP TABLE", error);
}

bool relations_drop(Command *command, const PgQuery__DropStmt *statement)
{
    const RelationKind *kind = relation_kind(statement->remove_type, 0);
    if (!check_concurrently(command, statement))
        return false;
    VEC(ObjectAddress) objects = {0};
    for (size_t i = 0; i < statement->n_objects; i++) {
        const PgQuery__List *name = statement->objects[i]->list;
        PgQuery__RangeVar range;
        const CatRelation *relation;
        if (!relation_name_read(command, name->items, name->n_items, &range) || !relation_find(command, &range, true, &relation))
            return false;
        if (!relation) {
            if (!relation_missing(command, kind, text_given(range.schemaname), range.relname, statement->missing_ok))
                return false;
            continue;
        }
        if (!check_drop(command, kind, relation))
            return false;
        if (statement->concurrent && relation->kind == 'I')
            return error_unsupported(command->error, "cannot drop partitioned index \"%s\" concurrently", relation->name);
        vec_push(command->arena, &objects, object_address(PG_CLASS_RELATION, relation->oid, 0));
    }
    DropBehavior behavior = statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    return !objects.count || catalog_drop(command->catalog, objects.items, objects.count, behavior, command->error);
}

bool relation_require_unused(Command *command, Oid relation, const char *name, const char *statement)
{
    return require_unused(command->context, relation, name, statement, command->error);
}
