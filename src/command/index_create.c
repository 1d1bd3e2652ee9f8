/*
 * index_create.c - CREATE INDEX, PRIMARY KEY and UNIQUE: from the statement to what index.c makes.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/collation.h"
#include "command/index_internal.h"
#include "func/partition.h"

enum { MAX_INDEX_COLUMNS = 32, OPTION_DESC = 1, OPTION_NULLS_FIRST = 2 };

/* Who may be indexed, in PostgreSQL's words about the rest. */
static bool check_relation(Command *command, const CatRelation *relation)
{
    static const struct {
        char kind;
        const char *words;
    } WORDS[] = {{'f', "foreign tables"},      {'v', "views"},          {'S', "sequences"}, {'i', "indexes"},
                 {'I', "partitioned indexes"}, {'c', "composite types"}};
    if (relation_is_system(relation->oid))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (WORDS[i].kind == relation->kind) {
            error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot create index on relation \"%s\"", relation->name);
            return error_detail(command->error, "This operation is not supported for %s.", WORDS[i].words);
        }
    return true;
}

static const CatColumn *find_column(const CatRelation *relation, const char *name)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && str_eq(relation->columns[i].name, name))
            return &relation->columns[i];
    return NULL;
}

/* A unique index of a partitioned table holds each row once only if it has all of the partition key. */
static bool check_single_primary(Command *command, const CatRelation *relation)
{
    int64_t other;
    if (!query_integer(command, &other, 0, "SELECT indexrelid FROM pg_index WHERE indrelid = ?1 AND indisprimary", "o", relation->oid))
        return false;
    return !other || error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "multiple primary keys for table \"%s\" are not allowed",
                               relation->name);
}

static bool check_partition_key(Command *command, const CatRelation *relation, const IndexDef *def)
{
    const char *word = def->primary ? "PRIMARY KEY" : "UNIQUE";
    if (relation->kind != 'p' || !def->unique)
        return true;
    const PartitionKey *key = partition_key(command->catalog, relation->oid, command->arena, command->error);
    if (!key)
        return false;
    for (int i = 0; i < key->ncolumns; i++) {
        bool found = false;
        if (!key->columns[i].column) {
            error_set(command->error, ERRCODE_FEATURE_NOT_SUPPORTED, "unsupported %s constraint with partition key definition", word);
            return error_detail(command->error, "%s constraints cannot be used when partition keys include expressions.", word);
        }
        for (int k = 0; k < def->nkeys; k++)
            found |= def->columns[k].column == key->columns[i].column && def->columns[k].collation == key->columns[i].collation;
        if (found)
            continue;
        error_set(command->error, ERRCODE_FEATURE_NOT_SUPPORTED,
                  "unique constraint on partitioned table must include all partitioning columns");
        return error_detail(command->error, "%s constraint on table \"%s\" lacks column \"%s\" which is part of the partition key.", word,
                            relation->name, relation->columns[key->columns[i].column - 1].name);
    }
    return true;
}

bool index_check_key(Command *command, const CatRelation *relation, const IndexDef *def)
{
    return (!def->primary || check_single_primary(command, relation)) && check_partition_key(command, relation, def);
}

static bool check_foreign_partitions(Command *command, const CatRelation *relation, bool unique, bool only)
{
    int64_t foreign;
    if (relation->kind != 'p' || !unique || only)
        return true;
    if (!query_integer(command, &foreign, 0,
                       "WITH RECURSIVE tree(oid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = tree.oid)"
                       " SELECT c.oid FROM tree JOIN pg_class c ON c.oid = tree.oid WHERE relkind = 'f'",
                       "o", relation->oid))
        return false;
    if (!foreign)
        return true;
    return index_refuse_foreign(command, relation->oid);
}

