/*
 * xml_expr.c - XMLELEMENT, XMLFOREST, XMLCONCAT, XMLPARSE, XMLPI, XMLROOT, XMLSERIALIZE and IS DOCUMENT, which sources compute
 * (print_xml.c).
 *
 * An Expr's args are those that have names (attributes, a forest's elements) first, in their order.
 */
#include "sql/analyze_int.h"

#include <strings.h>

/* What the arguments without names are coerced to; OID_NONE: they stay as they are. */
static const struct {
    const char *name;
    Oid first, second, third, type;
} OPS[] = {
    [PG_QUERY__XML_EXPR_OP__IS_XMLCONCAT] = {"XMLCONCAT", TYPE_XML, TYPE_XML, TYPE_XML, TYPE_XML},
    [PG_QUERY__XML_EXPR_OP__IS_XMLELEMENT] = {"XMLELEMENT", OID_NONE, OID_NONE, OID_NONE, TYPE_XML},
    [PG_QUERY__XML_EXPR_OP__IS_XMLFOREST] = {"XMLFOREST", OID_NONE, OID_NONE, OID_NONE, TYPE_XML},
    [PG_QUERY__XML_EXPR_OP__IS_XMLPARSE] = {"XMLPARSE", TYPE_TEXT, TYPE_BOOL, OID_NONE, TYPE_XML},
    [PG_QUERY__XML_EXPR_OP__IS_XMLPI] = {"XMLPI", TYPE_TEXT, TYPE_TEXT, TYPE_TEXT, TYPE_XML},
    [PG_QUERY__XML_EXPR_OP__IS_XMLROOT] = {"XMLROOT", TYPE_XML, TYPE_TEXT, TYPE_INT4, TYPE_XML},
    [PG_QUERY__XML_EXPR_OP__IS_XMLSERIALIZE] = {"XMLSERIALIZE", TYPE_XML, OID_NONE, OID_NONE, TYPE_TEXT},
    [PG_QUERY__XML_EXPR_OP__IS_DOCUMENT] = {"IS DOCUMENT", TYPE_XML, OID_NONE, OID_NONE, TYPE_BOOL},
};

/* A column's name is escaped further than one that is written, which no source can be asked for. */
static bool name_of_column(Scope *scope, const PgQuery__ResTarget *target, const char **name)
{
    *name = target_name(scope->an, target->val);
    if (!strchr(*name, ':') && strncasecmp(*name, "xml", 3) != 0)
        return true;
    error_unsupported(scope->an->error, "an XML element or attribute named after column \"%s\" is not supported", *name);
    error_hint(scope->an->error, "Give it a name with AS.");
    return analyze_at(scope->an, target->location);
}

static bool read_name(Scope *scope, const PgQuery__ResTarget *target, bool is_element, const char **name)
{
    if (target->name && *target->name)
        return *name = target->name, true;
    if (target->val->node_case == PG_QUERY__NODE__NODE_COLUMN_REF)
        return name_of_column(scope, target, name);
    error_set(scope->an->error, ERRCODE_SYNTAX_ERROR, "unnamed XML %s value must be a column reference",
              is_element ? "attribute" : "element");
    return analyze_at(scope->an, target->location);
}

static bool is_new_name(Scope *scope, const Expr *expr, int count, int location)
{
    for (int i = 0; i < count; i++) {
        if (!str_eq(expr->u.xml.names[i], expr->u.xml.names[count]))
            continue;
        error_set(scope->an->error, ERRCODE_SYNTAX_ERROR, "XML attribute name \"%s\" appears more than once", expr->u.xml.names[i]);
        return analyze_at(scope->an, location);
    }
    return true;
}

static bool add_named(Scope *scope, Expr *expr, const PgQuery__XmlExpr *node)
{
    bool is_element = node->op == PG_QUERY__XML_EXPR_OP__IS_XMLELEMENT;
    const char **names = ARENA_ARRAY(scope->an->arena, const char *, node->n_named_args + 1);
    expr->u.xml.names = names;
    expr->u.xml.nnames = (int)node->n_named_args;
    for (int i = 0; i < expr->u.xml.nnames; i++) {
        const PgQuery__ResTarget *target = node->named_args[i]->res_target;
        Expr *arg = analyze_expr(scope, target->val);
        if (!arg || !read_name(scope, target, is_element, &names[i]) || (is_element && !is_new_name(scope, expr, i, target->location)))
            return false;
        expr->args[expr->nargs++] = arg;
    }
    return true;
}

Expr *analyze_xml(Scope *scope, const PgQuery__XmlExpr *node)
{
    Expr *expr = expr_new(scope, EXPR_XML, OPS[node->op].type, node->location);
    expr->args = ARENA_ARRAY(scope->an->arena, Expr *, node->n_named_args + node->n_args + 1);
    expr->u.xml.op = (int)node->op;
    expr->u.xml.name = node->name && *node->name ? node->name : NULL;
    expr->u.xml.is_document = node->xmloption == PG_QUERY__XML_OPTION_TYPE__XMLOPTION_DOCUMENT;
    if (!add_named(scope, expr, node))
        return NULL;
    for (size_t i = 0; i < node->n_args; i++) {
        Oid type = i == 0 ? OPS[node->op].first : i == 1 ? OPS[node->op].second : OPS[node->op].third;
        Expr *arg = analyze_expr(scope, node->args[i]);
        if (arg && type)
            arg = coerce_to_specific(scope, arg, type, OPS[node->op].name);
        if (!arg)
            return NULL;
        expr->args[expr->nargs++] = arg;
    }
    return expr;
}

Expr *analyze_xml_serialize(Scope *scope, const PgQuery__XmlSerialize *node)
{
    Analyzer *an = scope->an;
    Expr *arg = analyze_expr(scope, node->expr);
    arg = arg ? coerce_to_specific(scope, arg, TYPE_XML, "XMLSERIALIZE") : NULL;
    Oid type;
    int32_t typmod;
    if (!arg || !resolve_type_name(scope, node->type_name, &type, &typmod))
        return NULL;
    Expr *expr = expr_new(scope, EXPR_XML, TYPE_TEXT, node->location);
    expr->args = ARENA_ARRAY(an->arena, Expr *, 1);
    expr->args[expr->nargs++] = arg;
    expr->u.xml.op = PG_QUERY__XML_EXPR_OP__IS_XMLSERIALIZE;
    expr->u.xml.is_document = node->xmloption == PG_QUERY__XML_OPTION_TYPE__XMLOPTION_DOCUMENT;
    expr->u.xml.type = type;
    expr->u.xml.typmod = typmod;
    Expr *result = coerce_to_target(scope, expr, type, typmod, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
    if (!result && !error_is_set(an->error)) {
        error_set(an->error, ERRCODE_CANNOT_COERCE, "cannot cast XMLSERIALIZE result to %s", type_text(an, type));
        analyze_at(an, node->location);
    }
    return result;
}
