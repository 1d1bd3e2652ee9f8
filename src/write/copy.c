/*
 * copy.c - COPY FROM: rows come one by one into a work table, and are inserted from there; an error about one of them finds its line.
 *
 * Entered by the session's worker only.
 */
#include "write/internal.h"

struct CopyRows {
    Write write; /* for queries over the work table */
    StoreAppend *append;
    PlanColumn *columns; /* the last one: the line as it came */
    int ncolumns;
    int64_t first; /* number of the first row */
};

CopyRows *write_copy_open(const WriteContext *context, const PlanColumn *columns, int ncolumns, Arena *arena, Error *error)
{
    CopyRows *copy = ARENA_NEW(arena, CopyRows);
    *copy = (CopyRows){.write = {.context = context, .catalog = context->plan->catalog, .arena = arena, .error = error}};
    copy->columns = ARENA_ARRAY(arena, PlanColumn, ncolumns + 1);
    for (int i = 0; i < ncolumns; i++)
        copy->columns[i] = columns[i];
    copy->columns[ncolumns] = (PlanColumn){.name = "line", .type = TYPE_TEXT, .typmod = -1};
    copy->ncolumns = ncolumns + 1;
    int64_t work;
    if (!exec_work_make(context->engine, copy->columns, copy->ncolumns, arena, &work, error))
        return NULL;
    work_own(&copy->write, work);
    copy->write.work = work_table(&copy->write, work, copy->columns, copy->ncolumns);
    copy->append = exec_append_open(context->engine, work, copy->columns, copy->ncolumns, arena, error);
    return copy->append ? copy : NULL;
}

Rte *write_copy_rte(CopyRows *copy)
{
    Query *query = fetch_over(&copy->write, NULL);
    int index = work_add(&copy->write, query, &copy->write.work);
    return query->rtes[index];
}

bool write_copy_row(CopyRows *copy, Value *values, const char *line, size_t len, Error *error)
{
    int64_t number;
    values[copy->ncolumns - 1] = (Value){.physical = FDW_STRING, .s = {line, len}};
    if (!exec_append_row(copy->append, values, &number, error))
        return false;
    if (!copy->first)
        copy->first = number;
    return true;
}

bool write_copy_end(CopyRows *copy, Error *error)
{
    return exec_append_end(copy->append, error);
}

size_t write_copy_place(const CopyRows *copy, int64_t row)
{
    return row >= copy->first && copy->first ? (size_t)(row - copy->first) : 0;
}

const char *write_copy_line(CopyRows *copy, int64_t row, Error *error)
{
    Write *write = &copy->write;
    Query *query = fetch_over(write, NULL);
    FetchedRows rows;
    Error *was = write->error;
    write->error = error;
    int work = work_add(write, query, &write->work);
    fetch_add_target(query, fetch_var(write, query, work, copy->ncolumns));
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, work), fetch_int8(write, row)));
    bool done = fetch_all(write, query, &rows);
    write->error = was;
    return done && rows.count ? rows.items[0][0] : NULL;
}
