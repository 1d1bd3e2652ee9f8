/*
 * table_create.c - CREATE TABLE and CREATE FOREIGN TABLE: from the statement to what table_make.c makes.
 *
 * Invariants:
 *  1. The order of checks is PostgreSQL's: where it goes, IF NOT EXISTS, the elements, the parents, then what is made.
 *  2. Partitions: columns are written without types, and all of them are the parent's.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/table_internal.h"

/* The statement while it is read. */
typedef struct Creation {
    Command *command;
    const PgQuery__CreateStmt *statement;
    NewTable table;
    const char *storage; /* pg_class.reloptions */
    VEC(NewColumn) columns;
    NewChecks checks; /* the statement's own, in the order written */
    KeyList keys;
    VEC(LikeClause) likes;
} Creation;

/* ---- elements ---- */

/* A table without rows is valid whatever the statement says; of a foreign table's rows nothing is known. */
static void add_check(Creation *creation, const PgQuery__Constraint *constraint)
{
    NewCheck check = {.name = text_given(constraint->conname),
                      .expr = constraint->raw_expr,
                      .no_inherit = constraint->is_no_inherit,
                      .not_valid = creation->table.kind == 'f' && constraint->skip_validation};
    vec_push(creation->command->arena, &creation->checks, check);
}

/* What a partition's columns are made of is their parent's. */
static bool refuse_on_partition(const Creation *creation, const PgQuery__ColumnDef *definition)
{
    for (size_t i = 0; creation->statement->partbound && i < definition->n_constraints; i++) {
        PgQuery__ConstrType type = definition->constraints[i]->constraint->contype;
        if (type == PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED)
            return error_unsupported(creation->command->error, "generated columns are not supported on partitions");
        if (type == PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY)
            return error_unsupported(creation->command->error, "identity columns are not supported on partitions");
    }
    return true;
}

static bool read_column(Creation *creation, const PgQuery__ColumnDef *definition)
{
    NewColumn column;
    if (!refuse_on_partition(creation, definition) || !constraint_attributes_check(creation->command, definition))
        return false;
    if (creation->table.kind != 'f')
        definition = column_without_keys(creation->command->arena, definition, &creation->keys);
    if (!column_read(creation->command, definition, creation->table.name, &column) || !column_refuse_setof(creation->command, definition))
        return false;
    if (definition->type_name)
        column_warn(creation->command, definition->type_name, column.type, true);
    for (size_t i = 0; i < column.checks.count; i++)
        add_check(creation, column.checks.items[i]);
    vec_push(creation->command->arena, &creation->columns, column);
    return true;
}

static bool read_like(Creation *creation, const PgQuery__TableLikeClause *clause)
{
    Command *command = creation->command;
    LikeClause like;
    if (creation->table.kind == 'f') {
        error_unsupported(command->error, "LIKE is not supported for creating foreign tables");
        return error_at(command->error, clause->relation->location);
    }
    NewColumn *columns;
    size_t count;
    if (!like_columns(command, clause, &like, &columns, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        vec_push(command->arena, &creation->columns, columns[i]);
    vec_push(command->arena, &creation->likes, like);
    return true;
}

static bool read_constraint(Creation *creation, const PgQuery__Constraint *constraint)
{
    if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK) {
        add_check(creation, constraint);
        return true;
    }
    if (creation->table.kind != 'f' && constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION)
        return exclusion_refused(creation->command, constraint, creation->table.kind);
    if (creation->table.kind == 'f' || !constraint_is_key(constraint))
        return constraint_refused(creation->command, constraint);
    vec_push(creation->command->arena, &creation->keys, constraint);
    return true;
}

static bool read_element(Creation *creation, const Node *element)
{
    switch (element->node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_DEF:
        return read_column(creation, element->column_def);
    case PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE:
        return read_like(creation, element->table_like_clause);
    default:
        return read_constraint(creation, element->constraint);
    }
}

static bool same_name_before(const Creation *creation, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (str_eq(creation->columns.items[i].name, creation->columns.items[index].name))
            return true;
    return false;
}

static bool parent_has(Creation *creation, const char *name, bool *has)
{
    Command *command = creation->command;
    const PgQuery__CreateStmt *statement = creation->statement;
    for (size_t i = 0; i < statement->n_inh_relations && !*has; i++) {
        const CatRelation *parent;
        if (!relation_find(command, statement->inh_relations[i]->range_var, false, &parent))
            return false;
        if (!strchr("rfp", parent->kind))
            return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "inherited relation \"%s\" is not a table or foreign table",
                             parent->name);
        for (int k = 0; k < parent->ncolumns; k++)
            *has |= !parent->columns[k].dropped && str_eq(parent->columns[k].name, name);
    }
    return true;
}

