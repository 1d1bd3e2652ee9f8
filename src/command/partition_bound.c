/*
 * partition_bound.c - FOR VALUES and DEFAULT of a partition: read, checked against its siblings, recorded (pg_class.relpartbound).
 *
 * Invariants:
 *  1. A stored bound's values are constants of the key's types, in canonical text.
 *  2. No two partitions of one parent overlap.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/table_internal.h"
#include "func/partition.h"

typedef struct Binding {
    Command *command;
    const FuncContext *functions;
    const PartitionKey *key;
    const char *name; /* of the new partition */
    const PgQuery__PartitionBoundSpec *spec;
    PartitionBound bound;
    Partition *others;
    size_t nothers;
} Binding;

static bool fail_at(Binding *binding, int location)
{
    return location < 0 ? false : error_at(binding->command->error, location);
}

/* ---- values ---- */

/* The analyser's words are those for DEFAULT; here they are for bounds. */
static bool say_bound(Error *error)
{
    const char *at = error->message ? strstr(error->message, "DEFAULT expression") : NULL;
    if (!at)
        return false;
    const char *state = arena_strdup(error->arena, error->sqlstate);
    int position = error->position;
    bool column = strstr(error->message, "column reference") != NULL;
    char *text =
        arena_printf(error->arena, "%.*spartition bound%s", (int)(at - error->message), error->message, column ? " expression" : "");
    error_set(error, state, "%s", text);
    error->position = position;
    return false;
}

/* A domain takes its base type's value, or refuses it. */
static bool check_domain(Binding *binding, const Expr *expr, const char *text, const char **out)
{
    Command *command = binding->command;
    Arena *arena = command->arena;
    const char **cells;
    const char *literal = text ? catalog_quote_literal(text, arena) : "NULL";
    const char *base = catalog_format_type(command->catalog, expr->args[0]->type, -1, arena);
    *out = text;
    return command->context->query_row(command->context->arg,
                                       arena_printf(arena, "SELECT CAST(CAST(%s AS %s) AS %s)", literal, base,
                                                    catalog_format_type(command->catalog, expr->type, -1, arena)),
                                       arena, &cells, command->error);
}

/* What only a query computes. The tables are at work here: what the query calls may not change them. */
static bool ask(Binding *binding, const Expr *expr, const char **out)
{
    Command *command = binding->command;
    const char **cells;
    uint64_t before = catalog_version(command->catalog);
    const char *sql = arena_printf(command->arena, "SELECT %s", expr_text(command, expr, NULL));
    if (!command->context->query_row(command->context->arg, sql, command->arena, &cells, command->error))
        return false;
    *out = cells[0];
    return catalog_version(command->catalog) == before ||
           error_unsupported(command->error, "a partition bound whose functions change the catalog is not supported");
}

static bool is_cast(const Expr *expr)
{
    return expr->kind == EXPR_RELABEL || expr->kind == EXPR_COLLATE || expr->kind == EXPR_CAST_IO || expr->kind == EXPR_CAST_DOMAIN;
}

static Oid proc_of(const Binding *binding, const Expr *expr)
{
    const CatOperator *op = expr->kind == EXPR_OP ? catalog_operator(binding->command->catalog, expr->oid) : NULL;
    return op ? op->proc : expr->kind == EXPR_FUNC ? expr->oid : OID_NONE;
}

/* Whether functions that are computed here, each reached once, are all there is in it. */
static bool is_plain(const Binding *binding, const Expr *expr)
{
    if (expr->kind == EXPR_CONST)
        return true;
    if (!is_cast(expr) && !func_find(proc_of(binding, expr)))
        return false;
    int nargs = expr->kind == EXPR_CAST_DOMAIN ? 1 : expr->nargs;
    for (int i = 0; i < nargs; i++)
        if (!is_plain(binding, expr->args[i]))
            return false;
    return true;
}

