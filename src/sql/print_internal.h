/*
 * print_internal.h - what the files of the printer share: the running print, the dialect table, the spellings.
 *
 * Every print_* call writes to printer->out and returns false after print_refuse (0A000, in words) or another error.
 * What is written is self-contained: a name, a literal, a call, or something in parentheses.
 */
#ifndef MEDLEY_SQL_PRINT_INTERNAL_H
#define MEDLEY_SQL_PRINT_INTERNAL_H

#include "sql/sql.h"

/* Of a window whose RANGE does otherwise by infinite keys: which rows the window that is being printed is for. */
typedef enum FrameRows { FRAME_ALL_ROWS, FRAME_FINITE_ROWS, FRAME_INFINITE_ROWS } FrameRows;

typedef struct Printer Printer;

typedef enum DialectKind { DIALECT_POSTGRES, DIALECT_DUCKDB, DIALECT_SQLITE, DIALECT_MYSQL } DialectKind;

struct Dialect {
    const char *name;
    const char *title; /* in reasons: "<what> is not supported by <title>" */
    DialectKind kind;
    char identifier_quote;
    bool full_join, right_join, lateral, nulls_order, distinct, distinct_on, filter, grouping_sets, recursive, with_ties, windows, ctes;
    bool set_op_parens;  /* each side of a set operation in parentheses; else only UNION ALL of plain SELECTs */
    bool column_aliases; /* alias(c1, c2) after a table expression */
    bool own_functions;  /* Medley's functions are there: print_catalog.c */
    bool scalar_sublink; /* a scalar subquery with two rows is an error */
    bool places_rows;    /* a table has ctid */
    bool (*constant)(Printer *printer, const Expr *expr);
    bool (*call)(Printer *printer, Oid proc, Oid op, const Expr *expr);
    bool (*type_allowed)(Printer *printer, Oid type); /* NULL: all */
};

/* One query being printed; its range table entries are r<first+1>, r<first+2>, ..., its CTEs w<first_cte+1>, ... */
typedef struct Scope {
    const Query *query;
    struct Scope *outer;
    int first, first_cte;
    int inside_aggregate; /* > 0: arguments of an aggregate are being printed */
    bool in_having;       /* where the engine takes what lambdas bind for ungrouped columns */
    int filters;          /* of its aggregates, written so far: print_agg_filter.c */
} Scope;

struct Printer {
    PrintContext *context;
    const Dialect *dialect;
    Catalog *catalog;
    Str *out;
    Arena *arena;
    Error *error;
    Scope *scope;
    FrameRows frame_rows;
    bool in_window;    /* within a call of a window function */
    int aliases, ctes; /* numbers given so far */
    int depth;
    int stack;    /* what SQLite's parser will hold at this place, about */
    bool dry;     /* only whether it can be said: relations are not asked for */
    bool shallow; /* subqueries of sublinks are not entered */
    const Expr *culprit;
    const struct DomainValue *value; /* what VALUE stands for: print_domain.c */
    int lambdas;                     /* that stand around this place */
    bool has_volatile;               /* something calls volatile functions */
    struct PrintLet *let;            /* the innermost lambda that binds values: print_let.c */
    const Query *by_text;            /* a recursive UNION whose rows are told apart by the engine, as their texts */
    const Query *by_keys;            /* ... by keys beside them */
    const char *recursion;           /* the name of the WITH query that is being written */
};

/* A text already printed, in the layout of its type, standing for an expression: args[0], where that still matters. */
enum { PRINT_RAW = 1000 };
Expr print_raw(Oid type, const char *text);

/* Spellings of a function: row of data/functions.tsv. NULL: not available. "@": computed by Medley, "@@": also told of its
 * arguments' types, which are polymorphic. */
typedef struct FunctionSpelling {
    Oid proc;
    const char *duckdb, *sqlite, *mysql;
    int postgres; /* the first version that answers as PostgreSQL 15 does; 0: all that are supported */
} FunctionSpelling;
extern const FunctionSpelling DIALECT_FUNCTIONS[];
extern const size_t DIALECT_NFUNCTIONS;

