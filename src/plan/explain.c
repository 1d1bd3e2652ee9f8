/*
 * explain.c - EXPLAIN: a plan as a tree of labels and values.
 *
 * The shape is Medley's own, since its plans differ from PostgreSQL's by nature: a scan a leaf, above them the local query when there is
 * one. What was kept local is said on the leaf that could not take it, why the whole was not relayed on the top.
 *
 * Invariants:
 *  1. No option's value is shown but those the wrapper's own explain() gives: secrets cannot get in.
 *  2. Nothing is connected to.
 * Threads: the session's own.
 */
#include "plan/explain_int.h"

typedef struct Explainer {
    const Plan *plan;
    const ExplainOptions *options;
    PlanContext *context;
    Arena *arena;
} Explainer;

static void add_item(const Explainer *explainer, ExplainNode *node, ExplainItem item)
{
    vec_push(explainer->arena, &node->items, item);
}

static void add_text(const Explainer *explainer, ExplainNode *node, const char *label, const char *value)
{
    if (value)
        add_item(explainer, node, (ExplainItem){.label = label, .kind = ITEM_TEXT, .value = value});
}

static void add_heading(const Explainer *explainer, ExplainNode *node, const char *label, const char *value)
{
    if (value)
        add_item(explainer, node, (ExplainItem){.label = label, .kind = ITEM_TEXT, .value = value, .only_machine = true});
}

static void add_number(const Explainer *explainer, ExplainNode *node, const char *label, const char *value)
{
    add_item(explainer, node, (ExplainItem){.label = label, .kind = ITEM_NUMBER, .value = value, .only_machine = true});
}

static void add_reasons(const Explainer *explainer, ExplainNode *node, const char *label, const LeafReason *reasons, int count)
{
    const char **texts = ARENA_ARRAY(explainer->arena, const char *, count + 1);
    for (int i = 0; i < count; i++)
        texts[i] = reasons[i].text;
    if (count)
        add_item(explainer, node, (ExplainItem){.label = label, .kind = ITEM_LIST, .items = texts, .nitems = (size_t)count});
}

/* ---- a leaf ---- */

typedef VEC(const Rte *) RteList;

static bool collect_relations(const Query *query, void *arg)
{
    RteList *found = ((void **)arg)[0];
    Arena *arena = ((void **)arg)[1];
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_RELATION)
            vec_push(arena, found, (const Rte *)query->rtes[i]);
    return query_walk_queries(query, collect_relations, arg);
}

static const char *relation_name(const Explainer *explainer, const Rte *rte)
{
    const char *name = catalog_quote_identifier(explainer->context->catalog, rte->relation->name, explainer->arena);
    const char *schema = catalog_quote_identifier(explainer->context->catalog, rte->relation->schema, explainer->arena);
    const char *full = explainer->options->verbose ? arena_printf(explainer->arena, "%s.%s", schema, name) : name;
    if (rte->alias && !str_eq(rte->alias, rte->relation->name))
        return arena_printf(explainer->arena, "%s %s", full,
                            catalog_quote_identifier(explainer->context->catalog, rte->alias, explainer->arena));
    return full;
}

static int width_of(const FdwType *columns, int count)
{
    int width = 0;
    for (int i = 0; i < count; i++)
        width += columns[i].physical == FDW_STRING || columns[i].physical == FDW_BYTES ? 32 : columns[i].physical >= FDW_INT64 ? 8 : 4;
    return width;
}

