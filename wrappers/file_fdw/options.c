/*
 * options.c - COPY's options as options of a foreign table, checked in COPY's order and with its messages.
 *
 * Any thread: nothing here has state.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "file_fdw.h"

char *file_text(FdwCall *call, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = call->host->alloc(call, (size_t)(length < 0 ? 0 : length) + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

bool file_fail(FdwCall *call, const char *sqlstate, const char *format, ...)
{
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    FdwError error = {.sqlstate = sqlstate, .message = message};
    return call->host->fail(call, &error);
}

const char *file_option(const FdwOptions *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->items[i].name, name) == 0)
            return options->items[i].value;
    return NULL;
}

const char *file_column_name(const FdwColumn *column)
{
    const char *name = file_option(&column->options, "column_name");
    return name ? name : column->name;
}

bool file_option_bool(const FdwOptions *options, const char *name)
{
    const char *text = file_option(options, name);
    return text && (strcasecmp(text, "true") == 0 || strcasecmp(text, "on") == 0);
}

static bool is_boolean(const char *text)
{
    return strcasecmp(text, "true") == 0 || strcasecmp(text, "on") == 0 || strcasecmp(text, "false") == 0 || strcasecmp(text, "off") == 0;
}

/* ---- who may name files and programs ---- */

bool file_check_option(FdwCall *call, const FdwCheck *check, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(check->all.items[i].name, "filename") == 0 || strcmp(check->all.items[i].name, "program") == 0)
            return file_fail(call, "42601", "conflicting or redundant options");
    if (strcmp(check->all.items[index].name, "filename") == 0 && !check->rights.may_read_files)
        return file_fail(call, "42501",
                         "only superuser or a role with privileges of the pg_read_server_files role may specify the filename option of a "
                         "file_fdw foreign table");
    if (strcmp(check->all.items[index].name, "program") == 0 && !check->rights.may_execute_programs)
        return file_fail(call, "42501",
                         "only superuser or a role with privileges of the pg_execute_server_program role may specify the program option "
                         "of a file_fdw foreign table");
    return true;
}

/* ---- COPY's rules ---- */

static bool set_format(FdwCall *call, CopyOptions *out, const char *value)
{
    static const char *const NAMES[] = {"text", "csv", "binary", "json", "parquet"};
    for (int i = 0; i < 5; i++)
        if (strcmp(value, NAMES[i]) == 0) {
            out->format = (Format)i;
            return true;
        }
    return file_fail(call, "22023", "COPY format \"%s\" not recognized", value);
}

static bool set_header(FdwCall *call, CopyOptions *out, const char *value)
{
    static const struct {
        const char *text;
        Header header;
    } VALUES[] = {{"true", HEADER_SKIP}, {"on", HEADER_SKIP}, {"false", HEADER_NONE}, {"off", HEADER_NONE}, {"match", HEADER_MATCH}};
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++)
        if (strcasecmp(value, VALUES[i].text) == 0) {
            out->header = VALUES[i].header;
            return true;
        }
    return file_fail(call, "42601", "header requires a Boolean value or \"match\"");
}

/* What it may be is asked when all are known. */
static bool set_text(FdwCall *call, CopyOptions *out, const char *value)
{
    return true;
}

static bool set_encoding(FdwCall *call, CopyOptions *out, const char *value)
{
    return encoding_find(value, &out->encoding) ||
           file_fail(call, "22023", "argument to option \"encoding\" must be a valid encoding name");
}

static bool set_freeze(FdwCall *call, CopyOptions *out, const char *value)
{
    return is_boolean(value) || file_fail(call, "42601", "freeze requires a Boolean value");
}

/* COPY's options; set NULL: a list of columns, which no option of a table can be. */
static const struct {
    const char *name;
    bool (*set)(FdwCall *call, CopyOptions *out, const char *value);
} SETTERS[] = {{"format", set_format},   {"freeze", set_freeze}, {"delimiter", set_text},       {"null", set_text},
               {"header", set_header},   {"quote", set_text},    {"escape", set_text},          {"force_quote", NULL},
               {"force_not_null", NULL}, {"force_null", NULL},   {"convert_selectively", NULL}, {"encoding", set_encoding}};

