/*
 * foreign_key_partition.c - foreign keys of and to partitioned tables: each partition has a constraint of its own below its parent's
 * (pg_constraint.conparentid), which src/write enforces (PostgreSQL manual, CREATE TABLE, PARTITION OF).
 *
 * Two kinds of constraints lie below another: that of a partition that refers, which may be a constraint it had before, and that to a
 * partition that is referred to, which is the same table's as its parent.
 *
 * Invariants:
 *  1. A constraint below goes with its parent and with its partition.
 *  2. Columns are found by name: a partition may have them in another order.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/alter_internal.h"
#include "command/index_internal.h"
#include "command/trigger_internal.h"

enum { MAX_KEY = 32, CHECK_INSERT = 1644, CHECK_UPDATE = 1645 };

/* Of the constraints above which another one is made, the table and the referenced one's. */
typedef struct KeyRow {
    Oid oid, table, referenced, index;
    const char *name, *columns, *keys, *set_columns; /* arrays' texts; NULL */
} KeyRow;

/* Its parent is the same table's: it is there for a partition that is referred to. */
#define TO_PARTITION "EXISTS (SELECT 1 FROM pg_constraint q WHERE q.oid = c.conparentid AND q.conrelid = c.conrelid)"

static bool read_key(Command *command, Oid oid, KeyRow *out)
{
    static const char SQL[] = "SELECT conrelid, confrelid, conindid, conname, conkey, confkey, confdelsetcols FROM pg_constraint"
                              " WHERE oid = ?1";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", oid);
    if (!rows || !rows->nrows)
        return false;
    const CatalogCell *cells = rows->cells;
    *out = (KeyRow){oid, (Oid)cells[0].i, (Oid)cells[1].i, (Oid)cells[2].i, cells[3].text, cells[4].text, cells[5].text, cells[6].text};
    return true;
}

static int column_by_name(const CatRelation *relation, const char *name)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && str_eq(relation->columns[i].name, name))
            return i + 1;
    return 0;
}

/* "{1,2}" */
static int read_numbers(const char *list, int *out)
{
    int count = 0;
    const char *at = list ? list + 1 : "";
    for (char *end; *at && *at != '}' && count < MAX_KEY; at = *end == ',' ? end + 1 : end)
        out[count++] = (int)strtol(at, &end, 10);
    return count;
}

/* The numbers of one table's columns as those of another's. */
static const char *map_numbers(Command *command, const char *list, Oid from, Oid to)
{
    const CatRelation *one = catalog_relation(command->catalog, from), *other = catalog_relation(command->catalog, to);
    int numbers[MAX_KEY], count = read_numbers(list, numbers);
    Str text;
    str_init(&text, command->arena);
    for (int i = 0; i < count; i++)
        str_addf(&text, "%s%d", i ? "," : "{", column_by_name(other, one->columns[numbers[i] - 1].name));
    return count ? (str_addc(&text, '}'), text.data) : NULL;
}

/* ---- one constraint below another ---- */

