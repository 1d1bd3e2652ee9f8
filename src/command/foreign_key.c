/*
 * foreign_key.c - FOREIGN KEY and REFERENCES: from the statement to the rows that record it, and the triggers that enforce it (which
 * src/write runs, over all rows of a write at once).
 *
 * Invariant: errors come in PostgreSQL's order: the tables, the referencing columns, the key they refer to, privileges, types.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/alter_internal.h"
#include "command/index_internal.h"
#include "command/trigger_internal.h"

enum { MAX_KEY = 32 };

typedef struct ForeignKey {
    Command *command;
    const PgQuery__Constraint *constraint;
    Oid table, referenced, index;
    bool only; /* not below the table */
    int columns[MAX_KEY], keys[MAX_KEY], set_columns[MAX_KEY];
    int ncolumns, nkeys, nset;
    Oid pf[MAX_KEY], pp[MAX_KEY], ff[MAX_KEY]; /* operators: key = column, key = key, column = column */
    const char *name;
} ForeignKey;

static const CatRelation *table_of(const ForeignKey *key)
{
    return catalog_relation(key->command->catalog, key->table);
}

static const CatRelation *referenced_of(const ForeignKey *key)
{
    return catalog_relation(key->command->catalog, key->referenced);
}

/* ---- the tables ---- */

static bool check_persistence(const ForeignKey *key)
{
    static const char SQL[] = "SELECT relpersistence FROM pg_class WHERE oid = ?1";
    Command *command = key->command;
    CatalogRows *own = catalog_query(command->catalog, command->arena, command->error, SQL, "o", key->table);
    CatalogRows *other = catalog_query(command->catalog, command->arena, command->error, SQL, "o", key->referenced);
    if (!own || !other)
        return false;
    char mine = own->cells[0].text[0], theirs = other->cells[0].text[0];
    if (mine == 'p' && theirs != 'p')
        return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                         "constraints on permanent tables may reference only permanent tables");
    if (mine == 'u' && theirs == 't')
        return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                         "constraints on unlogged tables may reference only permanent or unlogged tables");
    return mine != 't' || theirs == 't' ||
           error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                     "constraints on temporary tables may reference only temporary tables");
}

static bool check_partitioned(const ForeignKey *key)
{
    Error *error = key->command->error;
    if (table_of(key)->kind != 'p')
        return true;
    if (key->only)
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE,
                         "cannot use ONLY for foreign key on partitioned table \"%s\" referencing relation \"%s\"", table_of(key)->name,
                         referenced_of(key)->name);
    if (!key->constraint->skip_validation)
        return true;
    error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "cannot add NOT VALID foreign key on partitioned table \"%s\" referencing relation \"%s\"",
              table_of(key)->name, referenced_of(key)->name);
    return error_detail(error, "This feature is not yet supported on partitioned tables.");
}

static bool find_tables(ForeignKey *key)
{
    Command *command = key->command;
    const CatRelation *referenced;
    PgQuery__RangeVar range = *key->constraint->pktable;
    range.location = -1; /* its errors have no position */
    if (!relation_find(command, &range, false, &referenced))
        return false;
    key->referenced = referenced->oid;
    if (!check_partitioned(key))
        return false;
    if (referenced->kind != 'r' && referenced->kind != 'p')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "referenced relation \"%s\" is not a table", referenced->name);
    if (referenced->is_system)
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", referenced->name);
    return check_persistence(key);
}

/* ---- columns ---- */

static bool find_columns(const ForeignKey *key, const CatRelation *relation, Node *const *names, size_t count, int *out, int *nout)
{
    Error *error = key->command->error;
    for (size_t i = 0; i < count; i++) {
        const char *name = node_text(names[i]);
        int number = 0;
        if (column_is_system(name))
            return error_unsupported(error, "system columns cannot be used in foreign keys");
        for (int k = 0; k < relation->ncolumns; k++)
            if (!relation->columns[k].dropped && str_eq(relation->columns[k].name, name))
                number = k + 1;
        if (!number)
            return error_set(error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" referenced in foreign key constraint does not exist", name);
        if (*nout >= MAX_KEY)
            return error_set(error, ERRCODE_TOO_MANY_COLUMNS, "cannot have more than %d keys in a foreign key", MAX_KEY);
        out[(*nout)++] = number;
    }
    return true;
}

