/* test_catalog.c - the catalog's store and look-ups: transactions, savepoints, the directory's lock, the seal, built-in objects. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "catalog/catalog.h"
#include "unit.h"

static char folder[64], directory[128], key_file[128];
static Arena *arena;
static Error error;

static CatalogStore *open_store(void)
{
    CatalogStoreOptions options = {.directory = directory, .key_file = key_file, .superuser = "boss"};
    error_clear(&error);
    CatalogStore *store = catalog_store_open(&options, arena, &error);
    if (!store)
        printf("# %s\n", error.message);
    return store;
}

static void begin(void)
{
    char command[200];
    strcpy(folder, "/tmp/medley-catalog-XXXXXX");
    if (!mkdtemp(folder))
        exit(1);
    snprintf(directory, sizeof directory, "%s/data", folder);
    snprintf(key_file, sizeof key_file, "%s/keys/key", folder);
    snprintf(command, sizeof command, "rm -rf %s/data", folder);
    if (system(command))
        exit(1);
    arena = arena_open(NULL);
    error_init(&error, arena);
}

static void end(void)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    arena_close(arena);
    if (system(command))
        exit(1);
}

static bool add_role(Catalog *catalog, const char *name)
{
    Oid oid = catalog_new_oid(catalog, &error);
    return catalog_exec(catalog, &error, NULL, "INSERT INTO pg_authid VALUES (?1, ?2, 0, 1, 0, 0, 1, 0, 0, -1, NULL, NULL)", "os", oid,
                        name);
}

static bool has_role(Catalog *catalog, const char *name)
{
    return catalog_role_by_name(catalog, name) != NULL;
}

static void builtin_objects_are_found(void)
{
    begin();
    CatalogStore *store = open_store();
    Catalog *catalog = catalog_open(store, arena, NULL, NULL);
    CHECK(catalog_statement_begin(catalog, &error));
    CHECK_STR(catalog_type(catalog, TYPE_INT4)->name, "int4");
    CHECK(catalog_type_by_name(catalog, NULL, "int4")->oid == TYPE_INT4);
    CHECK(catalog_type_by_name(catalog, "pg_catalog", "timestamptz")->oid == TYPE_TIMESTAMPTZ);
    CHECK(!catalog_type_by_name(catalog, "public", "int4"));
    const CatProc *const *procs;
    CHECK(catalog_procs_by_name(catalog, NULL, "lower", &procs) == 3);
    CHECK(catalog_procs_by_name(catalog, NULL, "nothing_such", &procs) == 0);
    const CatOperator *const *operators;
    CHECK(catalog_operators_by_name(catalog, NULL, "=", &operators) > 60);
    CHECK(catalog_cast(catalog, TYPE_INT4, TYPE_INT8)->context == 'i');
    CHECK(!catalog_cast(catalog, TYPE_INT4, TYPE_DATE));
    const CatRelation *relation = catalog_relation_by_name(catalog, NULL, "pg_class");
    CHECK(relation && relation->is_system && relation->ncolumns == 33 && relation->kind == 'r');
    CHECK_STR(relation->columns[1].name, "relname");
    CHECK(catalog_relation(catalog, PG_CLASS_RELATION) == relation);
    CHECK(catalog_relation_by_name(catalog, "information_schema", "sql_parts")->is_system);
    CHECK_STR(catalog_role(catalog, ROLE_BOOTSTRAP_SUPERUSER)->name, "boss");
    CHECK(catalog_namespace_by_name(catalog, "public")->oid == NAMESPACE_PUBLIC);
    CHECK(catalog_collation_by_name(catalog, NULL, "C")->oid == COLLATION_C);
    catalog_statement_end(catalog);
    catalog_close(catalog);
    catalog_store_close(store);
    end();
}

static void records_once_found_are_kept(void)
{
    begin();
    CatalogStore *store = open_store();
    Catalog *catalog = catalog_open(store, arena, NULL, NULL), *other = catalog_open(store, arena, NULL, NULL);
    CHECK(catalog_statement_begin(catalog, &error) && catalog_statement_begin(other, &error));
    const CatProc *const *first, *const *again;
    CHECK(catalog_procs_by_name(catalog, NULL, "lower", &first) == catalog_procs_by_name(other, NULL, "lower", &again) && first == again);
    CHECK(catalog_relation_by_name(catalog, NULL, "pg_class") == catalog_relation_by_name(other, NULL, "pg_class"));
    CHECK(catalog_cast(catalog, TYPE_INT4, TYPE_INT8) &&
          catalog_cast(catalog, TYPE_INT4, TYPE_INT8) == catalog_cast(other, TYPE_INT4, TYPE_INT8));
    catalog_statement_end(catalog);
    catalog_statement_end(other);
    catalog_close(other);
    catalog_close(catalog);
    catalog_store_close(store);
    end();
}

static void a_transaction_is_seen_by_others_when_it_commits(void)
{
    begin();
    CatalogStore *store = open_store();
    Catalog *one = catalog_open(store, arena, NULL, NULL), *two = catalog_open(store, arena, NULL, NULL);
    uint64_t before = catalog_version(one);
    catalog_transaction_begin(one);
    CHECK(add_role(one, "r1"));
    CHECK(has_role(one, "r1") && !has_role(two, "r1"));
    CHECK(catalog_version(one) != before && catalog_version(two) == before);
    CHECK(catalog_transaction_commit(one, &error));
    CHECK(has_role(one, "r1") && has_role(two, "r1"));
    CHECK(catalog_version(one) == catalog_version(two) && catalog_version(two) > before);
    catalog_transaction_begin(one);
    CHECK(add_role(one, "r2"));
    catalog_transaction_rollback(one);
    CHECK(!has_role(one, "r2"));
    catalog_close(one);
    catalog_close(two);
    catalog_store_close(store);
    end();
}

static void a_statement_keeps_its_snapshot_and_its_records(void)
{
    begin();
    CatalogStore *store = open_store();
    Catalog *one = catalog_open(store, arena, NULL, NULL), *two = catalog_open(store, arena, NULL, NULL);
    CHECK(catalog_statement_begin(two, &error));
    const CatRole *boss = catalog_role_by_name(two, "boss");
    CHECK(add_role(one, "later"));
    CHECK(!has_role(two, "later"));
    CHECK_STR(boss->name, "boss");
    CatalogPin *pin = catalog_pin(two);
    catalog_statement_end(two);
    CHECK(catalog_statement_begin(two, &error));
    CHECK(has_role(two, "later"));
    CHECK_STR(boss->name, "boss");
    catalog_unpin(pin);
    catalog_statement_end(two);
    catalog_close(one);
    catalog_close(two);
    catalog_store_close(store);
    end();
}

static void savepoints_roll_back_also_when_opened_before_the_first_change(void)
{
    begin();
    CatalogStore *store = open_store();
    Catalog *catalog = catalog_open(store, arena, NULL, NULL);
    catalog_transaction_begin(catalog);
    CHECK(catalog_savepoint(catalog, 1, &error) && catalog_savepoint(catalog, 2, &error));
    CHECK(add_role(catalog, "a"));
    CHECK(catalog_savepoint(catalog, 3, &error));
    CHECK(add_role(catalog, "b"));
    CHECK(catalog_savepoint_rollback(catalog, 3, &error));
    CHECK(has_role(catalog, "a") && !has_role(catalog, "b"));
    CHECK(add_role(catalog, "c"));
    CHECK(catalog_savepoint_release(catalog, 2, &error));
    CHECK(has_role(catalog, "c"));
    CHECK(catalog_savepoint_rollback(catalog, 1, &error));
    CHECK(!has_role(catalog, "a") && !has_role(catalog, "c"));
    CHECK(add_role(catalog, "d"));
    CHECK(!catalog_savepoint_release(catalog, 2, &error));
    CHECK(catalog_transaction_commit(catalog, &error));
    CHECK(has_role(catalog, "d") && !has_role(catalog, "a"));
    catalog_close(catalog);
    catalog_store_close(store);
    end();
}

static void what_was_committed_survives_a_crash(void)
{
    begin();
    pid_t child = fork();
    if (child == 0) {
        CatalogStore *store = open_store();
        Catalog *catalog = catalog_open(store, arena, NULL, NULL);
        catalog_transaction_begin(catalog);
        if (!add_role(catalog, "kept") || !catalog_transaction_commit(catalog, &error))
            _exit(1);
        catalog_transaction_begin(catalog);
        if (!add_role(catalog, "lost"))
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    int status;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    CatalogStore *store = open_store();
    Catalog *catalog = catalog_open(store, arena, NULL, NULL);
    CHECK(has_role(catalog, "kept") && !has_role(catalog, "lost"));
    CHECK(catalog_new_oid(catalog, &error) == 16385);
    catalog_close(catalog);
    catalog_store_close(store);
    end();
}

static void a_second_server_is_refused(void)
{
    begin();
    CatalogStore *store = open_store();
    char wanted[256];
    snprintf(wanted, sizeof wanted, "data directory \"%s\" is in use by another server (PID %d)", directory, (int)getpid());
    CatalogStoreOptions options = {.directory = directory, .key_file = key_file, .superuser = "boss"};
    CHECK(!catalog_store_open(&options, arena, &error));
    CHECK_STR(error.message, wanted);
    catalog_store_close(store);
    store = open_store();
    CHECK(store != NULL);
    catalog_store_close(store);
    end();
}

static void overwrite(const char *path, long offset, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "r+");
    fseek(file, offset, SEEK_SET);
    fwrite(bytes, 1, len, file);
    fclose(file);
}

static const char *refusal(void)
{
    CatalogStoreOptions options = {.directory = directory, .key_file = key_file, .superuser = "boss"};
    error_clear(&error);
    CatalogStore *store = catalog_store_open(&options, arena, &error);
    catalog_store_close(store);
    return store ? "accepted" : error.message;
}

static void newer_older_and_damaged_files_are_refused(void)
{
    begin();
    char path[256], wanted[512];
    catalog_store_close(open_store());
    snprintf(path, sizeof path, "%s/catalog.db", directory);
    overwrite(path, 60, "\0\0\0\7", 4); /* SQLite's user_version */
    snprintf(wanted, sizeof wanted, "data directory \"%s\" has format 7, and this version of medley knows formats up to 4", directory);
    CHECK_STR(refusal(), wanted);
    overwrite(path, 60, "\0\0\0\1", 4);
    snprintf(wanted, sizeof wanted, "data directory \"%s\" has the older format 1, ", directory);
    CHECK(strncmp(refusal(), wanted, strlen(wanted)) == 0);
    overwrite(path, 60, "\0\0\0\4", 4);
    CHECK_STR(refusal(), "accepted");
    CHECK(truncate(path, 100 * 4096) == 0);
    CHECK(strncmp(refusal(), "data directory \"", 16) == 0);
    CHECK(strstr(error.message, " is damaged: system catalog: ") != NULL);
    overwrite(path, 0, "no database at all", 18);
    snprintf(wanted, sizeof wanted, "data directory \"%s\" is damaged: system catalog: file is not a database", directory);
    CHECK_STR(refusal(), wanted);
    end();
}