static bool choose_name(Command *command, const KeyRow *above, Oid table, const char *columns, const char **name)
{
    const CatRelation *relation = catalog_relation(command->catalog, table);
    int numbers[MAX_KEY], count = read_numbers(columns, numbers);
    int64_t taken;
    if (!query_integer(command, &taken, 0, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2", "so", above->name, table))
        return false;
    *name = above->name;
    if (!taken)
        return true;
    IndexDef def = {.foreign = true, .ncolumns = count, .columns = ARENA_ARRAY(command->arena, IndexColumn, count + 1)};
    for (int i = 0; i < count; i++)
        def.columns[i].name = relation->columns[numbers[i] - 1].name;
    return index_choose_name(command, relation, &def, name);
}

static bool depend_on_columns(Command *command, ObjectAddress self, Oid table, const char *list, char kind)
{
    int numbers[MAX_KEY], count = read_numbers(list, numbers);
    for (int i = 0; i < count; i++)
        if (!depend_on(command, self, object_address(PG_CLASS_RELATION, table, numbers[i]), kind))
            return false;
    return true;
}

static bool insert_row(Command *command, const KeyRow *above, KeyRow *below)
{
    static const char SQL[] =
        "INSERT INTO pg_constraint (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid, contypid,"
        " conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, conkey,"
        " confkey, conpfeqop, conppeqop, conffeqop, confdelsetcols, conexclop, conbin)"
        " SELECT ?1, ?2, (SELECT relnamespace FROM pg_class WHERE oid = ?3), contype, condeferrable, condeferred, convalidated, ?3, 0, ?5,"
        " oid, ?4, confupdtype, confdeltype, confmatchtype, 0, 1, 0, ?6, ?7, conpfeqop, conppeqop, conffeqop, ?8, NULL, NULL"
        " FROM pg_constraint WHERE oid = ?9";
    below->oid = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_CONSTRAINT_RELATION, below->oid, 0);
    return below->oid &&
           catalog_exec(command->catalog, command->error, NULL, SQL, "osooossso", below->oid, below->name, below->table, below->referenced,
                        below->index, below->columns, below->keys, below->set_columns, above->oid) &&
           depend_on_columns(command, self, below->table, below->columns, 'a') &&
           depend_on_columns(command, self, below->referenced, below->keys, 'n') &&
           depend_on(command, self, object_address(PG_CLASS_RELATION, below->index, 0), 'n');
}

/* Triggers of `from` become those of `to`: the ones that look at new rows of the table, or those of the one it refers to. parted: below
 * those they are made of. */
static bool copy_triggers(Command *command, Oid from, const KeyRow *to, bool checks, bool parted)
{
    static const char FIND[] = "SELECT oid FROM pg_trigger WHERE tgconstraint = ?1 AND (tgfoid IN (1644, 1645)) = ?2 ORDER BY oid";
    static const char INSERT[] =
        "INSERT INTO pg_trigger (oid, tgrelid, tgparentid, tgname, tgfoid, tgtype, tgenabled, tgisinternal, tgconstrrelid, tgconstrindid,"
        " tgconstraint, tgdeferrable, tginitdeferred, tgnargs, tgattr, tgargs, tgqual, tgoldtable, tgnewtable)"
        " SELECT ?1, ?2, CASE WHEN ?8 THEN oid ELSE 0 END, ?3, tgfoid, tgtype, tgenabled, tgisinternal, ?4, ?5, ?6, tgdeferrable,"
        " tginitdeferred, 0, '', '\\x', NULL, NULL, NULL FROM pg_trigger WHERE oid = ?7";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, FIND, "ob", from, checks);
    Oid on = checks ? to->table : to->referenced, other = checks ? to->referenced : to->table;
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Oid oid = catalog_new_oid(command->catalog, command->error);
        const char *name = arena_printf(command->arena, "RI_ConstraintTrigger_%c_%u", checks ? 'c' : 'a', oid);
        if (!oid ||
            !catalog_exec(command->catalog, command->error, NULL, INSERT, "oosoooob", oid, on, name, other, to->index, to->oid,
                          (Oid)rows->cells[i].i, parted) ||
            !depend_on(command, object_address(PG_TRIGGER_RELATION, oid, 0), object_address(PG_CONSTRAINT_RELATION, to->oid, 0), 'i'))
            return false;
    }
    return rows && catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relhastriggers = 1 WHERE oid = ?1", "o", on);
}

static bool depend_as_part(Command *command, Oid constraint, Oid above, Oid table)
{
    ObjectAddress self = object_address(PG_CONSTRAINT_RELATION, constraint, 0);
    return depend_on(command, self, object_address(PG_CONSTRAINT_RELATION, above, 0), 'P') &&
           depend_on(command, self, object_address(PG_CLASS_RELATION, table, 0), 'S');
}

/* ---- partitions that refer ---- */

/* A constraint that the partition has already, alike in all. *found OID_NONE: there is none. */
static bool find_alike(Command *command, const KeyRow *above, const KeyRow *below, Oid *found)
{
    static const char SQL[] =
        "SELECT c.oid FROM pg_constraint c JOIN pg_constraint p ON p.oid = ?1 WHERE c.conrelid = ?2 AND c.contype = 'f'"
        " AND c.conparentid = 0 AND c.confrelid = p.confrelid AND c.conkey = ?3 AND c.confkey = p.confkey"
        " AND c.conpfeqop = p.conpfeqop AND c.condeferrable = p.condeferrable AND c.condeferred = p.condeferred AND c.convalidated"
        " AND c.confupdtype = p.confupdtype AND c.confdeltype = p.confdeltype AND c.confmatchtype = p.confmatchtype"
        " AND coalesce(c.confdelsetcols, '') = coalesce(?4, '') ORDER BY c.oid";
    int64_t oid;
    bool done = query_integer(command, &oid, 0, SQL, "ooss", above->oid, below->table, below->columns, below->set_columns);
    *found = done ? (Oid)oid : OID_NONE;
    return done;
}

static bool drop_constraint(Command *command, Oid oid)
{
    ObjectAddress object = object_address(PG_CONSTRAINT_RELATION, oid, 0);
    return catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND refclassid = ?1", "oo", (Oid)PG_CONSTRAINT_RELATION,
                        oid) &&
           catalog_drop(command->catalog, &object, 1, DROP_CASCADE, command->error);
}

