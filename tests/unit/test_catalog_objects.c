/* test_catalog_objects.c - drops, descriptions, privileges and names of the catalog; the texts are those PostgreSQL 15 gave. */
#include <stdlib.h>

#include "catalog/catalog.h"
#include "unit.h"

/* The objects every test starts with, as CREATE would have made them. */
enum {
    R1 = 17001,
    R2 = 17002,
    R3 = 17003,
    W1 = 17020,
    S1 = 17021,
    S2 = 17022,
    MAPPING = 17023,
    PUBLIC_MAPPING = 17024,
    T1 = 17025,
    T2 = 17030,
    SC = 17033,
    T3 = 17034,
    V1 = 17037,
    V2 = 17041,
    EXTENSION = 17050,
    HANDLER = 17051,
    FDW = 17052,
};

static const char *const OBJECTS[] = {
    "INSERT INTO pg_authid VALUES (17001, 'r1', 0, 1, 0, 0, 1, 0, 0, -1, NULL, NULL), (17002, 'r2', 0, 1, 0, 0, 1, 0, 0, -1, NULL, NULL), "
    "(17003, 'r3', 0, 0, 0, 0, 1, 0, 0, -1, NULL, NULL)",
    "INSERT INTO pg_auth_members VALUES (17001, 17002, 10, 0), (17002, 17003, 10, 0)",
    "INSERT INTO pg_foreign_data_wrapper VALUES (17020, 'w1', 10, 0, 0, NULL, NULL)",
    "INSERT INTO pg_foreign_server VALUES (17021, 's1', 10, 17020, NULL, NULL, NULL, NULL), (17022, 's2', 10, 17020, NULL, NULL, NULL, "
    "NULL)",
    "INSERT INTO pg_user_mapping VALUES (17023, 17001, 17021, NULL), (17024, 0, 17021, NULL)",
    "INSERT INTO pg_namespace VALUES (17033, 'sc', 17001, NULL)",
    "INSERT INTO pg_class (oid, relname, relnamespace, reltype, relowner, relkind, relnatts) VALUES (17025, 't1', 2200, 17027, 10, 'f', "
    "2), "
    "(17030, 'T 2', 2200, 0, 10, 'f', 0), (17034, 't3', 17033, 0, 17001, 'f', 0), (17037, 'v1', 2200, 0, 10, 'v', 0), "
    "(17041, 'v2', 17033, 0, 10, 'v', 0)",
    "INSERT INTO pg_attribute (attrelid, attname, atttypid, attnum, atttypmod) VALUES (17025, 'a', 23, 1, -1), (17025, 'b', 25, 2, -1)",
    "INSERT INTO pg_foreign_table VALUES (17025, 17021, '{table_name=x,\"note=a,b\"}'), (17030, 17022, NULL), (17034, 17021, NULL)",
    "INSERT INTO pg_type (oid, typname, typnamespace, typrelid, typelem, typarray, typtype, typcategory, typlen) VALUES "
    "(17027, 't1', 2200, 17025, 0, 17026, 'c', 'C', -1), (17026, '_t1', 2200, 0, 17027, 0, 'b', 'A', -1)",
    "INSERT INTO pg_rewrite (oid, rulename, ev_class) VALUES (17040, '_RETURN', 17037), (17044, '_RETURN', 17041)",
    "INSERT INTO pg_extension VALUES (17050, 'postgres_fdw', 10, 2200, 1, '1.1', NULL, NULL)",
    "INSERT INTO pg_proc (oid, proname, pronamespace, proowner, prolang, prorettype, proargtypes, prokind, probin) VALUES "
    "(17051, 'postgres_fdw_validator', 2200, 10, 13, 2278, '1009 26', 'f', '$libdir/postgres_fdw')",
    "INSERT INTO pg_foreign_data_wrapper VALUES (17052, 'postgres_fdw', 10, 17051, 0, NULL, NULL)",
    "INSERT INTO pg_depend VALUES (1417, 17021, 0, 2328, 17020, 0, 'n'), (1417, 17022, 0, 2328, 17020, 0, 'n'), "
    "(1418, 17023, 0, 1417, 17021, 0, 'n'), (1418, 17024, 0, 1417, 17021, 0, 'n'), (1247, 17027, 0, 1259, 17025, 0, 'i'), "
    "(1247, 17026, 0, 1247, 17027, 0, 'i'), (1259, 17025, 0, 2615, 2200, 0, 'n'), (1259, 17025, 0, 1417, 17021, 0, 'n'), "
    "(1259, 17030, 0, 1417, 17022, 0, 'n'), (1259, 17034, 0, 2615, 17033, 0, 'n'), (1259, 17034, 0, 1417, 17021, 0, 'n'), "
    "(2618, 17040, 0, 1259, 17037, 0, 'i'), (2618, 17040, 0, 1259, 17037, 0, 'n'), (2618, 17040, 0, 1259, 17025, 1, 'n'), "
    "(1259, 17041, 0, 2615, 17033, 0, 'n'), (2618, 17044, 0, 1259, 17041, 0, 'i'), (2618, 17044, 0, 1259, 17041, 0, 'n'), "
    "(2618, 17044, 0, 1259, 17037, 1, 'n'), (3079, 17050, 0, 2615, 2200, 0, 'n'), (1255, 17051, 0, 3079, 17050, 0, 'e'), "
    "(2328, 17052, 0, 3079, 17050, 0, 'e')",
    "INSERT INTO pg_shdepend VALUES (5, 1418, 17023, 0, 1260, 17001, 'o'), (5, 1259, 17034, 0, 1260, 17001, 'o'), "
    "(5, 2615, 17033, 0, 1260, 17001, 'o')",
    "INSERT INTO pg_description VALUES (17025, 1259, 1, 'a column'), (17021, 1417, 0, 'a server')",
};