/* A constant expression's value. */
static bool evaluate(Binding *binding, const Expr *expr, const char **out)
{
    Command *command = binding->command;
    if (expr->kind == EXPR_CONST) {
        *out = expr->u.value;
        return true;
    }
    if (!is_cast(expr) && !is_plain(binding, expr))
        return ask(binding, expr, out);
    const char **texts = ARENA_ARRAY(command->arena, const char *, expr->nargs + 1);
    Oid *types = ARENA_ARRAY(command->arena, Oid, expr->nargs + 1);
    int nargs = expr->kind == EXPR_CAST_DOMAIN ? 1 : expr->nargs;
    for (int i = 0; i < nargs; i++) {
        types[i] = expr->args[i]->type;
        if (!evaluate(binding, expr->args[i], &texts[i]))
            return false;
    }
    if (expr->kind == EXPR_RELABEL || expr->kind == EXPR_COLLATE) { /* values are compared as the key says */
        *out = texts[0];
        return true;
    }
    if (expr->kind == EXPR_CAST_DOMAIN)
        return check_domain(binding, expr, texts[0], out);
    if (expr->kind == EXPR_CAST_IO && texts[0])
        return type_canonical(expr->type, expr->typmod, texts[0], &TYPE_CONTEXT_CANONICAL, command->arena, out, command->error);
    return func_fold(proc_of(binding, expr), binding->functions, expr->type, types, texts, expr->nargs, command->arena, out,
                     command->error);
}

/* A cast of a constant is the constant. */
static int raw_location(const Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST        ? raw_location(node->type_cast->arg)
           : node->node_case == PG_QUERY__NODE__NODE_COLLATE_CLAUSE ? raw_location(node->collate_clause->arg)
                                                                    : sql_node_location(node);
}

static const char *key_name(Binding *binding, int column)
{
    const PartitionKeyColumn *of = &binding->key->columns[column];
    const CatRelation *relation = catalog_relation(binding->command->catalog, binding->key->relation);
    return of->column ? relation->columns[of->column - 1].name : of->expr;
}

static bool read_value(Binding *binding, const Node *node, int column, PartitionDatum *out)
{
    Command *command = binding->command;
    const PartitionKeyColumn *of = &binding->key->columns[column];
    AnalyzeContext context = {.catalog = command->catalog, .functions = binding->functions, .text = command->context->text};
    *out = (PartitionDatum){.location = raw_location(node)};
    const Expr *expr = sql_analyze_expr(node, NULL, of->type, of->typmod, &context, command->arena, command->error);
    if (expr)
        return evaluate(binding, expr, &out->text);
    if (!str_eq(command->error->sqlstate, ERRCODE_DATATYPE_MISMATCH))
        return say_bound(command->error);
    error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "specified value cannot be cast to type %s for column \"%s\"",
              catalog_format_type(command->catalog, of->type, TYPMOD_NOT_GIVEN, command->arena), key_name(binding, column));
    return fail_at(binding, out->location);
}

/* ---- the three kinds ---- */

static bool has_value(Binding *binding, const PartitionDatum *datum)
{
    for (int i = 0; i < binding->bound.nlist; i++) {
        const PartitionDatum *old = &binding->bound.list[i];
        int order = 1;
        if (!old->text != !datum->text)
            continue;
        if (!old->text || (partition_compare(binding->functions, binding->key, 0, old->text, datum->text, binding->command->arena, &order,
                                             binding->command->error) &&
                           order == 0))
            return true;
    }
    return false;
}

/* A value said twice counts once; one that is equal but written with more digits is another. */
static bool is_said(const PartitionBound *bound, const PartitionDatum *datum)
{
    for (int i = 0; i < bound->nlist; i++)
        if (str_eq(bound->list[i].text, datum->text))
            return true;
    return false;
}

static bool read_list(Binding *binding)
{
    const PgQuery__PartitionBoundSpec *spec = binding->spec;
    PartitionBound *bound = &binding->bound;
    bound->list = ARENA_ARRAY(binding->command->arena, PartitionDatum, spec->n_listdatums + 1);
    for (size_t i = 0; i < spec->n_listdatums; i++) {
        PartitionDatum datum;
        if (!read_value(binding, spec->listdatums[i], 0, &datum))
            return false;
        if (!is_said(bound, &datum))
            bound->list[bound->nlist++] = datum;
    }
    return true;
}

