/*
 * explain_int.h - an EXPLAIN as one tree of labels and values, written in any of the four formats.
 */
#ifndef MEDLEY_PLAN_EXPLAIN_INT_H
#define MEDLEY_PLAN_EXPLAIN_INT_H

#include "plan/internal.h"

typedef struct ExplainItem {
    const char *label; /* "Remote SQL" */
    enum { ITEM_TEXT, ITEM_NUMBER, ITEM_LIST } kind;
    const char *value;        /* text, or the number as it is written */
    const char *const *items; /* ITEM_LIST */
    size_t nitems;
    bool only_machine; /* text shows it in the node's heading, or not at all */
} ExplainItem;

/* What stands below a node: the operators of a local query, and the plans whose rows it reads. */
typedef enum ExplainGroup { GROUP_OPERATORS, GROUP_PLANS } ExplainGroup;
enum { EXPLAIN_GROUPS = 2 };

typedef struct ExplainNode {
    const char *heading; /* text: the node's first line */
    VEC(ExplainItem) items;
    VEC(struct ExplainNode *) children[EXPLAIN_GROUPS];
} ExplainNode;

typedef struct ExplainTree {
    ExplainNode *plan;
    VEC(ExplainItem) settings, summary;
} ExplainTree;

void explain_write(const ExplainTree *tree, const ExplainOptions *options, Arena *arena, StrList *lines);

#endif
