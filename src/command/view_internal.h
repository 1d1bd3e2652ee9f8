/*
 * view_internal.h - CREATE VIEW's parts.
 */
#ifndef MEDLEY_COMMAND_VIEW_INTERNAL_H
#define MEDLEY_COMMAND_VIEW_INTERNAL_H

#include "command/table_internal.h"

/* CHECK OPTION among these asks for a view that can be written through. */
bool view_check_options(Command *command, Oid view, const char *options) MUST_CHECK;
/* What it is a view of; false: it cannot be written through. */
bool view_base(Command *command, const Query *query, FuncViewBase *out);
/* Whether the stored options ask that writes be checked. */
bool view_has_check_option(const char *stored);
/* The rule of a view or materialized view, what its query depends on, and its definition. */
bool view_store_rule(Command *command, Oid view, const Query *query) MUST_CHECK;
/* Before the catalog changes: makes the query independent of the relations' records, which a change ends. Always true. */
/* Whether it reads temporary relations; before the records end. */
bool query_is_temporary(Command *command, const Query *query);
bool view_keep_relations(const Query *query, void *arena);

#endif
