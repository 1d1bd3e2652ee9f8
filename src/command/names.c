/*
 * names.c - what is stored as text and mentions a name, written anew when the name changes: views' definitions, defaults, CHECKs,
 * generation expressions, triggers' conditions, expressions of indexes and partition keys, parameters' defaults.
 *
 * Invariants:
 *  1. They are read while the old name holds and written when the new one does; what they mention are objects, not names.
 *  2. A text that does not have the old name in it does not change: only those that do are read.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/names.h"
#include "command/table_internal.h"
#include "command/text_internal.h"

/* Each kind: the texts with ?1 in them (own rows only), with the relation they are of (`relation`, of ?2), the domain whose VALUE they
 * read, and the type of their value. A text is entries that end with byte 2, each with a tail from byte 3 on (func/partition.h); or one
 * entry. An entry is expressions separated by commas. */
static const struct {
    ExprUse use;
    const char *read, *relation, *write;
} KINDS[] = {
    {EXPR_USE_DEFAULT,
     "SELECT e.oid, adbin, adrelid, 0, atttypid, atttypmod FROM pg_attrdef e JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum ="
     " adnum WHERE attgenerated = '' AND e.oid >= 16384 AND instr(adbin, ?1)",
     "adrelid", "UPDATE pg_attrdef SET adbin = ?2 WHERE oid = ?1"},
    {EXPR_USE_GENERATED,
     "SELECT e.oid, adbin, adrelid, 0, atttypid, atttypmod FROM pg_attrdef e JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum ="
     " adnum WHERE attgenerated <> '' AND e.oid >= 16384 AND instr(adbin, ?1)",
     "adrelid", "UPDATE pg_attrdef SET adbin = ?2 WHERE oid = ?1"},
    {EXPR_USE_CHECK,
     "SELECT oid, conbin, conrelid, contypid, 16, -1 FROM pg_constraint WHERE contype = 'c' AND oid >= 16384 AND instr(conbin, ?1)",
     "conrelid", "UPDATE pg_constraint SET conbin = ?2 WHERE oid = ?1"},
    {EXPR_USE_WHEN, "SELECT oid, tgqual, tgrelid, 0, 16, -1 FROM pg_trigger WHERE oid >= 16384 AND instr(tgqual, ?1)", "tgrelid",
     "UPDATE pg_trigger SET tgqual = ?2 WHERE oid = ?1"},
    {EXPR_USE_DEFAULT,
     "SELECT oid, typdefaultbin, 0, 0, typbasetype, typtypmod FROM pg_type WHERE typtype = 'd' AND oid >= 16384"
     " AND instr(typdefaultbin, ?1)",
     "0", "UPDATE pg_type SET typdefaultbin = ?2 WHERE oid = ?1"},
    {EXPR_USE_CHECK, "SELECT indexrelid, indexprs, indrelid, 0, 0, -1 FROM pg_index WHERE indexrelid >= 16384 AND instr(indexprs, ?1)",
     "indrelid", "UPDATE pg_index SET indexprs = ?2 WHERE indexrelid = ?1"},
    {EXPR_USE_CHECK, "SELECT indexrelid, indpred, indrelid, 0, 16, -1 FROM pg_index WHERE indexrelid >= 16384 AND instr(indpred, ?1)",
     "indrelid", "UPDATE pg_index SET indpred = ?2 WHERE indexrelid = ?1"},
    {EXPR_USE_CHECK, "SELECT partrelid, partexprs, partrelid, 0, 0, -1 FROM pg_partitioned_table WHERE instr(partexprs, ?1)", "partrelid",
     "UPDATE pg_partitioned_table SET partexprs = ?2 WHERE partrelid = ?1"},
    {EXPR_USE_CHECK, "SELECT oid, stxexprs, stxrelid, 0, 0, -1 FROM pg_statistic_ext WHERE instr(stxexprs, ?1)", "stxrelid",
     "UPDATE pg_statistic_ext SET stxexprs = ?2 WHERE oid = ?1"},
    {EXPR_USE_DEFAULT, "SELECT oid, proargdefaults, 0, 0, 0, -1 FROM pg_proc WHERE oid >= 16384 AND instr(proargdefaults, ?1)", "0",
     "UPDATE pg_proc SET proargdefaults = ?2 WHERE oid = ?1"},
};