static bool make(Command *command, const CatRelation *relation, const IndexDef *def, bool only)
{
    Oid table = relation->oid, made, taken;
    if (!index_check_key(command, relation, def))
        return false;
    if (def->name) {
        if (!relation_in_schema(command, relation->namespace_oid, def->name, &taken))
            return false;
        if (taken)
            return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists", def->name);
    }
    return index_make(command, table, def, OID_NONE, OID_NONE, only, &made);
}

static bool check_place(Command *command, const CatRelation *relation, const char *tablespace)
{
    if (!tablespace_check_new(command, text_given(tablespace), relation->namespace_oid))
        return false;
    return !text_given(tablespace) || relation->kind != 'p' ||
           error_unsupported(command->error, "cannot specify default tablespace for partitioned relations");
}

static bool read_storage(Command *command, NodeList items, size_t count, IndexDef *def)
{
    StorageChange change = {.kind = storage_index_kind(def->method), .items = items, .count = count};
    return !count || storage_change(command, &change, &def->storage);
}

/* ---- PRIMARY KEY and UNIQUE ---- */

static bool add_key_column(Command *command, const CatRelation *relation, const PgQuery__Constraint *constraint, const Node *node,
                           bool included, IndexDef *def)
{
    const char *name = node_text(node), *kind = def->primary ? "primary key" : "unique";
    const CatColumn *column = find_column(relation, name);
    if (column_is_system(name))
        return error_unsupported(
            command->error, def->primary ? "cannot alter system column \"%s\"" : "index creation on system columns is not supported", name);
    if (!column && def->primary && !included) /* it is made NOT NULL first */
        return error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name, relation->name);
    if (!column)
        return error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" named in key does not exist", name);
    for (int i = 0; i < def->ncolumns; i++)
        if (!included && def->columns[i].column == column->number) {
            error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" appears twice in %s constraint", name, kind);
            return error_at(command->error, constraint->location);
        }
    IndexColumn *out = &def->columns[def->ncolumns++];
    *out = (IndexColumn){.column = column->number,
                         .name = arena_strdup(command->arena, name),
                         .type = column->type,
                         .typmod = column->typmod,
                         .collation = included ? OID_NONE : column->collation};
    return included ||
           (operator_class_find(command, NULL, 0, out->type, "btree", &out->class) && collation_check_order(command, out->collation));
}

bool key_create(Command *command, Oid oid, const PgQuery__Constraint *constraint, bool only)
{
    const CatRelation *relation = catalog_relation(command->catalog, oid);
    IndexDef def = {.name = text_given(constraint->conname),
                    .method = "btree",
                    .unique = true,
                    .constraint = true,
                    .primary = constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY,
                    .nulls_not_distinct = constraint->nulls_not_distinct,
                    .deferrable = constraint->deferrable,
                    .deferred = constraint->initdeferred};
    if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN)
        return foreign_key_create(command, oid, constraint, only);
    def.columns = ARENA_ARRAY(command->arena, IndexColumn, constraint->n_keys + constraint->n_including + 1);
    for (size_t i = 0; i < constraint->n_keys; i++)
        if (!add_key_column(command, relation, constraint, constraint->keys[i], false, &def))
            return false;
    def.nkeys = def.ncolumns;
    for (size_t i = 0; i < constraint->n_including; i++)
        if (!add_key_column(command, relation, constraint, constraint->including[i], true, &def))
            return false;
    for (int i = 0; def.primary && only && i < def.nkeys; i++)
        if (!inherit_check_not_null(command, oid, def.columns[i].name))
            return false;
    if (!check_place(command, relation, constraint->indexspace) || !read_storage(command, constraint->options, constraint->n_options, &def))
        return false;
    return make(command, relation, &def, only);
}

/* ---- CREATE INDEX ---- */

static Expr *analyze(Command *command, const CatRelation *relation, const Node *node, ExprUse use)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    return sql_analyze_stored(node, use, relation, OID_NONE, -1, &context, command->arena, command->error);
}

static bool refuse_system(Command *command)
{
    return error_unsupported(command->error, "index creation on system columns is not supported");
}

