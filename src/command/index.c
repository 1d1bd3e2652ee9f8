/*
 * index.c - the rows that an index is: pg_class, pg_attribute, pg_index, for PRIMARY KEY and UNIQUE pg_constraint; and the indexes of
 * partitions that follow their parent's. Indexes are recorded and shown; no rows lie in them.
 *
 * Invariants:
 *  1. An index goes with the columns it reads, a constraint's index with the constraint.
 *  2. A partitioned table's index (relkind I) has one below it on every partition.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/index_internal.h"
#include "command/trigger_internal.h"

enum { NAME_BYTES = 63 };

/* ---- names ---- */

static const char *cut_name(Command *command, const char *table, const char *columns, const char *label)
{
    size_t room = NAME_BYTES - strlen(label) - 1 - (columns ? 1 : 0), first = strlen(table), second = columns ? strlen(columns) : 0;
    while (first + second > room) {
        if (first > second)
            first--;
        else
            second--;
    }
    return columns ? arena_printf(command->arena, "%.*s_%.*s_%s", (int)first, table, (int)second, columns, label)
                   : arena_printf(command->arena, "%.*s_%s", (int)first, table, label);
}

static const char *joined_names(Command *command, const IndexDef *def)
{
    Str out;
    str_init(&out, command->arena);
    for (int i = 0; i < def->ncolumns; i++)
        str_addf(&out, "%s%s", i ? "_" : "", def->columns[i].name);
    return arena_strndup(command->arena, out.data, out.len > NAME_BYTES ? NAME_BYTES : out.len);
}

bool index_choose_name(Command *command, const CatRelation *relation, const IndexDef *def, const char **name)
{
    const char *columns = def->primary ? NULL : joined_names(command, def);
    const char *label = def->foreign ? "fkey" : def->primary ? "pkey" : def->constraint ? "key" : "idx";
    for (int pass = 0;; pass++) {
        int64_t taken;
        *name = cut_name(command, relation->name, columns, pass ? arena_printf(command->arena, "%s%d", label, pass) : label);
        if (!query_integer(command, &taken, 0,
                           "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2 UNION ALL"
                           " SELECT oid FROM pg_constraint WHERE conname = ?1 AND connamespace = ?2",
                           "so", *name, relation->namespace_oid))
            return false;
        if (!taken)
            return true;
    }
}

/* ---- rows ---- */

static bool insert_class(Command *command, const CatRelation *relation, const IndexDef *def, const char *name, Oid index)
{
    bool partitioned = relation->kind == 'p';
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_class SELECT ?1, ?2, relnamespace, 0, 0, relowner, (SELECT oid FROM pg_am WHERE amname = ?4), ?5,"
                        " 0, ?6, 0, 0, 0, 0, 0, relpersistence, ?7, ?8, 0, 0, 0, 0, 0, 0, 1, 'n', 0, 0, 0, 0, NULL, NULL, NULL"
                        " FROM pg_class WHERE oid = ?3",
                        "ososoisi", index, name, relation->oid, def->method, partitioned ? OID_NONE : index,
                        partitioned ? INT64_C(0) : INT64_C(1), partitioned ? "I" : "i", (int64_t)def->ncolumns);
}

/* Of the type that the operator class keeps, where that is another one; else a plain column is stored as the table's is. */
static bool insert_column(Command *command, const IndexColumn *column, Oid table, Oid index, int number)
{
    int64_t kept;
    if (!query_integer(command, &kept, column->type,
                       "SELECT CASE WHEN opckeytype = 2283 AND opcintype = 2277 THEN (SELECT typelem FROM pg_type WHERE oid = ?2)"
                       " WHEN opckeytype <> 0 THEN opckeytype WHEN opcmethod = 405 THEN 23 ELSE ?2 END FROM pg_opclass WHERE oid = ?1",
                       "oo", column->class, column->type))
        return false;
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_attribute (attrelid, attname, atttypid, attstattarget, attlen, attnum, attndims, attcacheoff,"
                        " atttypmod, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity,"
                        " attgenerated, attisdropped, attislocal, attinhcount, attcollation, attacl, attoptions, attfdwoptions,"
                        " attmissingval) SELECT ?1, ?2, oid, -1, typlen, ?4, coalesce(a.attndims, 0), -1, ?6, typbyval, typalign,"
                        " CASE WHEN ?9 THEN coalesce(a.attstorage, typstorage) ELSE typstorage END,"
                        " CASE WHEN ?9 THEN coalesce(a.attcompression, '') ELSE '' END, 0, 0, 0, '', '', 0, 1, 0, ?5, NULL, NULL, NULL,"
                        " NULL FROM pg_type LEFT JOIN pg_attribute a ON a.attrelid = ?7 AND a.attnum = ?8 WHERE oid = ?3",
                        "osoioioib", index, column->name, (Oid)kept, (int64_t)number, column->collation,
                        kept == column->type ? (int64_t)column->typmod : -1, table, (int64_t)column->column, kept == column->type);
}

