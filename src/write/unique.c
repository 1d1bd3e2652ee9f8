/*
 * unique.c - PRIMARY KEY and unique indexes: no key of a new row may be there twice, among all rows that this session sees.
 *
 * A key is columns and expressions, of all rows or of those that meet the index's predicate. PostgreSQL looks when a row is written: a key
 * also counts as there when only a later row of the same UPDATE gives it up. A deferrable key may be there twice until its trigger asks.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

enum { MAX_KEY = 32 };

typedef struct Key {
    Oid index, constraint; /* constraint OID_NONE: an index alone */
    const char *name;      /* of the index, which is the constraint's */
    int columns[MAX_KEY];  /* 0: an expression */
    Expr *values[MAX_KEY];
    Expr *same[MAX_KEY]; /* value = value, or IS NOT DISTINCT FROM: both sides over entry 0 */
    int count;
    Expr *predicate; /* NULL: all rows */
    bool nulls_not_distinct, is_immediate;
} Key;

typedef VEC(Key) KeyList;

/* ---- the keys ---- */

static bool read_part(Write *write, const CatRelation *relation, Key *key, const char *text)
{
    const char *both = arena_printf(write->arena, "(%s) %s (%s)", text, key->nulls_not_distinct ? "IS NOT DISTINCT FROM" : "=", text);
    key->values[key->count] = fetch_expr(write, relation, text, OID_NONE);
    key->same[key->count] = key->values[key->count] ? fetch_expr(write, relation, both, TYPE_BOOL) : NULL;
    return key->same[key->count++] != NULL;
}

/* cells: as KEY_COLUMNS. guarded: its expressions are not computed of rows that the index has not. */
static bool read_key(Write *write, const CatRelation *relation, const CatalogCell *cells, bool guarded, Key *key)
{
    *key = (Key){.name = cells[0].text,
                 .nulls_not_distinct = cells[3].i,
                 .is_immediate = cells[6].i,
                 .index = (Oid)cells[7].i,
                 .constraint = (Oid)cells[8].i};
    const char *numbers = cells[1].text, *expressions = cells[4].is_null ? "" : cells[4].text;
    const char *predicate = cells[5].is_null ? NULL : cells[5].text;
    int count = (int)cells[2].i;
    for (char *end; key->count < count && key->count < MAX_KEY; numbers = end) {
        int number = key->columns[key->count] = (int)strtol(numbers, &end, 10);
        if (!read_part(write, relation, key,
                       number ? catalog_quote_identifier(write->catalog, relation->columns[number - 1].name, write->arena)
                              : index_expression_where(write, index_next_expression(write, &expressions), guarded ? predicate : NULL)))
            return false;
    }
    return !predicate || (key->predicate = fetch_expr(write, relation, predicate, TYPE_BOOL));
}

#define KEY_COLUMNS                                                                                                                        \
    "relname, indkey, indnkeyatts, indnullsnotdistinct, indexprs, indpred, indimmediate, indexrelid,"                                      \
    " (SELECT oid FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))"

static bool read_keys_as(Write *write, const CatRelation *relation, Oid index, bool guarded, KeyList *out)
{
    static const char KEYS[] = "SELECT " KEY_COLUMNS " FROM pg_index JOIN pg_class ON oid = indexrelid"
                               " WHERE indrelid = ?1 AND indisunique AND (?2 = 0 OR indexrelid = ?2) ORDER BY indexrelid";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, KEYS, "oo", relation->oid, index);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Key key;
        if (!read_key(write, relation, &CATALOG_CELL(rows, i, 0), guarded, &key))
            return false;
        vec_push(write->arena, out, key);
    }
    return rows != NULL;
}

static bool read_keys(Write *write, const CatRelation *relation, Oid index, KeyList *out)
{
    return read_keys_as(write, relation, index, true, out);
}

/* ---- conditions over two rows ---- */

