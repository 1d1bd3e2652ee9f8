/*
 * view_internal.h - CREATE VIEW's parts.
 */
#ifndef MEDLEY_COMMAND_VIEW_INTERNAL_H
#define MEDLEY_COMMAND_VIEW_INTERNAL_H

#include "command/table_internal.h"

/* Why the query of a view cannot be written through, in PostgreSQL's words; NULL: it can (manual, CREATE VIEW, "Updatable Views"). */
const char *view_not_updatable(Command *command, const Query *query);
/* WITH (...) of a view to the stored array (NULL: none); merged with `old`, an option without a value of `reset` removed. */
bool view_options(Command *command, const char *old, NodeList items, size_t count, bool reset, const char *check_option,
                  const char **stored) MUST_CHECK;
/* Whether the stored options ask that writes be checked. */
bool view_has_check_option(const char *stored);

#endif