/* "(rows=100 width=8) (actual time=0.100..2.000 rows=90)" for the heading; numbers apart for machines. */
static const char *figures(const Explainer *explainer, ExplainNode *node, const Leaf *leaf, const LeafActual *actual)
{
    Str text;
    Arena *arena = explainer->arena;
    str_init(&text, arena);
    if (explainer->options->costs) {
        const char *rows = arena_printf(arena, "%.0f", leaf->rows),
                   *width = arena_printf(arena, "%d", width_of(leaf->columns, leaf->ncolumns));
        add_number(explainer, node, "Plan Rows", rows);
        add_number(explainer, node, "Plan Width", width);
        str_addf(&text, "  (rows=%s width=%s)", rows, width);
    }
    if (!actual || leaf->kind == LEAF_STORED) /* the engine's own operator reads it, and counts */
        return text.data;
    str_addf(&text, "%s(actual", explainer->options->costs ? " " : "  ");
    if (explainer->options->timing) {
        add_number(explainer, node, "Actual Startup Time", arena_printf(arena, "%.3f", actual->first_row_ms));
        add_number(explainer, node, "Actual Total Time", arena_printf(arena, "%.3f", actual->total_ms));
        str_addf(&text, " time=%.3f..%.3f", actual->first_row_ms, actual->total_ms);
    }
    add_number(explainer, node, "Actual Rows", arena_printf(arena, "%llu", (unsigned long long)actual->rows));
    add_number(explainer, node, "Actual Bytes", arena_printf(arena, "%llu", (unsigned long long)actual->bytes));
    add_number(explainer, node, "Connections", arena_printf(arena, "%d", actual->parts));
    str_addf(&text, " rows=%llu bytes=%llu connections=%d)", (unsigned long long)actual->rows, (unsigned long long)actual->bytes,
             actual->parts);
    return text.data;
}

typedef struct WrapperLines {
    const Explainer *explainer;
    ExplainNode *node;
} WrapperLines;

static void wrapper_line(void *arg, const char *label, const char *text)
{
    WrapperLines *lines = arg;
    add_text(lines->explainer, lines->node, arena_strdup(lines->explainer->arena, label), arena_strdup(lines->explainer->arena, text));
}

static void add_filters(const Explainer *explainer, ExplainNode *node, const Leaf *leaf)
{
    static const char *const NAMES[] = {[FDW_EQ] = "= ", [FDW_NE] = "<> ", [FDW_LT] = "< ",           [FDW_LE] = "<= ",
                                        [FDW_GT] = "> ", [FDW_GE] = ">= ", [FDW_IS_NULL] = "IS NULL", [FDW_IS_NOT_NULL] = "IS NOT NULL"};
    const char **texts = ARENA_ARRAY(explainer->arena, const char *, leaf->spec.nfilters + 1);
    for (size_t i = 0; i < leaf->spec.nfilters; i++) {
        const FdwFilter *filter = &leaf->spec.filters[i];
        texts[i] = arena_printf(explainer->arena, "%s %s%s%s%s", leaf->spec.table->columns[filter->column].name, NAMES[filter->compare],
                                filter->text ? "'" : "", filter->text ? filter->text : "", filter->text ? "'" : "");
    }
    if (leaf->spec.nfilters)
        add_item(explainer, node,
                 (ExplainItem){.label = "Remote Filter", .kind = ITEM_LIST, .items = texts, .nitems = leaf->spec.nfilters});
}

static void add_foreign(const Explainer *explainer, ExplainNode *node, const Leaf *leaf, const LeafActual *actual)
{
    add_text(explainer, node, "Server", leaf->target->server->name);
    if (actual)
        add_text(explainer, node, "Remote User", actual->remote_user);
    const FdwModule *module = leaf->target->module;
    WrapperLines lines = {explainer, node};
    if (module->explain && leaf->spec.table)
        module->explain(leaf->spec.table, explainer->options->costs, wrapper_line, &lines);
    add_filters(explainer, node, leaf);
    if (leaf->spec.limit >= 0)
        add_text(explainer, node, "Remote Limit", arena_printf(explainer->arena, "%lld", (long long)leaf->spec.limit));
}

static const char *step_sql(const Plan *plan, const Leaf *leaf)
{
    for (int i = 0; i < plan->nsteps; i++)
        if (plan->steps[i].kind == STEP_KEEP && plan->steps[i].leaf == leaf->number)
            return plan->steps[i].sql;
    return NULL;
}