/* The rows of an entry, or one row that is known, by column. */
typedef struct Place {
    int rte, levels_up;
    const char *const *cells;
    Arena *arena;
} Place;

static bool move(const Expr *expr, void *arg)
{
    const Place *to = arg;
    Expr *own = (Expr *)(uintptr_t)expr; /* a copy, nobody else's */
    if (own->kind == EXPR_VAR && to->cells) {
        Expr *value = expr_const_like(to->arena, own, to->cells[own->u.var.column - 1]);
        *own = *value;
    } else if (own->kind == EXPR_VAR) {
        own->u.var.rte = to->rte;
        own->u.var.levels_up = to->levels_up;
    }
    return expr_walk(expr, move, arg);
}

/* A copy of an expression over entry 0, over another one. */
static Expr *at_place(Write *write, const Expr *expr, Place place)
{
    Expr *copy = expr_copy(expr, write->arena);
    place.arena = write->arena;
    move(copy, &place);
    return copy;
}

static Expr *and_both(Write *write, Expr *left, Expr *right)
{
    if (!left)
        return right;
    Expr *both = fetch_compare(write, OID_NONE, left, right);
    both->kind = EXPR_AND;
    return both;
}

static Expr *comparison_of(Expr *same)
{
    while (same->nargs == 1) /* NOT (a IS DISTINCT FROM b) */
        same = same->args[0];
    return same;
}

/* The rows at both places have the same key, and the index has them. */
static Expr *same_key(Write *write, const Key *key, Place one, Place other)
{
    Expr *all = NULL;
    for (int i = 0; i < key->count; i++) {
        Expr *same = expr_copy(key->same[i], write->arena), *compares = comparison_of(same);
        compares->args[0] = at_place(write, compares->args[0], one);
        compares->args[1] = at_place(write, compares->args[1], other);
        all = and_both(write, all, same);
    }
    if (key->predicate)
        all = and_both(write, and_both(write, all, at_place(write, key->predicate, one)), at_place(write, key->predicate, other));
    return all;
}

/* There is a row o that meets the condition, with the same key as entry 0. */
static Expr *exists_other(Write *write, const CatRelation *relation, const Key *key, Query **others)
{
    Expr *exists = ARENA_NEW(write->arena, Expr);
    Query *query = *others = fetch_over(write, relation);
    query->rtes[0]->written_by = 0;
    query->where = same_key(write, key, (Place){0}, (Place){.levels_up = 1});
    fetch_add_target(query, expr_const(write->arena, TYPE_INT4, -1, "1"));
    *exists = (Expr){.kind = EXPR_SUBLINK, .type = TYPE_BOOL, .typmod = -1, .location = -1};
    exists->u.sublink.kind = SUBLINK_EXISTS;
    exists->u.sublink.query = query;
    Expr *all = NULL;
    for (int i = 0; i < key->count && !key->nulls_not_distinct; i++)
        all = and_both(write, all, fetch_test(write, EXPR_IS_NOT_NULL, expr_copy(key->values[i], write->arena)));
    if (key->predicate)
        all = and_both(write, all, expr_copy(key->predicate, write->arena));
    return and_both(write, all, exists);
}

/* ---- keys that are there twice ---- */

/* "Key (a)=(1) already exists.", when the values may be shown. */
static bool show_key(Write *write, const CatRelation *relation, const Key *key, const char *const *cells, const char *what)
{
    Str names, values;
    str_init(&names, write->arena);
    str_init(&values, write->arena);
    bool may_show = true;
    for (int i = 0; i < key->count; i++) {
        int number = key->columns[i];
        may_show &= fetch_may_show(write, relation, number, false);
        const char *name = number ? catalog_quote_identifier(write->catalog, relation->columns[number - 1].name, write->arena)
                                  : fetch_index_column(write, key->index, i + 1);
        if (!name)
            return false;
        str_addf(&names, "%s%s", i ? ", " : "", name);
        str_addf(&values, "%s%s", i ? ", " : "", cells[i] ? cells[i] : "null");
    }
    fetch_error_names(write, relation, NULL, key->name);
    return may_show ? error_detail(write->error, "Key (%s)=(%s) %s.", names.data, values.data, what) : false;
}