/* What pg_index says of an index's columns, one after the other. */
typedef struct ColumnTexts {
    Str keys, collations, classes, options, exprs;
} ColumnTexts;

static ColumnTexts column_texts(Command *command, const IndexDef *def)
{
    ColumnTexts out;
    Str *all[] = {&out.keys, &out.collations, &out.classes, &out.options, &out.exprs};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        str_init(all[i], command->arena);
    for (int i = 0; i < def->ncolumns; i++) {
        const IndexColumn *column = &def->columns[i];
        const char *space = i ? " " : "";
        str_addf(&out.keys, "%s%d", space, column->column);
        if (i < def->nkeys) {
            str_addf(&out.collations, "%s%u", space, column->collation);
            str_addf(&out.classes, "%s%u", space, column->class);
            str_addf(&out.options, "%s%d", space, column->option);
        }
        if (!column->column)
            str_addf(&out.exprs, "%s\3%u,-1,%u\2", column->expr, column->type, column->own_collation);
    }
    return out;
}

static const char *text_or_null(const Str *text)
{
    return text->len ? text->data : NULL;
}

static bool insert_columns(Command *command, const IndexDef *def, Oid table, Oid index)
{
    for (int i = 0; i < def->ncolumns; i++)
        if (!insert_column(command, &def->columns[i], table, index, i + 1))
            return false;
    return true;
}

static bool insert_index(Command *command, const IndexDef *def, Oid table, Oid index)
{
    ColumnTexts texts = column_texts(command, def);
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_index VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, 0, 1, 0, 1, 1, 0, ?9, ?10, ?11, ?12, ?13, ?14)",
                        "ooiibbbbssssss", index, table, (int64_t)def->ncolumns, (int64_t)def->nkeys, def->unique, def->nulls_not_distinct,
                        def->primary, !def->deferrable, texts.keys.data, texts.collations.data, texts.classes.data, texts.options.data,
                        text_or_null(&texts.exprs), def->predicate) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relhasindex = 1 WHERE oid = ?1", "o", table);
}

/* What an expression or a predicate uses; its columns take the index with them. */
static bool depend_on_expr(Command *command, const char *text, ObjectAddress self, Oid table)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = ""};
    const Node *node = stored_expr_parse(command, text);
    const Expr *expr =
        node ? sql_analyze_expr(node, catalog_relation(command->catalog, table), OID_NONE, -1, &context, command->arena, command->error)
             : NULL;
    return expr && expr_depend_as(command, self, expr, table, 'a');
}

static bool depend_on_columns(Command *command, const IndexDef *def, ObjectAddress self, Oid table)
{
    bool any = false;
    for (int i = 0; i < def->ncolumns; i++)
        if (def->columns[i].column) {
            any = true;
            if (!depend_on(command, self, object_address(PG_CLASS_RELATION, table, def->columns[i].column), 'a'))
                return false;
        }
    if (!any && !depend_on(command, self, object_address(PG_CLASS_RELATION, table, 0), 'a'))
        return false;
    for (int i = 0; i < def->ncolumns; i++)
        if (def->columns[i].expr && !depend_on_expr(command, def->columns[i].expr, self, table))
            return false;
    return !def->predicate || depend_on_expr(command, def->predicate, self, table);
}

