/*
 * func_sequence.c - nextval and its kin: what sequences stand at.
 *
 *  1. Privileges are checked at each call, as the user the function runs as.
 *  2. nextval and setval are refused in a read-only transaction, but for temporary sequences, and are never rolled back.
 * Any thread; the Catalog locks itself.
 */
#include "func/func_internal.h"

static const CatSequence *find_sequence(FuncCall *call, Oid oid, AclMask rights)
{
    Catalog *catalog = call->context->catalog;
    const CatRelation *relation = catalog_relation(catalog, oid);
    if (!relation) {
        error_set(call->error, ERRCODE_INTERNAL_ERROR, "could not open relation with OID %u", oid);
        return NULL;
    }
    if (relation->kind != 'S') {
        error_set(call->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a sequence", relation->name);
        return NULL;
    }
    if (rights && !catalog_privileges(catalog, PG_CLASS_RELATION, oid, 0, call->context->current_user, rights)) {
        error_set(call->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for sequence %s", relation->name);
        return NULL;
    }
    return catalog_sequence(catalog, oid);
}

static bool check_writable(FuncCall *call, const CatSequence *sequence, const char *function)
{
    Catalog *catalog = call->context->catalog;
    const SessionServices *session = call->context->session;
    const char *read_only = session ? session->get_setting(session->arg, "transaction_read_only", call->arena) : NULL;
    return !read_only || strcmp(read_only, "on") != 0 ||
           catalog_is_temporary(catalog, catalog_relation(catalog, sequence->oid)->namespace_oid) ||
           error_set(call->error, ERRCODE_READ_ONLY_SQL_TRANSACTION, "cannot execute %s() in a read-only transaction", function);
}

static bool next_value(FuncCall *call)
{
    int64_t value;
    const CatSequence *sequence = find_sequence(call, arg_oid(call, 0), ACL_USAGE | ACL_UPDATE);
    return sequence && check_writable(call, sequence, "nextval") &&
           catalog_sequence_next(call->context->catalog, sequence, &value, call->error) && return_int(call, value);
}

/* Of an identity column: who may insert needs no right on the sequence. */
bool helper_identity_next(FuncCall *call)
{
    int64_t value;
    const CatSequence *sequence = find_sequence(call, arg_oid(call, 0), 0);
    return sequence && check_writable(call, sequence, "nextval") &&
           catalog_sequence_next(call->context->catalog, sequence, &value, call->error) && return_int(call, value);
}

static bool current_value(FuncCall *call)
{
    int64_t value;
    const CatSequence *sequence = find_sequence(call, arg_oid(call, 0), ACL_SELECT | ACL_USAGE);
    if (!sequence)
        return false;
    if (!catalog_sequence_last(call->context->catalog, sequence->oid, &value))
        return error_set(call->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "currval of sequence \"%s\" is not yet defined in this session", sequence->name);
    return return_int(call, value);
}

static bool last_value(FuncCall *call)
{
    int64_t value;
    Catalog *catalog = call->context->catalog;
    Oid oid = catalog_last_sequence(catalog);
    if (oid == OID_NONE || !catalog_relation(catalog, oid))
        return error_set(call->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "lastval is not yet defined in this session");
    if (!find_sequence(call, oid, ACL_SELECT | ACL_USAGE))
        return false;
    return catalog_sequence_last(catalog, oid, &value) ? return_int(call, value) : return_null(call);
}

static bool set_value(FuncCall *call)
{
    int64_t value = call->args[1].i;
    bool is_called = call->nargs < 3 || call->args[2].b;
    const CatSequence *sequence = find_sequence(call, arg_oid(call, 0), ACL_UPDATE);
    if (!sequence || !check_writable(call, sequence, "setval"))
        return false;
    if (value < sequence->min || value > sequence->max)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
                         "setval: value %lld is out of bounds for sequence \"%s\" (%lld..%lld)", (long long)value, sequence->name,
                         (long long)sequence->min, (long long)sequence->max);
    return catalog_sequence_set(call->context->catalog, sequence, value, is_called, call->error) && return_int(call, value);
}

/* For pg_sequences: NULL before the first value. */
static bool sequence_last_value(FuncCall *call)
{
    SequenceState state;
    const CatSequence *sequence = find_sequence(call, arg_oid(call, 0), ACL_SELECT | ACL_USAGE);
    if (!sequence || !catalog_sequence_read(call->context->catalog, sequence, &state, call->error))
        return false;
    return state.is_called ? return_int(call, state.last_value) : return_null(call);
}

static bool serial_sequence(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    const char *column = arg_text(call, 1);
    Oid table = OID_NONE;
    if (!arg_reg(call, 0, TYPE_REGCLASS, &table))
        return false;
    const CatRelation *relation = catalog_relation(catalog, table);
    int number = 0;
    for (int i = 0; relation && i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && strcmp(relation->columns[i].name, column) == 0)
            number = i + 1;
    if (!number)
        return error_set(call->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", column,
                         relation ? relation->name : arg_text(call, 0));
    const CatalogRows *rows =
        catalog_query(catalog, call->arena, call->error,
                      "SELECT relnamespace, relname FROM pg_depend JOIN pg_class c ON c.oid = objid WHERE classid = ?1"
                      " AND refclassid = ?1 AND refobjid = ?2 AND refobjsubid = ?3 AND deptype IN ('a', 'i')"
                      " AND relkind = 'S'",
                      "ooi", (Oid)PG_CLASS_RELATION, table, (int64_t)number);
    if (!rows)
        return false;
    if (!rows->nrows)
        return return_null(call);
    return return_text(call, catalog_qualified(catalog, (Oid)CATALOG_CELL(rows, 0, 0).i, CATALOG_CELL(rows, 0, 1).text, call->arena));
}

static const FuncRow ROWS[] = {
    {F_NEXTVAL_REGCLASS, next_value},
    {F_CURRVAL_REGCLASS, current_value},
    {F_LASTVAL, last_value},
    {F_SETVAL_REGCLASS_INT8, set_value},
    {F_SETVAL_REGCLASS_INT8_BOOL, set_value},
    {F_PG_SEQUENCE_LAST_VALUE_REGCLASS, sequence_last_value},
    {F_PG_GET_SERIAL_SEQUENCE_TEXT_TEXT, serial_sequence},
};
const FuncTable FUNC_TABLE_SEQUENCE = {ROWS, COUNT_OF(ROWS)};