/* What acts on it from the other side is the parent's to do now. */
static bool join_alike(Command *command, const KeyRow *above, Oid oid, Oid table)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT oid FROM pg_trigger WHERE tgconstraint = ?1 AND tgfoid NOT IN (1644, 1645)", "o", oid);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!trigger_remove(command, (Oid)rows->cells[i].i))
            return false;
    CatalogRows *clones = catalog_query(command->catalog, command->arena, command->error,
                                        "SELECT oid FROM pg_constraint c WHERE conparentid = ?1 AND " TO_PARTITION, "o", oid);
    for (size_t i = 0; clones && i < clones->nrows; i++)
        if (!drop_constraint(command, (Oid)clones->cells[i].i))
            return false;
    return rows && clones &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_constraint SET conparentid = ?2, conislocal = 0, coninhcount = 1, connoinherit = 0 WHERE oid = ?1", "oo",
                        oid, above->oid) &&
           depend_as_part(command, oid, above->oid, table);
}

static bool refer_below(Command *command, const KeyRow *above, Oid table)
{
    KeyRow below = *above;
    Oid alike;
    if (catalog_relation(command->catalog, table)->kind == 'f')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "foreign key constraints are not supported on foreign tables");
    below.table = table;
    below.columns = map_numbers(command, above->columns, above->table, table);
    below.set_columns = map_numbers(command, above->set_columns, above->table, table);
    if (!find_alike(command, above, &below, &alike))
        return false;
    if (alike)
        return join_alike(command, above, alike, table);
    return choose_name(command, above, table, below.columns, &below.name) && insert_row(command, above, &below) &&
           depend_as_part(command, below.oid, above->oid, table) && copy_triggers(command, above->oid, &below, true, true) &&
           foreign_key_reaches_partitions(command, below.oid);
}

