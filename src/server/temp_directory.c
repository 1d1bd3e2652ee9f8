/*
 * temp_directory.c - the folder of the local engine's and the cursors' temporary files.
 *
 * Invariants:
 *  1. The folder is this server's alone: inside the data directory, or in the folder that the user named under a name which only this data
 *     directory has. It can be read by nobody else.
 *  2. At the start it is empty: what a killed server left there is removed.
 * Entered by the main thread, while the data directory is locked, before any session.
 */
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "server/server.h"

enum { OPEN_FOLDERS = 16 };

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

static bool fail(const char *what, const char *path, Error *error)
{
    const char *reason = strerror(errno);
    error_set(error, ERRCODE_IO_ERROR, "could not %s the folder of temporary files \"%s\": %s", what, path, reason);
    return false;
}

const char *server_temp_directory(const ServerOptions *options, Arena *arena, Error *error)
{
    const char *path = arena_printf(arena, "%s/tmp", options->data_directory);
    if (options->temp_directory) {
        struct stat data;
        if (stat(options->data_directory, &data) != 0) {
            fail("name", options->temp_directory, error);
            return NULL;
        }
        path = arena_printf(arena, "%s/medley-%" PRIx64 "-%" PRIu64, options->temp_directory, (uint64_t)data.st_dev, (uint64_t)data.st_ino);
    }
    if (nftw(path, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT) {
        fail("empty", path, error);
        return NULL;
    }
    if (mkdir(path, 0700) != 0) {
        fail("make", path, error);
        return NULL;
    }
    return path;
}
