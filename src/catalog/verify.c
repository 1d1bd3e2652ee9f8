/*
 * verify.c - is the catalog whole? What `medley check` runs over a data directory.
 *
 * Everything here is a query whose rows are findings: one text each. Four sources of queries: references among the catalogs
 * (data/catalog_references.tsv, PostgreSQL's own list), rows that name an object by class and OID (dependencies, comments), access
 * control lists, and a table of rules. A whole catalog gives no row.
 *
 * Invariant: nothing is changed.
 *
 * Threads: as catalog.c.
 */
#include "catalog/catalog_internal.h"

#include "catalog_references.h"

const CatalogReference *catalog_references(size_t *count)
{
    *count = COUNT_OF(REFERENCES);
    return REFERENCES;
}

typedef struct Verify {
    Catalog *catalog;
    Arena *arena; /* of the query being run */
    void (*report)(void *arg, const char *finding);
    void *arg;
    size_t findings;
    Error *error;
} Verify;

static void found(Verify *verify, const char *finding)
{
    verify->report(verify->arg, finding);
    verify->findings++;
}

/* That a query fails on damaged data is a finding too. */
static bool run(Verify *verify, const char *sql)
{
    CatalogRows *rows = catalog_query(verify->catalog, verify->arena, verify->error, sql, "");
    for (size_t i = 0; rows && i < rows->nrows; i++)
        found(verify, CATALOG_CELL(rows, i, 0).text);
    if (rows || strcmp(verify->error->sqlstate, ERRCODE_DATA_CORRUPTED) != 0)
        return rows != NULL;
    found(verify, verify->error->message);
    error_clear(verify->error);
    return true;
}

/* ---- references ---- */

static bool check_reference(Verify *verify, const CatalogReference *reference)
{
    Arena *arena = verify->arena;
    const char *value = reference->is_array ? "e.value" : arena_printf(arena, "t.\"%s\"", reference->column);
    const char *elements =
        reference->is_array ? arena_printf(arena, ", json_each('[' || replace(trim(t.\"%s\", '{}'), ' ', ',') || ']') e", reference->column)
                            : "";
    const char *leading =
        reference->leading ? arena_printf(arena, " AND r.\"%s\" = t.\"%s\"", reference->target_leading, reference->leading) : "";
    return run(verify, arena_printf(arena,
                                    "SELECT format('%s row %%d: %s %%d is not in %s', t.rowid, %s) FROM \"%s\" t%s WHERE %s IS NOT NULL%s"
                                    " AND NOT EXISTS (SELECT 1 FROM \"%s\" r WHERE r.\"%s\" = %s%s)",
                                    reference->table, reference->column, reference->target, value, reference->table, elements, value,
                                    reference->is_optional ? arena_printf(arena, " AND %s <> 0", value) : "", reference->target,
                                    reference->target_column, value, leading));
}

/* ---- rows that name an object by class and OID ---- */

typedef struct Naming {
    const char *table, *class_column, *oid_column, *sub_column; /* sub_column NULL: whole objects only */
    const char *where;
} Naming;

static const Naming NAMINGS[] = {
    {"pg_depend", "classid", "objid", "objsubid", NULL},        {"pg_depend", "refclassid", "refobjid", "refobjsubid", NULL},
    {"pg_shdepend", "classid", "objid", "objsubid", NULL},      {"pg_shdepend", "refclassid", "refobjid", NULL, NULL},
    {"pg_description", "classoid", "objoid", "objsubid", NULL}, {"pg_shdescription", "classoid", "objoid", NULL, NULL},
    {"pg_init_privs", "classoid", "objoid", "objsubid", NULL},
};