static void a_directory_of_something_else_is_left_alone(void)
{
    begin();
    char path[256], wanted[512];
    catalog_store_close(open_store());
    snprintf(wanted, sizeof wanted, "directory \"%s\" has no \"catalog.db\" and is not empty: it is no data directory of medley",
             directory);
    snprintf(path, sizeof path, "%s/catalog.db", directory);
    CHECK(unlink(path) == 0);
    CHECK_STR(refusal(), wanted); /* it has lost its catalog */
    static const char *const BESIDE[] = {"sequences.db", "coordinator.db"};
    for (size_t i = 0; i < COUNT_OF(BESIDE); i++) {
        CHECK_STR(refusal(), wanted);
        snprintf(path, sizeof path, "%s/%s", directory, BESIDE[i]);
        CHECK(unlink(path) == 0);
    }
    CHECK_STR(refusal(), "accepted");
    for (size_t i = 0; i < COUNT_OF(BESIDE); i++) {
        snprintf(path, sizeof path, "%s/%s", directory, BESIDE[i]);
        CHECK(unlink(path) == 0);
    }
    snprintf(path, sizeof path, "%s/catalog.db", directory);
    CHECK(unlink(path) == 0);
    snprintf(path, sizeof path, "%s/letter", directory);
    fclose(fopen(path, "w"));
    CHECK_STR(refusal(), wanted);
    snprintf(path, sizeof path, "%s/medley.pid", directory);
    CHECK(access(path, F_OK) != 0);
    end();
}

