/*
 * command.h - utility statements that change the catalog. One file an object kind; one table row a statement.
 *
 * Statements that are the session's own (transactions, settings, cursors, prepared statements, EXPLAIN, COPY, SET ROLE) are not
 * here. A command runs inside the session's transaction; what it changes is visible to the rest of it at once.
 */
#ifndef MEDLEY_COMMAND_H
#define MEDLEY_COMMAND_H

#include "sql/sql.h"
#include "wrapper/wrapper.h"
#include "write/write.h"

typedef enum RelationUse { RELATION_UNUSED, RELATION_IN_QUERY, RELATION_HAS_EVENTS } RelationUse;

typedef struct CommandContext {
    Catalog *catalog;
    const FuncContext *functions;
    WrapperHost *wrappers;
    RemoteSession *remote; /* for IMPORT FOREIGN SCHEMA */
    Oid current_user, session_user;
    const Notices *notices;
    const WriteContext *write;       /* for rows of Medley's own tables */
    const char *text;                /* what positions count in; may hold several statements */
    const char *statement;           /* the statement alone */
    const char *password_encryption; /* "scram-sha-256" or "md5" */
    bool in_transaction;             /* of several statements, or within a routine */
    bool in_routine;                 /* which no transaction block is around */
    bool is_restricted;              /* within a security-restricted operation */
    bool explains;                   /* nothing is made; `to_fill` is the schema where it would be, OID_NONE: it would not be */
    /* Whether a query has a row. It is asked as the statement's user, who may read any relation in it. */
    bool (*has_row)(void *arg, const char *query, bool *found, Error *error);
    /* Its first row, as texts; *cells NULL: it has none. Asked in the same way. */
    bool (*query_row)(void *arg, const char *query, Arena *arena, const char ***cells, Error *error);
    /* The schema of the session's temporary objects, made when there is none. */
    bool (*temporary_schema)(void *arg, Oid *schema, Error *error);
    /* ON COMMIT DROP (else DELETE ROWS) of a temporary table that was made. */
    void (*on_commit)(void *arg, Oid relation, bool drops);
    /* What else the session is at with a relation. */
    RelationUse (*use_of)(void *arg, Oid relation);
    void *arg;
    Oid *param_types; /* of a query's $n (CREATE TABLE AS); NULL: there are none */
    int nparams;
    const SqlVariables *variables; /* of the function that the statement stands in; NULL: none */
    Oid to_fill; /* out: the relation whose rows the session is to store now (CREATE TABLE AS and its kin); OID_NONE: none */
} CommandContext;

/* A DropCheck with a context of which `catalog`, `use_of` and its `arg` are looked at: 55006 while the session is at the relation. */
bool command_may_drop(void *context, ObjectAddress object, Error *error) MUST_CHECK;
/* Whether this statement is a command of this folder. */
bool command_knows(const Node *node);
/* pg_get_viewdef of a view whose definition is stored; NULL: it has none, or (error set) failed. Any thread. */
const char *command_view_text(const FuncContext *functions, Oid view, bool pretty, int wrap, Arena *arena, Error *error);
/* A routine's body of the SQL standard as it reads now; NULL: it has none, or (error set) failed. Any thread. */
const char *command_body_text(const FuncContext *functions, Oid routine, Arena *arena, Error *error);
/* The statements of a stored body, without BEGIN ATOMIC ... END or RETURN. */
const char *command_body_statements(const char *body, Arena *arena);
/* Whether an SQL function's last statement gives what it declares; types NULL: it gives no rows. 42P13, without context. */
typedef struct RoutineResult {
    Oid type;
    const Oid *outputs; /* of a record: its OUT parameters or TABLE columns */
    int noutputs;
} RoutineResult;
/* CALL in a function in SQL: of a procedure that gives nothing out. */
bool command_check_call(const Expr *call, Catalog *catalog, Error *error) MUST_CHECK;
bool command_check_result(const FuncContext *functions, const RoutineResult *result, const Oid *types, int ntypes, Arena *arena,
                          Error *error) MUST_CHECK;
/* What a view that can be written through is a view of; false: it cannot be. Any thread. */
bool command_view_base(const FuncContext *functions, Oid view, FuncViewBase *out, Arena *arena, Error *error);
/* pg_get_expr and its kin; NULL: failed. Any thread. */
const char *command_expr_text(const FuncContext *functions, const FuncStoredText *stored, Arena *arena, Error *error);
/* pg_get_object_address. Any thread. */
bool command_object_address(const FuncContext *functions, const FuncObjectName *name, ObjectAddress *out, Arena *arena, Error *error);
/* Records whether a materialized view has its rows. */
bool command_set_populated(Catalog *catalog, Oid view, bool populated, Error *error) MUST_CHECK;
/* What CREATE EXTENSION can install: each version of each extension, by name, the oldest version first. */
size_t command_extensions(WrapperHost *wrappers, Arena *arena, ExtensionRow **out);
/* false, with 42704 and how to install it. Any thread. */
bool command_language_missing(WrapperHost *wrappers, const char *language, Arena *arena, Error *error);
/* Runs it. *tag: the completion tag ("CREATE SERVER"). */
bool command_run(const Node *node, CommandContext *context, Arena *arena, const char **tag, Error *error) MUST_CHECK;

#endif
