/*
 * transaction.c - BEGIN to COMMIT, savepoints, and the implicit transactions of single statements.
 *
 * What has a part in a transaction: the remote connections, the catalog (SQLite), the settings, the portals. They are ended here, in
 * that order, and nowhere else.
 *
 * Invariants:
 *  1. tx.state tells all: TX_NONE has nothing open anywhere.
 *  2. A failed block without savepoints has given everything back at once (nobody waits for a failed transaction); with savepoints
 *     it has gone back to the innermost one, which ROLLBACK TO may take up again.
 *  3. A savepoint's level is its place in tx.savepoints, from 1.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/session_int.h"

#define KIND(name) PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_##name

char transaction_status(const Session *session)
{
    switch (session->tx.state) {
    case TX_BLOCK:
        return 'T';
    case TX_FAILED:
        return 'E';
    default:
        return 'I';
    }
}

static const struct {
    const char *name, *initial;
} MODES[MODE_COUNT] = {
    {"transaction_isolation", "default_transaction_isolation"},
    {"transaction_read_only", "default_transaction_read_only"},
    {"transaction_deferrable", "default_transaction_deferrable"},
};

static void set_modes(Session *session)
{
    if (session->modes_set_at == settings_generation(session->settings))
        return;
    for (size_t i = 0; i < MODE_COUNT; i++) {
        const char *wanted = settings_get(session->settings, MODES[i].initial);
        if (strcmp(settings_get(session->settings, MODES[i].name), wanted) != 0)
            settings_force(session->settings, MODES[i].name, wanted);
    }
    session->modes_set_at = settings_generation(session->settings);
}

/* What AND CHAIN goes on with: in a failed transaction, what it was before its settings were undone. */
static void save_modes(Session *session, const char *modes[MODE_COUNT])
{
    for (size_t i = 0; i < MODE_COUNT; i++)
        modes[i] = session->tx.failed_modes[i] ? arena_strdup(session->work, session->tx.failed_modes[i])
                                               : arena_strdup(session->work, settings_get(session->settings, MODES[i].name));
}

static void begin(Session *session, TransactionState state)
{
    Transaction *tx = &session->tx;
    *tx = (Transaction){.state = state, .arena = arena_open(session->arena)};
    catalog_transaction_begin(session->catalog);
    int64_t now = clock_now();
    session->types.now = session->functions.transaction_start = now;
    set_modes(session);
    session_view_transaction(session, now);
    atomic_store(&session->in_transaction, true);
}

static void finish(Session *session)
{
    if (session->tx.arena)
        arena_close(session->tx.arena);
    in_use_end_all(session);
    advisory_end_transaction(session);
    session->tx = (Transaction){.state = TX_NONE};
    session_view_transaction(session, 0);
}

static void roll_back(Session *session)
{
    portal_drop_since(session, 0);
    if (!session->tx.rolled_back) {
        remote_rollback(session->remote);
        catalog_transaction_rollback(session->catalog);
    }
    settings_rollback(session->settings, 0);
    temporary_rollback(session, 0);
    finish(session);
}

/* What can be prepared is committed after the catalog has decided (wrapper/two_phase.c), the rest before. */
static bool commit_everywhere(Session *session, Error *error)
{
    RemoteSession *remote = session->remote;
    bool done = remote_prepare(remote, catalog_is_writing(session->catalog), error) && remote_commit(remote, error) &&
                remote_decide(remote, session->catalog, error) && catalog_transaction_commit(session->catalog, error);
    if (done)
        remote_commit_prepared(remote);
    return done;
}

static bool commit(Session *session, Error *error)
{
    if (!constraint_fire(session, true, error) || !scroll_hold_all(session, error) || !temporary_commit(session, error)) {
        roll_back(session);
        return false;
    }
    portal_drop_since(session, 0);
    if (!commit_everywhere(session, error)) {
        roll_back(session);
        return false;
    }
    settings_commit(session->settings);
    if (session->on_commit.count)
        temporary_committed(session);
    finish(session);
    return true;
}

bool transaction_enter(Session *session, Error *error)
{
    if (!session_check_interrupt(session, error))
        return false;
    if (session->tx.state == TX_NONE)
        begin(session, TX_IMPLICIT);
    return true;
}

bool transaction_leave(Session *session, Error *error)
{
    return session->tx.state != TX_IMPLICIT || commit(session, error);
}