static bool check_named(Verify *verify, const Naming *naming, const char *class, Oid class_oid)
{
    Arena *arena = verify->arena;
    if (!run(verify, arena_printf(arena,
                                  "SELECT format('%s names %s %%d, which does not exist', t.\"%s\") FROM %s t WHERE t.\"%s\" = %u"
                                  " AND NOT EXISTS (SELECT 1 FROM \"%s\" r WHERE r.oid = t.\"%s\")",
                                  naming->table, class, naming->oid_column, naming->table, naming->class_column, class_oid, class,
                                  naming->oid_column)))
        return false;
    if (!naming->sub_column || class_oid != PG_CLASS_RELATION)
        return true;
    return run(verify,
               arena_printf(arena,
                            "SELECT format('%s names column %%d of relation %%d, which does not exist', t.\"%s\", t.\"%s\") FROM %s t"
                            " WHERE t.\"%s\" = %u AND t.\"%s\" <> 0 AND NOT EXISTS (SELECT 1 FROM pg_attribute r"
                            " WHERE r.attrelid = t.\"%s\" AND r.attnum = t.\"%s\" AND NOT r.attisdropped)",
                            naming->table, naming->sub_column, naming->oid_column, naming->table, naming->class_column, class_oid,
                            naming->sub_column, naming->oid_column, naming->sub_column));
}

static bool check_naming(Verify *verify, const Naming *naming)
{
    const char *sql = arena_printf(verify->arena, "SELECT DISTINCT \"%s\" FROM %s", naming->class_column, naming->table);
    CatalogRows *classes = catalog_query(verify->catalog, verify->arena, verify->error, sql, "");
    for (size_t i = 0; classes && i < classes->nrows; i++) {
        Oid class_oid = (Oid)CATALOG_CELL(classes, i, 0).i;
        CatalogRows *found =
            catalog_query(verify->catalog, verify->arena, verify->error, "SELECT relname FROM pg_class WHERE oid = ?1", "o", class_oid);
        if (!found)
            return false;
        /* A class that does not exist is found as a reference to nothing. */
        if (found->nrows && !check_named(verify, naming, CATALOG_CELL(found, 0, 0).text, class_oid))
            return false;
    }
    return classes != NULL;
}

/* ---- access control lists ---- */

static const struct {
    const char *table, *column;
} LISTS[] = {
    {"pg_class", "relacl"},          {"pg_attribute", "attacl"},      {"pg_proc", "proacl"},
    {"pg_type", "typacl"},           {"pg_namespace", "nspacl"},      {"pg_database", "datacl"},
    {"pg_language", "lanacl"},       {"pg_tablespace", "spcacl"},     {"pg_foreign_data_wrapper", "fdwacl"},
    {"pg_foreign_server", "srvacl"}, {"pg_default_acl", "defaclacl"}, {"pg_init_privs", "initprivs"},
    {"pg_parameter_acl", "paracl"},
};

/* The items of a list as a JSON list of [grantee, grantor]: "10=U/10" becomes [10,10], and no grantee (PUBLIC) is 0. */
static bool check_list(Verify *verify, const char *table, const char *column)
{
    return run(verify, arena_printf(verify->arena,
                                    "WITH item AS (SELECT t.rowid AS id, substr(e.value, 1, instr(e.value, '=') - 1) AS grantee,"
                                    " substr(e.value, instr(e.value, '/') + 1) AS grantor FROM \"%s\" t,"
                                    " json_each('[\"' || replace(trim(t.\"%s\", '{}'), ',', '\",\"') || '\"]') e"
                                    " WHERE t.\"%s\" IS NOT NULL AND t.\"%s\" <> '{}'),"
                                    " role AS (SELECT id, grantee AS oid FROM item WHERE grantee <> '' UNION SELECT id, grantor FROM item)"
                                    " SELECT format('%s row %%d: %s names role %%s, which does not exist', id, oid) FROM role"
                                    " WHERE NOT EXISTS (SELECT 1 FROM pg_authid a WHERE a.oid = CAST(role.oid AS INTEGER))",
                                    table, column, column, column, table, column));
}

/* ---- rules ---- */

#define OPTIONS_RULE(table, column)                                                                                                        \
    "SELECT format('" table " row %d: an option in " column " has no name', t.rowid) FROM " table " t WHERE t." column " IS NOT NULL"      \
    " AND (t." column " NOT LIKE '{%}' OR t." column " NOT LIKE '%=%')"