bool print_refuse(Printer *printer, const Expr *expr, const char *format, ...) PRINTF_LIKE(3, 4); /* always false */

/* print.c */
bool print_query(Printer *printer, const Query *query, const RteColumn *columns, bool top);
bool print_subquery(Printer *printer, const Query *query); /* in parentheses, columns c1, c2, ... */
/* A constant, or a parameter whose value is known now; NULL: it is SQL NULL. */
bool print_known_value(const Printer *printer, const Expr *expr, const char **value);
/* print_from.c */
/* With the error set. */
bool print_is_too_wide(Printer *printer, const Query *query);
bool print_from(Printer *printer);
bool print_relation(Printer *printer, const Rte *rte); /* its name alone */
/* A list of the rows of a function in FROM; *rows: an element is a row (an array's text of column texts), not a bare value. */
bool print_function_list(Printer *printer, const Expr *call, bool *rows);
bool print_is_series(Oid proc);
const char *print_cte_name(Printer *printer, int cte, int levels_up);
/* print_json_record.c: functions that make rows of JSON objects */
bool print_is_json_record(const Expr *call);
bool print_json_record_list(Printer *printer, const Expr *call); /* of the objects' texts */
bool print_json_record_columns(Printer *printer, const Rte *rte, const Expr *call, const char *object, int first, int count);
bool print_json_record_column(Printer *printer, const char *object, const char *name, Oid type, int32_t typmod, const char *given);
bool print_json_record_call(Printer *printer, const Expr *call);
/* print_json_row.c: rows among the arguments of JSON's functions become their objects */
bool print_json_rows(Printer *printer, Expr *const **args, int nargs);
/* print_expr.c */
/* A column reference as it is; whether its values can be trusted to be of the declared type is not asked. */
bool print_column(Printer *printer, const Expr *expr);
bool print_expr(Printer *printer, const Expr *expr);
/* Whether the expression is a key of GROUP BY that the engine groups by a key of it: then one of the group's values is written. */
bool print_keyed_group(Printer *printer, const Expr *expr, bool *ok);
bool print_kind(Printer *printer, const Expr *expr); /* the printer of its kind alone: the form has been chosen */
bool print_list(Printer *printer, Expr *const *items, int count, const char *separator);
/* As a value of (type, typmod): numerics may have to change their representation. */
bool print_as(Printer *printer, const Expr *expr, Oid type, int32_t typmod);
bool print_call(Printer *printer, Oid proc, Oid op, const Expr *like, Expr *const *args, int nargs);
bool print_operator(Printer *printer, Oid op, const Expr *like, const Expr *left, const Expr *right);
/* What is written from here on becomes a text of its own in the printer's arena, which print_held gives; NULL: not ok. */
typedef struct PrintHold {
    Str text, *out;
} PrintHold;
void print_hold(Printer *printer, PrintHold *hold);
const char *print_held(Printer *printer, const PrintHold *hold, bool ok);
const char *print_text_by(Printer *printer, bool (*print)(Printer *, const Expr *), const Expr *expr);
const char *print_text_of(Printer *printer, const Expr *expr);
/* print_logic.c */
/* Terms of AND or OR, however many. */
typedef struct PrintTerms {
    bool (*print)(Printer *printer, const void *arg, int number);
    const void *arg;
    const char *separator;
} PrintTerms;
bool print_terms(Printer *printer, const PrintTerms *terms, int count);
/* AND, OR. */
bool print_logic(Printer *printer, const Expr *expr);
/* Where it is asked only whether the condition is true: of rows; and in CASE WHEN, and of groups, where no entries are joined. */
bool print_condition(Printer *printer, const Expr *expr);
bool print_choosing(Printer *printer, const Expr *expr);
/* The query's WHERE, if it has one. */
bool print_where(Printer *printer, const Query *query);
/* Whether computing it can be an error. */
bool print_can_fail(Printer *printer, const Expr *expr);
/* print_let.c: values that a lambda gives names, while a text is written in which these stand. */
typedef struct PrintLet {
    struct PrintLet *outer; /* the lambda that it stands in */
    int depth;              /* of that, plus 1 */
    Str values;
    int count;
    PrintHold hold;
} PrintLet;
void print_let_start(Printer *printer, PrintLet *let);
/* Gives the name of a value, which is printed before the lambda is entered. */
const char *print_let_bind(Printer *printer, PrintLet *let, const char *text);
/* Whether the expression, whose text this is, is to be bound where it would be written twice: it is volatile, or long. */
bool print_is_bound(const Printer *printer, const Expr *value, const char *text);
void print_let_enter(Printer *printer, PrintLet *let);
/* ok: whether the text could be written. */
bool print_let_leave(Printer *printer, PrintLet *let, bool ok) MUST_CHECK;
/* The value as it is to be bound (NULL: failed), and an expression that stands for it under its name. */
const char *print_let_text(Printer *printer, const Expr *value);
Expr *print_let_name(Printer *printer, const Expr *value, const char *name);
/* Within a lambda: the subquery becomes a value of it. */
bool print_outside_let(Printer *printer, bool (*print)(Printer *, const Expr *), const Expr *sublink);
/* As print does; but operands that are volatile are computed once, whatever is written of them. */
bool print_with_operands_once(Printer *printer, bool (*print)(Printer *, const Expr *), const Expr *expr);
/* print_sublink.c */
/* A comparison of rows that is AND or OR of comparisons of their fields, as such; NULL with `failed` unset: it is none. */
const Expr *print_row_compare_logic(Printer *printer, const Expr *expr, bool *failed);
bool print_sublink(Printer *printer, const Expr *expr);
bool print_any_all(Printer *printer, const Expr *expr);
bool print_row_compare(Printer *printer, const Expr *expr);
/* The elements of a constant array as constants. */
bool print_constant_elements(Printer *printer, const Expr *array, Expr ***items, int *count);
/* print_agg_filter.c: the aggregate as it is to be written; what its FILTER keeps out is not computed. */
const Expr *print_filter_guard(Printer *printer, const Expr *expr, const char *name);
/* print_agg.c */
bool print_aggregate(Printer *printer, const Expr *expr);
bool print_window(Printer *printer, const Expr *expr);
/* A value the engine sorts, or makes groups of, by loses the sign of zero: a key made of it must be used instead. */
bool print_loses_sign(const Printer *printer, const Expr *expr);
/* Whether columns of queries around the one that it stands in are in it. */
bool print_uses_outer(const Expr *expr);
bool print_is_below(const FromItem *item, int rte);
bool print_hangs_outside(const Printer *printer, const FromItem *item);
/* Whether equality of the query's rows goes by keys. */
bool print_has_keyed_target(Printer *printer, const Query *query);
/* A column of the rows of an inner text. */
Expr print_wrapped_column(Printer *printer, const Query *query, int target, int alias);
RteColumn *print_columns_of_targets(Printer *printer, const Query *query);
bool print_check_recursion(Printer *printer, const Query *query) MUST_CHECK;
bool print_set_operation(Printer *printer, const Query *query, const RteColumn *columns) MUST_CHECK;
bool print_sort_item(Printer *printer, const Expr *expr, const SortItem *item);
/* print_template.c */
typedef struct AggParts {
    bool distinct;
    const char *order;  /* "" or " ORDER BY ..." */
    const char *suffix; /* FILTER, OVER */
    const char *list;   /* not over rows, but over this list, whose element is e; NULL: over rows */
} AggParts;
bool print_template(Printer *printer, const char *text, const Expr *expr, Expr *const *args, int nargs, const AggParts *parts);
const FunctionSpelling *dialect_spelling(Oid proc);
/* print_collected.c: aggregates over a list of the group's rows; text: their spelling. */
bool print_is_collected(Printer *printer, const Expr *expr, const char *text, const AggParts *parts);
bool print_collected(Printer *printer, const Expr *expr, const char *text, const AggParts *parts);
/* print_ordered.c */
bool print_ordered_set(Printer *printer, const Expr *expr, const AggParts *parts);
/* print_postgres.c */
bool postgres_constant(Printer *printer, const Expr *expr);
/* Whether the source's version has what PostgreSQL has had since `since`; for other dialects: true. what: for the reason. */
bool postgres_has(Printer *printer, const Expr *expr, int since, const char *what);
bool postgres_has_function(Printer *printer, Oid proc, const Expr *expr);
bool postgres_call(Printer *printer, Oid proc, Oid op, const Expr *expr);
/* Whether an operator may be implied, or stand before ANY, in what a source is asked. */
bool postgres_may_compare(Printer *printer, Oid op, const Expr *expr);
bool postgres_type_allowed(Printer *printer, Oid type);
bool postgres_has_fixed_text(Oid type); /* it does not depend on a session's settings */
bool postgres_io_cast(Printer *printer, const Expr *expr);
bool postgres_array_cast(Printer *printer, const Expr *expr);
bool postgres_cast(Printer *printer, const Expr *expr);
/* The number by which a source is sent the parameter; beside: the column that tells it the type, NULL: it is written with it. 0: none. */
int postgres_param_number(Printer *printer, int param, const Expr *beside);
bool postgres_needs_collate(const Printer *printer, const Expr *expr);
bool postgres_may_order(Printer *printer, const Expr *value, const Expr *expr); /* true for other dialects */
const char *postgres_type_name(Printer *printer, Oid type, int32_t typmod);     /* NULL: cannot be named there */
/* print_sqlite.c */
/* What an expression (NULL: a query) costs of the parser's stack; 0 in other dialects. false: it would overflow. */
bool sqlite_stack_enter(Printer *printer, const Expr *expr, int *cost);
/* Whether a query is one of groups to the parser, which knows it by GROUP BY and by the select list. */
bool sqlite_shows_groups(const Query *query);
bool sqlite_constant(Printer *printer, const Expr *expr);
bool sqlite_call(Printer *printer, Oid proc, Oid op, const Expr *expr);
bool sqlite_type_allowed(Printer *printer, Oid type);
/* Whether they are equal there when PostgreSQL says so: not where equal values may have several texts. */
bool sqlite_type_compares(Printer *printer, Oid type);
const char *sqlite_byte_order(const Printer *printer);
/* Beside "column op other", or op "=" of a list of them: what an index can find of it, and " AND "; nothing where there is no such thing.
 */