static bool check_key_column(Creation *creation, const PgQuery__Constraint *key, const char *name)
{
    bool has = column_is_system(name);
    for (size_t i = 0; i < creation->columns.count; i++)
        has |= str_eq(creation->columns.items[i].name, name);
    if (!has && !parent_has(creation, name, &has))
        return false;
    if (has)
        return true;
    error_set(creation->command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" named in key does not exist", name);
    return error_at(creation->command->error, key->location);
}

static bool same_columns(Node *const *a, size_t na, Node *const *b, size_t nb)
{
    bool same = na == nb;
    for (size_t i = 0; same && i < na; i++)
        same = str_eq(node_text(a[i]), node_text(b[i]));
    return same;
}

static bool is_foreign_key(const PgQuery__Constraint *key)
{
    return key->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN;
}

/* The index is one that another constraint has anyway: that one may take its name. */
static bool is_redundant(Creation *creation, const PgQuery__Constraint *key, size_t kept)
{
    for (size_t i = 0; i < kept && !is_foreign_key(key); i++) {
        const PgQuery__Constraint *other = creation->keys.items[i];
        if (is_foreign_key(other) || !same_columns(key->keys, key->n_keys, other->keys, other->n_keys) ||
            !same_columns(key->including, key->n_including, other->including, other->n_including) ||
            key->nulls_not_distinct != other->nulls_not_distinct || key->deferrable != other->deferrable ||
            key->initdeferred != other->initdeferred)
            continue;
        PgQuery__Constraint *named = ARENA_NEW(creation->command->arena, PgQuery__Constraint);
        *named = *other;
        if (!text_given(other->conname))
            named->conname = key->conname;
        creation->keys.items[i] = named;
        return true;
    }
    return false;
}

/* The primary key comes first, and each index once. */
static void order_keys(Creation *creation)
{
    size_t kept = 0;
    for (size_t i = 0; i < creation->keys.count; i++) {
        const PgQuery__Constraint *key = creation->keys.items[i];
        if (key->contype != PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY)
            continue;
        memmove(&creation->keys.items[1], &creation->keys.items[0], i * sizeof *creation->keys.items);
        creation->keys.items[0] = key;
    }
    for (size_t i = 0; i < creation->keys.count; i++)
        if (!is_redundant(creation, creation->keys.items[i], kept))
            creation->keys.items[kept++] = creation->keys.items[i];
    creation->keys.count = kept;
}

/* PRIMARY KEY and UNIQUE name columns that will be there: that is found before anything else of the table is looked at. */
static bool check_keys(Creation *creation)
{
    const PgQuery__Constraint *primary = NULL;
    for (size_t i = 0; i < creation->keys.count; i++) {
        const PgQuery__Constraint *key = creation->keys.items[i];
        bool is_primary = key->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
        if (is_primary && primary) {
            error_set(creation->command->error, ERRCODE_INVALID_TABLE_DEFINITION, "multiple primary keys for table \"%s\" are not allowed",
                      creation->table.name);
            return error_at(creation->command->error, key->location);
        }
        primary = is_primary ? key : primary;
        for (size_t k = 0; k < key->n_keys; k++)
            if (!check_key_column(creation, key, node_text(key->keys[k])))
                return false;
    }
    order_keys(creation);
    return true;
}

/* Sequences of serial and identity columns come before the table. */
static bool make_sequences(Creation *creation)
{
    Command *command = creation->command;
    for (size_t i = 0; i < creation->columns.count; i++)
        if (!column_make_sequence(command, creation->table.name, creation->table.schema, command->user, &creation->columns.items[i]))
            return false;
    return true;
}

/* Columns and table constraints, in the order written. */
static bool read_elements(Creation *creation)
{
    for (size_t i = 0; i < creation->statement->n_table_elts; i++)
        if (!read_element(creation, creation->statement->table_elts[i]))
            return false;
    return check_keys(creation) && make_sequences(creation);
}

