/*
 * fdw_driver.c - one call of a wrapper module, without a server: what the tests of the wrappers drive.
 *
 * usage: fdw_driver MODULE_DIRECTORY MODULE ACTION [ARGUMENT ...]
 *   actions: scan, relay, import, estimate, check; twice (two scans in one transaction, with a pause for standard input between);
 *     steps (of one transaction, a line of standard input each, parted by tabs: modify SQL RESULTS PARAMETERS VALUE ...; scan SQL; open SQL
 * and next, which reads a batch of it; savepoint, release, undo LEVEL; commit; rollback) arguments: server.NAME=VALUE mapping.NAME=VALUE
 * table.NAME=VALUE import.NAME=VALUE column.N.NAME=VALUE option.NAME=VALUE columns=name:oid:typmod,... sql=... param=OID:TEXT parts=N
 * format=0|1 limit=N rows=N (stop after N) object=SERVER|... super=0|1 cancel_ms=N (cancel after that time) split=TABLE:ALIAS:OFFSET:WHERE
 * schema=NAME tables=a,b kind=all|limit|except name=TABLE project=i,j filter=column:op:text prints rows, values parted by tabs, NULL as \N;
 * then errors as psql's VERBOSITY verbose does.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wrapper/wrapper.h"

enum { CAPACITY = 2048 };

typedef struct Driver {
    Arena *arena;
    Error error;
    WrapperHost *host;
    RemoteSession *session;
    const FdwModule *module;
    RemoteTarget target;
    FdwTable table;
    FdwScanSpec spec;
    FdwImportSpec import;
    FdwObject object;
    VEC(FdwOptionValue) server, mapping, table_options, import_options, checked;
    VEC(FdwColumn) columns;
    VEC(FdwParam) params;
    VEC(FdwFilter) filters;
    VEC(size_t) projection;
    StrList tables;
    FdwType *types;
    const char **names;
    int parts;
    int16_t format;
    size_t row_limit, rows;
    FdwRights rights;
    struct OpenScan *open; /* of the step of that name */
    int cancel_ms;
    pthread_t canceller;
    atomic_bool cancelled;
} Driver;

static void set_string(FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    FdwString *string = &((FdwString *)vector->data)[row];
    if (length > 12 && !vector->owner) {
        *string = (FdwString){0};
        return;
    }
    string->length = (uint32_t)length;
    char *copy = length <= 12 ? string->u.inlined : arena_alloc(vector->owner, length);
    memcpy(copy, bytes, length);
    if (length > 12) {
        memcpy(string->u.at.prefix, bytes, 4);
        string->u.at.pointer = copy;
    }
}

static void print_notice(void *arg, const Error *notice)
{
    printf("WARNING:  %s: %s\n", notice->sqlstate, notice->message);
}

static void print_error(const Error *error)
{
    printf("ERROR:  %s: %s\n", error->sqlstate, error->message);
    if (error->detail)
        printf("DETAIL:  %s\n", error->detail);
    if (error->hint)
        printf("HINT:  %s\n", error->hint);
    if (error->context)
        printf("CONTEXT:  %s\n", error->context);
}

/* ---- arguments ---- */