/* The texts as given; NULL: not given. */
typedef struct Given {
    const char *delimiter, *null, *quote, *escape;
} Given;

static bool check_delimiter(FdwCall *call, const CopyOptions *options, const char *delimiter)
{
    if (strlen(delimiter) != 1)
        return file_fail(call, "0A000", "COPY delimiter must be a single one-byte character");
    if (*delimiter == '\r' || *delimiter == '\n')
        return file_fail(call, "22023", "COPY delimiter cannot be newline or carriage return");
    if (strpbrk(options->null, "\r\n"))
        return file_fail(call, "22023", "COPY null representation cannot use newline or carriage return");
    if (options->format != FORMAT_CSV && strchr("\\.abcdefghijklmnopqrstuvwxyz0123456789", *delimiter))
        return file_fail(call, "22023", "COPY delimiter cannot be \"%s\"", delimiter);
    return true;
}

static bool check_quoting(FdwCall *call, const CopyOptions *options, const Given *given, const char *delimiter)
{
    bool csv = options->format == FORMAT_CSV;
    if (!csv && given->quote)
        return file_fail(call, "0A000", "COPY quote available only in CSV mode");
    if (csv && given->quote && strlen(given->quote) != 1)
        return file_fail(call, "0A000", "COPY quote must be a single one-byte character");
    if (csv && *delimiter == (given->quote ? *given->quote : '"'))
        return file_fail(call, "22023", "COPY delimiter and quote must be different");
    if (!csv && given->escape)
        return file_fail(call, "0A000", "COPY escape available only in CSV mode");
    if (csv && given->escape && strlen(given->escape) != 1)
        return file_fail(call, "0A000", "COPY escape must be a single one-byte character");
    return true;
}

static bool settle(FdwCall *call, CopyOptions *out, const Given *given)
{
    bool csv = out->format == FORMAT_CSV;
    if (out->format == FORMAT_BINARY && given->delimiter)
        return file_fail(call, "42601", "cannot specify DELIMITER in BINARY mode");
    if (out->format == FORMAT_BINARY && given->null)
        return file_fail(call, "42601", "cannot specify NULL in BINARY mode");
    const char *delimiter = given->delimiter ? given->delimiter : csv ? "," : "\t";
    out->null = given->null ? given->null : csv ? "" : "\\N";
    out->null_length = strlen(out->null);
    if (!check_delimiter(call, out, delimiter))
        return false;
    if (out->format == FORMAT_BINARY && out->header != HEADER_NONE)
        return file_fail(call, "0A000", "cannot specify HEADER in BINARY mode");
    if (!check_quoting(call, out, given, delimiter))
        return false;
    out->delimiter = *delimiter;
    out->quote = given->quote ? *given->quote : '"';
    out->escape = given->escape ? *given->escape : out->quote;
    if (strchr(out->null, out->delimiter))
        return file_fail(call, "0A000", "COPY delimiter must not appear in the NULL specification");
    if (csv && strchr(out->null, out->quote))
        return file_fail(call, "0A000", "CSV quote character must not appear in the NULL specification");
    return true;
}

/* Formats that COPY has not: they have no use for its options. */
static bool check_beyond_copy(FdwCall *call, const FdwOptions *options, const CopyOptions *copy)
{
    static const char *const NAMES[] = {"header", "delimiter", "quote", "escape", "null"};
    const char *format = copy->format == FORMAT_JSON ? "json" : "parquet";
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (file_option(options, NAMES[i]))
            return file_fail(call, "42601", "cannot specify option \"%s\" with format \"%s\"", NAMES[i], format);
    if (copy->format == FORMAT_PARQUET && (copy->program || file_option(options, "encoding")))
        return file_fail(call, "42601", "cannot specify option \"%s\" with format \"%s\"", copy->program ? "program" : "encoding", format);
    return true;
}

static bool set_option(FdwCall *call, const FdwOptions *options, size_t index, CopyOptions *out)
{
    const FdwOptionValue *option = &options->items[index];
    for (size_t i = 0; i < sizeof SETTERS / sizeof SETTERS[0]; i++) {
        if (strcmp(option->name, SETTERS[i].name) != 0)
            continue;
        for (size_t before = 0; before < index; before++)
            if (strcmp(options->items[before].name, option->name) == 0)
                return file_fail(call, "42601", "conflicting or redundant options");
        if (!SETTERS[i].set)
            return file_fail(call, "22023", "argument to option \"%s\" must be a list of column names", option->name);
        return option->value ? SETTERS[i].set(call, out, option->value) : file_fail(call, "42601", "%s requires a parameter", option->name);
    }
    return file_fail(call, "42601", "option \"%s\" not recognized", option->name);
}

