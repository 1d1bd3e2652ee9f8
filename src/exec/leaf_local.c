/*
 * leaf_local.c - leaves whose rows are Medley's own: the system catalogs, and functions that make their rows up.
 *
 * Invariants:
 *  1. A catalog cell is stored as catalog.h says: integers and booleans as integers, all else as canonical text.
 *  2. A scan that has said it is at its end is not asked again: it would begin anew.
 *  3. A function's rows are collected once, when the first batch is asked for; they live as long as the part. A series is made a batch
 *     at a time: from its last value it goes on as from its first.
 * Threads: the one that claimed the part.
 */
#include <string.h>

#include "exec/leaf.h"

static bool put_text(LeafPart *part, FdwVector *vector, size_t row, const char *text, size_t len)
{
    Value value;
    Arena *scratch = arena_open(NULL);
    bool done = type_input(vector->type.oid, vector->type.typmod, text, len, &TYPE_CONTEXT_CANONICAL, scratch, &value, &part->error);
    if (done)
        type_vector_set(vector, row, &value, batch_set_string);
    arena_close(scratch);
    return done;
}

static bool put_cell(LeafPart *part, FdwVector *vector, size_t row, const CatalogCell *cell)
{
    switch (vector->type.physical) {
    case FDW_BOOL:
        ((uint8_t *)vector->data)[row] = cell->i != 0;
        return true;
    case FDW_INT16:
        ((int16_t *)vector->data)[row] = (int16_t)cell->i;
        return true;
    case FDW_INT32:
        ((int32_t *)vector->data)[row] = (int32_t)cell->i;
        return true;
    case FDW_INT64:
        ((int64_t *)vector->data)[row] = cell->i;
        return true;
    case FDW_UINT32:
        ((uint32_t *)vector->data)[row] = (uint32_t)cell->i;
        return true;
    case FDW_FLOAT:
        ((float *)vector->data)[row] = (float)cell->d;
        return true;
    case FDW_DOUBLE:
        ((double *)vector->data)[row] = cell->d;
        return true;
    case FDW_STRING:
        batch_set_string(vector, row, cell->text, cell->len);
        return true;
    default:
        return put_text(part, vector, row, cell->text, cell->len);
    }
}

bool leaf_catalog_next(LeafPart *part, FdwBatch *batch)
{
    if (!part->catalog_scan) {
        const FuncContext *context = part->run->execution->request.functions;
        CatalogFunctions functions = catalog_functions(context);
        part->catalog_scan = catalog_scan_open(context->catalog, part->run->leaf->sql, &functions, &part->error);
        if (!part->catalog_scan)
            return false;
    }
    size_t row = 0;
    for (; row < batch->capacity && !part->catalog_done; row++) {
        const CatalogCell *cells;
        if (!catalog_scan_next(part->catalog_scan, &cells, &part->error))
            return false;
        if (!cells) {
            part->catalog_done = true;
            break;
        }
        for (size_t i = 0; i < batch->nvectors; i++) {
            if (cells[i].is_null)
                fdw_set_null(&batch->vectors[i], row);
            else if (!put_cell(part, &batch->vectors[i], row, &cells[i]))
                return false;
        }
    }
    batch->count = row;
    return true;
}

/* ---- functions ---- */

typedef struct FunctionRows {
    LeafPart *part;
    Arena *arena; /* of the rows: a series' are let go batch by batch */
    FuncSetImpl impl;
    FuncSetCall set;
    size_t ncolumns, next, most, skipped;
    int64_t ordinal; /* rows given, for WITH ORDINALITY */
    bool resumes, at_end;
    VEC(Value) values; /* row-major */
} FunctionRows;

static bool collect_row(void *sink, const Value *row, size_t ncolumns)
{
    FunctionRows *rows = sink;
    if (rows->skipped) {
        rows->skipped--;
        return true;
    }
    for (size_t i = 0; i < rows->ncolumns; i++) {
        Value value = i < ncolumns ? row[i] : (Value){.is_null = true};
        if (!value.is_null && (value.physical == FDW_STRING || value.physical == FDW_BYTES))
            value.s.ptr = arena_strndup(rows->arena, value.s.ptr, value.s.len);
        vec_push(rows->arena, &rows->values, value);
    }
    rows->at_end = rows->values.count < rows->most * rows->ncolumns;
    return rows->at_end && !execution_cancelled(rows->part->run->execution);
}

