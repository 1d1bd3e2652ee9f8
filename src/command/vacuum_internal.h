/*
 * vacuum_internal.h - what vacuum.c and analyze.c share: one running VACUUM or ANALYZE.
 */
#ifndef MEDLEY_COMMAND_VACUUM_INTERNAL_H
#define MEDLEY_COMMAND_VACUUM_INTERNAL_H

#include "command/command_internal.h"

typedef struct Vacuum {
    Command *command;
    bool vacuum, analyze, verbose, full, skips_pages_never, process_toast;
    int64_t parallel;
} Vacuum;

/* Of a relation that is left out; why may hold a %s, for "vacuum" or "analyze". */
void vacuum_warn(const Vacuum *vacuum, const char *name, const char *why);
/* item NULL: all columns. */
bool analyze_relation(const Vacuum *vacuum, const PgQuery__VacuumRelation *item, const CatRelation *relation) MUST_CHECK;
/* Rows and pages as they are now into pg_class. */
bool analyze_count(Command *command, Oid relation) MUST_CHECK;
static inline bool vacuum_is_table(char kind)
{
    return kind == 'r' || kind == 'm' || kind == 'p';
}

#endif
