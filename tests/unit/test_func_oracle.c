/*
 * test_func_oracle.c - every call of data/functions.tsv (asked of PostgreSQL 15 by data/make_functions) answered the same.
 *
 * With --list: the OIDs of the functions that may be asked.
 */
#include <stdlib.h>

#include "func/func.h"
#include "unit.h"

enum { COLUMN_OID, COLUMN_ZONE, COLUMN_STATE, COLUMN_TEXT, COLUMN_ARGS, NCOLUMNS = COLUMN_ARGS + 10 };

static Arena *arena;
static int ncases, nwrong, nrefused;

/* Undoes the file's escapes in place; \N alone is NULL. */
static char *unescape(char *field)
{
    if (strcmp(field, "\\N") == 0)
        return NULL;
    char *to = field;
    for (char *from = field; *from; from++) {
        if (*from == '\\' && from[1]) {
            from++;
            *to++ = *from == 't' ? '\t' : *from == 'n' ? '\n' : *from == 'r' ? '\r' : *from;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return field;
}

static void complain(char **fields, int nargs, const char *got)
{
    const FuncFact *fact = func_fact((Oid)strtoul(fields[COLUMN_OID], NULL, 10));
    nwrong++;
    printf("# %s(", fact->name);
    for (int i = 0; i < nargs; i++)
        printf("%s'%s'", i ? ", " : "", fields[COLUMN_ARGS + i]);
    printf(") [%s]: \"%s\", PostgreSQL says %s \"%s\"\n", fields[COLUMN_ZONE], got ? got : "(null)", fields[COLUMN_STATE],
           fields[COLUMN_TEXT] ? fields[COLUMN_TEXT] : "(null)");
}

/* Constants arrive in canonical form, as from analysis. */
static bool canonical_args(const FuncFact *fact, char **fields, const char **args)
{
    for (int i = 0; i < fact->nargs; i++) {
        Error error;
        error_init(&error, arena);
        Oid type = fact->arg_types[i] == TYPE_ANYARRAY ? TYPE_TEXT_ARRAY : fact->arg_types[i];
        if (!type_canonical(type, -1, fields[COLUMN_ARGS + i], &TYPE_CONTEXT_CANONICAL, arena, &args[i], &error))
            return false;
    }
    return true;
}

static void check_case(char **fields)
{
    const FuncFact *fact = func_fact((Oid)strtoul(fields[COLUMN_OID], NULL, 10));
    const char *args[10], *out = NULL;
    TypeContext types = TYPE_CONTEXT_CANONICAL;
    types.time_zone = timezone_find(fields[COLUMN_ZONE]);
    FuncContext context = {.types = &types};
    Error error;
    error_init(&error, arena);
    if (!canonical_args(fact, fields, args)) {
        complain(fields, fact->nargs, "argument not accepted");
        return;
    }
    ncases++;
    Oid return_type = fact->return_type;
    if (!func_fold(fact->proc, &context, return_type, fact->arg_types, args, fact->nargs, arena, &out, &error)) {
        if (str_eq(error.sqlstate, ERRCODE_FEATURE_NOT_SUPPORTED) && !str_eq(fields[COLUMN_STATE], ERRCODE_FEATURE_NOT_SUPPORTED))
            nrefused++;
        else if (!str_eq(error.sqlstate, fields[COLUMN_STATE]) || !str_eq(error.message, fields[COLUMN_TEXT]))
            complain(fields, fact->nargs, arena_printf(arena, "%s %s", error.sqlstate, error.message));
    } else if (!str_eq(fields[COLUMN_STATE], "00000") || !str_eq(out, fields[COLUMN_TEXT])) {
        complain(fields, fact->nargs, out);
    }
}

static void check_line(char *line)
{
    char *fields[NCOLUMNS];
    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < NCOLUMNS; i++) {
        fields[i] = strsep(&line, "\t");
        fields[i] = fields[i] ? unescape(fields[i]) : NULL;
    }
    check_case(fields);
}

static void functions_answer_as_postgresql_does(void)
{
    FILE *file = fopen(TEST_DATA "/functions.tsv", "r");
    CHECK(file != NULL);
    char *line = NULL;
    size_t size = 0;
    while (file && getline(&line, &size, file) > 0) {
        check_line(line);
        arena_reset(arena);
    }
    if (file)
        fclose(file);
    free(line);
    printf("# %d calls, %d wrong answers, %d refused with 0A000\n", ncases, nwrong, nrefused);
    CHECK(ncases > 4000);
    CHECK(nwrong == 0);
    CHECK(nrefused < ncases / 50);
}

static int list(void)
{
    FuncEntry *entries;
    size_t count = func_list(arena, &entries);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].is_scalar && !entries[i].fact->returns_set)
            printf("%u\n", entries[i].fact->proc);
    }
    return 0;
}

int main(int argc, char **argv)
{
    arena = arena_open(NULL);
    if (argc > 1 && strcmp(argv[1], "--list") == 0)
        return list();
    RUN(functions_answer_as_postgresql_does);
    arena_close(arena);
    return UNIT_RESULT();
}
