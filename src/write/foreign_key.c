/*
 * foreign_key.c - foreign keys: what PostgreSQL's triggers of them do for each row, done for all rows of a write at once, by statements
 * over the rows that the write added or took away.
 *
 * In the statements n is a row with its new values, o one that the write took away, e one of those that was there before the transaction,
 * p one that is referred to, c one that refers.
 *
 * Invariants:
 *  1. What is asked is how things are when it is asked: a row that came and went again is in nobody's way.
 *     One row is asked about alone where a table's other triggers fire between.
 *  2. Actions (CASCADE, SET NULL, SET DEFAULT) are writes of their own, whose triggers fire; nobody's privileges are asked for them.
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

enum { MAX_KEY = 32 };

/* PostgreSQL's functions, in pairs: of DELETE, of UPDATE. */
enum {
    CHECK_INSERT = 1644,
    CHECK_UPDATE = 1645,
    CASCADE = 1646,
    RESTRICT = 1648,
    SET_NULL = 1650,
    SET_DEFAULT = 1652,
    NO_ACTION = 1654,
    NO_ACTION_UPDATE = 1655,
};

typedef struct ForeignKey {
    Write *write;
    struct Broken *first; /* what is broken is noted there; NULL: it is refused at once */
    const char *name;
    const CatRelation *table, *referenced;
    const char *table_name, *referenced_name; /* qualified; with ONLY, but for partitioned tables */
    int columns[MAX_KEY], keys[MAX_KEY], set_columns[MAX_KEY];
    int count, nset;
    int64_t old_row, new_row; /* the versions of the one row that is asked about; 0: all */
    int64_t last;             /* of the writes, from this one on, whose rows are asked about at once; 0: this one alone */
    bool is_full;
} ForeignKey;

static int read_numbers(const CatalogCell *cell, int *out)
{
    int count = 0;
    const char *at = cell->is_null ? "" : cell->text + 1;
    for (char *end; *at && *at != '}' && count < MAX_KEY; at = *end ? end + 1 : end)
        out[count++] = (int)strtol(at, &end, 10);
    return count;
}

static const char *name_of(Write *write, const CatRelation *relation)
{
    return arena_printf(write->arena, "%s%s", relation->kind == 'p' ? "" : "ONLY ",
                        catalog_qualified(write->catalog, relation->namespace_oid, relation->name, write->arena));
}

static bool read_key(Write *write, Oid constraint, ForeignKey *key)
{
    static const char SQL[] = "SELECT conname, conrelid, confrelid, confmatchtype, conkey, confkey, confdelsetcols FROM pg_constraint"
                              " WHERE oid = ?1";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "o", constraint);
    if (!rows)
        return false;
    const CatalogCell *cells = rows->cells;
    *key = (ForeignKey){.write = write,
                        .name = cells[0].text,
                        .table = catalog_relation(write->catalog, (Oid)cells[1].i),
                        .referenced = catalog_relation(write->catalog, (Oid)cells[2].i),
                        .is_full = cells[3].text[0] == 'f'};
    key->count = read_numbers(&cells[4], key->columns);
    read_numbers(&cells[5], key->keys);
    key->nset = read_numbers(&cells[6], key->set_columns);
    key->table_name = name_of(write, key->table);
    key->referenced_name = name_of(write, key->referenced);
    return true;
}

/* ---- statements ---- */

static const char *column(const ForeignKey *key, int i)
{
    return catalog_quote_identifier(key->write->catalog, key->table->columns[key->columns[i] - 1].name, key->write->arena);
}

static const char *key_column(const ForeignKey *key, int i)
{
    return catalog_quote_identifier(key->write->catalog, key->referenced->columns[key->keys[i] - 1].name, key->write->arena);
}