static void parse_columns(Driver *driver, char *text)
{
    for (char *save, *item = strtok_r(text, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
        char *oid = strchr(item, ':'), *typmod = oid ? strchr(oid + 1, ':') : NULL;
        FdwColumn column = {.name = arena_strndup(driver->arena, item, oid ? (size_t)(oid - item) : strlen(item))};
        column.type = type_layout(oid ? (Oid)atoi(oid + 1) : 25, typmod ? atoi(typmod + 1) : -1);
        vec_push(driver->arena, &driver->columns, column);
    }
}

static void parse_split(FdwScanSpec *spec, char *text)
{
    char *save;
    spec->split_table = strtok_r(text, ":", &save);
    spec->split_alias = strtok_r(NULL, ":", &save);
    spec->split_offset = (size_t)atoi(strtok_r(NULL, ":", &save));
    spec->split_where = atoi(strtok_r(NULL, ":", &save));
}

static void parse_filter(Driver *driver, char *text)
{
    char *save;
    FdwFilter filter = {.column = (size_t)atoi(strtok_r(text, ":", &save))};
    filter.compare = (FdwCompare)atoi(strtok_r(NULL, ":", &save));
    filter.text = save;
    vec_push(driver->arena, &driver->filters, filter);
}

static bool parse_option(Driver *driver, const char *name, const char *value)
{
    static const char *const PREFIXES[] = {"server.", "mapping.", "table.", "import.", "option."};
    for (size_t i = 0; i < COUNT_OF(PREFIXES); i++) {
        size_t length = strlen(PREFIXES[i]);
        if (strncmp(name, PREFIXES[i], length) != 0)
            continue;
        FdwOptionValue option = {name + length, value};
        switch (i) {
        case 0:
            vec_push(driver->arena, &driver->server, option);
            break;
        case 1:
            vec_push(driver->arena, &driver->mapping, option);
            break;
        case 2:
            vec_push(driver->arena, &driver->table_options, option);
            break;
        case 3:
            vec_push(driver->arena, &driver->import_options, option);
            break;
        default:
            vec_push(driver->arena, &driver->checked, option);
        }
        return true;
    }
    return false;
}

static void parse_column_option(Driver *driver, const char *name, const char *value)
{
    size_t column = (size_t)atoi(name);
    FdwOptionValue *option = ARENA_NEW(driver->arena, FdwOptionValue);
    *option = (FdwOptionValue){strchr(name, '.') + 1, value};
    driver->columns.items[column].options = (FdwOptions){option, 1};
}

static void parse_argument(Driver *driver, char *argument)
{
    char *value = strchr(argument, '=');
    *value++ = '\0';
    const char *name = argument;
    static const char *const OBJECTS[] = {"wrapper", "server", "mapping", "table", "column", "import"};
    if (parse_option(driver, name, value))
        return;
    if (strncmp(name, "column.", 7) == 0)
        parse_column_option(driver, name + 7, value);
    else if (str_eq(name, "columns"))
        parse_columns(driver, value);
    else if (str_eq(name, "sql"))
        driver->spec.sql = value;
    else if (str_eq(name, "param"))
        vec_push(driver->arena, &driver->params, ((FdwParam){(Oid)atoi(value), strchr(value, ':') + 1}));
    else if (str_eq(name, "parts"))
        driver->parts = atoi(value);
    else if (str_eq(name, "format"))
        driver->format = (int16_t)atoi(value);
    else if (str_eq(name, "limit"))
        driver->spec.limit = atoi(value);
    else if (str_eq(name, "rows"))
        driver->row_limit = (size_t)atoi(value);
    else if (str_eq(name, "super"))
        driver->target.info.is_superuser = driver->rights.superuser = driver->rights.may_read_files = driver->rights.may_execute_programs =
            atoi(value);
    else if (str_eq(name, "cancel_ms"))
        driver->cancel_ms = atoi(value);
    else if (str_eq(name, "split"))
        parse_split(&driver->spec, value);
    else if (str_eq(name, "schema"))
        driver->import.remote_schema = value;
    else if (str_eq(name, "kind"))
        driver->import.kind = *value == 'l' ? FDW_IMPORT_LIMIT_TO : *value == 'e' ? FDW_IMPORT_EXCEPT : FDW_IMPORT_ALL;
    else if (str_eq(name, "name"))
        driver->table.name = value;
    else if (str_eq(name, "filter"))
        parse_filter(driver, value);
    else if (str_eq(name, "tables"))
        for (char *save, *item = strtok_r(value, ",", &save); item; item = strtok_r(NULL, ",", &save))
            vec_push(driver->arena, &driver->tables, (const char *)item);
    else if (str_eq(name, "project"))
        for (char *save, *item = strtok_r(value, ",", &save); item; item = strtok_r(NULL, ",", &save))
            vec_push(driver->arena, &driver->projection, (size_t)atoi(item));
    else if (str_eq(name, "object"))
        for (size_t i = 0; i < COUNT_OF(OBJECTS); i++)
            driver->object = str_eq(value, OBJECTS[i]) ? (FdwObject)(1 << i) : driver->object;
}

static void complete(Driver *driver)
{
    static CatServer server = {.name = "s", .oid = 1};
    static CatWrapper wrapper = {.name = "w", .oid = 2};
    RemoteTarget *target = &driver->target;
    target->server = &server;
    target->wrapper = &wrapper;
    target->module = driver->module;
    target->user_name = "u";
    target->info.server_name = "s";
    target->info.has_mapping = true;
    target->info.server_options = (FdwOptions){driver->server.items, driver->server.count};
    target->info.mapping_options = (FdwOptions){driver->mapping.items, driver->mapping.count};
    driver->table.options = (FdwOptions){driver->table_options.items, driver->table_options.count};
    driver->table.server_options = target->info.server_options;
    driver->table.columns = driver->columns.items;
    driver->table.ncolumns = driver->columns.count;
    if (!driver->projection.count)
        for (size_t i = 0; i < driver->columns.count; i++)
            vec_push(driver->arena, &driver->projection, i);
    FdwScanSpec *spec = &driver->spec;
    driver->types = ARENA_ARRAY(driver->arena, FdwType, driver->projection.count + 1);
    driver->names = ARENA_ARRAY(driver->arena, const char *, driver->projection.count + 1);
    for (size_t i = 0; i < driver->projection.count; i++) {
        driver->types[i] = driver->columns.items[driver->projection.items[i]].type;
        driver->names[i] = driver->columns.items[driver->projection.items[i]].name;
    }
    spec->columns = driver->types;
    spec->column_names = driver->names;
    spec->ncolumns = driver->projection.count;
    spec->projection = driver->projection.items;
    spec->params = driver->params.items;
    spec->nparams = driver->params.count;
    spec->filters = driver->filters.items;
    spec->nfilters = driver->filters.count;
    spec->table = &driver->table;
    driver->import.tables = driver->tables.items;
    driver->import.ntables = driver->tables.count;
    driver->import.options = (FdwOptions){driver->import_options.items, driver->import_options.count};
}

/* ---- scans ---- */

static size_t element_size(const FdwType *type)
{
    switch (type->physical) {
    case FDW_BOOL:
        return 1;
    case FDW_INT16:
        return 2;
    case FDW_INT32:
    case FDW_UINT32:
    case FDW_FLOAT:
    case FDW_DATE:
        return 4;
    case FDW_DECIMAL:
        return type->precision <= 4 ? 2 : type->precision <= 9 ? 4 : type->precision <= 18 ? 8 : 16;
    case FDW_STRING:
    case FDW_BYTES:
    case FDW_INTERVAL:
    case FDW_UUID:
        return 16;
    default:
        return 8;
    }
}

static FdwBatch make_batch(Driver *driver, Arena *arena)
{
    FdwBatch batch = {.capacity = CAPACITY, .nvectors = driver->spec.ncolumns};
    batch.vectors = ARENA_ARRAY(arena, FdwVector, batch.nvectors + 1);
    for (size_t i = 0; i < batch.nvectors; i++) {
        FdwVector *vector = &batch.vectors[i];
        vector->type = driver->types[i];
        vector->data = ARENA_ARRAY(arena, char, CAPACITY *element_size(&vector->type));
        vector->validity = ARENA_ARRAY(arena, uint64_t, CAPACITY / 64);
        memset(vector->validity, 0xff, CAPACITY / 8);
        vector->owner = arena;
    }
    return batch;
}

static bool print_batch(Driver *driver, const FdwBatch *batch, Arena *arena)
{
    Str line;
    str_init(&line, arena);
    for (size_t row = 0; row < batch->count && (!driver->row_limit || driver->rows < driver->row_limit); row++, driver->rows++) {
        str_reset(&line);
        for (size_t i = 0; i < batch->nvectors; i++) {
            if (i)
                str_addc(&line, '\t');
            Value value = type_vector_get(&batch->vectors[i], row);
            if (value.is_null)
                str_add(&line, "\\N");
            else if (!type_output(batch->vectors[i].type.oid, &value, &TYPE_CONTEXT_CANONICAL, &line, &driver->error))
                return false;
        }
        puts(line.data);
    }
    return true;
}

static bool scan_part(Driver *driver, FdwConnection *connection, const FdwPart *part)
{
    CallSpace space;
    FdwCall *call = wrapper_call(&space, driver->session, driver->arena, NULL, &driver->error);
    FdwScan *scan = driver->module->scan_open(call, connection, &driver->spec, part);
    bool ok = scan != NULL;
    for (bool more = ok; more;) {
        Arena *arena = arena_open(NULL);
        FdwBatch batch = make_batch(driver, arena);
        ok = driver->module->scan_next(call, scan, &batch) && print_batch(driver, &batch, arena);
        more = ok && batch.count && (!driver->row_limit || driver->rows < driver->row_limit);
        arena_close(arena);
    }
    if (scan)
        driver->module->scan_close(scan);
    return ok;
}

static bool acquire(Driver *driver, bool in_transaction, RemoteWant *want)
{
    *want = (RemoteWant){.target = &driver->target, .connections = driver->parts};
    return remote_acquire(driver->session, want, 1, in_transaction, driver->arena, &driver->error);
}

static bool scan(Driver *driver, bool in_transaction)
{
    RemoteWant want;
    if (!acquire(driver, in_transaction, &want))
        return false;
    FdwPart *parts = ARENA_ARRAY(driver->arena, FdwPart, want.ngiven);
    size_t count = 1;
    bool ok = true;
    if (driver->module->split && want.ngiven > 1) {
        CallSpace space;
        FdwCall *call = wrapper_call(&space, driver->session, driver->arena, NULL, &driver->error);
        count = driver->module->split(call, want.given[0]->connection, &driver->spec, (size_t)want.ngiven, parts);
        printf("# %zu parts\n", count);
    }
    for (size_t i = 0; i < count && ok; i++)
        ok = scan_part(driver, want.given[i]->connection, count > 1 ? &parts[i] : NULL);
    for (int i = 0; i < want.ngiven; i++)
        remote_release(driver->session, want.given[i], false);
    return ok && count;
}

static bool pass(void *arg, const FdwField *fields, size_t nfields)
{
    Driver *driver = arg;
    for (size_t i = 0; i < nfields; i++) {
        printf("%s", i ? "\t" : "");
        if (fields[i].length < 0)
            printf("\\N");
        for (int32_t j = 0; j < fields[i].length; j++)
            printf(driver->format ? "%02x" : "%c", (unsigned char)fields[i].bytes[j]);
    }
    puts("");
    driver->rows++;
    return true;
}

static bool relay(Driver *driver, bool in_transaction)
{
    RemoteWant want;
    if (!acquire(driver, in_transaction, &want))
        return false;
    CallSpace space;
    FdwCall *call = wrapper_call(&space, driver->session, driver->arena, NULL, &driver->error);
    int16_t *formats = ARENA_ARRAY(driver->arena, int16_t, driver->spec.ncolumns + 1);
    for (size_t i = 0; i < driver->spec.ncolumns; i++)
        formats[i] = driver->format;
    FdwRelay *opened = driver->module->relay_open(call, want.given[0]->connection, &driver->spec, formats);
    bool at_end = !opened, ok = opened || !error_is_set(&driver->error);
    if (!opened && ok)
        puts("# declined");
    while (ok && !at_end && (!driver->row_limit || driver->rows < driver->row_limit))
        ok = driver->module->relay_next(call, opened, driver->row_limit ? 1 : 0, pass, driver, &at_end);
    if (opened)
        driver->module->relay_close(opened);
    remote_release(driver->session, want.given[0], false);
    return ok;
}

/* ---- the other actions ---- */

static void print_table(void *sink, const FdwImportTable *table)
{
    printf("%s", table->name);
    for (size_t i = 0; i < table->options.count; i++)
        printf(" [%s=%s]", table->options.items[i].name, table->options.items[i].value);
    puts("");
    for (size_t i = 0; i < table->ncolumns; i++) {
        const FdwImportColumn *column = &table->columns[i];
        printf("  %s %s", column->name, column->type);
        if (column->collation)
            printf(" COLLATE %s", column->collation);
        if (column->default_expr)
            printf(" DEFAULT %s", column->default_expr);
        if (column->generated_expr)
            printf(" GENERATED %s", column->generated_expr);
        printf("%s", column->not_null ? " NOT NULL" : "");
        for (size_t j = 0; j < column->options.count; j++)
            printf(" [%s=%s]", column->options.items[j].name, column->options.items[j].value);
        puts("");
    }
}

static bool import(Driver *driver, bool in_transaction)
{
    RemoteWant want;
    if (!acquire(driver, in_transaction, &want))
        return false;
    CallSpace space;
    driver->import.table = print_table;
    FdwCall *call = wrapper_call(&space, driver->session, driver->arena, NULL, &driver->error);
    bool ok = driver->module->import_schema(call, want.given[0]->connection, &driver->import);
    remote_release(driver->session, want.given[0], false);
    return ok;
}

static bool estimate(Driver *driver, bool in_transaction)
{
    RemoteWant want;
    if (!acquire(driver, in_transaction, &want))
        return false;
    CallSpace space;
    FdwEstimate out;
    FdwCall *call = wrapper_call(&space, driver->session, driver->arena, NULL, &driver->error);
    bool ok = driver->module->estimate(call, want.given[0]->connection, &driver->spec, &out);
    if (ok)
        printf("rows=%g width=%g\n", out.rows, out.width);
    remote_release(driver->session, want.given[0], false);
    return ok;
}

static bool check(Driver *driver, bool in_transaction)
{
    FdwOptions options = {driver->checked.items, driver->checked.count};
    Notices notices = {print_notice, NULL};
    return wrapper_validate(driver->host, driver->module, driver->object, &options, &driver->rights, &notices, &driver->error);
}

/* Two scans under one snapshot; a line of standard input lets the second begin. An error of the first does not spoil the second. */
static bool twice(Driver *driver, bool in_transaction)
{
    if (!scan(driver, true))
        print_error(&driver->error);
    error_clear(&driver->error);
    puts("# first");
    fflush(stdout);
    getchar();
    driver->rows = 0;
    return scan(driver, true) && remote_commit(driver->session, &driver->error);
}

/* ---- cancels ---- */

static bool is_cancelled(void *arg)
{
    return ((Driver *)arg)->cancelled;
}

static void *cancel_later(void *arg)
{
    Driver *driver = arg;
    usleep((useconds_t)driver->cancel_ms * 1000);
    driver->cancelled = true;
    remote_cancel(driver->session);
    return NULL;
}

/* ---- steps ---- */

static bool print_result(void *arg, size_t row, const char *const *cells)
{
    size_t count = *(size_t *)arg;
    printf("%zu:", row);
    for (size_t i = 0; i < count; i++)
        printf("\t%s", cells[i] ? cells[i] : "\\N");
    puts("");
    return true;
}

static bool step_modify(Driver *driver, char **words, size_t count)
{
    size_t nresults = (size_t)atoi(words[1]), nparams = (size_t)atoi(words[2]);
    size_t nrows = nparams ? (count - 3) / nparams : 1;
    for (size_t i = 3; i < count; i++)
        words[i] = str_eq(words[i], "\\N") ? NULL : words[i];
    uint64_t *affected = ARENA_ARRAY(driver->arena, uint64_t, nrows + 1), sum = 0;
    FdwModifySpec spec = {.sql = words[0],
                          .nparams = nparams,
                          .nrows = nrows,
                          .values = (const char *const *)words + 3,
                          .nresults = nresults,
                          .result = print_result,
                          .arg = &nresults,
                          .affected = affected};
    if (!remote_modify(driver->session, &driver->target, &spec, driver->arena, &driver->error))
        return false;
    for (size_t i = 0; i < nrows; i++)
        sum += affected[i];
    printf("# %zu runs, %llu rows\n", nrows, (unsigned long long)sum);
    return true;
}

static bool step_scan(Driver *driver, char **words, size_t count)
{
    driver->spec.sql = words[0];
    driver->rows = 0;
    return scan(driver, true);
}

typedef struct OpenScan {
    RemoteWant want;
    FdwScan *scan;
} OpenScan;

static bool step_open(Driver *driver, char **words, size_t count)
{
    FdwScanSpec *spec = ARENA_NEW(driver->arena, FdwScanSpec);
    *spec = driver->spec;
    spec->sql = words[0];
    OpenScan *open = driver->open = ARENA_NEW(driver->arena, OpenScan);
    CallSpace space;
    FdwCall *call = wrapper_call(&space, driver->session, driver->arena, NULL, &driver->error);
    if (!acquire(driver, true, &open->want))
        return false;
    open->scan = driver->module->scan_open(call, open->want.given[0]->connection, spec, NULL);
    return open->scan != NULL;
}

static void close_scan(Driver *driver)
{
    OpenScan *open = driver->open;
    if (open && open->scan) {
        driver->module->scan_close(open->scan);
        remote_release(driver->session, open->want.given[0], false);
    }
    driver->open = NULL;
}

static bool step_next(Driver *driver, char **words, size_t count)
{
    OpenScan *open = driver->open;
    CallSpace space;
    FdwCall *call = wrapper_call(&space, driver->session, driver->arena, NULL, &driver->error);
    FdwBatch batch = make_batch(driver, driver->arena);
    if (!driver->module->scan_next(call, open->scan, &batch))
        return false;
    printf("# %zu rows\n", batch.count);
    if (batch.count)
        return true;
    close_scan(driver);
    return true;
}

static bool step_savepoint(Driver *driver, char **words, size_t count)
{
    remote_savepoint(driver->session, atoi(words[0]));
    return true;
}

static bool step_release(Driver *driver, char **words, size_t count)
{
    return remote_savepoint_release(driver->session, atoi(words[0]), &driver->error);
}

static bool step_undo(Driver *driver, char **words, size_t count)
{
    remote_savepoint_rollback(driver->session, atoi(words[0]));
    return true;
}

static bool step_commit(Driver *driver, char **words, size_t count)
{
    close_scan(driver);
    return remote_commit(driver->session, &driver->error);
}

static bool step_rollback(Driver *driver, char **words, size_t count)
{
    close_scan(driver);
    remote_rollback(driver->session);
    return true;
}

static bool step_cancel(Driver *driver, char **words, size_t count)
{
    driver->cancel_ms = atoi(words[0]);
    return pthread_create(&driver->canceller, NULL, cancel_later, driver) == 0;
}

/* Before the next step. */
static void end_cancel(Driver *driver)
{
    if (driver->cancel_ms)
        pthread_join(driver->canceller, NULL);
    driver->cancelled = false;
    driver->cancel_ms = 0;
}

static const struct {
    const char *name;
    bool (*run)(Driver *driver, char **words, size_t count);
} STEPS[] = {{"modify", step_modify},       {"scan", step_scan},       {"open", step_open}, {"next", step_next},
             {"savepoint", step_savepoint}, {"release", step_release}, {"undo", step_undo}, {"commit", step_commit},
             {"rollback", step_rollback},   {"cancel", step_cancel}};

static void run_step(Driver *driver, char *line)
{
    VEC(char *) words = {0};
    for (char *word; (word = strsep(&line, "\t"));)
        vec_push(driver->arena, &words, word);
    error_clear(&driver->error);
    for (size_t i = 0; i < COUNT_OF(STEPS); i++)
        if (str_eq(STEPS[i].name, words.items[0]) && !STEPS[i].run(driver, words.items + 1, words.count - 1))
            print_error(&driver->error);
    if (!str_eq(words.items[0], "cancel"))
        end_cancel(driver);
    fflush(stdout);
}

static bool steps(Driver *driver, bool in_transaction)
{
    char *line = NULL;
    size_t room = 0;
    for (ssize_t length; (length = getline(&line, &room, stdin)) > 0;) {
        line[length - 1] = '\0';
        run_step(driver, arena_strdup(driver->arena, line));
    }
    free(line);
    close_scan(driver);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(Driver *driver, bool in_transaction);
} ACTIONS[] = {{"scan", scan},   {"relay", relay}, {"import", import}, {"estimate", estimate},
               {"check", check}, {"twice", twice}, {"steps", steps}};

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    Driver driver = {.arena = arena_open(NULL), .parts = 1, .spec.limit = -1, .table.name = "t", .table.schema = "public"};
    driver.target.info.is_superuser = driver.rights.superuser = driver.rights.may_read_files = driver.rights.may_execute_programs = true;
    error_init(&driver.error, driver.arena);
    Notices notices = {print_notice, NULL};
    driver.host = wrapper_host_open(argv[1], log_open(driver.arena, LOG_INFO_LEVEL), driver.arena);
    wrapper_host_set_string(driver.host, set_string);
    driver.session = remote_session_open(driver.host, driver.arena, is_cancelled, &driver, &notices);
    driver.module = wrapper_module(driver.host, argv[2], &driver.error);
    for (int i = 4; i < argc; i++)
        parse_argument(&driver, argv[i]);
    bool ok = driver.module != NULL;
    if (driver.cancel_ms)
        pthread_create(&driver.canceller, NULL, cancel_later, &driver);
    if (ok) {
        complete(&driver);
        for (size_t i = 0; i < COUNT_OF(ACTIONS); i++)
            if (str_eq(ACTIONS[i].name, argv[3]))
                ok = ACTIONS[i].run(&driver, false);
    }
    if (driver.cancel_ms)
        pthread_join(driver.canceller, NULL);
    if (!ok)
        print_error(&driver.error);
    remote_session_close(driver.session);
    wrapper_host_close(driver.host);
    arena_close(driver.arena);
    return ok ? 0 : 1;
}
