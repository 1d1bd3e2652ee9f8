/*
 * row_store.h - rows kept for later: of cursors that go back, or outlive their transaction.
 *
 * Rows are numbered from 1 in the order they were added. What does not fit into the memory allowed lies in a file without a name, which
 * is gone with the store.
 */
#ifndef MEDLEY_SESSION_ROW_STORE_H
#define MEDLEY_SESSION_ROW_STORE_H

#include "type/type.h"

typedef struct RowStore RowStore;

/* directory: for the file, made when absent. */
RowStore *row_store_open(int ncolumns, size_t memory_limit, int64_t file_limit, const char *directory);
void row_store_close(RowStore *store);
bool row_store_add(RowStore *store, const FdwBatch *batch, size_t first, size_t count, Error *error) MUST_CHECK;
uint64_t row_store_count(const RowStore *store);
/* One value a column; their bytes are borrowed until the next call. */
bool row_store_get(RowStore *store, uint64_t row, Value *values, Error *error) MUST_CHECK;

#endif
