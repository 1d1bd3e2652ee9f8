/*
 * table_like.c - LIKE in CREATE TABLE: another relation's columns, and what INCLUDING adds to them.
 *
 * Invariants:
 *  1. Columns with types, collations and NOT NULL are always copied; all else only when it is included.
 *  2. CHECKs, indexes and comments follow once the table is there; no dependency on the other relation remains.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/table_internal.h"

/* The bits of INCLUDING, as the parser gives them. */
enum {
    LIKE_COMMENTS = 1 << 0,
    LIKE_COMPRESSION = 1 << 1,
    LIKE_CONSTRAINTS = 1 << 2,
    LIKE_DEFAULTS = 1 << 3,
    LIKE_GENERATED = 1 << 4,
    LIKE_IDENTITY = 1 << 5,
    LIKE_INDEXES = 1 << 6,
    LIKE_STATISTICS = 1 << 7,
    LIKE_STORAGE = 1 << 8,
};

bool like_follows(const LikeClause *like)
{
    return like->options & (LIKE_CONSTRAINTS | LIKE_DEFAULTS | LIKE_GENERATED | LIKE_INDEXES | LIKE_STATISTICS);
}

static bool check_source(Command *command, const CatRelation *relation, int location)
{
    if (strchr("rvmcfp", relation->kind)) {
        AclMask held = catalog_privileges(command->catalog, PG_CLASS_RELATION, relation->oid, 0, command->user, ACL_SELECT);
        return held || relation->kind == 'c' || catalog_denied(command->catalog, PG_CLASS_RELATION, relation->oid, false, command->error);
    }
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "relation \"%s\" is invalid in LIKE clause", relation->name);
    error_detail(command->error, "This operation is not supported for %s.",
                 relation->kind == 'S'   ? "sequences"
                 : relation->kind == 'I' ? "partitioned indexes"
                                         : "indexes");
    return error_at(command->error, location);
}

static bool copy_default(Command *command, const LikeClause *like, NewColumn *column, const CatalogCell *generated, const char *text)
{
    bool is_generated = generated->text && *generated->text;
    if (!text || !(like->options & (is_generated ? LIKE_GENERATED : LIKE_DEFAULTS)))
        return true;
    const Node *expr = stored_expr_parse(command, text);
    if (is_generated)
        column->generated_expr = expr;
    else
        column->default_expr = expr;
    return expr != NULL;
}

/* The options of the sequence behind a column, as a statement would give them. */
static bool copy_identity(Command *command, Oid relation, int64_t number, NewColumn *column)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT seqincrement, seqmin, seqmax, seqstart, seqcache, seqcycle FROM pg_sequence JOIN pg_depend ON"
                                      " objid = seqrelid AND classid = 1259 AND refclassid = 1259 AND deptype = 'i' WHERE refobjid = ?1"
                                      " AND refobjsubid = ?2",
                                      "oi", relation, number);
    ParsedText parsed;
    if (!rows || !rows->nrows)
        return rows != NULL;
    const char *text = arena_printf(command->arena, "CREATE SEQUENCE s INCREMENT %lld MINVALUE %lld MAXVALUE %lld START %lld CACHE %lld%s",
                                    (long long)CATALOG_CELL(rows, 0, 0).i, (long long)CATALOG_CELL(rows, 0, 1).i,
                                    (long long)CATALOG_CELL(rows, 0, 2).i, (long long)CATALOG_CELL(rows, 0, 3).i,
                                    (long long)CATALOG_CELL(rows, 0, 4).i, CATALOG_CELL(rows, 0, 5).i ? " CYCLE" : "");
    if (!sql_parse(text, command->arena, &parsed, command->error))
        return false;
    const PgQuery__CreateSeqStmt *sequence = parsed.items[0].node->create_seq_stmt;
    column->identity_options = sequence->options;
    column->nidentity_options = sequence->n_options;
    column->identity_is_bigint = true;
    return true;
}

/* COMPRESSION and IDENTITY, where they are included. */
static bool copy_properties(Command *command, const LikeClause *like, int64_t number, const CatalogCell *cells, NewColumn *column)
{
    const char *compression = cells[0].text, *identity = cells[1].text;
    if (like->options & LIKE_COMPRESSION)
        column->compression = compression_name(compression);
    if (!(like->options & LIKE_IDENTITY) || !identity || !*identity)
        return true;
    column->identity = *identity;
    return copy_identity(command, like->source, number, column);
}

