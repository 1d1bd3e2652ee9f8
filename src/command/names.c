/*
 * names.c - what is stored as text and mentions a name, written anew when the name changes: views' definitions, defaults, CHECKs,
 * generation expressions, triggers' conditions, partition bounds.
 *
 * Invariants:
 *  1. They are read while the old name holds and written when the new one does; what they mention are objects, not names.
 *  2. A text that does not have the old name in it does not change: only those that do are read.
 *  3. Names in expressions hold for the search path they were written under: what cannot be read under this one stays as it is.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/names.h"
#include "command/table_internal.h"

/* Each kind: the texts with ?1 in them (own rows only), with the relation they are of, the type of a value, whose base types a domain's
 * VALUE, and their type. */
static const struct {
    ExprUse use;
    const char *read, *write;
} KINDS[] = {
    {EXPR_USE_DEFAULT,
     "SELECT e.oid, adbin, adrelid, 0, atttypid, atttypmod FROM pg_attrdef e JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum ="
     " adnum WHERE attgenerated = '' AND e.oid >= 16384 AND instr(adbin, ?1)",
     "UPDATE pg_attrdef SET adbin = ?2 WHERE oid = ?1"},
    {EXPR_USE_GENERATED,
     "SELECT e.oid, adbin, adrelid, 0, atttypid, atttypmod FROM pg_attrdef e JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum ="
     " adnum WHERE attgenerated <> '' AND e.oid >= 16384 AND instr(adbin, ?1)",
     "UPDATE pg_attrdef SET adbin = ?2 WHERE oid = ?1"},
    {EXPR_USE_CHECK,
     "SELECT oid, conbin, conrelid, contypid, 16, -1 FROM pg_constraint WHERE contype = 'c' AND oid >= 16384 AND instr(conbin, ?1)",
     "UPDATE pg_constraint SET conbin = ?2 WHERE oid = ?1"},
    {EXPR_USE_WHEN, "SELECT oid, tgqual, tgrelid, 0, 16, -1 FROM pg_trigger WHERE oid >= 16384 AND instr(tgqual, ?1)",
     "UPDATE pg_trigger SET tgqual = ?2 WHERE oid = ?1"},
    {EXPR_USE_DEFAULT,
     "SELECT oid, typdefaultbin, 0, 0, typbasetype, typtypmod FROM pg_type WHERE typtype = 'd' AND oid >= 16384"
     " AND instr(typdefaultbin, ?1)",
     "UPDATE pg_type SET typdefaultbin = ?2, typdefault = ?2 WHERE oid = ?1"},
};

/* The one column that a domain's CHECK has. */
static const CatRelation *domain_relation(Command *command, Oid domain)
{
    const CatType *type = catalog_type(command->catalog, domain);
    CatColumn *value = ARENA_NEW(command->arena, CatColumn);
    CatRelation *relation = ARENA_NEW(command->arena, CatRelation);
    *value = (CatColumn){.number = 1, .name = "value", .type = type->base, .typmod = type->typmod, .collation = type->collation};
    *relation = (CatRelation){.name = "", .kind = 'r', .ncolumns = 1, .columns = value};
    return relation;
}

static const CatRelation *relation_of(Command *command, Oid relation, Oid domain)
{
    return relation ? catalog_relation(command->catalog, relation) : domain ? domain_relation(command, domain) : NULL;
}

static bool read_text(Command *command, size_t kind, const CatalogRows *rows, size_t row, NamedTexts *out)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = ""};
    NamedText text = {.kind = kind,
                      .oid = (Oid)CATALOG_CELL(rows, row, 0).i,
                      .relation = (Oid)CATALOG_CELL(rows, row, 2).i,
                      .domain = (Oid)CATALOG_CELL(rows, row, 3).i};
    const Node *node = stored_expr_parse(command, CATALOG_CELL(rows, row, 1).text);
    Error ignored;
    error_init(&ignored, command->arena);
    if (!node)
        return false;
    text.expr =
        sql_analyze_stored(node, KINDS[kind].use, relation_of(command, text.relation, text.domain), (Oid)CATALOG_CELL(rows, row, 4).i,
                           (int32_t)CATALOG_CELL(rows, row, 5).i, &context, command->arena, &ignored);
    if (text.expr)
        vec_push(command->arena, &out->texts, text);
    return true;
}

bool names_read(Command *command, const char *name, NamedTexts *out)
{
    const char *quoted = catalog_quote_identifier(name, command->arena);
    *out = (NamedTexts){0};
    for (size_t kind = 0; kind < COUNT_OF(KINDS); kind++) {
        CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, KINDS[kind].read, "s", quoted);
        for (size_t i = 0; rows && i < rows->nrows; i++)
            if (!read_text(command, kind, rows, i, out))
                return false;
        if (!rows)
            return false;
    }
    return view_definitions_mention(command, quoted, &out->views);
}

bool names_write(Command *command, const NamedTexts *named)
{
    for (size_t i = 0; i < named->texts.count; i++) {
        const NamedText *text = &named->texts.items[i];
        const CatRelation *relation = relation_of(command, text->relation, text->domain);
        const char *written = KINDS[text->kind].use == EXPR_USE_WHEN ? expr_text_when(command, text->expr, relation)
                                                                     : expr_text(command, text->expr, relation);
        if (!catalog_exec(command->catalog, command->error, NULL, KINDS[text->kind].write, "os", text->oid, written))
            return false;
    }
    return view_definitions_write(command, &named->views);
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
        change_expr(named->texts.items[i].expr, change);
    for (size_t i = 0; i < named->views.count; i++)
        change_query(named->views.items[i].query, change);
}

void names_change_label(Command *command, const NamedTexts *named, Oid type, const char *old, const char *new)
{
    Change change = {.command = command, .type = type, .old = old, .new = new};
    change_all(named, &change);
}