/* Of a bind join: what binds the leaf, or that its rows are read first for others. */
static void add_binding(const Explainer *explainer, ExplainNode *node, const Leaf *leaf, const LeafActual *actual)
{
    static const char *const BOUND[] = {[LEAF_BY_KEYS] = "%llu",
                                        [LEAF_BY_RANGE] = "more than %llu, fell back to a range",
                                        [LEAF_BY_SCAN] = "more than %llu, fell back to a scan"};
    bool verbose = explainer->options->verbose;
    const LeafBinding *binding = leaf->binding;
    if (binding)
        add_text(explainer, node, "Bound By", binding->text);
    if (binding && verbose) {
        add_text(explainer, node, "Bound SQL", binding->sql);
        add_text(explainer, node, "Keys SQL", binding->keys_sql);
    }
    if (binding && actual && actual->bound != LEAF_NOT_BOUND)
        add_text(explainer, node, "Keys", arena_printf(explainer->arena, BOUND[actual->bound], (unsigned long long)actual->keys));
    if (leaf->kept && verbose)
        add_text(explainer, node, "Kept SQL", step_sql(explainer->plan, leaf));
}

static ExplainNode *leaf_node(const Explainer *explainer, const Leaf *leaf, const LeafActual *actual)
{
    static const char *const TYPES[] = {[LEAF_FOREIGN] = "Foreign Scan",
                                        [LEAF_CATALOG] = "Catalog Scan",
                                        [LEAF_STORED] = "Seq Scan",
                                        [LEAF_FUNCTION] = "Function Scan",
                                        [LEAF_LOCAL] = "Kept Query"};
    Arena *arena = explainer->arena;
    ExplainNode *node = ARENA_NEW(arena, ExplainNode);
    RteList relations = {0};
    void *arg[] = {&relations, arena};
    if (leaf->query)
        collect_relations(leaf->query, arg);
    const char **names = ARENA_ARRAY(arena, const char *, relations.count + 1);
    for (size_t i = 0; i < relations.count; i++)
        names[i] = relation_name(explainer, relations.items[i]);
    const char *name = relations.count == 1 ? names[0] : NULL;
    if (leaf->kind == LEAF_STORED)
        name = relation_name(explainer, leaf->stored);
    if (leaf->kind == LEAF_FUNCTION)
        name = func_fact(leaf->function->oid) ? func_fact(leaf->function->oid)->name : NULL;
    add_heading(explainer, node, "Node Type", TYPES[leaf->kind]);
    add_heading(explainer, node, "Relation Name", name);
    const char *tail = figures(explainer, node, leaf, actual);
    node->heading = arena_printf(arena, "%s%s%s%s", TYPES[leaf->kind], name ? " on " : "", name ? name : "", tail);
    if (relations.count > 1)
        add_item(explainer, node, (ExplainItem){.label = "Relations", .kind = ITEM_LIST, .items = names, .nitems = relations.count});
    int ncolumns = leaf->ncolumns - (leaf->kind == LEAF_STORED); /* not the row's number */
    if (explainer->options->verbose && ncolumns)
        add_item(explainer, node,
                 (ExplainItem){.label = "Output", .kind = ITEM_LIST, .items = leaf->column_names, .nitems = (size_t)ncolumns});
    if (leaf->kind == LEAF_FOREIGN)
        add_foreign(explainer, node, leaf, actual);
    if (explainer->options->verbose)
        add_text(explainer, node, leaf->kind == LEAF_CATALOG ? "Catalog SQL" : "Remote SQL", leaf->sql);
    add_binding(explainer, node, leaf, actual);
    add_reasons(explainer, node, "Kept Local", leaf->reasons, leaf->nreasons);
    return node;
}

/* ---- the local engine's operators ---- */

static ExplainNode *operator_node(const Explainer *explainer, const PlanOperator *op)
{
    Arena *arena = explainer->arena;
    const ExplainOptions *options = explainer->options;
    ExplainNode *node = ARENA_NEW(arena, ExplainNode);
    Str heading;
    str_init(&heading, arena);
    str_add(&heading, op->name);
    add_heading(explainer, node, "Node Type", op->name);
    if (options->costs && op->rows >= 0) {
        const char *rows = arena_printf(arena, "%.0f", op->rows);
        add_number(explainer, node, "Plan Rows", rows);
        str_addf(&heading, "  (rows=%s)", rows);
    }
    if (op->actual_rows >= 0) {
        const char *rows = arena_printf(arena, "%.0f", op->actual_rows), *time = arena_printf(arena, "%.3f", op->total_ms);
        str_addf(&heading, "%s(actual %s%s%srows=%s)", node->items.count > 1 ? " " : "  ", options->timing ? "time=" : "",
                 options->timing ? time : "", options->timing ? " " : "", rows);
        if (options->timing)
            add_number(explainer, node, "Actual Total Time", time);
        add_number(explainer, node, "Actual Rows", rows);
    }
    node->heading = heading.data;
    for (size_t i = 0; i < op->details.count && options->verbose; i++) {
        const OperatorDetail *detail = &op->details.items[i];
        add_item(explainer, node,
                 (ExplainItem){.label = detail->label, .kind = ITEM_LIST, .items = detail->items, .nitems = detail->nitems});
    }
    for (size_t i = 0; i < op->children.count; i++)
        vec_push(arena, &node->children[GROUP_OPERATORS], operator_node(explainer, op->children.items[i]));
    return node;
}