/* All of the key's, each once. */
static bool check_set_columns(ForeignKey *key)
{
    int kept = 0;
    for (int i = 0; i < key->nset; i++) {
        bool found = false, seen = false;
        for (int k = 0; k < key->ncolumns; k++)
            found |= key->columns[k] == key->set_columns[i];
        if (!found)
            return error_set(key->command->error, ERRCODE_INVALID_COLUMN_REFERENCE,
                             "column \"%s\" referenced in ON DELETE SET action must be part of foreign key",
                             table_of(key)->columns[key->set_columns[i] - 1].name);
        for (int k = 0; k < kept; k++)
            seen |= key->set_columns[k] == key->set_columns[i];
        if (!seen)
            key->set_columns[kept++] = key->set_columns[i];
    }
    key->nset = kept;
    return true;
}

/* ---- the key that is referred to ---- */

static int read_numbers(const char *text, int count, int *out)
{
    char *end;
    for (int i = 0; i < count && i < MAX_KEY; i++, text = end)
        out[i] = (int)strtol(text, &end, 10);
    return count < MAX_KEY ? count : MAX_KEY;
}

/* Whether both have the same numbers; `out` has them in the order wanted already. */
static bool same_numbers(const int *a, const int *b, int count)
{
    for (int i = 0; i < count; i++) {
        bool found = false;
        for (int k = 0; k < count; k++)
            found |= a[i] == b[k];
        if (!found)
            return false;
    }
    return true;
}

static bool has_twice(const int *numbers, int count)
{
    for (int i = 0; i < count; i++)
        for (int k = 0; k < i; k++)
            if (numbers[i] == numbers[k])
                return true;
    return false;
}

static bool find_key(ForeignKey *key)
{
    static const char SQL[] = "SELECT indexrelid, indkey, indnkeyatts, indisprimary, indimmediate FROM pg_index WHERE indrelid = ?1"
                              " AND indisunique AND indpred IS NULL AND indexprs IS NULL ORDER BY indexrelid";
    Command *command = key->command;
    Error *error = command->error;
    const CatRelation *referenced = referenced_of(key);
    bool named = key->nkeys > 0, deferrable = false;
    if (named && has_twice(key->keys, key->nkeys))
        return error_set(error, "42830", "foreign key referenced-columns list must not contain duplicates");
    CatalogRows *rows = catalog_query(command->catalog, command->arena, error, SQL, "o", key->referenced);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        int numbers[MAX_KEY], count = read_numbers(cells[1].text, (int)cells[2].i, numbers);
        if (named ? count != key->nkeys || !same_numbers(key->keys, numbers, count) : !cells[3].i)
            continue;
        if (!cells[4].i) {
            deferrable = true;
            continue;
        }
        key->index = (Oid)cells[0].i;
        if (!named)
            key->nkeys = read_numbers(cells[1].text, count, key->keys);
        return true;
    }
    const char *kind = named ? "unique constraint" : "primary key";
    if (rows && deferrable)
        return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot use a deferrable %s for referenced table \"%s\"", kind,
                         referenced->name);
    if (rows && named)
        return error_set(error, "42830", "there is no unique constraint matching given keys for referenced table \"%s\"", referenced->name);
    return rows && error_set(error, ERRCODE_UNDEFINED_OBJECT, "there is no primary key for referenced table \"%s\"", referenced->name);
}

static bool check_privileges(const ForeignKey *key)
{
    Command *command = key->command;
    if (catalog_privileges(command->catalog, PG_CLASS_RELATION, key->referenced, 0, command->user, ACL_REFERENCES))
        return true;
    for (int i = 0; i < key->nkeys; i++)
        if (!catalog_privileges(command->catalog, PG_CLASS_RELATION, key->referenced, key->keys[i], command->user, ACL_REFERENCES))
            return catalog_denied(command->catalog, PG_CLASS_RELATION, key->referenced, false, command->error);
    return true;
}

