/*
 * table.c - the table of types.
 *
 * Invariant: rows are sorted by OID (type_row searches by halves); tests/unit/test_type_table.c holds them to that and to pg_type.
 *
 * Any thread.
 */
#include "type/type_int.h"

/* Input, output, receive and send of one noun. */
#define FORMS(noun) noun##_input, noun##_output, noun##_receive, noun##_send
/* Texts that only their input distinguishes. */
#define AS_TEXT(input) input, text_output, text_receive, text_send
/* Known by name; its values pass through as the text a source gives, but none is made from a literal. */
#define OPAQUE NULL, text_output, NULL, NULL
#define PSEUDO pseudo_input, text_output, NULL, NULL

static const TypeRow ROWS[] = {
    {TYPE_BOOL, 1000, "boolean", "boolean", FDW_BOOL, FORMS(boolean), NULL},
    {TYPE_BYTEA, 1001, "bytea", "bytea", FDW_BYTES, FORMS(bytea), NULL},
    {TYPE_CHAR, 1002, "\"char\"", "\"char\"", FDW_STRING, FORMS(char), NULL},
    {TYPE_NAME, 1003, "name", "name", FDW_STRING, name_input, text_output, name_receive, text_send, NULL},
    {TYPE_INT8, 1016, "bigint", "bigint", FDW_INT64, FORMS(int8), NULL},
    {TYPE_INT2, 1005, "smallint", "smallint", FDW_INT16, FORMS(int2), NULL},
    {TYPE_INT2VECTOR, 1006, "int2vector", "int2vector", FDW_STRING, FORMS(vector), NULL},
    {TYPE_INT4, 1007, "integer", "integer", FDW_INT32, FORMS(int4), NULL},
    {TYPE_REGPROC, 1008, "regproc", "regproc", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_TEXT, 1009, "text", "text", FDW_STRING, FORMS(text), NULL},
    {TYPE_OID, 1028, "oid", "oid", FDW_UINT32, FORMS(oid), NULL},
    {TYPE_TID, 1010, "tid", "tid", FDW_STRING, FORMS(tid), NULL},
    {TYPE_XID, 1011, "xid", "xid", FDW_UINT32, xid_input, int_output, oid_receive, oid_send, NULL},
    {TYPE_CID, 1012, "cid", "cid", FDW_UINT32, xid_input, int_output, oid_receive, oid_send, NULL},
    {TYPE_OIDVECTOR, 1013, "oidvector", "oidvector", FDW_STRING, FORMS(vector), NULL},
    {TYPE_PG_DDL_COMMAND, 0, "pg_ddl_command", "pg_ddl_command", FDW_STRING, PSEUDO, NULL},
    {TYPE_JSON, 199, "json", "json", FDW_STRING, AS_TEXT(json_input), NULL},
    {TYPE_XML, 143, "xml", "xml", FDW_STRING, FORMS(xml), NULL},
    {TYPE_PG_NODE_TREE, 0, "pg_node_tree", "pg_node_tree", FDW_STRING, pseudo_input, text_output, NULL, text_send, NULL},
    {TYPE_TABLE_AM_HANDLER, 0, "table_am_handler", "table_am_handler", FDW_STRING, PSEUDO, NULL},
    {TYPE_INDEX_AM_HANDLER, 0, "index_am_handler", "index_am_handler", FDW_STRING, PSEUDO, NULL},
    {TYPE_POINT, 1017, "point", "point", FDW_STRING, FORMS(geometry), NULL},
    {TYPE_LSEG, 1018, "lseg", "lseg", FDW_STRING, FORMS(geometry), NULL},
    {TYPE_PATH, 1019, "path", "path", FDW_STRING, FORMS(geometry), NULL},
    {TYPE_BOX, 1020, "box", "box", FDW_STRING, FORMS(geometry), NULL},
    {TYPE_POLYGON, 1027, "polygon", "polygon", FDW_STRING, FORMS(geometry), NULL},
    {TYPE_LINE, 629, "line", "line", FDW_STRING, FORMS(geometry), NULL},
    {TYPE_CIDR, 651, "cidr", "cidr", FDW_STRING, cidr_input, text_output, cidr_receive, cidr_send, NULL},
    {TYPE_FLOAT4, 1021, "real", "real", FDW_FLOAT, FORMS(float4), NULL},
    {TYPE_FLOAT8, 1022, "double precision", "double precision", FDW_DOUBLE, FORMS(float8), NULL},
    {TYPE_UNKNOWN, 0, "unknown", "unknown", FDW_STRING, FORMS(text), NULL},
    {TYPE_CIRCLE, 719, "circle", "circle", FDW_STRING, FORMS(geometry), NULL},
    {TYPE_MACADDR8, 775, "macaddr8", "macaddr8", FDW_STRING, macaddr8_input, text_output, macaddr8_receive, macaddr8_send, NULL},
    {TYPE_MONEY, 791, "money", "money", FDW_STRING, FORMS(money), NULL},
    {TYPE_MACADDR, 1040, "macaddr", "macaddr", FDW_STRING, FORMS(macaddr), NULL},
    {TYPE_INET, 1041, "inet", "inet", FDW_STRING, FORMS(inet), NULL},
    {TYPE_ACLITEM, 1034, "aclitem", "aclitem", FDW_STRING, aclitem_input, aclitem_output, NULL, NULL, NULL},
    {TYPE_BPCHAR, 1014, "character", "character", FDW_STRING, bpchar_input, text_output, bpchar_receive, text_send, &TYPMOD_CHAR},
    {TYPE_VARCHAR, 1015, "character varying", "character varying", FDW_STRING, varchar_input, text_output, varchar_receive, text_send,
     &TYPMOD_VARCHAR},
    {TYPE_DATE, 1182, "date", "date", FDW_DATE, FORMS(date), NULL},
    {TYPE_TIME, 1183, "time", "time% without time zone", FDW_TIME, FORMS(time), &TYPMOD_TIME},
    {TYPE_TIMESTAMP, 1115, "timestamp", "timestamp% without time zone", FDW_TIMESTAMP, FORMS(timestamp), &TYPMOD_TIMESTAMP},
    {TYPE_TIMESTAMPTZ, 1185, "timestamp with time zone", "timestamp% with time zone", FDW_TIMESTAMPTZ, FORMS(timestamptz),
     &TYPMOD_TIMESTAMPTZ},
    {TYPE_INTERVAL, 1187, "interval", "interval", FDW_INTERVAL, FORMS(interval), &TYPMOD_INTERVAL},
    {TYPE_TIMETZ, 1270, "time with time zone", "time% with time zone", FDW_STRING, FORMS(timetz), &TYPMOD_TIMETZ},
    {TYPE_BIT, 1561, "bit", "bit", FDW_STRING, FORMS(bit), &TYPMOD_BIT},
    {TYPE_VARBIT, 1563, "bit varying", "bit varying", FDW_STRING, varbit_input, text_output, varbit_receive, bit_send, &TYPMOD_VARBIT},
    {TYPE_NUMERIC, 1231, "numeric", "numeric", FDW_STRING, FORMS(numeric), &TYPMOD_NUMERIC},
    {TYPE_REFCURSOR, 2201, "refcursor", "refcursor", FDW_STRING, FORMS(text), NULL},
    {TYPE_REGPROCEDURE, 2207, "regprocedure", "regprocedure", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_REGOPER, 2208, "regoper", "regoper", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_REGOPERATOR, 2209, "regoperator", "regoperator", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_REGCLASS, 2210, "regclass", "regclass", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_REGTYPE, 2211, "regtype", "regtype", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_RECORD, 2287, "record", "record", FDW_STRING, OPAQUE, NULL},
    {TYPE_CSTRING, 1263, "cstring", "cstring", FDW_STRING, FORMS(text), NULL},
    {TYPE_ANY, 0, "any", "\"any\"", FDW_STRING, PSEUDO, NULL},
    {TYPE_ANYARRAY, 0, "anyarray", "anyarray", FDW_STRING, pseudo_input, text_output, NULL, NULL, NULL},
    {TYPE_VOID, 0, "void", "void", FDW_STRING, void_input, text_output, text_receive, text_send, NULL},
    {TYPE_TRIGGER, 0, "trigger", "trigger", FDW_STRING, PSEUDO, NULL},
    {TYPE_LANGUAGE_HANDLER, 0, "language_handler", "language_handler", FDW_STRING, PSEUDO, NULL},
    {TYPE_INTERNAL, 0, "internal", "internal", FDW_STRING, PSEUDO, NULL},
    {TYPE_ANYELEMENT, 0, "anyelement", "anyelement", FDW_STRING, PSEUDO, NULL},
    {TYPE_ANYNONARRAY, 0, "anynonarray", "anynonarray", FDW_STRING, PSEUDO, NULL},
    {TYPE_UUID, 2951, "uuid", "uuid", FDW_UUID, FORMS(uuid), NULL},
    {TYPE_TXID_SNAPSHOT, 2949, "txid_snapshot", "txid_snapshot", FDW_STRING, OPAQUE, NULL},
    {TYPE_FDW_HANDLER, 0, "fdw_handler", "fdw_handler", FDW_STRING, pseudo_input, pseudo_output, NULL, NULL, NULL},
    {TYPE_PG_LSN, 3221, "pg_lsn", "pg_lsn", FDW_STRING, FORMS(lsn), NULL},
    {TYPE_TSM_HANDLER, 0, "tsm_handler", "tsm_handler", FDW_STRING, PSEUDO, NULL},
    {TYPE_PG_NDISTINCT, 0, "pg_ndistinct", "pg_ndistinct", FDW_STRING, PSEUDO, NULL},
    {TYPE_PG_DEPENDENCIES, 0, "pg_dependencies", "pg_dependencies", FDW_STRING, PSEUDO, NULL},
    {TYPE_ANYENUM, 0, "anyenum", "anyenum", FDW_STRING, PSEUDO, NULL},
    {TYPE_TSVECTOR, 3643, "tsvector", "tsvector", FDW_STRING, OPAQUE, NULL},
    {TYPE_TSQUERY, 3645, "tsquery", "tsquery", FDW_STRING, OPAQUE, NULL},
    {TYPE_GTSVECTOR, 3644, "gtsvector", "gtsvector", FDW_STRING, PSEUDO, NULL},
    {TYPE_REGCONFIG, 3735, "regconfig", "regconfig", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_REGDICTIONARY, 3770, "regdictionary", "regdictionary", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_JSONB, 3807, "jsonb", "jsonb", FDW_STRING, jsonb_input, text_output, jsonb_receive, jsonb_send, NULL},
    {TYPE_ANYRANGE, 0, "anyrange", "anyrange", FDW_STRING, PSEUDO, NULL},
    {TYPE_EVENT_TRIGGER, 0, "event_trigger", "event_trigger", FDW_STRING, PSEUDO, NULL},
    {TYPE_INT4RANGE, 3905, "int4range", "int4range", FDW_STRING, FORMS(range), NULL},
    {TYPE_NUMRANGE, 3907, "numrange", "numrange", FDW_STRING, FORMS(range), NULL},
    {TYPE_TSRANGE, 3909, "tsrange", "tsrange", FDW_STRING, FORMS(range), NULL},
    {TYPE_TSTZRANGE, 3911, "tstzrange", "tstzrange", FDW_STRING, FORMS(range), NULL},
    {TYPE_DATERANGE, 3913, "daterange", "daterange", FDW_STRING, FORMS(range), NULL},
    {TYPE_INT8RANGE, 3927, "int8range", "int8range", FDW_STRING, FORMS(range), NULL},
    {TYPE_JSONPATH, 4073, "jsonpath", "jsonpath", FDW_STRING, FORMS(jsonpath), NULL},
    {TYPE_REGNAMESPACE, 4090, "regnamespace", "regnamespace", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_REGROLE, 4097, "regrole", "regrole", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_REGCOLLATION, 4192, "regcollation", "regcollation", FDW_UINT32, FORMS(reg), NULL},
    {TYPE_INT4MULTIRANGE, 6150, "int4multirange", "int4multirange", FDW_STRING, FORMS(multirange), NULL},
    {TYPE_NUMMULTIRANGE, 6151, "nummultirange", "nummultirange", FDW_STRING, FORMS(multirange), NULL},
    {TYPE_TSMULTIRANGE, 6152, "tsmultirange", "tsmultirange", FDW_STRING, FORMS(multirange), NULL},
    {TYPE_TSTZMULTIRANGE, 6153, "tstzmultirange", "tstzmultirange", FDW_STRING, FORMS(multirange), NULL},
    {TYPE_DATEMULTIRANGE, 6155, "datemultirange", "datemultirange", FDW_STRING, FORMS(multirange), NULL},
    {TYPE_INT8MULTIRANGE, 6157, "int8multirange", "int8multirange", FDW_STRING, FORMS(multirange), NULL},
    {TYPE_ANYMULTIRANGE, 0, "anymultirange", "anymultirange", FDW_STRING, PSEUDO, NULL},
    {TYPE_ANYCOMPATIBLEMULTIRANGE, 0, "anycompatiblemultirange", "anycompatiblemultirange", FDW_STRING, PSEUDO, NULL},
    {TYPE_PG_BRIN_BLOOM_SUMMARY, 0, "pg_brin_bloom_summary", "pg_brin_bloom_summary", FDW_STRING, PSEUDO, NULL},
    {TYPE_PG_BRIN_MINMAX_MULTI_SUMMARY, 0, "pg_brin_minmax_multi_summary", "pg_brin_minmax_multi_summary", FDW_STRING, PSEUDO, NULL},
    {TYPE_PG_MCV_LIST, 0, "pg_mcv_list", "pg_mcv_list", FDW_STRING, PSEUDO, NULL},
    {TYPE_PG_SNAPSHOT, 5039, "pg_snapshot", "pg_snapshot", FDW_STRING, OPAQUE, NULL},
    {TYPE_XID8, 271, "xid8", "xid8", FDW_STRING, FORMS(xid8), NULL},
    {TYPE_ANYCOMPATIBLE, 0, "anycompatible", "anycompatible", FDW_STRING, PSEUDO, NULL},
    {TYPE_ANYCOMPATIBLEARRAY, 0, "anycompatiblearray", "anycompatiblearray", FDW_STRING, PSEUDO, NULL},
    {TYPE_ANYCOMPATIBLENONARRAY, 0, "anycompatiblenonarray", "anycompatiblenonarray", FDW_STRING, PSEUDO, NULL},
    {TYPE_ANYCOMPATIBLERANGE, 0, "anycompatiblerange", "anycompatiblerange", FDW_STRING, PSEUDO, NULL},
};