static bool depend_on_collations(Command *command, const IndexDef *def, Oid index)
{
    ObjectAddress self = object_address(PG_CLASS_RELATION, index, 0);
    for (int i = 0; i < def->nkeys; i++) {
        Oid collation = def->columns[i].collation;
        if (collation && collation != COLLATION_DEFAULT &&
            !depend_on(command, self, object_address(PG_COLLATION_RELATION, collation, 0), 'n'))
            return false;
    }
    return true;
}

/* A key that is deferrable is asked about once more, when its rows' triggers fire. */
static bool insert_recheck(Command *command, const IndexDef *def, Oid table, Oid index, Oid constraint)
{
    enum { UNIQUE_KEY_RECHECK = 1250, AFTER_ROW_INSERT_UPDATE = 21 };
    ConstraintTrigger recheck = {.prefix = def->primary ? "PK_ConstraintTrigger" : "Unique_ConstraintTrigger",
                                 .table = table,
                                 .index = index,
                                 .constraint = constraint,
                                 .function = UNIQUE_KEY_RECHECK,
                                 .type = AFTER_ROW_INSERT_UPDATE,
                                 .deferrable = true,
                                 .deferred = def->deferred};
    return !def->deferrable || trigger_insert_for_constraint(command, &recheck);
}

static bool insert_constraint(Command *command, const CatRelation *relation, const IndexDef *def, const char *name, Oid index, Oid parent,
                              Oid *constraint)
{
    Str key;
    str_init(&key, command->arena);
    for (int i = 0; i < def->nkeys; i++)
        str_addf(&key, "%s%d", i ? "," : "{", def->columns[i].column);
    str_addc(&key, '}');
    Oid table = relation->oid, schema = relation->namespace_oid;
    *constraint = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_CONSTRAINT_RELATION, *constraint, 0);
    return *constraint &&
           catalog_exec(
               command->catalog, command->error, NULL,
               "INSERT INTO pg_constraint (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid,"
               " contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount,"
               " connoinherit, conkey, confkey, conpfeqop, conppeqop, conffeqop, confdelsetcols, conexclop, conbin)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, 0, ?8, ?9, 0, ' ', ' ', ' ', ?10, ?11, ?12, ?13, NULL, NULL, NULL, NULL,"
               " NULL, NULL, NULL)",
               "ososbbooobibs", *constraint, name, schema, def->primary ? "p" : "u", def->deferrable, def->deferred, table, index, parent,
               parent == OID_NONE, (int64_t)(parent != OID_NONE), parent == OID_NONE, key.data) &&
           depend_on_columns(command, def, self, table) && depend_on(command, object_address(PG_CLASS_RELATION, index, 0), self, 'i') &&
           (parent == OID_NONE || (depend_on(command, self, object_address(PG_CONSTRAINT_RELATION, parent, 0), 'P') &&
                                   depend_on(command, self, object_address(PG_CLASS_RELATION, table, 0), 'S'))) &&
           insert_recheck(command, def, table, index, *constraint);
}

/* An index below another one. */
static bool attach(Command *command, Oid index, Oid parent, Oid table)
{
    ObjectAddress self = object_address(PG_CLASS_RELATION, index, 0);
    return catalog_exec(command->catalog, command->error, NULL, "INSERT INTO pg_inherits VALUES (?1, ?2, 1, 0)", "oo", index, parent) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relispartition = 1 WHERE oid = ?1", "o", index) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relhassubclass = 1 WHERE oid = ?1", "o", parent) &&
           depend_on(command, self, object_address(PG_CLASS_RELATION, parent, 0), 'P') &&
           depend_on(command, self, object_address(PG_CLASS_RELATION, table, 0), 'S');
}

/* ---- one that exists ---- */

static const char *next_word(const char *text, Arena *arena, const char **rest)
{
    size_t len = strcspn(text, " ");
    *rest = text + len + (text[len] == ' ');
    return arena_strndup(arena, text, len);
}

static int column_by_name(const CatRelation *relation, const char *name)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && str_eq(relation->columns[i].name, name))
            return i + 1;
    return 0;
}

/* The i-th stored expression. */
static const char *stored_entry(Command *command, const char *exprs, int index, Oid *type, Oid *collation)
{
    const char *at = exprs ? exprs : "";
    for (int i = 0; i < index && strchr(at, 2); i++)
        at = strchr(at, 2) + 1;
    const char *types = strchr(at, 3), *last = types ? strchr(types, ',') : NULL;
    last = last ? strchr(last + 1, ',') : NULL;
    *type = types ? (Oid)strtoul(types + 1, NULL, 10) : OID_NONE;
    *collation = last ? (Oid)strtoul(last + 1, NULL, 10) : OID_NONE;
    return arena_strndup(command->arena, at, strcspn(at, "\3\2"));
}