static char folder[64], directory[128], key_file[128];
static Arena *arena;
static Error error;
static CatalogStore *store;
static Catalog *catalog;
static Str notices;

static void note(void *arg, const Error *event)
{
    str_addf(&notices, "%s%s%s", event->message, event->detail ? "\n" : "", event->detail ? event->detail : "");
}

static const Notices SINK = {note, NULL};

static void begin(void)
{
    strcpy(folder, "/tmp/medley-catalog-XXXXXX");
    if (!mkdtemp(folder))
        exit(1);
    snprintf(directory, sizeof directory, "%s/data", folder);
    snprintf(key_file, sizeof key_file, "%s/key", folder);
    arena = arena_open(NULL);
    error_init(&error, arena);
    str_init(&notices, arena);
    CatalogStoreOptions options = {.directory = directory, .key_file = key_file, .superuser = "postgres"};
    store = catalog_store_open(&options, arena, &error);
    catalog = catalog_open(store, arena, NULL, NULL);
    catalog_set_notices(catalog, &SINK);
    catalog_transaction_begin(catalog);
    for (size_t i = 0; i < COUNT_OF(OBJECTS); i++)
        if (!catalog_exec(catalog, &error, NULL, OBJECTS[i], NULL))
            printf("# object %zu: %s\n", i, error.message);
    CHECK(catalog_transaction_commit(catalog, &error));
}

static void end(void)
{
    char command[200];
    catalog_close(catalog);
    catalog_store_close(store);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    arena_close(arena);
    if (system(command))
        exit(1);
}

static int64_t count(const char *sql)
{
    const CatalogRows *rows = catalog_query(catalog, arena, &error, sql, NULL);
    return rows ? CATALOG_CELL(rows, 0, 0).i : -1;
}

static bool drop(Oid class_oid, Oid oid, DropBehavior behavior)
{
    ObjectAddress object = {class_oid, oid, 0};
    str_reset(&notices);
    return catalog_drop(catalog, &object, 1, behavior, &error);
}

