/*
 * names.h - stored texts over a change of a name that they mention.
 */
#ifndef MEDLEY_COMMAND_NAMES_H
#define MEDLEY_COMMAND_NAMES_H

#include "command/body_text.h"

typedef struct NamedItem {
    const Expr *expr;
    const char *tail; /* what follows it in the text */
} NamedItem;

typedef struct NamedText {
    size_t kind;
    Oid oid, relation, domain;
    VEC(NamedItem) items;
} NamedText;

typedef struct NamedTexts {
    VEC(NamedText) texts;
    ViewDefinitions views;
    RoutineBodies bodies;
} NamedTexts;

/* Before the change: all that mentions the name. */
bool names_read(Command *command, const char *name, NamedTexts *out) MUST_CHECK;
/* The same of a relation's own name, or a column's. */
bool names_read_relation(Command *command, const char *name, Oid relation, NamedTexts *out) MUST_CHECK;
/* What reads the relation's rows: its columns are to be more, or fewer. */
bool names_read_columns(Command *command, Oid relation, NamedTexts *out) MUST_CHECK;
/* After it. */
bool names_write(Command *command, const NamedTexts *named) MUST_CHECK;
/* Between them: what is no object of its own. */
void names_change_label(Command *command, const NamedTexts *named, Oid type, const char *old, const char *new);

#endif