#define OWNER_RULE(table, column, noun)                                                                                                    \
    "SELECT format('" noun " %d: its owner, role %d, is not noted in pg_shdepend', t.oid, t." column ") FROM " table " t"                  \
    " WHERE t.oid >= 16384 AND t." column " <> 10 AND NOT EXISTS (SELECT 1 FROM pg_shdepend d"                                             \
    " WHERE d.dbid IN (0, 5) AND d.classid = (SELECT oid FROM pg_class WHERE relname = '" table                                            \
    "' AND relnamespace = 11) AND d.objid = t.oid"                                                                                         \
    " AND d.objsubid = 0 AND d.refobjid = t." column " AND d.deptype = 'o')"

static const char *const RULES[] = {
    "SELECT 'the file: ' || integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "SELECT format('relation %d (%s): relnatts is %d, pg_attribute has %d columns', c.oid, c.relname, c.relnatts, count(a.attnum))"
    " FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 GROUP BY c.oid HAVING count(a.attnum) <> c.relnatts",
    "SELECT format('relation %d (%s) has no column %d', c.oid, c.relname, c.relnatts) FROM pg_class c WHERE c.relnatts > 0"
    " AND c.relnatts <> (SELECT max(attnum) FROM pg_attribute a WHERE a.attrelid = c.oid)",
    "SELECT format('foreign table %d (%s) has no row in pg_foreign_table', oid, relname) FROM pg_class WHERE relkind = 'f'"
    " AND oid NOT IN (SELECT ftrelid FROM pg_foreign_table)",
    "SELECT format('relation %d (%s) is no foreign table, but has a row in pg_foreign_table', oid, relname) FROM pg_class"
    " WHERE relkind <> 'f' AND oid IN (SELECT ftrelid FROM pg_foreign_table)",
    "SELECT format('foreign table %d does not depend on server %d', ftrelid, ftserver) FROM pg_foreign_table t WHERE NOT EXISTS"
    " (SELECT 1 FROM pg_depend d WHERE d.classid = 1259 AND d.objid = t.ftrelid AND d.refobjid = t.ftserver AND d.deptype = 'n')",
    "SELECT format('user mapping %d does not depend on server %d', oid, umserver) FROM pg_user_mapping m WHERE NOT EXISTS"
    " (SELECT 1 FROM pg_depend d WHERE d.classid = 1418 AND d.objid = m.oid AND d.refobjid = m.umserver AND d.deptype = 'n')",
    "SELECT format('server %d (%s) does not depend on its wrapper', oid, srvname) FROM pg_foreign_server s WHERE NOT EXISTS"
    " (SELECT 1 FROM pg_depend d WHERE d.classid = 1417 AND d.objid = s.oid AND d.refobjid = s.srvfdw AND d.deptype = 'n')",
    "SELECT format('user mapping %d: its options open to nothing', oid) FROM medley_user_mapping WHERE umoptions IS NOT NULL"
    " AND unseal(umoptions, oid) IS NULL",
    "SELECT format('view %d (%s) has no definition', oid, relname) FROM pg_class WHERE relkind = 'v' AND oid >= 16384"
    " AND oid NOT IN (SELECT oid FROM medley_view)",
    "SELECT format('definition of view %d: there is no such view', oid) FROM medley_view WHERE oid NOT IN"
    " (SELECT oid FROM pg_class WHERE relkind IN ('v', 'm'))",
    "SELECT format('column %d of relation %d: atthasdef, but no default', attnum, attrelid) FROM pg_attribute a WHERE atthasdef"
    " AND NOT EXISTS (SELECT 1 FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)",
    "SELECT format('default of column %d of relation %d: not noted at the column', adnum, adrelid) FROM pg_attrdef d WHERE NOT EXISTS"
    " (SELECT 1 FROM pg_attribute a WHERE a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.atthasdef)",
    "SELECT format('relation %d (%s) and its row type do not name each other', c.oid, c.relname) FROM pg_class c WHERE c.reltype <> 0"
    " AND NOT EXISTS (SELECT 1 FROM pg_type t WHERE t.oid = c.reltype AND t.typrelid = c.oid)",
    "SELECT format('type %d (%s) and its array type do not name each other', t.oid, t.typname) FROM pg_type t WHERE t.typarray <> 0"
    " AND NOT EXISTS (SELECT 1 FROM pg_type a WHERE a.oid = t.typarray AND a.typelem = t.oid)",
    "SELECT format('relation %d is its own ancestor', inhrelid) FROM pg_inherits i WHERE EXISTS (WITH RECURSIVE up(oid) AS (VALUES "
    "(i.inhparent)"
    " UNION SELECT p.inhparent FROM pg_inherits p JOIN up ON p.inhrelid = up.oid) SELECT 1 FROM up WHERE up.oid = i.inhrelid)",
    "SELECT format('column %d of relation %d: attinhcount is %d, its parents are %d', a.attnum, a.attrelid, a.attinhcount, count(p.attnum))"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_inherits i ON i.inhrelid = a.attrelid"
    " LEFT JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname AND NOT p.attisdropped"
    " WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid >= 16384 AND c.relkind IN ('r', 'p', 'f')"
    " GROUP BY a.attrelid, a.attnum HAVING count(p.attnum) <> a.attinhcount",
    "SELECT format('relation %d (%s): relhassubclass is not set, but it has children', oid, relname) FROM pg_class WHERE NOT relhassubclass"
    " AND oid IN (SELECT inhparent FROM pg_inherits)",
    "SELECT format('role %d is a member of itself', member) FROM pg_auth_members m WHERE EXISTS (WITH RECURSIVE up(oid) AS (VALUES "
    "(m.roleid)"
    " UNION SELECT p.roleid FROM pg_auth_members p JOIN up ON p.member = up.oid) SELECT 1 FROM up WHERE up.oid = m.member)",
    "SELECT format('node %d holds the rows of %d relations', node, count(*)) FROM medley_stored JOIN pg_class ON oid = relation"
    " GROUP BY node HAVING count(*) > 1",
    OPTIONS_RULE("pg_foreign_data_wrapper", "fdwoptions"),
    OPTIONS_RULE("pg_foreign_server", "srvoptions"),
    OPTIONS_RULE("pg_foreign_table", "ftoptions"),
    OPTIONS_RULE("pg_attribute", "attfdwoptions"),
    OPTIONS_RULE("pg_user_mapping", "umoptions"),
    OWNER_RULE("pg_namespace", "nspowner", "schema"),
    OWNER_RULE("pg_foreign_data_wrapper", "fdwowner", "wrapper"),
    OWNER_RULE("pg_foreign_server", "srvowner", "server"),
    OWNER_RULE("pg_extension", "extowner", "extension"),
};

bool catalog_verify(Catalog *catalog, void (*report)(void *arg, const char *finding), void *arg, size_t *findings, Error *error)
{
    Verify verify = {.catalog = catalog, .report = report, .arg = arg, .error = error};
    bool ok = true;
    size_t parts = COUNT_OF(RULES) + COUNT_OF(REFERENCES) + COUNT_OF(NAMINGS) + COUNT_OF(LISTS);
    for (size_t i = 0; ok && i < parts; i++) {
        size_t at = i;
        verify.arena = arena_open(NULL);
        if (at < COUNT_OF(RULES))
            ok = run(&verify, RULES[at]);
        else if ((at -= COUNT_OF(RULES)) < COUNT_OF(REFERENCES))
            ok = check_reference(&verify, &REFERENCES[at]);
        else if ((at -= COUNT_OF(REFERENCES)) < COUNT_OF(NAMINGS))
            ok = check_naming(&verify, &NAMINGS[at]);
        else {
            at -= COUNT_OF(NAMINGS);
            ok = check_list(&verify, LISTS[at].table, LISTS[at].column);
        }
        arena_close(verify.arena);
    }
    *findings = verify.findings;
    return ok;
}
