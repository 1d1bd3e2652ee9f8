/*
 * unique.c - PRIMARY KEY and unique indexes: no key of a new row may be there twice, among all rows that this session sees.
 *
 * A key is columns and expressions, of all rows or of those that meet the index's predicate. PostgreSQL looks when a row is written: a key
 * also counts as there when only a later row of the same UPDATE gives it up. A deferrable key may be there twice until its trigger asks.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "func/proc_oids.h"
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

/* ---- rows beside others ---- */

/* Rows of a query, with what a key is of each, and a number in whose order they are looked at. */
typedef struct Keyed {
    Query *query;
    Expr *values[MAX_KEY]; /* as the key's equality takes them */
    Expr *number, *last;   /* last: the highest, where one row stands for several; else NULL */
} Keyed;

/* What is compared, and shown: an OID in place of a regclass. */
static Expr *key_part(Write *write, const Key *key, int i)
{
    return comparison_of(expr_copy(key->same[i], write->arena))->args[0];
}

/* Entry 0: the relation's rows, of those that this write has added. */
static Keyed keyed_rows(Write *write, const CatRelation *relation, const Key *key)
{
    Keyed rows = {.query = fetch_over(write, relation), .number = fetch_row_number(write, 0)};
    for (int i = 0; i < key->count; i++)
        rows.values[i] = key_part(write, key, i);
    return rows;
}

/* Entry 0: a work table of keys, each with its row's number behind it. */
static Keyed keyed_work(Write *write, const Key *key, const WorkTable *work)
{
    Keyed rows = {.query = fetch_over(write, NULL)};
    work_add(write, rows.query, work);
    for (int i = 0; i < key->count; i++)
        rows.values[i] = fetch_var(write, rows.query, 0, i + 1);
    rows.number = fetch_var(write, rows.query, 0, key->count + 1);
    return rows;
}

static Expr *aggregate(Write *write, Oid function, Expr *number)
{
    Expr *expr = fetch_test(write, EXPR_AGG, number);
    expr->type = TYPE_INT8;
    expr->oid = function;
    expr->u.agg.kind = 'n';
    return expr;
}

/* Each key once, with the lowest and the highest of its rows' numbers: however many rows have a key, there is one to compare with. */
static Keyed each_once(Write *write, const Key *key, const Keyed *rows)
{
    Query *query = rows->query;
    Keyed once = {0};
    query->group = ARENA_ARRAY(write->arena, int, key->count);
    query->group_eq_ops = ARENA_ARRAY(write->arena, Oid, key->count);
    query->ngroup = key->count;
    query->has_aggs = true;
    for (int i = 0; i < key->count; i++) {
        query->group[i] = i;
        query->group_eq_ops[i] = comparison_of(key->same[i])->oid;
        fetch_add_target(query, rows->values[i]);
    }
    fetch_add_target(query, aggregate(write, F_MIN_INT8, rows->number));
    fetch_add_target(query, aggregate(write, F_MAX_INT8, expr_copy(rows->number, write->arena)));
    once.query = fetch_around(write, query);
    for (int i = 0; i < key->count; i++)
        once.values[i] = fetch_var(write, once.query, 0, i + 1);
    once.number = fetch_var(write, once.query, 0, key->count + 1);
    once.last = fetch_var(write, once.query, 0, key->count + 2);
    return once;
}

static Expr *exists(Write *write, Query *query)
{
    Expr *test = ARENA_NEW(write->arena, Expr);
    fetch_add_target(query, expr_const(write->arena, TYPE_INT4, -1, "1"));
    *test = (Expr){.kind = EXPR_SUBLINK, .type = TYPE_BOOL, .typmod = -1, .location = -1};
    test->u.sublink.kind = SUBLINK_EXISTS;
    test->u.sublink.query = query;
    return test;
}

/* Of `rows`, entry 0 of a query around that of the others: that one of those has the same key. */
static Expr *is_among(Write *write, const Key *key, const Keyed *rows, const Keyed *others)
{
    Expr *all = NULL;
    for (int i = 0; i < key->count; i++) {
        Expr *same = expr_copy(key->same[i], write->arena), *compares = comparison_of(same);
        compares->args[0] = others->values[i];
        compares->args[1] = at_place(write, rows->values[i], (Place){.levels_up = 1});
        fetch_add_condition(write, others->query, same);
        if (!key->nulls_not_distinct)
            all = and_both(write, all, fetch_test(write, EXPR_IS_NOT_NULL, expr_copy(rows->values[i], write->arena)));
    }
    return and_both(write, all, exists(write, others->query));
}