void transaction_abort(Session *session)
{
    Transaction *tx = &session->tx;
    Error ignored;
    error_init(&ignored, session->work);
    if (tx->state == TX_IMPLICIT) {
        roll_back(session);
    } else if (tx->state == TX_BLOCK) {
        int level = (int)tx->savepoints.count;
        tx->state = TX_FAILED;
        for (size_t i = 0; i < MODE_COUNT; i++)
            tx->failed_modes[i] = arena_strdup(tx->arena, settings_get(session->settings, MODES[i].name));
        portal_fail_since(session, level);
        constraint_rollback(session, level);
        advisory_rollback(session, level);
        temporary_rollback(session, level);
        settings_rollback(session->settings, level);
        if (level)
            remote_savepoint_rollback(session->remote, level);
        if (!level || !catalog_savepoint_rollback(session->catalog, level, &ignored)) {
            remote_rollback(session->remote);
            catalog_transaction_rollback(session->catalog);
            tx->rolled_back = true;
            tx->savepoints.count = 0;
        }
    }
}

void transaction_drop(Session *session)
{
    if (session->tx.state != TX_NONE)
        roll_back(session);
}

bool transaction_is_exit(const Node *node)
{
    if (node->node_case != PG_QUERY__NODE__NODE_TRANSACTION_STMT)
        return false;
    PgQuery__TransactionStmtKind kind = node->transaction_stmt->kind;
    return kind == KIND(COMMIT) || kind == KIND(ROLLBACK) || kind == KIND(ROLLBACK_TO) || kind == KIND(PREPARE);
}

bool transaction_refuse_failed(const Session *session, Error *error)
{
    if (session->tx.state != TX_FAILED)
        return true;
    return error_set(error, ERRCODE_IN_FAILED_SQL_TRANSACTION,
                     "current transaction is aborted, commands ignored until end of transaction block");
}

static bool require_explicit_block(Session *session, const char *statement, Error *error)
{
    if (session->tx.state == TX_BLOCK || session->tx.state == TX_FAILED)
        return true;
    return error_set(error, ERRCODE_NO_ACTIVE_SQL_TRANSACTION, "%s can only be used in transaction blocks", statement);
}

/* Several statements in one message are a block of their own, though not one for savepoints. */
bool transaction_require_block(Session *session, const char *statement, Error *error)
{
    if (session->tx.state == TX_BLOCK || session->tx.state == TX_FAILED || session->many_statements || session->routine_depth)
        return true;
    return require_explicit_block(session, statement, error);
}

bool transaction_forbid_block(Session *session, const char *statement, Error *error)
{
    if (session->tx.pipelined)
        return error_set(error, ERRCODE_ACTIVE_SQL_TRANSACTION, "%s cannot be executed within a pipeline", statement);
    if (session->tx.state != TX_BLOCK && session->tx.state != TX_FAILED && !session->many_statements) {
        session->tx.ends_at_once = true;
        return true;
    }
    return error_set(error, ERRCODE_ACTIVE_SQL_TRANSACTION, "%s cannot run inside a transaction block", statement);
}

static void warn(Session *session, const char *sqlstate, const char *text)
{
    notice(&session->notices, SEVERITY_WARNING, sqlstate, "%s", text);
}

bool transaction_in_block(const Session *session)
{
    return session->tx.state == TX_BLOCK || session->tx.savepoints.count;
}

/* The modes of BEGIN: a list of transaction_isolation, transaction_read_only, transaction_deferrable. */
static bool take_modes(Session *session, Node *const *options, size_t count, Error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (options[i]->node_case != PG_QUERY__NODE__NODE_DEF_ELEM)
            continue;
        const PgQuery__DefElem *option = options[i]->def_elem;
        const PgQuery__AConst *value = option->arg && option->arg->node_case == PG_QUERY__NODE__NODE_A_CONST ? option->arg->a_const : NULL;
        if (!value)
            continue;
        const char *text = value->val_case == PG_QUERY__A__CONST__VAL_SVAL                        ? value->sval->sval
                           : value->val_case == PG_QUERY__A__CONST__VAL_IVAL && value->ival->ival ? "on"
                                                                                                  : "off";
        SettingChange change = {
            .name = option->defname, .value = text, .source = SOURCE_SESSION, .is_local = true, .level = (int)session->tx.savepoints.count};
        if (!settings_set(session->settings, &change, error))
            return false;
    }
    return true;
}