static bool check_generated(const ForeignKey *key)
{
    char on_update = key->constraint->fk_upd_action[0], on_delete = key->constraint->fk_del_action[0];
    for (int i = 0; i < key->ncolumns; i++) {
        if (!table_of(key)->columns[key->columns[i] - 1].generated)
            continue;
        if (strchr("ndc", on_update))
            return error_set(key->command->error, ERRCODE_SYNTAX_ERROR,
                             "invalid ON UPDATE action for foreign key constraint containing generated column");
        if (strchr("nd", on_delete))
            return error_set(key->command->error, ERRCODE_SYNTAX_ERROR,
                             "invalid ON DELETE action for foreign key constraint containing generated column");
    }
    return true;
}

/* ---- types ---- */

/* The = of two types that one order of values has; 0: none. */
static bool find_equal(Command *command, Oid left, Oid right, Oid *out)
{
    int64_t found;
    if (!query_integer(command, &found, 0,
                       "SELECT amopopr FROM pg_amop JOIN pg_opfamily f ON f.oid = amopfamily JOIN pg_opclass c ON c.opcfamily = f.oid"
                       " JOIN pg_am a ON a.oid = amopmethod WHERE amname = 'btree' AND amopstrategy = 3 AND opcdefault"
                       " AND opcintype = ?1 AND amoplefttype = ?1 AND amoprighttype = ?2",
                       "oo", left, right))
        return false;
    *out = (Oid)found;
    return true;
}

/* What the default operator class of the type is of. */
static Oid class_type(Command *command, Oid type)
{
    enum { ANY_ARRAY = 2277, ANY_ENUM = 3500, VARCHAR = 1043, TEXT = 25 };
    const CatType *of = catalog_type(command->catalog, catalog_base_type(command->catalog, type, NULL));
    if (!of)
        return type;
    return of->oid == VARCHAR ? TEXT : of->kind == 'e' ? ANY_ENUM : of->category == 'A' ? ANY_ARRAY : of->oid;
}

static bool coerces(Command *command, Oid from, Oid to, bool *out)
{
    int64_t found;
    bool done = query_integer(command, &found, 0, "SELECT oid FROM pg_cast WHERE castsource = ?1 AND casttarget = ?2 AND castcontext = 'i'",
                              "oo", from, to);
    *out = found != 0 || from == to;
    return done;
}

static bool find_operators(ForeignKey *key, int i)
{
    Command *command = key->command;
    const CatColumn *column = &table_of(key)->columns[key->columns[i] - 1], *other = &referenced_of(key)->columns[key->keys[i] - 1];
    const char *column_name = column->name, *other_name = other->name;
    Oid type = column->type, other_type = other->type;
    Oid mine = class_type(command, type), theirs = class_type(command, other_type);
    bool can = true;
    if (!find_equal(command, theirs, theirs, &key->pp[i]) || !find_equal(command, mine, mine, &key->ff[i]) ||
        !find_equal(command, theirs, mine, &key->pf[i]))
        return false;
    bool same_kind = mine != theirs || mine == type || type == other_type || mine == 25; /* enums and arrays are their own */
    if (!key->pf[i]) {
        if (!coerces(command, mine, theirs, &can))
            return false;
        key->pf[i] = can ? key->pp[i] : OID_NONE;
        key->ff[i] = key->pp[i];
    }
    if (key->pf[i] && key->ff[i] && same_kind)
        return true;
    error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "foreign key constraint \"%s\" cannot be implemented", key->name);
    return error_detail(command->error, "Key columns \"%s\" and \"%s\" are of incompatible types: %s and %s.", column_name, other_name,
                        catalog_format_type(command->catalog, type, -1, command->arena),
                        catalog_format_type(command->catalog, other_type, -1, command->arena));
}

/* ---- rows ---- */

static const char *numbers_text(Command *command, const int *numbers, int count)
{
    Str text;
    str_init(&text, command->arena);
    for (int i = 0; i < count; i++)
        str_addf(&text, "%s%d", i ? "," : "{", numbers[i]);
    return count ? (str_addc(&text, '}'), text.data) : NULL;
}