static void restrict_names_all_that_depends(void)
{
    begin();
    CHECK(!drop(PG_FOREIGN_DATA_WRAPPER_RELATION, W1, DROP_RESTRICT));
    CHECK_STR(error.sqlstate, "2BP01");
    CHECK_STR(error.message, "cannot drop foreign-data wrapper w1 because other objects depend on it");
    CHECK_STR(error.detail, "server s1 depends on foreign-data wrapper w1\n"
                            "user mapping for r1 on server s1 depends on server s1\n"
                            "user mapping for public on server s1 depends on server s1\n"
                            "foreign table t1 depends on server s1\n"
                            "view v1 depends on foreign table t1\n"
                            "view sc.v2 depends on view v1\n"
                            "foreign table sc.t3 depends on server s1\n"
                            "server s2 depends on foreign-data wrapper w1\n"
                            "foreign table \"T 2\" depends on server s2");
    CHECK_STR(error.hint, "Use DROP ... CASCADE to drop the dependent objects too.");
    ObjectAddress both[] = {{PG_FOREIGN_SERVER_RELATION, S1, 0}, {PG_FOREIGN_SERVER_RELATION, S2, 0}};
    CHECK(!catalog_drop(catalog, both, 2, DROP_RESTRICT, &error));
    CHECK_STR(error.message, "cannot drop desired object(s) because other objects depend on them");
    CHECK(strncmp(error.detail, "foreign table \"T 2\" depends on server s2\nuser mapping for r1", 60) == 0);
    CHECK(count("SELECT count(*) FROM pg_foreign_server") == 2);
    end();
}

static void cascade_drops_and_tells(void)
{
    begin();
    CHECK(drop(PG_FOREIGN_SERVER_RELATION, S1, DROP_CASCADE));
    CHECK_STR(notices.data, "drop cascades to 6 other objects\n"
                            "drop cascades to user mapping for r1 on server s1\n"
                            "drop cascades to user mapping for public on server s1\n"
                            "drop cascades to foreign table t1\n"
                            "drop cascades to view v1\n"
                            "drop cascades to view sc.v2\n"
                            "drop cascades to foreign table sc.t3");
    CHECK(count("SELECT count(*) FROM pg_class WHERE oid >= 16384") == 1);
    CHECK(count("SELECT count(*) FROM pg_type WHERE oid >= 16384") == 0);
    CHECK(count("SELECT count(*) FROM pg_attribute WHERE attrelid >= 16384") == 0);
    CHECK(count("SELECT count(*) FROM pg_foreign_table") == 1 && count("SELECT count(*) FROM pg_user_mapping") == 0);
    CHECK(count("SELECT count(*) FROM pg_description WHERE objoid >= 16384") == 0);
    CHECK(count("SELECT count(*) FROM pg_depend WHERE objid BETWEEN 16384 AND 17049") == 2);
    CHECK(drop(PG_FOREIGN_SERVER_RELATION, S2, DROP_CASCADE));
    CHECK_STR(notices.data, "drop cascades to foreign table \"T 2\"");
    CHECK(drop(PG_FOREIGN_DATA_WRAPPER_RELATION, W1, DROP_RESTRICT));
    CHECK_STR(notices.data, "");
    end();
}

static void parts_go_with_what_they_belong_to(void)
{
    begin();
    CHECK(!drop(PG_TYPE_RELATION, 17027, DROP_RESTRICT));
    CHECK_STR(error.message, "cannot drop type t1 because foreign table t1 requires it");
    CHECK_STR(error.hint, "You can drop foreign table t1 instead.");
    CHECK(!drop(PG_PROC_RELATION, HANDLER, DROP_RESTRICT));
    CHECK_STR(error.message, "cannot drop function postgres_fdw_validator(text[],oid) because extension postgres_fdw requires it");
    CHECK(drop(PG_EXTENSION_RELATION, EXTENSION, DROP_RESTRICT));
    CHECK(count("SELECT count(*) FROM pg_proc WHERE oid >= 16384") == 0 && count("SELECT count(*) FROM pg_foreign_data_wrapper") == 1);
    CHECK(!drop(PG_PROC_RELATION, 870, DROP_RESTRICT));
    CHECK_STR(error.message, "cannot drop function lower(text) because it is required by the database system");
    CHECK(!drop(PG_NAMESPACE_RELATION, NAMESPACE_PG_CATALOG, DROP_CASCADE));
    CHECK_STR(error.message, "cannot drop schema pg_catalog because it is required by the database system");
    end();
}

static void a_dropped_column_keeps_its_place(void)
{
    begin();
    ObjectAddress column = {PG_CLASS_RELATION, T1, 2};
    CHECK(catalog_drop(catalog, &column, 1, DROP_RESTRICT, &error));
    const CatRelation *relation = catalog_relation(catalog, T1);
    CHECK(relation->ncolumns == 2 && relation->columns[1].dropped);
    CHECK_STR(relation->columns[1].name, "........pg.dropped.2........");
    column.sub = 1;
    CHECK(!catalog_drop(catalog, &column, 1, DROP_RESTRICT, &error));
    CHECK_STR(error.message, "cannot drop column a of foreign table t1 because other objects depend on it");
    CHECK_STR(error.detail, "view v1 depends on column a of foreign table t1\nview sc.v2 depends on view v1");
    end();
}

