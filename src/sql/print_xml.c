/*
 * print_xml.c - XMLELEMENT and its like as their syntax has them: for the sources that compute them, and for stored queries.
 *
 * Any thread.
 */
#include "sql/print_internal.h"

#include <stdlib.h>
#include <string.h>

static const char *const NAMES[] = {
    [PG_QUERY__XML_EXPR_OP__IS_XMLCONCAT] = "XMLCONCAT",
    [PG_QUERY__XML_EXPR_OP__IS_XMLELEMENT] = "XMLELEMENT",
    [PG_QUERY__XML_EXPR_OP__IS_XMLFOREST] = "XMLFOREST",
    [PG_QUERY__XML_EXPR_OP__IS_XMLPARSE] = "XMLPARSE",
    [PG_QUERY__XML_EXPR_OP__IS_XMLPI] = "XMLPI",
    [PG_QUERY__XML_EXPR_OP__IS_XMLROOT] = "XMLROOT",
    [PG_QUERY__XML_EXPR_OP__IS_XMLSERIALIZE] = "XMLSERIALIZE",
    [PG_QUERY__XML_EXPR_OP__IS_DOCUMENT] = "IS DOCUMENT",
};
/* XMLROOT's third argument. */
enum { STANDALONE_YES, STANDALONE_NO, STANDALONE_NO_VALUE, STANDALONE_OMITTED };

/* Of an argument that only a constant can be. */
static const char *written(const Expr *arg)
{
    return arg->kind == EXPR_CONST && arg->u.value ? arg->u.value : "";
}

static bool write_root(const XmlWriter *writer, const Expr *expr)
{
    static const char *const STANDALONE[] = {
        [STANDALONE_YES] = ", STANDALONE YES",
        [STANDALONE_NO] = ", STANDALONE NO",
        [STANDALONE_NO_VALUE] = ", STANDALONE NO VALUE",
        [STANDALONE_OMITTED] = "",
    };
    const Expr *version = expr->args[1];
    bool has_version = version->kind != EXPR_CONST || version->u.value;
    if (!writer->write(writer->arg, expr->args[0]))
        return false;
    str_add(writer->out, has_version ? ", VERSION " : ", VERSION NO VALUE");
    if (has_version && !writer->write(writer->arg, version))
        return false;
    str_add(writer->out, STANDALONE[atoi(written(expr->args[2])) % COUNT_OF(STANDALONE)]);
    return true;
}

static bool write_list(const XmlWriter *writer, const Expr *expr, int first, const char *separator)
{
    for (int i = first; i < expr->nargs; i++) {
        str_add(writer->out, i > first ? ", " : separator);
        if (!writer->write(writer->arg, expr->args[i]))
            return false;
    }
    return true;
}

static bool write_named(const XmlWriter *writer, const Expr *expr)
{
    for (int i = 0; i < expr->u.xml.nnames; i++) {
        str_add(writer->out, i ? ", " : "");
        if (!writer->write(writer->arg, expr->args[i]))
            return false;
        str_add(writer->out, " AS ");
        writer->write_name(writer->arg, expr->u.xml.names[i]);
    }
    return true;
}

static bool write_element(const XmlWriter *writer, const Expr *expr)
{
    bool has_attributes = expr->u.xml.nnames > 0;
    str_add(writer->out, "NAME ");
    writer->write_name(writer->arg, expr->u.xml.name);
    str_add(writer->out, has_attributes ? ", XMLATTRIBUTES(" : "");
    if (!write_named(writer, expr))
        return false;
    str_add(writer->out, has_attributes ? ")" : "");
    return write_list(writer, expr, expr->u.xml.nnames, ", ");
}

static bool write_content(const XmlWriter *writer, const Expr *expr)
{
    str_add(writer->out, expr->u.xml.is_document ? "DOCUMENT " : "CONTENT ");
    if (!writer->write(writer->arg, expr->args[0]))
        return false;
    if (expr->u.xml.op == PG_QUERY__XML_EXPR_OP__IS_XMLPARSE)
        str_add(writer->out, *written(expr->args[1]) == 't' ? " PRESERVE WHITESPACE" : " STRIP WHITESPACE");
    else
        str_addf(writer->out, " AS %s", writer->serialized_type ? writer->serialized_type(writer->arg, expr) : "text");
    return true;
}

static bool write_inside(const XmlWriter *writer, const Expr *expr)
{
    switch (expr->u.xml.op) {
    case PG_QUERY__XML_EXPR_OP__IS_XMLELEMENT:
        return write_element(writer, expr);
    case PG_QUERY__XML_EXPR_OP__IS_XMLFOREST:
        return write_named(writer, expr);
    case PG_QUERY__XML_EXPR_OP__IS_XMLROOT:
        return write_root(writer, expr);
    case PG_QUERY__XML_EXPR_OP__IS_XMLPARSE:
    case PG_QUERY__XML_EXPR_OP__IS_XMLSERIALIZE:
        return write_content(writer, expr);
    case PG_QUERY__XML_EXPR_OP__IS_XMLPI:
        str_add(writer->out, "NAME ");
        writer->write_name(writer->arg, expr->u.xml.name);
        return write_list(writer, expr, 0, ", ");
    default:
        return write_list(writer, expr, 0, "");
    }
}

bool xml_write(const XmlWriter *writer, const Expr *expr)
{
    bool is_test = expr->u.xml.op == PG_QUERY__XML_EXPR_OP__IS_DOCUMENT;
    bool has_parens = !is_test || !writer->is_closed;
    str_addf(writer->out, "%s%s", is_test ? "" : NAMES[expr->u.xml.op], has_parens ? "(" : "");
    if (!write_inside(writer, expr))
        return false;
    str_addf(writer->out, "%s%s", has_parens ? ")" : "", is_test ? " IS DOCUMENT" : "");
    return true;
}

static bool print_part(void *arg, const Expr *expr)
{
    return print_expr(arg, expr);
}

static void print_name(void *arg, const char *name)
{
    Printer *printer = arg;
    sql_quote_identifier(printer->dialect, name, printer->out);
}

/* Dates and times of day are written in XML's own way. */
static bool has_fixed_text(Oid type)
{
    return postgres_has_fixed_text(type) || type == TYPE_XML || type == TYPE_UNKNOWN || type == TYPE_DATE || type == TYPE_TIMESTAMP;
}

bool print_xml(Printer *printer, const Expr *expr)
{
    bool takes_any = expr->u.xml.op == PG_QUERY__XML_EXPR_OP__IS_XMLELEMENT || expr->u.xml.op == PG_QUERY__XML_EXPR_OP__IS_XMLFOREST;
    if (printer->dialect->kind != DIALECT_POSTGRES)
        return print_refuse(printer, expr, "%s is", NAMES[expr->u.xml.op]);
    for (int i = 0; takes_any && i < expr->nargs; i++)
        if (!has_fixed_text(expr->args[i]->type))
            return print_refuse(printer, expr, "XML whose text depends on settings is");
    const XmlWriter writer = {.arg = printer, .out = printer->out, .write = print_part, .write_name = print_name};
    str_addc(printer->out, '(');
    if (!xml_write(&writer, expr))
        return false;
    str_addc(printer->out, ')');
    return true;
}
