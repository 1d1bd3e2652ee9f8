/*
 * sequence.c - CREATE SEQUENCE, ALTER SEQUENCE, and sequences that belong to columns (serial, identity, OWNED BY).
 *
 * A sequence is a row of pg_class with three columns and one of pg_sequence; where it stands is kept by catalog/sequence.c.
 *
 * Invariants:
 *  1. A change of what a sequence is gives it a fresh pg_class.relfilenode with a state of its own: a rollback finds the old one.
 *  2. A sequence belongs to at most one column: an 'a' dependency (OWNED BY, serial) or an 'i' one (identity).
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/sequence_options.h"

/* ---- rows ---- */

static bool insert_class(Command *command, const NewSequence *sequence, Oid oid)
{
    ObjectAddress self = object_address(PG_CLASS_RELATION, oid, 0);
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_class (oid, relname, relnamespace, reltype, reloftype, relowner, relam, relfilenode, reltablespace,"
                        " relpages, reltuples, relallvisible, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts,"
                        " relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated,"
                        " relreplident, relispartition, relrewrite, relfrozenxid, relminmxid, relacl, reloptions, relpartbound)"
                        " VALUES (?1, ?2, ?3, 0, 0, ?4, 0, ?1, 0, 1, 1, 0, 0, 0, 0, ?5, 'S', 3, 0, 0, 0, 0, 0, 0, 1, 'n', 0, 0, 0, 0,"
                        " NULL, NULL, NULL)",
                        "osoos", oid, sequence->name, sequence->schema, sequence->owner,
                        catalog_is_temporary(command->catalog, sequence->schema) ? "t"
                        : sequence->unlogged                                     ? "u"
                                                                                 : "p") &&
           depend_on(command, self, object_address(PG_NAMESPACE_RELATION, sequence->schema, 0), 'n') &&
           depend_on_owner(command, self, sequence->owner) &&
           default_privileges_apply(command, self, PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, sequence->owner, sequence->schema);
}

static bool insert_columns(Command *command, Oid oid)
{
    static const struct {
        const char *name;
        Oid type;
    } COLUMNS[] = {{"last_value", TYPE_INT8}, {"log_cnt", TYPE_INT8}, {"is_called", TYPE_BOOL}};
    for (size_t i = 0; i < COUNT_OF(COLUMNS); i++) {
        NewColumn column = {.name = COLUMNS[i].name, .type = COLUMNS[i].type, .typmod = -1, .not_null = true};
        if (!column_insert(command, oid, (int)i + 1, &column, NULL))
            return false;
    }
    return relation_system_columns(command, oid);
}

static bool write_sequence(Command *command, Oid oid, const SequenceOptions *options)
{
    return catalog_exec(
        command->catalog, command->error, NULL,
        "INSERT OR REPLACE INTO pg_sequence (seqrelid, seqtypid, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        "ooiiiiib", oid, options->type, options->start, options->increment, options->max, options->min, options->cache, options->cycle);
}

static bool relation_exists(Command *command, const char *name, Oid schema, bool *exists)
{
    int64_t oid = OID_NONE;
    bool ok =
        query_integer(command, &oid, OID_NONE, "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2", "so", name, schema);
    *exists = oid != OID_NONE;
    return ok;
}

/* ---- OWNED BY ---- */

bool sequence_own(Command *command, Oid sequence, Oid relation, int column, char kind)
{
    ObjectAddress self = object_address(PG_CLASS_RELATION, sequence, 0);
    return catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND objsubid = 0 AND refclassid = ?1"
                        " AND deptype IN ('a', 'i')",
                        "oo", self.class_oid, sequence) &&
           (!column || depend_on(command, self, object_address(PG_CLASS_RELATION, relation, column), kind));
}

/* Which column the sequence belongs to: kind 0 for none. */
static bool owner_of(Command *command, Oid sequence, char *kind, const char **table)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT deptype, relname FROM pg_depend JOIN pg_class c ON c.oid = refobjid WHERE classid = ?1"
                                      " AND objid = ?2 AND objsubid = 0 AND refclassid = ?1 AND deptype IN ('a', 'i')",
                                      "oo", (Oid)PG_CLASS_RELATION, sequence);
    *kind = rows && rows->nrows ? CATALOG_CELL(rows, 0, 0).text[0] : 0;
    *table = *kind ? CATALOG_CELL(rows, 0, 1).text : NULL;
    return rows != NULL;
}