bool sqlite_candidates(Printer *printer, const char *op, const Expr *column, Expr *const *others, int count);
bool sqlite_list_candidates(Printer *printer, const Expr *column, int list); /* list: number of the parameter that is JSON */
/* print_catalog.c: the catalog's own SQLite */
/* *done: nothing else has to be tried. */
bool catalog_call(Printer *printer, Oid proc, const Expr *expr, bool *done);
bool catalog_stored_text(Printer *printer, const Expr *expr);
bool catalog_output_text(Printer *printer, const Expr *expr);
bool catalog_io_cast(Printer *printer, const Expr *expr);
bool catalog_array_cast(Printer *printer, const Expr *expr);
bool catalog_subscript(Printer *printer, const Expr *expr);
/* proc: of the operator. */
bool catalog_array_scan(Printer *printer, const Expr *expr, Oid proc);
bool catalog_scalar_query(Printer *printer, const Query *query);
bool catalog_array_query(Printer *printer, const Expr *expr);
bool catalog_function(Printer *printer, const Rte *rte);
bool catalog_function_column(Printer *printer, const Expr *expr, const Rte *rte, int number, int column);
/* print_duckdb.c: types and keys of the local engine */
bool duckdb_constant(Printer *printer, const Expr *expr);
bool duckdb_call(Printer *printer, Oid proc, Oid op, const Expr *expr);
/* A call of a user's function, or of a subplan, through that function of the engine: "mdl_call_rows". */
bool duckdb_routine_call(Printer *printer, const Expr *call, const char *name);
bool duckdb_subplan(Printer *printer, const Expr *expr);
const char *duckdb_type_name(Printer *printer, Oid type, int32_t typmod);
bool duckdb_io_cast(Printer *printer, const Expr *expr);
bool duckdb_array_cast(Printer *printer, const Expr *expr);
bool duckdb_null(Printer *printer, Oid type, int32_t typmod);
/* The text kept in arrays (canonical), and PostgreSQL's output text as the session's settings make it. */
bool duckdb_stored_text(Printer *printer, const Expr *expr);
bool duckdb_output_text(Printer *printer, const Expr *expr);
bool duckdb_cast_text(Printer *printer, const Expr *expr); /* the cast to text: of booleans it is longer, of char(n) without blanks */
/* From a canonical text (an array's element) to the type's own layout. */
bool duckdb_from_stored(Printer *printer, const char *text, Oid type);
bool duckdb_column_from_stored(Printer *printer, const char *text, const RteColumn *column); /* as the column's variables are */
const char *duckdb_from_stored_text(Printer *printer, const char *text, Oid type);           /* into a text of its own; NULL: failed */
bool duckdb_subscript(Printer *printer, const Expr *expr);
/* The function that gives one element of what has subscripts. */
const char *print_element_getter(Oid container);