/* The last number of the rows that come before `end` in the key's index. */
static int64_t last_before(const Key *key, const IndexPlace *end)
{
    return key->index < end->index ? end->row : end->row - 1;
}

/* Of entry 0, these rows. */
static void choose_before(Write *write, Query *query, const Key *key, const IndexPlace *end)
{
    int64_t last = last_before(key, end);
    if (end->row)
        fetch_add_condition(
            write, query,
            fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0),
                          expr_const(write->arena, TYPE_INT8, -1, arena_printf(write->arena, "%lld", (long long)last + 1))));
}

/* Of entry 0, the rows that the statement takes away only after the row of that number is written. */
static void choose_replaced(Write *write, Query *query, Expr *own)
{
    int work = work_add(write, query, &write->work);
    query->rtes[0]->deleted_by = write->number;
    if (write->statement->kind == QUERY_MERGE)
        merge_choose_acted(write, query, work);
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), fetch_var(write, query, work, WORK_ROW)));
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_GREATER, fetch_row_number(write, work), own));
}

/* Rows whose key is there already, with its values and their numbers, the first one first. replaced: the other row is one that their
 * statement takes away only after they are written (a row of the work table gives its number to what it writes); else one that came
 * before. */
static Query *find_twice(Write *write, const CatRelation *relation, const Key *key, bool replaced, const IndexPlace *end)
{
    Query *query = fetch_over(write, relation), *others;
    fetch_add_condition(write, query, exists_other(write, relation, key, &others));
    query->has_sublinks = true;
    Expr *own = fetch_row_number(write, 0);
    own->u.var.levels_up = 1;
    if (replaced) {
        choose_replaced(write, others, own);
    } else {
        choose_before(write, others, key, end);
        fetch_add_condition(write, others, fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), own));
    }
    choose_before(write, query, key, end);
    for (int i = 0; i < key->count; i++)
        fetch_add_target(query, expr_copy(key->values[i], write->arena));
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    return query;
}

/* The same of one row that is known: no query over the rows of the write, but over those beside it alone. */
static Query *find_other(Write *write, const CatRelation *relation, const Key *key, bool replaced, const StoreRow *known)
{
    Query *query = fetch_over(write, relation);
    Place here = {.cells = known->cells};
    Expr *own = expr_const(write->arena, TYPE_INT8, -1, arena_printf(write->arena, "%lld", (long long)known->number));
    query->rtes[0]->written_by = 0;
    query->where = same_key(write, key, here, (Place){0});
    if (replaced)
        choose_replaced(write, query, own);
    else
        fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), own));
    for (int i = 0; i < key->count; i++)
        fetch_add_target(query, at_place(write, key->values[i], here));
    fetch_add_target(query, expr_copy(own, write->arena));
    return query;
}

/* Of keys that are there twice, the one of the first row. */
typedef struct Twice {
    const Key *key; /* NULL: there is none yet */
    const char *const *cells;
    int64_t row;
} Twice;

static bool note_first(Write *write, const Key *key, const Query *query, Twice *twice)
{
    const char *const *cells;
    if (!fetch_first(write, query, &cells))
        return false;
    int64_t row = cells ? strtoll(cells[key->count], NULL, 10) : 0;
    if (cells && (!twice->key || row < twice->row))
        *twice = (Twice){key, cells, row};
    return true;
}

static bool refuse(Write *write, const CatRelation *relation, const Twice *twice)
{
    error_set(write->error, ERRCODE_UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"%s\"", twice->key->name);
    return show_key(write, relation, twice->key, twice->cells, "already exists");
}

/* ---- deferrable keys ---- */

/* In Write.doubtful. */
typedef struct Doubt {
    int64_t row, constraint;
} Doubt;