static void the_key_is_checked(void)
{
    begin();
    char wanted[512], other[160];
    catalog_store_close(open_store());
    chmod(directory, 0770);
    snprintf(wanted, sizeof wanted, "data directory \"%s\" has invalid permissions", directory);
    CHECK_STR(refusal(), wanted);
    chmod(directory, 0750);
    CHECK_STR(refusal(), "accepted");
    chmod(key_file, 0640);
    snprintf(wanted, sizeof wanted, "sealing key file \"%s\" has group or world access", key_file);
    CHECK_STR(refusal(), wanted);
    chmod(key_file, 0600);
    CHECK_STR(refusal(), "accepted");
    overwrite(key_file, 0, "0123456789abcdef", 16);
    snprintf(wanted, sizeof wanted, "sealing key file \"%s\" has another key than this data directory was sealed with", key_file);
    CHECK_STR(refusal(), wanted);
    snprintf(other, sizeof other, "%s.other", key_file);
    rename(key_file, other);
    snprintf(wanted, sizeof wanted, "could not open sealing key file \"%s\": No such file or directory", key_file);
    CHECK_STR(refusal(), wanted);
    snprintf(key_file, sizeof key_file, "%.100s/key", directory);
    snprintf(wanted, sizeof wanted, "sealing key file \"%s\" must lie outside the data directory", key_file);
    CHECK_STR(refusal(), wanted);
    end();
}