static bool copy_options(FdwCall *call, const FdwOptions *options, CopyOptions *out)
{
    Given given = {file_option(options, "delimiter"), file_option(options, "null"), file_option(options, "quote"),
                   file_option(options, "escape")};
    for (size_t i = 0; i < options->count; i++)
        if (!set_option(call, options, i, out))
            return false;
    if (out->format == FORMAT_JSON || out->format == FORMAT_PARQUET)
        return check_beyond_copy(call, options, out);
    return settle(call, out, &given);
}

/* ---- a table's options, which no validator may have seen ---- */

static bool is_source(const FdwOptionValue *option)
{
    return strcmp(option->name, "filename") == 0 || strcmp(option->name, "program") == 0;
}

/* All of the lists, but for the first filename or program, which is taken over. */
static FdwOptions take_source(FdwCall *call, const FdwOptions *const *lists, size_t count, CopyOptions *out)
{
    FdwOptions rest = {0};
    size_t most = 0;
    *out = (CopyOptions){0};
    for (size_t i = 0; i < count; i++)
        most += lists[i]->count;
    FdwOptionValue *items = call->host->alloc(call, (most + 1) * sizeof *items);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            const FdwOptionValue *option = &lists[i]->items[j];
            bool taken = is_source(option) && !out->filename && !out->program;
            if (taken && strcmp(option->name, "filename") == 0)
                out->filename = option->value;
            else if (taken)
                out->program = option->value;
            else
                items[rest.count++] = *option;
        }
    rest.items = items;
    return rest;
}

static bool check_column(FdwCall *call, const FdwColumn *column)
{
    static const char *const NAMES[] = {"force_not_null", "force_null"};
    for (size_t i = 0; i < column->options.count; i++)
        for (size_t j = 0; j < sizeof NAMES / sizeof NAMES[0]; j++) {
            const FdwOptionValue *option = &column->options.items[i];
            if (column->name && strcmp(option->name, NAMES[j]) == 0 && option->value && !is_boolean(option->value))
                return file_fail(call, "42601", "%s requires a Boolean value", option->name);
        }
    return true;
}

static bool split_options(FdwCall *call, const FdwTable *table, CopyOptions *out, FdwOptions *rest)
{
    const FdwOptions *const lists[] = {&table->wrapper_options, &table->server_options, &table->options};
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!check_column(call, &table->columns[i]))
            return false;
    *rest = take_source(call, lists, sizeof lists / sizeof lists[0], out);
    return out->filename || out->program || file_fail(call, "XX000", "either filename or program is required for file_fdw foreign tables");
}

bool file_table_source(FdwCall *call, const FdwTable *table, CopyOptions *out)
{
    FdwOptions rest;
    return split_options(call, table, out, &rest);
}

bool file_check_table(FdwCall *call, const FdwTable *table)
{
    CopyOptions options;
    return file_table_source(call, table, &options);
}

bool file_table_options(FdwCall *call, const FdwTable *table, CopyOptions *out)
{
    FdwOptions rest;
    return split_options(call, table, out, &rest) && copy_options(call, &rest, out);
}

const char *file_table_option(const FdwTable *table, const char *name)
{
    const FdwOptions *const lists[] = {&table->wrapper_options, &table->server_options, &table->options};
    const char *value = NULL;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0] && !value; i++)
        value = file_option(lists[i], name);
    return value;
}

bool file_check_options(FdwCall *call, const FdwCheck *check)
{
    const FdwOptions *all = &check->all;
    CopyOptions options;
    FdwOptions rest = take_source(call, &all, 1, &options);
    if (check->object != FDW_OBJECT_TABLE)
        return true;
    return copy_options(call, &rest, &options) &&
           (options.filename || options.program ||
            file_fail(call, "HV002", "either filename or program is required for file_fdw foreign tables"));
}