/* number, of the others, and the row's own. */
static Expr *compare_with_own(Write *write, const Expr *number, Oid operator, const Keyed * rows)
{
    Expr *own = at_place(write, rows->number, (Place){.levels_up = 1});
    return fetch_compare(write, operator, expr_copy(number, write->arena), own);
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
        fetch_add_condition(write, query,
                            fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), fetch_int8(write, last + 1)));
}

/* Of entry 0, the rows that the statement takes away. The number of what comes in a row's place: until that is written, it is there. */
static Expr *choose_replaced(Write *write, Query *query)
{
    int work = work_add(write, query, &write->work);
    query->rtes[0]->deleted_by = write->number;
    if (write->statement->kind == QUERY_MERGE)
        merge_choose_acted(write, query, work);
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), fetch_var(write, query, work, WORK_ROW)));
    return fetch_row_number(write, work);
}

/* Among which rows another one with the same key is looked for. */
typedef enum Among {
    AMONG_EARLIER,  /* those with lower numbers than Search.first */
    AMONG_BEFORE,   /* those from there on, before the row that is asked about */
    AMONG_REPLACED, /* those that the statement takes away only after it is written */
    AMONG_BESIDE,   /* those from there on, but the row itself */
    AMONG_ALL,      /* all rows, but the row itself: for one that is known */
} Among;

typedef struct Search {
    Among among;
    int64_t first;           /* number of the first row that is asked about, or a lower one */
    bool one_by_one;         /* AMONG_BEFORE: each with each, for few rows that are asked about */
    IndexPlace end;          /* where entries of the index end */
    const WorkTable *unsure; /* AMONG_BEFORE: rows (c2) that do not count; NULL: all do */
} Search;

/* Of AMONG_BEFORE: the first row of a key is none of them. */
static void choose_sure(Write *write, const Keyed *others, const WorkTable *unsure)
{
    Query *query = fetch_over(write, NULL);
    work_add(write, query, unsure);
    Expr *number = at_place(write, others->number, (Place){.levels_up = 1});
    query->where = fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_var(write, query, 0, WORK_ROW), number);
    fetch_add_condition(write, others->query, fetch_test(write, EXPR_NOT, exists(write, query)));
    others->query->has_sublinks = true;
}

/* Of the others, which by their numbers: a condition over them. */
static Expr *counts(Write *write, Among among, const Keyed *rows, const Keyed *others)
{
    if (among == AMONG_REPLACED)
        return compare_with_own(write, others->last, OPERATOR_INT8_GREATER, rows);
    if (among == AMONG_BEFORE)
        return compare_with_own(write, others->number, OPERATOR_INT8_LESS, rows);
    Expr *other = compare_with_own(write, others->number, OPERATOR_INT8_UNEQUAL, rows);
    if (!others->last)
        return other;
    Expr *either = and_both(write, other, compare_with_own(write, others->last, OPERATOR_INT8_UNEQUAL, rows));
    either->kind = EXPR_OR;
    return either;
}

/* Of entry 0, rows of the relation: their key is there twice. */
static Expr *is_twice(Write *write, const CatRelation *relation, const Key *key, const Search *search)
{
    Keyed rows = keyed_rows(write, relation, key), others = keyed_rows(write, relation, key);
    Query *query = others.query;
    Among among = search->among;
    query->rtes[0]->written_by = 0;
    if (key->predicate)
        query->where = expr_copy(key->predicate, write->arena);
    if (among == AMONG_REPLACED)
        others.number = choose_replaced(write, query);
    else
        choose_before(write, query, key, &search->end);
    if (among == AMONG_EARLIER)
        fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_LESS, others.number, fetch_int8(write, search->first)));
    else if (among == AMONG_BEFORE || among == AMONG_BESIDE)
        fetch_add_condition(
            write, query,
            fetch_compare(write, OPERATOR_INT8_GREATER, expr_copy(others.number, write->arena), fetch_int8(write, search->first - 1)));
    if (among != AMONG_EARLIER && among != AMONG_ALL && !search->one_by_one)
        others = each_once(write, key, &others);
    if (among != AMONG_EARLIER)
        fetch_add_condition(write, others.query, counts(write, among, &rows, &others));
    if (search->unsure)
        choose_sure(write, &others, search->unsure);
    Expr *found = is_among(write, key, &rows, &others);
    return key->predicate ? and_both(write, expr_copy(key->predicate, write->arena), found) : found;
}

