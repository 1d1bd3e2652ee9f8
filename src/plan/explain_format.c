/*
 * explain_format.c - an EXPLAIN's tree in PostgreSQL's four formats: text, JSON, YAML, XML.
 *
 * Invariant: all four show the same labels and values; text puts those of the heading into one line.
 * Any thread.
 */
#include <string.h>

#include "plan/explain_int.h"

typedef struct Writer {
    Arena *arena;
    StrList *lines;
} Writer;

static const char *const GROUPS[EXPLAIN_GROUPS] = {[GROUP_OPERATORS] = "Operator", [GROUP_PLANS] = "Plan"};

static void add_line(Writer *writer, int indent, const char *text)
{
    vec_push(writer->arena, writer->lines, arena_printf(writer->arena, "%*s%s", indent, "", text));
}

/* ---- text ---- */

static const char *joined(Writer *writer, const ExplainItem *item)
{
    if (item->kind != ITEM_LIST)
        return item->value;
    Str text;
    str_init(&text, writer->arena);
    for (size_t i = 0; i < item->nitems; i++)
        str_addf(&text, "%s%s", i ? ", " : "", item->items[i]);
    return text.data;
}

static void text_items(Writer *writer, const ExplainItem *items, size_t count, int indent)
{
    for (size_t i = 0; i < count; i++)
        if (!items[i].only_machine)
            add_line(writer, indent, arena_printf(writer->arena, "%s: %s", items[i].label, joined(writer, &items[i])));
}

static void text_node(Writer *writer, const ExplainNode *node, int indent)
{
    add_line(writer, indent, arena_printf(writer->arena, "%s%s", indent ? "->  " : "", node->heading));
    int inner = indent ? indent + 6 : 2;
    text_items(writer, node->items.items, node->items.count, inner);
    for (int group = 0; group < EXPLAIN_GROUPS; group++)
        for (size_t i = 0; i < node->children[group].count; i++)
            text_node(writer, node->children[group].items[i], inner);
}

static void text_settings(Writer *writer, const ExplainItem *items, size_t count)
{
    Str line;
    str_init(&line, writer->arena);
    for (size_t i = 0; i < count; i++)
        str_addf(&line, "%s%s = '%s'", i ? ", " : "Settings: ", items[i].label, items[i].value);
    if (count)
        add_line(writer, 0, line.data);
}

static void write_text(Writer *writer, const ExplainTree *tree)
{
    text_node(writer, tree->plan, 0);
    text_settings(writer, tree->settings.items, tree->settings.count);
    text_items(writer, tree->summary.items, tree->summary.count, 0);
}

/* ---- quoting ---- */

static const char *json_string(Writer *writer, const char *text)
{
    Str out;
    str_init(&out, writer->arena);
    str_addc(&out, '"');
    for (const char *c = text; *c; c++) {
        static const char ESCAPED[] = "\"\\\n\r\t\b\f", LETTERS[] = "\"\\nrtbf";
        const char *found = strchr(ESCAPED, *c);
        if (found)
            str_addf(&out, "\\%c", LETTERS[found - ESCAPED]);
        else if ((unsigned char)*c < ' ')
            str_addf(&out, "\\u%04x", (unsigned)*c);
        else
            str_addc(&out, *c);
    }
    str_addc(&out, '"');
    return out.data;
}

static const char *xml_text(Writer *writer, const char *text)
{
    Str out;
    str_init(&out, writer->arena);
    for (const char *c = text; *c; c++) {
        const char *entity = *c == '<' ? "&lt;" : *c == '>' ? "&gt;" : *c == '&' ? "&amp;" : *c == '\r' ? "&#x0d;" : NULL;
        if (entity)
            str_add(&out, entity);
        else
            str_addc(&out, *c);
    }
    return out.data;
}