static void privileges_follow_acls_and_membership(void)
{
    begin();
    ObjectAddress table = {PG_CLASS_RELATION, T1, 0}, column = {PG_CLASS_RELATION, T1, 1}, server = {PG_FOREIGN_SERVER_RELATION, S1, 0};
    size_t n;
    AclItem *items = acl_parse("{10=arwdDxt/10,17001=r*w/10,=d/10}", arena, &n);
    CHECK(n == 3 && items[1].privileges == (ACL_SELECT | ACL_UPDATE) && items[1].grant_options == ACL_SELECT &&
          items[2].grantee == OID_NONE);
    CHECK_STR(acl_text(items, n, arena), "{10=arwdDxt/10,17001=r*w/10,=d/10}");
    CHECK(!catalog_privileges(catalog, PG_CLASS_RELATION, T1, 0, R1, ACL_SELECT));
    CHECK(catalog_set_acl(catalog, table, items, n, &error));
    CHECK(catalog_privileges(catalog, PG_CLASS_RELATION, T1, 0, R1, ACL_SELECT | ACL_INSERT | ACL_DELETE) == (ACL_SELECT | ACL_DELETE));
    CHECK(catalog_privileges(catalog, PG_CLASS_RELATION, T1, 0, R2, ACL_SELECT) == ACL_SELECT); /* inherits */
    CHECK(!catalog_privileges(catalog, PG_CLASS_RELATION, T1, 0, R3, ACL_SELECT));              /* NOINHERIT */
    CHECK(catalog_is_member(catalog, R3, R1) && !catalog_has_privs_of(catalog, R3, R1) && catalog_has_privs_of(catalog, R2, R1));
    CHECK(catalog_grant_options(catalog, table, R2, ACL_SELECT | ACL_UPDATE) == ACL_SELECT);
    items = acl_parse("{17002=w/10}", arena, &n);
    CHECK(catalog_set_acl(catalog, column, items, n, &error));
    CHECK(catalog_privileges(catalog, PG_CLASS_RELATION, T1, 1, R2, ACL_UPDATE) == ACL_UPDATE);
    CHECK(!catalog_privileges(catalog, PG_CLASS_RELATION, T1, 2, R2, ACL_UPDATE));
    items = acl_parse("{10=U/10,17001=U/10,17002=U/10}", arena, &n);
    CHECK(catalog_set_acl(catalog, server, items, n, &error));
    CHECK_STR(catalog_role_dependents(catalog, R1, arena),
              "privileges for server s1\nowner of user mapping for r1 on server s1\n"
              "privileges for foreign table t1\nowner of schema sc\nowner of foreign table sc.t3");
    CHECK_STR(catalog_role_dependents(catalog, R2, arena), "privileges for server s1\nprivileges for column a of foreign table t1");
    CHECK(catalog_change_owner(catalog, server, R1, &error));
    CHECK_STR(catalog_server(catalog, S1)->acl, "{17001=U/17001,17002=U/17001}");
    CHECK(strstr(catalog_role_dependents(catalog, R1, arena), "owner of server s1\n") != NULL);
    CHECK(catalog_is_owner(catalog, PG_FOREIGN_SERVER_RELATION, S1, R2) && !catalog_is_owner(catalog, PG_FOREIGN_SERVER_RELATION, S1, R3));
    CHECK(catalog_set_acl(catalog, server, NULL, 0, &error));
    CHECK(catalog_server(catalog, S1)->acl == NULL && catalog_role_dependents(catalog, R3, arena) == NULL);
    end();
}