/* Rows whose key is there already, with its values and their numbers, the first one first. */
static Query *find_twice(Write *write, const CatRelation *relation, const Key *key, const Search *search)
{
    Query *query = fetch_over(write, relation);
    fetch_add_condition(write, query, is_twice(write, relation, key, search));
    query->has_sublinks = true;
    choose_before(write, query, key, &search->end);
    for (int i = 0; i < key->count; i++)
        fetch_add_target(query, key_part(write, key, i));
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    return query;
}

/* The same of one row that is known: no query over the rows of the write, but over those beside it alone. */
static Query *find_other(Write *write, const CatRelation *relation, const Key *key, bool replaced, const StoreRow *known)
{
    Query *query = fetch_over(write, relation);
    Place here = {.cells = known->cells};
    Expr *own = fetch_int8(write, known->number);
    query->rtes[0]->written_by = 0;
    query->where = same_key(write, key, here, (Place){0});
    if (replaced)
        fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_GREATER, choose_replaced(write, query), own));
    else
        fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), own));
    for (int i = 0; i < key->count; i++)
        fetch_add_target(query, at_place(write, key_part(write, key, i), here));
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

/* The first row that this write, or one of those up to that of number `through` (0: it alone), has added; 0: there is none. */
static bool first_written(Write *write, const CatRelation *relation, int64_t through, int64_t *out)
{
    Query *query = fetch_over(write, relation);
    const char *const *cells;
    query->rtes[0]->through = through;
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    if (!fetch_first(write, query, &cells))
        return false;
    *out = cells ? strtoll(cells[0], NULL, 10) : 0;
    return true;
}

/* Of the rows that are there now: that one, or (0) any that the write, or one of those up to that of number `last`, has added. */
static bool ask_among(Recheck *recheck, int64_t row, int64_t last, const Search *search, Twice *out)
{
    Write *write = recheck->write;
    const Key *key = &recheck->keys.items[0];
    Query *query = find_twice(write, recheck->relation, key, search);
    Expr *asked = row ? fetch_int8(write, row) : fetch_row_number(write, fetch_add_relation(write, query, recheck->relation));
    query->rtes[0]->written_by = 0;
    if (!row)
        query->rtes[1]->through = last;
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), asked));
    query->limit = expr_const(write->arena, TYPE_INT8, -1, "1");
    return note_first(write, key, query, out);
}