/* Keys are compared by the collation of the column that is referred to: " COLLATE that" where the other's is not the same. */
static const char *key_collation(const ForeignKey *key, int i)
{
    Write *write = key->write;
    Oid wanted = key->referenced->columns[key->keys[i] - 1].collation, own = key->table->columns[key->columns[i] - 1].collation;
    const CatCollation *found = wanted && own && wanted != own ? catalog_collation(write->catalog, wanted) : NULL;
    if (!found)
        return "";
    return arena_printf(write->arena, " COLLATE %s", catalog_qualified(write->catalog, found->namespace_oid, found->name, write->arena));
}

/* "c.a = o.x AND c.b = o.y": of a row that refers and one that is referred to. */
static const char *refers(const ForeignKey *key, const char *from, const char *to)
{
    Str text;
    str_init(&text, key->write->arena);
    for (int i = 0; i < key->count; i++)
        str_addf(&text, "%s%s.%s OPERATOR(pg_catalog.=) %s.%s%s", i ? " AND " : "", to, key_column(key, i), from, column(key, i),
                 key_collation(key, i));
    return text.data;
}

/* One for each column, `format` with the place of its name, joined by `between`. */
static const char *each(const ForeignKey *key, bool referenced, const char *before, const char *after, const char *between)
{
    Str text;
    str_init(&text, key->write->arena);
    for (int i = 0; i < key->count; i++)
        str_addf(&text, "%s%s%s%s", i ? between : "", before, referenced ? key_column(key, i) : column(key, i), after);
    return text.data;
}

/* Two versions of a row that is referred to have not the same key: to the byte, so that 1.0 is not 1.00. */
static const char *key_changed(const ForeignKey *key)
{
    Str text;
    str_init(&text, key->write->arena);
    for (int i = 0; i < key->count; i++)
        str_addf(&text, "%so.%s::pg_catalog.text COLLATE pg_catalog.\"C\" IS DISTINCT FROM n.%s::pg_catalog.text", i ? " OR " : "",
                 key_column(key, i), key_column(key, i));
    return text.data;
}

static bool mark_query(const Query *query, void *arg);

static bool mark_sublinks(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_SUBLINK && mark_query(expr->u.sublink.query, arg)) || expr_walk(expr, mark_sublinks, arg);
}

/* o: the rows that the write took away; e: those of them that another transaction had added; w: those that it added. */
static bool mark_query(const Query *query, void *arg)
{
    const ForeignKey *key = arg;
    for (int i = 0; i < query->nrtes; i++) {
        Rte *rte = query->rtes[i];
        bool earlier = strcmp(rte->alias, "e") == 0, old = earlier || strcmp(rte->alias, "o") == 0, new = strcmp(rte->alias, "w") == 0;
        rte->deleted_by = old ? key->write->number : 0;
        rte->added_until = earlier ? exec_store_committed(key->write->context->engine) : 0;
        rte->written_by = new ? key->write->number : 0;
        rte->through = old || new ? key->last : 0;
    }
    return query_walk_exprs(query, mark_sublinks, arg);
}

/* Where one row is asked about: entry `rte` is its version of that number. */
static void choose_row(const ForeignKey *key, Query *query, int rte, int64_t number)
{
    Write *write = key->write;
    if (number)
        fetch_add_condition(write, query,
                            fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, rte), fetch_int8(write, number)));
}

static Query *analyze(const ForeignKey *key, const char *text)
{
    Write *write = key->write;
    AnalyzeContext context = {.catalog = write->catalog, .functions = write->context->plan->functions, .text = ""};
    ParsedText parsed;
    if (!sql_parse(text, write->arena, &parsed, write->error))
        return NULL;
    Query *query = sql_analyze(parsed.items[0].node, &context, write->arena, write->error);
    if (query)
        mark_query(query, (void *)(uintptr_t)key);
    return query;
}

/* ---- what is refused ---- */

