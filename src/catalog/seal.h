/*
 * seal.h - what others may have of the sealing key.
 */
#ifndef MEDLEY_CATALOG_SEAL_H
#define MEDLEY_CATALOG_SEAL_H

#include "catalog/catalog.h"

/* A key of its own for that purpose, always the same for one data directory; it tells nothing of the sealing key. */
void catalog_store_derive(const CatalogStore *store, const char *purpose, unsigned char out[32]);

#endif