static bool ask(Recheck *recheck, int64_t row, int64_t last, Twice *out)
{
    int64_t first = 0;
    *out = (Twice){0};
    if (!read_own_key(recheck))
        return false;
    if (row)
        return ask_among(recheck, row, 0, &(Search){.among = AMONG_ALL}, out);
    if (!first_written(recheck->write, recheck->relation, last, &first))
        return false;
    return !first || (ask_among(recheck, 0, last, &(Search){.among = AMONG_EARLIER, .first = first}, out) &&
                      ask_among(recheck, 0, last, &(Search){.among = AMONG_BESIDE, .first = first}, out));
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

bool unique_is_set(Write *update, const CatRelation *relation, Oid index, bool *out)
{
    KeyList keys = {0};
    if (!read_keys(update, relation, index, &keys))
        return false;
    *out = !is_as_before(update, relation, &keys.items[0]);
    return true;
}

static bool reads_stored(const Key *key)
{
    bool reads = key->predicate && fetch_reads_stored(key->predicate);
    for (int i = 0; i < key->count; i++)
        reads = reads || fetch_reads_stored(key->values[i]);
    return reads;
}

typedef bool (*NoteTwice)(Write *write, const Key *key, const Query *query, Twice *twice);

static bool check_known(Write *write, const CatRelation *relation, const Key *key, NoteTwice note, const StoreRow *known, Twice *twice)
{
    for (int replaced = 0; replaced <= (write->work.number != 0); replaced++)
        if (!note(write, key, find_other(write, relation, key, replaced, known), twice))
            return false;
    return true;
}

/* first: of the rows written; 0: it is to be found. */
static bool check_rows(Write *write, const CatRelation *relation, const Key *key, NoteTwice note, const IndexPlace *end, int64_t *first,
                       Twice *twice)
{
    enum { FEW = 500 };
    bool few = write->found && write->found <= FEW;
    Search search = {.among = few ? AMONG_BEFORE : AMONG_EARLIER, .one_by_one = few, .end = *end};
    if (!few && !*first && !first_written(write, relation, 0, first))
        return false;
    search.first = *first;
    for (; search.among <= (write->work.number ? AMONG_REPLACED : AMONG_BEFORE); search.among++, search.one_by_one = false)
        if (!note(write, key, find_twice(write, relation, key, &search), twice))
            return false;
    return true;
}

static bool check_key(Write *write, const CatRelation *relation, const Key *key, const StoreRow *known, const IndexPlace *end,
                      int64_t *first, Twice *twice)
{
    NoteTwice note = key->is_immediate ? note_first : note_doubtful;
    if (!known || reads_stored(key))
        return check_rows(write, relation, key, note, end, first, twice);
    return (end->row && known->number > last_before(key, end)) || check_known(write, relation, key, note, known, twice);
}

bool unique_check(Write *write, const CatRelation *relation, const StoreRow *known, const IndexPlace *end, int64_t *row)
{
    KeyList keys = {0};
    Twice twice = {0};
    bool alone;
    int64_t first = 0;
    *row = 0;
    if (!read_keys(write, relation, OID_NONE, &keys) || !change_sets_alone(write, relation, &alone))
        return false;
    for (size_t i = 0; i < keys.count; i++)
        if (!(alone && is_as_before(write, relation, &keys.items[i])) &&
            !check_key(write, relation, &keys.items[i], known, end, &first, &twice))
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
        fetch_add_target(query, key_part(write, key, i));
    fetch_add_target(query, fetch_row_number(write, 0));
    return work_fill(write, query, NULL, false, out, &count);
}

/* As find_twice, of such keys. */
static Query *find_twice_among(Write *write, const Key *key, const WorkTable *keys)
{
    Keyed rows = keyed_work(write, key, keys), others = keyed_work(write, key, keys);
    Query *query = rows.query;
    for (int i = 0; i < key->count; i++)
        fetch_add_target(query, expr_copy(rows.values[i], write->arena));
    fetch_add_target(query, rows.number);
    others = each_once(write, key, &others);
    fetch_add_condition(write, others.query, counts(write, AMONG_BEFORE, &rows, &others));
    fetch_add_condition(write, query, is_among(write, key, &rows, &others));
    query->has_sublinks = true;
    fetch_order_by(write, query, expr_copy(rows.number, write->arena));
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
        *found = find_twice(write, relation, key, &(Search){.among = AMONG_BEFORE});
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

bool unique_conflicts(Write *write, const CatRelation *relation, Oid index, int64_t first, ConflictWith with, const WorkTable *unsure,
                      Query **out)
{
    KeyList keys = {0};
    Search search = {.among = with == CONFLICT_BEFORE ? AMONG_EARLIER : AMONG_BEFORE, .first = first, .unsure = unsure};
    *out = NULL;
    if (!read_keys(write, relation, index, &keys))
        return false;
    if (!keys.count || !keys.items[0].is_immediate)
        return true;
    Query *query = *out = fetch_over(write, relation);
    for (size_t i = 0; i < keys.count && keys.items[i].is_immediate; i++) {
        Expr *one = is_twice(write, relation, &keys.items[i], &search);
        query->where = i ? fetch_compare(write, OID_NONE, query->where, one) : one;
        if (i)
            query->where->kind = EXPR_OR;
    }
    query->has_sublinks = true;
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_GREATER, fetch_row_number(write, 0), fetch_int8(write, first - 1)));
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
