/*
 * func_system.c - functions on what a server has inside: places in a log (pg_lsn), places of rows (tid), transaction numbers, lists of
 * OIDs; and those that only answer where something else runs.
 *
 *  1. Values of these types are texts in their canonical form.
 * Any thread.
 */
#include "func/func_internal.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- pg_lsn: two halves of 64 bits, in hexadecimal digits ---- */

static uint64_t arg_lsn(const FuncCall *call, int index)
{
    const char *text = arg_text(call, index);
    char *slash;
    uint64_t high = strtoull(text, &slash, 16);
    return high << 32 | strtoull(slash + 1, NULL, 16);
}

static bool is_special(const char *number, char first)
{
    return number[0] == first || (number[0] == '-' && number[1] == first);
}

static bool return_lsn(FuncCall *call, const char *number)
{
    const char *whole;
    if (is_special(number, 'N'))
        return error_unsupported(call->error, "cannot convert NaN to pg_lsn");
    if (is_special(number, 'I'))
        return error_unsupported(call->error, "cannot convert infinity to pg_lsn");
    if (!numeric_round(number, 0, call->arena, &whole, call->error))
        return false;
    if (numeric_compare(whole, "0") < 0 || numeric_compare(whole, "18446744073709551615") > 0)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "pg_lsn out of range");
    uint64_t lsn = strtoull(whole, NULL, 10);
    return return_text(call, arena_printf(call->arena, "%X/%X", (unsigned)(lsn >> 32), (unsigned)lsn));
}

static bool lsn_from_numeric(FuncCall *call)
{
    return return_lsn(call, arg_numeric(call, 0));
}

static bool lsn_move(FuncCall *call, int lsn, int bytes, NumericOp op)
{
    const char *by = arg_numeric(call, bytes), *moved;
    if (is_special(by, 'N'))
        return error_unsupported(call->error, op == NUMERIC_ADD ? "cannot add NaN to pg_lsn" : "cannot subtract NaN from pg_lsn");
    return numeric_op(op, arena_printf(call->arena, "%" PRIu64, arg_lsn(call, lsn)), by, call->arena, &moved, call->error) &&
           return_lsn(call, moved);
}

static bool lsn_plus_bytes(FuncCall *call)
{
    return lsn_move(call, 0, 1, NUMERIC_ADD);
}

static bool bytes_plus_lsn(FuncCall *call)
{
    return lsn_move(call, 1, 0, NUMERIC_ADD);
}

static bool lsn_minus_bytes(FuncCall *call)
{
    return lsn_move(call, 0, 1, NUMERIC_SUB);
}

static bool lsn_minus_lsn(FuncCall *call)
{
    uint64_t a = arg_lsn(call, 0), b = arg_lsn(call, 1);
    return return_text(call, arena_printf(call->arena, "%s%" PRIu64, a < b ? "-" : "", a < b ? b - a : a - b));
}

/* ---- numbers of transactions, places of rows, lists of OIDs ---- */

/* The lower half. */
static bool xid_from_xid8(FuncCall *call)
{
    return return_int(call, (uint32_t)strtoull(arg_text(call, 0), NULL, 10));
}

/* (block,offset) as one number. */
static uint64_t arg_tid(const FuncCall *call, int index)
{
    char *comma;
    uint64_t block = strtoull(arg_text(call, index) + 1, &comma, 10);
    return block << 16 | strtoull(comma + 1, NULL, 10);
}

/* Shorter lists come first, those of one length by their elements. */
static int compare_vectors(const FuncCall *call)
{
    char *at[2] = {(char *)arg_text(call, 0), (char *)arg_text(call, 1)};
    int length[2] = {0, 0}, order = 0;
    for (int side = 0; side < 2; side++)
        for (const char *c = at[side]; *c; c++)
            length[side] += *c != ' ' && (c == at[side] || c[-1] == ' ');
    if (length[0] != length[1])
        return length[0] < length[1] ? -1 : 1;
    for (int i = 0; i < length[0] && !order; i++) {
        uint64_t a = strtoull(at[0], &at[0], 10), b = strtoull(at[1], &at[1], 10);
        order = a < b ? -1 : a > b;
    }
    return order;
}