static bool read_columns(Command *command, const CatalogRows *row, const CatRelation *source, const CatRelation *target, Oid index,
                         IndexDef *def)
{
    const char *keys = CATALOG_CELL(row, 0, 1).text, *collations = CATALOG_CELL(row, 0, 2).text;
    const char *classes = CATALOG_CELL(row, 0, 3).text, *options = CATALOG_CELL(row, 0, 4).text;
    CatalogRows *names = catalog_query(command->catalog, command->arena, command->error,
                                       "SELECT attname, atttypmod FROM pg_attribute WHERE attrelid = ?1 ORDER BY attnum", "o", index);
    int exprs = 0;
    if (!names)
        return false;
    def->columns = ARENA_ARRAY(command->arena, IndexColumn, def->ncolumns + 1);
    for (int i = 0; i < def->ncolumns && i < (int)names->nrows; i++) {
        IndexColumn *column = &def->columns[i];
        int number = atoi(next_word(keys, command->arena, &keys));
        *column = (IndexColumn){.name = arena_strdup(command->arena, CATALOG_CELL(names, i, 0).text),
                                .typmod = (int32_t)CATALOG_CELL(names, i, 1).i};
        if (number) {
            column->type = source->columns[number - 1].type;
            column->typmod = source->columns[number - 1].typmod;
            column->column = column_by_name(target, source->columns[number - 1].name);
        } else {
            column->expr = stored_entry(command, CATALOG_CELL(row, 0, 12).text, exprs++, &column->type, &column->own_collation);
        }
        if (i >= def->nkeys)
            continue;
        column->collation = (Oid)strtoul(next_word(collations, command->arena, &collations), NULL, 10);
        column->class = (Oid)strtoul(next_word(classes, command->arena, &classes), NULL, 10);
        column->option = atoi(next_word(options, command->arena, &options));
    }
    return true;
}

bool index_read(Command *command, Oid index, Oid to, IndexDef *def)
{
    CatalogRows *row =
        catalog_query(command->catalog, command->arena, command->error,
                      "SELECT indrelid, indkey, indcollation, indclass, indoption, indnatts, indnkeyatts, indisunique,"
                      " indisprimary, indnullsnotdistinct, amname, indpred, indexprs,"
                      " (SELECT condeferred FROM pg_constraint WHERE conindid = ?1 AND contype IN ('p', 'u')), indimmediate, reloptions"
                      " FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = relam"
                      " WHERE indexrelid = ?1",
                      "o", index);
    if (!row || row->nrows == 0)
        return false;
    *def = (IndexDef){.ncolumns = (int)CATALOG_CELL(row, 0, 5).i,
                      .nkeys = (int)CATALOG_CELL(row, 0, 6).i,
                      .unique = CATALOG_CELL(row, 0, 7).i != 0,
                      .primary = CATALOG_CELL(row, 0, 8).i != 0,
                      .nulls_not_distinct = CATALOG_CELL(row, 0, 9).i != 0,
                      .method = arena_strdup(command->arena, CATALOG_CELL(row, 0, 10).text),
                      .predicate = arena_strdup(command->arena, CATALOG_CELL(row, 0, 11).text),
                      .constraint = !CATALOG_CELL(row, 0, 13).is_null,
                      .deferrable = CATALOG_CELL(row, 0, 14).i == 0,
                      .storage = arena_strdup(command->arena, CATALOG_CELL(row, 0, 15).text),
                      .deferred = CATALOG_CELL(row, 0, 13).i != 0};
    const CatRelation *source = catalog_relation(command->catalog, (Oid)CATALOG_CELL(row, 0, 0).i);
    return read_columns(command, row, source, catalog_relation(command->catalog, to), index, def);
}

/* ---- below another one ---- */