/* MINVALUE and MAXVALUE come as names of columns. */
static bool read_point(Binding *binding, const Node *node, int column, PartitionDatum *out)
{
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1) {
        const char *word = node_text(node->column_ref->fields[0]);
        bool low = str_eq(word, "minvalue"), high = str_eq(word, "maxvalue");
        *out = (PartitionDatum){.kind = low ? DATUM_MINVALUE : DATUM_MAXVALUE, .location = node->column_ref->location};
        if (low || high)
            return true;
    }
    if (!read_value(binding, node, column, out))
        return false;
    return out->text || error_set(binding->command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "cannot specify NULL in range bound");
}

static bool read_points(Binding *binding, Node **nodes, size_t count, PartitionDatum **out)
{
    DatumKind before = DATUM_VALUE;
    *out = ARENA_ARRAY(binding->command->arena, PartitionDatum, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!read_point(binding, nodes[i], (int)i, &(*out)[i]))
            return false;
    for (size_t i = 0; i < count; i++) {
        const PartitionDatum *datum = &(*out)[i];
        if (before != DATUM_VALUE && datum->kind != before) {
            const char *word = before == DATUM_MINVALUE ? "MINVALUE" : "MAXVALUE";
            error_set(binding->command->error, ERRCODE_DATATYPE_MISMATCH, "every bound following %s must also be %s", word, word);
            return fail_at(binding, datum->location);
        }
        before = datum->kind;
    }
    return true;
}

static bool read_range(Binding *binding)
{
    const PgQuery__PartitionBoundSpec *spec = binding->spec;
    PartitionBound *bound = &binding->bound;
    size_t wanted = (size_t)binding->key->ncolumns;
    if (spec->n_lowerdatums != wanted || spec->n_upperdatums != wanted)
        return error_set(binding->command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                         "%s must specify exactly one value per partitioning column", spec->n_lowerdatums != wanted ? "FROM" : "TO");
    bound->nlower = (int)wanted;
    return read_points(binding, spec->lowerdatums, wanted, &bound->lower) && read_points(binding, spec->upperdatums, wanted, &bound->upper);
}

static bool read_hash(Binding *binding)
{
    Error *error = binding->command->error;
    binding->bound.modulus = binding->spec->modulus;
    binding->bound.remainder = binding->spec->remainder;
    if (binding->bound.modulus <= 0)
        return error_set(error, ERRCODE_INVALID_TABLE_DEFINITION, "modulus for hash partition must be an integer value greater than zero");
    return binding->bound.remainder < binding->bound.modulus ||
           error_set(error, ERRCODE_INVALID_TABLE_DEFINITION, "remainder for hash partition must be less than modulus");
}

static bool read_bound(Binding *binding)
{
    static const struct {
        char strategy;
        const char *word;
        bool (*read)(Binding *binding);
    } KINDS[] = {{'l', "list", read_list}, {'r', "range", read_range}, {'h', "hash", read_hash}};
    const PgQuery__PartitionBoundSpec *spec = binding->spec;
    binding->bound = (PartitionBound){.strategy = binding->key->strategy, .is_default = spec->is_default};
    if (spec->is_default)
        return binding->key->strategy != 'h' || error_set(binding->command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                                                          "a hash-partitioned table may not have a default partition");
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        if (KINDS[i].strategy != binding->key->strategy)
            continue;
        if (spec->strategy && spec->strategy[0] == KINDS[i].strategy)
            return KINDS[i].read(binding);
        error_set(binding->command->error, ERRCODE_INVALID_TABLE_DEFINITION, "invalid bound specification for a %s partition",
                  KINDS[i].word);
    }
    return fail_at(binding, spec->location);
}

/* ---- siblings ---- */

static bool overlaps(Binding *binding, const Partition *other, int location)
{
    error_set(binding->command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "partition \"%s\" would overlap partition \"%s\"", binding->name,
              other->name);
    return fail_at(binding, location);
}