/* ---- the plan ---- */

static ExplainNode *local_node(const Explainer *explainer);

/* What is run for each row, as it is planned for values that are not known. */
static ExplainNode *subplan_node(const Explainer *explainer, int number)
{
    Arena *arena = explainer->arena;
    ExplainNode *node = ARENA_NEW(arena, ExplainNode);
    ExplainOptions options = *explainer->options;
    options.actuals = NULL;
    options.operators = NULL;
    Error ignored;
    error_init(&ignored, arena);
    const Plan *plan = plan_subplan(&explainer->plan->subplans[number - 1], explainer->context, false, arena, &ignored);
    Explainer inner = {.plan = plan, .options = &options, .context = explainer->context, .arena = arena};
    add_heading(explainer, node, "Node Type", "Subplan");
    node->heading = arena_printf(arena, "Subplan %d", number);
    if (plan)
        vec_push(arena, &node->children[GROUP_PLANS], plan->relay ? leaf_node(&inner, plan->leaves[0], NULL) : local_node(&inner));
    return node;
}

static bool has_subplans(const Plan *plan, bool initplans)
{
    for (int i = 0; i < plan->nsubplans; i++)
        if (plan->subplans[i].is_initplan == initplans)
            return true;
    return false;
}

static ExplainNode *local_node(const Explainer *explainer)
{
    const Plan *plan = explainer->plan;
    Arena *arena = explainer->arena;
    ExplainNode *node = ARENA_NEW(arena, ExplainNode);
    add_heading(explainer, node, "Node Type", "Local Query");
    node->heading = "Local Query";
    if (explainer->options->actuals) {
        const char *rows = arena_printf(arena, "%llu", (unsigned long long)explainer->options->actual_rows);
        add_number(explainer, node, "Actual Rows", rows);
        node->heading = arena_printf(arena, "Local Query  (actual rows=%s)", rows);
    }
    const char **names = ARENA_ARRAY(arena, const char *, plan->ncolumns + 1);
    for (int i = 0; i < plan->ncolumns; i++)
        names[i] = plan->columns[i].name;
    if (explainer->options->verbose && plan->ncolumns)
        add_item(explainer, node, (ExplainItem){.label = "Output", .kind = ITEM_LIST, .items = names, .nitems = (size_t)plan->ncolumns});
    add_reasons(explainer, node, "Not Relayed", plan->reasons, plan->nreasons);
    if (has_subplans(plan, false))
        add_text(explainer, node, "Run For Each Row", plan->subplan_reason ? plan->subplan_reason : "a volatile function is called");
    if (has_subplans(plan, true))
        add_text(explainer, node, "Run Once", plan->subplan_reason ? plan->subplan_reason : "a subquery may fail");
    if (explainer->options->verbose)
        add_text(explainer, node, "Local SQL", plan->local_sql);
    if (explainer->options->operators)
        vec_push(arena, &node->children[GROUP_OPERATORS], operator_node(explainer, explainer->options->operators));
    for (int i = 0; i < plan->nleaves; i++) {
        const LeafActual *actuals = explainer->options->actuals;
        vec_push(arena, &node->children[GROUP_PLANS], leaf_node(explainer, plan->leaves[i], actuals ? &actuals[i] : NULL));
    }
    for (int i = 0; i < plan->nsubplans; i++)
        vec_push(arena, &node->children[GROUP_PLANS], subplan_node(explainer, i + 1));
    return node;
}