static CatalogRows *indexes_of(Command *command, Oid table)
{
    return catalog_query(command->catalog, command->arena, command->error,
                         "SELECT indexrelid, indisunique, (SELECT oid FROM pg_constraint WHERE conindid = indexrelid"
                         " AND contype IN ('p', 'u')), indisvalid FROM pg_index WHERE indrelid = ?1 ORDER BY indexrelid",
                         "o", table);
}

/* Do both index the same columns in the same way? Whether as a key, and which, does not matter. */
static bool is_alike(const IndexDef *a, const IndexDef *b)
{
    bool same = a->ncolumns == b->ncolumns && a->nkeys == b->nkeys && a->unique == b->unique && str_eq(a->method, b->method) &&
                str_eq(a->predicate, b->predicate);
    for (int i = 0; same && i < a->ncolumns; i++) {
        const IndexColumn *x = &a->columns[i], *y = &b->columns[i];
        same = x->column == y->column && x->collation == y->collation && x->class == y->class && str_eq(x->expr, y->expr);
    }
    return same;
}

static bool attach_constraint(Command *command, Oid constraint, Oid parent, Oid table)
{
    ObjectAddress self = object_address(PG_CONSTRAINT_RELATION, constraint, 0);
    return constraint == OID_NONE || parent == OID_NONE ||
           (catalog_exec(command->catalog, command->error, NULL,
                         "UPDATE pg_constraint SET conparentid = ?2, coninhcount = 1, conislocal = 0 WHERE oid = ?1", "oo", constraint,
                         parent) &&
            depend_on(command, self, object_address(PG_CONSTRAINT_RELATION, parent, 0), 'P') &&
            depend_on(command, self, object_address(PG_CLASS_RELATION, table, 0), 'S'));
}

/* An index of the child that can be the parent's one's: *found OID_NONE: there is none. joins: the child comes, so that the index must be
 * valid already. */
static bool find_alike(Command *command, const IndexDef *def, Oid child, bool joins, Oid *found, Oid *constraint)
{
    CatalogRows *rows = indexes_of(command, child);
    *found = OID_NONE;
    for (size_t i = 0; rows && i < rows->nrows && *found == OID_NONE; i++) {
        IndexDef own;
        Oid index = (Oid)CATALOG_CELL(rows, i, 0).i;
        int64_t attached;
        if (!index_read(command, index, child, &own) ||
            !query_integer(command, &attached, 0, "SELECT 1 FROM pg_inherits WHERE inhrelid = ?1", "o", index))
            return false;
        if (!attached && (!joins || CATALOG_CELL(rows, i, 3).i) && is_alike(def, &own) && (!def->constraint || own.constraint)) {
            *found = index;
            *constraint = (Oid)CATALOG_CELL(rows, i, 2).i;
        }
    }
    return rows != NULL;
}

/* One that the partition has already, else a new one. */
static bool make_or_attach(Command *command, const IndexDef *def, Oid index, Oid constraint, Oid partition, bool joins)
{
    Oid found, own = OID_NONE;
    if (!find_alike(command, def, partition, joins, &found, &own))
        return false;
    return found ? attach(command, found, index, partition) && attach_constraint(command, own, constraint, partition)
                 : index_make(command, partition, def, index, constraint, false, &found);
}

/* ---- making ---- */

/* Unless told ONLY, the columns of tables below too. */
static bool primary_is_not_null(Command *command, const IndexDef *def, Oid table, bool only)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid AND NOT ?3)"
        " UPDATE pg_attribute SET attnotnull = 1 WHERE attrelid IN (SELECT relid FROM tree) AND attname ="
        " (SELECT attname FROM pg_attribute WHERE attrelid = ?1 AND attnum = ?2)";
    for (int i = 0; def->primary && i < def->nkeys; i++)
        if (!catalog_exec(command->catalog, command->error, NULL, SQL, "oib", table, (int64_t)def->columns[i].column, only))
            return false;
    return true;
}

bool index_refuse_foreign(Command *command, Oid table)
{
    const char *name = arena_strdup(command->arena, catalog_relation(command->catalog, table)->name);
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot create unique index on partitioned table \"%s\"", name);
    return error_detail(command->error, "Table \"%s\" contains partitions that are foreign tables.", name);
}

