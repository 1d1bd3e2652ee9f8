/*
 * literal.c - the texts of literals as values of types of users: enums, arrays, rows (PostgreSQL manual, sections 8.7, 8.15.5 and 8.16.6).
 *
 * Invariant: a row whose columns are all constants is a constant, in the form that record_out gives; one with a column of a domain is made
 * of its columns, so that the domain's conditions are asked when the row is made.
 */
#include "sql/analyze_int.h"

/* An enum's literal is one of its labels. */
static bool check_enum_label(Analyzer *an, Oid type, const char *label)
{
    const CatType *record = type_is_builtin(type) ? NULL : catalog_type(an->catalog, type);
    if (!record || record->kind != 'e')
        return true;
    CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error, "SELECT oid FROM pg_enum WHERE enumtypid = ?1 AND enumlabel = ?2",
                                      "os", type, label);
    if (!rows)
        return false;
    if (rows->nrows && catalog_label_is_new(an->catalog, (Oid)CATALOG_CELL(rows, 0, 0).i))
        return func_refuse_new_label(an->error, label, strlen(label), type_text(an, type));
    if (rows->nrows)
        return true;
    return error_set(an->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid input value for enum %s: \"%s\"", type_text(an, type), label);
}

/* An element of an array, in canonical form. */
static bool read_element(Scope *scope, Oid type, int32_t typmod, const char **text)
{
    Analyzer *an = scope->an;
    if (!type_is_row(an->catalog, type))
        return type_canonical(type, typmod, *text, an->functions->types, an->arena, text, an->error) && check_enum_label(an, type, *text);
    const Expr *row = literal_row(scope, expr_const(an->arena, TYPE_UNKNOWN, -1, *text), type);
    if (row && row->kind != EXPR_CONST)
        return error_unsupported(an->error, "an array of rows with columns of domains from a text is not supported");
    *text = row ? row->u.value : NULL;
    return row != NULL;
}

/* An array of a type of this catalog: the form of any array, and each element one of its type. */
static bool check_own_array(Scope *scope, Oid type, const char **value)
{
    Analyzer *an = scope->an;
    const CatType *record = type_is_builtin(type) ? NULL : catalog_type(an->catalog, type);
    int32_t typmod = -1;
    Oid element = record && record->category == 'A' ? catalog_base_type(an->catalog, record->element, &typmod) : OID_NONE;
    ArrayShape shape;
    if (element == OID_NONE)
        return true;
    if (!type_array_read(*value, strlen(*value), ',', an->arena, &shape, an->error))
        return false;
    for (size_t i = 0; i < shape.count; i++) {
        ArrayElement *item = &shape.elements[i];
        const char *text = item->text ? arena_strndup(an->arena, item->text, item->len) : NULL;
        if (!text)
            continue;
        if (!read_element(scope, element, typmod, &text))
            return false;
        *item = (ArrayElement){text, strlen(text)};
    }
    Str out;
    str_init(&out, an->arena);
    type_array_write_shape(&shape, ',', &out);
    *value = out.data;
    return true;
}

bool literal_read(Scope *scope, Oid type, int32_t typmod, const char **value)
{
    Analyzer *an = scope->an;
    bool is_own = !an->views && !an->stored; /* what is stored was looked up when it was written */
    if (is_own && !catalog_check_reg_schema(an->catalog, type, *value, an->functions->current_user, an->error))
        return false;
    return type_canonical(type, typmod, *value, an->functions->types, an->arena, value, an->error) && check_enum_label(an, type, *value) &&
           check_own_array(scope, type, value);
}

/* ---- rows ---- */

typedef VEC(const char *) Cells;

static bool malformed(Analyzer *an, const char *text, const char *why)
{
    error_set(an->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "malformed record literal: \"%s\"", text);
    return error_detail(an->error, "%s", why);
}