/* print_domain.c: casts to domains, and VALUE in their conditions */
bool print_cast_domain(Printer *printer, const Expr *expr);
bool print_domain_value(Printer *printer, const Expr *expr);
/* print_expr.c: the cast alone. Domains lie as texts, whatever their base. */
bool print_domain_relabel(Printer *printer, const Expr *expr);

/* The type under a domain, else the type itself. */
Oid print_base_type(Printer *printer, Oid type);

/* print_keys.c: how values of a type compare. */
typedef enum KeyUse { KEY_EQUALITY, KEY_ORDER } KeyUse;
/* Whether the engine's own comparison of the expression's values is not PostgreSQL's, so that a key stands for it. */
bool print_needs_key(Printer *printer, const Expr *expr);
/* The expression, or a key of it, such that the engine compares as PostgreSQL does. */
bool print_key(Printer *printer, const Expr *expr, KeyUse use);
/* Keys of two operands that are compared with one another. */
bool print_key_pair(Printer *printer, const Expr *expr, const Expr *other, KeyUse use);

/* print_outer.c: a column's text that stands for it in inner queries. */
bool print_has_companion(const Printer *printer, const Expr *var);
bool print_companion(Printer *printer, int number, int column);
bool print_with_companions(Printer *printer, int index, const char *text);