/* complete: below the index those partitions get one that have none, and a new one. */
static bool make_below(Command *command, Oid table, Oid index, Oid constraint, bool complete)
{
    Oid *partitions;
    size_t count;
    if (!inherit_partitions(command, table, &partitions, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        IndexDef def;
        int64_t attached = 0;
        Oid made;
        bool foreign = catalog_relation(command->catalog, partitions[i])->kind == 'f';
        if (!index_read(command, index, partitions[i], &def) ||
            (complete && !query_integer(command, &attached, 0,
                                        "SELECT 1 FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid WHERE inhparent = ?1"
                                        " AND indrelid = ?2",
                                        "oo", index, partitions[i])))
            return false;
        if (foreign && def.unique)
            return index_refuse_foreign(command, table);
        if (foreign || attached)
            continue;
        if (!(complete ? index_make(command, partitions[i], &def, index, constraint, false, &made)
                       : make_or_attach(command, &def, index, constraint, partitions[i], false)))
            return false;
    }
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_index SET indisvalid = NOT EXISTS (SELECT 1 FROM pg_inherits JOIN pg_index x ON x.indexrelid = inhrelid"
                        " WHERE inhparent = ?1 AND NOT x.indisvalid) WHERE indexrelid = ?1",
                        "o", index);
}

bool index_complete(Command *command, Oid table, Oid index, Oid constraint)
{
    return catalog_relation(command->catalog, table)->kind != 'p' || make_below(command, table, index, constraint, true);
}

static bool constraint_name_taken(Command *command, Oid table, const char *name, bool *taken)
{
    int64_t oid;
    if (!query_integer(command, &oid, 0, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2", "so", name, table))
        return false;
    *taken = oid;
    return true;
}

static bool check_constraint_name(Command *command, const CatRelation *relation, const char *name)
{
    bool taken;
    if (!constraint_name_taken(command, relation->oid, name, &taken))
        return false;
    return !taken || error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "constraint \"%s\" for relation \"%s\" already exists", name,
                               relation->name);
}

bool index_make(Command *command, Oid table, const IndexDef *def, Oid parent_index, Oid parent_constraint, bool only, Oid *index)
{
    const CatRelation *relation = catalog_relation(command->catalog, table);
    const char *name = def->name;
    Oid constraint = OID_NONE;
    char kind = relation->kind;
    if (!index_check_key(command, relation, def) || (!name && !index_choose_name(command, relation, def, &name)))
        return false;
    if (def->constraint && !check_constraint_name(command, relation, name))
        return false;
    *index = catalog_new_oid(command->catalog, command->error);
    if (!*index || !insert_class(command, catalog_relation(command->catalog, table), def, name, *index) ||
        (def->storage && !storage_set(command, *index, def->storage)))
        return false;
    if (!insert_columns(command, def, table, *index) || !insert_index(command, def, table, *index) ||
        !primary_is_not_null(command, def, table, only))
        return false;
    if (def->constraint
            ? !insert_constraint(command, catalog_relation(command->catalog, table), def, name, *index, parent_constraint, &constraint)
            : !depend_on_columns(command, def, object_address(PG_CLASS_RELATION, *index, 0), table))
        return false;
    if (!depend_on_collations(command, def, *index))
        return false;
    if (parent_index && !attach(command, *index, parent_index, table))
        return false;
    if (kind == 'p' && only)
        return catalog_exec(command->catalog, command->error, NULL,
                            "UPDATE pg_index SET indisvalid = 0 WHERE indexrelid = ?1 AND EXISTS (SELECT 1 FROM pg_inherits WHERE"
                            " inhparent = ?2)",
                            "oo", *index, table);
    return kind != 'p' || make_below(command, table, *index, constraint, false);
}

bool index_remake(Command *command, Oid table, Oid index, const IndexDef *def)
{
    ColumnTexts texts = column_texts(command, def);
    return catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_attribute WHERE attrelid = ?1", "o", index) &&
           insert_columns(command, def, table, index) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_index SET indkey = ?2, indcollation = ?3, indclass = ?4, indexprs = ?5, indpred = ?6"
                        " WHERE indexrelid = ?1",
                        "osssss", index, texts.keys.data, texts.collations.data, texts.classes.data, text_or_null(&texts.exprs),
                        def->predicate) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND (refclassid = ?3 OR (deptype = 'a' AND ?4))", "ooob",
                        (Oid)PG_CLASS_RELATION, index, (Oid)PG_COLLATION_RELATION, !def->constraint) &&
           (def->constraint || depend_on_columns(command, def, object_address(PG_CLASS_RELATION, index, 0), table)) &&
           depend_on_collations(command, def, index);
}