static int compare_pair(const FuncCall *call)
{
    if (call->arg_types[0] == TYPE_OIDVECTOR)
        return compare_vectors(call);
    uint64_t a = arg_tid(call, 0), b = arg_tid(call, 1);
    return a < b ? -1 : a > b;
}

static bool is_equal(FuncCall *call)
{
    return return_bool(call, compare_pair(call) == 0);
}

static bool is_unequal(FuncCall *call)
{
    return return_bool(call, compare_pair(call) != 0);
}

static bool is_less(FuncCall *call)
{
    return return_bool(call, compare_pair(call) < 0);
}

static bool is_less_or_equal(FuncCall *call)
{
    return return_bool(call, compare_pair(call) <= 0);
}

static bool is_greater(FuncCall *call)
{
    return return_bool(call, compare_pair(call) > 0);
}

static bool is_greater_or_equal(FuncCall *call)
{
    return return_bool(call, compare_pair(call) >= 0);
}

/* ---- what is no more, or not here ---- */

static bool no_longer(FuncCall *call)
{
    return error_unsupported(call->error, "%s is no longer supported", func_fact(call->proc)->name);
}

static bool outside_event_trigger(FuncCall *call, const char *where)
{
    return error_set(call->error, ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED, "%s() can only be called in %s event trigger function",
                     func_fact(call->proc)->name, where);
}

static bool outside_rewrite(FuncCall *call)
{
    return outside_event_trigger(call, "a table_rewrite");
}

static bool outside_command(FuncSetCall *set)
{
    return outside_event_trigger(&set->call, set->call.proc == F_PG_EVENT_TRIGGER_DDL_COMMANDS ? "an" : "a sql_drop");
}

static bool no_origin(FuncCall *call)
{
    return return_null(call);
}

static bool no_slots(FuncSetCall *set)
{
    return true;
}

static bool no_publication(FuncSetCall *set)
{
    return error_set(set->call.error, ERRCODE_UNDEFINED_OBJECT, "publication \"%s\" does not exist", arg_text(&set->call, 0));
}

/* ---- what the server is made of ---- */

/* How it was built is kept nowhere, in PostgreSQL's words for that. */
static bool build_configuration(FuncSetCall *set)
{
    static const char *const NAMES[] = {"BINDIR",  "DOCDIR",     "HTMLDIR",    "INCLUDEDIR", "PKGINCLUDEDIR", "INCLUDEDIR-SERVER",
                                        "LIBDIR",  "PKGLIBDIR",  "LOCALEDIR",  "MANDIR",     "SHAREDIR",      "SYSCONFDIR",
                                        "PGXS",    "CONFIGURE",  "CC",         "CPPFLAGS",   "CFLAGS",        "CFLAGS_SL",
                                        "LDFLAGS", "LDFLAGS_EX", "LDFLAGS_SL", "LIBS",       "VERSION"};
    const SessionServices *session = set->call.context->session;
    const char *version = session ? session->get_setting(session->arg, "server_version", set->call.arena) : NULL;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        bool is_version = version && str_eq(NAMES[i], "VERSION");
        const char *setting = is_version ? arena_printf(set->call.arena, "PostgreSQL %s", version) : "not recorded";
        Value row[] = {value_text(NAMES[i], strlen(NAMES[i])), value_text(setting, strlen(setting))};
        if (!set->emit(set->sink, row, COUNT_OF(row)))
            return true;
    }
    return true;
}

static Value system_catalog(FuncCall *call, const char *name)
{
    const CatRelation *relation = catalog_relation_by_name(call->context->catalog, "pg_catalog", name);
    return relation ? value_int(FDW_UINT32, relation->oid) : value_null(FDW_UINT32);
}

static Value column_names(FuncCall *call, const char *leading, const char *column)
{
    const char *text = arena_printf(call->arena, "{%s%s%s}", leading ? leading : "", leading ? "," : "", column);
    return value_text(text, strlen(text));
}