static bool do_begin(Session *session, const PgQuery__TransactionStmt *statement, Error *error)
{
    if (session->tx.state == TX_BLOCK)
        warn(session, ERRCODE_ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress");
    else
        session->tx.state = TX_BLOCK;
    return take_modes(session, statement->options, statement->n_options, error);
}

/* AND CHAIN: a new transaction with the modes of the old one. */
static bool chain(Session *session, const char *const modes[MODE_COUNT], Error *error)
{
    begin(session, TX_BLOCK);
    for (size_t i = 0; i < MODE_COUNT; i++) {
        SettingChange change = {.name = MODES[i].name, .value = modes[i], .source = SOURCE_SESSION, .is_local = true};
        if (!settings_set(session->settings, &change, error))
            return false;
    }
    return true;
}

static bool do_end(Session *session, const PgQuery__TransactionStmt *statement, const char **tag, Error *error)
{
    bool is_commit = statement->kind == KIND(COMMIT);
    bool in_block = session->tx.state == TX_BLOCK || session->tx.state == TX_FAILED;
    if (statement->chain && !in_block)
        return require_explicit_block(session, is_commit ? "COMMIT AND CHAIN" : "ROLLBACK AND CHAIN", error);
    if (!in_block)
        warn(session, ERRCODE_NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
    const char *modes[MODE_COUNT];
    save_modes(session, modes);
    if (is_commit && session->tx.state == TX_FAILED) {
        *tag = "ROLLBACK";
        is_commit = false;
    }
    if (is_commit && !commit(session, error))
        return false;
    if (!is_commit && session->tx.state != TX_NONE)
        roll_back(session);
    return !statement->chain || chain(session, modes, error);
}

/* As where max_prepared_transactions is 0: the transaction is made ready to end, and cannot be kept. */
static bool do_prepare(Session *session, const PgQuery__TransactionStmt *statement, const char **tag, Error *error)
{
    enum { LONGEST_IDENTIFIER = 199 };
    if (session->tx.state != TX_BLOCK) {
        if (session->tx.state == TX_FAILED)
            roll_back(session);
        else
            warn(session, ERRCODE_NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
        *tag = "ROLLBACK";
        return true;
    }
    if (!constraint_fire(session, true, error)) {
        /* it says why */
    } else if (scroll_is_to_hold(session)) {
        error_unsupported(error, "cannot PREPARE a transaction that has created a cursor WITH HOLD");
    } else if (strlen(statement->gid) > LONGEST_IDENTIFIER) {
        error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "transaction identifier \"%s\" is too long", statement->gid);
    } else {
        error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "prepared transactions are disabled");
        error_hint(error, "Set max_prepared_transactions to a nonzero value.");
    }
    roll_back(session);
    return false;
}

static bool end_prepared(Session *session, const PgQuery__TransactionStmt *statement, const char *tag, Error *error)
{
    return transaction_forbid_block(session, tag, error) &&
           error_set(error, ERRCODE_UNDEFINED_OBJECT, "prepared transaction with identifier \"%s\" does not exist", statement->gid);
}

/* 0: there is none of that name. */
static int find_savepoint(const Session *session, const char *name)
{
    for (size_t i = session->tx.savepoints.count; i > 0; i--)
        if (strcmp(session->tx.savepoints.items[i - 1].name, name) == 0)
            return (int)i;
    return 0;
}

static bool need_savepoint(Session *session, const char *name, int *level, Error *error)
{
    *level = find_savepoint(session, name);
    return *level || error_set(error, ERRCODE_S_E_INVALID_SPECIFICATION, "savepoint \"%s\" does not exist", name);
}

static bool do_savepoint(Session *session, const char *name, Error *error)
{
    if (!require_explicit_block(session, "SAVEPOINT", error))
        return false;
    Savepoint savepoint = {arena_strdup(session->tx.arena, name)};
    if (!catalog_savepoint(session->catalog, (int)session->tx.savepoints.count + 1, error))
        return false;
    vec_push(session->tx.arena, &session->tx.savepoints, savepoint);
    remote_savepoint(session->remote, (int)session->tx.savepoints.count);
    return true;
}

static bool do_release(Session *session, const char *name, Error *error)
{
    int level;
    if (!require_explicit_block(session, "RELEASE SAVEPOINT", error) || !need_savepoint(session, name, &level, error) ||
        !remote_savepoint_release(session->remote, level, error) || !catalog_savepoint_release(session->catalog, level, error))
        return false;
    settings_release(session->settings, level);
    portal_release(session, level);
    constraint_release(session, level);
    advisory_release(session, level);
    temporary_release(session, level);
    session->tx.savepoints.count = (size_t)level - 1;
    return true;
}

static bool do_rollback_to(Session *session, const char *name, Error *error)
{
    int level;
    if (!require_explicit_block(session, "ROLLBACK TO SAVEPOINT", error) || !need_savepoint(session, name, &level, error))
        return false;
    portal_drop_since(session, level);
    constraint_rollback(session, level);
    advisory_rollback(session, level);
    temporary_rollback(session, level);
    settings_rollback(session->settings, level);
    remote_savepoint_rollback(session->remote, level);
    if (!catalog_savepoint_rollback(session->catalog, level, error))
        return false;
    session->tx.savepoints.count = (size_t)level;
    session->tx.state = TX_BLOCK;
    memset(session->tx.failed_modes, 0, sizeof session->tx.failed_modes);
    return true;
}

/* ---- inside a function ---- */

bool transaction_sub_begin(Session *session, Error *error)
{
    Savepoint savepoint = {""};
    if (!catalog_savepoint(session->catalog, (int)session->tx.savepoints.count + 1, error))
        return false;
    vec_push(session->tx.arena, &session->tx.savepoints, savepoint);
    remote_savepoint(session->remote, (int)session->tx.savepoints.count);
    return true;
}

bool transaction_sub_commit(Session *session, Error *error)
{
    int level = (int)session->tx.savepoints.count;
    if (!remote_savepoint_release(session->remote, level, error) || !catalog_savepoint_release(session->catalog, level, error))
        return false;
    settings_release(session->settings, level);
    portal_release(session, level);
    constraint_release(session, level);
    advisory_release(session, level);
    temporary_release(session, level);
    session->tx.savepoints.count = (size_t)level - 1;
    return true;
}

void transaction_sub_abort(Session *session)
{
    int level = (int)session->tx.savepoints.count;
    Error ignored;
    error_init(&ignored, session->work);
    portal_drop_since(session, level);
    constraint_rollback(session, level);
    advisory_rollback(session, level);
    temporary_rollback(session, level);
    settings_rollback(session->settings, level);
    remote_savepoint_rollback(session->remote, level);
    if (!remote_savepoint_release(session->remote, level, &ignored))
        error_clear(&ignored);
    if (catalog_savepoint_rollback(session->catalog, level, &ignored) && !catalog_savepoint_release(session->catalog, level, &ignored))
        error_clear(&ignored);
    session->tx.savepoints.count = (size_t)level - 1;
}

bool transaction_end_inside(Session *session, bool commits, bool chain_modes, Error *error)
{
    const char *modes[MODE_COUNT];
    if (!session->routine_ends)
        return error_set(error, ERRCODE_INVALID_TRANSACTION_TERMINATION, "invalid transaction termination");
    if (session->tx.savepoints.count)
        return error_set(error, ERRCODE_INVALID_TRANSACTION_TERMINATION, "cannot %s while a subtransaction is active",
                         commits ? "commit" : "roll back");
    save_modes(session, modes);
    if (!commits && !scroll_hold_pinned(session, error))
        return false;
    if (!commits)
        roll_back(session);
    else if (!commit(session, error))
        return false;
    catalog_statement_end(session->catalog);
    begin(session, TX_IMPLICIT);
    for (size_t i = 0; chain_modes && i < MODE_COUNT; i++)
        settings_force(session->settings, MODES[i].name, modes[i]);
    return catalog_statement_begin(session->catalog, error);
}

bool utility_transaction(Utility *utility, Error *error)
{
    Session *session = utility->session;
    const PgQuery__TransactionStmt *statement = utility->node->transaction_stmt;
    switch (statement->kind) {
    case KIND(BEGIN):
    case KIND(START):
        return do_begin(session, statement, error);
    case KIND(COMMIT):
    case KIND(ROLLBACK):
        return do_end(session, statement, &utility->tag, error);
    case KIND(SAVEPOINT):
        return do_savepoint(session, statement->savepoint_name, error);
    case KIND(RELEASE):
        return do_release(session, statement->savepoint_name, error);
    case KIND(ROLLBACK_TO):
        return do_rollback_to(session, statement->savepoint_name, error);
    case KIND(PREPARE):
        return do_prepare(session, statement, &utility->tag, error);
    case KIND(COMMIT_PREPARED):
    case KIND(ROLLBACK_PREPARED):
        return end_prepared(session, statement, utility->tag, error);
    default:
        return error_unsupported(error, "%s is not supported", utility->tag);
    }
}