static bool files_contain(const char *needle)
{
    char command[300];
    snprintf(command, sizeof command, "grep -rqa '%s' %s", needle, directory);
    return system(command) == 0;
}

static void options_of_mappings_are_sealed_in_the_file(void)
{
    begin();
    CatalogStore *store = open_store();
    Catalog *catalog = catalog_open(store, arena, NULL, NULL);
    int64_t changes;
    CHECK(catalog_exec(catalog, &error, &changes, "INSERT INTO pg_user_mapping VALUES (20000, 10, 20001, ?1)", "s",
                       "{password=sesame77,user=visible88}"));
    CHECK(changes == 1);
    CHECK(
        catalog_exec(catalog, &error, &changes, "UPDATE pg_user_mapping SET umoptions = ?1 WHERE umuser = 10", "s", "{password=sesame99}"));
    CHECK(changes == 1);
    const CatalogRows *rows =
        catalog_query(catalog, arena, &error, "SELECT umoptions FROM pg_user_mapping WHERE umserver = ?1", "o", (Oid)20001);
    CHECK(rows && rows->nrows == 1);
    CHECK_STR(CATALOG_CELL(rows, 0, 0).text, "{password=sesame99}");
    CHECK(!files_contain("sesame") && !files_contain("visible88") && files_contain("rolname"));
    CHECK(catalog_exec(catalog, &error, &changes, "DELETE FROM pg_user_mapping WHERE oid = 20000", NULL));
    CHECK(changes == 1);
    catalog_close(catalog);
    catalog_store_close(store);
    CHECK(!files_contain("sesame"));
    end();
}

static bool always(void *arg)
{
    return true;
}