/* The error of the catalog's own index. */
static bool check_constraint_entry(Command *command, Oid table, const char *name)
{
    static const char INDEX[] = "pg_constraint_conrelid_contypid_conname_index";
    bool taken;
    Error *error = command->error;
    if (!constraint_name_taken(command, table, name, &taken) || !taken)
        return !error_is_set(error);
    error_set(error, ERRCODE_UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"%s\"", INDEX);
    error_detail(error, "Key (conrelid, contypid, conname)=(%u, 0, %s) already exists.", table, name);
    error->schema = "pg_catalog";
    error->table = "pg_constraint";
    error->constraint = INDEX;
    return false;
}

bool index_promote(Command *command, Oid table, Oid index, const IndexDef *def, bool only)
{
    Oid constraint;
    return check_constraint_entry(command, table, def->name) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND refclassid = ?1 AND refobjid = ?3", "ooo",
                        (Oid)PG_CLASS_RELATION, index, table) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_index SET indisprimary = ?2, indimmediate = ?3 WHERE indexrelid = ?1", "obb", index, def->primary,
                        !def->deferrable) &&
           primary_is_not_null(command, def, table, only) &&
           insert_constraint(command, catalog_relation(command->catalog, table), def, def->name, index, OID_NONE, &constraint);
}

/* ---- following others ---- */

bool indexes_follow_parent(Command *command, Oid parent, Oid child)
{
    CatalogRows *rows = indexes_of(command, parent);
    bool foreign = catalog_relation(command->catalog, child)->kind == 'f';
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        IndexDef def;
        Oid index = (Oid)CATALOG_CELL(rows, i, 0).i, constraint = (Oid)CATALOG_CELL(rows, i, 2).i, made;
        if (foreign && CATALOG_CELL(rows, i, 1).i) {
            const char *name = catalog_relation(command->catalog, parent)->name;
            error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot create foreign partition of partitioned table \"%s\"", name);
            return error_detail(command->error, "Table \"%s\" contains indexes that are unique.", name);
        }
        if (!foreign && (!index_read(command, index, child, &def) || !index_make(command, child, &def, index, constraint, false, &made)))
            return false;
    }
    return rows != NULL;
}

bool indexes_join_parent(Command *command, Oid parent, Oid child)
{
    CatalogRows *rows = indexes_of(command, parent);
    bool foreign = catalog_relation(command->catalog, child)->kind == 'f';
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        IndexDef def;
        Oid index = (Oid)CATALOG_CELL(rows, i, 0).i, constraint = (Oid)CATALOG_CELL(rows, i, 2).i;
        if (foreign && CATALOG_CELL(rows, i, 1).i) {
            const char *name = arena_strdup(command->arena, catalog_relation(command->catalog, parent)->name);
            error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE,
                      "cannot attach foreign table \"%s\" as partition of partitioned table \"%s\"",
                      catalog_relation(command->catalog, child)->name, name);
            return error_detail(command->error, "Partitioned table \"%s\" contains unique indexes.", name);
        }
        if (foreign)
            continue;
        if (!index_read(command, index, child, &def) || !make_or_attach(command, &def, index, constraint, child, true))
            return false;
    }
    return rows != NULL;
}

static bool cannot_attach(Command *command, const char *sqlstate, const char *child, const char *parent, const char *detail)
{
    error_set(command->error, sqlstate, "cannot attach index \"%s\" as a partition of index \"%s\"", child, parent);
    return error_detail(command->error, "%s", detail);
}