static const CatRelation *relation_of(Command *command, Oid relation, Oid domain)
{
    return relation ? catalog_relation(command->catalog, relation)
           : domain ? domain_as_relation(command->catalog, domain, command->arena)
                    : NULL;
}

/* false: cannot be read (it stays as it is), or the error is set. */
static bool read_entry(Command *command, NamedText *text, const char *expressions, const char *tail, Oid type, int32_t typmod)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = ""};
    const CatRelation *relation = relation_of(command, text->relation, text->domain);
    ParsedText parsed;
    Error ignored;
    error_init(&ignored, command->arena);
    if (!sql_parse(arena_printf(command->arena, "SELECT %s", expressions), command->arena, &parsed, command->error))
        return false;
    const PgQuery__SelectStmt *select = parsed.items[0].node->select_stmt;
    for (size_t i = 0; i < select->n_target_list; i++) {
        bool last = i + 1 == select->n_target_list;
        NamedItem item = {.tail = last ? tail : ", "};
        item.expr = sql_analyze_stored(select->target_list[i]->res_target->val, KINDS[text->kind].use, relation, type, typmod, &context,
                                       command->arena, &ignored);
        if (!item.expr)
            return false;
        vec_push(command->arena, &text->items, item);
    }
    return true;
}

static bool read_text(Command *command, size_t kind, const CatalogRows *rows, size_t row, NamedTexts *out)
{
    NamedText text = {.kind = kind,
                      .oid = (Oid)CATALOG_CELL(rows, row, 0).i,
                      .relation = (Oid)CATALOG_CELL(rows, row, 2).i,
                      .domain = (Oid)CATALOG_CELL(rows, row, 3).i};
    Oid type = (Oid)CATALOG_CELL(rows, row, 4).i;
    int32_t typmod = (int32_t)CATALOG_CELL(rows, row, 5).i;
    Arena *arena = command->arena;
    for (const char *at = arena_strdup(arena, CATALOG_CELL(rows, row, 1).text); *at;) {
        const char *end = strchr(at, 2), *next = end ? end + 1 : at + strlen(at);
        size_t len = strcspn(at, "\2\3");
        if (!read_entry(command, &text, arena_strndup(arena, at, len), arena_strndup(arena, at + len, (size_t)(next - at) - len), type,
                        typmod))
            return !error_is_set(command->error);
        at = next;
    }
    vec_push(arena, &out->texts, text);
    return true;
}

static bool read_kinds(Command *command, const char *quoted, Oid relation, NamedTexts *out)
{
    for (size_t kind = 0; kind < COUNT_OF(KINDS); kind++) {
        const char *sql = arena_printf(command->arena, "%s AND %s = ?2", KINDS[kind].read, relation ? KINDS[kind].relation : "0");
        CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, sql, "so", quoted, relation);
        for (size_t i = 0; rows && i < rows->nrows; i++)
            if (!read_text(command, kind, rows, i, out))
                return false;
        if (!rows)
            return false;
    }
    return true;
}

bool names_read(Command *command, const char *name, NamedTexts *out)
{
    const char *quoted = catalog_quote_identifier(NULL, name, command->arena);
    *out = (NamedTexts){0};
    return read_kinds(command, quoted, OID_NONE, out) && view_definitions_mention(command, quoted, &out->views) &&
           routine_bodies_mention(command, quoted, &out->bodies);
}

static bool read_queries(Command *command, Oid relation, NamedTexts *out)
{
    return view_definitions_read(command, object_address(PG_CLASS_RELATION, relation, 0), &out->views) &&
           routine_bodies_of(command, relation, &out->bodies);
}