static bool check_default(Binding *binding)
{
    for (size_t i = 0; i < binding->nothers; i++) {
        if (!binding->others[i].bound.is_default)
            continue;
        error_set(binding->command->error, ERRCODE_INVALID_OBJECT_DEFINITION,
                  "partition \"%s\" conflicts with existing default partition \"%s\"", binding->name, binding->others[i].name);
        return fail_at(binding, binding->spec->location);
    }
    return true;
}

static bool check_list(Binding *binding)
{
    for (int i = 0; i < binding->bound.nlist; i++) {
        const PartitionDatum *datum = &binding->bound.list[i];
        for (size_t k = 0; k < binding->nothers; k++) {
            Binding other = *binding;
            other.bound = binding->others[k].bound;
            if (has_value(&other, datum))
                return overlaps(binding, &binding->others[k], datum->location);
        }
    }
    return !error_is_set(binding->command->error);
}

/* An end of a range. */
typedef struct End {
    const PartitionDatum *point;
    const Partition *range; /* whose upper end this is; NULL: a lower end, with a gap below */
    bool is_lower;
} End;

/* <0, 0, >0 in *order, and how far from 0: the last column that was compared, from 1, at which errors point. Of equal points the upper end
 * comes first. */
static bool compare_ends(const Binding *binding, const End *a, const End *b, int *order)
{
    const PartitionKey *key = binding->key;
    if (!partition_compare_points(binding->functions, key, a->point, b->point, binding->command->arena, order, binding->command->error))
        return false;
    if (*order != 0 || a->is_lower == b->is_lower)
        return true;
    int last = 0;
    while (last < key->ncolumns - 1 && a->point[last].kind == DATUM_VALUE)
        last++;
    *order = a->is_lower ? last + 1 : -(last + 1);
    return true;
}

/* The ends of the ranges there are, in order; one that follows on another at once has no lower end of its own. NULL: the error is set. */
static End *ends_of_others(const Binding *binding, size_t *count)
{
    End *ends = ARENA_ARRAY(binding->command->arena, End, 2 * binding->nothers + 1);
    *count = 0;
    for (size_t i = 0; i < binding->nothers; i++) {
        const PartitionBound *other = &binding->others[i].bound;
        int gap = 1;
        if (other->is_default)
            continue;
        if (*count > 0 && !partition_compare_points(binding->functions, binding->key, ends[*count - 1].point, other->lower,
                                                    binding->command->arena, &gap, binding->command->error))
            return NULL;
        if (gap != 0)
            ends[(*count)++] = (End){.point = other->lower, .is_lower = true};
        ends[(*count)++] = (End){.point = other->upper, .range = &binding->others[i]};
    }
    return ends;
}