/* print_unread.c: an entry of FROM, or NULL, as it is given; with volatile columns that the query does not read, read. */
const char *print_with_unread(Printer *printer, int index, const char *text);
/* " WHERE ..." over the rows r<alias> of an item of WITH; NULL: it has no such columns. */
const char *print_unread_of_cte(Printer *printer, const Cte *cte, int alias);

/* print_change.c */
bool print_change(Printer *printer, const Query *query);

/* print_part.c */
bool print_set_part(Printer *printer, const Expr *expr);
/* print_xml.c */
bool print_xml(Printer *printer, const Expr *expr);

/* print_row.c: row values. */
bool print_null_test(Printer *printer, const Expr *expr);
bool print_field(Printer *printer, const Expr *expr);
bool print_row(Printer *printer, const Expr *expr);
bool print_is_row(Printer *printer, Oid type);
/* As the session shows it: the text of a row, of an array of rows or of domains. */
bool print_row_shown(Printer *printer, const Expr *expr);
/* The JSON of a record, or of an array of records. */
bool print_record_json(Printer *printer, const Expr *row);
bool print_record_key(Printer *printer, const Expr *expr, KeyUse use);
/* Are the rows in a column of the CTE equal just where their texts are? */
bool print_row_is_its_text(Printer *printer, const Cte *cte, int column);
bool print_row_on_path(Printer *printer, const Expr *row, const Expr *path);
/* A comparison of records whose fields are not known to be alike: by what their values tell. */
bool print_record_call(Printer *printer, Oid proc, const Expr *expr, bool *done);
/* IS DISTINCT FROM, likewise. */
bool print_record_distinct(Printer *printer, const Expr *expr, bool *done);
bool print_rows_match(Printer *printer, const Expr *left, const Expr *right); /* false: they cannot be compared, and the error is set */

