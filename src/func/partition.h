/*
 * partition.h - partition keys and bounds: read from the catalog, compared, and said as PostgreSQL says them.
 *
 * Stored forms: pg_class.relpartbound is the text that pg_get_expr shows ("FOR VALUES FROM (1) TO (10)"). pg_partitioned_table.partexprs
 * has one entry an expression, ended by byte 2; an entry is the expression's text, byte 3, then its type's OID and modifier.
 */
#ifndef MEDLEY_FUNC_PARTITION_H
#define MEDLEY_FUNC_PARTITION_H

#include "func/func.h"

typedef struct PartitionKeyColumn {
    int column;                                           /* 0: an expression */
    const char *expr;                                     /* text of the column or expression as conditions have it */
    Oid type, collation, opclass, opfamily, compare_type; /* compare_type: what the operator class compares */
    int32_t typmod;
} PartitionKeyColumn;

/* The table of satisfies_hash_partition in conditions of our own: the values are known to be those of the key. */
#define PARTITION_KEY_CHECKED 4294967295u

typedef struct PartitionKey {
    Oid relation;
    char strategy; /* l r h */
    int ncolumns;
    PartitionKeyColumn *columns;
    Oid default_partition;
} PartitionKey;

typedef enum DatumKind { DATUM_MINVALUE = -1, DATUM_VALUE, DATUM_MAXVALUE } DatumKind;

typedef struct PartitionDatum {
    DatumKind kind;
    const char *text; /* canonical; NULL: SQL NULL */
    int location;     /* in a statement being run; -1 */
} PartitionDatum;

typedef struct PartitionBound {
    char strategy;
    bool is_default;
    int modulus, remainder;
    PartitionDatum *list, *lower, *upper; /* upper has as many as lower; lower of a list: see partition_children */
    int nlist, nlower;
} PartitionBound;

/* A partition among its siblings. */
typedef struct Partition {
    Oid oid;
    const char *name;
    PartitionBound bound;
} Partition;

/* NULL: not partitioned (no error), or the error is set. */
PartitionKey *partition_key(Catalog *catalog, Oid relation, Arena *arena, Error *error);
bool partition_bound_parse(const char *text, Arena *arena, PartitionBound *out);
/* As a session with these settings of types is shown it, or, with the canonical ones, as it is kept. */
const char *partition_bound_text(const PartitionBound *bound, const PartitionKey *key, const TypeContext *types, Arena *arena);
/* "(1, MINVALUE)" */
const char *partition_datums_text(const PartitionDatum *datums, int count, const PartitionKey *key, const TypeContext *types, Arena *arena);
/* Those attached now in the order of their bounds, as PostgreSQL goes through them: ranges, lists by their smallest value, one of NULL
 * alone after them, hashes by modulus and remainder; the default partition last. NULL: the error is set. */
Partition *partition_children(const FuncContext *context, const PartitionKey *key, Arena *arena, size_t *count, Error *error);
/* Of two values (texts) of a key column: <0, 0, >0 in *out. */
bool partition_compare(const FuncContext *context, const PartitionKey *key, int column, const char *a, const char *b, Arena *arena,
                       int *out, Error *error) MUST_CHECK;
/* Of two points of a range; how far *out is from 0 says which column decided, from 1. */
bool partition_compare_points(const FuncContext *context, const PartitionKey *key, const PartitionDatum *a, const PartitionDatum *b,
                              Arena *arena, int *out, Error *error) MUST_CHECK;
/* Of a row with these key values (texts; NULL: SQL NULL): modulo a hash partition's modulus it is that partition's remainder. */
bool partition_hash(const FuncContext *context, const PartitionKey *key, const char *const *values, Arena *arena, uint64_t *out,
                    Error *error) MUST_CHECK;
/* What holds of all rows of a partition, its parents' conditions included; *out NULL: nothing does. shown: under the search path that
 * holds, else under any. */
bool partition_constraint(const FuncContext *context, Oid relation, bool shown, Arena *arena, const char **out, Error *error) MUST_CHECK;
/* The function behind an operator of the key column's class: strategy 1 < 2 <= 3 = 4 >= 5 >. */
bool partition_operator(Catalog *catalog, const PartitionKeyColumn *column, int strategy, Arena *arena, Oid *proc, Error *error) MUST_CHECK;
/* The key as PARTITION BY has it: "RANGE (a, lower(b))"; bare: as details show it, without collations and operator classes. */
const char *partition_key_text(const FuncContext *context, const PartitionKey *key, bool bare, Arena *arena);

#endif
