/*
 * func_compare.c - the comparison operators of the types that have an order, for folded constants and arrays' elements.
 *
 *  1. One comparison by layout serves all: the order is PostgreSQL's default operator class (NaN greatest, bytes for texts).
 * Any thread.
 */
#include "func/func_internal.h"

#include <math.h>

static int sign_of(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_floats(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return a < b ? -1 : a > b;
}

static int compare_bytes(const Value *a, const Value *b, bool blanks)
{
    size_t alen = a->s.len, blen = b->s.len;
    while (blanks && alen && a->s.ptr[alen - 1] == ' ')
        alen--;
    while (blanks && blen && b->s.ptr[blen - 1] == ' ')
        blen--;
    int order = memcmp(a->s.ptr, b->s.ptr, alen < blen ? alen : blen);
    return order ? order : sign_of((int64_t)alen, (int64_t)blen);
}

static __int128 interval_span(FdwInterval interval)
{
    return ((__int128)interval.months * 30 + interval.days) * 86400000000LL + interval.micros;
}

static int compare_values(const FuncCall *call)
{
    const Value *a = &call->args[0], *b = &call->args[1];
    Oid type = call->arg_types[0];
    if (type == TYPE_NUMERIC)
        return numeric_compare(arg_numeric((FuncCall *)call, 0), arg_numeric((FuncCall *)call, 1));
    if (type == TYPE_CHAR)
        return (int)arg_char(call, 0) - (int)arg_char(call, 1);
    switch (a->physical) {
    case FDW_BOOL:
        return (int)a->b - (int)b->b;
    case FDW_FLOAT:
    case FDW_DOUBLE:
        return compare_floats(a->f, b->f);
    case FDW_STRING:
    case FDW_BYTES:
        return compare_bytes(a, b, type == TYPE_BPCHAR);
    case FDW_UUID:
    case FDW_DECIMAL:
        return a->i128 < b->i128 ? -1 : a->i128 > b->i128;
    case FDW_INTERVAL: {
        __int128 left = interval_span(a->interval), right = interval_span(b->interval);
        return left < right ? -1 : left > right;
    }
    case FDW_UINT32: /* an integer beside an xid counts as its bits */
        return sign_of(a->i, (uint32_t)b->i);
    default:
        return sign_of(a->i, b->i);
    }
}

static bool compare_eq(FuncCall *call)
{
    return return_bool(call, compare_values(call) == 0);
}

static bool compare_ne(FuncCall *call)
{
    return return_bool(call, compare_values(call) != 0);
}

static bool compare_lt(FuncCall *call)
{
    return return_bool(call, compare_values(call) < 0);
}

static bool compare_le(FuncCall *call)
{
    return return_bool(call, compare_values(call) <= 0);
}

static bool compare_gt(FuncCall *call)
{
    return return_bool(call, compare_values(call) > 0);
}

static bool compare_ge(FuncCall *call)
{
    return return_bool(call, compare_values(call) >= 0);
}

static const FuncRow ROWS[] = {
    {F_BOOLLT_BOOL_BOOL, compare_lt},
    {F_BOOLGT_BOOL_BOOL, compare_gt},
    {F_BOOLEQ_BOOL_BOOL, compare_eq},
    {F_CHAREQ_CHAR_CHAR, compare_eq},
    {F_NAMEEQ_NAME_NAME, compare_eq},
    {F_INT2EQ_INT2_INT2, compare_eq},
    {F_INT2LT_INT2_INT2, compare_lt},
    {F_INT4EQ_INT4_INT4, compare_eq},
    {F_INT4LT_INT4_INT4, compare_lt},
    {F_TEXTEQ_TEXT_TEXT, compare_eq},
    {F_XIDEQ_XID_XID, compare_eq},
    {F_CIDEQ_CID_CID, compare_eq},
    {F_CHARNE_CHAR_CHAR, compare_ne},
    {F_CHARLE_CHAR_CHAR, compare_le},
    {F_CHARGT_CHAR_CHAR, compare_gt},
    {F_CHARGE_CHAR_CHAR, compare_ge},
    {F_BOOLNE_BOOL_BOOL, compare_ne},
    {F_INT4NE_INT4_INT4, compare_ne},
    {F_INT2NE_INT2_INT2, compare_ne},
    {F_INT2GT_INT2_INT2, compare_gt},
    {F_INT4GT_INT4_INT4, compare_gt},
    {F_INT2LE_INT2_INT2, compare_le},
    {F_INT4LE_INT4_INT4, compare_le},
    {F_INT4GE_INT4_INT4, compare_ge},
    {F_INT2GE_INT2_INT2, compare_ge},
    {F_TEXTNE_TEXT_TEXT, compare_ne},
    {F_INT24EQ_INT2_INT4, compare_eq},
    {F_INT42EQ_INT4_INT2, compare_eq},
    {F_INT24LT_INT2_INT4, compare_lt},
    {F_INT42LT_INT4_INT2, compare_lt},
    {F_INT24GT_INT2_INT4, compare_gt},
    {F_INT42GT_INT4_INT2, compare_gt},
    {F_INT24NE_INT2_INT4, compare_ne},
    {F_INT42NE_INT4_INT2, compare_ne},
    {F_INT24LE_INT2_INT4, compare_le},
    {F_INT42LE_INT4_INT2, compare_le},
    {F_INT24GE_INT2_INT4, compare_ge},
    {F_INT42GE_INT4_INT2, compare_ge},
    {F_OIDEQ_OID_OID, compare_eq},
    {F_OIDNE_OID_OID, compare_ne},
    {F_NAMEEQTEXT_NAME_TEXT, compare_eq},
    {F_NAMELTTEXT_NAME_TEXT, compare_lt},
    {F_NAMELETEXT_NAME_TEXT, compare_le},
    {F_NAMEGETEXT_NAME_TEXT, compare_ge},
    {F_NAMEGTTEXT_NAME_TEXT, compare_gt},
    {F_NAMENETEXT_NAME_TEXT, compare_ne},
    {F_TEXTEQNAME_TEXT_NAME, compare_eq},
    {F_TEXTLTNAME_TEXT_NAME, compare_lt},
    {F_TEXTLENAME_TEXT_NAME, compare_le},
    {F_TEXTGENAME_TEXT_NAME, compare_ge},
    {F_TEXTGTNAME_TEXT_NAME, compare_gt},
    {F_TEXTNENAME_TEXT_NAME, compare_ne},
    {F_FLOAT4EQ_FLOAT4_FLOAT4, compare_eq},
    {F_FLOAT4NE_FLOAT4_FLOAT4, compare_ne},
    {F_FLOAT4LT_FLOAT4_FLOAT4, compare_lt},
    {F_FLOAT4LE_FLOAT4_FLOAT4, compare_le},
    {F_FLOAT4GT_FLOAT4_FLOAT4, compare_gt},
    {F_FLOAT4GE_FLOAT4_FLOAT4, compare_ge},
    {F_FLOAT8EQ_FLOAT8_FLOAT8, compare_eq},
    {F_FLOAT8NE_FLOAT8_FLOAT8, compare_ne},
    {F_FLOAT8LT_FLOAT8_FLOAT8, compare_lt},
    {F_FLOAT8LE_FLOAT8_FLOAT8, compare_le},
    {F_FLOAT8GT_FLOAT8_FLOAT8, compare_gt},
    {F_FLOAT8GE_FLOAT8_FLOAT8, compare_ge},
    {F_FLOAT48EQ_FLOAT4_FLOAT8, compare_eq},
    {F_FLOAT48NE_FLOAT4_FLOAT8, compare_ne},
    {F_FLOAT48LT_FLOAT4_FLOAT8, compare_lt},
    {F_FLOAT48LE_FLOAT4_FLOAT8, compare_le},
    {F_FLOAT48GT_FLOAT4_FLOAT8, compare_gt},
    {F_FLOAT48GE_FLOAT4_FLOAT8, compare_ge},
    {F_FLOAT84EQ_FLOAT8_FLOAT4, compare_eq},
    {F_FLOAT84NE_FLOAT8_FLOAT4, compare_ne},
    {F_FLOAT84LT_FLOAT8_FLOAT4, compare_lt},
    {F_FLOAT84LE_FLOAT8_FLOAT4, compare_le},
    {F_FLOAT84GT_FLOAT8_FLOAT4, compare_gt},
    {F_FLOAT84GE_FLOAT8_FLOAT4, compare_ge},
    {F_INT8EQ_INT8_INT8, compare_eq},
    {F_INT8NE_INT8_INT8, compare_ne},
    {F_INT8LT_INT8_INT8, compare_lt},
    {F_INT8GT_INT8_INT8, compare_gt},
    {F_INT8LE_INT8_INT8, compare_le},
    {F_INT8GE_INT8_INT8, compare_ge},
    {F_INT84EQ_INT8_INT4, compare_eq},
    {F_INT84NE_INT8_INT4, compare_ne},
    {F_INT84LT_INT8_INT4, compare_lt},
    {F_INT84GT_INT8_INT4, compare_gt},
    {F_INT84LE_INT8_INT4, compare_le},
    {F_INT84GE_INT8_INT4, compare_ge},
    {F_NAMELT_NAME_NAME, compare_lt},
    {F_NAMELE_NAME_NAME, compare_le},
    {F_NAMEGT_NAME_NAME, compare_gt},
    {F_NAMEGE_NAME_NAME, compare_ge},
    {F_NAMENE_NAME_NAME, compare_ne},
    {F_OIDLT_OID_OID, compare_lt},
    {F_OIDLE_OID_OID, compare_le},
    {F_TEXT_LT_TEXT_TEXT, compare_lt},
    {F_TEXT_LE_TEXT_TEXT, compare_le},
    {F_TEXT_GT_TEXT_TEXT, compare_gt},
    {F_TEXT_GE_TEXT_TEXT, compare_ge},
    {F_TEXT_PATTERN_LT_TEXT_TEXT, compare_lt},
    {F_TEXT_PATTERN_LE_TEXT_TEXT, compare_le},
    {F_TEXT_PATTERN_GT_TEXT_TEXT, compare_gt},
    {F_TEXT_PATTERN_GE_TEXT_TEXT, compare_ge},
    {F_INT48EQ_INT4_INT8, compare_eq},
    {F_INT48NE_INT4_INT8, compare_ne},
    {F_INT48LT_INT4_INT8, compare_lt},
    {F_INT48GT_INT4_INT8, compare_gt},
    {F_INT48LE_INT4_INT8, compare_le},
    {F_INT48GE_INT4_INT8, compare_ge},
    {F_BPCHAREQ_BPCHAR_BPCHAR, compare_eq},
    {F_BPCHARLT_BPCHAR_BPCHAR, compare_lt},
    {F_BPCHARLE_BPCHAR_BPCHAR, compare_le},
    {F_BPCHARGT_BPCHAR_BPCHAR, compare_gt},
    {F_BPCHARGE_BPCHAR_BPCHAR, compare_ge},
    {F_BPCHARNE_BPCHAR_BPCHAR, compare_ne},
    {F_BPCHAR_PATTERN_LT_BPCHAR_BPCHAR, compare_lt},
    {F_BPCHAR_PATTERN_LE_BPCHAR_BPCHAR, compare_le},
    {F_BPCHAR_PATTERN_GT_BPCHAR_BPCHAR, compare_gt},
    {F_BPCHAR_PATTERN_GE_BPCHAR_BPCHAR, compare_ge},
    {F_DATE_EQ_DATE_DATE, compare_eq},
    {F_DATE_LT_DATE_DATE, compare_lt},
    {F_DATE_LE_DATE_DATE, compare_le},
    {F_DATE_GT_DATE_DATE, compare_gt},
    {F_DATE_GE_DATE_DATE, compare_ge},
    {F_DATE_NE_DATE_DATE, compare_ne},
    {F_TIME_LT_TIME_TIME, compare_lt},
    {F_TIME_LE_TIME_TIME, compare_le},
    {F_TIME_GT_TIME_TIME, compare_gt},
    {F_TIME_GE_TIME_TIME, compare_ge},
    {F_TIME_NE_TIME_TIME, compare_ne},
    {F_TIME_EQ_TIME_TIME, compare_eq},
    {F_TIMESTAMPTZ_EQ_TIMESTAMPTZ_TIMESTAMPTZ, compare_eq},
    {F_TIMESTAMPTZ_NE_TIMESTAMPTZ_TIMESTAMPTZ, compare_ne},
    {F_TIMESTAMPTZ_LT_TIMESTAMPTZ_TIMESTAMPTZ, compare_lt},
    {F_TIMESTAMPTZ_LE_TIMESTAMPTZ_TIMESTAMPTZ, compare_le},
    {F_TIMESTAMPTZ_GE_TIMESTAMPTZ_TIMESTAMPTZ, compare_ge},
    {F_TIMESTAMPTZ_GT_TIMESTAMPTZ_TIMESTAMPTZ, compare_gt},
    {F_INTERVAL_EQ_INTERVAL_INTERVAL, compare_eq},
    {F_INTERVAL_NE_INTERVAL_INTERVAL, compare_ne},
    {F_INTERVAL_LT_INTERVAL_INTERVAL, compare_lt},
    {F_INTERVAL_LE_INTERVAL_INTERVAL, compare_le},
    {F_INTERVAL_GE_INTERVAL_INTERVAL, compare_ge},
    {F_INTERVAL_GT_INTERVAL_INTERVAL, compare_gt},
    {F_CHARLT_CHAR_CHAR, compare_lt},
    {F_XIDEQINT4_XID_INT4, compare_eq},
    {F_BITEQ_BIT_BIT, compare_eq},
    {F_BITNE_BIT_BIT, compare_ne},
    {F_BITGE_BIT_BIT, compare_ge},
    {F_BITGT_BIT_BIT, compare_gt},
    {F_BITLE_BIT_BIT, compare_le},
    {F_BITLT_BIT_BIT, compare_lt},
    {F_OIDGT_OID_OID, compare_gt},
    {F_OIDGE_OID_OID, compare_ge},
    {F_VARBITEQ_VARBIT_VARBIT, compare_eq},
    {F_VARBITNE_VARBIT_VARBIT, compare_ne},
    {F_VARBITGE_VARBIT_VARBIT, compare_ge},
    {F_VARBITGT_VARBIT_VARBIT, compare_gt},
    {F_VARBITLE_VARBIT_VARBIT, compare_le},
    {F_VARBITLT_VARBIT_VARBIT, compare_lt},
    {F_BOOLLE_BOOL_BOOL, compare_le},
    {F_BOOLGE_BOOL_BOOL, compare_ge},
    {F_NUMERIC_EQ_NUMERIC_NUMERIC, compare_eq},
    {F_NUMERIC_NE_NUMERIC_NUMERIC, compare_ne},
    {F_NUMERIC_GT_NUMERIC_NUMERIC, compare_gt},
    {F_NUMERIC_GE_NUMERIC_NUMERIC, compare_ge},
    {F_NUMERIC_LT_NUMERIC_NUMERIC, compare_lt},
    {F_NUMERIC_LE_NUMERIC_NUMERIC, compare_le},
    {F_INT28EQ_INT2_INT8, compare_eq},
    {F_INT28NE_INT2_INT8, compare_ne},
    {F_INT28LT_INT2_INT8, compare_lt},
    {F_INT28GT_INT2_INT8, compare_gt},
    {F_INT28LE_INT2_INT8, compare_le},
    {F_INT28GE_INT2_INT8, compare_ge},
    {F_INT82EQ_INT8_INT2, compare_eq},
    {F_INT82NE_INT8_INT2, compare_ne},
    {F_INT82LT_INT8_INT2, compare_lt},
    {F_INT82GT_INT8_INT2, compare_gt},
    {F_INT82LE_INT8_INT2, compare_le},
    {F_INT82GE_INT8_INT2, compare_ge},
    {F_BYTEAEQ_BYTEA_BYTEA, compare_eq},
    {F_BYTEALT_BYTEA_BYTEA, compare_lt},
    {F_BYTEALE_BYTEA_BYTEA, compare_le},
    {F_BYTEAGT_BYTEA_BYTEA, compare_gt},
    {F_BYTEAGE_BYTEA_BYTEA, compare_ge},
    {F_BYTEANE_BYTEA_BYTEA, compare_ne},
    {F_TIMESTAMP_EQ_TIMESTAMP_TIMESTAMP, compare_eq},
    {F_TIMESTAMP_NE_TIMESTAMP_TIMESTAMP, compare_ne},
    {F_TIMESTAMP_LT_TIMESTAMP_TIMESTAMP, compare_lt},
    {F_TIMESTAMP_LE_TIMESTAMP_TIMESTAMP, compare_le},
    {F_TIMESTAMP_GE_TIMESTAMP_TIMESTAMP, compare_ge},
    {F_TIMESTAMP_GT_TIMESTAMP_TIMESTAMP, compare_gt},
    {F_UUID_LT_UUID_UUID, compare_lt},
    {F_UUID_LE_UUID_UUID, compare_le},
    {F_UUID_EQ_UUID_UUID, compare_eq},
    {F_UUID_GE_UUID_UUID, compare_ge},
    {F_UUID_GT_UUID_UUID, compare_gt},
    {F_UUID_NE_UUID_UUID, compare_ne},
    {F_XIDNEQ_XID_XID, compare_ne},
    {F_XIDNEQINT4_XID_INT4, compare_ne},
};
const FuncTable FUNC_TABLE_COMPARE = {ROWS, COUNT_OF(ROWS)};