static const char *written_name(const Explainer *explainer)
{
    const ExplainOptions *options = explainer->options;
    Catalog *catalog = explainer->context->catalog;
    const char *name = catalog_quote_identifier(catalog, options->written->name, explainer->arena);
    return options->verbose ? arena_printf(explainer->arena, "%s.%s",
                                           catalog_quote_identifier(catalog, options->written->schema, explainer->arena), name)
                            : name;
}

/* What a source does alone. */
static ExplainNode *shipped_write_node(const Explainer *explainer)
{
    const ExplainOptions *options = explainer->options;
    ExplainNode *node = ARENA_NEW(explainer->arena, ExplainNode);
    add_heading(explainer, node, "Node Type", "Foreign Scan");
    add_heading(explainer, node, "Operation", options->operation);
    add_heading(explainer, node, "Relation Name",
                catalog_quote_identifier(explainer->context->catalog, options->written->name, explainer->arena));
    node->heading = arena_printf(explainer->arena, "Foreign %s on %s", options->operation, written_name(explainer));
    add_text(explainer, node, "Server", options->written_at);
    if (options->verbose)
        add_text(explainer, node, "Remote SQL", options->written_by);
    return node;
}

/* Above the plan of its rows: what is done with them. */
static ExplainNode *write_node(const Explainer *explainer, ExplainNode *rows)
{
    Arena *arena = explainer->arena;
    const ExplainOptions *options = explainer->options;
    ExplainNode *node = ARENA_NEW(arena, ExplainNode);
    const char *name = catalog_quote_identifier(explainer->context->catalog, options->written->name, arena);
    add_heading(explainer, node, "Node Type", "ModifyTable");
    add_heading(explainer, node, "Operation", options->operation);
    add_heading(explainer, node, "Relation Name", name);
    Str heading;
    str_init(&heading, arena);
    str_addf(&heading, "%s on %s", options->operation, written_name(explainer));
    if (options->did_write) {
        const char *count = arena_printf(arena, "%llu", (unsigned long long)options->written_rows);
        add_number(explainer, node, "Actual Rows", count);
        str_addf(&heading, "  (actual rows=%s)", count);
    }
    node->heading = heading.data;
    if (options->verbose && options->written_by && !options->written_at)
        add_text(explainer, node, "Remote SQL", options->written_by);
    vec_push(arena, &node->children[GROUP_PLANS], rows);
    return node;
}

static void add_summary(const Explainer *explainer, ExplainTree *tree)
{
    const ExplainOptions *options = explainer->options;
    const struct {
        const char *label;
        double value;
    } TIMES[] = {{"Planning Time", options->planning_ms},
                 {"Execution Time", options->actuals || options->did_write ? options->execution_ms : -1}};
    if (!options->summary)
        return;
    for (size_t i = 0; i < COUNT_OF(TIMES); i++) {
        const char *unit = options->format == EXPLAIN_TEXT ? " ms" : "";
        ExplainItem item = {
            .label = TIMES[i].label, .kind = ITEM_NUMBER, .value = arena_printf(explainer->arena, "%.3f%s", TIMES[i].value, unit)};
        if (TIMES[i].value >= 0)
            vec_push(explainer->arena, &tree->summary, item);
    }
}

bool plan_explain(const Plan *plan, const ExplainOptions *options, PlanContext *context, Arena *arena, StrList *lines, Error *error)
{
    Explainer explainer = {.plan = plan, .options = options, .context = context, .arena = arena};
    ExplainTree tree = {0};
    tree.plan = options->written_at ? shipped_write_node(&explainer)
                : plan->relay       ? leaf_node(&explainer, plan->leaves[0], options->actuals)
                                    : local_node(&explainer);
    if (options->operation)
        tree.plan = write_node(&explainer, tree.plan);
    for (size_t i = 0; i < options->nsettings; i++)
        vec_push(arena, &tree.settings,
                 ((ExplainItem){.label = options->setting_names[i], .kind = ITEM_TEXT, .value = options->setting_values[i]}));
    add_summary(&explainer, &tree);
    explain_write(&tree, options, arena, lines);
    return true;
}