static bool may_show(const ForeignKey *key, const CatRelation *relation, const int *numbers)
{
    Write *write = key->write;
    Oid user = write->context->plan->functions->current_user;
    if (catalog_privileges(write->catalog, PG_CLASS_RELATION, relation->oid, 0, user, ACL_SELECT))
        return true;
    for (int i = 0; i < key->count; i++)
        if (!catalog_privileges(write->catalog, PG_CLASS_RELATION, relation->oid, numbers[i], user, ACL_SELECT))
            return false;
    return true;
}

static const char *shown(const ForeignKey *key, bool referenced, const char *const *cells)
{
    Str names, values;
    str_init(&names, key->write->arena);
    str_init(&values, key->write->arena);
    for (int i = 0; i < key->count; i++) {
        const CatRelation *relation = referenced ? key->referenced : key->table;
        str_addf(&names, "%s%s", i ? ", " : "", relation->columns[(referenced ? key->keys : key->columns)[i] - 1].name);
        str_addf(&values, "%s%s", i ? ", " : "", cells[i] ? cells[i] : "null");
    }
    return arena_printf(key->write->arena, "(%s)=(%s) ", names.data, values.data);
}

static bool refuse_missing(const ForeignKey *key, const char *const *cells)
{
    Error *error = key->write->error;
    bool has_null = false;
    for (int i = 0; i < key->count; i++)
        has_null |= !cells[i];
    error_set(error, ERRCODE_FOREIGN_KEY_VIOLATION, "insert or update on table \"%s\" violates foreign key constraint \"%s\"",
              key->table->name, key->name);
    fetch_error_names(key->write, key->table, NULL, key->name);
    if (has_null)
        return error_detail(error, "MATCH FULL does not allow mixing of null and nonnull key values.");
    return error_detail(error, "Key %sis not present in table \"%s\".",
                        may_show(key, key->table, key->columns) ? shown(key, false, cells) : "", key->referenced->name);
}

static bool refuse_referenced(const ForeignKey *key, const char *const *cells)
{
    Error *error = key->write->error;
    error_set(error, ERRCODE_FOREIGN_KEY_VIOLATION,
              "update or delete on table \"%s\" violates foreign key constraint \"%s\" on table \"%s\"", key->referenced->name, key->name,
              key->table->name);
    fetch_error_names(key->write, key->table, NULL, key->name);
    return error_detail(error, "Key %sis still referenced from table \"%s\".",
                        may_show(key, key->referenced, key->keys) ? shown(key, true, cells) : "", key->table->name);
}

typedef bool Refuse(const ForeignKey *key, const char *const *cells);

/* The first row that breaks any of several keys. */
typedef struct Broken {
    ForeignKey key;
    const char *const *cells;
    Refuse *refuse; /* NULL: there is none yet */
    int64_t row;
} Broken;

/* The first row of the query, if any, is refused. */
static bool find_broken(const ForeignKey *key, Query *query, Refuse *refuse)
{
    Write *write = key->write;
    const char *const *cells;
    fetch_use_targets(query);
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    if (!fetch_first(write, query, &cells) || !cells)
        return !error_is_set(write->error);
    int64_t row = strtoll(cells[key->count], NULL, 10);
    if (!key->first)
        return refuse(key, cells);
    if (!key->first->refuse || row < key->first->row)
        *key->first = (Broken){*key, cells, refuse, row};
    return true;
}

/* What a row that refers must not be. written: of the rows that the write added alone; changed: that had another key before the
 * transaction. */