/* How many rows may stand one in another: with each row around, the quotes of a text double, 16 MB of them. */
enum { ROWS_DEEPEST = 24 };
/* row_fields.c: what is in a row. */
typedef struct RowFields {
    Oid *types;
    int count;
    Expr *const *exprs;       /* what the fields are; NULL: not known */
    Scope *scope;             /* where those stand */
    const char *const *inner; /* without exprs: what is in records among them (catalog.h, output.c); NULL: not known */
    const char *const *names; /* NULL: f1, f2, ... */
} RowFields;

bool print_fields_of(Printer *printer, const Expr *expr, RowFields *out);
/* A record whose fields are not the same in each row tells them itself (catalog_with_fields): so do those that it is chosen from. The
 * expression with such operands, or itself; NULL: failed. */
const Expr *print_mixed(Printer *printer, const Expr *expr);
bool print_column_is_mixed(Printer *printer, const Expr *column);
bool print_values_are_mixed(Printer *printer, const Rte *rte, int column); /* from 0 */
/* A row as a record that tells its fields, or an array of such. */
bool print_with_fields(Printer *printer, const Expr *expr);
bool print_fields_alike(Printer *printer, const RowFields *left, const RowFields *right);
/* Of a column that SEARCH or CYCLE adds. */
void print_fields_of_added(Printer *printer, const Cte *cte, int column, RowFields *out);
/* The same in the form that catalog.h describes (output.c). NULL: not known, or no record. */
const char *print_record_fields(Printer *printer, const Expr *record);

/* Whether values of the type are compared here at all. */
bool print_has_key(Oid type);
/* Whether order needs a key: where equality does, and for enums. */
bool print_needs_order_key(Printer *printer, const Expr *expr);
/* What the engine groups by. Of rows with enums it is what they are ordered by too: nothing else of a group can be asked for. */
bool print_group_key(Printer *printer, const Expr *expr);

/* print_enum.c: enums in the local engine. `type` is the enum; an array's elements are its values. */
Oid print_enum_of(Printer *printer, Oid type, bool *is_array);                     /* OID_NONE: neither an enum nor an array of one */
bool print_enum_keys(Printer *printer, const Expr *expr, Oid type, bool is_array); /* an int4, or the text of an int4[] */
bool print_enum_order_key(Printer *printer, const Expr *expr, Oid type, bool is_array);
bool print_enum_cast(Printer *printer, const Expr *text, Oid type, bool is_array);
bool print_enum_call(Printer *printer, Oid proc, const Expr *expr, bool *done);

/* print_numeric.c: numerics in the local engine have two representations, DECIMAL and text. */
/* Sums of wider DECIMALs could need more digits than a DECIMAL has: 10^11 rows of these do not. */
enum { MOST_SUMMED_DIGITS = 27 };
typedef struct NumericForm {
    bool is_decimal;
    int precision, scale;
} NumericForm;
NumericForm numeric_layout(int32_t typmod);
NumericForm numeric_natural(Printer *printer, const Expr *expr);
bool numeric_common(NumericForm a, NumericForm b);
bool numeric_print_natural(Printer *printer, const Expr *expr);
bool numeric_print(Printer *printer, const Expr *expr, NumericForm want);
bool numeric_is(Printer *printer, const Expr *expr);
bool numeric_call(Printer *printer, Oid proc, const Expr *expr, bool *done);

#endif