static bool reads_system(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_VAR && expr->u.var.column < 0) || expr_walk(expr, reads_system, arg);
}

/* The statement must make sense before anything is asked of the relation. */
bool index_check_exprs(Command *command, const CatRelation *relation, const PgQuery__IndexStmt *statement)
{
    if (statement->where_clause && !analyze(command, relation, statement->where_clause, EXPR_USE_PREDICATE))
        return false;
    for (size_t i = 0; i < statement->n_index_params; i++) {
        const Node *expr = statement->index_params[i]->index_elem->expr;
        if (expr && !analyze(command, relation, expr, EXPR_USE_INDEX))
            return false;
    }
    return true;
}

/* NULL: the error is set. */
static const Expr *immutable_expr(Command *command, const CatRelation *relation, const Node *node, ExprUse use)
{
    const Notices *notices = catalog_notices(command->catalog);
    catalog_set_notices(command->catalog, NULL); /* index_check_exprs has said it */
    const Expr *expr = analyze(command, relation, node, use);
    catalog_set_notices(command->catalog, notices);
    if (!expr || !write_check_index_value(command->context->write, relation->oid, expr, command->arena, command->error))
        return NULL;
    if (expr_is_mutable(expr, command->catalog)) {
        error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "functions in index %s must be marked IMMUTABLE",
                  use == EXPR_USE_PREDICATE ? "predicate" : "expression");
        return NULL;
    }
    if (reads_system(expr, NULL))
        return refuse_system(command), NULL;
    return expr_types_usable(command, expr) ? expr : NULL;
}

/* The name of an expression's column. */
static const char *expression_name(Command *command, const Node *node)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = ""};
    const char *name = sql_output_name(node, &context, command->arena, command->error);
    return str_eq(name, "?column?") ? "expr" : name;
}

static const char *free_name(Command *command, const IndexDef *def, const char *base)
{
    const char *name = base;
    for (int pass = 1;; pass++) {
        bool taken = false;
        for (int i = 0; i < def->ncolumns; i++)
            taken |= str_eq(def->columns[i].name, name);
        if (!taken)
            return arena_strdup(command->arena, name);
        name = arena_printf(command->arena, "%s%d", base, pass);
    }
}

static bool check_included(Command *command, const PgQuery__IndexElem *elem)
{
    const char *given = elem->n_collation                                                       ? "a collation"
                        : elem->n_opclass                                                       ? "an operator class"
                        : elem->ordering != PG_QUERY__SORT_BY_DIR__SORTBY_DEFAULT               ? "ASC/DESC options"
                        : elem->nulls_ordering != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT ? "NULLS FIRST/LAST options"
                                                                                                : NULL;
    return !given || error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "including column does not support %s", given);
}

/* Only btree keeps an order. */
static bool check_order(Command *command, const PgQuery__IndexElem *elem, const char *method)
{
    const char *given = elem->ordering != PG_QUERY__SORT_BY_DIR__SORTBY_DEFAULT                 ? "ASC/DESC"
                        : elem->nulls_ordering != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT ? "NULLS FIRST/LAST"
                                                                                                : NULL;
    return !given || str_eq(method, "btree") ||
           error_unsupported(command->error, "access method \"%s\" does not support %s options", method, given);
}

/* What a literal is to be stays open here, and no other type can be a column's either. */
static bool check_value(Command *command, const PgQuery__IndexElem *elem, Oid type, const char *method)
{
    const PgQuery__AConst *literal = elem->expr->node_case == PG_QUERY__NODE__NODE_A_CONST ? elem->expr->a_const : NULL;
    bool is_unknown = literal && (literal->isnull || literal->val_case == PG_QUERY__A__CONST__VAL_SVAL);
    if (is_unknown && !elem->n_opclass) {
        error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "data type unknown has no default operator class for access method \"%s\"",
                  method);
        return error_hint(command->error, "You must specify an operator class for the index or define a default operator class for the "
                                          "data type.");
    }
    return type != TYPE_RECORD || error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "column \"%s\" has pseudo-type record",
                                            expression_name(command, elem->expr));
}