static const TypeRow ARRAY_ROW = {0, 0, "array", "array", FDW_STRING, FORMS(array), NULL};
/* Enums and whatever else users define: the text as it is. */
static const TypeRow USER_ROW = {0, 0, "text", "???", FDW_STRING, FORMS(text), NULL};

const TypeRow *type_row_builtin(Oid oid)
{
    size_t from = 0, to = COUNT_OF(ROWS);
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (ROWS[middle].oid < oid)
            from = middle + 1;
        else
            to = middle;
    }
    return from < COUNT_OF(ROWS) && ROWS[from].oid == oid ? &ROWS[from] : NULL;
}

const TypeRow *type_row_of_array(Oid array)
{
    for (size_t i = 0; array && i < COUNT_OF(ROWS); i++)
        if (ROWS[i].array == array)
            return &ROWS[i];
    return NULL;
}

const TypeRow *type_row(Oid oid)
{
    const TypeRow *row = type_row_builtin(oid);
    return row ? row : type_row_of_array(oid) ? &ARRAY_ROW : &USER_ROW;
}

bool type_is_builtin(Oid oid)
{
    return type_row_builtin(oid) || type_row_of_array(oid);
}

Oid type_array_element(Oid array)
{
    if (array == TYPE_OIDVECTOR || array == TYPE_INT2VECTOR)
        return array == TYPE_OIDVECTOR ? TYPE_OID : TYPE_INT2;
    /* What has a row of its own is no array. Asked for each value that is read or written, this is found sooner. */
    const TypeRow *row = type_row_builtin(array) ? NULL : type_row_of_array(array);
    return row ? row->oid : OID_NONE;
}

Oid type_array_of(Oid element)
{
    const TypeRow *row = type_row_builtin(element);
    return row ? row->array : OID_NONE;
}
