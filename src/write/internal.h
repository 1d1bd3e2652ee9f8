/*
 * internal.h - what the files of this folder share.
 */
#ifndef MEDLEY_WRITE_INTERNAL_H
#define MEDLEY_WRITE_INTERNAL_H

#include <string.h>

#include "write/write.h"

/* One INSERT on its way. */
typedef struct Write {
    const WriteContext *context;
    const Query *insert;
    const CatRelation *root; /* the table named */
    int64_t number;
    Catalog *catalog;
    Arena *arena;
    Error *error;
    VEC(Oid) partitions; /* that rows went to */
} Write;

/* ---- insert.c ---- */

/* The query's rows become the relation's, BEFORE ROW triggers and constraints included. columns: their attnums. */
bool insert_into(Write *write, Query *query, Oid relation, const int *columns, bool partition, uint64_t *count) MUST_CHECK;
/* Without them. */
bool insert_query(Write *write, Query *query, Oid relation, const int *columns, uint64_t *count) MUST_CHECK;

/* ---- fetch.c: small queries on what was written ---- */

/* A query over the relation's own rows that this write has added: entry 0. */
Query *fetch_over(Write *write, const CatRelation *relation);
void fetch_add_target(Query *query, Expr *expr);
/* The expression, as text stored with the relation, over entry 0. NULL: the error is set. */
Expr *fetch_expr(Write *write, const CatRelation *relation, const char *text, Oid type);
Expr *fetch_column(Write *write, const CatRelation *relation, int number);
Expr *fetch_test(Write *write, ExprKind kind, Expr *arg);
/* The first row as texts (NULL: SQL NULL); *out NULL: there is none. Texts as the client would see them. */
bool fetch_first(Write *write, const Query *query, const char *const **out) MUST_CHECK;
/* All rows, in canonical texts. */
typedef VEC(const char *const *) FetchedRows;
bool fetch_all(Write *write, const Query *query, FetchedRows *out) MUST_CHECK;
/* Whether the user may see the column's value: it was given, or it may be read. */
bool fetch_may_show(const Write *write, const CatRelation *relation, int number, bool given_counts);
/* "(1, null)" or "(a, b) = (1, null)": the row, of `relation`, as the error's detail shows it. NULL: nothing may be shown. */
const char *fetch_describe_row(Write *write, const CatRelation *relation, const char *const *cells);

/* ---- check.c, unique.c ---- */

/* NOT NULL, CHECK, and with `partition` the partition's own constraint. */
bool check_rows(Write *write, const CatRelation *relation, bool partition) MUST_CHECK;
bool unique_check(Write *write, const CatRelation *relation) MUST_CHECK;

/* ---- trigger.c ---- */

typedef VEC(WriteTrigger) TriggerList;
/* Those on INSERT that are to fire. */
bool trigger_collect(Write *write, const CatRelation *relation, bool row, bool before, TriggerList *out) MUST_CHECK;
/* row NULL: statement triggers. *row NULL afterwards: it is left out. */
bool trigger_fire(Write *write, const CatRelation *relation, const TriggerList *triggers, const char ***row) MUST_CHECK;
bool trigger_statement(Write *write, bool before) MUST_CHECK;
/* The query's rows become the relation's, each after its BEFORE triggers, and held to the constraints. columns: attnums of its targets. */
bool trigger_insert(Write *write, const TriggerList *triggers, Query *query, Oid relation, const int *columns, bool partition,
                    uint64_t *count) MUST_CHECK;
bool trigger_after_rows(Write *write, Oid relation) MUST_CHECK;

/* ---- route.c ---- */

/* The rows that lie in the partitioned table's own node go to its partitions. */
bool route_rows(Write *write, uint64_t *count) MUST_CHECK;

#endif