bool names_read_relation(Command *command, const char *name, Oid relation, NamedTexts *out)
{
    static const char ROW_TYPE_USED[] = "SELECT 1 FROM pg_class c JOIN pg_depend ON refclassid = 1247 AND refobjid = reltype"
                                        " WHERE c.oid = ?1 AND deptype = 'n' LIMIT 1";
    int64_t used;
    const char *kept = arena_strdup(command->arena, name), *quoted = catalog_quote_identifier(NULL, kept, command->arena);
    *out = (NamedTexts){0};
    if (!query_integer(command, &used, 0, ROW_TYPE_USED, "o", relation))
        return false;
    if (used)
        return names_read(command, kept, out);
    return read_kinds(command, quoted, relation, out) && read_queries(command, relation, out);
}

bool names_read_columns(Command *command, Oid relation, NamedTexts *out)
{
    *out = (NamedTexts){0};
    return catalog_relation(command->catalog, relation)->kind == 'c' || read_queries(command, relation, out); /* a type has no rows */
}

static const char *written(Command *command, const NamedText *text)
{
    const CatRelation *relation = relation_of(command, text->relation, text->domain);
    Str out;
    str_init(&out, command->arena);
    for (size_t i = 0; i < text->items.count; i++) {
        const NamedItem *item = &text->items.items[i];
        bool when = KINDS[text->kind].use == EXPR_USE_WHEN;
        str_addf(&out, "%s%s", when ? expr_text_when(command, item->expr, relation) : expr_text(command, item->expr, relation), item->tail);
    }
    return out.data;
}

bool names_write(Command *command, const NamedTexts *named)
{
    for (size_t i = 0; i < named->texts.count; i++) {
        const NamedText *text = &named->texts.items[i];
        if (!catalog_exec(command->catalog, command->error, NULL, KINDS[text->kind].write, "os", text->oid, written(command, text)))
            return false;
    }
    return view_definitions_write(command, &named->views) && routine_bodies_write(command, &named->bodies);
}

/* ---- labels: constants inside the trees ---- */

typedef struct Change {
    Command *command;
    Oid type;
    const char *old, *new;
} Change;

/* The label, alone or inside an array's text. */
static const char *changed_label(const Change *change, const char *value, bool is_array)
{
    Arena *arena = change->command->arena;
    ArrayShape shape;
    if (!is_array)
        return str_eq(value, change->old) ? change->new : value;
    if (!type_array_read(value, strlen(value), ',', arena, &shape, change->command->error))
        return value;
    for (size_t i = 0; i < shape.count; i++) {
        const ArrayElement *element = &shape.elements[i];
        if (element->text && str_eq(arena_strndup(arena, element->text, element->len), change->old))
            shape.elements[i] = (ArrayElement){change->new, strlen(change->new)};
    }
    Str out;
    str_init(&out, arena);
    type_array_write_shape(&shape, ',', &out);
    return out.data;
}

static bool change_expr(const Expr *expr, void *arg)
{
    const Change *change = arg;
    Expr *own = (Expr *)expr; /* the trees are this statement's own */
    const CatType *type =
        expr->kind == EXPR_CONST && expr->u.value && expr->type >= 16384 ? catalog_type(change->command->catalog, expr->type) : NULL;
    if (type && (type->oid == change->type || type->element == change->type))
        own->u.value = changed_label(change, expr->u.value, type->element == change->type);
    return expr_walk(expr, change_expr, arg);
}

static bool change_query(const Query *query, void *arg)
{
    return query_walk_exprs(query, change_expr, arg) || query_walk_queries(query, change_query, arg);
}

static void change_all(const NamedTexts *named, Change *change)
{
    for (size_t i = 0; i < named->texts.count; i++)
        for (size_t j = 0; j < named->texts.items[i].items.count; j++)
            change_expr(named->texts.items[i].items.items[j].expr, change);
    for (size_t i = 0; i < named->views.count; i++)
        change_query(named->views.items[i].query, change);
    for (size_t i = 0; i < named->bodies.count; i++)
        for (size_t j = 0; j < named->bodies.items[i].count; j++)
            change_query(named->bodies.items[i].items[j], change);
}

void names_change_label(Command *command, const NamedTexts *named, Oid type, const char *old, const char *new)
{
    Change change = {.command = command, .type = type, .old = old, .new = new};
    change_all(named, &change);
}
