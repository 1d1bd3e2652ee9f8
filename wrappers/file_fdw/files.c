/*
 * files.c - which files a table's option filename names: the one of that name, or those that match it as a pattern of glob(7).
 *
 * Invariants:
 *  1. A file that exists under the literal name is that one file, whatever characters the name has.
 *  2. The files of one part are chosen by their names alone, so that parts stay disjoint although files come and go between their openings.
 *
 * Any thread: nothing here has state.
 */
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "file_fdw.h"

/* The files that match; none: the name is no pattern, or nothing matches it. false: a directory could not be read. */
static bool match(const char *filename, glob_t *found)
{
    struct stat status;
    *found = (glob_t){0};
    if (!strpbrk(filename, "*?[") || lstat(filename, &status) == 0)
        return true;
    int result = glob(filename, GLOB_ERR, NULL, found);
    return result == 0 || result == GLOB_NOMATCH;
}

bool files_expand(FdwCall *call, const char *filename, Files *out)
{
    glob_t found;
    bool ok = match(filename, &found) || file_fail(call, "58030", "could not find the files that match \"%s\"", filename);
    *out = (Files){.count = found.gl_pathc ? found.gl_pathc : 1};
    out->names = call->host->alloc(call, out->count * sizeof *out->names);
    out->names[0] = filename; /* when nothing matches, opening it says what is wrong */
    for (size_t i = 0; i < found.gl_pathc; i++)
        out->names[i] = file_text(call, "%s", found.gl_pathv[i]);
    globfree(&found);
    return ok;
}

void files_share(Files *files, size_t share, size_t shares)
{
    size_t kept = 0;
    for (size_t i = 0; i < files->count; i++) {
        uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
        for (const unsigned char *c = (const unsigned char *)files->names[i]; *c; c++)
            hash = (hash ^ *c) * UINT64_C(1099511628211);
        if (hash % shares == share)
            files->names[kept++] = files->names[i];
    }
    files->count = kept;
}

int64_t files_size(const char *filename)
{
    glob_t found;
    struct stat status;
    int64_t size = match(filename, &found) && found.gl_pathc ? 0 : stat(filename, &status) == 0 ? status.st_size : -1;
    for (size_t i = 0; i < found.gl_pathc && size >= 0; i++)
        size = stat(found.gl_pathv[i], &status) == 0 ? size + status.st_size : -1;
    globfree(&found);
    return size;
}