static const char *xml_tag(Writer *writer, const char *label)
{
    char *tag = arena_strdup(writer->arena, label);
    for (char *c = tag; *c; c++)
        if (!((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_' || *c == '.'))
            *c = '-';
    return tag;
}

/* ---- JSON ---- */

static const char *json_value(Writer *writer, const ExplainItem *item)
{
    if (item->kind == ITEM_NUMBER)
        return item->value;
    if (item->kind == ITEM_TEXT)
        return json_string(writer, item->value);
    Str text;
    str_init(&text, writer->arena);
    for (size_t i = 0; i < item->nitems; i++)
        str_addf(&text, "%s%s", i ? ", " : "[", json_string(writer, item->items[i]));
    str_add(&text, item->nitems ? "]" : "[]");
    return text.data;
}

static void json_items(Writer *writer, const ExplainItem *items, size_t count, int indent, bool more)
{
    for (size_t i = 0; i < count; i++)
        add_line(writer, indent,
                 arena_printf(writer->arena, "%s: %s%s", json_string(writer, items[i].label), json_value(writer, &items[i]),
                              i + 1 < count || more ? "," : ""));
}

/* Whether a group from this one on has nodes. */
static bool has_groups(const ExplainNode *node, int group)
{
    while (group < EXPLAIN_GROUPS && !node->children[group].count)
        group++;
    return group < EXPLAIN_GROUPS;
}

static void json_node(Writer *writer, const ExplainNode *node, int indent, const char *after)
{
    json_items(writer, node->items.items, node->items.count, indent + 2, has_groups(node, 0));
    for (int group = 0; group < EXPLAIN_GROUPS; group++) {
        size_t count = node->children[group].count;
        if (!count)
            continue;
        add_line(writer, indent + 2, arena_printf(writer->arena, "\"%ss\": [", GROUPS[group]));
        for (size_t i = 0; i < count; i++) {
            add_line(writer, indent + 4, "{");
            json_node(writer, node->children[group].items[i], indent + 4, i + 1 < count ? "," : "");
        }
        add_line(writer, indent + 2, has_groups(node, group + 1) ? "]," : "]");
    }
    add_line(writer, indent, arena_printf(writer->arena, "}%s", after));
}

static void write_json(Writer *writer, const ExplainTree *tree)
{
    add_line(writer, 0, "[");
    add_line(writer, 2, "{");
    add_line(writer, 4, "\"Plan\": {");
    bool has_settings = tree->settings.count > 0, has_summary = tree->summary.count > 0;
    json_node(writer, tree->plan, 4, has_settings || has_summary ? "," : "");
    if (has_settings) {
        add_line(writer, 4, "\"Settings\": {");
        json_items(writer, tree->settings.items, tree->settings.count, 6, false);
        add_line(writer, 4, has_summary ? "}," : "}");
    }
    json_items(writer, tree->summary.items, tree->summary.count, 4, false);
    add_line(writer, 2, "}");
    add_line(writer, 0, "]");
}

/* ---- YAML ---- */

static void yaml_items(Writer *writer, const ExplainItem *items, size_t count, int indent, const char *first)
{
    for (size_t i = 0; i < count; i++) {
        const char *dash = i == 0 ? first : "";
        int at = indent - (int)strlen(dash);
        if (items[i].kind != ITEM_LIST) {
            const char *value = items[i].kind == ITEM_NUMBER ? items[i].value : json_string(writer, items[i].value);
            add_line(writer, at, arena_printf(writer->arena, "%s%s: %s", dash, items[i].label, value));
            continue;
        }
        add_line(writer, at, arena_printf(writer->arena, "%s%s: ", dash, items[i].label));
        for (size_t j = 0; j < items[i].nitems; j++)
            add_line(writer, indent + 2, arena_printf(writer->arena, "- %s", json_string(writer, items[i].items[j])));
    }
}

static void yaml_node(Writer *writer, const ExplainNode *node, int indent, const char *first)
{
    yaml_items(writer, node->items.items, node->items.count, indent, first);
    for (int group = 0; group < EXPLAIN_GROUPS; group++) {
        if (node->children[group].count)
            add_line(writer, indent, arena_printf(writer->arena, "%ss: ", GROUPS[group]));
        for (size_t i = 0; i < node->children[group].count; i++)
            yaml_node(writer, node->children[group].items[i], indent + 4, "- ");
    }
}

static void write_yaml(Writer *writer, const ExplainTree *tree)
{
    add_line(writer, 0, "- Plan: ");
    yaml_node(writer, tree->plan, 4, "");
    if (tree->settings.count)
        add_line(writer, 2, "Settings: ");
    yaml_items(writer, tree->settings.items, tree->settings.count, 4, "");
    yaml_items(writer, tree->summary.items, tree->summary.count, 2, "");
}

/* ---- XML ---- */

static void xml_items(Writer *writer, const ExplainItem *items, size_t count, int indent)
{
    for (size_t i = 0; i < count; i++) {
        const char *tag = xml_tag(writer, items[i].label);
        if (items[i].kind != ITEM_LIST) {
            add_line(writer, indent, arena_printf(writer->arena, "<%s>%s</%s>", tag, xml_text(writer, items[i].value), tag));
            continue;
        }
        add_line(writer, indent, arena_printf(writer->arena, "<%s>", tag));
        for (size_t j = 0; j < items[i].nitems; j++)
            add_line(writer, indent + 2, arena_printf(writer->arena, "<Item>%s</Item>", xml_text(writer, items[i].items[j])));
        add_line(writer, indent, arena_printf(writer->arena, "</%s>", tag));
    }
}

static void xml_node(Writer *writer, const ExplainNode *node, const char *tag, int indent)
{
    add_line(writer, indent, arena_printf(writer->arena, "<%s>", tag));
    xml_items(writer, node->items.items, node->items.count, indent + 2);
    for (int group = 0; group < EXPLAIN_GROUPS; group++) {
        if (!node->children[group].count)
            continue;
        add_line(writer, indent + 2, arena_printf(writer->arena, "<%ss>", GROUPS[group]));
        for (size_t i = 0; i < node->children[group].count; i++)
            xml_node(writer, node->children[group].items[i], GROUPS[group], indent + 4);
        add_line(writer, indent + 2, arena_printf(writer->arena, "</%ss>", GROUPS[group]));
    }
    add_line(writer, indent, arena_printf(writer->arena, "</%s>", tag));
}

static void write_xml(Writer *writer, const ExplainTree *tree)
{
    add_line(writer, 0, "<explain xmlns=\"http://www.postgresql.org/2009/explain\">");
    add_line(writer, 2, "<Query>");
    xml_node(writer, tree->plan, GROUPS[GROUP_PLANS], 4);
    if (tree->settings.count) {
        add_line(writer, 4, "<Settings>");
        xml_items(writer, tree->settings.items, tree->settings.count, 6);
        add_line(writer, 4, "</Settings>");
    }
    xml_items(writer, tree->summary.items, tree->summary.count, 4);
    add_line(writer, 2, "</Query>");
    add_line(writer, 0, "</explain>");
}

void explain_write(const ExplainTree *tree, const ExplainOptions *options, Arena *arena, StrList *lines)
{
    static void (*const FORMATS[])(Writer *, const ExplainTree *) = {
        [EXPLAIN_TEXT] = write_text, [EXPLAIN_JSON] = write_json, [EXPLAIN_YAML] = write_yaml, [EXPLAIN_XML] = write_xml};
    Writer writer = {arena, lines};
    FORMATS[options->format](&writer, tree);
}