bool sequence_check_unlinked(Command *command, Oid sequence, const char *message)
{
    char kind;
    const char *table;
    if (!owner_of(command, sequence, &kind, &table))
        return false;
    if (!kind)
        return true;
    const CatSequence *found = catalog_sequence(command->catalog, sequence);
    error_unsupported(command->error, "%s", message);
    return error_detail(command->error, "Sequence \"%s\" is linked to table \"%s\".", found->name, table);
}

static bool refuse_owner(Command *command, const CatRelation *table)
{
    static const struct {
        char kind;
        const char *words;
    } WORDS[] = {{'S', "sequences"}, {'i', "indexes"}, {'I', "partitioned indexes"}, {'c', "composite types"}, {'m', "materialized views"}};
    const char *words = "relations of this kind";
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (WORDS[i].kind == table->kind)
            words = WORDS[i].words;
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "sequence cannot be owned by relation \"%s\"", table->name);
    return error_detail(command->error, "This operation is not supported for %s.", words);
}

static bool find_column(Command *command, const CatRelation *table, const char *name, int *number)
{
    int64_t found;
    if (!query_integer(command, &found, 0, "SELECT attnum FROM pg_attribute WHERE attname = ?1 AND attrelid = ?2 AND NOT attisdropped",
                       "so", name, table->oid))
        return false;
    *number = (int)found;
    return found ||
           error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name, table->name);
}

static bool check_owner(Command *command, Oid sequence, const CatRelation *table)
{
    const CatRelation *self = catalog_relation(command->catalog, sequence);
    if (!strchr("rfvp", table->kind))
        return refuse_owner(command, table);
    if (table->owner != self->owner)
        return error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "sequence must have same owner as table it is linked to");
    return table->namespace_oid == self->namespace_oid ||
           error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "sequence must be in same schema as table it is linked to");
}

static bool own_as_said(Command *command, Oid sequence, const PgQuery__DefElem *option)
{
    const PgQuery__List *names = option->arg->list;
    const CatRelation *table = NULL;
    int number = 0;
    PgQuery__RangeVar range;
    size_t count = names->n_items;
    if (count == 1 && !str_eq(node_text(names->items[0]), "none")) {
        error_set(command->error, ERRCODE_SYNTAX_ERROR, "invalid OWNED BY option");
        return error_hint(command->error, "Specify OWNED BY table.column or OWNED BY NONE.");
    }
    if (count > 1) {
        if (!relation_name_read(command, names->items, count - 1, &range) || !relation_find(command, &range, false, &table) ||
            !check_owner(command, sequence, table) || !find_column(command, table, node_text(names->items[count - 1]), &number))
            return false;
    }
    Oid relation = table ? table->oid : OID_NONE;
    char kind;
    const char *linked;
    if (!owner_of(command, sequence, &kind, &linked))
        return false;
    if (kind == 'i')
        return sequence_check_unlinked(command, sequence, "cannot change ownership of identity sequence");
    return sequence_own(command, sequence, relation, number, 'a');
}

/* ---- making one ---- */

static bool make(Command *command, const NewSequence *sequence, const SequenceOptions *options, Oid *oid)
{
    bool exists;
    if (!schema_check_own(command, sequence->schema, sequence->name) ||
        !relation_exists(command, sequence->name, sequence->schema, &exists))
        return false;
    if (exists)
        return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists", sequence->name);
    if (!type_name_free(command, sequence->name, sequence->schema))
        return false;
    *oid = catalog_new_oid(command->catalog, command->error);
    return *oid != OID_NONE && insert_class(command, sequence, *oid) && insert_columns(command, *oid) &&
           write_sequence(command, *oid, options) && catalog_sequence_begin(command->catalog, *oid, options->state, command->error);
}

bool identity_check_type(Command *command, Oid type)
{
    return type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8 ||
           error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "identity column type must be smallint, integer, or bigint");
}

bool sequence_make(Command *command, const NewSequence *sequence, Oid *oid)
{
    SequenceOptions options = {.type = sequence->type ? sequence->type : TYPE_INT8, .identity = sequence->identity};
    return identity_check_type(command, options.type) &&
           sequence_options_read(command, sequence->options, sequence->noptions, true, &options) &&
           (sequence->schema == catalog_temporary(command->catalog) ||
            require_privilege(command, PG_NAMESPACE_RELATION, sequence->schema, ACL_CREATE)) &&
           make(command, sequence, &options, oid) && (!options.owned_by || own_as_said(command, *oid, options.owned_by));
}