static bool check_rows(const ForeignKey *key, bool written, bool changed)
{
    Write *write = key->write;
    const char *missing = arena_printf(write->arena, "(%s AND NOT EXISTS (SELECT FROM %s p WHERE %s))",
                                       each(key, false, "n.", " IS NOT NULL", " AND "), key->referenced_name, refers(key, "n", "p"));
    const char *mixed = !key->is_full || key->count < 2
                            ? ""
                            : arena_printf(write->arena, " OR (NOT (%s) AND NOT (%s))", each(key, false, "n.", " IS NULL", " AND "),
                                           each(key, false, "n.", " IS NOT NULL", " AND "));
    Str same;
    str_init(&same, write->arena);
    for (int i = 0; i < key->count; i++)
        str_addf(&same, "%se.%s IS NOT DISTINCT FROM n.%s", i ? " AND " : "", column(key, i), column(key, i));
    const char *before =
        changed ? arena_printf(write->arena, " AND NOT EXISTS (SELECT FROM %s e WHERE %s)", key->table_name, same.data) : "";
    const char *others = written ? arena_printf(write->arena, ", %s w", key->table_name) : "";
    Query *query = analyze(key, arena_printf(write->arena, "SELECT %s FROM %s n%s WHERE (%s%s)%s", each(key, false, "n.", "", ", "),
                                             key->table_name, others, missing, mixed, before));
    if (!query)
        return false;
    if (written)
        fetch_add_condition(write, query,
                            fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), fetch_row_number(write, 1)));
    choose_row(key, query, 0, key->new_row);
    return find_broken(key, query, refuse_missing);
}

/* Rows that are gone, or have other keys now, are referred to. replaced: not where a row has the key again. */
static bool check_referenced(const ForeignKey *key, bool replaced)
{
    Write *write = key->write;
    Str again;
    str_init(&again, write->arena);
    for (int i = 0; i < key->count; i++)
        str_addf(&again, "%sp.%s = o.%s", i ? " AND " : "", key_column(key, i), key_column(key, i));
    const char *text = arena_printf(write->arena, "SELECT %s FROM %s o WHERE EXISTS (SELECT FROM %s c WHERE %s)",
                                    each(key, true, "o.", "", ", "), key->referenced_name, key->table_name, refers(key, "c", "o"));
    if (replaced)
        text = arena_printf(write->arena, "%s AND NOT EXISTS (SELECT FROM %s p WHERE %s)", text, key->referenced_name, again.data);
    Query *query = analyze(key, text);
    if (!query)
        return false;
    choose_row(key, query, 0, key->old_row);
    return find_broken(key, query, refuse_referenced);
}

/* ---- what is done ---- */

/* Entries from `first` on: a row as it was, as it is, and what stands for the rows on their way. */
static void join_versions(const ForeignKey *key, Query *query, int first)
{
    Write *write = key->write;
    Query *scratch = fetch_over(write, NULL);
    int work = work_add(write, scratch, &write->work), was = first, is = first + 1, way = first + 2;
    query->rtes[way] = scratch->rtes[work];
    query->rtes[is]->written_by = write->number;
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, was), fetch_var(write, query, way, WORK_ROW)));
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, is), fetch_row_number(write, way)));
}

/* Whether an action has anything to do: where no key has changed, it is no statement, whose triggers would fire. */
static bool find_changed(const ForeignKey *key, bool *found)
{
    const char *parent = key->referenced_name, *const * cells;
    Query *query =
        analyze(key, arena_printf(key->write->arena, "SELECT 1 FROM %s o, %s n, %s w WHERE %s", parent, parent, parent, key_changed(key)));
    *found = false;
    if (!query)
        return false;
    join_versions(key, query, 0);
    choose_row(key, query, 0, key->old_row);
    bool done = fetch_first(key->write, query, &cells);
    *found = cells != NULL;
    return done;
}

static bool run_lasting(const ForeignKey *key, const char *text, bool versions)
{
    Write *write = key->write;
    WriteContext *context = ARENA_NEW(write->arena, WriteContext);
    WriteResult ignored;
    Query *query = analyze(key, text);
    if (!query)
        return false;
    if (versions)
        join_versions(key, query, 1);
    choose_row(key, query, 1, key->old_row);
    *context = *write->context;
    context->as_of = 0;
    context->queue = write->queue;
    context->follows = 1;
    return write_run(context, query, &ignored, write->arena, write->error);
}

/* Its AFTER triggers fire later. */
static bool run(const ForeignKey *key, const char *text, bool versions)
{
    Arena *was = write_make_lasting(key->write);
    bool done = run_lasting(key, text, versions);
    key->write->arena = was;
    return done;
}