/* A column in parentheses, with COLLATE or without, is a column. */
static bool read_expression(Command *command, const CatRelation *relation, const PgQuery__IndexElem *elem, const char *method,
                            IndexColumn *column)
{
    const Expr *expr = immutable_expr(command, relation, elem->expr, EXPR_USE_INDEX), *plain = expr;
    if (!expr)
        return false;
    while (plain->kind == EXPR_COLLATE)
        plain = plain->args[0];
    column->type = expr->type;
    column->collation = expr->collation;
    if (plain->kind == EXPR_VAR && plain->u.var.column > 0) {
        column->column = plain->u.var.column;
        column->typmod = plain->typmod;
        return true;
    }
    column->own_collation = expr->collation;
    column->expr = expr_text(command, expr, relation);
    return check_value(command, elem, column->type, method);
}

static bool check_determined(Command *command, const IndexColumn *column)
{
    if (column->collation || !catalog_type(command->catalog, column->type)->collation)
        return true;
    error_set(command->error, ERRCODE_INDETERMINATE_COLLATION, "could not determine which collation to use for index expression");
    return error_hint(command->error, "Use the COLLATE clause to set the collation explicitly.");
}

static bool add_element(Command *command, const CatRelation *relation, const PgQuery__IndexElem *elem, bool included, IndexDef *def)
{
    IndexColumn column = {.typmod = -1};
    const char *base;
    if (text_given(elem->name)) {
        const CatColumn *found = find_column(relation, elem->name);
        if (column_is_system(elem->name))
            return refuse_system(command);
        if (!found)
            return error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist", elem->name);
        column = (IndexColumn){.column = found->number, .type = found->type, .typmod = found->typmod, .collation = found->collation};
        base = elem->name;
    } else {
        if (included)
            return error_unsupported(command->error, "expressions are not supported in included columns");
        if (!read_expression(command, relation, elem, def->method, &column))
            return false;
        base = expression_name(command, elem->expr);
    }
    column.name = free_name(command, def, base);
    bool descending = elem->ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
    column.option = descending ? OPTION_DESC | OPTION_NULLS_FIRST : 0;
    if (elem->nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST)
        column.option |= OPTION_NULLS_FIRST;
    else if (elem->nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST)
        column.option &= ~OPTION_NULLS_FIRST;
    if (included)
        column.collation = OID_NONE;
    if (included
            ? !check_included(command, elem)
            : !collation_given(command, elem->collation, elem->n_collation, column.type, &column.collation) ||
                  !check_determined(command, &column) ||
                  !operator_class_find(command, elem->opclass, elem->n_opclass, column.type, def->method, &column.class) ||
                  !check_order(command, elem, def->method) || (relation->kind != 'f' && !collation_check_order(command, column.collation)))
        return false;
    def->columns[def->ncolumns++] = column;
    return true;
}

/* What an access method can do, of what a statement may ask of it. */
static bool check_method(Command *command, const PgQuery__IndexStmt *statement, const char *method)
{
    int64_t found;
    bool btree = str_eq(method, "btree");
    if (!query_integer(command, &found, 0, "SELECT oid FROM pg_am WHERE amname = ?1 AND amtype = 'i'", "s", method))
        return false;
    if (!found)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "access method \"%s\" does not exist", method);
    if (statement->unique && !btree)
        return error_unsupported(command->error, "access method \"%s\" does not support unique indexes", method);
    if (statement->n_index_including_params && !btree && !str_eq(method, "gist") && !str_eq(method, "spgist"))
        return error_unsupported(command->error, "access method \"%s\" does not support included columns", method);
    if (statement->n_index_params > 1 && (str_eq(method, "hash") || str_eq(method, "spgist")))
        return error_unsupported(command->error, "access method \"%s\" does not support multicolumn indexes", method);
    return true;
}