static bool take_columns(Creation *creation)
{
    for (size_t i = 0; i < creation->columns.count; i++)
        if (same_name_before(creation, i))
            return error_set(creation->command->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" specified more than once",
                             creation->columns.items[i].name);
    creation->table.columns = creation->columns.items;
    creation->table.ncolumns = creation->columns.count;
    return true;
}

/* ---- parents ---- */

static bool find_parents(Creation *creation)
{
    const PgQuery__CreateStmt *statement = creation->statement;
    Command *command = creation->command;
    Oid *parents = ARENA_ARRAY(command->arena, Oid, statement->n_inh_relations + 1);
    if (statement->n_inh_relations && statement->partspec && !statement->partbound)
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "cannot create partitioned table as inheritance child");
    for (size_t i = 0; i < statement->n_inh_relations; i++) {
        const CatRelation *parent;
        if (!relation_find(command, statement->inh_relations[i]->range_var, false, &parent))
            return false;
        if (strchr("iIc", parent->kind))
            return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE,
                             parent->kind == 'c' ? "\"%s\" is a composite type" : "\"%s\" is an index", parent->name);
        for (size_t k = 0; k < i; k++)
            if (parents[k] == parent->oid)
                return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" would be inherited from more than once",
                                 parent->name);
        parents[i] = parent->oid;
    }
    creation->table.parents = parents;
    creation->table.nparents = statement->n_inh_relations;
    return true;
}

/* Temporary and other tables do not mix, but for temporary children of others. */
static bool check_temporary(const Creation *creation, const CatRelation *parent)
{
    Catalog *catalog = creation->command->catalog;
    Error *error = creation->command->error;
    bool own = catalog_is_temporary(catalog, creation->table.schema), theirs = catalog_is_temporary(catalog, parent->namespace_oid);
    bool partition = creation->table.is_partition;
    if (theirs && !own)
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE,
                         partition ? "cannot create a permanent relation as partition of temporary relation \"%s\""
                                   : "cannot inherit from temporary relation \"%s\"",
                         parent->name);
    if (theirs && parent->namespace_oid != catalog_temporary(catalog))
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE,
                         partition ? "cannot create as partition of temporary relation of another session"
                                   : "cannot inherit from temporary relation of another session");
    return theirs || !own || !partition ||
           error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "cannot create a temporary relation as partition of permanent relation \"%s\"",
                     parent->name);
}

static bool check_parent(const Creation *creation, const CatRelation *parent)
{
    Error *error = creation->command->error;
    bool partition = creation->table.is_partition;
    if (parent->kind == 'p' && !partition)
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "cannot inherit from partitioned table \"%s\"", parent->name);
    if (parent->is_partition && !partition)
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "cannot inherit from partition \"%s\"", parent->name);
    if (!strchr("rfp", parent->kind))
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "inherited relation \"%s\" is not a table or foreign table", parent->name);
    if (!require_owner(creation->command, PG_CLASS_RELATION, parent->oid))
        return false;
    if (!check_temporary(creation, parent))
        return false;
    if (relation_is_system(parent->oid) && !partition)
        return error_unsupported(error, "inheriting from a relation of the system is not supported");
    return true;
}

static bool merge_parents(Creation *creation)
{
    NewTable *table = &creation->table;
    Command *command = creation->command;
    for (size_t i = 0; i < table->nparents; i++)
        if (!check_parent(creation, catalog_relation(command->catalog, table->parents[i])))
            return false;
    if (table->nparents && !inherit_merge(command, table))
        return false;
    for (size_t i = 0; i < creation->checks.count; i++)
        vec_push(command->arena, &table->checks, creation->checks.items[i]);
    return true;
}

/* ---- what is not taken ---- */

static bool refuse_unsupported(Creation *creation)
{
    const PgQuery__CreateStmt *statement = creation->statement;
    Error *error = creation->command->error;
    if (statement->of_typename)
        return error_unsupported(error, "typed tables are not supported");
    const char *tablespace = text_given(statement->tablespacename);
    if (!tablespace_check_new(creation->command, tablespace, creation->table.schema))
        return false;
    if (tablespace && creation->table.kind == 'p')
        return error_unsupported(error, "cannot specify default tablespace for partitioned relations");
    const char *method = text_given(statement->access_method);
    if (method && creation->table.kind == 'p') {
        error_set(error, ERRCODE_FEATURE_NOT_SUPPORTED, "specifying a table access method is not supported on a partitioned table");
        return false;
    }
    return !method || str_eq(method, "heap") || error_set(error, ERRCODE_UNDEFINED_OBJECT, "access method \"%s\" does not exist", method);
}