bool unique_is_doubtful(const Write *write, Oid constraint, int64_t row)
{
    Doubt doubt = {row, constraint};
    return map_get(write->doubtful, &doubt, sizeof doubt) != NULL;
}

static void note_doubt(Write *write, Doubt doubt)
{
    map_put(write->doubtful, &doubt, sizeof doubt, write);
}

static bool note_doubtful(Write *write, const Key *key, const Query *query, Twice *ignored)
{
    FetchedRows rows;
    (void)ignored;
    if (!fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        note_doubt(write, (Doubt){strtoll(rows.items[i][key->count], NULL, 10), key->constraint});
        note_doubt(write, (Doubt){0, key->constraint});
    }
    return true;
}

typedef struct Recheck {
    Write *write;
    const CatRelation *relation;
    Oid constraint;
    KeyList keys; /* the constraint's one, once it is read */
} Recheck;

static bool read_own_key(Recheck *recheck)
{
    Write *write = recheck->write;
    CatalogRows *rows = recheck->keys.count ? NULL
                                            : catalog_query(write->catalog, write->arena, write->error,
                                                            "SELECT conindid FROM pg_constraint WHERE oid = ?1", "o", recheck->constraint);
    return recheck->keys.count || (rows && read_keys(write, recheck->relation, (Oid)rows->cells[0].i, &recheck->keys));
}

/* Of the rows that are there now. row 0: any that the write, or one of those up to that of number `last`, has added. */
static bool ask(Recheck *recheck, int64_t row, int64_t last, Twice *out)
{
    if (!read_own_key(recheck))
        return false;
    Write *write = recheck->write;
    const Key *key = &recheck->keys.items[0];
    Query *query = fetch_over(write, recheck->relation), *others;
    Expr *own = fetch_row_number(write, 0),
         *asked = row ? expr_const(write->arena, TYPE_INT8, -1, arena_printf(write->arena, "%lld", (long long)row))
                      : fetch_row_number(write, fetch_add_relation(write, query, recheck->relation));
    query->rtes[0]->written_by = 0;
    fetch_add_condition(write, query, exists_other(write, recheck->relation, key, &others));
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), asked));
    query->has_sublinks = true;
    own->u.var.levels_up = 1;
    fetch_add_condition(write, others,
                        fetch_test(write, EXPR_NOT, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), own)));
    for (int i = 0; i < key->count; i++)
        fetch_add_target(query, expr_copy(key->values[i], write->arena));
    fetch_add_target(query, fetch_row_number(write, 0));
    if (!row) {
        query->rtes[1]->through = last;
        fetch_order_by(write, query, fetch_row_number(write, 0));
    }
    query->limit = expr_const(write->arena, TYPE_INT8, -1, "1");
    *out = (Twice){0};
    return note_first(write, key, query, out);
}

static bool ask_all(void *arg, int64_t last, int64_t *broken)
{
    Twice twice;
    bool done = ask(arg, 0, last, &twice);
    *broken = done && twice.key ? twice.row : 0;
    return done;
}

bool unique_recheck(Write *write, const WriteTrigger *trigger)
{
    Recheck recheck = {.write = write, .relation = trigger->relation, .constraint = trigger->constraint};
    ConstraintQuestion question = {{trigger->relation, trigger->relation}, trigger->new_number, ask_all, &recheck};
    Twice twice;
    bool known;
    if (!constraint_trigger_is_known(write, trigger, &question, &known))
        return false;
    return known || (ask(&recheck, trigger->new_number, 0, &twice) && (!twice.key || refuse(write, trigger->relation, &twice)));
}

/* ---- all keys ---- */

/* Keys that an UPDATE does not set are there as often as they were before: in doubt, where they are deferrable, else once. */
static bool is_as_before(Write *write, const CatRelation *relation, const Key *key)
{
    bool is_set = !key->is_immediate || (key->predicate && change_reads_set(write, relation, key->predicate));
    for (int i = 0; i < key->count; i++)
        is_set = is_set || change_reads_set(write, relation, key->values[i]);
    return !is_set;
}