static void defaults_and_predefined_roles(void)
{
    begin();
    size_t n;
    AclItem *items = acl_default('f', 10, arena, &n);
    CHECK_STR(acl_text(items, n, arena), "{=X/10,10=X/10}");
    items = acl_default('d', 10, arena, &n);
    CHECK_STR(acl_text(items, n, arena), "{=Tc/10,10=CTc/10}");
    items = acl_default('S', 10, arena, &n);
    CHECK_STR(acl_text(items, n, arena), "{10=U/10}");
    CHECK(catalog_privileges(catalog, PG_NAMESPACE_RELATION, NAMESPACE_PUBLIC, 0, R1, ACL_USAGE | ACL_CREATE) == ACL_USAGE);
    CHECK(catalog_privileges(catalog, PG_CLASS_RELATION, PG_CLASS_RELATION, 0, R1, ACL_SELECT | ACL_UPDATE) == ACL_SELECT);
    CHECK(!catalog_privileges(catalog, PG_CLASS_RELATION, PG_AUTHID_RELATION, 0, R1, ACL_SELECT));
    CHECK(!catalog_privileges(catalog, PG_NAMESPACE_RELATION, SC, 0, R3, ACL_USAGE));
    CHECK(catalog_exec(catalog, &error, NULL, "INSERT INTO pg_auth_members VALUES (6181, 17001, 10, 0)", NULL));
    CHECK(catalog_privileges(catalog, PG_CLASS_RELATION, T1, 0, R1, ACL_SELECT | ACL_UPDATE) == ACL_SELECT);
    CHECK(catalog_privileges(catalog, PG_CLASS_RELATION, T1, 0, R2, ACL_SELECT) == ACL_SELECT);
    CHECK(catalog_privileges(catalog, PG_CLASS_RELATION, T1, 0, 10, ACL_SELECT | ACL_UPDATE) == (ACL_SELECT | ACL_UPDATE));
    end();
}

static void refusals_name_the_kind(void)
{
    static const struct {
        Oid class_oid, oid;
        bool owner;
        const char *text;
    } CASES[] = {
        {PG_CLASS_RELATION, T1, false, "permission denied for foreign table t1"},
        {PG_CLASS_RELATION, T1, true, "must be owner of foreign table t1"},
        {PG_CLASS_RELATION, V1, false, "permission denied for view v1"},
        {PG_CLASS_RELATION, PG_AUTHID_RELATION, false, "permission denied for table pg_authid"},
        {PG_FOREIGN_SERVER_RELATION, S1, false, "permission denied for foreign server s1"},
        {PG_FOREIGN_SERVER_RELATION, S1, true, "must be owner of foreign server s1"},
        {PG_FOREIGN_DATA_WRAPPER_RELATION, W1, false, "permission denied for foreign-data wrapper w1"},
        {PG_NAMESPACE_RELATION, SC, false, "permission denied for schema sc"},
        {PG_NAMESPACE_RELATION, SC, true, "must be owner of schema sc"},
        {PG_EXTENSION_RELATION, EXTENSION, true, "must be owner of extension postgres_fdw"},
        {PG_PROC_RELATION, HANDLER, false, "permission denied for function postgres_fdw_validator"},
        {PG_DATABASE_RELATION, DATABASE_POSTGRES, false, "permission denied for database postgres"},
    };
    begin();
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        CHECK(!catalog_denied(catalog, CASES[i].class_oid, CASES[i].oid, CASES[i].owner, &error));
        CHECK_STR(error.message, CASES[i].text);
        CHECK_STR(error.sqlstate, "42501");
    }
    end();
}

static const char *reg_text(Oid type, Oid value)
{
    const TypeResolver *resolver = catalog_resolver(catalog);
    return resolver->reg_output(resolver->arg, type, value, arena);
}

/* The OID as text, or the error. */
static const char *reg_value(Oid type, const char *text)
{
    const TypeResolver *resolver = catalog_resolver(catalog);
    Oid oid;
    if (!resolver->reg_input(resolver->arg, type, text, &oid, &error))
        return arena_printf(arena, "%s: %s", error.sqlstate, error.message);
    return arena_printf(arena, "%u", oid);
}