bool like_columns(Command *command, const PgQuery__TableLikeClause *clause, LikeClause *like, NewColumn **columns, size_t *count)
{
    const CatRelation *source;
    if (!relation_find(command, clause->relation, false, &source))
        return error_at(command->error, clause->relation->location);
    if (!check_source(command, source, clause->relation->location))
        return false;
    *like = (LikeClause){.source = source->oid, .options = clause->options};
    CatalogRows *rows = catalog_query(
        command->catalog, command->arena, command->error,
        "SELECT attndims, adbin, attgenerated, attstorage, attcompression, attidentity, attnum FROM pg_attribute LEFT JOIN pg_attrdef"
        " ON adrelid = attrelid AND adnum = attnum WHERE attrelid = ?1 AND attnum > 0 ORDER BY attnum",
        "o", source->oid);
    if (!rows)
        return false;
    *columns = ARENA_ARRAY(command->arena, NewColumn, source->ncolumns + 1);
    *count = 0;
    for (size_t i = 0; i < rows->nrows; i++) {
        const CatColumn *from = &source->columns[i];
        if (from->dropped)
            continue;
        NewColumn *column = &(*columns)[(*count)++];
        *column = (NewColumn){.name = arena_strdup(command->arena, from->name),
                              .type = from->type,
                              .typmod = from->typmod,
                              .collation = from->collation,
                              .not_null = from->not_null,
                              .ndims = (int)CATALOG_CELL(rows, i, 0).i,
                              .storage = like->options & LIKE_STORAGE ? CATALOG_CELL(rows, i, 3).text[0] : 0};
        if (!copy_default(command, like, column, &CATALOG_CELL(rows, i, 2), CATALOG_CELL(rows, i, 1).text) ||
            !copy_properties(command, like, CATALOG_CELL(rows, i, 6).i, &CATALOG_CELL(rows, i, 4), column))
            return false;
    }
    return true;
}

/* ---- afterwards ---- */

static bool copy_checks(Command *command, const LikeClause *like, Oid table)
{
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "SELECT conname, conbin, connoinherit, conkey FROM pg_constraint WHERE conrelid = ?1 AND contype = 'c'"
                      " ORDER BY conname",
                      "o", like->source);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        NewCheck check = {.name = arena_strdup(command->arena, CATALOG_CELL(rows, i, 0).text),
                          .expr = stored_expr_parse(command, CATALOG_CELL(rows, i, 1).text),
                          .no_inherit = CATALOG_CELL(rows, i, 2).i != 0};
        bool merged = false;
        if (!check_is_convertible(command, check.name, CATALOG_CELL(rows, i, 3).text, like->source) || !check.expr ||
            !check_merge(command, table, &check, &merged) || !(merged || check_insert_later(command, table, &check)))
            return false;
    }
    return rows != NULL;
}

static bool copy_comments(Command *command, const LikeClause *like, Oid table)
{
    static const char COLUMNS[] =
        "INSERT INTO pg_description SELECT ?2, classoid, n.attnum, description FROM pg_description JOIN pg_attribute o ON"
        " o.attrelid = objoid AND o.attnum = objsubid JOIN pg_attribute n ON n.attrelid = ?2 AND n.attname = o.attname"
        " WHERE objoid = ?1 AND classoid = ?3 AND objsubid > 0 AND NOT o.attisdropped";
    static const char CHECKS[] =
        "INSERT INTO pg_description SELECT n.oid, classoid, 0, description FROM pg_description JOIN pg_constraint o ON o.oid = objoid"
        " JOIN pg_constraint n ON n.conrelid = ?2 AND n.conname = o.conname WHERE o.conrelid = ?1 AND classoid = ?3 AND o.contype = 'c'";
    return catalog_exec(command->catalog, command->error, NULL, COLUMNS, "ooo", like->source, table, (Oid)PG_CLASS_RELATION) &&
           (!(like->options & LIKE_CONSTRAINTS) ||
            catalog_exec(command->catalog, command->error, NULL, CHECKS, "ooo", like->source, table, (Oid)PG_CONSTRAINT_RELATION));
}

bool like_finish(Command *command, const LikeClause *like, Oid table)
{
    return (!(like->options & LIKE_CONSTRAINTS) || copy_checks(command, like, table)) &&
           (!(like->options & LIKE_INDEXES) || indexes_copy(command, like->source, table)) &&
           (!(like->options & LIKE_STATISTICS) || statistics_copy(command, like->source, table)) &&
           (!(like->options & LIKE_COMMENTS) || copy_comments(command, like, table));
}