/* A parent's index holds once every partition has one below it, and so on upwards. */
static bool validate_parent(Command *command, Oid parent)
{
    static const char SET[] = "UPDATE pg_index SET indisvalid = 1 WHERE indexrelid = ?1 AND NOT EXISTS (SELECT 1 FROM pg_inherits t"
                              " WHERE t.inhparent = pg_index.indrelid AND NOT EXISTS (SELECT 1 FROM pg_inherits i JOIN pg_index x ON"
                              " x.indexrelid = i.inhrelid WHERE i.inhparent = ?1 AND x.indrelid = t.inhrelid AND x.indisvalid))";
    static const char ABOVE[] =
        "SELECT inhparent FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid WHERE inhrelid = ?1 AND indisvalid";
    int64_t above;
    return catalog_exec(command->catalog, command->error, NULL, SET, "o", parent) &&
           query_integer(command, &above, 0, ABOVE, "o", parent) && (!above || validate_parent(command, (Oid)above));
}

bool index_attach(Command *command, Oid parent, const PgQuery__RangeVar *name)
{
    const CatRelation *index;
    if (!relation_find(command, name, false, &index))
        return false;
    Oid child = index->oid;
    const char *child_name = arena_strdup(command->arena, index->name);
    const char *parent_name = arena_strdup(command->arena, catalog_relation(command->catalog, parent)->name);
    if (!strchr("iI", index->kind))
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "\"%s\" is not an index", child_name);
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT c.indrelid, p.indrelid, (SELECT inhparent FROM pg_inherits WHERE inhrelid = c.indrelid),"
                                      " (SELECT inhparent FROM pg_inherits WHERE inhrelid = ?2), (SELECT oid FROM pg_constraint WHERE"
                                      " conindid = ?1 AND contype IN ('p', 'u')), (SELECT oid FROM pg_constraint WHERE conindid = ?2"
                                      " AND contype IN ('p', 'u')) FROM pg_index p, pg_index c"
                                      " WHERE p.indexrelid = ?1 AND c.indexrelid = ?2",
                                      "oo", parent, child);
    IndexDef def, own;
    int64_t attached;
    if (!rows || rows->nrows == 0)
        return false;
    Oid table = (Oid)CATALOG_CELL(rows, 0, 0).i;
    const CatRelation *parent_table = catalog_relation(command->catalog, (Oid)CATALOG_CELL(rows, 0, 1).i);
    if ((Oid)CATALOG_CELL(rows, 0, 3).i == parent)
        return true;
    if (CATALOG_CELL(rows, 0, 3).i)
        return cannot_attach(command, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, child_name, parent_name,
                             arena_printf(command->arena, "Index \"%s\" is already attached to another index.", child_name));
    if (CATALOG_CELL(rows, 0, 2).i != CATALOG_CELL(rows, 0, 1).i)
        return cannot_attach(
            command, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, child_name, parent_name,
            arena_printf(command->arena, "Index \"%s\" is not an index on any partition of table \"%s\".", child_name, parent_table->name));
    if (!index_read(command, parent, table, &def) || !index_read(command, child, table, &own) ||
        !query_integer(command, &attached, 0,
                       "SELECT 1 FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid WHERE inhparent = ?1 AND indrelid = ?2", "oo",
                       parent, table))
        return false;
    if (attached)
        return cannot_attach(command, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, child_name, parent_name,
                             arena_printf(command->arena, "Another index is already attached for partition \"%s\".",
                                          catalog_relation(command->catalog, table)->name));
    if (!is_alike(&def, &own))
        return cannot_attach(command, ERRCODE_INVALID_OBJECT_DEFINITION, child_name, parent_name, "The index definitions do not match.");
    Oid key = (Oid)CATALOG_CELL(rows, 0, 4).i, own_key = (Oid)CATALOG_CELL(rows, 0, 5).i;
    if (key && !own_key)
        return cannot_attach(command, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, child_name, parent_name,
                             arena_printf(command->arena,
                                          "The index \"%s\" belongs to a constraint in table \"%s\" but no constraint exists for index"
                                          " \"%s\".",
                                          parent_name, parent_table->name, child_name));
    return attach(command, child, parent, table) && attach_constraint(command, own_key, key, table) && validate_parent(command, parent);
}

bool indexes_copy(Command *command, Oid from, Oid to)
{
    CatalogRows *rows = indexes_of(command, from);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        IndexDef def;
        Oid made;
        if (!index_read(command, (Oid)CATALOG_CELL(rows, i, 0).i, to, &def) ||
            !index_make(command, to, &def, OID_NONE, OID_NONE, false, &made))
            return false;
    }
    return rows != NULL;
}