static void names_of_oids_are_as_postgresql_writes_them(void)
{
    static const struct {
        Oid type, value;
        const char *text;
    } CASES[] = {
        {TYPE_REGCLASS, T1, "t1"},
        {TYPE_REGCLASS, T2, "\"T 2\""},
        {TYPE_REGCLASS, T3, "sc.t3"},
        {TYPE_REGCLASS, 0, "-"},
        {TYPE_REGCLASS, 12345678, "12345678"},
        {TYPE_REGCLASS, 13425, "information_schema.tables"},
        {TYPE_REGPROC, 870, "pg_catalog.lower"},
        {TYPE_REGPROCEDURE, 870, "lower(text)"},
        {TYPE_REGOPER, 484, "pg_catalog.-"},
        {TYPE_REGOPERATOR, 484, "-(NONE,bigint)"},
        {TYPE_REGOPER, 597, "||/"},
        {TYPE_REGOPER, 0, "0"},
        {TYPE_REGTYPE, 23, "integer"},
        {TYPE_REGTYPE, 17026, "t1[]"},
        {TYPE_REGTYPE, 18, "\"char\""},
        {TYPE_REGROLE, R1, "r1"},
        {TYPE_REGNAMESPACE, SC, "sc"},
        {TYPE_REGCOLLATION, COLLATION_C, "\"C\""},
        {TYPE_REGCONFIG, 3748, "simple"},
    };
    begin();
    for (size_t i = 0; i < COUNT_OF(CASES); i++)
        CHECK_STR(reg_text(CASES[i].type, CASES[i].value), CASES[i].text);
    catalog_set_search_path(catalog, "sc", 10);
    CHECK_STR(reg_text(TYPE_REGCLASS, T3), "t3");
    CHECK_STR(reg_text(TYPE_REGCLASS, T1), "public.t1");
    CHECK_STR(catalog_describe(catalog, (ObjectAddress){PG_CLASS_RELATION, T1, 1}, arena), "column a of foreign table public.t1");
    catalog_set_search_path(catalog, "sc", R3); /* may not use the schema */
    CHECK_STR(reg_text(TYPE_REGCLASS, T3), "sc.t3");
    CHECK(catalog_creation_namespace(catalog) == OID_NONE);
    end();
}

static void names_are_read_back(void)
{
    static const struct {
        Oid type;
        const char *text, *value;
    } CASES[] = {
        {TYPE_REGCLASS, "t1", "17025"},
        {TYPE_REGCLASS, "T1", "17025"},
        {TYPE_REGCLASS, "\"T 2\"", "17030"},
        {TYPE_REGCLASS, " sc . t3 ", "17034"},
        {TYPE_REGCLASS, "postgres.sc.t3", "17034"},
        {TYPE_REGCLASS, "-", "0"},
        {TYPE_REGCLASS, "12345678", "12345678"},
        {TYPE_REGCLASS, "nos.x", "3F000: schema \"nos\" does not exist"},
        {TYPE_REGCLASS, "x", "42P01: relation \"x\" does not exist"},
        {TYPE_REGCLASS, "public.x", "42P01: relation \"public.x\" does not exist"},
        {TYPE_REGCLASS, "a.b.c", "0A000: cross-database references are not implemented: \"a.b.c\""},
        {TYPE_REGCLASS, "a.b.c.d", "42601: improper relation name (too many dotted names): a.b.c.d"},
        {TYPE_REGCLASS, "", "42602: invalid name syntax"},
        {TYPE_REGCLASS, "\"x", "42602: invalid name syntax"},
        {TYPE_REGCLASS, "x y", "42602: invalid name syntax"},
        {TYPE_REGPROC, "nof", "42883: function \"nof\" does not exist"},
        {TYPE_REGPROC, "lower", "42725: more than one function named \"lower\""},
        {TYPE_REGPROC, "nos.nof", "3F000: schema \"nos\" does not exist"},
        {TYPE_REGPROCEDURE, "lower(text)", "870"},
        {TYPE_REGPROCEDURE, "lower", "22P02: expected a left parenthesis"},
        {TYPE_REGPROCEDURE, "lower(text", "22P02: expected a right parenthesis"},
        {TYPE_REGPROCEDURE, "now()", "1299"},
        {TYPE_REGOPERATOR, "+(int4, int4)", "551"},
        {TYPE_REGOPERATOR, "-(NONE,int8)", "484"},
        {TYPE_REGOPERATOR, "+(int4)", "42P02: missing argument"},
        {TYPE_REGOPER, "+", "42725: more than one operator named +"},
        {TYPE_REGOPER, "+++", "42883: operator does not exist: +++"},
        {TYPE_REGOPER, "pg_catalog.||/", "597"},
        {TYPE_REGROLE, "nor", "42704: role \"nor\" does not exist"},
        {TYPE_REGROLE, "a.b", "42602: invalid name syntax"},
        {TYPE_REGNAMESPACE, "sc", "17033"},
        {TYPE_REGNAMESPACE, "nos", "3F000: schema \"nos\" does not exist"},
        {TYPE_REGCOLLATION, "noc", "42704: collation \"noc\" for encoding \"UTF8\" does not exist"},
        {TYPE_REGCONFIG, "noc", "42704: text search configuration \"noc\" does not exist"},
        {TYPE_REGDICTIONARY, "pg_catalog.nod", "42704: text search dictionary \"pg_catalog.nod\" does not exist"},
    };
    begin();
    for (size_t i = 0; i < COUNT_OF(CASES); i++)
        CHECK_STR(reg_value(CASES[i].type, CASES[i].text), CASES[i].value);
    end();
}

