/*
 * text.c - texts with a form of their own: option arrays, quoted identifiers and literals.
 *
 * Threads: any.
 */
#include "catalog/catalog_internal.h"

FdwOptions catalog_options_parse(const char *array_text, Arena *arena)
{
    FdwOptions options = {0};
    ArrayElement *elements;
    size_t count;
    int dimensions;
    Error error;
    error_init(&error, arena);
    if (!array_text || !type_array_parse(array_text, strlen(array_text), arena, &elements, &count, &dimensions, &error))
        return options;
    FdwOptionValue *items = ARENA_ARRAY(arena, FdwOptionValue, count);
    for (size_t i = 0; i < count; i++) {
        const char *text = elements[i].text ? arena_strndup(arena, elements[i].text, elements[i].len) : "";
        const char *equals = strchr(text, '=');
        items[i].name = equals ? arena_strndup(arena, text, (size_t)(equals - text)) : text;
        items[i].value = equals ? equals + 1 : "";
    }
    options.items = items;
    options.count = count;
    return options;
}

const char *catalog_options_text(const FdwOptions *options, Arena *arena)
{
    if (!options->count)
        return NULL;
    ArrayElement *elements = ARENA_ARRAY(arena, ArrayElement, options->count);
    for (size_t i = 0; i < options->count; i++) {
        elements[i].text = arena_printf(arena, "%s=%s", options->items[i].name, options->items[i].value);
        elements[i].len = strlen(elements[i].text);
    }
    Str text;
    str_init(&text, arena);
    type_array_write(elements, options->count, &text);
    return text.data;
}

const char *catalog_option(const FdwOptions *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++)
        if (str_eq(options->items[i].name, name))
            return options->items[i].value;
    return NULL;
}

/* Lower-case letters, digits and underscores, no digit first, and no keyword but an unreserved one. */
static bool needs_quotes(const char *name)
{
    if (!((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_'))
        return true;
    for (const char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_'))
            return true;
    char category = builtin_keyword(name);
    return category && category != 'U';
}

const char *catalog_quote_identifier(const Catalog *catalog, const char *name, Arena *arena)
{
    if (!(catalog && catalog->quote_all) && !needs_quotes(name))
        return arena_strdup(arena, name);
    Str out;
    str_init(&out, arena);
    str_addc(&out, '"');
    for (; *name; name++) {
        if (*name == '"')
            str_addc(&out, '"');
        str_addc(&out, *name);
    }
    str_addc(&out, '"');
    return out.data;
}

static const char *quote(const char *text, bool escapes, Arena *arena)
{
    Str out;
    str_init(&out, arena);
    if (escapes)
        str_addc(&out, 'E');
    str_addc(&out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || (escapes && *text == '\\'))
            str_addc(&out, *text);
        str_addc(&out, *text);
    }
    str_addc(&out, '\'');
    return out.data;
}

const char *catalog_quote_literal(const char *text, Arena *arena)
{
    return quote(text, strchr(text, '\\') != NULL, arena);
}

const char *catalog_quote_constant(const char *text, Arena *arena)
{
    return quote(text, false, arena);
}

bool catalog_quote_all(Catalog *catalog, bool quote)
{
    bool before = catalog->quote_all;
    catalog->quote_all = quote;
    return before;
}