static bool reads_stored(const Key *key)
{
    bool reads = key->predicate && fetch_reads_stored(key->predicate);
    for (int i = 0; i < key->count; i++)
        reads = reads || fetch_reads_stored(key->values[i]);
    return reads;
}

static bool check_key(Write *write, const CatRelation *relation, const Key *key, const StoreRow *known, const IndexPlace *end, Twice *twice)
{
    bool (*note)(Write *, const Key *, const Query *, Twice *) = key->is_immediate ? note_first : note_doubtful;
    known = reads_stored(key) ? NULL : known;
    if (known && end->row && known->number > last_before(key, end))
        return true;
    for (int replaced = 0; replaced <= (write->work.number != 0); replaced++)
        if (!note(write, key, known ? find_other(write, relation, key, replaced, known) : find_twice(write, relation, key, replaced, end),
                  twice))
            return false;
    return true;
}

bool unique_check(Write *write, const CatRelation *relation, const StoreRow *known, const IndexPlace *end, int64_t *row)
{
    KeyList keys = {0};
    Twice twice = {0};
    bool alone;
    *row = 0;
    if (!read_keys(write, relation, OID_NONE, &keys) || !change_sets_alone(write, relation, &alone))
        return false;
    for (size_t i = 0; i < keys.count; i++)
        if (!(alone && is_as_before(write, relation, &keys.items[i])) && !check_key(write, relation, &keys.items[i], known, end, &twice))
            return false;
    *row = twice.row;
    return !twice.key || refuse(write, relation, &twice);
}

/* Each key that the index has, computed once, with the number of its row behind it. */
static bool fill_keys(Write *write, const CatRelation *relation, const Key *key, WorkTable *out)
{
    uint64_t count;
    Query *query = fetch_over(write, relation);
    query->where = key->predicate;
    for (int i = 0; i < key->count; i++)
        fetch_add_target(query, comparison_of(expr_copy(key->same[i], write->arena))->args[0]);
    fetch_add_target(query, fetch_row_number(write, 0));
    return work_fill(write, query, NULL, false, out, &count);
}

/* As find_twice, of such keys. */
static Query *find_twice_among(Write *write, const Key *key, const WorkTable *keys)
{
    Query *query = fetch_over(write, NULL), *others = fetch_over(write, NULL);
    work_add(write, query, keys);
    work_add(write, others, keys);
    for (int i = 0; i <= key->count; i++)
        fetch_add_target(query, fetch_var(write, query, 0, i + 1));
    Expr *own = fetch_var(write, query, 0, key->count + 1), *exists = ARENA_NEW(write->arena, Expr);
    own->u.var.levels_up = 1;
    fetch_add_condition(write, others, fetch_compare(write, OPERATOR_INT8_LESS, fetch_var(write, others, 0, key->count + 1), own));
    for (int i = 0; i < key->count; i++) {
        Expr *same = expr_copy(key->same[i], write->arena), *compares = comparison_of(same);
        compares->args[0] = fetch_var(write, others, 0, i + 1);
        compares->args[1] = fetch_var(write, query, 0, i + 1);
        compares->args[1]->u.var.levels_up = 1;
        fetch_add_condition(write, others, same);
        if (!key->nulls_not_distinct)
            fetch_add_condition(write, query, fetch_test(write, EXPR_IS_NOT_NULL, fetch_var(write, query, 0, i + 1)));
    }
    fetch_add_target(others, expr_const(write->arena, TYPE_INT4, -1, "1"));
    *exists = (Expr){.kind = EXPR_SUBLINK, .type = TYPE_BOOL, .typmod = -1, .location = -1};
    exists->u.sublink.kind = SUBLINK_EXISTS;
    exists->u.sublink.query = others;
    fetch_add_condition(write, query, exists);
    query->has_sublinks = true;
    fetch_order_by(write, query, fetch_var(write, query, 0, key->count + 1));
    return query;
}