/* SET of the columns: to the new key (value NULL), or all to the value. */
static const char *assignments(const ForeignKey *key, const char *value, bool some)
{
    Str text;
    str_init(&text, key->write->arena);
    for (int i = 0; i < key->count; i++) {
        bool set = !some || !key->nset;
        for (int k = 0; k < key->nset; k++)
            set |= key->set_columns[k] == key->columns[i];
        if (!set)
            continue;
        str_addf(&text, "%s%s = ", text.len ? ", " : "", column(key, i));
        if (value)
            str_add(&text, value);
        else
            str_addf(&text, "n.%s", key_column(key, i));
    }
    return text.data;
}

static bool act(const ForeignKey *key, Oid function, bool updates)
{
    Arena *arena = key->write->arena;
    const char *parent = key->referenced_name;
    if (function == CASCADE && !updates)
        return run(key, arena_printf(arena, "DELETE FROM %s c USING %s o WHERE %s", key->table_name, parent, refers(key, "c", "o")), false);
    bool changed = true;
    if (updates && !find_changed(key, &changed))
        return false;
    if (!changed)
        return true;
    const char *value = function == CASCADE ? NULL : function == SET_NULL ? "NULL" : "DEFAULT";
    const char *text = arena_printf(arena, "UPDATE %s c SET %s FROM %s o", key->table_name, assignments(key, value, !updates), parent);
    if (updates)
        text = arena_printf(arena, "%s, %s n, %s w WHERE %s AND (%s)", text, parent, parent, refers(key, "c", "o"), key_changed(key));
    else
        text = arena_printf(arena, "%s WHERE %s", text, refers(key, "c", "o"));
    return run(key, text, updates) && (function != SET_DEFAULT || check_referenced(key, true));
}

static bool enforce_key(ForeignKey *key, Oid function)
{
    bool updates = function & 1;
    switch (updates ? function - 1 : function) {
    case CHECK_INSERT:
        return check_rows(key, true, updates && !key->last);
    case NO_ACTION:
        return check_referenced(key, true);
    case RESTRICT:
        return check_referenced(key, updates);
    default:
        return act(key, updates ? function - 1 : function, updates);
    }
}

static bool is_check(Oid function)
{
    return function == CHECK_INSERT || function == CHECK_UPDATE || function == NO_ACTION || function == NO_ACTION_UPDATE ||
           function == RESTRICT || function == RESTRICT + 1;
}

bool foreign_key_acts(Oid function)
{
    return foreign_key_is_trigger(function) && !is_check(function);
}

/* ---- which rows are asked about ---- */

typedef struct Asked {
    const ForeignKey *key;
    Oid function;
} Asked;

static bool ask_all(void *arg, int64_t last, int64_t *broken)
{
    const Asked *asked = arg;
    Broken first = {0};
    ForeignKey all = *asked->key;
    all.first = &first;
    all.old_row = all.new_row = 0;
    all.last = last == all.write->number ? 0 : last;
    bool done = enforce_key(&all, asked->function);
    *broken = done && first.refuse ? first.row : 0;
    return done;
}

/* Of the trigger's rows: those that refer, or those that are referred to. */
static bool is_known_whole(const ForeignKey *key, const WriteTrigger *trigger, bool *out)
{
    bool refers = trigger->function == CHECK_INSERT || trigger->function == CHECK_UPDATE;
    Asked asked = {key, trigger->function};
    ConstraintQuestion question = {{key->table, key->referenced}, refers ? trigger->new_number : trigger->old_number, ask_all, &asked};
    *out = false;
    return !is_check(trigger->function) || constraint_trigger_is_known(key->write, trigger, &question, out);
}