bool sequence_choose_name(Command *command, const char *table, const char *column, Oid schema, const char **name)
{
    bool exists = true;
    for (int pass = 0; exists; pass++) {
        const char *label = pass ? arena_printf(command->arena, "seq%d", pass) : "seq";
        *name = object_make_name(command, table, column, label);
        if (!relation_exists(command, *name, schema, &exists))
            return false;
    }
    return true;
}

bool sequence_create(Command *command)
{
    const PgQuery__CreateSeqStmt *statement = command->node->create_seq_stmt;
    const PgQuery__RangeVar *range = statement->sequence;
    NewSequence sequence = {.name = range->relname,
                            .owner = command->user,
                            .options = statement->options,
                            .noptions = statement->n_options,
                            .unlogged = str_eq(range->relpersistence, "u")};
    bool exists;
    Oid oid;
    SequenceOptions options = {.type = TYPE_INT8};
    if (statement->if_not_exists) {
        if (!creation_schema(command, range, &sequence.schema))
            return error_at(command->error, -1);
        if (!relation_exists(command, sequence.name, sequence.schema, &exists))
            return false;
        if (exists) {
            notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists, skipping",
                   sequence.name);
            return true;
        }
    }
    if (!sequence_options_read(command, sequence.options, sequence.noptions, true, &options))
        return false;
    if (!creation_schema(command, range, &sequence.schema))
        return error_at(command->error, -1);
    return tablespace_check_new(command, NULL, sequence.schema) && make(command, &sequence, &options, &oid) &&
           (!options.owned_by || own_as_said(command, oid, options.owned_by));
}

/* ---- ALTER SEQUENCE ---- */

bool sequence_change(Command *command, Oid oid, NodeList list, size_t noptions, bool identity)
{
    const CatSequence *old = catalog_sequence(command->catalog, oid);
    SequenceOptions options = {.type = old->type,
                               .start = old->start,
                               .increment = old->increment,
                               .max = old->max,
                               .min = old->min,
                               .cache = old->cache,
                               .cycle = old->cycle,
                               .identity = identity};
    if (!catalog_sequence_read(command->catalog, old, &options.state, command->error) ||
        !sequence_options_read(command, list, noptions, false, &options))
        return false;
    if (options.changed) {
        Oid node = catalog_new_oid(command->catalog, command->error);
        if (node == OID_NONE || !catalog_sequence_begin(command->catalog, node, options.state, command->error) ||
            !catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relfilenode = ?2 WHERE oid = ?1", "oo", oid, node))
            return false;
    }
    return write_sequence(command, oid, &options) && (!options.owned_by || own_as_said(command, oid, options.owned_by));
}

bool sequence_alter(Command *command)
{
    const PgQuery__AlterSeqStmt *statement = command->node->alter_seq_stmt;
    const CatRelation *relation;
    if (!relation_find(command, statement->sequence, statement->missing_ok, &relation))
        return false;
    if (!relation) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "relation \"%s\" does not exist, skipping",
               statement->sequence->relname);
        return true;
    }
    if (!require_owner(command, PG_CLASS_RELATION, relation->oid))
        return false;
    if (relation_is_system(relation->oid))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
    if (relation->kind != 'S')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a sequence", relation->name);
    return sequence_change(command, relation->oid, statement->options, statement->n_options, statement->for_identity);
}

/* ---- along with their table ---- */

static CatalogRows *sequences_of(Command *command, Oid relation)
{
    return catalog_query(command->catalog, command->arena, command->error,
                         "SELECT c.oid FROM pg_depend JOIN pg_class c ON c.oid = objid WHERE classid = ?1 AND refclassid = ?1"
                         " AND refobjid = ?2 AND deptype IN ('a', 'i') AND relkind = 'S' ORDER BY c.oid",
                         "oo", (Oid)PG_CLASS_RELATION, relation);
}

bool sequences_move(Command *command, Oid relation, Oid from, Oid to)
{
    CatalogRows *rows = sequences_of(command, relation);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!relation_move(command, (Oid)CATALOG_CELL(rows, i, 0).i, from, to))
            return false;
    return rows != NULL;
}

bool sequences_change_owner(Command *command, Oid relation, Oid owner)
{
    CatalogRows *rows = sequences_of(command, relation);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!catalog_change_owner(command->catalog, object_address(PG_CLASS_RELATION, (Oid)CATALOG_CELL(rows, i, 0).i, 0), owner,
                                  command->error))
            return false;
    return rows != NULL;
}