/* false with no error set: a strict function was given NULL, there are no rows. */
static bool constant_args(LeafPart *part, const Expr *call, FuncCall *out)
{
    const FuncFact *fact = func_fact(call->oid);
    Value *values = ARENA_ARRAY(part->arena, Value, call->nargs);
    Oid *types = ARENA_ARRAY(part->arena, Oid, call->nargs);
    for (int i = 0; i < call->nargs; i++) {
        const Expr *arg = call->args[i];
        types[i] = arg->type;
        if (arg->kind != EXPR_CONST)
            return error_set(&part->error, ERRCODE_INTERNAL_ERROR, "argument %d of a leaf's function is no constant", i + 1);
        if (!arg->u.value && fact && fact->strict)
            return false;
        if (!arg->u.value)
            values[i] = (Value){.is_null = true, .physical = type_layout(arg->type, -1).physical};
        else if (!type_input(arg->type, -1, arg->u.value, strlen(arg->u.value), &TYPE_CONTEXT_CANONICAL, part->arena, &values[i],
                             &part->error))
            return false;
    }
    out->args = values;
    out->arg_types = types;
    out->nargs = call->nargs;
    return true;
}

static bool is_series(Oid proc)
{
    return proc == F_GENERATE_SERIES_TIMESTAMP_TIMESTAMP_INTERVAL || proc == F_GENERATE_SERIES_TIMESTAMPTZ_TIMESTAMPTZ_INTERVAL ||
           proc == F_GENERATE_SERIES_NUMERIC_NUMERIC || proc == F_GENERATE_SERIES_NUMERIC_NUMERIC_NUMERIC;
}

static bool open_function(LeafPart *part)
{
    const Leaf *leaf = part->run->leaf;
    FunctionRows *rows = part->function_rows = ARENA_NEW(part->arena, FunctionRows);
    rows->part = part;
    rows->impl = func_find_set(leaf->function->oid);
    if (!rows->impl)
        return error_set(&part->error, ERRCODE_INTERNAL_ERROR, "no rows are known of function %u", leaf->function->oid);
    rows->ncolumns = (size_t)leaf->ncolumns - leaf->with_ordinality;
    rows->resumes = is_series(leaf->function->oid);
    rows->most = rows->resumes ? BATCH_ROWS : SIZE_MAX / (rows->ncolumns + 1);
    rows->set = (FuncSetCall){.emit = collect_row, .sink = rows};
    rows->set.call = (FuncCall){.context = part->run->execution->request.functions,
                                .proc = leaf->function->oid,
                                .return_type = leaf->function->type,
                                .ascii = func_letters(leaf->function->oid) &&
                                         expr_has_ascii_letters(part->run->execution->request.functions->catalog, leaf->function),
                                .error = &part->error};
    rows->at_end = !constant_args(part, leaf->function, &rows->set.call);
    return !error_is_set(&part->error);
}

/* The rows after those that were taken. */
static bool collect_more(FunctionRows *rows)
{
    Arena *arena = arena_open(rows->part->arena), *before = rows->arena;
    if (rows->resumes && rows->values.count) {
        Value *args = ARENA_ARRAY(arena, Value, rows->set.call.nargs);
        memcpy(args, rows->set.call.args, sizeof(Value) * (size_t)rows->set.call.nargs);
        args[0] = rows->values.items[rows->values.count - 1];
        if (args[0].physical == FDW_STRING)
            args[0].s.ptr = arena_strndup(arena, args[0].s.ptr, args[0].s.len);
        rows->set.call.args = args;
        rows->skipped = 1;
    }
    rows->values.items = NULL;
    rows->values.count = rows->values.cap = rows->next = 0;
    rows->set.call.arena = rows->arena = arena;
    rows->at_end = true;
    if (before)
        arena_close(before);
    return rows->impl(&rows->set);
}

static void put_value(FdwVector *vector, size_t row, const Value *value)
{
    if (value->is_null)
        fdw_set_null(vector, row);
    else
        type_vector_set(vector, row, value, batch_set_string);
}

bool leaf_function_next(LeafPart *part, FdwBatch *batch)
{
    if (!part->function_rows && !open_function(part))
        return false;
    FunctionRows *rows = part->function_rows;
    if (rows->next == rows->values.count && !rows->at_end && !collect_more(rows))
        return false;
    size_t row = 0;
    for (; row < batch->capacity && rows->next < rows->values.count; row++) {
        for (size_t i = 0; i < rows->ncolumns; i++)
            put_value(&batch->vectors[i], row, &rows->values.items[rows->next++]);
        if (part->run->leaf->with_ordinality)
            ((int64_t *)batch->vectors[rows->ncolumns].data)[row] = ++rows->ordinal;
    }
    batch->count = row;
    return true;
}