static bool catalog_foreign_keys(FuncSetCall *set)
{
    size_t count;
    const CatalogReference *keys = catalog_references(&count);
    for (size_t i = 0; i < count; i++) {
        Value row[] = {system_catalog(&set->call, keys[i].table),
                       column_names(&set->call, keys[i].leading, keys[i].column),
                       system_catalog(&set->call, keys[i].target),
                       column_names(&set->call, keys[i].target_leading, keys[i].target_column),
                       value_bool(keys[i].is_array),
                       value_bool(keys[i].is_optional)};
        if (!set->emit(set->sink, row, COUNT_OF(row)))
            return true;
    }
    return true;
}

/* ---- indexes ---- */

/* The index that tells rows apart: the one that was named, else the primary key's. */
static bool replica_identity_index(FuncCall *call)
{
    static const char SQL[] = "SELECT indexrelid FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE indrelid = ?1 AND indisvalid"
                              " AND CASE relreplident WHEN 'i' THEN indisreplident WHEN 'd' THEN indisprimary AND indimmediate ELSE 0 END";
    const CatRelation *relation = catalog_relation(call->context->catalog, arg_oid(call, 0));
    if (!relation)
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "could not open relation with OID %u", arg_oid(call, 0));
    if (strchr("iIc", relation->kind))
        return error_set(call->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is %s", relation->name,
                         relation->kind == 'c' ? "a composite type" : "an index");
    const CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error, SQL, "o", arg_oid(call, 0));
    return rows && (rows->nrows ? return_int(call, CATALOG_CELL(rows, 0, 0).i) : return_null(call));
}

static const FuncRow ROWS[] = {
    {F_PG_LSN_NUMERIC, lsn_from_numeric},
    {F_PG_LSN_PLI_PG_LSN_NUMERIC, lsn_plus_bytes},
    {F_NUMERIC_PL_PG_LSN_NUMERIC_PG_LSN, bytes_plus_lsn},
    {F_PG_LSN_MII_PG_LSN_NUMERIC, lsn_minus_bytes},
    {F_PG_LSN_MI_PG_LSN_PG_LSN, lsn_minus_lsn},
    {F_PG_WAL_LSN_DIFF_PG_LSN_PG_LSN, lsn_minus_lsn},
    {F_XID_XID8, xid_from_xid8},
    {F_TIDEQ_TID_TID, is_equal},
    {F_TIDNE_TID_TID, is_unequal},
    {F_TIDLT_TID_TID, is_less},
    {F_TIDLE_TID_TID, is_less_or_equal},
    {F_TIDGT_TID_TID, is_greater},
    {F_TIDGE_TID_TID, is_greater_or_equal},
    {F_OIDVECTORLT_OIDVECTOR_OIDVECTOR, is_less},
    {F_OIDVECTORLE_OIDVECTOR_OIDVECTOR, is_less_or_equal},
    {F_OIDVECTORGT_OIDVECTOR_OIDVECTOR, is_greater},
    {F_OIDVECTORGE_OIDVECTOR_OIDVECTOR, is_greater_or_equal},
    {F_ACLINSERT_ACLITEM_ARRAY_ACLITEM, no_longer},
    {F_ACLREMOVE_ACLITEM_ARRAY_ACLITEM, no_longer},
    {F_PG_EVENT_TRIGGER_TABLE_REWRITE_OID, outside_rewrite},
    {F_PG_EVENT_TRIGGER_TABLE_REWRITE_REASON, outside_rewrite},
    {F_PG_REPLICATION_ORIGIN_OID_TEXT, no_origin},
    {F_PG_GET_REPLICA_IDENTITY_INDEX_REGCLASS, replica_identity_index},
};
const FuncTable FUNC_TABLE_SYSTEM = {ROWS, COUNT_OF(ROWS)};

static const FuncSetRow SETS[] = {
    {F_PG_EVENT_TRIGGER_DDL_COMMANDS, outside_command},
    {F_PG_EVENT_TRIGGER_DROPPED_OBJECTS, outside_command},
    {F_PG_GET_REPLICATION_SLOTS, no_slots},
    {F_PG_GET_PUBLICATION_TABLES_TEXT, no_publication},
    {F_PG_CONFIG, build_configuration},
    {F_PG_GET_CATALOG_FOREIGN_KEYS, catalog_foreign_keys},
};
const FuncSetTable FUNC_SETS_SYSTEM = {SETS, COUNT_OF(SETS)};