static const char *oids_text(Command *command, const Oid *oids, int count)
{
    Str text;
    str_init(&text, command->arena);
    for (int i = 0; i < count; i++)
        str_addf(&text, "%s%u", i ? "," : "{", oids[i]);
    str_addc(&text, '}');
    return text.data;
}

static bool insert_constraint(ForeignKey *key, Oid oid)
{
    static const char SQL[] =
        "INSERT INTO pg_constraint (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid, contypid,"
        " conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, conkey,"
        " confkey, conpfeqop, conppeqop, conffeqop, confdelsetcols, conexclop, conbin)"
        " SELECT ?1, ?2, relnamespace, 'f', ?4, ?5, ?6, ?3, 0, ?7, 0, ?8, ?9, ?10, ?11, 1, 0, relkind <> 'p', ?12, ?13, ?14, ?15, ?16, "
        "?17, NULL, NULL"
        " FROM pg_class WHERE oid = ?3";
    Command *command = key->command;
    const PgQuery__Constraint *constraint = key->constraint;
    ObjectAddress self = object_address(PG_CONSTRAINT_RELATION, oid, 0);
    if (!catalog_exec(command->catalog, command->error, NULL, SQL, "osobbboosssssssss", oid, key->name, key->table, constraint->deferrable,
                      constraint->initdeferred, !constraint->skip_validation, key->index, key->referenced, constraint->fk_upd_action,
                      constraint->fk_del_action, constraint->fk_matchtype, numbers_text(command, key->columns, key->ncolumns),
                      numbers_text(command, key->keys, key->nkeys), oids_text(command, key->pf, key->ncolumns),
                      oids_text(command, key->pp, key->ncolumns), oids_text(command, key->ff, key->ncolumns),
                      numbers_text(command, key->set_columns, key->nset)))
        return false;
    for (int i = 0; i < key->ncolumns; i++)
        if (!depend_on(command, self, object_address(PG_CLASS_RELATION, key->table, key->columns[i]), 'a') ||
            !depend_on(command, self, object_address(PG_CLASS_RELATION, key->referenced, key->keys[i]), 'n'))
            return false;
    return depend_on(command, self, object_address(PG_CLASS_RELATION, key->index, 0), 'n');
}

typedef struct KeyTrigger {
    bool on_referenced;
    int type; /* 1: ROW, 4: INSERT, 8: DELETE, 16: UPDATE */
    Oid function;
} KeyTrigger;

static bool insert_trigger(const ForeignKey *key, Oid constraint, const KeyTrigger *trigger, bool deferrable)
{
    ConstraintTrigger row = {.prefix = trigger->on_referenced ? "RI_ConstraintTrigger_a" : "RI_ConstraintTrigger_c",
                             .table = trigger->on_referenced ? key->referenced : key->table,
                             .other = trigger->on_referenced ? key->table : key->referenced,
                             .index = key->index,
                             .constraint = constraint,
                             .function = trigger->function,
                             .type = trigger->type,
                             .deferrable = deferrable && key->constraint->deferrable,
                             .deferred = deferrable && key->constraint->initdeferred};
    return trigger_insert_for_constraint(key->command, &row);
}

static bool insert_triggers(const ForeignKey *key, Oid constraint)
{
    enum { CHECK_INSERT = 1644, CHECK_UPDATE = 1645 };
    static const struct {
        char action;
        Oid on_delete, on_update;
    } ACTIONS[] = {{'c', 1646, 1647}, {'r', 1648, 1649}, {'n', 1650, 1651}, {'d', 1652, 1653}, {'a', 1654, 1655}};
    char on_delete = key->constraint->fk_del_action[0], on_update = key->constraint->fk_upd_action[0];
    KeyTrigger triggers[] = {{true, 9, 0}, {true, 17, 0}, {false, 5, CHECK_INSERT}, {false, 17, CHECK_UPDATE}};
    for (size_t i = 0; i < COUNT_OF(ACTIONS); i++) {
        triggers[0].function = ACTIONS[i].action == on_delete ? ACTIONS[i].on_delete : triggers[0].function;
        triggers[1].function = ACTIONS[i].action == on_update ? ACTIONS[i].on_update : triggers[1].function;
    }
    for (size_t i = 0; i < COUNT_OF(triggers); i++) {
        char action = i == 0 ? on_delete : on_update;
        if (!insert_trigger(key, constraint, &triggers[i], i > 1 || action == 'a'))
            return false;
    }
    return true;
}

