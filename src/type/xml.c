/*
 * xml.c - xml: a text that must be well-formed content, or a document; libxml2 says whether it is.
 *
 * Nothing outside of the text is read: entities are not replaced and no DTD is loaded.
 *
 * Invariants:
 *  1. A Value is the text as it was given, its XML declaration too. Output leaves off what of the declaration says nothing (version 1.0,
 *     any encoding), and then the newline behind it.
 *  2. libxml2's handlers of errors, which are the thread's, are put back after each use.
 *
 * Any thread.
 */
#include <libxml/chvalid.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <stdio.h>

#include "type/type_int.h"

/* ---- the declaration ---- */

typedef struct Declaration {
    size_t length; /* 0: there is none */
    const char *version;
    size_t version_length;
    int standalone; /* -1: not said */
} Declaration;

static void skip_spaces(const char **at)
{
    while (xmlIsBlank_ch((unsigned char)**at))
        (*at)++;
}

static bool take(const char **at, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

/* = "value": 0, or `code` where it is not that. */
static int read_value(const char **at, int code, const char **value, size_t *length)
{
    skip_spaces(at);
    if (!take(at, "="))
        return code;
    skip_spaces(at);
    const char *end = **at == '"' || **at == '\'' ? strchr(*at + 1, **at) : NULL;
    if (!end)
        return code;
    *value = *at + 1;
    *length = (size_t)(end - *value);
    *at = end + 1;
    return 0;
}

/* A further attribute of this name. 0: read, or not there (*value NULL, *at as it was). */
static int read_attribute(const char **at, const char *name, int code, const char **value, size_t *length)
{
    const char *start = *at;
    *value = NULL;
    skip_spaces(at);
    if (!take(at, name)) {
        *at = start;
        return 0;
    }
    if (!xmlIsBlank_ch((unsigned char)*start))
        return XML_ERR_SPACE_REQUIRED;
    return read_value(at, code, value, length);
}

static bool is_name_char(const char *at)
{
    int length = 4, c = xmlGetUTF8Char((const unsigned char *)at, &length);
    return xmlIsBaseCharQ(c) || xmlIsIdeographicQ(c) || xmlIsDigitQ(c) || c == '.' || c == '-' || c == '_' || c == ':' ||
           xmlIsCombiningQ(c) || xmlIsExtenderQ(c);
}

/* libxml2's code of what is wrong; 0: nothing. */
static int read_declaration(const char *text, Declaration *out)
{
    const char *at = text, *value;
    size_t length;
    *out = (Declaration){.standalone = -1};
    if (!take(&at, "<?xml") || is_name_char(at))
        return 0;
    int code = read_attribute(&at, "version", XML_ERR_VERSION_MISSING, &out->version, &out->version_length);
    if (code == 0 && !out->version)
        code = xmlIsBlank_ch((unsigned char)*at) ? XML_ERR_VERSION_MISSING : XML_ERR_SPACE_REQUIRED;
    if (code == 0)
        code = read_attribute(&at, "encoding", XML_ERR_MISSING_ENCODING, &value, &length);
    if (code == 0)
        code = read_attribute(&at, "standalone", XML_ERR_STANDALONE_VALUE, &value, &length);
    if (code)
        return code;
    if (value) {
        if (!type_word_is(value, length, "yes") && !type_word_is(value, length, "no"))
            return XML_ERR_STANDALONE_VALUE;
        out->standalone = length == 3;
    }
    skip_spaces(&at);
    if (!take(&at, "?>"))
        return XML_ERR_XMLDECL_NOT_FINISHED;
    out->length = (size_t)(at - text);
    for (const char *c = text; c < at; c++)
        if ((unsigned char)*c > 127)
            return XML_ERR_INVALID_CHAR;
    return 0;
}

static bool bad_declaration(const TypeCall *call, int code)
{
    static const struct {
        int code;
        const char *detail;
    } DETAILS[] = {{XML_ERR_INVALID_CHAR, "Invalid character value."},
                   {XML_ERR_SPACE_REQUIRED, "Space required."},
                   {XML_ERR_STANDALONE_VALUE, "standalone accepts only 'yes' or 'no'."},
                   {XML_ERR_VERSION_MISSING, "Malformed declaration: missing version."},
                   {XML_ERR_MISSING_ENCODING, "Missing encoding in text declaration."},
                   {XML_ERR_XMLDECL_NOT_FINISHED, "Parsing XML declaration: '?>' expected."}};
    error_set(call->error, ERRCODE_INVALID_XML_CONTENT, "invalid XML content: invalid XML declaration");
    for (size_t i = 0; i < COUNT_OF(DETAILS); i++)
        if (DETAILS[i].code == code)
            error_detail(call->error, "%s", DETAILS[i].detail);
    return false;
}

/* ---- what libxml2 says ---- */

typedef struct Findings {
    Str text;
    bool any;
} Findings;

static void __attribute__((format(printf, 2, 3))) add_place(void *arg, const char *format, ...)
{
    char part[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(part, sizeof part, format, args);
    va_end(args);
    str_add(arg, part);
}

static void chop_newlines(Str *text)
{
    while (text->len > 0 && text->data[text->len - 1] == '\n')
        text->data[--text->len] = '\0';
}

static bool counts(const Findings *findings, const xmlError *found)
{
    if (found->level < XML_ERR_ERROR || found->code == XML_WAR_UNDECLARED_ENTITY)
        return false;
    /* Mostly comes after another, which says more. */
    if (found->code == XML_ERR_NOT_WELL_BALANCED && findings->any)
        return false;
    return found->domain == XML_FROM_PARSER || found->domain == XML_FROM_NONE || found->domain == XML_FROM_MEMORY ||
           found->domain == XML_FROM_IO;
}

static void add_finding(void *arg, xmlErrorPtr found)
{
    Findings *findings = arg;
    if (!counts(findings, found))
        return;
    Str *text = &findings->text;
    if (findings->any)
        str_addc(text, '\n');
    findings->any = true;
    if (found->line > 0)
        str_addf(text, "line %d: ", found->line);
    str_add(text, found->message ? found->message : "(no message provided)");
    xmlParserCtxtPtr parser = found->ctxt;
    if (parser && parser->input) {
        void *old_arg = xmlGenericErrorContext;
        xmlGenericErrorFunc old = xmlGenericError;
        chop_newlines(text);
        str_addc(text, '\n');
        xmlSetGenericErrorFunc(text, add_place);
        xmlParserPrintFileContext(parser->input);
        xmlSetGenericErrorFunc(old_arg, old);
    }
    chop_newlines(text);
}

/* Whether a document type declaration comes before the first element: then the whole is to be a document. */
static bool has_doctype(const char *at)
{
    for (;;) {
        skip_spaces(&at);
        const char *end;
        if (take(&at, "<!--")) {
            end = strstr(at, "--");
            if (!end || end[2] != '>')
                return false;
            at = end + 3;
        } else if (take(&at, "<?")) {
            end = strstr(at, "?>");
            if (!end)
                return false;
            at = end + 2;
        } else {
            return strncmp(at, "<!DOCTYPE", 9) == 0;
        }
    }
}

static bool parse_document(const char *text)
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (!parser)
        return false;
    xmlDocPtr document = xmlCtxtReadDoc(parser, (const xmlChar *)text, NULL, "UTF-8", XML_PARSE_NONET);
    bool ok = document != NULL;
    xmlFreeDoc(document);
    xmlFreeParserCtxt(parser);
    return ok;
}

static bool parse_content(const char *text, const Declaration *declaration)
{
    char version[16] = "1.0";
    if (declaration->version && declaration->version_length < sizeof version)
        snprintf(version, sizeof version, "%.*s", (int)declaration->version_length, declaration->version);
    xmlDocPtr document = xmlNewDoc((const xmlChar *)version);
    if (!document)
        return false;
    document->standalone = 1;
    text += declaration->length;
    bool ok = !*text || xmlParseBalancedChunkMemory(document, NULL, NULL, 0, (const xmlChar *)text, NULL) == 0;
    xmlFreeDoc(document);
    return ok;
}

static bool check(const TypeCall *call, const char *text)
{
    Declaration declaration;
    int code = read_declaration(text, &declaration);
    if (code)
        return bad_declaration(call, code);
    Findings findings = {.any = false};
    str_init(&findings.text, call->arena);
    xmlInitParser();
    void *old_arg = xmlStructuredErrorContext;
    xmlStructuredErrorFunc old = xmlStructuredError;
    xmlSetStructuredErrorFunc(&findings, add_finding);
    bool ok = has_doctype(text + declaration.length) ? parse_document(text) : parse_content(text, &declaration);
    xmlSetStructuredErrorFunc(old_arg, old);
    if (ok && !findings.any)
        return true;
    error_set(call->error, ERRCODE_INVALID_XML_CONTENT, "invalid XML content");
    return findings.any ? error_detail(call->error, "%s", findings.text.data) : false;
}

/* ---- the row's functions ---- */

bool xml_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    const char *copy = arena_strndup(call->arena, text, len);
    *out = value_text(copy, len);
    return check(call, copy);
}

bool xml_output(const TypeCall *call, const Value *value, Str *out)
{
    const char *text = arena_strndup(call->arena, value->s.ptr, value->s.len);
    Declaration declaration;
    if (call->context == &TYPE_CONTEXT_CANONICAL || read_declaration(text, &declaration)) {
        str_add(out, text);
        return true;
    }
    bool is_plain = !declaration.version || type_word_is(declaration.version, declaration.version_length, "1.0");
    text += declaration.length;
    if (is_plain && declaration.standalone < 0) {
        text += *text == '\n';
    } else {
        str_add(out, "<?xml version=\"");
        if (declaration.version)
            str_addn(out, declaration.version, declaration.version_length);
        else
            str_add(out, "1.0");
        str_add(out, "\"");
        if (declaration.standalone >= 0)
            str_addf(out, " standalone=\"%s\"", declaration.standalone ? "yes" : "no");
        str_add(out, "?>");
    }
    str_add(out, text);
    return true;
}

bool xml_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return utf8_check(bytes, len, call->error) && xml_input(call, bytes, len, out);
}

bool xml_send(const TypeCall *call, const Value *value, Str *out)
{
    return xml_output(call, value, out);
}