static bool enforce(Write *write, const WriteTrigger *trigger, Broken *first)
{
    ForeignKey key;
    bool known;
    if (!read_key(write, trigger->constraint, &key))
        return false;
    key.first = first;
    key.old_row = trigger->old_number;
    key.new_row = trigger->new_number;
    return is_known_whole(&key, trigger, &known) && (known || enforce_key(&key, trigger->function));
}

bool foreign_key_enforce(Write *write, const WriteTrigger *trigger)
{
    return enforce(write, trigger, NULL);
}

bool write_verify_foreign_key(const WriteContext *context, Oid constraint, Arena *arena, Error *error)
{
    Write write = {.context = context, .catalog = context->plan->catalog, .arena = arena, .error = error};
    ForeignKey key;
    return read_key(&write, constraint, &key) && check_rows(&key, false, false);
}

/* ---- which updates concern a key ---- */

static bool is_same_text(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : !one && !other;
}

static bool keeps_values(const int *columns, int count, const char *const *old_row, const char *const *new_row)
{
    for (int i = 0; i < count; i++)
        if (!is_same_text(old_row[columns[i] - 1], new_row[columns[i] - 1]))
            return false;
    return true;
}

/* Of all rows that the write has changed, where their values are known without asking for them. */
static bool keeps_known_values(const Write *write, Oid relation, const int *columns, int count)
{
    bool all = write->found && !write->has_moved && write->known.count == write->found;
    for (size_t i = 0; all && i < write->known.count; i++) {
        const KnownChange *change = &write->known.items[i];
        all = change->relation == relation && change->old.cells &&
              change->new.cells &&keeps_values(columns, count, change->old.cells, change->new.cells);
    }
    return all;
}

static bool sets_none(Write *write, const CatRelation *relation, const int *columns, int count, bool *out)
{
    if (!change_sets_alone(write, relation, out))
        return false;
    for (int i = 0; *out && i < count; i++)
        *out = !change_is_set(write, relation, columns[i]);
    return true;
}

bool foreign_key_is_kept(Write *write, const WriteTrigger *trigger, bool *out)
{
    bool refers = trigger->function == CHECK_UPDATE;
    ForeignKey key;
    *out = false;
    if (write->statement->kind != QUERY_UPDATE || (!refers && trigger->function != NO_ACTION_UPDATE))
        return true;
    if (!read_key(write, trigger->constraint, &key))
        return false;
    const int *columns = refers ? key.columns : key.keys;
    Oid relation = trigger->relation->oid;
    if (trigger->old_row && trigger->new_row)
        *out = keeps_values(columns, key.count, (const char *const *)trigger->old_row, (const char *const *)trigger->new_row);
    else
        *out = !trigger->old_number && !trigger->new_number && keeps_known_values(write, relation, columns, key.count);
    return *out || sets_none(write, catalog_relation(write->catalog, relation), columns, key.count, out);
}

bool foreign_key_is_trigger(Oid function)
{
    return function >= CHECK_INSERT && function <= NO_ACTION_UPDATE;
}

bool foreign_key_is_answered_above(const Write *write, Oid relation, WriteEvent event, Oid function)
{
    bool acts = function != CHECK_INSERT && function != CHECK_UPDATE, above = relation == write->root->oid && write->root->kind == 'p';
    return acts ? event == EVENT_UPDATE && write->has_moved && !above : above;
}

bool foreign_key_fire_all(Write *write, const CatRelation *relation, const TriggerList *triggers)
{
    Broken first = {0};
    Oid oid = relation->oid;
    for (size_t i = 0; i < triggers->count; i++)
        if (!triggers->items[i].is_deferrable && !enforce(write, &triggers->items[i], &first))
            return false;
    if (first.refuse)
        return first.refuse(&first.key, first.cells);
    for (size_t i = 0; i < triggers->count; i++) {
        WriteTrigger trigger = triggers->items[i];
        trigger.relation = catalog_relation(write->catalog, oid);
        if (trigger.is_deferrable && !constraint_trigger_fire(write, &trigger))
            return false;
    }
    return true;
}