/* Halves the ends as PostgreSQL does, since an overlap is shown where the last comparison ended. */
static bool check_gap(Binding *binding, const End *lower, const End *upper)
{
    size_t count, low = 0;
    const End *ends = ends_of_others(binding, &count);
    if (!ends)
        return false;
    int order = 1;
    for (size_t high = count; low < high && order != 0;) {
        size_t middle = (low + high - 1) / 2;
        if (!compare_ends(binding, &ends[middle], lower, &order))
            return false;
        if (order <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == count)
        return true;
    if (ends[low].range)
        return overlaps(binding, ends[low].range, lower->point[order ? abs(order) - 1 : 0].location);
    if (!compare_ends(binding, &ends[low], upper, &order))
        return false;
    return order >= 0 || overlaps(binding, ends[low + 1].range, upper->point[-order - 1].location);
}

static bool check_range(Binding *binding)
{
    const PartitionBound *bound = &binding->bound;
    const End lower = {.point = bound->lower, .is_lower = true}, upper = {.point = bound->upper};
    int order;
    if (!compare_ends(binding, &lower, &upper, &order))
        return false;
    if (order < 0)
        return check_gap(binding, &lower, &upper);
    error_set(binding->command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "empty range bound specified for partition \"%s\"",
              binding->name);
    error_detail(binding->command->error, "Specified lower bound %s is greater than or equal to upper bound %s.",
                 partition_datums_text(bound->lower, bound->nlower, binding->key, binding->functions->types, binding->command->arena),
                 partition_datums_text(bound->upper, bound->nlower, binding->key, binding->functions->types, binding->command->arena));
    return fail_at(binding, bound->lower[order - 1].location);
}

static bool refuse_modulus(Binding *binding, const char *relation, const Partition *other)
{
    error_set(binding->command->error, ERRCODE_INVALID_OBJECT_DEFINITION,
              "every hash partition modulus must be a factor of the next larger modulus");
    return error_detail(binding->command->error, "The new modulus %d is not %s %d, the modulus of existing partition \"%s\".",
                        binding->bound.modulus, relation, other->bound.modulus, other->name);
}

static bool takes_remainder(const PartitionBound *bound, int remainder)
{
    return remainder % bound->modulus == bound->remainder;
}

static bool check_hash(Binding *binding)
{
    const PartitionBound *bound = &binding->bound;
    const Partition *below = NULL, *above = NULL;
    int greatest = bound->modulus;
    for (size_t i = 0; i < binding->nothers; i++) {
        const Partition *other = &binding->others[i];
        greatest = other->bound.modulus > greatest ? other->bound.modulus : greatest;
        if (other->bound.modulus < bound->modulus || (other->bound.modulus == bound->modulus && other->bound.remainder <= bound->remainder))
            below = other;
        else if (!above)
            above = other;
    }
    if (below && bound->modulus % below->bound.modulus != 0)
        return refuse_modulus(binding, "divisible by", below);
    if (above && above->bound.modulus % bound->modulus != 0)
        return refuse_modulus(binding, "a factor of", above);
    for (int remainder = bound->remainder; remainder < greatest; remainder += bound->modulus)
        for (size_t i = 0; i < binding->nothers; i++)
            if (takes_remainder(&binding->others[i].bound, remainder))
                return overlaps(binding, &binding->others[i], binding->spec->location);
    return true;
}

static bool check_siblings(Binding *binding)
{
    if (binding->bound.is_default)
        return check_default(binding);
    return binding->key->strategy == 'l' ? check_list(binding) : binding->key->strategy == 'r' ? check_range(binding) : check_hash(binding);
}

/* ---- the whole ---- */

static bool record(Binding *binding, Oid child)
{
    Command *command = binding->command;
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relispartition = 1, relpartbound = ?2 WHERE oid = ?1",
                        "os", child, partition_bound_text(&binding->bound, binding->key, &TYPE_CONTEXT_CANONICAL, command->arena)) &&
           (!binding->bound.is_default ||
            catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_partitioned_table SET partdefid = ?2 WHERE partrelid = ?1",
                         "oo", binding->key->relation, child));
}

/* The parent's key, by which the bound's values are read. */
static bool open_binding(Command *command, Oid parent, const PgQuery__PartitionBoundSpec *spec, Binding *out)
{
    *out = (Binding){.command = command, .functions = command->context->functions, .spec = spec};
    return (out->key = partition_key(command->catalog, parent, command->arena, command->error)) != NULL;
}

bool partition_bound_read(Command *command, Oid parent, const PgQuery__PartitionBoundSpec *spec, PartitionBound *out)
{
    Binding binding;
    if (!open_binding(command, parent, spec, &binding) || !read_bound(&binding))
        return false;
    *out = binding.bound;
    return true;
}

static bool find_place(Binding *binding, Oid child)
{
    Command *command = binding->command;
    binding->name = arena_strdup(command->arena, catalog_relation(command->catalog, child)->name);
    binding->others = partition_children(binding->functions, binding->key, command->arena, &binding->nothers, command->error);
    return binding->others && check_siblings(binding);
}

bool partition_bound_fits(Command *command, Oid parent, Oid child, const PgQuery__PartitionBoundSpec *spec, const PartitionBound *bound)
{
    Binding binding;
    if (!open_binding(command, parent, spec, &binding))
        return false;
    binding.bound = *bound;
    return find_place(&binding, child);
}

bool partition_bind(Command *command, Oid parent, Oid child, const PgQuery__PartitionBoundSpec *spec, const PartitionBound *bound)
{
    Binding binding;
    if (!open_binding(command, parent, spec, &binding))
        return false;
    binding.bound = *bound;
    return find_place(&binding, child) && record(&binding, child);
}
