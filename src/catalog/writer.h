/*
 * writer.h - the one writer of the catalog, as those see it who would rather not wait for it.
 */
#ifndef MEDLEY_CATALOG_WRITER_H
#define MEDLEY_CATALOG_WRITER_H

#include "catalog/catalog.h"

/* Whether nobody has the writer, or waits for it, just now. */
bool catalog_write_is_free(Catalog *catalog);

#endif