/* NULL: nothing at all. *at is left on what ends the cell; false: the text ends first. */
static bool read_cell(Arena *arena, const char **at, const char **out)
{
    Str cell;
    bool quoted = false, any = false;
    str_init(&cell, arena);
    for (; quoted || (**at != ',' && **at != ')'); (*at)++) {
        char c = **at;
        if (!c)
            return false;
        any = true;
        if (c == '\\') {
            if (!*++*at)
                return false;
            str_addc(&cell, **at);
        } else if (c == '"' && quoted && (*at)[1] == '"') {
            str_addc(&cell, *++*at);
        } else if (c == '"') {
            quoted = !quoted;
        } else {
            str_addc(&cell, c);
        }
    }
    *out = any ? (cell.data ? cell.data : "") : NULL;
    return true;
}

static bool read_cells(Analyzer *an, const char *text, int wanted, Cells *cells)
{
    const char *at = text + strspn(text, " \t\n\v\f\r");
    if (*at++ != '(')
        return malformed(an, text, "Missing left parenthesis.");
    for (int i = 0; i < wanted; i++) {
        const char *cell;
        if (i && *at != ',')
            return malformed(an, text, "Too few columns.");
        at += i > 0;
        if (!read_cell(an->arena, &at, &cell))
            return malformed(an, text, "Unexpected end of input.");
        vec_push(an->arena, cells, cell);
    }
    if (*at++ != ')')
        return malformed(an, text, "Too many columns.");
    at += strspn(at, " \t\n\v\f\r");
    return !*at || malformed(an, text, "Junk after right parenthesis.");
}

static Expr *read_column(Scope *scope, const char *cell, const CatColumn *column, int location)
{
    Analyzer *an = scope->an;
    Expr *value = expr_const(an->arena, TYPE_UNKNOWN, -1, cell);
    value->location = location;
    if (catalog_base_type(an->catalog, column->type, NULL) != column->type || type_is_row(an->catalog, column->type)) {
        Expr *result = coerce_literal(scope, value, column->type, -1, COERCE_IMPLICIT, location);
        if (result && result->kind == EXPR_CAST_DOMAIN)
            result->u.domain.literal = an->views ? -1 : location;
        return result;
    }
    if (cell && !literal_read(scope, column->type, column->typmod, &value->u.value)) {
        analyze_at(an, location);
        return NULL;
    }
    value->type = column->type;
    value->typmod = column->typmod;
    return value;
}

static void add_cell(Str *out, const char *text)
{
    bool quoted = text && (!*text || strpbrk(text, "\"\\(), \t\n\v\f\r"));
    str_add(out, quoted ? "\"" : "");
    for (const char *at = text; at && *at; at++) {
        if (*at == '"' || *at == '\\')
            str_addc(out, *at);
        str_addc(out, *at);
    }
    str_add(out, quoted ? "\"" : "");
}

static const char *constant_row(Analyzer *an, const Expr *row)
{
    Str text;
    str_init(&text, an->arena);
    str_add(&text, "(");
    for (int i = 0; i < row->nargs; i++) {
        if (row->args[i]->kind != EXPR_CONST)
            return NULL;
        str_add(&text, i ? "," : "");
        add_cell(&text, row->args[i]->u.value);
    }
    str_add(&text, ")");
    return text.data;
}

Expr *literal_row(Scope *scope, const Expr *expr, Oid type)
{
    Analyzer *an = scope->an;
    const CatRelation *relation = catalog_relation(an->catalog, catalog_type(an->catalog, type)->relation);
    Cells cells = {0};
    int wanted = 0;
    for (int i = 0; i < relation->ncolumns; i++)
        wanted += !relation->columns[i].dropped;
    if (!read_cells(an, expr->u.value, wanted, &cells)) {
        analyze_at(an, expr->location);
        return NULL;
    }
    Expr *row = expr_new(scope, EXPR_ROW, type, expr->location);
    row->args = ARENA_ARRAY(an->arena, Expr *, wanted + 1);
    for (int i = 0; i < relation->ncolumns; i++) {
        if (relation->columns[i].dropped)
            continue;
        row->args[row->nargs] = read_column(scope, cells.items[row->nargs], &relation->columns[i], expr->location);
        if (!row->args[row->nargs++])
            return NULL;
    }
    const char *text = constant_row(an, row);
    if (!text)
        return row;
    Expr *constant = expr_const(an->arena, type, -1, text);
    constant->location = expr->location;
    return constant;
}