static bool is_computed(const Key *key)
{
    for (int i = 0; i < key->count; i++)
        if (!key->columns[i])
            return true;
    return key->predicate != NULL;
}

/* *found: a query for keys that are there twice. What the index computes is computed once, of every row. */
static bool verify_key(Write *write, const CatRelation *relation, const Key *key, Query **found)
{
    WorkTable keys;
    if (!is_computed(key)) {
        *found = find_twice(write, relation, key, false, &(IndexPlace){0});
        return true;
    }
    if (fill_keys(write, relation, key, &keys)) {
        *found = find_twice_among(write, key, &keys);
        return true;
    }
    Error all;
    error_init(&all, write->arena);
    error_copy(&all, write->error);
    error_clear(write->error);
    return index_values_verify(write, relation, key->index) && error_copy(write->error, &all); /* it was not about a row */
}

bool index_verify(Write *write, const CatRelation *relation, Oid index)
{
    KeyList keys = {0};
    Twice twice = {0};
    Query *found = NULL;
    if (!read_keys_as(write, relation, index, false, &keys))
        return false;
    if (!keys.count)
        return index_values_verify(write, relation, index);
    if (!verify_key(write, relation, &keys.items[0], &found) || !note_first(write, &keys.items[0], found, &twice))
        return false;
    if (!twice.key)
        return true;
    error_set(write->error, ERRCODE_UNIQUE_VIOLATION, "could not create unique index \"%s\"", keys.items[0].name);
    return show_key(write, relation, twice.key, twice.cells, "is duplicated");
}

/* ---- ON CONFLICT ---- */

bool unique_conflicts(Write *write, const CatRelation *relation, Oid index, int64_t first, Query **out)
{
    KeyList keys = {0};
    size_t count = 0;
    *out = NULL;
    if (!read_keys(write, relation, index, &keys))
        return false;
    while (count < keys.count && keys.items[count].is_immediate)
        count++;
    if (!count)
        return true;
    Query *query = *out = fetch_over(write, relation);
    for (size_t i = 0; i < count; i++) {
        Query *others;
        Expr *one = exists_other(write, relation, &keys.items[i], &others);
        Expr *than = first ? expr_const(write->arena, TYPE_INT8, -1, arena_printf(write->arena, "%lld", (long long)first))
                           : fetch_row_number(write, 0);
        if (!first)
            than->u.var.levels_up = 1;
        fetch_add_condition(write, others, fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), than));
        query->where = i ? fetch_compare(write, OID_NONE, query->where, one) : one;
        if (i)
            query->where->kind = EXPR_OR;
    }
    query->has_sublinks = true;
    if (first)
        fetch_add_condition(
            write, query,
            fetch_compare(write, OPERATOR_INT8_GREATER, fetch_row_number(write, 0),
                          expr_const(write->arena, TYPE_INT8, -1, arena_printf(write->arena, "%lld", (long long)first - 1))));
    fetch_add_target(query, expr_const(write->arena, TYPE_OID, -1, arena_printf(write->arena, "%u", relation->oid)));
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    return true;
}

bool unique_check_immediate(Write *write, const CatRelation *relation, Oid index)
{
    KeyList keys = {0};
    if (!read_keys(write, relation, index, &keys))
        return false;
    for (size_t i = 0; i < keys.count; i++)
        if (!keys.items[i].is_immediate) {
            error_set(write->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                      "ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters");
            fetch_error_names(write, relation, NULL, keys.items[i].name);
            return false;
        }
    return true;
}

bool unique_same_key(Write *write, const CatRelation *relation, Oid index, Expr **out)
{
    KeyList keys = {0};
    if (!read_keys(write, relation, index, &keys))
        return false;
    *out = same_key(write, &keys.items[0], (Place){0}, (Place){.rte = 1});
    return true;
}