static bool read_elements(Command *command, const CatRelation *relation, const PgQuery__IndexStmt *statement, IndexDef *def)
{
    size_t count = statement->n_index_params + statement->n_index_including_params;
    def->columns = ARENA_ARRAY(command->arena, IndexColumn, count + 1);
    for (size_t i = 0; i < statement->n_index_params; i++)
        if (!add_element(command, relation, statement->index_params[i]->index_elem, false, def))
            return false;
    def->nkeys = def->ncolumns;
    for (size_t i = 0; i < statement->n_index_including_params; i++)
        if (!add_element(command, relation, statement->index_including_params[i]->index_elem, true, def))
            return false;
    return true;
}

/* Of all that is not a column. */
static bool read_rest(Command *command, const CatRelation *relation, const PgQuery__IndexStmt *statement, IndexDef *def)
{
    if (!check_place(command, relation, statement->table_space) || !check_method(command, statement, def->method))
        return false;
    if (statement->where_clause) {
        const Expr *expr = immutable_expr(command, relation, statement->where_clause, EXPR_USE_PREDICATE);
        if (!expr)
            return false;
        def->predicate = expr_text(command, expr, relation);
    }
    return read_storage(command, statement->options, statement->n_options, def);
}

bool index_define(Command *command, Oid table, const PgQuery__IndexStmt *statement, IndexDef *def)
{
    *def = (IndexDef){.name = text_given(statement->idxname),
                      .method = statement->access_method,
                      .unique = statement->unique,
                      .nulls_not_distinct = statement->nulls_not_distinct};
    return read_rest(command, catalog_relation(command->catalog, table), statement, def) &&
           read_elements(command, catalog_relation(command->catalog, table), statement, def);
}

static bool check_count(Command *command, const PgQuery__IndexStmt *statement)
{
    return statement->n_index_params + statement->n_index_including_params <= MAX_INDEX_COLUMNS ||
           error_set(command->error, ERRCODE_TOO_MANY_COLUMNS, "cannot use more than %d columns in an index", MAX_INDEX_COLUMNS);
}

static bool skip_existing(Command *command, const PgQuery__IndexStmt *statement, const CatRelation *relation, bool *exists)
{
    Oid taken = OID_NONE;
    if (text_given(statement->idxname) && !relation_in_schema(command, relation->namespace_oid, statement->idxname, &taken))
        return false;
    *exists = taken && statement->if_not_exists;
    if (*exists)
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists, skipping",
               statement->idxname);
    return true;
}

bool index_create(Command *command)
{
    const PgQuery__IndexStmt *statement = command->node->index_stmt;
    const CatRelation *relation;
    bool exists;
    IndexDef def;
    if (statement->concurrent && !command_require_alone(command, "CREATE INDEX CONCURRENTLY"))
        return false;
    if (!relation_find(command, statement->relation, false, &relation) || !require_owner(command, PG_CLASS_RELATION, relation->oid) ||
        !check_foreign_partitions(command, relation, statement->unique, !statement->relation->inh) ||
        !index_check_exprs(command, relation, statement) || !check_count(command, statement) || !check_relation(command, relation))
        return false;
    if (statement->concurrent && relation->kind == 'p')
        return error_unsupported(command->error, "cannot create index on partitioned table \"%s\" concurrently", relation->name);
    StoredRules before;
    if (!require_privilege(command, PG_NAMESPACE_RELATION, relation->namespace_oid, ACL_CREATE) ||
        !index_define(command, relation->oid, statement, &def) || !skip_existing(command, statement, relation, &exists))
        return false;
    if (exists)
        return true;
    return relation_require_unused(command, relation->oid, relation->name, "CREATE INDEX") &&
           stored_rows_rules(command, relation->oid, &before) && make(command, relation, &def, !statement->relation->inh) &&
           stored_rows_verify(command, &before, NULL, false);
}