static void waiting_for_the_writer_can_be_cancelled(void)
{
    begin();
    CatalogStore *store = open_store();
    Catalog *one = catalog_open(store, arena, NULL, NULL), *two = catalog_open(store, arena, always, NULL);
    catalog_transaction_begin(one);
    CHECK(add_role(one, "r1"));
    CHECK(!add_role(two, "r2"));
    CHECK_STR(error.sqlstate, ERRCODE_QUERY_CANCELED);
    CHECK(catalog_transaction_commit(one, &error));
    catalog_close(one);
    catalog_close(two);
    catalog_store_close(store);
    end();
}

static void scans_stream_one_state(void)
{
    begin();
    CatalogStore *store = open_store();
    Catalog *one = catalog_open(store, arena, NULL, NULL), *two = catalog_open(store, arena, NULL, NULL);
    CHECK(catalog_statement_begin(one, &error));
    CatalogScan *scan = catalog_scan_open(one, "SELECT rolname FROM pg_authid WHERE oid >= 16384 OR oid = 10 ORDER BY oid", NULL, &error);
    CHECK(add_role(two, "r1"));
    catalog_statement_end(one);
    const CatalogCell *row;
    CHECK(scan && catalog_scan_next(scan, &row, &error) && row);
    CHECK_STR(row[0].text, "boss");
    CHECK(catalog_scan_next(scan, &row, &error) && !row);
    catalog_scan_close(scan);
    catalog_close(one);
    catalog_close(two);
    catalog_store_close(store);
    end();
}

typedef struct Worker {
    CatalogStore *store;
    int number, failures;
} Worker;

static void *work(void *arg)
{
    Worker *worker = arg;
    Arena *own = arena_open(NULL);
    Error failure;
    error_init(&failure, own);
    Catalog *catalog = catalog_open(worker->store, own, NULL, NULL);
    for (int i = 0; i < 20; i++) {
        char name[32];
        snprintf(name, sizeof name, "w%d_%d", worker->number, i);
        catalog_transaction_begin(catalog);
        bool ok = catalog_statement_begin(catalog, &failure) &&
                  catalog_exec(catalog, &failure, NULL, "INSERT INTO pg_authid VALUES (?1, ?2, 0, 1, 0, 0, 1, 0, 0, -1, NULL, NULL)", "os",
                               catalog_new_oid(catalog, &failure), name);
        ok = ok && catalog_role_by_name(catalog, name);
        catalog_statement_end(catalog);
        worker->failures += !(ok && catalog_transaction_commit(catalog, &failure));
    }
    catalog_close(catalog);
    arena_close(own);
    return NULL;
}

static void several_sessions_write_in_turn(void)
{
    begin();
    CatalogStore *store = open_store();
    pthread_t threads[4];
    Worker workers[4];
    for (int i = 0; i < 4; i++) {
        workers[i] = (Worker){store, i, 0};
        pthread_create(&threads[i], NULL, work, &workers[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CHECK(workers[i].failures == 0);
    }
    Catalog *catalog = catalog_open(store, arena, NULL, NULL);
    const CatalogRows *rows = catalog_query(catalog, arena, &error, "SELECT count(*) FROM pg_authid WHERE rolname GLOB 'w?_*'", NULL);
    CHECK(rows && CATALOG_CELL(rows, 0, 0).i == 80);
    catalog_close(catalog);
    catalog_store_close(store);
    end();
}

int main(void)
{
    RUN(builtin_objects_are_found);
    RUN(records_once_found_are_kept);
    RUN(a_transaction_is_seen_by_others_when_it_commits);
    RUN(a_statement_keeps_its_snapshot_and_its_records);
    RUN(savepoints_roll_back_also_when_opened_before_the_first_change);
    RUN(what_was_committed_survives_a_crash);
    RUN(a_second_server_is_refused);
    RUN(newer_older_and_damaged_files_are_refused);
    RUN(a_directory_of_something_else_is_left_alone);
    RUN(the_key_is_checked);
    RUN(options_of_mappings_are_sealed_in_the_file);
    RUN(waiting_for_the_writer_can_be_cancelled);
    RUN(scans_stream_one_state);
    RUN(several_sessions_write_in_turn);
    return UNIT_RESULT();
}