static void options_and_quoting(void)
{
    begin();
    const CatRelation *relation = catalog_relation(catalog, T1);
    CHECK(relation->options.count == 2 && relation->server == S1);
    CHECK_STR(catalog_option(&relation->options, "note"), "a,b");
    CHECK(catalog_option(&relation->options, "nothing") == NULL);
    CHECK_STR(catalog_options_text(&relation->options, arena), "{table_name=x,\"note=a,b\"}");
    CHECK_STR(catalog_wrapper(catalog, FDW)->module, "postgres_fdw");
    CHECK_STR(catalog_quote_identifier(catalog, "plain_1", arena), "plain_1");
    CHECK_STR(catalog_quote_identifier(catalog, "Big", arena), "\"Big\"");
    CHECK_STR(catalog_quote_identifier(catalog, "select", arena), "\"select\"");
    CHECK_STR(catalog_quote_identifier(catalog, "between", arena), "\"between\"");
    CHECK_STR(catalog_quote_identifier(catalog, "abort", arena), "abort");
    CHECK_STR(catalog_quote_identifier(catalog, "a\"b", arena), "\"a\"\"b\"");
    CHECK_STR(catalog_quote_literal("it's", arena), "'it''s'");
    CHECK_STR(catalog_quote_literal("a\\b", arena), "E'a\\\\b'");
    CHECK(catalog_user_mapping_effective(catalog, R2, S1)->oid == PUBLIC_MAPPING &&
          catalog_user_mapping_effective(catalog, R1, S1)->oid == MAPPING);
    CHECK(!catalog_user_mapping_effective(catalog, R1, S2));
    end();
}

static void user_functions_join_the_built_in_ones(void)
{
    begin();
    CHECK(catalog_exec(catalog, &error, NULL,
                       "INSERT INTO pg_proc (oid, proname, pronamespace, proowner, prolang, prorettype, proargtypes, prokind) VALUES "
                       "(17060, 'lower', 2200, 10, 14, 25, '25', 'f'), (17061, 'lower', 2200, 10, 14, 25, '23 23', 'f')",
                       NULL));
    const CatProc *const *procs;
    CHECK(catalog_procs_by_name(catalog, NULL, "lower", &procs) == 4);
    CHECK(procs[3]->oid == 17061 && procs[3]->nargs == 2);
    CHECK(catalog_is_visible(catalog, PG_PROC_RELATION, 17061) && !catalog_is_visible(catalog, PG_PROC_RELATION, 17060));
    catalog_set_search_path(catalog, "public, pg_catalog", 10);
    CHECK(catalog_procs_by_name(catalog, NULL, "lower", &procs) == 4 && procs[0]->oid == 17060);
    CHECK(catalog_is_visible(catalog, PG_PROC_RELATION, 17060) && !catalog_is_visible(catalog, PG_PROC_RELATION, 870));
    CHECK(catalog_procs_by_name(catalog, "public", "lower", &procs) == 2);
    end();
}

int main(void)
{
    RUN(restrict_names_all_that_depends);
    RUN(cascade_drops_and_tells);
    RUN(parts_go_with_what_they_belong_to);
    RUN(a_dropped_column_keeps_its_place);
    RUN(privileges_follow_acls_and_membership);
    RUN(defaults_and_predefined_roles);
    RUN(refusals_name_the_kind);
    RUN(names_of_oids_are_as_postgresql_writes_them);
    RUN(names_are_read_back);
    RUN(options_and_quoting);
    RUN(user_functions_join_the_built_in_ones);
    return UNIT_RESULT();
}