/* ---- all of it ---- */

static bool choose_name(ForeignKey *key)
{
    Command *command = key->command;
    const CatRelation *table = table_of(key);
    int64_t taken;
    key->name = text_given(key->constraint->conname);
    if (key->name) {
        if (!query_integer(command, &taken, 0, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2", "so", key->name,
                           key->table))
            return false;
        return !taken || error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "constraint \"%s\" for relation \"%s\" already exists",
                                   key->name, table->name);
    }
    IndexDef def = {.foreign = true, .ncolumns = key->ncolumns, .columns = ARENA_ARRAY(command->arena, IndexColumn, key->ncolumns + 1)};
    for (int i = 0; i < key->ncolumns; i++)
        def.columns[i].name = table->columns[key->columns[i] - 1].name;
    return index_choose_name(command, table, &def, &key->name);
}

/* ---- of columns whose types have changed ---- */

static bool read_existing(ForeignKey *key, Oid oid)
{
    static const char SQL[] = "SELECT conrelid, confrelid, conname, replace(trim(conkey, '{}'), ',', ' '),"
                              " replace(trim(confkey, '{}'), ',', ' '), json_array_length('[' || trim(conkey, '{}') || ']')"
                              " FROM pg_constraint WHERE oid = ?1";
    Command *command = key->command;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", oid);
    if (!rows || !rows->nrows)
        return false;
    const CatalogCell *cells = rows->cells;
    key->table = (Oid)cells[0].i;
    key->referenced = (Oid)cells[1].i;
    key->name = cells[2].text;
    key->ncolumns = read_numbers(cells[3].text, (int)cells[5].i, key->columns);
    key->nkeys = read_numbers(cells[4].text, (int)cells[5].i, key->keys);
    return true;
}

/* They come after those of other constraints now, as their names say. */
static bool renumber_triggers(Command *command, Oid constraint)
{
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "SELECT oid, rtrim(tgname, '0123456789') FROM pg_trigger WHERE tgconstraint = ?1 ORDER BY oid", "o", constraint);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Oid old = (Oid)CATALOG_CELL(rows, i, 0).i, new = catalog_new_oid(command->catalog, command->error);
        const char *name = arena_printf(command->arena, "%s%u", CATALOG_CELL(rows, i, 1).text, new);
        if (!new ||
            !catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_trigger SET oid = ?2, tgname = ?3 WHERE oid = ?1", "oos", old,
                          new, name) ||
            !catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_trigger SET tgparentid = ?2 WHERE tgparentid = ?1", "oo", old,
                          new) ||
            !catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_depend SET objid = ?2 WHERE classid = 2620 AND objid = ?1",
                          "oo", old, new) ||
            !catalog_exec(command->catalog, command->error, NULL,
                          "UPDATE pg_depend SET refobjid = ?2 WHERE refclassid = 2620 AND refobjid = ?1", "oo", old, new))
            return false;
    }
    return rows != NULL;
}

bool foreign_key_remake(Command *command, Oid oid)
{
    ForeignKey key = {.command = command};
    if (!read_existing(&key, oid))
        return false;
    for (int i = 0; i < key.ncolumns; i++)
        if (!find_operators(&key, i))
            return false;
    return renumber_triggers(command, oid) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_constraint SET conpfeqop = ?2, conppeqop = ?3, conffeqop = ?4 WHERE oid = ?1", "osss", oid,
                        oids_text(command, key.pf, key.ncolumns), oids_text(command, key.pp, key.ncolumns),
                        oids_text(command, key.ff, key.ncolumns));
}

/* ---- all of it, for a statement ---- */