static bool check_on_commit(const Creation *creation)
{
    return creation->statement->oncommit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_NOOP ||
           catalog_is_temporary(creation->command->catalog, creation->table.schema) ||
           error_set(creation->command->error, ERRCODE_INVALID_TABLE_DEFINITION, "ON COMMIT can only be used on temporary tables");
}

void table_on_commit(Command *command, Oid table, PgQuery__OnCommitAction action)
{
    bool drops = action == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP;
    if (drops || action == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DELETE_ROWS)
        command->context->on_commit(command->context->arg, table, drops);
}

/* ---- the statements ---- */

static bool skip_existing(Creation *creation, bool *exists)
{
    Command *command = creation->command;
    Oid oid;
    *exists = false;
    if (!creation->statement->if_not_exists)
        return true;
    if (!relation_in_schema(command, creation->table.schema, creation->table.name, &oid))
        return false;
    *exists = oid != OID_NONE;
    if (*exists)
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists, skipping",
               creation->table.name);
    return true;
}

/* Rows that the default partition keeps elsewhere may belong to the new one: nobody looks. */
static bool warn_of_foreign_rows(Creation *creation, Oid parent)
{
    static const char SQL[] = "WITH RECURSIVE tree(oid) AS (SELECT partdefid FROM pg_partitioned_table WHERE partrelid = ?1"
                              " UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = tree.oid)"
                              " SELECT c.relname, (SELECT relname FROM pg_class d JOIN pg_partitioned_table ON partdefid = d.oid WHERE"
                              " partrelid = ?1) FROM tree JOIN pg_class c ON c.oid = tree.oid WHERE relkind = 'f'";
    Command *command = creation->command;
    if (creation->statement->partbound->is_default)
        return true;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", parent);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        notice(command->context->notices, SEVERITY_WARNING, ERRCODE_CHECK_VIOLATION,
               "skipped scanning foreign table \"%s\" which is a partition of default partition \"%s\"", CATALOG_CELL(rows, i, 0).text,
               CATALOG_CELL(rows, i, 1).text);
    return rows != NULL;
}

static bool bind_partition(Creation *creation, Oid oid)
{
    Command *command = creation->command;
    const CatRelation *parent = catalog_relation(command->catalog, creation->table.parents[0]);
    if (parent->kind != 'p')
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "\"%s\" is not partitioned", parent->name);
    StoredRules before;
    PartitionBound bound;
    Oid parent_oid = parent->oid;
    const PgQuery__PartitionBoundSpec *spec = creation->statement->partbound;
    return stored_rows_rules(command, parent_oid, &before) && partition_bound_read(command, parent_oid, spec, &bound) &&
           partition_bind(command, parent_oid, oid, spec, &bound) && stored_rows_verify(command, &before, NULL, true) &&
           warn_of_foreign_rows(creation, parent_oid);
}

