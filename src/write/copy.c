/*
 * copy.c - COPY FROM: rows come one by one into a work table, and are inserted from there; an error about one of them finds its line.
 *
 * Entered by the session's worker only.
 */
#include "sql/copy.h"
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

/* A value, from 1, or the line behind them all. */
static const char *read_cell(CopyRows *copy, int64_t row, int column, Error *error)
{
    Write *write = &copy->write;
    Query *query = fetch_over(write, NULL);
    FetchedRows rows;
    Error *was = write->error;
    write->error = error;
    int work = work_add(write, query, &write->work);
    fetch_add_target(query, fetch_var(write, query, work, column));
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, work), fetch_int8(write, row)));
    bool done = fetch_all(write, query, &rows);
    write->error = was;
    return done && rows.count ? rows.items[0][0] : NULL;
}

const char *write_copy_line(CopyRows *copy, int64_t row, Error *error)
{
    return read_cell(copy, row, copy->ncolumns, error);
}

/* Reads, as values of the table's columns, the texts of users' types in these columns of these rows. */
static bool read_texts(CopyRows *copy, const CopyTexts *texts, int column, int ncolumns, int64_t row, int64_t nrows)
{
    Write *write = &copy->write;
    AnalyzeContext context = {.catalog = write->catalog, .functions = write->context->plan->functions, .text = ""};
    Query *query = fetch_over(write, NULL);
    int work = work_add(write, query, &write->work);
    for (int i = column; i < column + ncolumns; i++) {
        const CatColumn *wanted = &texts->relation->columns[texts->columns[i] - 1];
        const CatType *type = wanted->type < FIRST_USER_OID ? NULL : catalog_type(write->catalog, wanted->type);
        if (!type || type->kind == 'c') /* rows are read as they come */
            continue;
        Expr *read = sql_from_text(fetch_var(write, query, work, i + 1), wanted, &context, write->arena, write->error);
        if (!read)
            return !error_is_set(write->error);
        fetch_add_target(query, read);
    }
    const int64_t bounds[] = {row - 1, row + nrows};
    for (int i = 0; i < 2; i++)
        fetch_add_condition(write, query,
                            fetch_compare(write, i ? OPERATOR_INT8_LESS : OPERATOR_INT8_GREATER, fetch_row_number(write, work),
                                          fetch_int8(write, bounds[i])));
    return !query->ntargets || fetch_compute(write, query);
}

bool write_copy_unread(CopyRows *copy, CopyTexts *texts, Error *error)
{
    int64_t row = copy->first, nrows = (int64_t)texts->nrows;
    int ncolumns = copy->ncolumns - 1, column = 0;
    Error *was = copy->write.error, other;
    error_init(&other, copy->write.arena);
    copy->write.error = &other;
    bool found = nrows && !read_texts(copy, texts, 0, ncolumns, row, nrows);
    while (found && nrows > 1) {
        int64_t half = nrows / 2;
        error_clear(&other);
        bool later = read_texts(copy, texts, 0, ncolumns, row, half);
        row += later ? half : 0;
        nrows = later ? nrows - half : half;
    }
    error_clear(&other);
    while (found && column < ncolumns && read_texts(copy, texts, column, 1, row, 1))
        column++;
    found = found && column < ncolumns;
    if (found) {
        error_clear(error);
        (void)error_copy(error, &other);
        error_clear(&other);
        texts->row = row;
        texts->column = column;
        texts->text = read_cell(copy, row, column + 1, &other);
    }
    copy->write.error = was;
    return found;
}
