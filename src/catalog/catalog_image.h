/*
 * catalog_image.h - the SQLite file a fresh data directory starts with, as tools/make_catalog put it into the program.
 */
#ifndef MEDLEY_CATALOG_IMAGE_H
#define MEDLEY_CATALOG_IMAGE_H

extern const unsigned char catalog_image[];
extern const unsigned char catalog_image_end[];

#endif