/* Only a foreign table's columns have OPTIONS; PostgreSQL finds out once the table is there. */
static bool check_column_options(const Creation *creation)
{
    for (size_t i = 0; creation->table.kind != 'f' && i < creation->table.ncolumns; i++)
        if (creation->table.columns[i].noptions)
            return error_set(creation->command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a foreign table", creation->table.name);
    return true;
}

/* Foreign keys come last; of a new table they are never NOT VALID. */
static bool make_keys(Creation *creation, Oid oid)
{
    for (int foreign = 0; foreign < 2; foreign++)
        for (size_t i = 0; i < creation->keys.count; i++) {
            PgQuery__Constraint key = *creation->keys.items[i];
            key.skip_validation = false;
            if (text_given(key.indexname)) {
                error_unsupported(creation->command->error, "cannot use an existing index in CREATE TABLE");
                return error_at(creation->command->error, key.location);
            }
            if (is_foreign_key(&key) == (foreign == 1) && !key_create(creation->command, oid, &key, false))
                return false;
        }
    return true;
}

/* PostgreSQL makes keys, sequences' owners and columns' options by statements of their own, which look the new table up. */
static bool is_looked_up(const Creation *creation)
{
    bool looked_up = creation->keys.count > 0;
    for (size_t i = 0; i < creation->columns.count; i++)
        looked_up = looked_up || creation->columns.items[i].noptions || creation->columns.items[i].sequence;
    for (size_t i = 0; i < creation->likes.count; i++)
        looked_up = looked_up || like_follows(&creation->likes.items[i]);
    return looked_up;
}

static bool check_look_up(const Creation *creation)
{
    return !text_given(creation->statement->relation->schemaname) || !is_looked_up(creation) ||
           require_privilege(creation->command, PG_NAMESPACE_RELATION, creation->table.schema, ACL_USAGE);
}

/* PostgreSQL reads them a second time, and does not know where by then. */
static void warn_again(Creation *creation)
{
    const PgQuery__CreateStmt *statement = creation->statement;
    Command *command = creation->command;
    for (size_t i = 0; i < statement->n_table_elts; i++) {
        const Node *element = statement->table_elts[i];
        const PgQuery__TypeName *name = element->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF ? element->column_def->type_name : NULL;
        Oid type;
        int32_t typmod;
        if (name && name->n_typmods && type_resolve(command, name, &type, &typmod))
            column_warn(command, name, type, false);
        error_clear(command->error);
    }
}

static bool make(Creation *creation, Oid *oid)
{
    Command *command = creation->command;
    const PgQuery__CreateStmt *statement = creation->statement;
    warn_again(creation);
    if (!table_make(command, &creation->table, oid) || (creation->storage && !storage_set(command, *oid, creation->storage)))
        return false;
    if (statement->partbound && !bind_partition(creation, *oid))
        return false;
    if (statement->partspec && !partition_key_create(command, *oid, statement->partspec))
        return false;
    if (!table_finish(command, &creation->table, *oid))
        return false;
    if (statement->partbound && !(indexes_follow_parent(command, creation->table.parents[0], *oid) &&
                                  triggers_follow_parent(command, creation->table.parents[0], *oid) &&
                                  foreign_keys_follow_parent(command, creation->table.parents[0], *oid)))
        return false;
    if (!check_look_up(creation) || !make_keys(creation, *oid))
        return false;
    for (size_t i = 0; i < creation->likes.count; i++)
        if (!like_finish(command, &creation->likes.items[i], *oid))
            return false;
    return check_column_options(creation);
}

static bool read_storage(Creation *creation)
{
    StorageChange change = {
        .kind = creation->table.kind, .items = creation->statement->options, .count = creation->statement->n_options, .creating = true};
    return storage_change(creation->command, &change, &creation->storage);
}

static bool create(Creation *creation)
{
    Command *command = creation->command;
    const PgQuery__CreateStmt *statement = creation->statement;
    NewTable *table = &creation->table;
    bool exists;
    Oid oid;
    table->name = statement->relation->relname;
    table->persistence = str_eq(statement->relation->relpersistence, "u") ? 'u' : 'p';
    table->is_partition = statement->partbound != NULL;
    if (!creation_schema(command, statement->relation, &table->schema) || !skip_existing(creation, &exists))
        return false;
    if (exists)
        return true;
    if (!check_on_commit(creation) || !refuse_unsupported(creation) || !read_elements(creation) || !find_parents(creation) ||
        !read_storage(creation) || !take_columns(creation) || !merge_parents(creation) || !make(creation, &oid))
        return false;
    table_on_commit(command, oid, statement->oncommit);
    return true;
}

bool table_create(Command *command)
{
    const PgQuery__CreateStmt *statement = command->node->create_stmt;
    Creation creation = {.command = command, .statement = statement, .table = {.kind = statement->partspec ? 'p' : 'r'}};
    return create(&creation);
}

bool foreign_table_create(Command *command)
{
    const PgQuery__CreateForeignTableStmt *statement = command->node->create_foreign_table_stmt;
    Creation creation = {
        .command = command,
        .statement = statement->base_stmt,
        .table = {.kind = 'f', .server = statement->servername, .options = statement->options, .noptions = statement->n_options}};
    return create(&creation);
}