bool foreign_key_reaches_partitions(Command *command, Oid constraint)
{
    KeyRow key;
    Oid *partitions;
    size_t count;
    if (!read_key(command, constraint, &key) || !inherit_partitions(command, key.table, &partitions, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!refer_below(command, &key, partitions[i]))
            return false;
    return true;
}

/* ---- partitions that are referred to ---- */

static bool referred_below(Command *command, const KeyRow *above, Oid partition)
{
    KeyRow below = *above;
    int64_t index;
    below.referenced = partition;
    below.keys = map_numbers(command, above->keys, above->referenced, partition);
    if (!query_integer(command, &index, 0,
                       "SELECT indexrelid FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid WHERE inhparent = ?1 AND indrelid = ?2",
                       "oo", above->index, partition) ||
        !choose_name(command, above, above->table, above->columns, &below.name))
        return false;
    below.index = (Oid)index;
    return insert_row(command, above, &below) &&
           depend_on(command, object_address(PG_CONSTRAINT_RELATION, below.oid, 0), object_address(PG_CONSTRAINT_RELATION, above->oid, 0),
                     'i') &&
           copy_triggers(command, above->oid, &below, false, true) && foreign_key_reaches_referenced(command, below.oid);
}

bool foreign_key_reaches_referenced(Command *command, Oid constraint)
{
    KeyRow key;
    Oid *partitions;
    size_t count;
    if (!read_key(command, constraint, &key) || !inherit_partitions(command, key.referenced, &partitions, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!referred_below(command, &key, partitions[i]))
            return false;
    return true;
}

/* ---- a new partition, and one that leaves ---- */

static CatalogRows *keys_of(Command *command, const char *sql, Oid table)
{
    return catalog_query(command->catalog, command->arena, command->error, sql, "o", table);
}

bool foreign_keys_follow_parent(Command *command, Oid parent, Oid child)
{
    CatalogRows *to = keys_of(command,
                              "SELECT oid FROM pg_constraint c WHERE contype = 'f' AND confrelid = ?1 AND (conparentid = 0 OR " TO_PARTITION
                              ") ORDER BY oid",
                              parent);
    CatalogRows *of = keys_of(
        command, "SELECT oid FROM pg_constraint c WHERE contype = 'f' AND conrelid = ?1 AND NOT " TO_PARTITION " ORDER BY oid", parent);
    KeyRow key;
    for (size_t i = 0; to && of && i < to->nrows; i++)
        if (!read_key(command, (Oid)to->cells[i].i, &key) || !referred_below(command, &key, child))
            return false;
    for (size_t i = 0; to && of && i < of->nrows; i++)
        if (!read_key(command, (Oid)of->cells[i].i, &key) || !refer_below(command, &key, child))
            return false;
    return to && of;
}

/* The constraint is the table's own from now on. */
static bool stand_alone(Command *command, Oid constraint, Oid parent)
{
    static const char *const STATEMENTS[] = {
        "UPDATE pg_constraint SET conparentid = 0, conislocal = 1, coninhcount = 0 WHERE oid = ?1",
        "UPDATE pg_trigger SET tgparentid = 0 WHERE tgconstraint = ?1",
        "DELETE FROM pg_depend WHERE classid = 2606 AND objid = ?1 AND deptype IN ('P', 'S')",
    };
    KeyRow key;
    for (size_t i = 0; i < COUNT_OF(STATEMENTS); i++)
        if (!catalog_exec(command->catalog, command->error, NULL, STATEMENTS[i], "o", constraint))
            return false;
    return read_key(command, constraint, &key) && copy_triggers(command, parent, &key, false, false) &&
           foreign_key_reaches_referenced(command, constraint);
}

static const char *name_of(Command *command, const CatRelation *relation)
{
    return arena_printf(command->arena, "%s%s", relation->kind == 'p' ? "" : "ONLY ",
                        catalog_qualified(command->catalog, relation->namespace_oid, relation->name, command->arena));
}

/* No row may refer to one of the partition's. */
static bool check_unreferred(Command *command, const KeyRow *key)
{
    const CatRelation *table = catalog_relation(command->catalog, key->table);
    const CatRelation *partition = catalog_relation(command->catalog, key->referenced);
    Arena *arena = command->arena;
    int columns[MAX_KEY], keys[MAX_KEY], count = read_numbers(key->columns, columns);
    const char **cells = NULL;
    Str list, same, names, values;
    Str *all[] = {&list, &same, &names, &values};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        str_init(all[i], arena);
    read_numbers(key->keys, keys);
    for (int i = 0; i < count; i++) {
        const char *name = table->columns[columns[i] - 1].name, *quoted = catalog_quote_identifier(command->catalog, name, arena);
        str_addf(&list, "%sc.%s", i ? ", " : "", quoted);
        str_addf(&names, "%s%s", i ? ", " : "", name);
        str_addf(&same, "%sp.%s OPERATOR(pg_catalog.=) c.%s", i ? " AND " : "",
                 catalog_quote_identifier(command->catalog, partition->columns[keys[i] - 1].name, arena), quoted);
    }
    const char *table_name = arena_strdup(arena, table->name), *partition_name = arena_strdup(arena, partition->name);
    const char *schema = arena_strdup(arena, catalog_namespace(command->catalog, table->namespace_oid)->name);
    const char *sql = arena_printf(arena, "SELECT %s FROM %s c WHERE EXISTS (SELECT FROM %s p WHERE %s) LIMIT 1", list.data,
                                   name_of(command, table), name_of(command, partition), same.data);
    if (!command->context->query_row(command->context->arg, sql, arena, &cells, command->error))
        return false;
    if (!cells)
        return true;
    for (int i = 0; i < count; i++)
        str_addf(&values, "%s%s", i ? ", " : "", cells[i] ? cells[i] : "null");
    error_set(command->error, ERRCODE_FOREIGN_KEY_VIOLATION, "removing partition \"%s\" violates foreign key constraint \"%s\"",
              partition_name, key->name);
    command->error->schema = arena_strdup(command->error->arena, schema);
    command->error->table = arena_strdup(command->error->arena, table_name);
    command->error->constraint = arena_strdup(command->error->arena, key->name);
    return error_detail(command->error, "Key (%s)=(%s) is still referenced from table \"%s\".", names.data, values.data, table_name);
}

bool foreign_keys_leave_parent(Command *command, Oid child)
{
    CatalogRows *of = keys_of(command,
                              "SELECT oid, conparentid FROM pg_constraint c WHERE contype = 'f' AND conrelid = ?1 AND conparentid <> 0"
                              " AND NOT " TO_PARTITION " ORDER BY oid",
                              child);
    CatalogRows *to =
        keys_of(command, "SELECT oid FROM pg_constraint c WHERE contype = 'f' AND confrelid = ?1 AND " TO_PARTITION " ORDER BY oid", child);
    for (size_t i = 0; of && to && i < of->nrows; i++)
        if (!stand_alone(command, (Oid)CATALOG_CELL(of, i, 0).i, (Oid)CATALOG_CELL(of, i, 1).i))
            return false;
    for (size_t i = 0; of && to && i < to->nrows; i++) {
        KeyRow key;
        if (!read_key(command, (Oid)to->cells[i].i, &key) || !check_unreferred(command, &key) || !drop_constraint(command, key.oid))
            return false;
    }
    return of && to;
}