bool foreign_key_create(Command *command, Oid table, const PgQuery__Constraint *constraint, bool only)
{
    ForeignKey key = {.command = command, .constraint = constraint, .table = table, .only = only};
    if (!find_tables(&key) ||
        !find_columns(&key, table_of(&key), constraint->fk_attrs, constraint->n_fk_attrs, key.columns, &key.ncolumns) ||
        !find_columns(&key, table_of(&key), constraint->fk_del_set_cols, constraint->n_fk_del_set_cols, key.set_columns, &key.nset) ||
        !check_set_columns(&key) ||
        !find_columns(&key, referenced_of(&key), constraint->pk_attrs, constraint->n_pk_attrs, key.keys, &key.nkeys) || !find_key(&key) ||
        !check_privileges(&key) || !check_generated(&key) || !choose_name(&key))
        return false;
    if (key.ncolumns != key.nkeys)
        return error_set(command->error, "42830", "number of referencing and referenced columns for foreign key disagree");
    for (int i = 0; i < key.ncolumns; i++)
        if (!find_operators(&key, i))
            return false;
    Oid oid = catalog_new_oid(command->catalog, command->error);
    return oid && insert_constraint(&key, oid) && insert_triggers(&key, oid) && foreign_key_reaches_referenced(command, oid) &&
           foreign_key_reaches_partitions(command, oid);
}

/* ---- ALTER CONSTRAINT ---- */

static bool refuse_below(Command *command, const Alter *alter, const char *name, Oid parent)
{
    static const char TOP[] = "WITH RECURSIVE above(oid, parent) AS (SELECT oid, conparentid FROM pg_constraint WHERE oid = ?1 UNION"
                              " SELECT c.oid, c.conparentid FROM pg_constraint c JOIN above ON c.oid = above.parent)"
                              " SELECT conname, relname FROM above JOIN pg_constraint c ON c.oid = above.oid JOIN pg_class r ON"
                              " r.oid = conrelid WHERE parent = 0";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, TOP, "o", parent);
    if (!rows)
        return false;
    error_set(command->error, ERRCODE_INTERNAL_ERROR, "cannot alter constraint \"%s\" on relation \"%s\"", name, alter->name);
    if (rows->nrows)
        error_detail(command->error, "Constraint \"%s\" is derived from constraint \"%s\" of relation \"%s\".", name, rows->cells[0].text,
                     rows->cells[1].text);
    return error_hint(command->error, "You may alter the constraint it derives from, instead.");
}

/* Those that act, rather than check, are never deferred. */
bool alter_constraint(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
#define BELOW "WITH RECURSIVE below(oid) AS (SELECT ?1 UNION SELECT c.oid FROM pg_constraint c JOIN below ON conparentid = below.oid) "
    static const char TRIGGERS[] = BELOW "UPDATE pg_trigger SET tgdeferrable = ?2, tginitdeferred = ?3 WHERE tgconstraint IN"
                                         " (SELECT oid FROM below) AND tgfoid IN (1644, 1645, 1654, 1655)";
    const PgQuery__Constraint *constraint = cmd->def->constraint;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT oid, contype, conparentid FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2", "so",
                                      constraint->conname, alter->relation);
    if (!rows)
        return false;
    if (!rows->nrows)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" of relation \"%s\" does not exist",
                         constraint->conname, alter->name);
    if (rows->cells[1].text[0] != 'f')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "constraint \"%s\" of relation \"%s\" is not a foreign key constraint",
                         constraint->conname, alter->name);
    if (rows->cells[2].i)
        return refuse_below(command, alter, constraint->conname, (Oid)rows->cells[2].i);
    Oid oid = (Oid)rows->cells[0].i;
    return catalog_exec(command->catalog, command->error, NULL,
                        BELOW "UPDATE pg_constraint SET condeferrable = ?2, condeferred = ?3 WHERE oid IN (SELECT oid FROM below)", "obb",
                        oid, (bool)constraint->deferrable, (bool)constraint->initdeferred) &&
           catalog_exec(command->catalog, command->error, NULL, TRIGGERS, "obb", oid, (bool)constraint->deferrable,
                        (bool)constraint->initdeferred);
}
